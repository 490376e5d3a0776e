/*
 * Stores of earlier releases, as the last program that wrote them made them. tests/data/store-1.gz has schema version 1: twelve papers of
 * the shipped sample, imported and built. store-2.gz has version 2: the same, two records of one work, a withdrawn paper and one that was
 * removed after the build; an edition that was marked as sent, and a click.
 */
#include "check.h"
#include "folder.h"

#include "alloc.h"
#include "buf.h"
#include "rec/feedback.h"
#include "rec/ledger.h"
#include "rec/reader.h"
#include "rec/salvage.h"
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

struct old_store {
    int version;
    const char *file;
    rec_doc last;               /* number of a paper; the removed one, if any, had the next */
    size_t gone, sent, told;    /* papers removed, papers sent, rows of feedback */
    const char *obstacle, *way; /* what a migration cannot pass, and how it is taken away */
};

static const struct old_store OLD[] = {
    { 1, "store-1.gz", 12, 0, 0, 0, "CREATE TABLE work_key(mine)", "DROP TABLE work_key" },
    { 2, "store-2.gz", 15, 1, 7, 1, "ALTER TABLE alias ADD COLUMN sum", "ALTER TABLE alias DROP COLUMN sum" },
};

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
    const struct old_store *old = *state;
    FILE *out = fopen(db, "wb");
    char bytes[4096];
    gzFile in;
    int n;

    snprintf(bytes, sizeof(bytes), "%s/%s", REC_TEST_DATA, old->file);
    in = gzopen(bytes, "rb");
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

static void write_paper_down(rec_store *store, rec_doc doc, rec_buf *out)
{
    rec_record record = REC_RECORD_INIT;
    rec_list list;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_get(store, doc, REC_GET_ALL | REC_GET_ALSO, &record, &err), &err);
    rec_buf_printf(out, "%d %s %s %s %s %s %s %s\n", (int)doc, record.paper.id.text, record.also ? record.also : "-", record.paper.title,
                   record.paper.abstract, record.paper.authors, record.paper.date.text, record.paper.extra ? record.paper.extra : "-");
    rec_buf_printf(out, " %s %g, flags %u, of work %d\n", record.paper.venue ? record.paper.venue : "-", record.paper.upvotes,
                   record.paper.flags, (int)record.work);
    rec_record_clear(&record);
    CHECK_STATUS(REC_OK, rec_store_get_list(store, doc, &list, &err), &err);
    for (size_t i = 0; i < list.count; i++)
        rec_buf_printf(out, " %u=%.9g", list.items[i].doc, (double)list.items[i].score);
}

static rec_status add_response(const rec_response *response, void *context, rec_error *err)
{
    (void)err;
    rec_buf_printf(context, "%lld shown, %lld clicked\n", (long long)response->shown, (long long)response->clicked);
    return REC_OK;
}

/* All that the store holds of its papers and of editions, as one text. */
static void write_down(rec_store *store, const struct old_store *old, rec_buf *out)
{
    rec_record record = REC_RECORD_INIT;
    rec_doc *docs;
    size_t count;
    int64_t unmatched;
    rec_error err = REC_ERROR_INIT;

    for (rec_doc doc = 1; doc <= old->last; doc++)
        write_paper_down(store, doc, out);
    CHECK_STATUS(REC_ENOTFOUND, rec_store_get(store, old->last + 1, REC_GET_CARD, &record, &err), &err);
    CHECK_STATUS(REC_OK, rec_ledger_sent(store, 20250401, REC_SENT_EVER, NULL, &docs, &count, &err), &err);
    CHECK_INT(old->sent, count);
    for (size_t i = 0; i < count; i++)
        rec_buf_printf(out, "sent %d\n", (int)docs[i]);
    rec_free(docs);
    CHECK_STATUS(REC_OK, rec_feedback_count(store, REC_RESPONSE_ALL, add_response, out, &err), &err);
    CHECK_STATUS(REC_OK, rec_feedback_unmatched(store, &unmatched, &err), &err);
    CHECK_INT(old->told, unmatched);
    CHECK(!out->failed && out->length > 2000);
}

static void put(rec_store *store, const char *text)
{
    rec_paper paper = REC_PAPER_INIT;
    rec_outcome outcome;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_read_json(text, strlen(text), &paper, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_begin(store, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_put(store, &paper, &outcome, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_commit(store, true, &err), &err);
    CHECK_INT(REC_ADDED, outcome);
    rec_paper_clear(&paper);
}

/* ---- tests ---------------------------------------------------------------------------------------------------------- */

static void a_reader_reads_an_older_store_and_leaves_it_as_it_is(void **state)
{
    const struct old_store *old = *state;
    rec_buf all = REC_BUF_INIT(1 << 20);
    rec_store *store;
    rec_doc *docs, doc;
    size_t count;
    rec_word_hit hit;
    rec_error err = REC_ERROR_INIT;

    CHECK(chmod(db, 0444) == 0);
    store = open_store(REC_STORE_READ);
    CHECK_INT(old->version, rec_store_version(store));
    check_store(store);
    CHECK_STATUS(REC_OK, rec_store_find(store, "reef-larvae-2021", &doc, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_search(store, "coral", 1, &hit, &count, &err), &err);
    CHECK_INT(1, count);
    CHECK_STATUS(REC_OK, rec_store_get_gone(store, &docs, &count, &err), &err);
    CHECK_INT(old->gone, count);
    rec_free(docs);
    write_down(store, old, &all);
    rec_store_close(store);
    CHECK_STR("store.db", list_files());
    rec_buf_clear(&all);
}

static void a_writer_migrates_it_and_every_paper_id_and_list_is_as_before(void **state)
{
    const struct old_store *old = *state;
    rec_buf before = REC_BUF_INIT(1 << 20), after = REC_BUF_INIT(1 << 20);
    rec_store_state was, now;
    rec_store *store = open_store(REC_STORE_READ);
    rec_error err = REC_ERROR_INIT;

    write_down(store, old, &before);
    CHECK_STATUS(REC_OK, rec_store_get_state(store, &was, &err), &err);
    rec_store_close(store);
    store = open_store(REC_STORE_WRITE);
    CHECK_INT(REC_SCHEMA_VERSION, rec_store_version(store));
    write_down(store, old, &after);
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

static void a_migration_forgets_no_number_that_was_given(void **state)
{
    const struct old_store *old = *state;
    rec_store *store = open_store(REC_STORE_WRITE);
    rec_doc doc;
    rec_error err = REC_ERROR_INIT;

    put(store, "{\"id\":\"came-later\",\"title\":\"Kelp\"}");
    CHECK_STATUS(REC_OK, rec_store_find(store, "came-later", &doc, &err), &err);
    CHECK_INT(old->last + (rec_doc)old->gone + 1, doc);
    check_store(store);
    rec_store_close(store);
}

static rec_status append(void *context, const char *bytes, size_t length, rec_error *err)
{
    (void)err;
    rec_buf_add(context, bytes, length);
    return REC_OK;
}

static void expect_salvaged_as_exported(rec_store_mode mode)
{
    const rec_export_choice every = { .docs = NULL };
    const rec_filter all = { .since = 0 };
    rec_buf exported = REC_BUF_INIT(1 << 20), salvaged = REC_BUF_INIT(1 << 20);
    const rec_export_sink to_exported = { append, &exported }, to_salvaged = { append, &salvaged };
    rec_store *store = open_store(mode);
    rec_salvage_report report;
    int64_t count;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_export_papers(store, &every, REC_EXPORT_JSONL, &to_exported, &count, &err), &err);
    rec_store_close(store);
    CHECK_STATUS(REC_OK, rec_salvage(db, &all, REC_EXPORT_JSONL, &to_salvaged, NULL, NULL, &report, &err), &err);
    CHECK_INT(count, report.saved);
    CHECK_INT(0, report.lost);
    CHECK_STR(rec_buf_text(&exported), rec_buf_text(&salvaged));
    rec_buf_clear(&exported);
    rec_buf_clear(&salvaged);
}

static void before_and_after_its_migration_it_is_salvaged_as_it_is_exported(void **state)
{
    (void)state;
    expect_salvaged_as_exported(REC_STORE_READ);
    expect_salvaged_as_exported(REC_STORE_WRITE);
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
    const struct old_store *old = *state;
    int kept = 0, migrated = 0, status = 1;

    for (long n = 0; status != 0; n++) {
        pid_t child;

        CHECK_INT(0, unpack_store(state));
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
        if (version_of_file() == old->version)
            kept++;
        else
            migrated++;
        rec_store *store = open_store(REC_STORE_WRITE);
        check_store(store);
        rec_store_close(store);
        clear_folder(NULL);
    }
    CHECK(kept > 10); /* else nothing was killed before the commit */
    CHECK(migrated > 1);
}

static void a_newer_store_is_refused_by_readers_and_writers_and_left_alone(void **state)
{
    rec_store *store = NULL;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK(run_sql("PRAGMA user_version = 99") == REC_OK);
    CHECK_STATUS(REC_EVERSION, rec_store_open(db, REC_STORE_READ, &store, &err), &err);
    CHECK_CONTAINS("schema version 99, this program knows up to 3; use a newer release", err.message);
    CHECK_STATUS(REC_EVERSION, rec_store_open(db, REC_STORE_WRITE, &store, &err), &err);
    CHECK(run_sql("SELECT extra FROM paper; SELECT * FROM list") == REC_OK);
}

static void a_store_whose_version_alone_is_older_is_refused(void **state)
{
    static const char *const older[] = { "PRAGMA user_version = 1", "PRAGMA user_version = 2" };
    static const rec_store_mode modes[] = { REC_STORE_READ, REC_STORE_WRITE };

    (void)state;
    rec_store_close(open_store(REC_STORE_WRITE));
    for (size_t i = 0; i < 4; i++) {
        rec_store *store = NULL;
        rec_error err = REC_ERROR_INIT;

        CHECK(run_sql(older[i / 2]) == REC_OK);
        CHECK_STATUS(REC_EDAMAGED, rec_store_open(db, modes[i % 2], &store, &err), &err);
        CHECK_CONTAINS("but its tables are of version 3; 'recommend export --salvage'", err.message);
    }
}

static void from_the_migration_on_a_row_that_changes_by_itself_is_found(void **state)
{
    rec_store *store = open_store(REC_STORE_WRITE);
    rec_error err = REC_ERROR_INIT;

    (void)state;
    rec_store_close(store);
    CHECK(run_sql("UPDATE paper SET authors = '[\"Somebody Else\"]' WHERE doc = 4") == REC_OK);
    store = open_store(REC_STORE_READ);
    CHECK_STATUS(REC_EDAMAGED, rec_store_check(store, &err), &err);
    CHECK_CONTAINS("a paper is not what was stored: reef-cloud-2024", err.message);
    rec_store_close(store);
}

static void a_store_that_cannot_be_migrated_stays_what_it_was(void **state)
{
    const struct old_store *old = *state;
    rec_store *store = NULL;
    rec_error err = REC_ERROR_INIT;

    CHECK(run_sql(old->obstacle) == REC_OK);
    CHECK_STATUS(REC_EIO, rec_store_open(db, REC_STORE_WRITE, &store, &err), &err);
    CHECK_CONTAINS("cannot migrate store", err.message);
    CHECK(run_sql(old->way) == REC_OK);
    CHECK_INT(old->version, version_of_file());
    rec_store_close(open_store(REC_STORE_WRITE));
    CHECK_INT(REC_SCHEMA_VERSION, version_of_file());
}

/* A test of each old store. */
#define OF_EACH(test)                                                                                                                      \
    { #test ": version 1", test, unpack_store, clear_folder, (void *)&OLD[0] },                                                            \
    {                                                                                                                                      \
#test ": version 2", test, unpack_store, clear_folder, (void *)&OLD[1]                                                             \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        OF_EACH(a_reader_reads_an_older_store_and_leaves_it_as_it_is),
        OF_EACH(a_writer_migrates_it_and_every_paper_id_and_list_is_as_before),
        OF_EACH(before_and_after_its_migration_it_is_salvaged_as_it_is_exported),
        OF_EACH(a_migration_forgets_no_number_that_was_given),
        OF_EACH(a_migrated_store_has_the_schema_of_a_new_one),
        OF_EACH(killed_at_any_write_it_is_still_the_old_store_or_wholly_the_new),
        OF_EACH(a_newer_store_is_refused_by_readers_and_writers_and_left_alone),
        OF_EACH(a_store_whose_version_alone_is_older_is_refused),
        OF_EACH(from_the_migration_on_a_row_that_changes_by_itself_is_found),
        OF_EACH(a_store_that_cannot_be_migrated_stays_what_it_was),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
