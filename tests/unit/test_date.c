/* Dates: what is read as which span, what is refused, and counting of days. */
#include "check.h"

#include "rec/date.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void dates_are_spans_of_days(void **state)
{
    static const struct {
        const char *text, *shown;
        int32_t first, last;
    } CASES[] = {
        { "2024", "2024", 20240101, 20241231 },
        { "2024-02", "2024-02", 20240201, 20240229 },
        { "2023-02", "2023-02", 20230201, 20230228 },
        { "1900-02", "1900-02", 19000201, 19000228 },
        { "2000/02", "2000-02", 20000201, 20000229 },
        { "2024-12-31", "2024-12-31", 20241231, 20241231 },
        { "2024/01/05", "2024-01-05", 20240105, 20240105 },
        { " \t2024-01-05\r\n", "2024-01-05", 20240105, 20240105 },
        { " 2024 ", "2024", 20240101, 20241231 },
        { "2024-02-29", "2024-02-29", 20240229, 20240229 },
        { "1000", "1000", 10000101, 10001231 },
        { "2999-12-31", "2999-12-31", 29991231, 29991231 },
        { "2024-01-05T23:59:60Z", "2024-01-05", 20240105, 20240105 },
        { "2024-01-05T23:59", "2024-01-05", 20240105, 20240105 },
        { "2024-01-05t00:00:00.123456+14:00", "2024-01-05", 20240105, 20240105 },
        { "2024-01-05 12:30:00,5 -0500", "2024-01-05", 20240105, 20240105 },
        { "2024-01-05 12:30 UTC", "2024-01-05", 20240105, 20240105 },
        { "Mon, 2 Apr 2007 19:18:42 GMT", "2007-04-02", 20070402, 20070402 },
        { "Mon, 02 Apr 2007 19:18:42 +0000 (UTC)", "2007-04-02", 20070402, 20070402 },
        { "2 Apr 2007", "2007-04-02", 20070402, 20070402 },
        { "Wednesday, 31 DEC 2008 19:18", "2008-12-31", 20081231, 20081231 },
        { "Fri,2 apr 2007", "2007-04-02", 20070402, 20070402 }, /* the day of the week is unchecked */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        rec_error err = REC_ERROR_INIT;
        rec_date date, again;

        CHECK_STATUS(REC_OK, rec_date_parse(CASES[i].text, &date, &err), &err);
        CHECK_STR(CASES[i].shown, date.text);
        CHECK_INT(CASES[i].first, date.first);
        CHECK_INT(CASES[i].last, date.last);
        CHECK_STATUS(REC_OK, rec_date_parse(date.text, &again, &err), &err);
        CHECK_STR(date.text, again.text);
        CHECK_INT(date.first, again.first);
        CHECK_INT(date.last, again.last);
    }
}

static void what_is_no_date_is_refused_and_quoted(void **state)
{
    static const char *const TEXTS[] = {
        "",
        " ",
        "soon",
        "0999",
        "3000",
        "24",
        "202",
        "20245",
        "20240105",
        "2024-",
        "2024-1",
        "2024-13",
        "2024-00",
        "2024-01-",
        "2024-01-5",
        "2024-01-00",
        "2024-01-32",
        "2024-04-31",
        "2023-02-29",
        "1900-02-29",
        "2024-01/05",
        "2024-01-05x",
        "2024-01-05T",
        "2024-01-05Tnoon",
        "2024-01-0512:30",
        "2024-01-05T24:00",
        "2024-01-05T12:60",
        "2024-01-05T12:30:61",
        "2024-01-05T1:30",
        "2024-01-05T12",
        "2024-01 12:30",
        "2024-01-05 12:30 UTC x1",
        "2024x",
        "-2024",
        "+2024",
        "2 Foo 2007",
        "32 Apr 2007",
        "0 Apr 2007",
        "2 April",
        "2 Apr 07",
        "2Apr 2007",
        "Mon 2 Apr 2007",
        "Mon, Apr 2 2007",
        "1, 2 Apr 2007",
        "2 Apr 200712:30",
        "\xFF",
        "2024\xC2\xA0",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(TEXTS); i++) {
        rec_error err = REC_ERROR_INIT;
        rec_date date = { 1, 2, "before" };

        if (rec_date_parse(TEXTS[i], &date, &err) != REC_EINVAL)
            fail_msg("'%s' was taken for %s", TEXTS[i], date.text);
        CHECK(err.message[0] == '\'');
        CHECK_STR("before", date.text);
    }
}

/* A hostile "date" costs no more than a message; the message holds its start alone. */
static void a_long_text_is_refused_in_a_short_message(void **state)
{
    static char text[1 << 20];
    rec_error err = REC_ERROR_INIT;
    rec_date date;

    (void)state;
    memset(text, '1', sizeof(text) - 1);
    CHECK_STATUS(REC_EINVAL, rec_date_parse(text, &date, &err), &err);
    CHECK(strlen(err.message) < 150);
    memset(text, ' ', sizeof(text) - 1);
    CHECK_STATUS(REC_EINVAL, rec_date_parse(text, &date, &err), &err);
}

static void days_are_counted_over_months_and_years(void **state)
{
    static const struct {
        int32_t day;
        int days;
        int32_t sum;
    } CASES[] = {
        { 20240228, 1, 20240229 },   { 20240228, 2, 20240301 },    { 20230228, 1, 20230301 },     { 20240101, -1, 20231231 },
        { 20231231, 1, 20240101 },   { 20240301, -1, 20240229 },   { 20240131, 30, 20240301 },    { 20240105, 0, 20240105 },
        { 20240101, 366, 20250101 }, { 20250101, -366, 20240101 }, { 19000101, 36524, 20000101 }, { 20240105, -30, 20231206 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        CHECK_INT(CASES[i].sum, rec_date_add(CASES[i].day, CASES[i].days));
        CHECK_INT(CASES[i].day, rec_date_add(CASES[i].sum, -CASES[i].days));
    }
}

static void counting_ends_where_the_calendar_ends(void **state)
{
    (void)state;
    CHECK_INT(29991231, rec_date_add(20240105, INT32_MAX));
    CHECK_INT(10000101, rec_date_add(20240105, INT32_MIN));
    CHECK_INT(29991231, rec_date_add(29991231, 1));
    CHECK_INT(10000101, rec_date_add(10000101, -1));
    CHECK_INT(29991231, rec_date_add(10000101, 730484)); /* both ends are 2,000 years of 365.2425 days apart, less one day */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_spans_of_days),
        cmocka_unit_test(what_is_no_date_is_refused_and_quoted),
        cmocka_unit_test(a_long_text_is_refused_in_a_short_message),
        cmocka_unit_test(days_are_counted_over_months_and_years),
        cmocka_unit_test(counting_ends_where_the_calendar_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
