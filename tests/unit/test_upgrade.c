/*
 * Stores of earlier releases. tests/data/store-1.gz was written by the release whose schema had version 1: twelve papers of the shipped
 * sample, imported and built.
 */
#include "check.h"
#include "folder.h"

#include "buf.h"
#include "rec/ledger.h"
#include "rec/store.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

/* ---- a process that dies at its n-th write or sync ------------------------------------------------------------------ */

static long steps_left = -1; /* negative: it lives */

static void step(void)
{
    if (steps_left >= 0 && steps_left-- == 0)
        _exit(99);
}

/* SQLite's, found here before the C library's. */
__attribute__((visibility("default"))) ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t offset);
ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t offset)
{
    step();
    return syscall(SYS_pwrite64, fd, bytes, count, offset);
}

__attribute__((visibility("default"))) int fdatasync(int fd)
{
    (void)fd; /* the machine does not die, and waiting for the disk takes long */
    step();
    return 0;
}

__attribute__((visibility("default"))) int ftruncate64(int fd, off_t length);
int ftruncate64(int fd, off_t length)
{
    step();
    return (int)syscall(SYS_ftruncate, fd, length);
}

/* ---- fixture -------------------------------------------------------------------------------------------------------- */

static int clear_folder(void **state)
{
    (void)state;
    remove_files();
    return 0;
}

static int unpack_store(void **state)
{
    gzFile in = gzopen(REC_TEST_DATA "/store-1.gz", "rb");
    FILE *out = fopen(db, "wb");
    char bytes[4096];
    int n;

    (void)state;
    if (!in || !out)
        return -1;
    while ((n = gzread(in, bytes, sizeof(bytes))) > 0)
        fwrite(bytes, 1, (size_t)n, out);
    gzclose(in);
    return fclose(out);
}

static rec_store *open_store(rec_store_mode mode)
{
    rec_store *store = NULL;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_open(db, mode, &store, &err), &err);
    return store;
}

/* The schema's version in the file. */
static int version_of_file(void)
{
    rec_store *store = open_store(REC_STORE_READ);
    int version = rec_store_version(store);

    rec_store_close(store);
    return version;
}

static void check_store(rec_store *store)
{
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_check(store, &err), &err);
}

/* All that the store holds of its papers, as one text. */
static void write_down(rec_store *store, rec_buf *out)
{
    for (rec_doc doc = 1; doc <= 13; doc++) {
        rec_record record = REC_RECORD_INIT;
        rec_list list;
        rec_error err = REC_ERROR_INIT;
        rec_status rc = rec_store_get(store, doc, REC_GET_ALL | REC_GET_ALSO, &record, &err);

        CHECK(rc == (doc < 13 ? REC_OK : REC_ENOTFOUND));
        if (rc != REC_OK)
            continue;
        rec_buf_printf(out, "%d %s %s %s %s %s %s %s\n", (int)doc, record.paper.id.text, record.also ? record.also : "-",
                       record.paper.title, record.paper.abstract, record.paper.authors, record.paper.date.text,
                       record.paper.extra ? record.paper.extra : "-");
        CHECK_INT(0, record.paper.flags);
        CHECK_INT(doc, record.work);
        rec_record_clear(&record);
        CHECK_STATUS(REC_OK, rec_store_get_list(store, doc, &list, &err), &err);
        for (size_t i = 0; i < list.count; i++)
            rec_buf_printf(out, " %u=%.9g", list.items[i].doc, (double)list.items[i].score);
    }
    CHECK(!out->failed && out->length > 2000);
}

/* ---- tests ---------------------------------------------------------------------------------------------------------- */

static void a_reader_reads_an_older_store_and_leaves_it_as_it_is(void **state)
{
    rec_store *store;
    rec_doc *docs, doc;
    size_t count;
    rec_word_hit hit;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK(chmod(db, 0444) == 0);
    store = open_store(REC_STORE_READ);
    CHECK_INT(1, rec_store_version(store));
    check_store(store);
    CHECK_STATUS(REC_OK, rec_store_find(store, "reef-larvae-2021", &doc, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_search(store, "coral", 1, &hit, &count, &err), &err);
    CHECK_INT(1, count);
    CHECK_STATUS(REC_OK, rec_store_get_gone(store, &docs, &count, &err), &err);
    CHECK_INT(0, count);
    CHECK_STATUS(REC_OK, rec_ledger_sent(store, 20250101, REC_SENT_EVER, NULL, &docs, &count, &err), &err);
    CHECK_INT(0, count);
    rec_store_close(store);
    CHECK_STR("store.db", list_files());
}

static void a_writer_migrates_it_and_every_paper_id_and_list_is_as_before(void **state)
{
    rec_buf before = REC_BUF_INIT(1 << 20), after = REC_BUF_INIT(1 << 20);
    rec_store_state was, now;
    rec_store *store = open_store(REC_STORE_READ);
    rec_error err = REC_ERROR_INIT;

    (void)state;
    write_down(store, &before);
    CHECK_STATUS(REC_OK, rec_store_get_state(store, &was, &err), &err);
    rec_store_close(store);
    store = open_store(REC_STORE_WRITE);
    CHECK_INT(REC_SCHEMA_VERSION, rec_store_version(store));
    write_down(store, &after);
    CHECK_STR(rec_buf_text(&before), rec_buf_text(&after));
    CHECK_STATUS(REC_OK, rec_store_get_state(store, &now, &err), &err);
    CHECK_INT(was.papers, now.papers);
    CHECK_INT(was.generation + 1, now.generation);
    CHECK_STR(was.fingerprint, now.fingerprint);
    check_store(store);
    rec_store_close(store);
    CHECK_INT(REC_SCHEMA_VERSION, version_of_file());
    rec_buf_clear(&before);
    rec_buf_clear(&after);
}

static rec_status run_sql(const char *sql)
{
    sqlite3 *file = NULL;
    int rc = sqlite3_open(db, &file);

    if (rc == SQLITE_OK)
        rc = sqlite3_exec(file, sql, NULL, NULL, NULL);
    sqlite3_close(file);
    return rc == SQLITE_OK ? REC_OK : REC_EIO;
}

/* The tables of a migrated store are those of a new one. */
static void a_migrated_store_has_the_schema_of_a_new_one(void **state)
{
    char new_one[sizeof(db) + 8], sql[512];
    rec_store *store = NULL;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    rec_store_close(open_store(REC_STORE_WRITE));
    snprintf(new_one, sizeof(new_one), "%s.new", db);
    CHECK_STATUS(REC_OK, rec_store_open(new_one, REC_STORE_CREATE, &store, &err), &err);
    rec_store_close(store);
    snprintf(sql, sizeof(sql),
             "ATTACH '%s' AS n; CREATE TEMP TABLE differ(name CHECK (name IS NULL));"
             "INSERT INTO differ SELECT sql FROM (SELECT sql FROM main.sqlite_master EXCEPT SELECT sql FROM n.sqlite_master)"
             " UNION SELECT sql FROM (SELECT sql FROM n.sqlite_master EXCEPT SELECT sql FROM main.sqlite_master)",
             new_one);
    CHECK(run_sql(sql) == REC_OK);
}

static void killed_at_any_write_it_is_still_the_old_store_or_wholly_the_new(void **state)
{
    int old = 0, migrated = 0, status = 1;

    (void)state;
    for (long n = 0; status != 0; n++) {
        pid_t child;

        CHECK_INT(0, unpack_store(NULL));
        if ((child = fork()) == 0) {
            rec_store *store = NULL;
            rec_error err;

            steps_left = n;
            if (rec_store_open(db, REC_STORE_WRITE, &store, &err) != REC_OK)
                _exit(1);
            rec_store_close(store);
            _exit(0);
        }
        CHECK(child > 0 && waitpid(child, &status, 0) == child);
        CHECK(WIFEXITED(status) && (WEXITSTATUS(status) == 99 || WEXITSTATUS(status) == 0));
        if (version_of_file() == 1)
            old++;
        else
            migrated++;
        rec_store *store = open_store(REC_STORE_WRITE);
        check_store(store);
        rec_store_close(store);
        clear_folder(NULL);
    }
    CHECK(old > 10); /* else nothing was killed before the commit */
    CHECK(migrated > 1);
}

static void a_newer_store_is_refused_by_readers_and_writers_and_left_alone(void **state)
{
    rec_store *store = NULL;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK(run_sql("PRAGMA user_version = 99") == REC_OK);
    CHECK_STATUS(REC_EVERSION, rec_store_open(db, REC_STORE_READ, &store, &err), &err);
    CHECK_CONTAINS("schema version 99, this program knows up to 2; use a newer release", err.message);
    CHECK_STATUS(REC_EVERSION, rec_store_open(db, REC_STORE_WRITE, &store, &err), &err);
    CHECK(run_sql("SELECT extra FROM paper; SELECT * FROM list") == REC_OK);
}

static void a_store_that_cannot_be_migrated_stays_what_it_was(void **state)
{
    rec_store *store = NULL;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK(run_sql("CREATE TABLE work_key(mine)") == REC_OK); /* the name is taken */
    CHECK_STATUS(REC_EIO, rec_store_open(db, REC_STORE_WRITE, &store, &err), &err);
    CHECK_CONTAINS("cannot migrate store", err.message);
    CHECK(run_sql("DROP TABLE work_key") == REC_OK);
    CHECK_INT(1, version_of_file());
    rec_store_close(open_store(REC_STORE_WRITE));
    CHECK_INT(2, version_of_file());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_reader_reads_an_older_store_and_leaves_it_as_it_is, unpack_store, clear_folder),
        cmocka_unit_test_setup_teardown(a_writer_migrates_it_and_every_paper_id_and_list_is_as_before, unpack_store, clear_folder),
        cmocka_unit_test_setup_teardown(a_migrated_store_has_the_schema_of_a_new_one, unpack_store, clear_folder),
        cmocka_unit_test_setup_teardown(killed_at_any_write_it_is_still_the_old_store_or_wholly_the_new, unpack_store, clear_folder),
        cmocka_unit_test_setup_teardown(a_newer_store_is_refused_by_readers_and_writers_and_left_alone, unpack_store, clear_folder),
        cmocka_unit_test_setup_teardown(a_store_that_cannot_be_migrated_stays_what_it_was, unpack_store, clear_folder),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
