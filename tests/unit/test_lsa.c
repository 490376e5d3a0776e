/*
 * Eigenvectors, Cholesky factors and singular vectors against matrices whose answers are known in closed form, and the same bits for any
 * number of threads.
 */
#include "check.h"

#include "alloc.h"
#include "lsa.h"
#include "rec/vector.h"
#include "symmetric.h"

#define PI 3.14159265358979323846

/* A number from -1 to 1. */
static double number(rec_random *random)
{
    return (double)(rec_random_next(random) >> 11) / (double)(1ULL << 52) - 1;
}

/* Component `i` of the `k`-th of `n` orthonormal vectors of length `n`: the discrete cosine transform. */
static double cosine_basis(size_t n, size_t k, size_t i)
{
    double scale = k == 0 ? sqrt(1.0 / (double)n) : sqrt(2.0 / (double)n);

    return scale * cos(PI * (double)k * ((double)i + 0.5) / (double)n);
}

static double *alloc_doubles(size_t n)
{
    double *numbers = rec_alloc_array(n, sizeof(*numbers));

    CHECK(numbers != NULL);
    return numbers;
}

/* ---- symmetric matrices ----------------------------------------------------------------------------------------- */

enum { ORDER = 40 };

/* Checks that A v = value v for every pair, that the vectors are orthonormal and the values fall. */
static void check_eigenpairs(const double *a, size_t n, const double *values, const double *vectors, double tolerance)
{
    for (size_t j = 0; j < n; j++) {
        CHECK(j == 0 || values[j - 1] >= values[j]);
        for (size_t i = 0; i < n; i++) {
            double image = 0;

            for (size_t k = 0; k < n; k++)
                image += a[i * n + k] * vectors[k * n + j];
            CHECK_NEAR(values[j] * vectors[i * n + j], image, tolerance);
        }
        for (size_t other = 0; other <= j; other++) {
            double product = 0;

            for (size_t i = 0; i < n; i++)
                product += vectors[i * n + j] * vectors[i * n + other];
            CHECK_NEAR(other == j, product, tolerance);
        }
    }
}

/* Eigenpairs of `a` (n, n), checked; `a` is left as it was. */
static void eigen(const double *a, size_t n, double *values, double *vectors)
{
    double *work = alloc_doubles(n * n);

    memcpy(work, a, n * n * sizeof(*a));
    rec_eigen(work, n, values, vectors);
    check_eigenpairs(a, n, values, vectors, 1e-11);
    rec_free(work);
}

static void eigenvalues_of_a_two_by_two_matrix_are_exact(void **state)
{
    const double mixed[4] = { 2, 1, 1, 2 }, swap[4] = { 0, 1, 1, 0 }, single[1] = { -3 };
    double values[2], vectors[4];

    (void)state;
    eigen(mixed, 2, values, vectors);
    CHECK_NEAR(3, values[0], 1e-14);
    CHECK_NEAR(1, values[1], 1e-14);
    CHECK_NEAR(sqrt(0.5), vectors[0], 1e-14);
    CHECK_NEAR(sqrt(0.5), vectors[2], 1e-14);
    eigen(swap, 2, values, vectors);
    CHECK_NEAR(1, values[0], 1e-14);
    CHECK_NEAR(-1, values[1], 1e-14);
    eigen(single, 1, values, vectors);
    CHECK_NEAR(-3, values[0], 0);
    CHECK_NEAR(1, vectors[0], 0);
}

/* Second differences: eigenvalue k is 2 - 2 cos(k pi / (n + 1)), its vector sin(i k pi / (n + 1)). */
static void eigenvectors_of_second_differences_are_sines(void **state)
{
    static double a[ORDER * ORDER], values[ORDER], vectors[ORDER * ORDER];

    (void)state;
    for (size_t i = 0; i < ORDER; i++) {
        a[i * ORDER + i] = 2;
        if (i > 0)
            a[i * ORDER + i - 1] = a[(i - 1) * ORDER + i] = -1;
    }
    eigen(a, ORDER, values, vectors);
    for (size_t j = 0; j < ORDER; j++) {
        double angle = (double)(ORDER - j) * PI / (ORDER + 1), overlap = 0;

        CHECK_NEAR(2 - 2 * cos(angle), values[j], 1e-12);
        for (size_t i = 0; i < ORDER; i++)
            overlap += sqrt(2.0 / (ORDER + 1)) * sin((double)(i + 1) * angle) * vectors[i * ORDER + j];
        CHECK_NEAR(1, fabs(overlap), 1e-12);
    }
}

/* Values that repeat leave the vectors free, yet they must be orthonormal. All ones: n once, 0 otherwise. */
static void repeated_eigenvalues_still_have_orthonormal_vectors(void **state)
{
    static double ones[ORDER * ORDER], identity[ORDER * ORDER], zero[ORDER * ORDER], values[ORDER], vectors[ORDER * ORDER];

    (void)state;
    for (size_t i = 0; i < ORDER * ORDER; i++)
        ones[i] = 1;
    for (size_t i = 0; i < ORDER; i++)
        identity[i * ORDER + i] = 1;
    eigen(ones, ORDER, values, vectors);
    CHECK_NEAR(ORDER, values[0], 1e-12);
    for (size_t i = 0; i < ORDER; i++)
        CHECK_NEAR(sqrt(1.0 / ORDER), vectors[i * ORDER], 1e-12);
    for (size_t j = 1; j < ORDER; j++)
        CHECK_NEAR(0, values[j], 1e-12);
    eigen(identity, ORDER, values, vectors);
    CHECK_NEAR(1, values[ORDER - 1], 0);
    eigen(zero, ORDER, values, vectors);
    CHECK_NEAR(0, values[0], 0);
}

static void the_largest_component_of_an_eigenvector_is_positive(void **state)
{
    static double a[ORDER * ORDER], values[ORDER], vectors[ORDER * ORDER];
    rec_random random = { 11 };

    (void)state;
    for (size_t i = 0; i < ORDER; i++)
        for (size_t j = 0; j <= i; j++)
            a[i * ORDER + j] = a[j * ORDER + i] = number(&random);
    eigen(a, ORDER, values, vectors);
    CHECK(values[ORDER - 1] < 0);
    for (size_t j = 0; j < ORDER; j++) {
        double largest = 0;

        for (size_t i = 0; i < ORDER; i++)
            if (fabs(vectors[i * ORDER + j]) > fabs(largest))
                largest = vectors[i * ORDER + j];
        CHECK(largest > 0);
    }
}

/* The largest order there is: the identity and eight times the product of a unit vector with itself. */
static void the_largest_order_is_solved(void **state)
{
    enum { N = REC_SYMMETRIC_MAX };
    double *a = alloc_doubles(N * N), *vectors = alloc_doubles(N * N), *values = alloc_doubles(N), overlap = 0;

    (void)state;
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++)
            a[i * N + j] = (i == j) + 8 * cosine_basis(N, 3, i) * cosine_basis(N, 3, j);
    rec_eigen(a, N, values, vectors);
    CHECK_NEAR(9, values[0], 1e-10);
    CHECK_NEAR(1, values[1], 1e-10);
    CHECK_NEAR(1, values[N - 1], 1e-10);
    for (size_t i = 0; i < N; i++)
        overlap += cosine_basis(N, 3, i) * vectors[i * N];
    CHECK_NEAR(1, fabs(overlap), 1e-10);
    rec_free(a);
    rec_free(vectors);
    rec_free(values);
}

static void a_cholesky_factor_is_upper_triangular_and_gives_the_matrix_back(void **state)
{
    static double a[ORDER * ORDER], factor[ORDER * ORDER];
    double small[4] = { 4, 2, 2, 5 };
    rec_random random = { 5 };

    (void)state;
    rec_cholesky(small, 2);
    CHECK_NEAR(2, small[0], 0);
    CHECK_NEAR(1, small[1], 0);
    CHECK_NEAR(0, small[2], 0);
    CHECK_NEAR(2, small[3], 0);

    for (size_t i = 0; i < ORDER; i++)
        for (size_t j = i; j < ORDER; j++)
            factor[i * ORDER + j] = i == j ? 1 + fabs(number(&random)) : number(&random) / 4;
    for (size_t i = 0; i < ORDER; i++)
        for (size_t j = 0; j < ORDER; j++)
            for (size_t k = 0; k < ORDER; k++)
                a[i * ORDER + j] += factor[k * ORDER + i] * factor[k * ORDER + j];
    rec_cholesky(a, ORDER);
    for (size_t i = 0; i < ORDER * ORDER; i++)
        CHECK_NEAR(factor[i], a[i], 1e-11);
}

/* Column 2 is column 0 and column 1 together: its row of the factor is zero, and the factor is right nevertheless. */
static void a_dependent_column_has_a_zero_row(void **state)
{
    const double expected[9] = { 2, 0, 2, 0, 3, 3, 0, 0, 0 };
    double a[9] = { 4, 0, 4, 0, 9, 9, 4, 9, 13 }, zero[9] = { 0 };

    (void)state;
    rec_cholesky(a, 3);
    for (size_t i = 0; i < 9; i++)
        CHECK_NEAR(expected[i], a[i], 1e-14);
    rec_cholesky(zero, 3);
    for (size_t i = 0; i < 9; i++)
        CHECK_NEAR(0, zero[i], 0);
}

/* ---- singular vectors ------------------------------------------------------------------------------------------- */

/* A sparse matrix that owns its parts. */
struct matrix {
    rec_sparse_matrix x;
    uint64_t *offsets;
    uint32_t *column;
    float *value;
};

/* The entries of `dense` (rows, columns) that are not zero. */
static struct matrix make_matrix(const double *dense, size_t rows, size_t columns)
{
    struct matrix m = { .offsets = rec_alloc_array(rows + 1, sizeof(uint64_t)),
                        .column = rec_alloc_array(rows * columns, sizeof(uint32_t)),
                        .value = rec_alloc_array(rows * columns, sizeof(float)) };
    size_t at = 0;

    CHECK(m.offsets && m.column && m.value);
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < columns; column++)
            if (dense[row * columns + column] != 0) {
                m.column[at] = (uint32_t)column;
                m.value[at++] = (float)dense[row * columns + column];
            }
        m.offsets[row + 1] = at;
    }
    m.x = (rec_sparse_matrix){ rows, columns, m.offsets, m.column, m.value };
    return m;
}

/* The matrix of the given singular values whose left and right singular vectors are cosines. */
static struct matrix make_known(size_t rows, size_t columns, const double *values, size_t rank)
{
    double *dense = alloc_doubles(rows * columns);
    struct matrix m;

    for (size_t k = 0; k < rank; k++)
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < columns; j++)
                dense[i * columns + j] += values[k] * cosine_basis(rows, k, i) * cosine_basis(columns, k, j);
    m = make_matrix(dense, rows, columns);
    rec_free(dense);
    return m;
}

static void matrix_clear(struct matrix *m)
{
    rec_free(m->offsets);
    rec_free(m->column);
    rec_free(m->value);
}

/* The caller frees what comes back. It is dirty before the fit: every component must be written. */
static float *fit(const rec_sparse_matrix *x, size_t dim, unsigned threads)
{
    float *out = rec_alloc_array(x->columns * dim, sizeof(*out));
    rec_error err = REC_ERROR_INIT;

    CHECK(out != NULL);
    memset(out, 0xEE, x->columns * dim * sizeof(*out));
    CHECK_STATUS(REC_OK, rec_lsa_fit(x, dim, threads, out, &err), &err);
    return out;
}

/* Columns before `rank` are orthonormal, those from there on zero. */
static void check_orthonormal(const float *out, size_t columns, size_t dim, size_t rank)
{
    for (size_t a = 0; a < dim; a++)
        for (size_t b = 0; b <= a; b++) {
            double product = 0;

            for (size_t i = 0; i < columns; i++)
                product += (double)out[i * dim + a] * (double)out[i * dim + b];
            CHECK_NEAR(a == b && a < rank, product, a < rank ? 1e-5 : 0);
        }
}

/* Column `j` of `out` is the `k`-th cosine, whichever way it points. */
static void check_is_cosine(const float *out, size_t columns, size_t dim, size_t j, size_t k, double tolerance)
{
    double overlap = 0;

    for (size_t i = 0; i < columns; i++)
        overlap += cosine_basis(columns, k, i) * (double)out[i * dim + j];
    CHECK_NEAR(1, fabs(overlap), tolerance);
}

static void a_diagonal_matrix_has_its_axes_in_the_order_of_their_size(void **state)
{
    enum { N = 6, DIM = 4 };
    static const double sizes[N] = { 1, -5, 0.5, 3, 0, 2 };
    static const size_t order[DIM] = { 1, 3, 5, 0 };
    double dense[N * N] = { 0 };
    struct matrix m;
    float *out;

    (void)state;
    for (size_t i = 0; i < N; i++)
        dense[i * N + i] = sizes[i];
    m = make_matrix(dense, N, N);
    out = fit(&m.x, DIM, 1);
    for (size_t j = 0; j < DIM; j++)
        for (size_t i = 0; i < N; i++)
            CHECK_NEAR(i == order[j], fabs((double)out[i * DIM + j]), 1e-5);
    rec_free(out);
    matrix_clear(&m);
}

/* Wide, tall and square: five directions are there, eight are asked for. */
static void directions_that_are_missing_are_zero_columns(void **state)
{
    enum { RANK = 5, DIM = 8 };
    static const size_t shapes[][2] = { { 20, 30 }, { 30, 20 }, { 9, 9 }, { 5, 50 }, { 50, 5 } };
    static const double values[RANK] = { 16, 8, 4, 2, 1 };

    (void)state;
    for (size_t s = 0; s < sizeof(shapes) / sizeof(shapes[0]); s++) {
        size_t rows = shapes[s][0], columns = shapes[s][1];
        struct matrix m = make_known(rows, columns, values, RANK);
        float *out = fit(&m.x, DIM, 2);

        check_orthonormal(out, columns, DIM, RANK);
        for (size_t j = 0; j < RANK; j++)
            check_is_cosine(out, columns, DIM, j, j, 1e-5);
        rec_free(out);
        matrix_clear(&m);
    }
}

/* Of sixty directions that fade by a tenth each, more than the fit looks at, the ten leading ones. */
static void the_leading_directions_of_many_are_found(void **state)
{
    enum { RANK = 60, DIM = 10, ROWS = 70, COLUMNS = 90 };
    double values[RANK];
    struct matrix m;
    float *out;

    (void)state;
    for (size_t k = 0; k < RANK; k++)
        values[k] = pow(0.9, (double)k);
    m = make_known(ROWS, COLUMNS, values, RANK);
    out = fit(&m.x, DIM, 1);
    check_orthonormal(out, COLUMNS, DIM, DIM);
    for (size_t j = 0; j < DIM; j++)
        check_is_cosine(out, COLUMNS, DIM, j, j, 1e-6);
    rec_free(out);
    matrix_clear(&m);
}

/* Three equal values leave the vectors free inside their space; the fourth is its own. */
static void equal_singular_values_give_a_basis_of_their_space(void **state)
{
    enum { RANK = 4, COLUMNS = 25 };
    static const double values[RANK] = { 2, 2, 2, 1 };
    struct matrix m = make_known(18, COLUMNS, values, RANK);
    float *out = fit(&m.x, RANK, 1);

    (void)state;
    check_orthonormal(out, COLUMNS, RANK, RANK);
    check_is_cosine(out, COLUMNS, RANK, 3, 3, 1e-5);
    for (size_t j = 0; j < 3; j++) {
        double inside = 0;

        for (size_t k = 0; k < 3; k++) {
            double overlap = 0;
            for (size_t i = 0; i < COLUMNS; i++)
                overlap += cosine_basis(COLUMNS, k, i) * (double)out[i * RANK + j];
            inside += overlap * overlap;
        }
        CHECK_NEAR(1, inside, 1e-5);
    }
    rec_free(out);
    matrix_clear(&m);
}

/* Papers without features and features without papers are rows and columns of nothing. */
static void empty_rows_and_columns_change_nothing(void **state)
{
    enum { DIM = 2, COLUMNS = 5 };
    static const double dense[5 * COLUMNS] = {
        0, 0, 0, 0, 0, /**/ 3, 0, 0, 4, 0, /**/ 0, 0, 0, 0, 0, /**/ 4, 0, 0, -3, 0, /**/ 0, 0, 0, 0, 0,
    };
    struct matrix m = make_matrix(dense, 5, COLUMNS);
    float *out = fit(&m.x, DIM, 1);

    (void)state;
    check_orthonormal(out, COLUMNS, DIM, DIM);
    for (size_t j = 0; j < DIM; j++)
        CHECK(out[1 * DIM + j] == 0 && out[2 * DIM + j] == 0 && out[4 * DIM + j] == 0);
    rec_free(out);
    matrix_clear(&m);
}

static void a_matrix_of_nothing_gives_nothing(void **state)
{
    static const size_t shapes[][2] = { { 7, 4 }, { 1, 1 }, { 0, 4 }, { 7, 0 }, { 0, 0 } };
    static const double zero[28];

    (void)state;
    for (size_t s = 0; s < sizeof(shapes) / sizeof(shapes[0]); s++) {
        struct matrix m = make_matrix(zero, shapes[s][0], shapes[s][1]);
        float *out = fit(&m.x, 3, 2);

        for (size_t i = 0; i < m.x.columns * 3; i++)
            CHECK(out[i] == 0);
        rec_free(out);
        matrix_clear(&m);
    }
}

/* Papers of a few features each, more than one task or one partial sum takes. */
static struct matrix make_scattered(size_t rows, size_t columns)
{
    double *dense = alloc_doubles(rows * columns);
    rec_random random = { 77 };
    struct matrix m;

    for (size_t row = 0; row < rows; row++)
        for (int entry = 0; entry < 6; entry++)
            dense[row * columns + rec_random_below(&random, columns)] = number(&random);
    m = make_matrix(dense, rows, columns);
    rec_free(dense);
    return m;
}

static void threads_do_not_change_a_bit(void **state)
{
    enum { ROWS = 4500, COLUMNS = 600, DIM = 12 };
    struct matrix m = make_scattered(ROWS, COLUMNS);
    float *first = fit(&m.x, DIM, 1);

    (void)state;
    check_orthonormal(first, COLUMNS, DIM, DIM);
    for (unsigned threads = 1; threads <= 5; threads += 2) {
        float *again = fit(&m.x, DIM, threads);

        CHECK(memcmp(first, again, COLUMNS * DIM * sizeof(*first)) == 0);
        rec_free(again);
    }
    rec_free(first);
    matrix_clear(&m);
}

static void memory_running_out_is_reported(void **state)
{
    static const double values[] = { 3, 2, 1 };
    struct matrix m = make_known(8, 12, values, 3);
    float out[12 * 3];
    long allowed = 0;
    rec_status rc;

    (void)state;
    for (;; allowed++) {
        rec_error err = REC_ERROR_INIT;

        rec_alloc_fail_after(allowed);
        rc = rec_lsa_fit(&m.x, 3, 2, out, &err);
        rec_alloc_fail_after(-1);
        if (rc == REC_OK)
            break;
        CHECK_STATUS(REC_ENOMEM, rc, &err);
        CHECK_CONTAINS("out of memory", err.message);
    }
    CHECK(allowed > 5);
    check_orthonormal(out, 12, 3, 3);
    matrix_clear(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eigenvalues_of_a_two_by_two_matrix_are_exact),
        cmocka_unit_test(eigenvectors_of_second_differences_are_sines),
        cmocka_unit_test(repeated_eigenvalues_still_have_orthonormal_vectors),
        cmocka_unit_test(the_largest_component_of_an_eigenvector_is_positive),
        cmocka_unit_test(the_largest_order_is_solved),
        cmocka_unit_test(a_cholesky_factor_is_upper_triangular_and_gives_the_matrix_back),
        cmocka_unit_test(a_dependent_column_has_a_zero_row),
        cmocka_unit_test(a_diagonal_matrix_has_its_axes_in_the_order_of_their_size),
        cmocka_unit_test(directions_that_are_missing_are_zero_columns),
        cmocka_unit_test(the_leading_directions_of_many_are_found),
        cmocka_unit_test(equal_singular_values_give_a_basis_of_their_space),
        cmocka_unit_test(empty_rows_and_columns_change_nothing),
        cmocka_unit_test(a_matrix_of_nothing_gives_nothing),
        cmocka_unit_test(threads_do_not_change_a_bit),
        cmocka_unit_test(memory_running_out_is_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
