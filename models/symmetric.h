/*
 * Small dense symmetric matrices in double precision: Cholesky factors and eigenvectors. Reproducible; not tuned.
 */
#ifndef REC_SYMMETRIC_H
#define REC_SYMMETRIC_H

#include <stddef.h>

#define REC_SYMMETRIC_MAX 288 /* largest order */

/**
 * Replace positive semi-definite `a` (n, n) by its upper triangular Cholesky factor R, a = R' R. A pivot that rounding has eaten (below
 * 1e-10 of the largest diagonal entry) becomes a zero row: that column depends on the ones before it.
 */
void rec_cholesky(double *a, size_t n);

/**
 * Eigenvalues of symmetric `a` (n, n; destroyed) in falling order into `values` (n), and the eigenvectors as the columns of `vectors` (n,
 * n), the component of largest size positive. Cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, 8.5).
 */
void rec_eigen(double *a, size_t n, double *values, double *vectors);

#endif
