/* The public face of an index: checks every argument once, then hands over to `flat` or to the FAISS module. */
#include "index_ops.h"

#include "rec/module.h"
#include "parallel.h"

#include <math.h>

static rec_status faiss_ops(const struct rec_index_ops **out, rec_error *err)
{
    const struct rec_index_ops *ops;
    const void *table;
    rec_status rc;

    if ((rc = rec_module_load(REC_INDEX_FAISS_MODULE, REC_INDEX_FAISS_SYMBOL, &table, err)) != REC_OK)
        return rc;
    ops = table;
    if (ops->layout != REC_INDEX_OPS_LAYOUT)
        return rec_fail(err, REC_ESTALE,
                        "cannot use module '" REC_INDEX_FAISS_MODULE "': its layout is %u, this program's %d; "
                        "install the two from one release",
                        ops->layout, REC_INDEX_OPS_LAYOUT);
    *out = ops;
    return REC_OK;
}

static rec_status check_size(size_t count, size_t dim, rec_error *err)
{
    if (dim == 0 || dim > REC_INDEX_MAX_DIM)
        return rec_fail(err, REC_EINVAL, "an index has 1 to %d dimensions, not %zu", REC_INDEX_MAX_DIM, dim);
    if (count > UINT32_MAX)
        return rec_fail(err, REC_EINVAL, "an index has at most %u rows, not %zu", UINT32_MAX, count);
    return REC_OK;
}

/* One comparison refuses NaN, infinity, and what would overflow. */
static rec_status check_components(const char *what, const float *vectors, size_t n, size_t dim, rec_error *err)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < dim; j++)
            if (!(fabsf(vectors[i * dim + j]) <= REC_INDEX_MAX_COMPONENT))
                return rec_fail(err, REC_EINVAL, "%s %zu: component %zu is %g, not a number within %g of 0", what, i, j,
                                (double)vectors[i * dim + j], (double)REC_INDEX_MAX_COMPONENT);
    return REC_OK;
}

rec_status rec_index_build(rec_index_kind kind, const float *rows, size_t count, size_t dim, rec_index **out, rec_error *err)
{
    const struct rec_index_ops *ops = &rec_index_flat_ops;
    rec_status rc;

    if ((rc = check_size(count, dim, err)) != REC_OK)
        return rc;
    if ((rc = check_components("row", rows, count, dim, err)) != REC_OK)
        return rc;
    if (kind == REC_INDEX_FAISS && (rc = faiss_ops(&ops, err)) != REC_OK)
        return rc;
    return ops->build(rows, count, dim, out, err);
}

rec_status rec_index_search(const rec_index *index, const float *queries, size_t n, size_t k, unsigned threads, rec_near *out,
                            size_t *found, rec_error *err)
{
    rec_status rc;

    if (k == 0 || k > REC_INDEX_MAX_K)
        return rec_fail(err, REC_EINVAL, "a search gives 1 to %d neighbours, not %zu", REC_INDEX_MAX_K, k);
    if ((rc = check_components("query", queries, n, index->dim, err)) != REC_OK)
        return rc;
    if (n == 0 || index->count == 0) {
        for (size_t i = 0; i < n; i++)
            found[i] = 0;
        return REC_OK;
    }
    threads = threads == 0 ? 1 : threads > REC_MAX_THREADS ? REC_MAX_THREADS : threads;
    return index->ops->search(index, queries, n, k, threads, out, found, err);
}

rec_status rec_index_write_faiss(const rec_index_rows *rows, rec_index_taker take, void *context, rec_error *err)
{
    const struct rec_index_ops *ops = NULL;
    rec_status rc = check_size(rows->count, rows->dim, err);

    if (rc == REC_OK)
        rc = faiss_ops(&ops, err);
    return rc == REC_OK ? ops->write(rows, take, context, err) : rc;
}

size_t rec_index_count(const rec_index *index)
{
    return index->count;
}

void rec_index_free(rec_index *index)
{
    if (index)
        index->ops->free(index);
}
