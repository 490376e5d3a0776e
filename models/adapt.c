/* Adapting the trained table to a store: see adapt.h. */
#include "adapt.h"

#include "rec/vector.h"
#include "settings.h"

/*
 * Found on the judged collections (docs/evaluation.md): few passes, a low rate and a high temperature, for what is there already must not
 * be forgotten over a few hundred papers. Large stores are seen in part: what adapting can give is had after some hundred thousand pairs.
 */
#define BATCH 256
#define TEMPERATURE 0.3f
#define RATE 0.05f
#define MAX_PAIRS 400000
#define TITLE_SHARE 0.3f
#define WARM_UP 50
#define SEED 11

/* Papers that the trained table's document frequencies count as beside the store's own. */
#define PRIOR_PAPERS 5000
#define MIN_SEEN 1.5 /* papers of both corpora that a bucket must stand in: what stands in one says nothing */

/* e^-x for x from 0 to about 14, through the series of rec_exp. */
static double share_of(float idf)
{
    float x = -idf, power;

    rec_exp(&x, &power, 1);
    return power;
}

/* ln((N + N0 + 1) / (df + N0 d0 + 1)), d0 being the share of papers with the bucket where the table was trained. */
static void merge_idf(const rec_table *table, const uint32_t *papers_with, uint64_t papers, float *idf)
{
    for (uint32_t bucket = 0; bucket < REC_BLOCK_BUCKETS; bucket++) {
        float trained = rec_table_idf(table, bucket);
        double share = trained > 0 ? share_of(trained) : 0;
        double merged = rec_log((double)(papers + PRIOR_PAPERS + 1) / ((double)papers_with[bucket] + PRIOR_PAPERS * share + 1));
        double seen = (double)papers_with[bucket] + (double)rec_table_papers(table) * share;

        idf[bucket] = seen < MIN_SEEN || merged < 0 ? 0 : (float)merged;
    }
}

static rec_training_plan plan_for(size_t papers, unsigned threads)
{
    rec_training_plan plan = { .batch = BATCH,
                               .temperature = TEMPERATURE,
                               .rate = RATE,
                               .warm_up = WARM_UP,
                               .title_share = TITLE_SHARE,
                               .seed = SEED,
                               .threads = threads };
    size_t pairs = papers * REC_ADAPT_PASSES < MAX_PAIRS ? papers * REC_ADAPT_PASSES : MAX_PAIRS;

    rec_training_plan_steps(&plan, papers, pairs);
    return plan;
}

rec_status rec_table_adapt(const rec_table *table, const rec_training *texts, const uint32_t *papers_with, uint64_t papers,
                           unsigned threads, float *rows, float *idf, rec_error *err)
{
    rec_training_plan plan = plan_for(texts->count, threads);

    for (uint32_t bucket = 0; bucket < REC_BLOCK_BUCKETS; bucket++)
        rec_table_row(table, bucket, rows + (size_t)bucket * REC_TABLE_DIM);
    merge_idf(table, papers_with, papers, idf);
    return texts->count < 4 || REC_ADAPT_PASSES == 0 ? REC_OK : rec_table_train(texts, idf, &plan, rows, err);
}
