/*
 * The ledger of what was sent: what a window holds, what the same edition again changes, and what survives removal.
 */
#include "check.h"
#include "folder.h"
#include "put_record.h"

#include "alloc.h"
#include "rec/ledger.h"
#include "rec/reader.h"
#include "rec/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static rec_store *store;

static void put(const char *record)
{
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_begin(store, &err), &err);
    put_record(store, record);
    CHECK_STATUS(REC_OK, rec_store_commit(store, true, &err), &err);
}

static int make_store(void **state)
{
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, rec_store_open(db, REC_STORE_CREATE, &store, &err), &err);
    put("{\"id\":\"seed\",\"title\":\"On flocks\"}");
    put("{\"id\":\"sheep\",\"title\":\"Counting sheep\"}");
    put("{\"id\":\"goats\",\"title\":\"Counting goats\"}");
    put("{\"id\":\"dogs\",\"title\":\"Of dogs\"}");
    return 0;
}

static int clear_store(void **state)
{
    (void)state;
    rec_store_close(store);
    remove_files();
    return 0;
}

static rec_status mark(const char *edition, int32_t day, const rec_sent *rows, size_t count, rec_error *err)
{
    return rec_ledger_mark(store, edition, day, rows, count, err);
}

static void mark_one(const char *edition, int32_t day, const char *paper)
{
    rec_sent row = { "seed", paper, 1, 3 };
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, mark(edition, day, &row, 1, &err), &err);
}

/* Compares the numbers of the papers that count as sent, by blanks. */
static void expect_sent(int32_t day, int32_t days, const char *edition, const char *expected)
{
    char got[64] = "";
    rec_doc *docs;
    size_t count;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_ledger_sent(store, day, days, edition, &docs, &count, &err), &err);
    for (size_t i = 0; i < count; i++)
        snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%d", i ? " " : "", (int)docs[i]);
    rec_free(docs);
    if (strcmp(got, expected) != 0)
        fail_msg("%d back from %d but '%s': '%s', expected '%s'", days, day, edition ? edition : "", got, expected);
}

static void remove_paper(const char *id)
{
    rec_doc doc;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_find(store, id, &doc, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_begin(store, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_remove(store, &doc, 1, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_commit(store, true, &err), &err);
}

/* ---- tests ---------------------------------------------------------------------------------------------------------- */

static void a_window_counts_days_back_from_the_day_that_is_asked_about(void **state)
{
    (void)state;
    mark_one("a", 20240301, "sheep");
    mark_one("b", 20240308, "goats");
    expect_sent(20240308, 7, NULL, "2 3");
    expect_sent(20240308, 6, NULL, "3");
    expect_sent(20240307, 7, NULL, "2"); /* what was sent later does not count */
    expect_sent(20240229, 7, NULL, "");
    expect_sent(20240308, 0, NULL, "3");
    expect_sent(20991231, 30, NULL, "");
    expect_sent(20991231, REC_SENT_EVER, NULL, "2 3");
}

static void rows_of_the_same_edition_do_not_count(void **state)
{
    (void)state;
    mark_one("a", 20240301, "sheep");
    mark_one("b", 20240301, "goats");
    expect_sent(20240301, 7, "a", "3");
    expect_sent(20240301, 7, "b", "2");
    expect_sent(20240301, 7, "A", "2 3");
}

static void the_same_edition_again_replaces_its_rows_and_no_others(void **state)
{
    rec_sent rows[] = { { "seed", "seed", 0, 0 }, { "seed", "sheep", 1, 3 }, { "seed", "sheep", 2, 1 } };
    int64_t count;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    mark_one("other", 20240301, "dogs");
    for (int i = 0; i < 2; i++) {
        CHECK_STATUS(REC_OK, mark("a", 20240302, rows, 3, &err), &err);
        expect_sent(20240302, 7, NULL, "1 2 4"); /* the headline too */
        CHECK_STATUS(REC_OK, rec_ledger_count(store, "a", &count, &err), &err);
        CHECK_INT(2, count); /* a pair once */
    }
    mark_one("a", 20240303, "goats");
    expect_sent(20240303, 7, NULL, "3 4");
    CHECK_STATUS(REC_OK, mark("a", 20240303, NULL, 0, &err), &err);
    expect_sent(20240303, 7, NULL, "4");
    CHECK_STATUS(REC_OK, rec_ledger_count(store, "nobody", &count, &err), &err);
    CHECK_INT(0, count);
}

static void a_removed_paper_that_comes_back_has_been_sent(void **state)
{
    (void)state;
    mark_one("a", 20240301, "sheep");
    remove_paper("sheep");
    expect_sent(20240301, 7, NULL, "");
    put("{\"id\":\"sheep\",\"title\":\"Counting sheep\"}");
    expect_sent(20240301, 7, NULL, "5");
    remove_paper("sheep");
    put("{\"id\":\"2401.00001\",\"title\":\"COUNTING sheep\"}"); /* under another id */
    expect_sent(20240301, 7, NULL, "6");
}

static void a_paper_that_is_sent_and_stored_is_known_by_its_id_not_its_title(void **state)
{
    (void)state;
    put("{\"id\":\"other\",\"title\":\"Counting sheep\"}");
    mark_one("a", 20240301, "sheep");
    expect_sent(20240301, 7, NULL, "2");
}

static void an_id_that_has_become_an_alias_still_names_the_paper(void **state)
{
    (void)state;
    mark_one("a", 20240301, "sheep");
    put("{\"id\":\"sheep\",\"arxiv\":\"2401.00001\",\"title\":\"Counting sheep\"}");
    expect_sent(20240301, 7, NULL, "2");
}

static void an_edition_or_a_day_that_is_none_is_refused_and_nothing_marked(void **state)
{
    static char too_long[REC_MAX_EDITION + 2];
    const char *const editions[] = { "", "a\nb", "\x1B[2J", "\x7F", "\xC2\x9B[2J", "\xE2\x80\xAEtxt", "\xD8\x9C", "\xFF", too_long };
    const int32_t days[] = { 0, -1, 20230229, 20241301, 99999999 };
    rec_sent row = { "seed", "sheep", 1, 3 };

    (void)state;
    memset(too_long, 'x', REC_MAX_EDITION + 1);
    for (size_t i = 0; i < sizeof(editions) / sizeof(editions[0]); i++) {
        rec_error err = REC_ERROR_INIT;

        CHECK_STATUS(REC_EINVAL, mark(editions[i], 20240301, &row, 1, &err), &err);
        CHECK_CONTAINS("edition", err.message);
    }
    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
        rec_doc *docs;
        size_t count;
        rec_error err = REC_ERROR_INIT;

        CHECK_STATUS(REC_EINVAL, mark("a", days[i], &row, 1, &err), &err);
        CHECK_CONTAINS("is not a day", err.message);
        CHECK_STATUS(REC_EINVAL, rec_ledger_sent(store, days[i], 7, NULL, &docs, &count, &err), &err);
    }
    expect_sent(20991231, REC_SENT_EVER, NULL, "");
}

static void a_window_of_less_than_no_days_is_refused(void **state)
{
    rec_doc *docs;
    size_t count = 7;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    mark_one("a", 20240301, "sheep");
    CHECK_STATUS(REC_EINVAL, rec_ledger_sent(store, 20240301, -2, NULL, &docs, &count, &err), &err);
    CHECK_CONTAINS("a window of -2 days", err.message);
    CHECK(!docs && count == 0);
}

/* A quote in a name is a letter like any other. */
static void names_of_editions_are_data(void **state)
{
    (void)state;
    mark_one("'; DROP TABLE sent; --", 20240301, "sheep");
    expect_sent(20240301, 7, "'; DROP TABLE sent; --", "");
    expect_sent(20240301, 7, NULL, "2");
}

#define LEDGER_TEST(name) cmocka_unit_test_setup_teardown(name, make_store, clear_store)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LEDGER_TEST(a_window_counts_days_back_from_the_day_that_is_asked_about),
        LEDGER_TEST(rows_of_the_same_edition_do_not_count),
        LEDGER_TEST(the_same_edition_again_replaces_its_rows_and_no_others),
        LEDGER_TEST(a_removed_paper_that_comes_back_has_been_sent),
        LEDGER_TEST(a_paper_that_is_sent_and_stored_is_known_by_its_id_not_its_title),
        LEDGER_TEST(an_id_that_has_become_an_alias_still_names_the_paper),
        LEDGER_TEST(an_edition_or_a_day_that_is_none_is_refused_and_nothing_marked),
        LEDGER_TEST(a_window_of_less_than_no_days_is_refused),
        LEDGER_TEST(names_of_editions_are_data),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
