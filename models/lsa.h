/*
 * Randomised truncated singular value decomposition of a sparse matrix, reproducible to the bit.
 */
#ifndef REC_LSA_H
#define REC_LSA_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>

#define REC_LSA_MAX 272 /* singular vectors that can be asked for */

/* A sparse matrix by rows, of `rows` papers and `columns` features. Borrowed. */
typedef struct rec_sparse_matrix {
    size_t rows, columns;
    const uint64_t *offsets; /* (rows + 1) */
    const uint32_t *column;  /* (offsets[rows]), rising within a row */
    const float *value;      /* (offsets[rows]) */
} rec_sparse_matrix;

/**
 * The `dim` leading right singular vectors of `x`, into `out` (columns, dim): row f is where feature f projects to. Directions that the
 * matrix does not have are zero columns. `dim` is at most REC_LSA_MAX.
 *
 * Halko, Martinsson and Tropp (SIAM Review 53, 2011), algorithm 4.4: three products with X X', the basis made orthonormal by Cholesky QR,
 * twice, in double precision. Same bits for any `threads`. Returns REC_OK or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_lsa_fit(const rec_sparse_matrix *x, size_t dim, unsigned threads, float *out, rec_error *err);

#endif
