/* Intervals and the paired test, on values whose answer is known beforehand. */
#include "check.h"

#include "alloc.h"
#include "rec/significance.h"
#include "rec/vector.h"

#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MANY 400

static rec_interval interval_of(const double *values, size_t n)
{
    rec_error err = REC_ERROR_INIT;
    rec_interval interval = { -1, -1 };

    CHECK_STATUS(REC_OK, rec_bootstrap(values, n, &interval, &err), &err);
    return interval;
}

/* Numbers from 0 to 1, evenly. */
static void fill(double *values, size_t n, uint64_t seed)
{
    rec_random random = { seed };

    for (size_t i = 0; i < n; i++)
        values[i] = (double)rec_random_below(&random, 1001) / 1000;
}

/* ---- means and intervals ------------------------------------------------------------------------------------------- */

static void a_mean_is_what_one_computes_by_hand(void **state)
{
    static const double VALUES[] = { 1, 0.5, 0, 0.5 };

    (void)state;
    CHECK_NEAR(0.5, rec_mean(VALUES, COUNT(VALUES)), 0);
    CHECK_NEAR(1, rec_mean(VALUES, 1), 0);
    CHECK_NEAR(0, rec_mean(NULL, 0), 0);
}

static void equal_values_have_an_interval_without_width(void **state)
{
    double values[7];
    rec_interval interval;

    (void)state;
    for (size_t n = 1; n <= COUNT(values); n++) {
        for (size_t i = 0; i < n; i++)
            values[i] = 0.3;
        interval = interval_of(values, n);
        CHECK_NEAR(rec_mean(values, n), interval.low, 0);
        CHECK_NEAR(rec_mean(values, n), interval.high, 0);
    }
}

static void without_values_both_ends_are_0(void **state)
{
    rec_interval interval = interval_of(NULL, 0);

    (void)state;
    CHECK_NEAR(0, interval.low, 0);
    CHECK_NEAR(0, interval.high, 0);
}

/* A resample of {0, 1} is 0 a quarter of the time, as it is 1: far more than a fortieth, so the ends are the extremes. */
static void two_values_have_themselves_as_ends(void **state)
{
    static const double VALUES[] = { 0, 1 };
    rec_interval interval = interval_of(VALUES, COUNT(VALUES));

    (void)state;
    CHECK_NEAR(0, interval.low, 0);
    CHECK_NEAR(1, interval.high, 0);
}

/*
 * Of 10 values one is 1: a resample holds it k times by the binomial law with n = 10, p = .1, whose quantiles .025 and .975 are 0 and 3.
 */
static void one_in_ten_has_the_binomial_interval(void **state)
{
    static const double VALUES[10] = { [4] = 1 };
    rec_interval interval = interval_of(VALUES, COUNT(VALUES));

    (void)state;
    CHECK_NEAR(0, interval.low, 1e-12);
    CHECK_NEAR(0.3, interval.high, 1e-12);
}

/* For many values the bootstrap agrees with the normal interval, mean +- 1.96 s / sqrt(n). */
static void of_many_values_the_interval_is_the_normal_one(void **state)
{
    double values[MANY], mean, squares = 0, half;

    (void)state;
    fill(values, MANY, 5);
    mean = rec_mean(values, MANY);
    for (size_t i = 0; i < MANY; i++)
        squares += (values[i] - mean) * (values[i] - mean);
    half = 1.96 * sqrt(squares / MANY) / sqrt(MANY);
    CHECK_NEAR(mean - half, interval_of(values, MANY).low, half / 10);
    CHECK_NEAR(mean + half, interval_of(values, MANY).high, half / 10);
}

static void an_interval_holds_the_mean_and_lies_within_the_values(void **state)
{
    double values[60];

    (void)state;
    for (size_t n = 1; n <= COUNT(values); n++) {
        double least = 1, most = 0, mean;
        rec_interval interval;

        fill(values, n, n);
        for (size_t i = 0; i < n; i++) {
            least = fmin(least, values[i]);
            most = fmax(most, values[i]);
        }
        mean = rec_mean(values, n);
        interval = interval_of(values, n);
        CHECK(interval.low <= mean && mean <= interval.high);
        CHECK(least - 1e-12 <= interval.low && interval.high <= most + 1e-12);
    }
}

static void the_same_values_give_the_same_bits(void **state)
{
    double values[MANY];
    rec_interval once, again;

    (void)state;
    fill(values, MANY, 9);
    once = interval_of(values, MANY);
    again = interval_of(values, MANY);
    CHECK(memcmp(&once, &again, sizeof(once)) == 0);
    CHECK_NEAR(rec_sign_flip_test(values, MANY), rec_sign_flip_test(values, MANY), 0);
}

/* The draws are fixed for good: a figure that was published can be had again. Frozen from the first release that had them. */
static void the_draws_stay_the_same_between_releases(void **state)
{
    static const double VALUES[] = { 0.1, 0.25, 0.5, 0.75, 0.9, 0.2, 0.4 };
    static const double DIFFERENCES[] = { 0.1, -0.05, 0.2, 0.15, -0.1, 0.3, 0.05 };
    rec_interval interval = interval_of(VALUES, COUNT(VALUES));

    (void)state;
    CHECK_NEAR(0.257142857, interval.low, 1e-9);
    CHECK_NEAR(0.642857143, interval.high, 1e-9);
    CHECK_NEAR(665.0 / (REC_SIGN_FLIPS + 1), rec_sign_flip_test(DIFFERENCES, COUNT(DIFFERENCES)), 1e-12);
}

/* ---- the paired test ----------------------------------------------------------------------------------------------- */

static void systems_that_do_not_differ_have_p_1(void **state)
{
    static const double NOTHING[50] = { 0 };

    (void)state;
    CHECK_NEAR(1, rec_sign_flip_test(NOTHING, COUNT(NOTHING)), 0);
    CHECK_NEAR(1, rec_sign_flip_test(NOTHING, 0), 0);
}

static void a_single_query_proves_nothing(void **state)
{
    static const double ONE[] = { 0.7 };

    (void)state;
    CHECK_NEAR(1, rec_sign_flip_test(ONE, 1), 0);
}

/* Differences that cancel: any signs give a sum at least as far from 0. */
static void differences_that_cancel_have_p_1(void **state)
{
    static const double CANCEL[] = { 0.1, 0.2, -0.3, 0.4, -0.4 };

    (void)state;
    CHECK_NEAR(1, rec_sign_flip_test(CANCEL, COUNT(CANCEL)), 0);
}

/* Of the 2^n choices of signs two, all alike, reach the sum of n equal differences: p is 2^(1-n), within four deviations of 4,000 draws. */
static void equal_differences_have_the_p_that_one_counts(void **state)
{
    double values[8];

    (void)state;
    for (size_t n = 2; n <= COUNT(values); n++) {
        double p = pow(2, 1 - (double)n);

        for (size_t i = 0; i < n; i++)
            values[i] = 0.1; /* whose sums round differently by the order of signs */
        CHECK_NEAR(p, rec_sign_flip_test(values, n), 4 * sqrt(p * (1 - p) / REC_SIGN_FLIPS) + 1.0 / REC_SIGN_FLIPS);
    }
}

/* The sum is .3; of the eight sums of +-.3 +-.1 +-.1 two are .5 in magnitude, four .3 and two .1. */
static void signs_that_reach_the_sum_otherwise_count_as_well(void **state)
{
    static const double VALUES[] = { 0.3, 0.1, -0.1 };

    (void)state;
    CHECK_NEAR(0.75, rec_sign_flip_test(VALUES, COUNT(VALUES)), 4 * sqrt(0.75 * 0.25 / REC_SIGN_FLIPS));
}

static void the_test_has_two_sides(void **state)
{
    double values[100], negated[100];

    (void)state;
    fill(values, COUNT(values), 3);
    for (size_t i = 0; i < COUNT(values); i++) {
        values[i] -= 0.45;
        negated[i] = -values[i];
    }
    CHECK_NEAR(rec_sign_flip_test(values, COUNT(values)), rec_sign_flip_test(negated, COUNT(values)), 0);
}

/* 70 queries, so that more random bits are drawn than one word holds. */
static void a_large_difference_has_the_smallest_p_there_is(void **state)
{
    double values[70];

    (void)state;
    for (size_t i = 0; i < COUNT(values); i++)
        values[i] = 0.2 + 0.001 * (double)i;
    CHECK_NEAR(1.0 / (REC_SIGN_FLIPS + 1), rec_sign_flip_test(values, COUNT(values)), 0);
}

/*
 * 58 queries cancel against 58 others that are 64 places behind. Were their signs the same, sums as far as 12 would be rare (2 in 64);
 * drawn anew, the sum of 128 signs has the deviation 11.3, and a third of them are as far.
 */
static void signs_are_drawn_anew_for_every_query(void **state)
{
    double values[128];

    (void)state;
    for (size_t i = 0; i < COUNT(values); i++)
        values[i] = i < 70 ? 1 : -1;
    CHECK_NEAR(0.33, rec_sign_flip_test(values, COUNT(values)), 0.05);
}

/* 1 of 10: 0.0179 to 0.4042 by Wilson's formula. */
static void a_share_has_wilsons_interval(void **state)
{
    (void)state;
    CHECK_NEAR(0.0179, rec_share_interval(1, 10).low, 0.00005);
    CHECK_NEAR(0.4042, rec_share_interval(1, 10).high, 0.00005);
    for (int64_t count = 0; count <= 20; count++) {
        rec_interval share = rec_share_interval(count, 20), rest = rec_share_interval(20 - count, 20);

        CHECK(share.low <= (double)count / 20 && (double)count / 20 <= share.high);
        CHECK_NEAR(share.low, 1 - rest.high, 1e-12);
    }
    CHECK_NEAR(0, rec_share_interval(0, 20).low, 0);
    CHECK_NEAR(1, rec_share_interval(20, 20).high, 0);
}

static void a_share_of_nothing_may_be_any(void **state)
{
    (void)state;
    CHECK_NEAR(0, rec_share_interval(0, 0).low, 0);
    CHECK_NEAR(1, rec_share_interval(0, 0).high, 0);
}

static void without_memory_there_is_no_interval(void **state)
{
    static const double VALUES[] = { 0.5, 1 };
    rec_interval interval = { 7, 7 };
    rec_error err = REC_ERROR_INIT;

    (void)state;
    rec_alloc_fail_after(0);
    rec_status rc = rec_bootstrap(VALUES, COUNT(VALUES), &interval, &err);
    rec_alloc_fail_after(-1);
    CHECK_STATUS(REC_ENOMEM, rc, &err);
    CHECK_NEAR(7, interval.low, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mean_is_what_one_computes_by_hand),
        cmocka_unit_test(equal_values_have_an_interval_without_width),
        cmocka_unit_test(without_values_both_ends_are_0),
        cmocka_unit_test(two_values_have_themselves_as_ends),
        cmocka_unit_test(one_in_ten_has_the_binomial_interval),
        cmocka_unit_test(of_many_values_the_interval_is_the_normal_one),
        cmocka_unit_test(an_interval_holds_the_mean_and_lies_within_the_values),
        cmocka_unit_test(the_same_values_give_the_same_bits),
        cmocka_unit_test(the_draws_stay_the_same_between_releases),
        cmocka_unit_test(systems_that_do_not_differ_have_p_1),
        cmocka_unit_test(a_single_query_proves_nothing),
        cmocka_unit_test(differences_that_cancel_have_p_1),
        cmocka_unit_test(equal_differences_have_the_p_that_one_counts),
        cmocka_unit_test(signs_that_reach_the_sum_otherwise_count_as_well),
        cmocka_unit_test(the_test_has_two_sides),
        cmocka_unit_test(a_large_difference_has_the_smallest_p_there_is),
        cmocka_unit_test(signs_are_drawn_anew_for_every_query),
        cmocka_unit_test(a_share_has_wilsons_interval),
        cmocka_unit_test(a_share_of_nothing_may_be_any),
        cmocka_unit_test(without_memory_there_is_no_interval),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
