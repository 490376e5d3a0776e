/*
 * What a mean over queries is worth: confidence intervals and a paired test. Numbers in, numbers out; the random draws have a fixed seed,
 * so the same values in the same order give the same bits.
 */
#ifndef REC_SIGNIFICANCE_H
#define REC_SIGNIFICANCE_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>

#define REC_RESAMPLES 2000  /* of the bootstrap */
#define REC_SIGN_FLIPS 4000 /* draws of the randomisation test */

typedef struct rec_interval {
    double low, high;
} rec_interval;

/**
 * The 95 % interval of a share, `count` of `n`: Wilson's score interval ("Probable inference, the law of succession, and statistical
 * inference", JASA 1927), which holds for few cases and for shares near 0. All of 0 to 1 where `n` is 0.
 */
rec_interval rec_share_interval(int64_t count, int64_t n);

/** The mean of `values` (n), 0 where there is none. */
double rec_mean(const double *values, size_t n);

/**
 * The 95 % interval of the mean of `values` (n) by the percentile bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, 1993,
 * chapter 13): values are drawn again with replacement REC_RESAMPLES times, and the interval leaves out a fortieth of the means at either
 * end. Both ends are 0 where `n` is 0. Returns REC_OK or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_bootstrap(const double *values, size_t n, rec_interval *out, rec_error *err);

/**
 * How likely a mean of paired `differences` (n) at least as far from 0 is if the two systems are alike: a two-sided randomisation test that
 * flips the sign of each difference at random (Smucker, Allan and Carterette, CIKM 2007), REC_SIGN_FLIPS draws. The count includes the
 * observed signs themselves: p is never 0.
 */
double rec_sign_flip_test(const double *differences, size_t n);

#endif
