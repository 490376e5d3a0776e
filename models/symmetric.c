/* Cholesky and Jacobi: see symmetric.h. */
#include "symmetric.h"

#include "rec/vector.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define DEPENDENT 1e-10
#define SWEEPS 30       /* ten are plenty for order 288 */
#define CONVERGED 1e-26 /* off-diagonal over diagonal, as sums of squares */

void rec_cholesky(double *a, size_t n)
{
    double largest = 0;

    for (size_t i = 0; i < n; i++)
        if (a[i * n + i] > largest)
            largest = a[i * n + i];
    for (size_t i = 0; i < n; i++) {
        double pivot = a[i * n + i];

        memset(a + i * n, 0, i * sizeof(*a));
        if (!(pivot > DEPENDENT * largest)) {
            memset(a + i * n + i, 0, (n - i) * sizeof(*a));
            continue;
        }
        pivot = sqrt(pivot);
        for (size_t j = i; j < n; j++)
            a[i * n + j] /= pivot;
        for (size_t k = i + 1; k < n; k++)
            rec_add_scaled_doubles(a + k * n + k, -a[i * n + k], a + i * n + k, n - k);
    }
}

/* Zeroes a[p][q] by a rotation of rows and columns p and q. `turned` holds the eigenvectors as rows. */
static void annihilate(double *a, double *turned, size_t n, size_t p, size_t q)
{
    double off = a[p * n + q];
    double theta, t, c, s;

    if (off == 0)
        return;
    theta = (a[q * n + q] - a[p * n + p]) / (2 * off);
    t = (theta >= 0 ? 1 : -1) / (fabs(theta) + sqrt(theta * theta + 1));
    c = 1 / sqrt(t * t + 1);
    s = t * c;
    rec_rotate(a + p * n, a + q * n, c, s, n);
    for (size_t i = 0; i < n; i++) {
        double left = a[i * n + p], right = a[i * n + q];
        a[i * n + p] = c * left - s * right;
        a[i * n + q] = s * left + c * right;
    }
    rec_rotate(turned + p * n, turned + q * n, c, s, n);
}

static bool is_diagonal(const double *a, size_t n)
{
    double on = 0, off = 0;

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            *(i == j ? &on : &off) += a[i * n + j] * a[i * n + j];
    return off <= CONVERGED * on;
}

/* Sign is free in an eigenvector: the component of largest size is made positive. */
static double sign_of(const double *vector, size_t n)
{
    size_t largest = 0;

    for (size_t i = 1; i < n; i++)
        if (fabs(vector[i]) > fabs(vector[largest]))
            largest = i;
    return vector[largest] < 0 ? -1 : 1;
}

void rec_eigen(double *a, size_t n, double *values, double *vectors)
{
    double *turned = vectors; /* eigenvectors as rows until the end */
    size_t order[REC_SYMMETRIC_MAX];

    memset(turned, 0, n * n * sizeof(*turned));
    for (size_t i = 0; i < n; i++)
        turned[i * n + i] = 1;
    for (int sweep = 0; sweep < SWEEPS && !is_diagonal(a, n); sweep++)
        for (size_t p = 0; p + 1 < n; p++)
            for (size_t q = p + 1; q < n; q++)
                annihilate(a, turned, n, p, q);

    for (size_t i = 0; i < n; i++) { /* insertion sort by falling value; equal ones keep their order */
        size_t at = i;
        for (; at > 0 && a[order[at - 1] * n + order[at - 1]] < a[i * n + i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    for (size_t j = 0; j < n; j++)
        values[j] = a[order[j] * n + order[j]];
    memcpy(a, turned, n * n * sizeof(*a)); /* `a` has served: hold the rows while the columns are written */
    for (size_t j = 0; j < n; j++) {
        double sign = sign_of(a + order[j] * n, n);
        for (size_t i = 0; i < n; i++)
            vectors[i * n + j] = sign * a[order[j] * n + i];
    }
}
