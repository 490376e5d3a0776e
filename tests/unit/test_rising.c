/* The rising bar: what is kept is the best of all that was offered, whatever the bins, the order and the ties. */
#include "check.h"

#include "rec/vector.h"
#include "rising.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { OFFERS = 5000, KEPT_MOST = 300, BINS_MOST = 512 };

static rec_near offers[OFFERS], kept[2 * KEPT_MOST];
static uint32_t bins[BINS_MOST];

static int in_order(const void *left, const void *right)
{
    const rec_near *a = left, *b = right;

    return rec_near_before(*a, *b) ? -1 : rec_near_before(*b, *a);
}

static rec_rising begin(size_t keep, size_t bin_count)
{
    memset(bins, 0, sizeof(bins));
    return (rec_rising){ .near = kept, .bins = bins, .bin_count = bin_count, .offset = 1, .scale = (float)bin_count / 2, .keep = keep };
}

/* Offers all, held against the bar first as callers do, and compares with sorting. */
static void check_best(size_t count, size_t keep, size_t bin_count)
{
    rec_rising rising = begin(keep, bin_count);
    float bar = -2;

    for (size_t i = 0; i < count; i++)
        if (offers[i].likeness >= bar && rec_rising_offer(&rising, offers[i]))
            bar = rec_rising_bar(&rising) - 1e-5f;
    rec_rising_finish(&rising);
    CHECK_INT(count < keep ? count : keep, rising.count);
    qsort(kept, rising.count, sizeof(kept[0]), in_order);
    qsort(offers, count, sizeof(offers[0]), in_order);
    for (size_t i = 0; i < rising.count; i++)
        if (kept[i].row != offers[i].row || kept[i].likeness != offers[i].likeness)
            fail_msg("%zu offers, %zu kept, %zu bins: place %zu has row %u", count, keep, bin_count, i, (unsigned)kept[i].row);
}

static void what_is_kept_is_what_sorting_puts_first(void **state)
{
    static const size_t keeps[] = { 1, 2, 7, KEPT_MOST }, counts[] = { 0, 1, 6, 7, 8, 599, 601, OFFERS },
                        bin_counts[] = { 1, 2, BINS_MOST };
    rec_random random = { 5 };

    (void)state;
    for (size_t k = 0; k < COUNT(keeps); k++)
        for (size_t c = 0; c < COUNT(counts); c++)
            for (size_t b = 0; b < COUNT(bin_counts); b++) {
                for (size_t i = 0; i < counts[c]; i++)
                    offers[i] = (rec_near){ (uint32_t)i, 2 * rec_random_unit(&random) - 1 };
                check_best(counts[c], keeps[k], bin_counts[b]);
            }
}

static void of_equal_ones_the_lower_rows_are_kept(void **state)
{
    rec_random random = { 6 };

    (void)state;
    for (size_t i = 0; i < OFFERS; i++)
        offers[i] = (rec_near){ (uint32_t)(OFFERS - i), (float)rec_random_below(&random, 4) / 4 };
    check_best(OFFERS, KEPT_MOST, BINS_MOST);
}

static void offers_that_get_better_all_the_time_are_kept_to_the_last(void **state)
{
    (void)state;
    for (size_t i = 0; i < OFFERS; i++)
        offers[i] = (rec_near){ (uint32_t)i, (float)i / OFFERS };
    check_best(OFFERS, KEPT_MOST, BINS_MOST);
}

static void likenesses_without_a_bin_are_kept_in_the_first_or_the_last(void **state)
{
    (void)state;
    for (size_t i = 0; i < OFFERS; i++)
        offers[i] = (rec_near){ (uint32_t)i, (float)((int)i % 11 - 5) };
    check_best(OFFERS, KEPT_MOST, BINS_MOST);
}

static void an_offer_below_the_bar_is_not_taken(void **state)
{
    rec_rising rising = begin(2, BINS_MOST);

    (void)state;
    CHECK(!rec_rising_offer(&rising, (rec_near){ 1, .5f }));
    CHECK(rec_rising_offer(&rising, (rec_near){ 2, .75f }));
    CHECK(rec_rising_bar(&rising) <= .5f && rec_rising_bar(&rising) > .49f);
    CHECK(!rec_rising_offer(&rising, (rec_near){ 3, .25f }));
    CHECK_INT(2, rising.count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_kept_is_what_sorting_puts_first),
        cmocka_unit_test(of_equal_ones_the_lower_rows_are_kept),
        cmocka_unit_test(offers_that_get_better_all_the_time_are_kept_to_the_last),
        cmocka_unit_test(likenesses_without_a_bin_are_kept_in_the_first_or_the_last),
        cmocka_unit_test(an_offer_below_the_bar_is_not_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
