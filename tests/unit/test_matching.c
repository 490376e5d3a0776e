/* Products of many codes with many, and the nearest rows they give. */
#include "check.h"

#include "alloc.h"
#include "matching.h"
#include "nearest.h"
#include "panel_kernels.h"
#include "rec/panel.h"
#include "rec/vector.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void fill_at_random(rec_random *random, int8_t *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (int8_t)((int)rec_random_below(random, 255) - 127);
}

/* ---- panels -------------------------------------------------------------------------------------------------------- */

static void check_products(const struct rec_panel_kernel *kernel, const int8_t *queries, size_t n, const int8_t *rows, size_t count,
                           size_t dim)
{
    uint8_t *panel = rec_alloc_aligned(rec_panel_bytes(count, dim), 1);
    int32_t *dots = rec_alloc_array(n * REC_PANEL_ROWS, sizeof(*dots));

    CHECK(panel && dots);
    rec_panel_fill(rows, count, dim, panel);
    kernel->multiply(queries, n, panel, (count + REC_PANEL_LANES - 1) / REC_PANEL_LANES, dim, dots);
    for (size_t i = 0; i < n; i++)
        for (size_t r = 0; r < count; r++)
            if (dots[i * REC_PANEL_ROWS + r] != rec_codes_dot(queries + i * dim, rows + r * dim, dim))
                fail_msg("%s, %zu queries, %zu rows, %zu components: product of %zu and %zu", kernel->name, n, count, dim, i, r);
    rec_free(panel);
    rec_free(dots);
}

/* Full tiles and what is left of them; the largest components of either sign. */
static void every_instruction_set_multiplies_panels_alike(void **state)
{
    static const size_t QUERIES[] = { 1, 3, 4, 7, 8, 9, 17 }, ROWS[] = { 1, 15, 16, 17, 33, 256 }, DIMS[] = { 4, 16, 384, 512 };
    int8_t *queries = rec_alloc_array(17 * 512, 1), *rows = rec_alloc_array(256 * 512, 1);
    rec_random random = { 4 };
    const struct rec_panel_kernel *kernel;

    (void)state;
    CHECK(queries && rows);
    for (size_t k = 0; (kernel = rec_panel_kernel_at(k)); k++) {
        fill_at_random(&random, queries, 17 * 512);
        fill_at_random(&random, rows, 256 * 512);
        for (size_t q = 0; q < COUNT(QUERIES); q++)
            for (size_t r = 0; r < COUNT(ROWS); r++)
                for (size_t d = 0; d < COUNT(DIMS); d++)
                    check_products(kernel, queries, QUERIES[q], rows, ROWS[r], DIMS[d]);
        memset(queries, -127, 17 * 512);
        memset(rows, 127, 256 * 512);
        check_products(kernel, queries, 9, rows, 33, 512);
    }
    rec_free(queries);
    rec_free(rows);
}

static void what_reaches_a_bar_is_found(void **state)
{
    int32_t dots[37];
    float factors[37];
    uint16_t places[37];

    (void)state;
    for (size_t i = 0; i < COUNT(dots); i++) {
        dots[i] = (int32_t)i;
        factors[i] = i % 5 == 4 ? NAN : i % 2 ? 2 : 1;
    }
    CHECK_INT(0, rec_panel_reach(dots, factors, COUNT(dots), 71, places));
    CHECK_INT(1, rec_panel_reach(dots, factors, COUNT(dots), 70, places));
    CHECK_INT(35, places[0]);
    CHECK_INT(3, rec_panel_reach(dots, factors, COUNT(dots), 62, places));
    CHECK_INT(31, places[0]);
    CHECK_INT(33, places[1]);
    CHECK_INT(30, rec_panel_reach(dots, factors, COUNT(dots), -INFINITY, places));
}

/* Products at the bar, which reach it, and as far below it as single precision tells. */
static void every_instruction_set_finds_the_same(void **state)
{
    enum { MANY = 16 * 40 };
    static int32_t dots[MANY];
    static float factors[MANY];
    uint16_t expected[MANY], places[MANY];
    rec_random random = { 9 };
    const struct rec_panel_kernel *kernel;

    (void)state;
    for (int round = 0; round < 20; round++) {
        float bar = (float)(round - 10) * 1000.7f;
        size_t count = 0;

        for (size_t i = 0; i < MANY; i++) {
            dots[i] = (int32_t)rec_random_below(&random, 1 << 25) - (1 << 24);
            factors[i] = i % 7 == 3 ? NAN : i % 7 ? rec_random_unit(&random) / 1000 : bar / (float)dots[i];
            if ((float)dots[i] * factors[i] >= bar)
                expected[count++] = (uint16_t)i;
        }
        for (size_t k = 0; (kernel = rec_panel_kernel_at(k)); k++) {
            CHECK_INT(count, kernel->reach(dots, factors, MANY, bar, places));
            CHECK(memcmp(expected, places, count * sizeof(*places)) == 0);
        }
    }
}

/* ---- nearest rows -------------------------------------------------------------------------------------------------- */

enum { ROWS = 1500, DIM = 32, K = 20 };

static struct rows {
    int8_t codes[ROWS * DIM];
    float factors[ROWS];
} * all;

/* Some without a vector, some equal to others. */
static int make_rows(void **state)
{
    rec_random random = { 12 };

    (void)state;
    if (!(all = rec_alloc(sizeof(*all))))
        return -1;
    fill_at_random(&random, all->codes, sizeof(all->codes));
    for (size_t r = 0; r < ROWS; r++) {
        float length = 0;

        if (r % 7 == 3)
            memcpy(all->codes + r * DIM, all->codes + r / 2 * DIM, DIM);
        if (r % 50 == 0)
            memset(all->codes + r * DIM, 0, DIM);
        for (size_t j = 0; j < DIM; j++)
            length += (float)(all->codes[r * DIM + j] * all->codes[r * DIM + j]);
        all->factors[r] = length > 0 ? 1 / sqrtf(length) : 0;
    }
    return 0;
}

static int free_rows(void **state)
{
    (void)state;
    rec_free(all);
    return 0;
}

static int nearer_first(const void *left, const void *right)
{
    const rec_near *a = left, *b = right;

    return rec_near_before(*a, *b) ? -1 : rec_near_before(*b, *a);
}

/* The nearest of rows `from` to `to` - 1, one product at a time. */
static size_t scan(size_t query, size_t from, size_t to, rec_near *out)
{
    static rec_near near[ROWS];
    size_t n = 0;

    for (size_t r = from; r < to && all->factors[query] > 0; r++)
        if (all->factors[r] > 0)
            near[n++] = (rec_near){ (uint32_t)r, rec_codes_worth(rec_codes_dot(all->codes + query * DIM, all->codes + r * DIM, DIM),
                                                                 all->factors[query], all->factors[r]) };
    qsort(near, n, sizeof(*near), nearer_first);
    n = n < K ? n : K;
    memcpy(out, near, n * sizeof(*out));
    return n;
}

static void check_nearest(const rec_panels *panels, const rec_match *match, size_t from, size_t to, unsigned threads)
{
    rec_near *near = rec_alloc_array(match->count * K, sizeof(*near)), expected[K];
    size_t *found = rec_alloc_array(match->count, sizeof(*found));
    rec_error err = REC_ERROR_INIT;

    CHECK(near && found);
    CHECK_STATUS(REC_OK, rec_panels_match(panels, match, threads, near, found, &err), &err);
    for (size_t i = 0; i < match->count; i++) {
        CHECK_INT(scan(match->rows[i], from, to, expected), found[i]);
        qsort(near + i * K, found[i], sizeof(*near), nearer_first);
        for (size_t j = 0; j < found[i]; j++) {
            CHECK_INT(expected[j].row, near[i * K + j].row);
            CHECK(expected[j].likeness == near[i * K + j].likeness);
        }
    }
    rec_free(near);
    rec_free(found);
}

static void the_nearest_rows_are_those_of_a_plain_scan(void **state)
{
    rec_layout layout = { .codes = all->codes, .factors = all->factors, .count = ROWS, .dim = DIM };
    uint32_t queries[300];
    rec_match match = { all->codes, all->factors, queries, COUNT(queries), NULL, 0, K, NULL, NULL };
    rec_panels *panels;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    for (size_t i = 0; i < COUNT(queries); i++)
        queries[i] = (uint32_t)(i * 5);
    CHECK_STATUS(REC_OK, rec_panels_new(&layout, 2, &panels, &err), &err);
    for (unsigned threads = 1; threads <= 3; threads++)
        check_nearest(panels, &match, 0, ROWS, threads);
    rec_panels_free(panels);
}

/* More rows of one likeness than are collected: the lower ones are kept. */
static void of_equal_rows_the_lower_ones_are_found(void **state)
{
    rec_layout layout = { .codes = all->codes, .factors = all->factors, .count = ROWS, .dim = DIM };
    uint32_t queries[] = { 1, ROWS - 1 };
    rec_match match = { all->codes, all->factors, queries, COUNT(queries), NULL, 0, K, NULL, NULL };
    rec_panels *panels;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    for (size_t r = 0; r < ROWS; r++) {
        memcpy(all->codes + r * DIM, all->codes + DIM, r == 1 ? 0 : DIM);
        all->factors[r] = all->factors[1];
    }
    CHECK_STATUS(REC_OK, rec_panels_new(&layout, 1, &panels, &err), &err);
    check_nearest(panels, &match, 0, ROWS, 1);
    rec_panels_free(panels);
}

/* Rows in another order, in parts of several sizes, one empty; some parts are looked into. */
static void parts_hold_their_own_rows(void **state)
{
    static const size_t STARTS[] = { 0, 5, 5, 700, ROWS };
    static const uint32_t LOOKED[] = { 3, 1 };
    rec_layout layout = { .codes = all->codes, .factors = all->factors, .count = ROWS, .dim = DIM, .starts = STARTS, .parts = 4 };
    uint32_t order[ROWS], queries[50];
    rec_match match = { all->codes, all->factors, queries, COUNT(queries), LOOKED, COUNT(LOOKED), K, NULL, NULL };
    rec_panels *panels;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    for (uint32_t i = 0; i < ROWS; i++)
        order[i] = ROWS - 1 - i;
    for (size_t i = 0; i < COUNT(queries); i++)
        queries[i] = (uint32_t)(i * 29);
    layout.order = order;
    CHECK_STATUS(REC_OK, rec_panels_new(&layout, 1, &panels, &err), &err);
    check_nearest(panels, &match, 0, ROWS - 700, 2); /* the last 800 of the order */
    match.parts = NULL;
    check_nearest(panels, &match, 0, ROWS, 2);
    rec_panels_free(panels);
}

/* For each query the rows in whose reach it lies, however many. */
static void a_query_finds_the_rows_whose_reach_it_lies_in(void **state)
{
    rec_layout layout = { .codes = all->codes, .factors = all->factors, .count = ROWS, .dim = DIM };
    uint32_t queries[200];
    float reaches[ROWS];
    rec_near near[COUNT(queries) * K];
    size_t found[COUNT(queries)], some = 0, most = 0;
    rec_reached reached[COUNT(queries)];
    rec_match match = { all->codes, all->factors, queries, COUNT(queries), NULL, 0, K, reaches, reached };
    rec_panels *panels;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    for (size_t r = 0; r < ROWS; r++)
        reaches[r] = r % 3 == 0 ? INFINITY : r % 97 == 1 ? -2 : 0.4f;
    for (size_t i = 0; i < COUNT(queries); i++) {
        queries[i] = (uint32_t)(i * 7 + 1);
        reached[i] = (rec_reached)REC_REACHED_INIT;
    }
    CHECK_STATUS(REC_OK, rec_panels_new(&layout, 2, &panels, &err), &err);
    CHECK_STATUS(REC_OK, rec_panels_match(panels, &match, 2, near, found, &err), &err);
    for (size_t i = 0; i < COUNT(queries); i++) {
        size_t at = 0, q = queries[i];

        for (size_t r = 0; r < ROWS && all->factors[q] > 0; r++) {
            int32_t dot = rec_codes_dot(all->codes + q * DIM, all->codes + r * DIM, DIM);

            if (all->factors[r] > 0 && rec_codes_worth(dot, all->factors[r], all->factors[q]) >= reaches[r])
                CHECK(at < reached[i].count && reached[i].rows[at++] == r);
        }
        CHECK_INT(at, reached[i].count);
        some += at > 0;
        most = at > most ? at : most;
        rec_reached_clear(&reached[i]);
    }
    CHECK(some > 100 && most > 20);
    rec_panels_free(panels);
}

static void the_first_are_selected_whatever_their_order(void **state)
{
    rec_near near[101], sorted[101];
    rec_random random = { 8 };

    (void)state;
    for (size_t keep = 1; keep <= COUNT(near); keep += 10) {
        for (size_t i = 0; i < COUNT(near); i++)
            near[i] = (rec_near){ (uint32_t)i, (float)rec_random_below(&random, keep < 50 ? 7 : 1000) };
        memcpy(sorted, near, sizeof(near));
        qsort(sorted, COUNT(sorted), sizeof(*sorted), nearer_first);
        rec_nearest_select(near, COUNT(near), keep);
        qsort(near, keep, sizeof(*near), nearer_first);
        CHECK(memcmp(near, sorted, keep * sizeof(*near)) == 0);
    }
}

static void memory_running_out_is_reported(void **state)
{
    rec_layout layout = { .codes = all->codes, .factors = all->factors, .count = 300, .dim = DIM };
    uint32_t query = 1;
    rec_match match = { all->codes, all->factors, &query, 1, NULL, 0, K, NULL, NULL };
    bool done = false;

    (void)state;
    for (long allowed = 0; !done; allowed++) {
        rec_panels *panels = NULL;
        rec_near near[K];
        size_t found;
        rec_error err = REC_ERROR_INIT;
        rec_status rc;

        rec_alloc_fail_after(allowed);
        if ((rc = rec_panels_new(&layout, 1, &panels, &err)) == REC_OK)
            rc = rec_panels_match(panels, &match, 1, near, &found, &err);
        rec_alloc_fail_after(-1);
        rec_panels_free(panels);
        done = rc == REC_OK;
        if (!done)
            CHECK_STATUS(REC_ENOMEM, rc, &err);
        CHECK(!done || allowed > 5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_instruction_set_multiplies_panels_alike),
        cmocka_unit_test(what_reaches_a_bar_is_found),
        cmocka_unit_test(every_instruction_set_finds_the_same),
        cmocka_unit_test_setup_teardown(the_nearest_rows_are_those_of_a_plain_scan, make_rows, free_rows),
        cmocka_unit_test_setup_teardown(of_equal_rows_the_lower_ones_are_found, make_rows, free_rows),
        cmocka_unit_test_setup_teardown(parts_hold_their_own_rows, make_rows, free_rows),
        cmocka_unit_test(the_first_are_selected_whatever_their_order),
        cmocka_unit_test_setup_teardown(a_query_finds_the_rows_whose_reach_it_lies_in, make_rows, free_rows),
        cmocka_unit_test_setup_teardown(memory_running_out_is_reported, make_rows, free_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
