/*
 * The FAISS module: exact inner-product search with FAISS's blocked matrix products, through its C API. The only C file that
 * includes FAISS, whose headers bring in names such as OK and idx_t.
 */
#define _GNU_SOURCE /* fopencookie */
#include "index_ops.h"

#include "alloc.h"
#include "nearest.h"
#include "parallel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <omp.h>

#include <faiss/c_api/IndexFlat_c.h>
#include <faiss/c_api/Index_c.h>
#include <faiss/c_api/error_c.h>
#include <faiss/c_api/index_io_c.h>

/*
 * One call to FAISS, on one thread: so many queries, and so many answers, at most. Calls of one size whatever the
 * number of threads give the same bits for any number. Memory a thread: 6 MiB of ours and a few times that of FAISS's.
 */
#define SLICE_QUERIES 512
#define SLICE_RESULTS ((size_t)1 << 19)

/* OpenBLAS ends the process when more threads call it at once than it was built for: 50 at the least. */
#define MAX_CALLERS 32

/* Only where OpenBLAS is the system's BLAS. */
extern void openblas_set_num_threads(int threads) __attribute__((weak));
extern int openblas_get_num_threads(void) __attribute__((weak));

struct faiss_index {
    rec_index base;
    FaissIndex *faiss;
};

/*
 * A failed call in our words. FAISS's are copied before another call can replace them. A standard exception
 * is memory: the flat index throws no other, and some builds of the C API lose its exact type.
 */
static rec_status fail_faiss(int code, rec_status otherwise, const char *what, rec_error *err)
{
    const char *words = faiss_get_last_error();

    return rec_fail(err, code == STD_EXCEPT ? REC_ENOMEM : otherwise, "%s: FAISS says '%s'", what, words ? words : "");
}

static void index_free(rec_index *index)
{
    struct faiss_index *self = (struct faiss_index *)index;

    if (self->faiss)
        faiss_Index_free(self->faiss);
    rec_free(self);
}

static struct faiss_index *index_new(size_t count, size_t dim)
{
    struct faiss_index *self = rec_alloc(sizeof(*self));

    if (self)
        self->base = (rec_index){ &rec_index_faiss_ops, count, dim };
    return self;
}

static rec_status index_build(const float *rows, size_t count, size_t dim, rec_index **out, rec_error *err)
{
    struct faiss_index *self = index_new(count, dim);
    rec_status rc = REC_OK;
    int code;

    if (!self)
        return rec_fail(err, REC_ENOMEM, "out of memory for an index");
    code = faiss_IndexFlatIP_new_with(&self->faiss, (idx_t)dim);
    if (code == OK && count > 0)
        code = faiss_Index_add(self->faiss, (idx_t)count, rows);
    if (code != OK) {
        rc = fail_faiss(code, REC_EINVAL, "cannot build the index", err);
        goto done;
    }
    *out = &self->base;
    self = NULL;

done:
    if (self)
        index_free(&self->base);
    return rc;
}

static int compare_near(const void *left, const void *right)
{
    const rec_near *a = left, *b = right;

    return rec_near_before(*a, *b) ? -1 : rec_near_before(*b, *a);
}

/* FAISS pads with -1 and gives equal products in no promised order. */
static size_t collect(const float *likeness, const idx_t *rows, size_t n, rec_near *out)
{
    size_t found = 0;

    for (size_t i = 0; i < n; i++)
        if (rows[i] >= 0)
            out[found++] = (rec_near){ (uint32_t)rows[i], likeness[i] };
    qsort(out, found, sizeof(*out), compare_near);
    return found;
}

struct search {
    const struct faiss_index *index;
    const float *queries; /* (n, dim) */
    size_t n;
    size_t k;     /* distance between the answers of two queries in `out` */
    size_t kept;  /* neighbours each query gets: min(k, count) */
    size_t slice; /* queries of one task */
    rec_near *out;
    size_t *found;
};

static rec_status search_slice(size_t task, unsigned thread, void *context, rec_error *err)
{
    const struct search *s = context;
    size_t first = task * s->slice;
    size_t n = s->n - first < s->slice ? s->n - first : s->slice;
    float *likeness = rec_alloc_array(n * s->kept, sizeof(*likeness));
    idx_t *rows = rec_alloc_array(n * s->kept, sizeof(*rows));
    rec_status rc = REC_OK;
    int code;

    (void)thread;
    if (!likeness || !rows) {
        rc = rec_fail(err, REC_ENOMEM, "out of memory for %zu neighbours of %zu queries", s->kept, n);
        goto done;
    }
    omp_set_num_threads(1); /* bounds the regions that this thread opens, and no others */
    code = faiss_Index_search(s->index->faiss, (idx_t)n, s->queries + first * s->index->base.dim, (idx_t)s->kept, likeness, rows);
    if (code != OK) {
        rc = fail_faiss(code, REC_EINVAL, "cannot search the index", err);
        goto done;
    }
    for (size_t i = 0; i < n; i++)
        s->found[first + i] = collect(likeness + i * s->kept, rows + i * s->kept, s->kept, s->out + (first + i) * s->k);

done:
    rec_free(likeness);
    rec_free(rows);
    return rc;
}

/*
 * The threads are ours, each calling FAISS for its own queries. Left to themselves, OpenMP's threads spin between two
 * steps, which costs more than it gains on a busy machine, and a BLAS without threads would use one.
 */
static rec_status index_search(const rec_index *index, const float *queries, size_t n, size_t k, unsigned threads, rec_near *out,
                               size_t *found, rec_error *err)
{
    struct search s = { .index = (const struct faiss_index *)index,
                        .queries = queries,
                        .n = n,
                        .k = k,
                        .kept = k < index->count ? k : index->count,
                        .out = out,
                        .found = found };

    s.slice = SLICE_RESULTS / s.kept < SLICE_QUERIES ? SLICE_RESULTS / s.kept : SLICE_QUERIES;
    if (openblas_set_num_threads && openblas_get_num_threads && openblas_get_num_threads() != 1)
        openblas_set_num_threads(1);
    return rec_parallel((n + s.slice - 1) / s.slice, threads < MAX_CALLERS ? threads : MAX_CALLERS, search_slice, &s, err);
}

/* ---- writing a file ------------------------------------------------------------------------------------------------ */

/* Where the bytes of a file go. The status of the first that was not taken stays. */
struct outlet {
    rec_index_taker take;
    void *context;
    rec_status rc;
    rec_error *err;
};

static ssize_t pass_on(void *cookie, const char *bytes, size_t length)
{
    struct outlet *outlet = cookie;

    if (outlet->rc == REC_OK)
        outlet->rc = outlet->take(outlet->context, bytes, length, outlet->err);
    return outlet->rc == REC_OK ? (ssize_t)length : 0;
}

static rec_status write_index(const FaissIndex *index, rec_index_taker take, void *context, rec_error *err)
{
    struct outlet outlet = { take, context, REC_OK, err };
    FILE *file = fopencookie(&outlet, "w", (cookie_io_functions_t){ .write = pass_on });
    rec_status rc = REC_OK;
    int code;

    if (!file)
        return rec_fail(err, REC_ENOMEM, "out of memory writing the index");
    code = faiss_write_index(index, file);
    if (code != OK && outlet.rc == REC_OK)
        rc = fail_faiss(code, REC_EIO, "cannot write the index", err);
    if (fclose(file) != 0 && outlet.rc == REC_OK && rc == REC_OK)
        rc = rec_fail(err, REC_EIO, "cannot write the index");
    return outlet.rc != REC_OK ? outlet.rc : rc;
}

/*
 * FAISS copies what it is given, so it is given zeros, which are one page of the system's as long as nobody writes to them, and the rows
 * are then put into its copy: else they would be in memory twice.
 */
static rec_status fill_index(FaissIndex *index, const rec_index_rows *rows, rec_error *err)
{
    float *zeros = rec_alloc_array(rows->count * rows->dim, sizeof(*zeros)), *held;
    size_t size;
    int code;

    if (!zeros)
        return rec_fail(err, REC_ENOMEM, "out of memory for %zu vectors", rows->count);
    code = faiss_Index_add(index, (idx_t)rows->count, zeros);
    rec_free(zeros);
    if (code != OK)
        return fail_faiss(code, REC_EINVAL, "cannot build the index", err);
    faiss_IndexFlat_xb(index, &held, &size);
    return rows->read(rows->context, 0, rows->count, held, err);
}

static rec_status index_write(const rec_index_rows *rows, rec_index_taker take, void *context, rec_error *err)
{
    FaissIndex *index = NULL;
    int code = faiss_IndexFlatIP_new_with(&index, (idx_t)rows->dim);
    rec_status rc = code == OK ? REC_OK : fail_faiss(code, REC_EINVAL, "cannot build the index", err);

    if (rc == REC_OK && rows->count > 0)
        rc = fill_index(index, rows, err);
    if (rc == REC_OK)
        rc = write_index(index, take, context, err);
    if (index)
        faiss_Index_free(index);
    return rc;
}

const struct rec_index_ops rec_index_faiss_ops = {
    .layout = REC_INDEX_OPS_LAYOUT,
    .build = index_build,
    .search = index_search,
    .free = index_free,
    .write = index_write,
};
