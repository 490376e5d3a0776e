/* Files of papers into a store: what is counted, what is refused and how it is named, and what a second import changes. */
#include "check.h"
#include "folder.h"

#include "alloc.h"
#include "buf.h"
#include "reader_listing.h"
#include "rec/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char path[sizeof(folder) + 16]; /* every test writes it and the store anew */
static rec_store *store;

static int set_up(void **state)
{
    if (make_folder(state) != 0)
        return -1;
    snprintf(path, sizeof(path), "%s/papers", folder);
    return 0;
}

static void remove_store(void)
{
    static const char *const endings[] = { "", "-wal", "-shm", "-journal", "-lock" };

    for (size_t i = 0; i < COUNT(endings); i++) {
        char name[sizeof(db) + 16];

        snprintf(name, sizeof(name), "%s%s", db, endings[i]);
        unlink(name);
    }
}

static int tear_down(void **state)
{
    remove_store();
    unlink(path);
    return remove_folder(state);
}

static int open_store(void **state)
{
    rec_error err = REC_ERROR_INIT;

    (void)state;
    return rec_store_open(db, REC_STORE_CREATE, &store, &err) == REC_OK ? 0 : -1;
}

static int close_store(void **state)
{
    (void)state;
    rec_store_close(store);
    store = NULL;
    remove_store();
    return 0;
}

static void write_bytes(const char *name, const char *content, size_t length)
{
    FILE *file = fopen(name, "wb");

    CHECK(file != NULL);
    CHECK(fwrite(content, 1, length, file) == length);
    CHECK(fclose(file) == 0);
}

/* What the callbacks were told: messages, one a line, and how often of progress. */
struct told {
    char messages[16384];
    size_t batches;
    uint64_t done, total, records;
};

static void tell_refused(void *context, const char *message)
{
    struct told *told = context;

    snprintf(told->messages + strlen(told->messages), sizeof(told->messages) - strlen(told->messages), "%s\n", message);
}

static void tell_progress(void *context, const char *name, uint64_t done, uint64_t total, uint64_t records)
{
    struct told *told = context;

    CHECK_STR(path, name);
    told->batches++;
    told->done = done;
    told->total = total;
    told->records = records;
}

static rec_status import_file(bool strict, rec_import_report *report, struct told *told, rec_error *err)
{
    rec_import_options options = { strict, tell_refused, NULL, tell_progress, told };

    *report = (rec_import_report){ .records = 0 };
    *told = (struct told){ .batches = 0 };
    return rec_import(store, path, &options, report, err);
}

/* Imports `content`, which must succeed, and compares the counts: records, added, updated, unchanged, older, refused, empty. */
static void import_text(const char *content, const char *expected)
{
    rec_import_report r;
    rec_error err = REC_ERROR_INIT;
    struct told told;
    char got[128];

    write_bytes(path, content, strlen(content));
    CHECK_STATUS(REC_OK, import_file(false, &r, &told, &err), &err);
    snprintf(got, sizeof(got), "%d read: %d added, %d updated, %d unchanged, %d older, %d refused, %d empty", (int)r.records, (int)r.added,
             (int)r.updated, (int)r.unchanged, (int)r.older, (int)r.refused, (int)r.empty);
    CHECK_STR(expected, got);
}

/* The stored paper with this id; the caller clears it. */
static rec_record get(const char *id)
{
    rec_record record = REC_RECORD_INIT;
    rec_error err = REC_ERROR_INIT;
    rec_doc doc = 0;

    if (rec_store_find(store, id, &doc, &err) != REC_OK)
        fail_msg("no paper '%s'", id);
    CHECK_STATUS(REC_OK, rec_store_get(store, doc, REC_GET_ALL | REC_GET_ALSO, &record, &err), &err);
    return record;
}

static void check_title(const char *id, const char *title)
{
    rec_record record = get(id);

    CHECK_STR(title, record.paper.title);
    rec_record_clear(&record);
}

static void check_papers(long long expected)
{
    rec_store_state now;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_get_state(store, &now, &err), &err);
    CHECK_INT(expected, now.papers);
}

static long long generation(void)
{
    rec_store_state now;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_get_state(store, &now, &err), &err);
    return now.generation;
}

/* ---- counts -------------------------------------------------------------------------------------------------------- */

static void every_outcome_is_counted(void **state)
{
    (void)state;
    import_text("{\"id\":\"a\",\"title\":\"One\"}\n{\"id\":\"b\",\"title\":\"Two\",\"updated\":\"2024-02-02\"}\n{\"id\":\"c\"}\n",
                "3 read: 3 added, 0 updated, 0 unchanged, 0 older, 0 refused, 1 empty");
    import_text("{\"id\":\"a\",\"title\":\"One\"}\n{\"id\":\"b\",\"title\":\"Old\",\"updated\":\"2023-02-02\"}\n"
                "{\"id\":\"c\",\"title\":\"Three\"}\n{\"id\":\"d\",\"title\":\"Four\"}\nnonsense\n",
                "5 read: 1 added, 1 updated, 1 unchanged, 1 older, 1 refused, 0 empty");
    check_papers(4);
    check_title("b", "Two");
}

/* Readers ask by the generation whether an answer still holds. */
static void the_generation_grows_with_a_change_alone(void **state)
{
    static const char paper[] = "{\"id\":\"a\",\"title\":\"One\"}\n";
    long long before = generation(), after;

    (void)state;
    import_text(paper, "1 read: 1 added, 0 updated, 0 unchanged, 0 older, 0 refused, 0 empty");
    after = generation();
    CHECK(after > before);
    import_text(paper, "1 read: 0 added, 0 updated, 1 unchanged, 0 older, 0 refused, 0 empty");
    CHECK_INT(after, generation());
}

static void an_empty_file_has_no_records(void **state)
{
    static const char none[] = "0 read: 0 added, 0 updated, 0 unchanged, 0 older, 0 refused, 0 empty";

    (void)state;
    import_text("", none);
    import_text("\n \n\t\n", none);
    import_text("# nothing but a comment\n", none);
    import_text("\xEF\xBB\xBF", none);
    check_papers(0);
}

static void comments_and_blank_lines_are_no_records(void **state)
{
    (void)state;
    import_text("\xEF\xBB\xBF# papers\n\n  # of today\n {\"id\":\"a\",\"title\":\"One\"}\r\n\n# more\n{\"id\":\"b\",\"title\":\"Two\"}",
                "2 read: 2 added, 0 updated, 0 unchanged, 0 older, 0 refused, 0 empty");
}

/* The report is added to, so that one of several files is one report. */
static void reports_add_up(void **state)
{
    rec_import_options options = { false, NULL, NULL, NULL, NULL };
    rec_import_report report = { .records = 0 };
    rec_error err = REC_ERROR_INIT;

    (void)state;
    write_bytes(path, "{\"id\":\"a\"}\nx\n", 13);
    CHECK_STATUS(REC_OK, rec_import(store, path, &options, &report, &err), &err);
    CHECK_STATUS(REC_OK, rec_import(store, path, &options, &report, &err), &err);
    CHECK_INT(4, report.records);
    CHECK_INT(1, report.added);
    CHECK_INT(1, report.unchanged);
    CHECK_INT(2, report.refused);
    CHECK_INT(2, report.empty);
}

static void progress_is_told_after_every_batch(void **state)
{
    enum { RECORDS = 2 * REC_IMPORT_BATCH + 1 };
    char *content = rec_alloc(RECORDS * 40);
    rec_import_report report;
    rec_error err = REC_ERROR_INIT;
    struct told told;
    size_t length = 0;

    (void)state;
    CHECK(content != NULL);
    for (int i = 0; i < RECORDS; i++)
        length += (size_t)sprintf(content + length, "{\"id\":\"k%d\",\"title\":\"T%d\"}\n", i, i);
    write_bytes(path, content, length);
    rec_free(content);
    CHECK_STATUS(REC_OK, import_file(false, &report, &told, &err), &err);
    CHECK_INT(3, told.batches);
    CHECK_INT(RECORDS, told.records);
    CHECK_INT(length, told.done);
    CHECK_INT(length, told.total);
    check_papers(RECORDS);
}

/* ---- refused records ----------------------------------------------------------------------------------------------- */

static void refused_records_are_named_by_file_line_and_field(void **state)
{
    static const char content[] =
        "# a comment counts as a "
        "line\n{\"id\":\"a\",\"title\":7}\n\n{\"id\":\"b\",\"title\":\"Two\"}\n{\"id\":\"c\",\"date\":\"soon\"}\n{\n{}\n";
    char expected[2048];
    rec_import_report report;
    rec_error err = REC_ERROR_INIT;
    struct told told;

    (void)state;
    write_bytes(path, content, sizeof(content) - 1);
    CHECK_STATUS(REC_OK, import_file(false, &report, &told, &err), &err);
    CHECK_INT(4, report.refused);
    CHECK_INT(1, report.added);
    snprintf(expected, sizeof(expected), "%s:2: field 'title': expected a string, not a number\n%s:5: field 'date': 'soon' is not a date",
             path, path);
    CHECK_CONTAINS(expected, told.messages);
    snprintf(expected, sizeof(expected), "\n%s:6: not a JSON object", path);
    CHECK_CONTAINS(expected, told.messages);
    snprintf(expected, sizeof(expected), "\n%s:7: field 'id': missing", path);
    CHECK_CONTAINS(expected, told.messages);
}

/* A path longer than any message of ours is still named whole. */
static void a_long_path_is_named_whole(void **state)
{
    char name[1024], part[201];
    rec_import_options options = { false, tell_refused, NULL, NULL, NULL };
    rec_import_report report = { .records = 0 };
    rec_error err = REC_ERROR_INIT;
    struct told told = { .batches = 0 };

    (void)state;
    options.context = &told;
    memset(part, 'p', 200);
    part[200] = '\0';
    snprintf(name, sizeof(name), "%s/%s", folder, part);
    CHECK(mkdir(name, 0700) == 0);
    snprintf(name, sizeof(name), "%s/%s/%s", folder, part, part);
    CHECK(mkdir(name, 0700) == 0);
    snprintf(name, sizeof(name), "%s/%s/%s/%s", folder, part, part, part);
    write_bytes(name, "{}\n", 3);
    CHECK_STATUS(REC_OK, rec_import(store, name, &options, &report, &err), &err);
    CHECK_CONTAINS(name, told.messages);
    CHECK_CONTAINS(":1: field 'id': missing", told.messages);
    unlink(name);
    snprintf(name, sizeof(name), "%s/%s/%s", folder, part, part);
    rmdir(name);
    snprintf(name, sizeof(name), "%s/%s", folder, part);
    rmdir(name);
}

static void a_line_too_long_is_refused_and_the_next_is_read(void **state)
{
    enum { LONG = REC_MAX_ABSTRACT * 20 };
    char *content = rec_alloc(LONG + 128), expected[128];
    size_t length = 0;
    rec_import_report report;
    rec_error err = REC_ERROR_INIT;
    struct told told;

    (void)state;
    CHECK(content != NULL);
    length += (size_t)sprintf(content, "{\"id\":\"a\"}\n");
    memset(content + length, 'x', LONG);
    length += LONG;
    length += (size_t)sprintf(content + length, "\n{\"id\":\"b\"}\n");
    write_bytes(path, content, length);
    rec_free(content);
    CHECK_STATUS(REC_OK, import_file(false, &report, &told, &err), &err);
    CHECK_INT(2, report.added);
    CHECK_INT(1, report.refused);
    snprintf(expected, sizeof(expected), "%s:2: the line is longer than", path);
    CHECK_CONTAINS(expected, told.messages);
}

static void under_strict_the_first_refusal_is_the_end(void **state)
{
    static const char content[] = "{\"id\":\"a\"}\n{\"id\":\"b\"}\n{\"id\":true}\n{\"id\":\"c\"}\n{\"id\":false}\n";
    rec_import_report report;
    rec_error err = REC_ERROR_INIT;
    struct told told;
    char expected[128];

    (void)state;
    write_bytes(path, content, sizeof(content) - 1);
    CHECK_STATUS(REC_EFORMAT, import_file(true, &report, &told, &err), &err);
    snprintf(expected, sizeof(expected), "%s:3: field 'id': expected a string, not true", path);
    CHECK_STR(expected, err.message);
    CHECK_INT(2, report.added);
    CHECK_INT(1, report.refused);
    check_papers(2);
    CHECK_STATUS(REC_OK, rec_store_begin(store, &err), &err); /* no transaction is left open */
    rec_store_rollback(store);
}

static void under_strict_a_listing_ends_the_same_way(void **state)
{
    static const char content[] = "Counting Sheep\nWe count.\n?!\nNo title.\nCounting Goats\nWe count.\n";
    rec_import_report report;
    rec_error err = REC_ERROR_INIT;
    struct told told;
    char expected[128];

    (void)state;
    write_bytes(path, content, sizeof(content) - 1);
    CHECK_STATUS(REC_EFORMAT, import_file(true, &report, &told, &err), &err);
    snprintf(expected, sizeof(expected), "%s:3: field 'title': no id can be made", path);
    CHECK_CONTAINS(expected, err.message);
    CHECK_INT(1, report.refused);
    check_papers(1);
    CHECK_STATUS(REC_OK, import_file(false, &report, &told, &err), &err);
    CHECK_INT(1, report.added);
    CHECK_INT(1, report.unchanged);
    CHECK_INT(1, report.refused);
}

/* More short lines than are held back to find the first title: they are taken as pairs, of which the first is bad. */
static void under_strict_a_listing_of_short_lines_ends_at_its_first_bad_pair(void **state)
{
    enum { PAIRS = 40 };
    rec_buf content = REC_BUF_INIT(4096);
    rec_import_report report;
    rec_error err = REC_ERROR_INIT;
    struct told told;
    char expected[128];

    (void)state;
    rec_buf_puts(&content, "?!\nNo title.\n");
    for (int i = 0; i < PAIRS; i++)
        rec_buf_printf(&content, "Counting sheep, part %d\nWe count.\n", i);
    write_bytes(path, rec_buf_text(&content), content.length);
    rec_buf_clear(&content);
    CHECK_STATUS(REC_EFORMAT, import_file(true, &report, &told, &err), &err);
    snprintf(expected, sizeof(expected), "%s:1: field 'title': no id can be made", path);
    CHECK_CONTAINS(expected, err.message);
    check_papers(0);
    CHECK_STATUS(REC_OK, import_file(false, &report, &told, &err), &err);
    CHECK_INT(PAIRS, report.added);
    CHECK_INT(1, report.refused);
}

static void a_file_that_cannot_be_read_changes_nothing(void **state)
{
    rec_import_report report;
    rec_error err = REC_ERROR_INIT;
    struct told told;

    (void)state;
    unlink(path);
    CHECK_STATUS(REC_EIO, import_file(false, &report, &told, &err), &err);
    CHECK_CONTAINS(path, err.message);
    CHECK_INT(0, report.records);
}

/* ---- listings ------------------------------------------------------------------------------------------------------ */

static void a_listing_is_recognised_by_its_content(void **state)
{
    char content[2048], abstract[REC_LISTING_LONG + 1];

    (void)state;
    memset(abstract, 'a', REC_LISTING_LONG);
    abstract[REC_LISTING_LONG] = '\0';
    snprintf(content, sizeof(content), "A banner\nCounting Sheep\n%s\nCounting Goats\n%s\n", abstract, abstract);
    import_text(content, "2 read: 2 added, 0 updated, 0 unchanged, 0 older, 0 refused, 0 empty");
    check_title("counting-sheep", "Counting Sheep");
    check_title("counting-goats", "Counting Goats");
}

/* A long line without a title, and a line that holds a NUL: told, and the pairs behind them stay in step. */
static void bad_lines_of_a_listing_are_refused_alone(void **state)
{
    char content[2048], abstract[REC_LISTING_LONG + 1], expected[256];
    rec_import_report report;
    rec_error err = REC_ERROR_INIT;
    struct told told;
    int length;

    (void)state;
    memset(abstract, 'a', REC_LISTING_LONG);
    abstract[REC_LISTING_LONG] = '\0';
    length = snprintf(content, sizeof(content), "One Sheep\n%s\n%s\nN%cL\nTwo Goats\n%s\n", abstract, abstract, '\0', abstract);
    write_bytes(path, content, (size_t)length);
    CHECK_STATUS(REC_OK, import_file(false, &report, &told, &err), &err);
    CHECK_INT(4, report.records);
    CHECK_INT(2, report.added);
    CHECK_INT(2, report.refused);
    snprintf(expected, sizeof(expected), "%s:3: field 'title': missing before this abstract\n", path);
    CHECK_CONTAINS(expected, told.messages);
    snprintf(expected, sizeof(expected), "%s:4: the line holds a NUL\n", path);
    CHECK_CONTAINS(expected, told.messages);
    check_title("two-goats", "Two Goats");
}

/* ---- a second import ----------------------------------------------------------------------------------------------- */

/* Cut at any byte, as a killed download is; what came before the cut is kept, and the whole file then completes it. */
static void an_import_that_was_cut_off_is_finished_by_the_next(void **state)
{
    enum { RECORDS = 12 };
    char content[RECORDS * 64];
    rec_import_report report;
    rec_error err = REC_ERROR_INIT;
    struct told told;
    size_t length = 0;

    (void)state;
    for (int i = 0; i < RECORDS; i++)
        length += (size_t)sprintf(content + length, "{\"id\":\"k%d\",\"title\":\"Title %d\"}\n", i, i);
    for (size_t cut = 1; cut < length; cut += 37) {
        close_store(NULL);
        CHECK(open_store(NULL) == 0);
        write_bytes(path, content, cut);
        CHECK_STATUS(REC_OK, import_file(false, &report, &told, &err), &err);
        CHECK(report.refused <= 1);
        write_bytes(path, content, length);
        CHECK_STATUS(REC_OK, import_file(false, &report, &told, &err), &err);
        CHECK_INT(0, report.refused);
        CHECK_INT(RECORDS, report.added + report.unchanged);
        check_papers(RECORDS);
    }
}

static void a_field_that_the_new_record_lacks_is_kept(void **state)
{
    rec_record record;

    (void)state;
    import_text("{\"id\":\"a\",\"title\":\"One\",\"abstract\":\"Text.\",\"authors\":[\"Ada "
                "L.\"],\"date\":\"2020\",\"venue\":\"V\",\"upvotes\":3,\"x\":1}\n",
                "1 read: 1 added, 0 updated, 0 unchanged, 0 older, 0 refused, 0 empty");
    import_text("{\"id\":\"a\",\"title\":\"One, revised\",\"keywords\":[\"k\"]}\n",
                "1 read: 0 added, 1 updated, 0 unchanged, 0 older, 0 refused, 0 empty");
    record = get("a");
    CHECK_STR("One, revised", record.paper.title);
    CHECK_STR("Text.", record.paper.abstract);
    CHECK_STR("[\"Ada L.\"]", record.paper.authors);
    CHECK_STR("[\"k\"]", record.paper.keywords);
    CHECK_STR("2020", record.paper.date.text);
    CHECK_STR("V", record.paper.venue);
    CHECK_STR("{\"x\":1}", record.paper.extra);
    CHECK(record.paper.has_upvotes);
    rec_record_clear(&record);
    import_text("{\"id\":\"a\",\"abstract\":null}\n", "1 read: 0 added, 0 updated, 1 unchanged, 0 older, 0 refused, 1 empty");
}

static void an_older_version_does_not_overwrite(void **state)
{
    static const struct {
        const char *newer, *older, *id;
    } CASES[] = {
        { "{\"id\":\"2401.00001v2\",\"title\":\"New\"}", "{\"id\":\"2401.00001v1\",\"title\":\"Old\"}", "arXiv:2401.00001" },
        { "{\"id\":\"2401.00002\",\"title\":\"New\",\"update_date\":\"2024-03-01\"}",
          "{\"id\":\"2401.00002\",\"title\":\"Old\",\"update_date\":\"2024-02-01\"}", "arXiv:2401.00002" },
        { "{\"id\":\"k\",\"title\":\"New\",\"updated\":\"2024-03\"}", "{\"id\":\"k\",\"title\":\"Old\",\"updated\":\"2024-02\"}", "k" },
        { "{\"id\":\"2401.00003v2\",\"title\":\"New\",\"updated\":\"2024-01\"}",
          "{\"id\":\"2401.00003v1\",\"title\":\"Old\",\"updated\":\"2024-05\"}",
          "arXiv:2401.00003" }, /* the version number says more than the date */
    };
    char both[512];

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        snprintf(both, sizeof(both), "%s\n%s\n", CASES[i].newer, CASES[i].older);
        import_text(both, "2 read: 1 added, 0 updated, 0 unchanged, 1 older, 0 refused, 0 empty");
        check_title(CASES[i].id, "New");
    }
}

static void a_later_version_does(void **state)
{
    rec_record record;

    (void)state;
    import_text("{\"id\":\"2401.00001v1\",\"title\":\"Old\"}\n{\"id\":\"https://arxiv.org/abs/2401.00001v3\",\"title\":\"New\"}\n",
                "2 read: 1 added, 1 updated, 0 unchanged, 0 older, 0 refused, 0 empty");
    record = get("arXiv:2401.00001");
    CHECK_STR("New", record.paper.title);
    CHECK_INT(3, record.paper.id.version);
    rec_record_clear(&record);
    check_papers(1);
}

/* A preprint's record that brings the DOI of a stored article of the same title is the same paper, under its better id. */
static void an_arxiv_id_takes_precedence_over_a_stored_doi(void **state)
{
    rec_record record;

    (void)state;
    import_text("{\"id\":\"10.1000/x\",\"title\":\"One "
                "Sheep\",\"venue\":\"V\"}\n{\"arxiv\":\"2401.00001\",\"doi\":\"10.1000/X\",\"title\":\"One sheep.\"}\n",
                "2 read: 1 added, 1 updated, 0 unchanged, 0 older, 0 refused, 0 empty");
    check_papers(1);
    record = get("doi:10.1000/x"); /* the old id still finds it */
    CHECK_STR("arXiv:2401.00001", record.paper.id.text);
    CHECK_STR("[\"doi:10.1000/x\"]", record.also);
    CHECK_STR("V", record.paper.venue);
    rec_record_clear(&record);
}

/* The papers of one volume carry its DOI. */
static void a_shared_doi_alone_does_not_make_one_paper(void **state)
{
    (void)state;
    import_text("{\"id\":\"a\",\"doi\":\"10.1000/volume\",\"title\":\"Sheep\"}\n{\"arxiv\":\"2401.00001\",\"doi\":\"10.1000/"
                "volume\",\"title\":\"Goats\"}\n",
                "2 read: 2 added, 0 updated, 0 unchanged, 0 older, 0 refused, 0 empty");
    check_title("arXiv:2401.00001", "Goats");
    check_title("doi:10.1000/volume", "Sheep");
}

/* The n-th request for memory fails, for every n: an error each time, and then the whole file completes the store. */
static void without_memory_an_import_fails_cleanly(void **state)
{
    static const char *const CONTENTS[] = {
        "{\"id\":\"a\",\"title\":\"A  b\",\"authors\":[\"One, A.\"]}\n{\"id\":\"b\",\"title\":\"C\"}\n",
        "Counting Sheep\nWe count.\nCounting Goats\nWe count.\n",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(CONTENTS); i++) {
        rec_status rc = REC_ENOMEM;

        close_store(NULL);
        CHECK(open_store(NULL) == 0);
        write_bytes(path, CONTENTS[i], strlen(CONTENTS[i]));
        for (long allowed = 0; rc != REC_OK; allowed++) {
            rec_import_report report;
            rec_error err = REC_ERROR_INIT;
            struct told told;

            CHECK(allowed < 500);
            rec_alloc_fail_after(allowed);
            rc = import_file(false, &report, &told, &err);
            rec_alloc_fail_after(-1);
            if (rc != REC_OK) {
                CHECK_STATUS(REC_ENOMEM, rc, &err);
                CHECK_INT(0, report.refused);
            }
        }
        check_papers(2);
    }
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_store, close_store)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(every_outcome_is_counted),
        CASE(the_generation_grows_with_a_change_alone),
        CASE(an_empty_file_has_no_records),
        CASE(comments_and_blank_lines_are_no_records),
        CASE(reports_add_up),
        CASE(progress_is_told_after_every_batch),
        CASE(refused_records_are_named_by_file_line_and_field),
        CASE(a_long_path_is_named_whole),
        CASE(a_line_too_long_is_refused_and_the_next_is_read),
        CASE(under_strict_the_first_refusal_is_the_end),
        CASE(under_strict_a_listing_ends_the_same_way),
        CASE(under_strict_a_listing_of_short_lines_ends_at_its_first_bad_pair),
        CASE(a_file_that_cannot_be_read_changes_nothing),
        CASE(a_listing_is_recognised_by_its_content),
        CASE(bad_lines_of_a_listing_are_refused_alone),
        CASE(an_import_that_was_cut_off_is_finished_by_the_next),
        CASE(a_field_that_the_new_record_lacks_is_kept),
        CASE(an_older_version_does_not_overwrite),
        CASE(a_later_version_does),
        CASE(an_arxiv_id_takes_precedence_over_a_stored_doi),
        CASE(a_shared_doi_alone_does_not_make_one_paper),
        CASE(without_memory_an_import_fails_cleanly),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
