/* Authors in common: what two papers share, and what a common name is worth. */
#include "check.h"

#include "alloc.h"
#include "authors.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define AUTHORS(...) ((rec_authors){ (const uint32_t[]){ __VA_ARGS__ }, COUNT(((const uint32_t[]){ __VA_ARGS__ })) })

enum { RARE = 7, AT_BORDER = 100, COMMON = 900 };

/* A model of no papers whose authors are 20 times AT_BORDER, 80 times COMMON and once RARE. */
static rec_model *fit_names(unsigned threads)
{
    static const uint64_t none[1];
    static uint32_t keys[101];
    rec_fit fit = { .rows = { NULL, none, 0 }, .authors = { keys, COUNT(keys) }, .threads = threads };
    rec_error err = REC_ERROR_INIT;
    rec_model *model = NULL;

    for (size_t i = 0; i < COUNT(keys); i++)
        keys[i] = i % 5 == 0 && i < 100 ? AT_BORDER : COMMON;
    keys[100] = RARE;
    CHECK_STATUS(REC_OK, rec_model_fit(&fit, &model, &err), &err);
    return model;
}

static void equal_single_authors_share_all(void **state)
{
    (void)state;
    rec_model *model = fit_names(1);

    CHECK_NEAR(1, rec_authors_likeness(model, AUTHORS(RARE), AUTHORS(RARE)), 1e-6);
    CHECK_NEAR(1, rec_authors_likeness(model, AUTHORS(12345), AUTHORS(12345)), 1e-6); /* a name that came after the fit */
    CHECK_NEAR(1, rec_authors_likeness(model, AUTHORS(AT_BORDER), AUTHORS(AT_BORDER)), 1e-6);
    rec_model_free(model);
}

static void shared_ones_count_against_the_lengths_of_both_lists(void **state)
{
    (void)state;
    rec_model *model = fit_names(1);

    CHECK_NEAR(1 / sqrt(4.0 * 2.0), rec_authors_likeness(model, AUTHORS(1, 2, RARE, 4), AUTHORS(RARE, 5)), 1e-6);
    CHECK_NEAR(2 / sqrt(3.0 * 2.0), rec_authors_likeness(model, AUTHORS(1, 2, RARE), AUTHORS(RARE, 1)), 1e-6);
    CHECK_NEAR(0, rec_authors_likeness(model, AUTHORS(1, 2), AUTHORS(3, 4)), 0);
    rec_model_free(model);
}

static void a_common_name_is_worth_less(void **state)
{
    (void)state;
    rec_model *model = fit_names(1);

    CHECK_NEAR(.5, rec_authors_likeness(model, AUTHORS(COMMON), AUTHORS(COMMON)), 1e-6); /* sqrt(20 / 80) */
    CHECK_NEAR(.75, rec_authors_likeness(model, AUTHORS(COMMON, RARE), AUTHORS(RARE, COMMON)), 1e-6);
    rec_model_free(model);
}

static void nameless_and_absent_authors_share_nothing(void **state)
{
    (void)state;
    rec_model *model = fit_names(1);

    CHECK_NEAR(0, rec_authors_likeness(model, AUTHORS(0), AUTHORS(0)), 0);
    CHECK_NEAR(0, rec_authors_likeness(model, (rec_authors){ NULL, 0 }, AUTHORS(RARE)), 0);
    CHECK_NEAR(0, rec_authors_likeness(model, AUTHORS(RARE), (rec_authors){ NULL, 0 }), 0);
    rec_model_free(model);
}

static void a_name_that_stands_twice_counts_once(void **state)
{
    (void)state;
    rec_model *model = fit_names(1);

    CHECK_NEAR(.5, rec_authors_likeness(model, AUTHORS(RARE, RARE), AUTHORS(RARE, RARE)), 1e-6);
    rec_model_free(model);
}

static void order_does_not_matter(void **state)
{
    (void)state;
    rec_model *model = fit_names(1);
    float there = rec_authors_likeness(model, AUTHORS(1, COMMON, RARE), AUTHORS(RARE, 9, COMMON, 8));
    float back = rec_authors_likeness(model, AUTHORS(RARE, 9, COMMON, 8), AUTHORS(1, COMMON, RARE));

    CHECK(there > 0);
    CHECK_NEAR(there, back, 0);
    rec_model_free(model);
}

static void large_collaborations_are_read_in_part(void **state)
{
    (void)state;
    rec_model *model = fit_names(1);
    uint32_t many[5000];
    rec_authors all = { many, COUNT(many) };

    for (uint32_t i = 0; i < COUNT(many); i++)
        many[i] = 1000 + i;
    CHECK_NEAR(1, rec_authors_likeness(model, all, all), 1e-6);
    rec_model_free(model);
}

static void common_names_are_part_of_the_fingerprint(void **state)
{
    (void)state;
    static const uint64_t none[1];
    rec_model *with = fit_names(1), *again = fit_names(2), *without = NULL;
    rec_fit fit = { .rows = { NULL, none, 0 }, .threads = 1 };
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_model_fit(&fit, &without, &err), &err);
    CHECK_STR(rec_model_fingerprint(with), rec_model_fingerprint(again));
    CHECK(strcmp(rec_model_fingerprint(with), rec_model_fingerprint(without)) != 0);
    rec_model_free(with);
    rec_model_free(again);
    rec_model_free(without);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_single_authors_share_all),        cmocka_unit_test(shared_ones_count_against_the_lengths_of_both_lists),
        cmocka_unit_test(a_common_name_is_worth_less),           cmocka_unit_test(nameless_and_absent_authors_share_nothing),
        cmocka_unit_test(a_name_that_stands_twice_counts_once),  cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(large_collaborations_are_read_in_part), cmocka_unit_test(common_names_are_part_of_the_fingerprint),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
