/*
 * The exact index: every query against every row. The oracle of FAISS's tests, and enough for a small corpus. Its products are
 * rec_dot's, so its answers are the same bits on every machine and for any number of threads.
 */
#include "index_ops.h"

#include "alloc.h"
#include "nearest.h"
#include "parallel.h"
#include "rec/vector.h"

#include <string.h>

/* Queries of one task: together they stay in the nearest cache while the rows pass by once. */
#define BLOCK 16

struct flat_index {
    rec_index base;
    float *rows; /* (count, dim) */
};

struct search {
    const struct flat_index *index;
    const float *queries; /* (n, dim) */
    size_t n;
    size_t k;    /* distance between the answers of two queries in `out` */
    size_t kept; /* neighbours each query gets: min(k, count) */
    rec_near *out;
    size_t *found;
};

static void flat_free(rec_index *index)
{
    struct flat_index *self = (struct flat_index *)index;

    rec_free(self->rows);
    rec_free(self);
}

static rec_status flat_build(const float *rows, size_t count, size_t dim, rec_index **out, rec_error *err)
{
    struct flat_index *self = rec_alloc(sizeof(*self));

    if (!self)
        return rec_fail(err, REC_ENOMEM, "out of memory for an index");
    self->base = (rec_index){ &rec_index_flat_ops, count, dim };
    self->rows = rec_alloc_aligned(count, dim * sizeof(float));
    if (!self->rows) {
        flat_free(&self->base);
        return rec_fail(err, REC_ENOMEM, "out of memory for an index of %zu rows, %zu dimensions", count, dim);
    }
    if (count > 0)
        memcpy(self->rows, rows, count * dim * sizeof(float));
    *out = &self->base;
    return REC_OK;
}

/* The heaps are built where the answers belong, so a search needs no memory and cannot run out of it. */
static rec_status search_block(size_t task, unsigned thread, void *context, rec_error *err)
{
    const struct search *s = context;
    size_t dim = s->index->base.dim;
    size_t first = task * BLOCK;
    size_t end = s->n - first < BLOCK ? s->n : first + BLOCK;
    rec_nearest heaps[BLOCK];

    (void)thread;
    (void)err;
    for (size_t i = first; i < end; i++)
        heaps[i - first] = (rec_nearest){ s->out + i * s->k, s->kept, 0 };
    for (size_t row = 0; row < s->index->base.count; row++)
        for (size_t i = first; i < end; i++) {
            rec_near near = { (uint32_t)row, rec_dot(s->queries + i * dim, s->index->rows + row * dim, dim) };

            rec_nearest_offer(&heaps[i - first], near);
        }
    for (size_t i = first; i < end; i++) {
        rec_nearest_sort(&heaps[i - first]);
        s->found[i] = s->kept;
    }
    return REC_OK;
}

static rec_status flat_search(const rec_index *index, const float *queries, size_t n, size_t k, unsigned threads, rec_near *out,
                              size_t *found, rec_error *err)
{
    struct search s = { .index = (const struct flat_index *)index,
                        .queries = queries,
                        .n = n,
                        .k = k,
                        .kept = k < index->count ? k : index->count,
                        .out = out,
                        .found = found };

    return rec_parallel((n + BLOCK - 1) / BLOCK, threads, search_block, &s, err);
}

const struct rec_index_ops rec_index_flat_ops = {
    .layout = REC_INDEX_OPS_LAYOUT,
    .build = flat_build,
    .search = flat_search,
    .free = flat_free,
};
