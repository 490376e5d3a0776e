/* Arithmetic that must give the same bits everywhere. */
#include "check.h"

#include "alloc.h"
#include "rec/vector.h"

#include <math.h>

static float number(rec_random *random)
{
    return (float)((double)(rec_random_next(random) >> 40) / (1 << 23) - 1);
}

/* The inner product is the written-out sum of sixteen lanes, added pairwise: whatever the instruction set. */
static void dot_has_one_order_of_additions(void **state)
{
    float a[300], b[300];
    rec_random random = { 7 };

    (void)state;
    for (size_t i = 0; i < 300; i++) {
        a[i] = number(&random);
        b[i] = number(&random);
    }
    for (size_t n = 0; n <= 300; n += 7) {
        volatile float lane[16] = { 0 }; /* volatile: each addition is rounded where it stands */
        for (size_t i = 0; i < n; i++) {
            volatile float product = a[i] * b[i];
            lane[i % 16] = lane[i % 16] + product;
        }
        for (size_t half = 8; half > 0; half /= 2)
            for (size_t j = 0; j < half; j++)
                lane[j] = lane[j] + lane[j + half];
        float got = rec_dot(a, b, n), want = lane[0];
        CHECK(memcmp(&got, &want, sizeof(got)) == 0);
    }
}

static void add_scaled_rounds_the_product_before_the_sum(void **state)
{
    float y[100], want[100], x[100];
    int8_t bytes[100];
    rec_random random = { 9 };

    (void)state;
    for (size_t i = 0; i < 100; i++) {
        y[i] = want[i] = number(&random);
        x[i] = number(&random);
        bytes[i] = (int8_t)(rec_random_below(&random, 255));
        volatile float product = 0.37f * x[i];
        want[i] = want[i] + product;
        product = 0.11f * (float)bytes[i];
        want[i] = want[i] + product;
    }
    rec_add_scaled(y, 0.37f, x, 100);
    rec_add_scaled_bytes(y, 0.11f, bytes, 100);
    CHECK(memcmp(y, want, sizeof(y)) == 0);
}

static void doubles_are_added_each_product_rounded(void **state)
{
    double y[100], want[100], x[100];
    rec_random random = { 11 };

    (void)state;
    for (size_t n = 0; n <= 100; n += 5) {
        for (size_t i = 0; i < 100; i++) {
            x[i] = (double)number(&random) / 3;
            y[i] = want[i] = (double)number(&random);
            volatile double product = 0.37 * x[i];
            want[i] += i < n ? product : 0;
        }
        rec_add_scaled_doubles(y, 0.37, x, n);
        CHECK(memcmp(y, want, sizeof(y)) == 0);
    }
}

static void two_rows_are_turned_in_their_plane(void **state)
{
    double x[43], y[43], left[43], right[43];
    rec_random random = { 13 };

    (void)state;
    for (size_t n = 0; n <= 43; n++) {
        for (size_t i = 0; i < 43; i++) {
            x[i] = left[i] = (double)number(&random);
            y[i] = right[i] = (double)number(&random);
            volatile double cx = 0.8 * x[i], sy = 0.6 * y[i], sx = 0.6 * x[i], cy = 0.8 * y[i];
            left[i] = i < n ? cx - sy : left[i];
            right[i] = i < n ? sx + cy : right[i];
        }
        rec_rotate(x, y, 0.8, 0.6, n);
        CHECK(memcmp(x, left, sizeof(x)) == 0);
        CHECK(memcmp(y, right, sizeof(y)) == 0);
    }
}

static void quantised_numbers_are_multiples_of_a_127th_of_the_largest(void **state)
{
    float x[100];
    int8_t bytes[101];
    rec_random random = { 12 };

    (void)state;
    for (size_t n = 1; n <= 100; n++) {
        float largest = 0;
        for (size_t i = 0; i < n; i++) {
            x[i] = number(&random) * 3;
            largest = fmaxf(largest, fabsf(x[i]));
        }
        bytes[n] = 77;
        CHECK(rec_quantise(x, bytes, n) == largest / 127);
        for (size_t i = 0; i < n; i++)
            CHECK_INT(bytes[i], (int)roundf(x[i] / largest * 127));
        CHECK_INT(bytes[n], 77); /* no byte more */
    }
}

/* At the ends of the range, halfway between two steps, and of either zero. */
static void quantising_rounds_halves_away_from_zero(void **state)
{
    static const float x[] = { -127,  127,    0.5f,    -0.5f, 1.5f, -1.5f, 0.25f,  -0.25f, 0,
                               -0.0f, 126.5f, -126.5f, 2,     -2,   63.5f, -63.5f, 0.5f,   -0.5f };
    static const int8_t want[] = { -127, 127, 1, -1, 2, -2, 0, 0, 0, 0, 127, -127, 2, -2, 64, -64, 1, -1 };
    static const float zeros[18] = { 0, -0.0f };
    int8_t bytes[18];

    (void)state;
    CHECK(rec_quantise(x, bytes, 18) == 1);
    CHECK(memcmp(bytes, want, sizeof(want)) == 0);
    CHECK(rec_quantise(zeros, bytes, 18) == 0);
    for (size_t i = 0; i < 18; i++)
        CHECK_INT(bytes[i], 0);
}

/* Whatever the rows' length and number, and through prefetching and blocks: the bits of adding one after the other. */
static void rows_added_together_give_the_bits_of_one_at_a_time(void **state)
{
    static const size_t lengths[] = { 1, 16, 100, 127, 128, 129, 256, 400 };
    enum { ROWS = 40, MOST = 400 };
    static int8_t bytes[ROWS][MOST];
    const int8_t *rows[ROWS];
    float weights[ROWS], y[MOST], want[MOST];
    rec_random random = { 8 };

    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        rows[i] = bytes[i];
        weights[i] = rec_random_unit(&random) - 0.5f;
        for (size_t j = 0; j < MOST; j++)
            bytes[i][j] = (int8_t)((int)rec_random_below(&random, 255) - 127);
    }
    for (size_t l = 0; l < sizeof(lengths) / sizeof(lengths[0]); l++)
        for (size_t count = 0; count <= ROWS; count += 5) {
            for (size_t j = 0; j < lengths[l]; j++)
                y[j] = want[j] = rec_random_unit(&random);
            rec_add_rows(y, weights, rows, count, lengths[l]);
            for (size_t i = 0; i < count; i++)
                rec_add_scaled_bytes(want, weights[i], rows[i], lengths[l]);
            CHECK(memcmp(y, want, lengths[l] * sizeof(*y)) == 0);
        }
}

static void logarithm_agrees_with_the_c_library(void **state)
{
    (void)state;
    for (double x = 1e-9; x < 1e12; x *= 1.0137)
        CHECK_NEAR(log(x), rec_log(x), 1e-13 * (1 + fabs(log(x))));
    CHECK(rec_log(1) == 0);
}

static void exponentials_agree_with_the_c_library(void **state)
{
    float x[1601], power[1601];

    (void)state;
    for (int i = 0; i <= 1600; i++)
        x[i] = (float)(i - 800) / 10 + (i % 2 ? .0317f : 0);
    x[1599] = -80; /* the ends of what is promised */
    x[1600] = 80;
    rec_exp(x, power, 1601);
    for (int i = 0; i <= 1600; i++)
        CHECK_NEAR(1, (double)power[i] / exp((double)x[i]), 1e-6);
    CHECK(power[800] == 1);
}

/* How many stand in one call changes none of them: not at the end of a row of lanes either. */
static void exponentials_do_not_depend_on_their_neighbours(void **state)
{
    float x[37], together[37], alone;
    rec_random random = { 11 };

    (void)state;
    for (size_t i = 0; i < 37; i++)
        x[i] = 20 * number(&random);
    rec_exp(x, together, 37);
    for (size_t i = 0; i < 37; i++) {
        rec_exp(&x[i], &alone, 1);
        CHECK(memcmp(&alone, &together[i], sizeof(alone)) == 0);
    }
    rec_exp(x, x, 37); /* in place */
    CHECK(memcmp(x, together, sizeof(x)) == 0);
}

static void a_unit_vector_has_length_one_and_zero_stays_zero(void **state)
{
    float x[32] = { 3, 4 }, zero[32] = { 0 };

    (void)state;
    CHECK_NEAR(5, rec_normalise(x, 32), 1e-6);
    CHECK_NEAR(0.6, x[0], 1e-6);
    CHECK(rec_normalise(zero, 32) == 0);
    CHECK(zero[0] == 0);
}

/* The first numbers of SplitMix64 from seed 1234567, as its authors' code prints them. */
static void random_numbers_are_splitmix64(void **state)
{
    rec_random random = { 1234567 };

    (void)state;
    CHECK(rec_random_next(&random) == 6457827717110365317ULL);
    CHECK(rec_random_next(&random) == 3203168211198807973ULL);
    for (int i = 0; i < 1000; i++)
        CHECK(rec_random_below(&random, 7) < 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dot_has_one_order_of_additions),
        cmocka_unit_test(add_scaled_rounds_the_product_before_the_sum),
        cmocka_unit_test(doubles_are_added_each_product_rounded),
        cmocka_unit_test(two_rows_are_turned_in_their_plane),
        cmocka_unit_test(quantised_numbers_are_multiples_of_a_127th_of_the_largest),
        cmocka_unit_test(quantising_rounds_halves_away_from_zero),
        cmocka_unit_test(rows_added_together_give_the_bits_of_one_at_a_time),
        cmocka_unit_test(logarithm_agrees_with_the_c_library),
        cmocka_unit_test(exponentials_agree_with_the_c_library),
        cmocka_unit_test(exponentials_do_not_depend_on_their_neighbours),
        cmocka_unit_test(a_unit_vector_has_length_one_and_zero_stays_zero),
        cmocka_unit_test(random_numbers_are_splitmix64),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
