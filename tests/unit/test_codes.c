/* Byte and sign codes: what rounding loses, and that every instruction set counts alike. */
#include "check.h"

#include "alloc.h"
#include "codes_kernels.h"
#include "rec/codes.h"
#include "rec/vector.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { MOST = 4096, ROWS = 7 };

static const size_t LENGTHS[] = { 0, 1, 15, 16, 31, 32, 33, 63, 64, 65, 127, 256, 384, 400, 512, 1000, 4096 };

static void fill_at_random(rec_random *random, int8_t *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (int8_t)((int)rec_random_below(random, 255) - 127);
}

static int64_t plain_dot(const int8_t *a, const int8_t *b, size_t n)
{
    int64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (int64_t)a[i] * b[i];
    return sum;
}

static void check_dots(const struct rec_codes_kernels *kernels, const int8_t *query, const int8_t *rows, size_t dim)
{
    int32_t dots[ROWS];

    kernels->dots(query, rows, ROWS, dim, dots);
    for (size_t r = 0; r < ROWS; r++)
        if (plain_dot(query, rows + r * dim, dim) != dots[r])
            fail_msg("%s, %zu components, row %zu: %d", kernels->name, dim, r, (int)dots[r]);
}

static void every_instruction_set_multiplies_alike(void **state)
{
    int8_t *query = rec_alloc_array(MOST, 1), *rows = rec_alloc_array(MOST * ROWS, 1);
    rec_random random = { 11 };
    const struct rec_codes_kernels *kernels;

    (void)state;
    CHECK(query && rows);
    for (size_t i = 0; (kernels = rec_codes_kernels_at(i)); i++)
        for (size_t l = 0; l < COUNT(LENGTHS); l++) {
            fill_at_random(&random, query, LENGTHS[l]);
            fill_at_random(&random, rows, LENGTHS[l] * ROWS);
            check_dots(kernels, query, rows, LENGTHS[l]);
        }
    rec_free(query);
    rec_free(rows);
}

/* The largest products and sums, of either sign: what 16 bits in between must hold. */
static void extreme_components_do_not_overflow(void **state)
{
    static const int8_t ends[] = { 127, -127, 0 };
    int8_t *query = rec_alloc_array(MOST, 1), *rows = rec_alloc_array(MOST * ROWS, 1);
    const struct rec_codes_kernels *kernels;

    (void)state;
    CHECK(query && rows);
    for (size_t i = 0; (kernels = rec_codes_kernels_at(i)); i++)
        for (size_t a = 0; a < COUNT(ends); a++)
            for (size_t b = 0; b < COUNT(ends); b++) {
                memset(query, ends[a], MOST);
                memset(rows, ends[b], MOST * ROWS);
                check_dots(kernels, query, rows, MOST);
            }
    rec_free(query);
    rec_free(rows);
}

static void every_instruction_set_counts_bits_alike(void **state)
{
    static const size_t words[] = { 0, 1, 2, 4, 5, 6, 7, 8, 9, 16, 17 };
    uint64_t query[17], rows[17 * ROWS];
    rec_random random = { 5 };
    const struct rec_codes_kernels *kernels;

    (void)state;
    for (size_t i = 0; (kernels = rec_codes_kernels_at(i)); i++)
        for (size_t w = 0; w < COUNT(words); w++) {
            uint16_t distances[ROWS];

            for (size_t j = 0; j < words[w]; j++)
                query[j] = rec_random_next(&random);
            for (size_t j = 0; j < words[w] * ROWS; j++)
                rows[j] = j < words[w] ? ~query[j] : rec_random_next(&random); /* the first differs everywhere */
            kernels->distances(query, rows, ROWS, words[w], distances);
            for (size_t r = 0; r < ROWS; r++) {
                uint64_t bits = 0;

                for (size_t j = 0; j < 64 * words[w]; j++)
                    bits += (query[j / 64] ^ rows[r * words[w] + j / 64]) >> j % 64 & 1;
                CHECK_INT(bits, distances[r]);
            }
            CHECK_INT(64 * words[w], distances[0]);
        }
}

static void a_code_has_unit_length_and_keeps_cosines(void **state)
{
    float a[256], b[256], back[256];
    int8_t a_items[256], b_items[256];
    rec_random random = { 3 };

    (void)state;
    for (size_t run = 0; run < 50; run++) {
        rec_code left = { a_items, 0 }, right = { b_items, 0 };

        for (size_t i = 0; i < 256; i++) {
            a[i] = rec_random_unit(&random) - 0.5f;
            b[i] = a[i] * (float)run / 50 + rec_random_unit(&random) - 0.5f;
        }
        rec_normalise(a, 256);
        rec_normalise(b, 256);
        left.factor = rec_codes_round(a, 256, a_items);
        right.factor = rec_codes_round(b, 256, b_items);
        CHECK_NEAR(1, rec_codes_cosine(left, left, 256), 1e-6);
        CHECK_NEAR(rec_dot(a, b, 256), rec_codes_cosine(left, right, 256), 2e-3);
        CHECK(rec_codes_cosine(left, right, 256) == rec_codes_cosine(right, left, 256));
        rec_codes_restore(left, 256, back);
        for (size_t i = 0; i < 256; i++)
            CHECK_NEAR(a[i], back[i], 1e-3);
        CHECK_INT(rec_codes_dot(a_items, b_items, 256), plain_dot(a_items, b_items, 256));
    }
}

static void a_zero_vector_is_like_nothing(void **state)
{
    static const float zero[32], one[32] = { 1 };
    int8_t zero_items[32], one_items[32];
    rec_code nothing = { zero_items, rec_codes_round(zero, 32, zero_items) };
    rec_code something = { one_items, rec_codes_round(one, 32, one_items) };

    (void)state;
    CHECK(nothing.factor == 0);
    CHECK(rec_codes_cosine(nothing, something, 32) == 0);
    CHECK(rec_codes_cosine(nothing, nothing, 32) == 0);
}

/* The largest component, of either sign, is 127 steps; a half step is rounded away from 0. */
static void components_are_rounded_to_the_nearest_step(void **state)
{
    const float x[] = { -127, 63.5f, 63.4f, -0.5f, 0.4f, 0, 1, 126.6f };
    static const int8_t expected[] = { -127, 64, 63, -1, 0, 0, 1, 127 };
    int8_t items[8];

    (void)state;
    rec_codes_round(x, 8, items);
    for (size_t i = 0; i < 8; i++)
        CHECK_INT(expected[i], items[i]);
}

static void signs_are_set_above_zero_and_spare_bits_are_not(void **state)
{
    int8_t items[70];
    uint64_t signs[2];

    (void)state;
    for (size_t i = 0; i < 70; i++)
        items[i] = i % 3 == 0 ? 5 : i % 3 == 1 ? 0 : -5;
    rec_signs_of(items, 70, signs);
    for (size_t i = 0; i < 128; i++)
        CHECK_INT(i < 70 && i % 3 == 0, signs[i / 64] >> i % 64 & 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_instruction_set_multiplies_alike),
        cmocka_unit_test(extreme_components_do_not_overflow),
        cmocka_unit_test(every_instruction_set_counts_bits_alike),
        cmocka_unit_test(a_code_has_unit_length_and_keeps_cosines),
        cmocka_unit_test(a_zero_vector_is_like_nothing),
        cmocka_unit_test(components_are_rounded_to_the_nearest_step),
        cmocka_unit_test(signs_are_set_above_zero_and_spare_bits_are_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
