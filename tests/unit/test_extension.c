/* The table-valued function recommend(seed, k, db), in the SQLite of this process. The store is made of the shipped sample. */
#include "check.h"
#include "folder.h"

#include "recommend.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sqlite3.h>

#define SAMPLE REC_SOURCE_DIR "/tools/sample/papers.jsonl"
#define THREADS 3
#define QUESTIONS 8 /* of each thread */

static recommend *open_writer(void)
{
    recommend *writer = NULL;

    if (recommend_open(db, RECOMMEND_WRITE, &writer) != RECOMMEND_OK)
        fail_msg("%s", recommend_message(writer));
    return writer;
}

static int make_store(void **state)
{
    recommend *writer;

    CHECK_INT(0, make_folder(state));
    writer = open_writer();
    CHECK_INT(RECOMMEND_OK, recommend_import(writer, SAMPLE, NULL, NULL));
    CHECK_INT(RECOMMEND_OK, recommend_build(writer, 0));
    recommend_close(writer);
    return 0;
}

static int remove_store(void **state)
{
    remove_files();
    return remove_folder(state);
}

/* A connection to a file that has the extension; NULL, with `*error` set for sqlite3_free(), where that fails. */
static sqlite3 *load(const char *path, char **error)
{
    sqlite3 *connection = NULL;

    if (sqlite3_open_v2(path, &connection, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
        sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, NULL) == SQLITE_OK &&
        sqlite3_load_extension(connection, REC_EXTENSION, NULL, error) == SQLITE_OK)
        return connection;
    sqlite3_close(connection);
    return NULL;
}

static sqlite3 *connect_to(const char *path)
{
    char *error = NULL;
    sqlite3 *connection = load(path, &error);

    if (!connection)
        fail_msg("cannot load '%s': %s", REC_EXTENSION, error ? error : "(no word)");
    return connection;
}

/* The rows of a query, columns parted by '|', rows by a new line; what SQLite says where it fails. At most 4 KB. */
static void query(sqlite3 *connection, const char *sql, char out[4096])
{
    sqlite3_stmt *stmt = NULL;
    size_t used = 0;
    int step = SQLITE_ERROR;

    out[0] = '\0';
    if (sqlite3_prepare_v2(connection, sql, -1, &stmt, NULL) == SQLITE_OK)
        while ((step = sqlite3_step(stmt)) == SQLITE_ROW)
            for (int i = 0; i < sqlite3_column_count(stmt) && used < 4000; i++)
                used += (size_t)snprintf(out + used, 4096 - used, "%s%.400s",
                                         i      ? "|"
                                         : used ? "\n"
                                                : "",
                                         sqlite3_column_type(stmt, i) == SQLITE_NULL ? "NULL" : (const char *)sqlite3_column_text(stmt, i));
    if (step != SQLITE_DONE)
        snprintf(out, 4096, "%s", sqlite3_errmsg(connection));
    sqlite3_finalize(stmt);
}

static void expect(sqlite3 *connection, const char *sql, const char *expected)
{
    char rows[4096];

    query(connection, sql, rows);
    CHECK_STR(expected, rows);
}

static void expect_word(sqlite3 *connection, const char *sql, const char *part)
{
    char rows[4096];

    query(connection, sql, rows);
    CHECK_CONTAINS(part, rows);
}

static void close_connection(sqlite3 *connection)
{
    CHECK_INT(SQLITE_OK, sqlite3_close(connection));
}

/* Files that this process has open. */
static size_t open_files(void)
{
    DIR *descriptors = opendir("/proc/self/fd");
    size_t count = 0;

    if (!descriptors)
        return 0;
    while (readdir(descriptors))
        count++;
    closedir(descriptors);
    return count;
}

static void rows_are_the_answer_of_the_library(void **state)
{
    sqlite3 *connection = connect_to(db);
    recommend *handle = NULL;
    recommend_answer *answer = NULL;
    char expected[4096] = "";

    (void)state;
    CHECK_INT(RECOMMEND_OK, recommend_open(db, RECOMMEND_READ, &handle));
    CHECK_INT(RECOMMEND_OK, recommend_similar(handle, "smp:0001", NULL, &answer));
    for (size_t i = 0; i < recommend_answer_count(answer); i++) {
        const char *url = recommend_result_text(answer, i, RECOMMEND_URL);
        size_t used = strlen(expected);

        snprintf(expected + used, sizeof(expected) - used, "%s%zu|%s|%d|%s|%s|%s", i ? "\n" : "", recommend_result_rank(answer, i),
                 recommend_result_text(answer, i, RECOMMEND_ID), (int)(recommend_result_score(answer, i) * 1e6 + .5),
                 recommend_result_text(answer, i, RECOMMEND_BAND), recommend_result_text(answer, i, RECOMMEND_TITLE), url ? url : "NULL");
    }
    expect(connection, "SELECT rank, id, CAST(round(score * 1e6) AS INTEGER), band, title, url FROM recommend('smp:0001')", expected);
    recommend_answer_free(answer);
    recommend_close(handle);
    close_connection(connection);
}

static void the_second_argument_is_how_many(void **state)
{
    sqlite3 *connection = connect_to(db);

    (void)state;
    expect(connection, "SELECT count(*), min(rank), max(rank) FROM recommend('smp:0001', 3)", "3|1|3");
    expect(connection, "SELECT count(*) FROM recommend('smp:0001', NULL)", "10");
    expect(connection, "SELECT count(DISTINCT rowid), min(rowid), max(rowid) FROM recommend('smp:0001', 3)", "3|1|3");
    expect(connection, "SELECT DISTINCT seed, k, db FROM recommend('smp:0001', 3)", "smp:0001|3|NULL");
    close_connection(connection);
}

static void it_joins_sorts_and_filters_like_a_table(void **state)
{
    sqlite3 *connection = connect_to(db);

    (void)state;
    expect(connection, "SELECT count(*), count(DISTINCT p.id) FROM paper p JOIN recommend(p.id, 2) r WHERE p.id LIKE 'smp:%'", "6|3");
    expect(connection, "SELECT id FROM recommend('smp:0001', 3) WHERE band = 'strong' ORDER BY rank DESC LIMIT 1",
           "doi:10.5555/jie.2025.0031");
    expect(connection, "SELECT b.id FROM recommend('smp:0001', 1) a, recommend(a.id, 1) b", "doi:10.5555/oth.2020.114");
    expect(connection, "SELECT count(*) FROM recommend(NULL, 3)", "0");
    close_connection(connection);
}

static void another_database_names_its_store(void **state)
{
    sqlite3 *connection = connect_to(":memory:");
    char sql[512];

    (void)state;
    expect_word(connection, "SELECT * FROM recommend('smp:0001', 3)", "name a store");
    snprintf(sql, sizeof(sql), "SELECT id FROM recommend('smp:0001', 1, '%s')", db);
    expect(connection, sql, "reef-cloud-2024");
    expect_word(connection, "SELECT id FROM recommend('smp:0001', 1, '/nowhere/store.db')", "/nowhere/store.db");
    expect_word(connection, "SELECT id FROM recommend('smp:0001', 1, '" SAMPLE "')", "papers.jsonl");
    expect(connection, sql, "reef-cloud-2024"); /* and the right one again */
    close_connection(connection);
}

static void wrong_and_hostile_arguments_are_refused_in_words(void **state)
{
    static const char *const BAD[][2] = {
        { "SELECT * FROM recommend", "no paper" },
        { "SELECT * FROM recommend('nothing like it')", "nothing like it" },
        { "SELECT * FROM recommend('')", "id" },
        { "SELECT * FROM recommend('smp:0001', -1)", "whole number" },
        { "SELECT * FROM recommend('smp:0001', 1.5)", "whole number" },
        { "SELECT * FROM recommend('smp:0001', 'three')", "whole number" },
        { "SELECT * FROM recommend('smp:0001', 0)", "limit" },
        { "SELECT * FROM recommend('smp:0001', 9223372036854775807)", "limit" },
        { "SELECT * FROM recommend(CAST(x'736d7000' AS TEXT))", "NUL" },
        { "SELECT * FROM recommend(CAST(x'ff' AS TEXT))", "UTF-8" },
        { "SELECT * FROM recommend(zeroblob(100000))", "NUL" },
        { "SELECT * FROM recommend(replace(hex(zeroblob(100000)), '0', 'x'))", "id" },
        { "SELECT * FROM recommend('smp:0001''; DROP TABLE paper; --')", "DROP TABLE" },
        { "SELECT * FROM recommend('smp:0001', 3, 'file:x?mode=rwc')", "no such file" },
        { "SELECT * FROM recommend('smp:0001', 3, '')", "name a store" },
        { "SELECT * FROM recommend('smp:0001', 3, 'x', 'y')", "too many arguments" },
        { "INSERT INTO recommend(id) VALUES('x')", "may not be modified" },
        { "DROP TABLE recommend", "may not be dropped" },
    };
    sqlite3 *connection = connect_to(db);

    (void)state;
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++)
        expect_word(connection, BAD[i][0], BAD[i][1]);
    expect(connection, "SELECT count(*) FROM recommend('smp:0001', 3)", "3");
    CHECK(access("file:x?mode=rwc", F_OK) != 0);
    close_connection(connection);
}

/* A view could be hidden in a foreign file, and the function opens the files that it is told. */
static void a_schema_cannot_call_it(void **state)
{
    sqlite3 *connection = connect_to(":memory:");

    (void)state;
    expect(connection, "CREATE VIEW trap AS SELECT * FROM recommend('smp:0001', 1, '/etc/passwd')", "");
    expect_word(connection, "SELECT * FROM trap", "unsafe use");
    close_connection(connection);
}

static void what_is_opened_is_closed(void **state)
{
    size_t before = open_files();

    (void)state;
    for (int i = 0; i < 3; i++) {
        sqlite3 *connection = connect_to(db);

        expect(connection, "SELECT count(*) FROM recommend('smp:0001', 3)", "3");
        expect_word(connection, "SELECT count(*) FROM recommend('nothing', 3)", "nothing");
        close_connection(connection);
    }
    CHECK_INT(before, open_files());
}

/* ---- many at once --------------------------------------------------------------------------------------------------- */

struct asking {
    pthread_t thread;
    char failed[4096]; /* "" where every question was answered */
};

/* No check in here: cmocka's belong to the thread of the test. */
static void *ask_often(void *context)
{
    struct asking *asking = context;
    char *error = NULL, rows[4096];
    sqlite3 *connection = load(db, &error);

    for (int i = 0; connection && i < QUESTIONS && !asking->failed[0]; i++) {
        query(connection, "SELECT count(*) FROM recommend('smp:0001', 3)", rows);
        if (strcmp(rows, "3") != 0)
            snprintf(asking->failed, sizeof(asking->failed), "%s", rows);
    }
    if (!connection || sqlite3_close(connection) != SQLITE_OK)
        snprintf(asking->failed, sizeof(asking->failed), "a connection that cannot be opened or closed: %s", error ? error : "");
    sqlite3_free(error);
    return NULL;
}

static void several_connections_ask_while_a_writer_builds(void **state)
{
    struct asking asking[THREADS] = { { .failed = "" } };
    recommend *writer = open_writer();

    (void)state;
    for (int i = 0; i < THREADS; i++)
        CHECK_INT(0, pthread_create(&asking[i].thread, NULL, ask_often, &asking[i]));
    CHECK_INT(RECOMMEND_OK, recommend_build(writer, RECOMMEND_REFIT));
    recommend_close(writer);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(asking[i].thread, NULL);
        CHECK_STR("", asking[i].failed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_the_answer_of_the_library),
        cmocka_unit_test(the_second_argument_is_how_many),
        cmocka_unit_test(it_joins_sorts_and_filters_like_a_table),
        cmocka_unit_test(another_database_names_its_store),
        cmocka_unit_test(wrong_and_hostile_arguments_are_refused_in_words),
        cmocka_unit_test(a_schema_cannot_call_it),
        cmocka_unit_test(what_is_opened_is_closed),
        cmocka_unit_test(several_connections_ask_while_a_writer_builds),
    };

    return cmocka_run_group_tests(tests, make_store, remove_store);
}
