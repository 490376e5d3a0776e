/*
 * Sums of rows: a small store with a row in each table that has them. A bit is turned in its file, or a column is changed by a connection
 * that knows no sums; `check` must find it and say which row it is.
 */
#include "check.h"
#include "folder.h"
#include "put_record.h"

#include "alloc.h"
#include "rec/ledger.h"
#include "rec/reader.h"
#include "rec/store.h"
#include "store_feedback.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define LARGEST (1 << 20) /* bytes of the store's file */

static unsigned char bytes[LARGEST];
static size_t length;

/* ---- the store ------------------------------------------------------------------------------------------------------ */

static rec_store *open_store(rec_store_mode mode)
{
    rec_store *store = NULL;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_open(db, mode, &store, &err), &err);
    return store;
}

static void put_list(rec_store *store)
{
    const rec_list list = { .items = { { 2, 0.8125f }, { 3, 0.40625f } }, .count = 2, .reach = 0.25f };
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_put_list(store, 1, &list, &err), &err);
}

static void put_feedback(rec_store *store)
{
    rec_feedback feedback = { .action = "click", .day = 20240506, .edition = "" };
    bool added = false;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_id_parse("asked-for", &feedback.seed, &err), &err);
    CHECK_STATUS(REC_OK, rec_id_parse("clicked-on", &feedback.paper, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_add_feedback(store, &feedback, &added, &err), &err);
}

static void read_file(void)
{
    FILE *file = fopen(db, "rb");

    CHECK(file != NULL);
    length = fread(bytes, 1, sizeof(bytes), file);
    CHECK(length < sizeof(bytes));
    fclose(file);
}

static void write_file(void)
{
    FILE *file = fopen(db, "wb");

    CHECK(file && fwrite(bytes, 1, length, file) == length && fclose(file) == 0);
}

static int make_store(void **state)
{
    const rec_sent sent = { "headline", "suggestion", 1, 3 };
    rec_store *store;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    store = open_store(REC_STORE_CREATE);
    CHECK_STATUS(REC_OK, rec_store_begin(store, &err), &err);
    put_record(store,
               "{\"id\":\"10.5555/herons\",\"also\":[\"grey-birds\"],\"title\":\"Herons of the delta\",\"abstract\":\"They stand still.\","
               "\"authors\":[\"Ann Example\"],\"date\":\"2024-05-06\",\"categories\":[\"q-bio.PE\"],\"venue\":\"Wading Letters\","
               "\"url\":\"https://example.org/page\",\"upvotes\":3,\"keywords\":[\"reeds\"],\"colour\":\"slate\"}");
    put_record(store, "{\"id\":\"storks\",\"title\":\"Storks\"}");
    put_record(store, "{\"id\":\"cranes\",\"title\":\"Cranes\"}");
    put_list(store);
    put_feedback(store);
    CHECK_STATUS(REC_OK, rec_store_set_built(store, "0123456789abcdef0123456789abcdef", 1, 3, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_commit(store, true, &err), &err);
    CHECK_STATUS(REC_OK, rec_ledger_mark(store, "May issue", 20240506, &sent, 1, &err), &err);
    rec_store_close(store);
    read_file();
    return 0;
}

static int set_up(void **state)
{
    return make_folder(state) == 0 ? make_store(state) : -1;
}

static int tear_down(void **state)
{
    remove_files();
    return remove_folder(state);
}

static int restore(void **state)
{
    (void)state;
    write_file();
    return 0;
}

/* ---- damage --------------------------------------------------------------------------------------------------------- */

/* Turns the lowest bit of the second byte wherever `what` stands in the file: in the table, and in an index that has a copy. */
static void turn_bit(const void *what, size_t size)
{
    unsigned char *altered = rec_alloc_array(length, 1);
    FILE *file = fopen(db, "wb");
    int turned = 0;

    CHECK(altered && file);
    memcpy(altered, bytes, length);
    for (size_t at = 0; at + size <= length; at++)
        if (memcmp(bytes + at, what, size) == 0) {
            altered[at + 1] ^= 1;
            turned++;
        }
    CHECK(turned > 0);
    CHECK(fwrite(altered, 1, length, file) == length && fclose(file) == 0);
    rec_free(altered);
}

static rec_status check(rec_error *err)
{
    rec_store *store = open_store(REC_STORE_READ);
    rec_status rc = rec_store_check(store, err);

    rec_store_close(store);
    return rc;
}

static sqlite3 *connect_without_sums(void)
{
    sqlite3 *connection = NULL;

    CHECK_INT(SQLITE_OK, sqlite3_open(db, &connection));
    return connection;
}

static void run_sql(const char *sql)
{
    sqlite3 *connection = connect_without_sums();

    if (sqlite3_exec(connection, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(connection));
    sqlite3_close(connection);
}

/* ---- tests ---------------------------------------------------------------------------------------------------------- */

static void a_sound_store_passes(void **state)
{
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, check(&err), &err);
}

static void a_bit_turned_in_a_text_is_found_and_the_row_named(void **state)
{
    static const struct {
        const char *text, *sentence;
    } turned[] = {
        { "Ann Example", "a paper is not what was stored: doi:10.5555/herons" },
        { "Wading Letters", "a paper is not what was stored: doi:10.5555/herons" },
        { "example.org/page", "a paper is not what was stored: doi:10.5555/herons" },
        { "reeds", "a paper is not what was stored: doi:10.5555/herons" },
        { "slate", "a paper is not what was stored: doi:10.5555/herons" },
        { "q-bio.PE", "a paper is not what was stored: doi:10.5555/herons" },
        { "grey-birds", "another id of a paper is not what was stored: gsey-birds" },
        { "May issue", "a row of the ledger is not what was stored: suggestion for headline in edition M`y issue" },
        { "clicked-on", "a row of feedback is not what was stored: click of cmicked-on for asked-for" },
        { "0123456789abcdef", "what it says of itself is not what was stored: generation 2" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(turned); i++) {
        rec_error err = REC_ERROR_INIT;

        turn_bit(turned[i].text, strlen(turned[i].text));
        CHECK_STATUS(REC_EDAMAGED, check(&err), &err);
        CHECK_CONTAINS(turned[i].sentence, err.message);
        CHECK_CONTAINS("'recommend export --salvage'", err.message);
    }
}

static void a_score_that_changed_and_keeps_its_place_is_found_and_no_answer_is_made_of_it(void **state)
{
    const float score = 0.40625f;
    rec_list list;
    rec_store *store;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    turn_bit(&score, sizeof(score));
    CHECK_STATUS(REC_EDAMAGED, check(&err), &err);
    CHECK_CONTAINS("the neighbour list of paper 1 is not what was stored; run 'recommend build --refit'", err.message);
    store = open_store(REC_STORE_WRITE);
    CHECK_STATUS(REC_EDAMAGED, rec_store_get_list(store, 1, &list, &err), &err);
    CHECK_CONTAINS("run 'recommend build --refit'", err.message);
    CHECK_STATUS(REC_OK, rec_store_begin(store, &err), &err);
    put_list(store); /* as that does */
    CHECK_STATUS(REC_OK, rec_store_commit(store, true, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_get_list(store, 1, &list, &err), &err);
    CHECK_INT(2, list.count);
    CHECK_STATUS(REC_OK, rec_store_check(store, &err), &err);
    rec_store_close(store);
}

static void no_reader_answers_by_a_state_that_is_not_what_was_stored_and_a_commit_makes_it_anew(void **state)
{
    static const char *const changes[] = {
        "UPDATE state SET fingerprint = ''",
        "UPDATE state SET papers = papers + 1",
        "UPDATE state SET sum = 0",
    };
    rec_store_state now;
    rec_store *store;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    for (size_t i = 0; i < COUNT(changes); i++) {
        run_sql(changes[i]);
        store = open_store(REC_STORE_READ);
        CHECK_STATUS(REC_EDAMAGED, rec_store_get_state(store, &now, &err), &err);
        CHECK_CONTAINS("its state is not what was stored; run 'recommend build --refit'", err.message);
        rec_store_close(store);
        store = open_store(REC_STORE_WRITE);
        CHECK_STATUS(REC_OK, rec_store_get_state(store, &now, &err), &err);
        CHECK_STATUS(REC_OK, rec_store_begin(store, &err), &err);
        CHECK_STATUS(REC_OK, rec_store_commit(store, true, &err), &err);
        rec_store_close(store);
        store = open_store(REC_STORE_READ);
        CHECK_STATUS(REC_OK, rec_store_get_state(store, &now, &err), &err);
        rec_store_close(store);
    }
}

/* Statements that change one column each, whatever it holds, of every table that has sums. */
static int write_changes(char changes[][256], int room)
{
    static const char sql[] =
        "SELECT replace(replace('UPDATE TABLE SET COLUMN = CASE typeof(COLUMN) WHEN ''text'' THEN COLUMN || ''x'' WHEN ''null'' THEN ''x''"
        " WHEN ''blob'' THEN zeroblob(length(COLUMN)) ELSE COLUMN + 1 END', 'TABLE', t.name), 'COLUMN', c.name)"
        " FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c WHERE t.type = 'table'"
        " AND EXISTS (SELECT 1 FROM pragma_table_info(t.name) WHERE name = 'sum')"
        " AND t.name || '.' || c.name NOT IN ('paper.doc', 'paper.work', 'state.one')";
    sqlite3 *connection = connect_without_sums();
    sqlite3_stmt *stmt = NULL;
    int count = 0;

    CHECK_INT(SQLITE_OK, sqlite3_prepare_v2(connection, sql, -1, &stmt, NULL));
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        CHECK(count < room);
        snprintf(changes[count++], sizeof(changes[0]), "%s", (const char *)sqlite3_column_text(stmt, 0));
    }
    sqlite3_finalize(stmt);
    sqlite3_close(connection);
    return count;
}

static void whatever_column_is_changed_without_its_sum_is_found(void **state)
{
    static char changes[80][256];
    int count = write_changes(changes, COUNT(changes));

    (void)state;
    CHECK_INT(21 + 3 + 4 + 8 + 6 + 10, count); /* columns of paper, alias, list, sent, feedback and state, their sums among them */
    for (int i = 0; i < count; i++) {
        rec_error err = REC_ERROR_INIT;

        write_file();
        run_sql(changes[i]);
        if (check(&err) != REC_EDAMAGED)
            fail_msg("not found: %s", changes[i]);
    }
}

static void a_row_that_was_put_there_without_a_sum_is_found(void **state)
{
    rec_error err = REC_ERROR_INIT;

    (void)state;
    run_sql("INSERT INTO alias(alias, doc) VALUES ('white-birds', 1)");
    CHECK_STATUS(REC_EDAMAGED, check(&err), &err);
    CHECK_CONTAINS("white-birds", err.message);
}

/* Else a store would be damaged on another machine, or for the next release. */
static void sums_are_these_numbers(void **state)
{
    static const struct {
        const char *sql;
        long long sum;
    } known[] = {
        { "SELECT sum FROM paper WHERE doc = 1", -487093253894785976 },
        { "SELECT sum FROM paper WHERE doc = 2", -4503200311162223929 },
        { "SELECT sum FROM alias", -3675009300095558438 },
        { "SELECT sum FROM list", -3338244873819345992 },
        { "SELECT sum FROM sent", 4745760146494757267 },
        { "SELECT sum FROM feedback", -4760889379925629736 },
        { "SELECT sum FROM state", 6779233434286034356 },
    };
    sqlite3 *connection = connect_without_sums();

    (void)state;
    for (size_t i = 0; i < COUNT(known); i++) {
        sqlite3_stmt *stmt = NULL;

        CHECK_INT(SQLITE_OK, sqlite3_prepare_v2(connection, known[i].sql, -1, &stmt, NULL));
        CHECK_INT(SQLITE_ROW, sqlite3_step(stmt));
        CHECK_INT(known[i].sum, sqlite3_column_int64(stmt, 0));
        sqlite3_finalize(stmt);
    }
    sqlite3_close(connection);
}

/* ---- rows that cannot be --------------------------------------------------------------------------------------------- */

static void a_list_that_is_cut_within_an_entry_is_refused(void **state)
{
    rec_list list;
    rec_store *store;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    run_sql("UPDATE list SET near = substr(near, 1, 11)");
    store = open_store(REC_STORE_READ);
    CHECK_STATUS(REC_EDAMAGED, rec_store_get_list(store, 1, &list, &err), &err);
    CHECK_CONTAINS("the neighbour list of paper 1 has 11 bytes; run 'recommend build --refit'", err.message);
    CHECK_STATUS(REC_EDAMAGED, rec_store_check(store, &err), &err);
    rec_store_close(store);
}

static void a_store_without_its_state_is_damaged(void **state)
{
    rec_store *store;
    rec_store_state now;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    run_sql("DELETE FROM state");
    store = open_store(REC_STORE_READ);
    CHECK_STATUS(REC_EDAMAGED, rec_store_get_state(store, &now, &err), &err);
    CHECK_CONTAINS("its state is missing", err.message);
    CHECK_STATUS(REC_EDAMAGED, rec_store_check(store, &err), &err);
    rec_store_close(store);
}

/* All else of the paper can still be shown. */
static void a_stored_date_that_is_none_is_no_date(void **state)
{
    rec_record record = REC_RECORD_INIT;
    rec_store *store;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    run_sql("UPDATE paper SET date = '2024-02-30' WHERE doc = 1");
    store = open_store(REC_STORE_READ);
    CHECK_STATUS(REC_OK, rec_store_get(store, 1, REC_GET_CARD, &record, &err), &err);
    CHECK_STR("", record.paper.date.text);
    CHECK_INT(0, record.paper.date.first);
    CHECK_STR("Herons of the delta", record.paper.title);
    rec_record_clear(&record);
    rec_store_close(store);
    CHECK_STATUS(REC_EDAMAGED, check(&err), &err);
}

/* Nor is it taken for another paper than the one that a record is about. */
static void a_paper_without_an_id_is_neither_shown_nor_changed(void **state)
{
    static const char again[] = "{\"id\":\"marsh-herons\",\"also\":[\"grey-birds\"],\"title\":\"Herons of the delta\"}";
    rec_record record = REC_RECORD_INIT;
    rec_paper paper = REC_PAPER_INIT;
    rec_outcome outcome;
    rec_store *store;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    run_sql("UPDATE paper SET id = '' WHERE doc = 1");
    CHECK_STATUS(REC_EDAMAGED, check(&err), &err);
    store = open_store(REC_STORE_WRITE);
    CHECK_STATUS(REC_EDAMAGED, rec_store_get(store, 1, REC_GET_CARD, &record, &err), &err);
    CHECK_CONTAINS("a paper without a valid id; run 'recommend check'", err.message);
    CHECK(!record.paper.title);
    CHECK_STATUS(REC_OK, rec_read_json(again, strlen(again), &paper, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_begin(store, &err), &err);
    CHECK_STATUS(REC_EDAMAGED, rec_store_put(store, &paper, &outcome, &err), &err);
    rec_store_rollback(store);
    rec_paper_clear(&paper);
    rec_store_close(store);
}

static void a_removed_paper_of_a_number_below_1_is_found(void **state)
{
    rec_error err = REC_ERROR_INIT;

    (void)state;
    run_sql("INSERT INTO gone VALUES (-2)");
    CHECK_STATUS(REC_EDAMAGED, check(&err), &err);
    CHECK_CONTAINS("a paper has number -2", err.message);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_sound_store_passes, restore),
        cmocka_unit_test_setup(a_bit_turned_in_a_text_is_found_and_the_row_named, restore),
        cmocka_unit_test_setup(a_score_that_changed_and_keeps_its_place_is_found_and_no_answer_is_made_of_it, restore),
        cmocka_unit_test_setup(no_reader_answers_by_a_state_that_is_not_what_was_stored_and_a_commit_makes_it_anew, restore),
        cmocka_unit_test_setup(whatever_column_is_changed_without_its_sum_is_found, restore),
        cmocka_unit_test_setup(a_row_that_was_put_there_without_a_sum_is_found, restore),
        cmocka_unit_test_setup(sums_are_these_numbers, restore),
        cmocka_unit_test_setup(a_list_that_is_cut_within_an_entry_is_refused, restore),
        cmocka_unit_test_setup(a_store_without_its_state_is_damaged, restore),
        cmocka_unit_test_setup(a_stored_date_that_is_none_is_no_date, restore),
        cmocka_unit_test_setup(a_paper_without_an_id_is_neither_shown_nor_changed, restore),
        cmocka_unit_test_setup(a_removed_paper_of_a_number_below_1_is_found, restore),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
