/* Texts to vectors on one core, and on all that were asked for: see bench.h. */
#include "bench.h"
#include "pool.h"

#include "alloc.h"
#include "parallel.h"
#include "rec/model.h"
#include "sidefiles.h"

#define PAPERS 20000 /* read for it at most */
#define PART 64      /* papers of one task */

struct embedding {
    const struct pool *pool;
    const rec_model *model;
    rec_ngrams *ngrams[REC_MAX_THREADS];
    rec_counts counts[REC_MAX_THREADS];
    uint64_t features[REC_MAX_THREADS]; /* of block W that were seen: each adds a row of the table */
};

static rec_status embed_part(size_t task, unsigned thread, void *context, rec_error *err)
{
    struct embedding *e = context;
    float vector[REC_DIM_MAX], scales[REC_BLOCKS];
    rec_status rc = REC_OK;

    for (size_t i = task * PART; i < (task + 1) * PART && i < pool_count(e->pool) && rc == REC_OK; i++) {
        const struct bench_paper *paper = pool_paper(e->pool, i);
        rec_counts *counts = &e->counts[thread];

        if ((rc = rec_ngrams_count(e->ngrams[thread], paper->title, paper->abstract, counts, err)) != REC_OK)
            break;
        rec_model_block_scales(e->model, counts->items, counts->length, scales);
        rec_model_embed(e->model, counts->items, counts->length, vector);
        for (size_t j = 0; j < counts->length && rec_count_feature(counts->items[j]) < REC_BLOCK_BUCKETS; j++)
            e->features[thread]++;
    }
    return rc;
}

static rec_status measure(struct embedding *e, const struct bench *bench, unsigned threads, rec_error *err)
{
    size_t tasks = (pool_count(e->pool) + PART - 1) / PART;
    double wall = seconds(), cpu = processor_seconds(), papers = (double)pool_count(e->pool), rows = 0;
    struct row row = ROW_INIT;
    rec_status rc = rec_parallel(tasks, threads, embed_part, e, err);

    row.path = "embedding a paper, text to n-grams and vector";
    row.threads = threads;
    row.count = pool_count(e->pool);
    row.p50 = row.p99 = (seconds() - wall) / papers;
    row.cpu = (processor_seconds() - cpu) / papers;
    for (unsigned t = 0; t < threads; t++) {
        rows += (double)e->features[t];
        e->features[t] = 0;
    }
    row.limit = rows / papers * (double)rec_model_dim(e->model) / bench->limits.floats / threads;
    row.limited_by = "adding the rows of its words and pairs";
    if (rc == REC_OK)
        report_row(&row);
    return rc;
}

static rec_status load_model(const struct bench *bench, rec_model **out, rec_error *err)
{
    rec_store *store = NULL;
    rec_store_state state;
    rec_side_paths paths;
    rec_status rc = rec_store_open(bench->store, REC_STORE_READ, &store, err);

    if (rc == REC_OK)
        rc = rec_store_get_state(store, &state, err);
    if (rc == REC_OK)
        rc = rec_side_name(store, state.fingerprint, state.side, &paths, err);
    if (rc == REC_OK)
        rc = rec_model_load(paths.model, state.fingerprint, out, err);
    rec_store_close(store);
    return rc;
}

rec_status measure_embedding(const struct bench *bench, rec_error *err)
{
    char *files[] = { (char *)bench->corpus };
    struct embedding e = { .pool = NULL };
    struct pool *pool = NULL;
    rec_model *model = NULL;
    rec_status rc = pool_read(files, 1, PAPERS, &pool, err);

    if (rc == REC_OK)
        rc = load_model(bench, &model, err);
    e.pool = pool;
    e.model = model;
    for (unsigned t = 0; t < bench->threads && rc == REC_OK; t++)
        rc = rec_ngrams_new(&e.ngrams[t], err);
    if (rc == REC_OK)
        rc = measure(&e, bench, 1, err);
    if (rc == REC_OK && bench->threads > 1)
        rc = measure(&e, bench, (unsigned)bench->threads, err);
    for (unsigned t = 0; t < bench->threads; t++) {
        rec_ngrams_free(e.ngrams[t]);
        rec_counts_clear(&e.counts[t]);
    }
    rec_model_free(model);
    pool_free(pool);
    return rc;
}
