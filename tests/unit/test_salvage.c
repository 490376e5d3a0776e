/*
 * A damaged store: each page of a small one in turn is overwritten, and every paper of which no byte lies on that page must be saved, just
 * as it is in an export of the sound store. What lies where is told by a mark that stands all through each paper's row.
 */
#include "check.h"
#include "folder.h"

#include "alloc.h"
#include "buf.h"
#include "rec/reader.h"
#include "rec/salvage.h"
#include "rec/settle.h"
#include "rec/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PAPERS 24
#define PAGE 4096
#define ROOM (4u << 20)

static char copy[sizeof(folder) + 16];
static rec_buf sound = REC_BUF_INIT(ROOM); /* the store's file */
static rec_buf lines = REC_BUF_INIT(ROOM); /* its export */
static rec_buf names = REC_BUF_INIT(ROOM); /* ids that were told as lost */

/* ---- files --------------------------------------------------------------------------------------------------------- */

static void read_whole(const char *path, rec_buf *out)
{
    FILE *file = fopen(path, "rb");
    char block[PAGE];
    size_t n;

    CHECK(file != NULL);
    rec_buf_reset(out);
    while ((n = fread(block, 1, sizeof(block), file)) > 0)
        rec_buf_add(out, block, n);
    fclose(file);
    CHECK(!out->failed);
}

static void write_whole(const char *path, const void *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");

    CHECK(file && fwrite(bytes, 1, length, file) == length && fclose(file) == 0);
}

static rec_status append(void *context, const char *bytes, size_t length, rec_error *err)
{
    (void)err;
    rec_buf_add(context, bytes, length);
    return REC_OK;
}

static void note_lost(void *context, const char *id)
{
    rec_buf_printf(context, "%s\n", id);
}

/* Salvages `bytes` as a store's file; its lines are in `out`, what was told as lost in `names`. */
static rec_status salvage(const void *bytes, size_t length, rec_buf *out, rec_salvage_report *report, rec_error *err)
{
    const rec_filter all = { .since = 0 };
    const rec_export_sink sink = { append, out };

    write_whole(copy, bytes, length);
    rec_buf_reset(out);
    rec_buf_reset(&names);
    return rec_salvage(copy, &all, REC_EXPORT_JSONL, &sink, note_lost, &names, report, err);
}

/* ---- the store ----------------------------------------------------------------------------------------------------- */

/* Every text of a paper holds its mark, "#17#", so often that none of its pages is without; word search drops the signs. */
static void put_paper(rec_store *store, int number, const char *more)
{
    rec_buf record = REC_BUF_INIT(ROOM);
    rec_paper paper = REC_PAPER_INIT;
    rec_error err = REC_ERROR_INIT;
    rec_outcome outcome;

    rec_buf_printf(&record,
                   "{\"id\":\"#%d#\",\"also\":[\"10.1000/p%d\"],\"title\":\"#%d# herons\",\"authors\":[\"Ann #%d#\"],\"date\":\"20%02d\",",
                   number, number, number, number, number % 30);
    rec_buf_printf(&record, "\"venue\":\"#%d#\",\"colour\":\"#%d#\",\"abstract\":\"", number, number);
    for (int i = 0; i < (number % 7 == 0 ? 500 : 12 * (number % 5)); i++)
        rec_buf_printf(&record, "%s#%d# %s%d", i > 0 ? " " : "", number, more, i % 13);
    rec_buf_puts(&record, "\"}");
    CHECK(!record.failed);
    CHECK_STATUS(REC_OK, rec_read_json(rec_buf_text(&record), record.length, &paper, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_put(store, &paper, &outcome, &err), &err);
    rec_paper_clear(&paper);
    rec_buf_clear(&record);
}

/* With papers that were changed and removed, so that there are pages of the past. */
static int make_store(void **state)
{
    const rec_export_choice all = { .docs = NULL };
    const rec_export_sink sink = { append, &lines };
    rec_error err = REC_ERROR_INIT;
    rec_store *store = NULL;
    rec_doc last[] = { PAPERS + 1, PAPERS + 2, PAPERS + 3 };
    int64_t count;

    if (make_folder(state) != 0)
        return -1;
    snprintf(copy, sizeof(copy), "%s/copy.db", folder);
    CHECK_STATUS(REC_OK, rec_store_open(db, REC_STORE_CREATE, &store, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_begin(store, &err), &err);
    for (int i = 1; i <= PAPERS + 3; i++)
        put_paper(store, i, "gone");
    CHECK_STATUS(REC_OK, rec_store_commit(store, true, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_begin(store, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_remove(store, last, 3, &err), &err);
    for (int i = 1; i <= PAPERS; i++)
        put_paper(store, i, "word");
    CHECK_STATUS(REC_OK, rec_store_commit(store, true, &err), &err);
    CHECK_STATUS(REC_OK, rec_works_settle(store, &err), &err);
    CHECK_STATUS(REC_OK, rec_export_papers(store, &all, REC_EXPORT_JSONL, &sink, &count, &err), &err);
    CHECK_INT(PAPERS, count);
    rec_store_close(store);
    read_whole(db, &sound);
    return 0;
}

static int remove_store(void **state)
{
    remove_files();
    rec_buf_clear(&sound);
    rec_buf_clear(&lines);
    rec_buf_clear(&names);
    return remove_folder(state);
}

static const char *find(const char *bytes, size_t length, const char *text)
{
    for (size_t i = 0, n = strlen(text); i + n <= length; i++)
        if (memcmp(bytes + i, text, n) == 0)
            return bytes + i;
    return NULL;
}

static bool page_speaks_of(const char *page, int number)
{
    char mark[16];

    snprintf(mark, sizeof(mark), "#%d#", number);
    return find(page, PAGE, mark) != NULL;
}

/* A paper's line of an export, with its line feed; NULL where it has none. */
static const char *line_of(const rec_buf *export, int number, size_t *length)
{
    char beginning[64];
    const char *at;

    snprintf(beginning, sizeof(beginning), "{\"schema_version\":1,\"id\":\"doi:10.1000/p%d\"", number);
    at = strstr(rec_buf_text(export), beginning);
    *length = at ? (size_t)(strchr(at, '\n') - at) + 1 : 0;
    return at;
}

static bool has_same_line(const rec_buf *export, int number)
{
    size_t wanted_length, length;
    const char *wanted = line_of(&lines, number, &wanted_length), *at = line_of(export, number, &length);

    return at && length == wanted_length && memcmp(at, wanted, length) == 0;
}

/* ---- tests --------------------------------------------------------------------------------------------------------- */

static void a_sound_store_is_salvaged_as_it_is_exported(void **state)
{
    rec_buf out = REC_BUF_INIT(ROOM);
    rec_salvage_report report;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, salvage(sound.data, sound.length, &out, &report, &err), &err);
    CHECK_STR(rec_buf_text(&lines), rec_buf_text(&out));
    CHECK_INT(PAPERS, report.saved);
    CHECK_INT(0, report.lost);
    CHECK_INT(0, report.incomplete);
    CHECK(!report.perhaps_of_past);
    rec_buf_clear(&out);
}

/* Overwrites page after page by `fill` and looks what became of each paper. */
static void damage_each_page(int fill)
{
    rec_buf out = REC_BUF_INIT(ROOM);
    char *bytes = rec_alloc(sound.length);
    int lost_somewhere = 0;

    CHECK(bytes != NULL);
    for (size_t at = 0; at + PAGE <= sound.length; at += PAGE) {
        rec_salvage_report report;
        rec_error err = REC_ERROR_INIT;
        int lost = 0;

        memcpy(bytes, sound.data, sound.length);
        memset(bytes + at, fill, PAGE);
        CHECK_STATUS(REC_OK, salvage(bytes, sound.length, &out, &report, &err), &err);
        for (int number = 1; number <= PAPERS; number++) {
            if (has_same_line(&out, number))
                continue;
            if (!page_speaks_of(sound.data + at, number))
                fail_msg("paper %d is lost with page %zu, where nothing of it lies", number, at / PAGE + 1);
            lost++;
        }
        CHECK(report.saved >= PAPERS - lost);
        if (!report.perhaps_of_past)
            CHECK_INT(PAPERS - report.saved, report.lost);
        lost_somewhere += lost > 0;
    }
    CHECK(lost_somewhere > 5);
    rec_free(bytes);
    rec_buf_clear(&out);
}

static void a_page_of_zeros_costs_the_papers_on_it_alone(void **state)
{
    (void)state;
    damage_each_page(0);
}

static void a_page_of_ones_costs_the_papers_on_it_alone(void **state)
{
    (void)state;
    damage_each_page(0xFF);
}

static void a_page_that_looks_like_a_table_costs_the_papers_on_it_alone(void **state)
{
    (void)state;
    damage_each_page(0x0D);
}

/* What `check` lets pass gives every paper as it was. */
static void a_damaged_page_is_found_by_check_or_holds_nothing(void **state)
{
    const rec_export_choice all = { .docs = NULL };
    rec_buf out = REC_BUF_INIT(ROOM);
    const rec_export_sink sink = { append, &out };
    char *bytes = rec_alloc(sound.length);
    int found = 0;

    (void)state;
    CHECK(bytes != NULL);
    for (size_t at = 0; at + PAGE <= sound.length; at += PAGE) {
        rec_store *store = NULL;
        rec_error err = REC_ERROR_INIT;
        rec_status rc;
        int64_t count;

        memcpy(bytes, sound.data, sound.length);
        memset(bytes + at + PAGE / 2, 'x', PAGE / 4);
        write_whole(copy, bytes, sound.length);
        if ((rc = rec_store_open(copy, REC_STORE_READ, &store, &err)) == REC_OK && (rc = rec_store_check(store, &err)) == REC_OK) {
            rec_buf_reset(&out);
            CHECK_STATUS(REC_OK, rec_export_papers(store, &all, REC_EXPORT_JSONL, &sink, &count, &err), &err);
            CHECK_STR(rec_buf_text(&lines), rec_buf_text(&out));
        } else {
            CHECK_INT(REC_EDAMAGED, rc);
            found++;
        }
        rec_store_close(store);
    }
    CHECK(found > 10);
    rec_free(bytes);
    rec_buf_clear(&out);
}

static void a_lost_paper_is_told_by_its_id(void **state)
{
    rec_buf out = REC_BUF_INIT(ROOM);
    char *bytes = rec_alloc(sound.length);
    const char *row = find(sound.data, sound.length, "#11# herons");
    rec_salvage_report report;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK(bytes && row);
    memcpy(bytes, sound.data, sound.length);
    memset(bytes + (row - sound.data), 'x', 4);
    CHECK_STATUS(REC_OK, salvage(bytes, sound.length, &out, &report, &err), &err);
    CHECK_INT(PAPERS - 1, report.saved);
    CHECK_INT(1, report.lost);
    CHECK_STR("doi:10.1000/p11\n", rec_buf_text(&names));
    rec_free(bytes);
    rec_buf_clear(&out);
}

static void put_32(char *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (char)(value >> (24 - 8 * i));
}

/*
 * A free page keeps what was on it. Here it is a page of papers with another word in one of their titles, which the list of free pages
 * names, or its links alone where the beginning of that list is lost.
 */
static void what_lies_on_a_free_page_does_not_come_back(void **state)
{
    uint32_t pages = (uint32_t)(sound.length / PAGE), trunk = pages + 1, freed = pages + 2;
    const struct {
        uint32_t first, next, named, count; /* the list's beginning; of its link the next one and how many it names; how many are free */
    } CASES[] = {
        { trunk, 0, 1, 2 }, { pages + 9, 0, 1, 2 }, { trunk, 0, 1, 5 }, { trunk, trunk, 1, 2 }, { 1, 0, 1, 2 },
    };
    rec_buf out = REC_BUF_INIT(ROOM);
    size_t length = sound.length + 2 * PAGE;
    char *bytes = rec_alloc(length), *link = bytes + sound.length;

    (void)state;
    CHECK(bytes != NULL);
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        const char *row = find(sound.data, sound.length, "#11# herons");
        rec_salvage_report report;
        rec_error err = REC_ERROR_INIT;

        CHECK(row != NULL);
        memcpy(bytes, sound.data, sound.length);
        put_32(bytes + 28, freed);
        put_32(bytes + 32, CASES[i].first);
        put_32(bytes + 36, CASES[i].count);
        put_32(link, CASES[i].next);
        put_32(link + 4, CASES[i].named);
        put_32(link + 8, freed);
        memcpy(link + PAGE, sound.data + (row - sound.data) / PAGE * PAGE, PAGE);
        memcpy(link + PAGE + (row - sound.data) % PAGE, "#11# ghosts", strlen("#11# ghosts"));
        CHECK_STATUS(REC_OK, salvage(bytes, length, &out, &report, &err), &err);
        CHECK_INT(PAPERS, report.saved);
        CHECK(find(out.data, out.length, "ghosts") == NULL);
        CHECK(has_same_line(&out, 11));
    }
    rec_free(bytes);
    rec_buf_clear(&out);
}

static uint32_t next_random(uint32_t *seed)
{
    return *seed = *seed * 1664525u + 1013904223u;
}

/* No crash, hang or huge allocation, whatever the bytes are; and nothing is told of papers that the store never held. */
static void bytes_altered_anywhere_never_bring_a_paper_that_was_not_there(void **state)
{
    rec_buf out = REC_BUF_INIT(ROOM);
    char *bytes = rec_alloc(sound.length);
    uint32_t seed = 7;

    (void)state;
    CHECK(bytes != NULL);
    for (int round = 0; round < 60; round++) {
        size_t length = round % 3 == 0 ? next_random(&seed) % sound.length + 100 : sound.length;
        rec_salvage_report report;
        rec_error err = REC_ERROR_INIT;
        rec_status rc;

        length = length < sound.length ? length : sound.length;
        memcpy(bytes, sound.data, sound.length);
        for (int i = 0; i < 200; i++)
            bytes[next_random(&seed) % sound.length] = (char)(next_random(&seed) >> 24);
        rc = salvage(bytes, length, &out, &report, &err);
        CHECK(rc == REC_OK || rc == REC_EDAMAGED);
        CHECK(rc != REC_OK || report.saved <= PAPERS + 3);
    }
    rec_free(bytes);
    rec_buf_clear(&out);
}

static void what_is_no_store_is_refused(void **state)
{
    rec_buf out = REC_BUF_INIT(ROOM);
    rec_salvage_report report;
    rec_error err = REC_ERROR_INIT;
    char zeros[3 * PAGE] = "";

    (void)state;
    CHECK_STATUS(REC_EDAMAGED, salvage(zeros, sizeof(zeros), &out, &report, &err), &err);
    CHECK_CONTAINS("no paper", err.message);
    CHECK_STATUS(REC_EIO, salvage(zeros, 0, &out, &report, &err), &err);
    rec_buf_clear(&out);
}

static void every_failed_allocation_is_a_clean_error(void **state)
{
    rec_buf out = REC_BUF_INIT(ROOM);
    rec_status rc = REC_ENOMEM;

    (void)state;
    for (long allowed = 0; rc != REC_OK && allowed < 20000; allowed = allowed < 200 ? allowed + 1 : allowed * 5 / 4) {
        rec_salvage_report report;
        rec_error err = REC_ERROR_INIT;

        write_whole(copy, sound.data, sound.length);
        rec_alloc_fail_after(allowed);
        rc = salvage(sound.data, sound.length, &out, &report, &err);
        rec_alloc_fail_after(-1);
        CHECK(rc == REC_OK || rc == REC_ENOMEM);
    }
    CHECK_INT(REC_OK, rc);
    rec_buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_store_is_salvaged_as_it_is_exported),
        cmocka_unit_test(a_page_of_zeros_costs_the_papers_on_it_alone),
        cmocka_unit_test(a_page_of_ones_costs_the_papers_on_it_alone),
        cmocka_unit_test(a_page_that_looks_like_a_table_costs_the_papers_on_it_alone),
        cmocka_unit_test(a_damaged_page_is_found_by_check_or_holds_nothing),
        cmocka_unit_test(a_lost_paper_is_told_by_its_id),
        cmocka_unit_test(what_lies_on_a_free_page_does_not_come_back),
        cmocka_unit_test(bytes_altered_anywhere_never_bring_a_paper_that_was_not_there),
        cmocka_unit_test(what_is_no_store_is_refused),
        cmocka_unit_test(every_failed_allocation_is_a_clean_error),
    };

    return cmocka_run_group_tests(tests, make_store, remove_store);
}
