/*
 * Randomised truncated SVD: see lsa.h.
 *
 * Every sum runs in an order that the data fixes: a product's row is one task; a Gram matrix is summed in blocks of rows whose number does
 * not depend on the threads, and the blocks are added in order.
 */
#include "lsa.h"

#include "alloc.h"
#include "parallel.h"
#include "rec/vector.h"
#include "symmetric.h"

#include <math.h>
#include <string.h>

#define OVERSAMPLE 16  /* columns beyond those asked for, as the paper advises */
#define POWER_STEPS 3  /* with 1 the fit loses half a point of nDCG, with 4 it gains nothing */
#define TASK_ROWS 256  /* rows of a product that one task makes */
#define GRAM_ROWS 2048 /* rows that one partial Gram matrix sums */
#define FEW_SIGNS 64   /* among columns of so many random signs two are never the same */
#define SEED 20240229u

_Static_assert(REC_LSA_MAX + OVERSAMPLE <= REC_SYMMETRIC_MAX, "the Gram matrices must fit");

struct fit {
    const rec_sparse_matrix *x;
    rec_sparse_matrix transposed; /* the same, by feature */
    size_t rank;                  /* columns of the basis */
    size_t stride;                /* `rank`, rounded up to whole vector registers */
    float *basis;                 /* Q (rows, stride) */
    float *image;                 /* Y = X' Q (columns, stride) */
    double *gram;                 /* (rank, rank) */
};

/* ---- products with the sparse matrix --------------------------------------------------------------------------- */

struct product {
    const rec_sparse_matrix *a;
    const float *from; /* (a->columns, stride) */
    float *to;         /* (a->rows, stride) */
    size_t stride;
};

static rec_status multiply_rows(size_t task, unsigned thread, void *context, rec_error *err)
{
    const struct product *p = context;
    size_t end = (task + 1) * TASK_ROWS < p->a->rows ? (task + 1) * TASK_ROWS : p->a->rows;

    (void)thread;
    (void)err;
    for (size_t row = task * TASK_ROWS; row < end; row++) {
        float *out = p->to + row * p->stride;

        memset(out, 0, p->stride * sizeof(*out));
        for (uint64_t i = p->a->offsets[row]; i < p->a->offsets[row + 1]; i++)
            rec_add_scaled(out, p->a->value[i], p->from + p->a->column[i] * p->stride, p->stride);
    }
    return REC_OK;
}

static rec_status multiply(const rec_sparse_matrix *a, const float *from, float *to, size_t stride, unsigned threads, rec_error *err)
{
    struct product product = { a, from, to, stride };

    return rec_parallel((a->rows + TASK_ROWS - 1) / TASK_ROWS, threads, multiply_rows, &product, err);
}

/* ---- Gram matrices and orthonormal bases ------------------------------------------------------------------------ */

struct gram {
    const float *m; /* (rows, stride) */
    size_t rows, stride, rank;
    double *partial; /* (blocks, rank, rank), upper triangles */
};

/* sum += row' row (rank, rank), its upper triangle. */
static void add_outer(double *sum, const float *row, size_t rank)
{
    double wide[REC_SYMMETRIC_MAX];

    for (size_t i = 0; i < rank; i++)
        wide[i] = (double)row[i];
    for (size_t a = 0; a < rank; a++)
        rec_add_scaled_doubles(sum + a * rank + a, wide[a], wide + a, rank - a);
}

static rec_status gram_block(size_t task, unsigned thread, void *context, rec_error *err)
{
    const struct gram *g = context;
    size_t end = (task + 1) * GRAM_ROWS < g->rows ? (task + 1) * GRAM_ROWS : g->rows;

    (void)thread;
    (void)err;
    for (size_t row = task * GRAM_ROWS; row < end; row++)
        add_outer(g->partial + task * g->rank * g->rank, g->m + row * g->stride, g->rank);
    return REC_OK;
}

/* out = M' M (rank, rank), whole and symmetric. */
static rec_status gram_matrix(const float *m, size_t rows, size_t stride, size_t rank, unsigned threads, double *out, rec_error *err)
{
    size_t blocks = (rows + GRAM_ROWS - 1) / GRAM_ROWS;
    struct gram g = { m, rows, stride, rank, rec_alloc_array(blocks, rank * rank * sizeof(double)) };
    rec_status rc;

    if (!g.partial)
        return rec_fail(err, REC_ENOMEM, "out of memory fitting the model");
    rc = rec_parallel(blocks, threads, gram_block, &g, err);
    memset(out, 0, rank * rank * sizeof(*out));
    for (size_t block = 0; block < blocks; block++)
        for (size_t i = 0; i < rank * rank; i++)
            out[i] += g.partial[block * rank * rank + i];
    for (size_t a = 0; a < rank; a++)
        for (size_t b = 0; b < a; b++)
            out[a * rank + b] = out[b * rank + a];
    rec_free(g.partial);
    return rc;
}

struct solve {
    float *m; /* (rows, stride) */
    size_t rows, stride, rank;
    const double *r; /* (rank, rank), upper triangular; a zero on the diagonal marks a dependent column */
};

/* row := row R^-1; a dependent column becomes zero. `work` (rank) is scratch. */
static void solve_row(float *row, const double *r, size_t rank, double *work)
{
    for (size_t i = 0; i < rank; i++)
        work[i] = row[i];
    for (size_t i = 0; i < rank; i++) {
        double pivot = r[i * rank + i];
        double x = pivot > 0 ? work[i] / pivot : 0;

        row[i] = (float)x;
        rec_add_scaled_doubles(work + i + 1, -x, r + i * rank + i + 1, rank - i - 1);
    }
}

static rec_status solve_rows(size_t task, unsigned thread, void *context, rec_error *err)
{
    const struct solve *s = context;
    size_t end = (task + 1) * TASK_ROWS < s->rows ? (task + 1) * TASK_ROWS : s->rows;
    double work[REC_SYMMETRIC_MAX];

    (void)thread;
    (void)err;
    for (size_t row = task * TASK_ROWS; row < end; row++)
        solve_row(s->m + row * s->stride, s->r, s->rank, work);
    return REC_OK;
}

/* Makes the basis orthonormal. Cholesky QR loses half the digits, so it is done twice (Yamamoto et al., ETNA 44, 2015). */
static rec_status orthonormalise(struct fit *fit, unsigned threads, rec_error *err)
{
    struct solve solve = { fit->basis, fit->x->rows, fit->stride, fit->rank, fit->gram };
    rec_status rc = REC_OK;

    for (int pass = 0; pass < 2 && rc == REC_OK; pass++) {
        rc = gram_matrix(fit->basis, fit->x->rows, fit->stride, fit->rank, threads, fit->gram, err);
        if (rc == REC_OK) {
            rec_cholesky(fit->gram, fit->rank);
            rc = rec_parallel((fit->x->rows + TASK_ROWS - 1) / TASK_ROWS, threads, solve_rows, &solve, err);
        }
    }
    return rc;
}

/* ---- the right singular vectors --------------------------------------------------------------------------------- */

struct rotate {
    const struct fit *fit;
    const float *turn; /* (rank, dim) */
    size_t dim;
    float *out; /* (columns, dim) */
};

static rec_status rotate_rows(size_t task, unsigned thread, void *context, rec_error *err)
{
    const struct rotate *r = context;
    size_t end = (task + 1) * TASK_ROWS < r->fit->x->columns ? (task + 1) * TASK_ROWS : r->fit->x->columns;

    (void)thread;
    (void)err;
    for (size_t row = task * TASK_ROWS; row < end; row++) {
        memset(r->out + row * r->dim, 0, r->dim * sizeof(float));
        for (size_t i = 0; i < r->fit->rank; i++)
            rec_add_scaled(r->out + row * r->dim, r->fit->image[row * r->fit->stride + i], r->turn + i * r->dim, r->dim);
    }
    return REC_OK;
}

/*
 * With Q orthonormal, X is near Q Y', and the singular vectors follow from the small matrix Y' Y = W diag(l) W':
 * the right ones are Y W diag(l)^-1/2.
 */
static rec_status right_vectors(const struct fit *fit, size_t dim, unsigned threads, float *out, rec_error *err)
{
    double *vectors = rec_alloc_array(fit->rank * fit->rank, sizeof(*vectors));
    float *turn = rec_alloc_aligned(fit->rank * dim, sizeof(*turn));
    double values[REC_SYMMETRIC_MAX];
    struct rotate rotate = { fit, turn, dim, out };
    rec_status rc;

    if (!vectors || !turn) {
        rc = rec_fail(err, REC_ENOMEM, "out of memory fitting the model");
        goto done;
    }
    if ((rc = gram_matrix(fit->image, fit->x->columns, fit->stride, fit->rank, threads, fit->gram, err)) != REC_OK)
        goto done;
    rec_eigen(fit->gram, fit->rank, values, vectors);
    for (size_t j = 0; j < dim && j < fit->rank; j++) {
        /* Rounding leaves about 1e-7 of the largest where the matrix has no further direction. */
        double scale = values[j] > 1e-6 * values[0] ? 1 / sqrt(values[j]) : 0;
        for (size_t i = 0; i < fit->rank; i++)
            turn[i * dim + j] = (float)(vectors[i * fit->rank + j] * scale);
    }
    rc = rec_parallel((fit->x->columns + TASK_ROWS - 1) / TASK_ROWS, threads, rotate_rows, &rotate, err);

done:
    rec_free(vectors);
    rec_free(turn);
    return rc;
}

/* ---- set-up ----------------------------------------------------------------------------------------------------- */

/* The same matrix by feature, so that X' Q is also a product whose rows are independent tasks. */
static rec_status transpose(const rec_sparse_matrix *x, rec_sparse_matrix *out, rec_error *err)
{
    uint64_t entries = x->offsets[x->rows];
    uint64_t *offsets = rec_alloc_array(x->columns + 2, sizeof(*offsets));
    uint32_t *column = rec_alloc_array(entries, sizeof(*column));
    float *value = rec_alloc_array(entries, sizeof(*value));

    if (!offsets || !column || !value) {
        rec_free(offsets);
        rec_free(column);
        rec_free(value);
        return rec_fail(err, REC_ENOMEM, "out of memory fitting the model");
    }
    /* offsets[f + 1] is the place of the next entry of feature f while the entries are dealt out. */
    for (uint64_t i = 0; i < entries; i++)
        offsets[x->column[i] + 2]++;
    for (size_t f = 1; f <= x->columns; f++)
        offsets[f + 1] += offsets[f];
    for (size_t row = 0; row < x->rows; row++)
        for (uint64_t i = x->offsets[row]; i < x->offsets[row + 1]; i++) {
            uint64_t at = offsets[x->column[i] + 1]++;
            column[at] = (uint32_t)row;
            value[at] = x->value[i];
        }
    *out = (rec_sparse_matrix){ x->columns, x->rows, offsets, column, value };
    return REC_OK;
}

/* Random signs do as well as Gaussian numbers for the start, and need no logarithm or sine. */
static void random_signs(float *m, size_t rows, size_t rank, size_t stride)
{
    rec_random random = { SEED };

    for (size_t row = 0; row < rows; row++)
        for (size_t j = 0; j < rank; j += 64) {
            uint64_t bits = rec_random_next(&random);
            for (size_t b = 0; b < 64 && j + b < rank; b++)
                m[row * stride + j + b] = bits >> b & 1 ? 1.0f : -1.0f;
        }
}

/* Columns of few signs may well be the same, and a direction of the matrix is lost with them; numbers spread over -1 to 1 are not. */
static void random_numbers(float *m, size_t rows, size_t rank, size_t stride)
{
    rec_random random = { SEED };

    for (size_t row = 0; row < rows; row++)
        for (size_t j = 0; j < rank; j++)
            m[row * stride + j] = (float)((double)(rec_random_next(&random) >> 40) / (1 << 23) - 1);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

rec_status rec_lsa_fit(const rec_sparse_matrix *x, size_t dim, unsigned threads, float *out, rec_error *err)
{
    struct fit fit = { .x = x };
    rec_status rc;

    fit.rank = least(dim + OVERSAMPLE, least(x->rows, x->columns));
    fit.stride = (fit.rank + 15) / 16 * 16;
    memset(out, 0, x->columns * dim * sizeof(*out));
    if (fit.rank == 0)
        return REC_OK;
    if ((rc = transpose(x, &fit.transposed, err)) != REC_OK)
        return rc;
    fit.basis = rec_alloc_aligned(x->rows * fit.stride, sizeof(float));
    fit.image = rec_alloc_aligned(x->columns * fit.stride, sizeof(float));
    fit.gram = rec_alloc_array(fit.rank * fit.rank, sizeof(double));
    if (!fit.basis || !fit.image || !fit.gram) {
        rc = rec_fail(err, REC_ENOMEM, "out of memory fitting the model");
        goto done;
    }
    (x->columns < FEW_SIGNS ? random_numbers : random_signs)(fit.image, x->columns, fit.rank, fit.stride);
    for (int step = 0; step < POWER_STEPS; step++) {
        if ((rc = multiply(x, fit.image, fit.basis, fit.stride, threads, err)) != REC_OK)
            goto done;
        if ((rc = orthonormalise(&fit, threads, err)) != REC_OK)
            goto done;
        if ((rc = multiply(&fit.transposed, fit.basis, fit.image, fit.stride, threads, err)) != REC_OK)
            goto done;
    }
    rc = right_vectors(&fit, dim, threads, out, err);

done:
    rec_free((void *)fit.transposed.offsets);
    rec_free((void *)fit.transposed.column);
    rec_free((void *)fit.transposed.value);
    rec_free(fit.basis);
    rec_free(fit.image);
    rec_free(fit.gram);
    return rc;
}
