/*
 * Nearest-neighbour search over dense vectors by inner product, in memory, for the builds, which ask for many neighbours at once.
 *
 * Two implementations of one contract: `flat`, an exact scan in plain C, the oracle of every test and the fallback;
 * and `faiss`, which lives in a module that is loaded only when it is asked for. An index PROPOSES
 * rows: its inner products may differ in the last bits between machines, so whoever stores or prints a
 * score computes it again (codes.h).
 *
 * Not bound to a store: rows are numbered from 0 in the order they were given.
 */
#ifndef REC_INDEX_H
#define REC_INDEX_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>

#define REC_INDEX_MAX_DIM 4096
#define REC_INDEX_MAX_K 16384
#define REC_INDEX_MAX_COMPONENT 1e17f /* in magnitude: no inner product of REC_INDEX_MAX_DIM such can overflow */

typedef enum rec_index_kind {
    REC_INDEX_FLAT, /* exact, plain C */
    REC_INDEX_FAISS /* FAISS, from the module */
} rec_index_kind;

typedef struct rec_near {
    uint32_t row;
    float likeness; /* inner product */
} rec_near;

typedef struct rec_index rec_index;

/**
 * Build an index over `rows` (count, dim), which are copied; every component must be finite,
 * and at most REC_INDEX_MAX_COMPONENT in magnitude. `rows` may be NULL where `count` is 0.
 *
 * On success the caller ends with rec_index_free(). Returns REC_EINVAL (dim 0 or above REC_INDEX_MAX_DIM, count above
 * UINT32_MAX, a component that is not as above), REC_ENOMEM, or REC_ESTALE (the FAISS module cannot be loaded).
 */
REC_CHECKED rec_status rec_index_build(rec_index_kind kind, const float *rows, size_t count, size_t dim, rec_index **out, rec_error *err);

/**
 * For each of `n` queries (n, dim) the `k` rows of greatest inner product, into `out` (n, k) in falling order, equal products
 * by rising row. `found[i]` (n) says how many of them were found: min(k, count). Entries behind them are
 * not written. Queries are held to the same limits as rows. `threads` bounds the threads used (0 counts as 1); on one
 * machine the answers are the same bits for any number of them.
 *
 * Among rows whose products tie, or nearly tie, at the k-th place either may be found: ask for more than you need.
 * Returns REC_EINVAL (k 0 or above REC_INDEX_MAX_K, a component that is not finite or too large) or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_index_search(const rec_index *index, const float *queries, size_t n, size_t k, unsigned threads, rec_near *out,
                                        size_t *found, rec_error *err);

/* Rows that are read where they are wanted. */
typedef struct rec_index_rows {
    size_t count, dim;
    /* Give `n` rows from `first` into `out` (n, dim); each component as rec_index_build() wants it. */
    rec_status (*read)(void *context, size_t first, size_t n, float *out, rec_error *err);
    void *context;
} rec_index_rows;

/** Takes the next bytes of a file. */
typedef rec_status (*rec_index_taker)(void *context, const char *bytes, size_t length, rec_error *err);

/**
 * Write `rows` as a file that FAISS reads (`faiss.read_index`): a flat index of inner products, rows numbered from 0. All rows are in memory
 * once, since FAISS writes what it holds. Returns REC_EINVAL (dim or count as in rec_index_build), REC_ENOMEM, REC_ESTALE (the FAISS module
 * cannot be loaded), or what `rows` or `take` returns.
 */
REC_CHECKED rec_status rec_index_write_faiss(const rec_index_rows *rows, rec_index_taker take, void *context, rec_error *err);

/** Rows in the index. */
size_t rec_index_count(const rec_index *index);

/** Free it. NULL is allowed. */
void rec_index_free(rec_index *index);

#endif
