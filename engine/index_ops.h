/*
 * What an implementation of an index offers: the seam between index.c, which checks arguments, and index_flat.c or the
 * FAISS module, which trust them.
 */
#ifndef REC_INDEX_OPS_H
#define REC_INDEX_OPS_H

#include "rec/index.h"

/* Raised with every change to the structures below: a module left over from another release is refused, not called. */
#define REC_INDEX_OPS_LAYOUT 3

#define REC_INDEX_FAISS_MODULE "faiss"
#define REC_INDEX_FAISS_SYMBOL "rec_index_faiss_ops"

/*
 * The functions promise what their namesakes in index.h do, and may rely on: dim and k in range, finite components, `threads` from 1 to
 * REC_MAX_THREADS. `search` is never called without rows or queries.
 */
struct rec_index_ops {
    unsigned layout; /* REC_INDEX_OPS_LAYOUT; first, so that any release can read it */
    rec_status (*build)(const float *rows, size_t count, size_t dim, rec_index **out, rec_error *err);
    rec_status (*search)(const rec_index *index, const float *queries, size_t n, size_t k, unsigned threads, rec_near *out, size_t *found,
                         rec_error *err);
    void (*free)(rec_index *index);
    rec_status (*write)(const rec_index_rows *rows, rec_index_taker take, void *context, rec_error *err); /* FAISS's alone */
};

/* The first member of each implementation's own structure. */
struct rec_index {
    const struct rec_index_ops *ops;
    size_t count; /* rows */
    size_t dim;
};

extern const struct rec_index_ops rec_index_flat_ops;

/* Lives in the module, found there by its name; the program itself never links to it. */
extern const struct rec_index_ops rec_index_faiss_ops __attribute__((visibility("default")));

#endif
