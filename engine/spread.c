/* Scores of random pairs: see spread.h. */
#include "spread.h"

#include "alloc.h"
#include "rec/vector.h"

#include <math.h>

#define SEEDS 100   /* papers that are drawn, and others that each is compared with */
#define OTHERS 100
#define SEED 3

/* What was found in five collections of 1,400 to 20,000 papers, each of one field: .03 to .06, and .05 to .06 (docs/evaluation.md). */
#define PRIOR_PAIRS 500
#define PRIOR_MEAN 0.05
#define PRIOR_DEVIATION 0.05

struct sums {
    double count, scores, squares;
};

static size_t draw_others(rec_random *random, size_t rows, uint32_t *out)
{
    size_t n = rows < OTHERS ? rows : OTHERS;

    for (size_t i = 0; i < n; i++)
        out[i] = rows <= OTHERS ? (uint32_t)i : (uint32_t)rec_random_below(random, rows);
    return n;
}

static rec_seed seed_of(const rec_space *space, size_t row, const rec_count *items, size_t length)
{
    return (rec_seed){ { items, length, space->scales + row * REC_BLOCKS, space->dense + row * space->dim,
                         space->smooth ? space->smooth + row * space->dim : NULL },
                       row, space->title_keys[row], space->abstract_keys[row] };
}

static rec_status compare(const rec_space *space, const rec_counts_source *source, rec_query *query, rec_random *random, size_t row,
                          struct sums *sums, rec_error *err)
{
    uint32_t others[OTHERS];
    rec_ranked ranked[OTHERS];
    const rec_count *items;
    size_t length, found;
    rec_seed seed;
    rec_status rc = source->get(source->context, row, &items, &length, err);

    if (rc != REC_OK)
        return rc;
    seed = seed_of(space, row, items, length);
    rc = rec_rank(space, &seed, source, query, others, draw_others(random, space->count, others), ranked, &found, err);
    for (size_t i = 0; rc == REC_OK && i < found; i++) {
        double score = (double)ranked[i].parts.total;

        sums->count++;
        sums->scores += score;
        sums->squares += score * score;
    }
    return rc;
}

rec_status rec_spread_measure(const rec_space *space, const rec_model *model, const rec_counts_source *source, double *mean, double *deviation,
                              rec_error *err)
{
    struct sums sums = { PRIOR_PAIRS, PRIOR_PAIRS * PRIOR_MEAN, PRIOR_PAIRS * (PRIOR_DEVIATION * PRIOR_DEVIATION + PRIOR_MEAN * PRIOR_MEAN) };
    size_t seeds = space->count < SEEDS ? space->count : SEEDS;
    rec_random random = { SEED };
    rec_query *query;
    rec_status rc = rec_query_new(model, &query, err);

    if (rc != REC_OK)
        return rc;
    for (size_t i = 0; i < seeds && rc == REC_OK; i++)
        rc = compare(space, source, query, &random, space->count <= SEEDS ? i : (size_t)rec_random_below(&random, space->count), &sums, err);
    rec_query_free(query);
    *mean = sums.scores / sums.count;
    *deviation = sqrt(sums.squares / sums.count - *mean * *mean);
    return rc;
}
