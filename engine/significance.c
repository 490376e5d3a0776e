/* Bootstrap intervals and the paired randomisation test: see rec/significance.h. */
#include "rec/significance.h"

#include "alloc.h"
#include "rec/vector.h"

#include <math.h>
#include <stdlib.h>

#define SEED 20070611u /* any number would do, but always the same */

/* Of REC_RESAMPLES means in order, the ends are the (REC_RESAMPLES + 1) / 40th from either side. */
#define LEFT_OUT ((REC_RESAMPLES + 1) / 40)

double rec_mean(const double *values, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return n > 0 ? sum / (double)n : 0;
}

static double mean_of_resample(const double *values, size_t n, rec_random *random)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += values[rec_random_below(random, n)];
    return sum / (double)n;
}

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

rec_status rec_bootstrap(const double *values, size_t n, rec_interval *out, rec_error *err)
{
    rec_random random = { SEED };
    double *means;

    if (n == 0) {
        *out = (rec_interval){ 0, 0 };
        return REC_OK;
    }
    if (!(means = rec_alloc_array(REC_RESAMPLES, sizeof(*means))))
        return rec_fail(err, REC_ENOMEM, "out of memory for an interval");
    for (size_t i = 0; i < REC_RESAMPLES; i++)
        means[i] = mean_of_resample(values, n, &random);
    qsort(means, REC_RESAMPLES, sizeof(*means), by_value);
    *out = (rec_interval){ means[LEFT_OUT - 1], means[REC_RESAMPLES - LEFT_OUT] };
    rec_free(means);
    return REC_OK;
}

/* The sum with each sign flipped or not, by one random bit each. */
static double flipped_sum(const double *differences, size_t n, rec_random *random)
{
    uint64_t bits = 0;
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        if (i % 64 == 0)
            bits = rec_random_next(random);
        sum += bits & 1 ? -differences[i] : differences[i];
        bits >>= 1;
    }
    return sum;
}

double rec_sign_flip_test(const double *differences, size_t n)
{
    rec_random random = { SEED };
    double observed = 0, magnitude = 0;
    size_t as_far = 0;

    for (size_t i = 0; i < n; i++) {
        observed += differences[i];
        magnitude += fabs(differences[i]);
    }
    /* Other signs may give the same sum but for rounding: that is as far, too. */
    observed = fabs(observed) - 1e-12 * magnitude;
    for (size_t i = 0; i < REC_SIGN_FLIPS; i++)
        as_far += fabs(flipped_sum(differences, n, &random)) >= observed;
    return (double)(as_far + 1) / (REC_SIGN_FLIPS + 1);
}

rec_interval rec_share_interval(int64_t count, int64_t n)
{
    const double z = 1.959963984540054; /* of the normal distribution, two-sided 95 % */
    double share, centre, half, total = (double)n;

    if (n <= 0)
        return (rec_interval){ 0, 1 };
    share = (double)count / total;
    centre = (share + z * z / (2 * total)) / (1 + z * z / total);
    half = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total);
    /* At the ends the bounds are exact, whatever rounding says. */
    return (rec_interval){ count == 0 ? 0 : centre - half, count == n ? 1 : centre + half };
}
