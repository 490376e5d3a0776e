/* Filters: windows of dates over spans, and categories with what is filed below them. */
#include "check.h"

#include "rec/filter.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool takes_day(const char *since, const char *until, const char *date)
{
    rec_filter filter = { 0 };
    rec_date span = { 0, 0, "" };
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_filter_set_window(&filter, since, until, &err), &err);
    if (date)
        CHECK_STATUS(REC_OK, rec_date_parse(date, &span, &err), &err);
    return rec_filter_takes_date(&filter, span.first, span.last);
}

static void a_paper_passes_where_its_span_and_the_window_share_a_day(void **state)
{
    static const struct {
        const char *since, *until, *date;
        bool passes;
    } CASES[] = {
        { NULL, NULL, "2024-05-17", true },           { "2024-05-17", NULL, "2024-05-17", true },
        { "2024-05-18", NULL, "2024-05-17", false },  { NULL, "2024-05-17", "2024-05-17", true },
        { NULL, "2024-05-16", "2024-05-17", false },  { "2024-05-17", "2024-05-17", "2024-05-17", true },
        { "2024-05", "2024-05", "2024-05-31", true }, { "2024-05", "2024-05", "2024-06-01", false },
        { "2024", NULL, "2023-12-31", false },        { NULL, "2024", "2024-12-31", true },
        { "2024-05-17", NULL, "2024", true }, /* a day of the year 2024 may be in the window */
        { "2024-05-17", NULL, "2024-04", false },     { NULL, "2024-01-01", "2024", true },
        { NULL, "2023-12-31", "2024", false },        { "2024-05-17", "2024-05-17", "2024-05", true },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++)
        CHECK_INT(CASES[i].passes, takes_day(CASES[i].since, CASES[i].until, CASES[i].date));
}

static void a_paper_without_a_date_fails_any_window(void **state)
{
    (void)state;
    CHECK(takes_day(NULL, NULL, NULL));
    CHECK(!takes_day("1000", NULL, NULL));
    CHECK(!takes_day(NULL, "2999", NULL));
}

static void a_window_that_is_none_is_refused_and_changes_nothing(void **state)
{
    rec_filter filter = { .since = 20200101 };
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_EINVAL, rec_filter_set_window(&filter, "2024-05", "2024-04-30", &err), &err);
    CHECK_STR("since 2024-05 and until 2024-04-30 leave no day", err.message);
    CHECK_STATUS(REC_EINVAL, rec_filter_set_window(&filter, "yesterday", NULL, &err), &err);
    CHECK_STR("since: 'yesterday' is not a date (YYYY, YYYY-MM or YYYY-MM-DD)", err.message);
    CHECK_STATUS(REC_EINVAL, rec_filter_set_window(&filter, NULL, "2023-02-29", &err), &err);
    CHECK_STR("until: '2023-02-29' is not a date (YYYY, YYYY-MM or YYYY-MM-DD)", err.message);
    CHECK_INT(20200101, filter.since);
}

static bool takes(const char *category, const char *not_category, const char *categories)
{
    rec_filter filter = { .categories = &category,
                          .category_count = category != NULL,
                          .not_categories = &not_category,
                          .not_category_count = not_category != NULL };

    return rec_filter_takes_categories(&filter, categories);
}

static void a_category_stands_for_itself_and_what_is_filed_below_it(void **state)
{
    static const struct {
        const char *asked, *categories;
        bool passes;
    } CASES[] = {
        { "cs.LG", "[\"cs.LG\"]", true },
        { "cs.LG", "[\"stat.ML\",\"cs.LG\"]", true },
        { "cs.LG", "[\"cs.L\",\"cs.LGX\"]", false },
        { "cs.lg", "[\"cs.LG\"]", true },
        { "cs", "[\"cs.LG\"]", true },
        { "cs", "[\"cs\"]", true },
        { "cs.*", "[\"cs.LG\"]", true },
        { "cs.*", "[\"csx.LG\"]", false },
        { "c", "[\"cs.LG\"]", false },
        { "LG", "[\"cs.LG\"]", false },
        { "astro-ph", "[\"astro-ph.CO\"]", true },
        { "hep", "[\"hep-th\"]", false },
        { "Marine biology", "[\"marine Biology\"]", true },
        { "cs.LG", "[]", false },
        { "cs.LG", NULL, false },
        { "b", "[\"a\\\"\",\"b\"]", true },
        { "b", "[\"a\\\",\\\"b\"]", false },
        { ",", "[\"a\",\"b\"]", false }, /* what stands between the names is none */
        { ".*", "[\"cs.LG\"]", false },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        CHECK_INT(CASES[i].passes, takes(CASES[i].asked, NULL, CASES[i].categories));
        CHECK_INT(!CASES[i].passes, takes(NULL, CASES[i].asked, CASES[i].categories));
    }
}

static void what_is_out_wins_over_what_is_in(void **state)
{
    (void)state;
    CHECK(takes("cs", "cs.CV", "[\"cs.LG\"]"));
    CHECK(!takes("cs", "cs.CV", "[\"cs.LG\",\"cs.CV\"]"));
    CHECK(!takes("cs", "cs.CV", "[\"cs.CV\",\"cs.LG\"]"));
}

static void one_of_several_categories_is_enough(void **state)
{
    static const char *const ASKED[] = { "q-bio", "cs.CV" };
    rec_filter filter = { .categories = ASKED, .category_count = COUNT(ASKED) };

    (void)state;
    CHECK(rec_filter_takes_categories(&filter, "[\"cs.CV\"]"));
    CHECK(rec_filter_takes_categories(&filter, "[\"math.CO\",\"q-bio.PE\"]"));
    CHECK(!rec_filter_takes_categories(&filter, "[\"math.CO\"]"));
}

static void what_is_no_category_is_refused(void **state)
{
    static const char *const BAD[] = { "", "a\"b", "a\\b", "a\nb", "\x1b[31m" };
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, rec_filter_check_category("cs.LG", &err), &err);
    CHECK_STATUS(REC_OK, rec_filter_check_category("Ökologie (allgemein)", &err), &err);
    for (size_t i = 0; i < COUNT(BAD); i++)
        CHECK_STATUS(REC_EINVAL, rec_filter_check_category(BAD[i], &err), &err);
}

static void an_open_filter_takes_every_paper(void **state)
{
    rec_filter open = { 0 }, window = { .until = 20241231 };
    rec_paper paper = REC_PAPER_INIT;

    (void)state;
    CHECK(rec_filter_is_open(&open));
    CHECK(rec_filter_takes(&open, &paper));
    CHECK(!rec_filter_is_open(&window));
    CHECK(!rec_filter_takes(&window, &paper));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_paper_passes_where_its_span_and_the_window_share_a_day),
        cmocka_unit_test(a_paper_without_a_date_fails_any_window),
        cmocka_unit_test(a_window_that_is_none_is_refused_and_changes_nothing),
        cmocka_unit_test(a_category_stands_for_itself_and_what_is_filed_below_it),
        cmocka_unit_test(what_is_out_wins_over_what_is_in),
        cmocka_unit_test(one_of_several_categories_is_enough),
        cmocka_unit_test(what_is_no_category_is_refused),
        cmocka_unit_test(an_open_filter_takes_every_paper),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
