/*
 * Verifying a store: see store.h. Statements that run once a check are not kept prepared.
 */
#include "store_internal.h"

#include "alloc.h"
#include "rec/clean.h"
#include "rec/date.h"
#include "rec/id.h"
#include "same_work.h"
#include "store_sums.h"

#include <string.h>

/* Runs a query whose rows are faults; the first one is reported. */
static rec_status expect_no_rows(rec_store *store, const char *sql, const char *fault, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = REC_OK;
    int step;

    if (sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return rec_store_fail(store, "check store", err);
    step = sqlite3_step(stmt);
    if (step == SQLITE_ROW)
        rc = rec_fail(err, REC_EDAMAGED, "store '%s' is damaged: %s: %s; " REC_WAY_OUT, store->path, fault, rec_column_text(stmt, 0));
    else if (step != SQLITE_DONE)
        rc = rec_store_fail(store, "check store", err);
    sqlite3_finalize(stmt);
    return rc;
}

struct checking {
    rec_store *store;
    uint8_t *stored; /* (bytes) a bit for each number that a paper has, or had until the last removal */
    size_t bytes;
};

static bool is_stored(const struct checking *checking, rec_doc doc)
{
    return doc >= 0 && (size_t)doc / 8 < checking->bytes && checking->stored[doc / 8] >> (doc % 8) & 1;
}

static rec_status note_stored(rec_doc doc, void *context, rec_error *err)
{
    struct checking *checking = context;

    if (doc < 0 || (size_t)doc / 8 >= checking->bytes)
        return rec_fail(err, REC_EDAMAGED, "store '%s' is damaged: a paper has number %lld", checking->store->path, (long long)doc);
    checking->stored[doc / 8] |= (uint8_t)(1u << (doc % 8));
    return REC_OK;
}

/* Until a build, lists may name papers that were removed. */
static rec_status note_gone(struct checking *checking, rec_error *err)
{
    rec_doc *gone;
    size_t count;
    rec_status rc = rec_store_get_gone(checking->store, &gone, &count, err);

    for (size_t i = 0; i < count && rc == REC_OK; i++)
        rc = note_stored(gone[i], checking, err);
    rec_free(gone);
    return rc;
}

/* The order among equal scores is not looked at: it is that of dates and ids when the list was made. */
static bool is_in_order(rec_doc doc, const rec_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].doc == doc || (i > 0 && list->items[i].score > list->items[i - 1].score))
            return false;
        for (size_t j = 0; j < i; j++)
            if (list->items[j].doc == list->items[i].doc)
                return false;
    }
    return true;
}

static rec_status check_list(rec_doc doc, const rec_list *list, void *context, rec_error *err)
{
    const struct checking *checking = context;

    if (!is_in_order(doc, list))
        return rec_fail(err, REC_EDAMAGED,
                        "store '%s' is damaged: the list of paper %lld is out of order, or names a paper twice or itself; run 'recommend "
                        "build --refit'",
                        checking->store->path, (long long)doc);
    for (size_t i = 0; i < list->count; i++)
        if (!is_stored(checking, list->items[i].doc))
            return rec_fail(err, REC_EDAMAGED,
                            "store '%s' is damaged: the list of paper %lld names paper %lld, which is gone; run 'recommend build --refit'",
                            checking->store->path, (long long)doc, (long long)list->items[i].doc);
    return REC_OK;
}

static rec_status check_neighbours(rec_store *store, rec_error *err)
{
    struct checking checking = { .store = store };
    sqlite3_int64 last = 0;
    sqlite3_stmt *stmt = NULL;
    rec_status rc;

    if (sqlite3_prepare_v2(store->db, "SELECT max(coalesce((SELECT max(doc) FROM paper), 0), coalesce((SELECT max(doc) FROM gone), 0))", -1,
                           &stmt, NULL) != SQLITE_OK)
        return rec_store_fail(store, "check store", err);
    if (sqlite3_step(stmt) == SQLITE_ROW)
        last = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    checking.bytes = last > 0 && last <= UINT32_MAX ? (size_t)last / 8 + 1 : 1;
    if (!(checking.stored = rec_alloc_array(checking.bytes, 1)))
        return rec_fail(err, REC_ENOMEM, "out of memory checking '%s'", store->path);
    if ((rc = rec_store_scan_precedence(store, note_stored, &checking, err)) == REC_OK)
        rc = note_gone(&checking, err);
    if (rc == REC_OK)
        rc = rec_store_scan_lists(store, check_list, &checking, err);
    rec_free(checking.stored);
    return rc;
}

/* SQLite knows of no damage within a text; the keys that the row holds do. */
static rec_status check_text(const rec_text *text, void *context, rec_error *err)
{
    const struct checking *checking = context;

    if ((text->title ? rec_text_key(text->title) : 0) == text->title_key &&
        (text->abstract ? rec_text_key(text->abstract) : 0) == text->abstract_key)
        return REC_OK;
    return rec_fail(err, REC_EDAMAGED, "store '%s' is damaged: title or abstract of paper %lld is not what was stored; " REC_WAY_OUT,
                    checking->store->path, (long long)text->doc);
}

static rec_status check_texts(rec_store *store, rec_error *err)
{
    struct checking checking = { .store = store };

    return rec_store_scan(store, false, check_text, &checking, err);
}

/* Reads a query whose columns are an id, a date and its span. */
static rec_status check_name_and_date(rec_store *store, sqlite3_stmt *stmt, rec_error *err)
{
    const char *id = rec_column_text(stmt, 0), *date = rec_column_text(stmt, 1);
    rec_date span = { .first = 0 };
    rec_id again;

    if (!id || !date)
        return rec_fail(err, REC_EDAMAGED, "store '%s' is damaged: a paper has no id; " REC_WAY_OUT, store->path);
    if (rec_id_parse(id, &again, NULL) != REC_OK || strcmp(id, again.text) != 0)
        return rec_fail(err, REC_EDAMAGED, "store '%s' is damaged: an id that is none: %s; " REC_WAY_OUT, store->path, id);
    if ((*date && (rec_date_parse(date, &span, NULL) != REC_OK || strcmp(date, span.text) != 0)) ||
        span.first != sqlite3_column_int64(stmt, 2) || span.last != sqlite3_column_int64(stmt, 3))
        return rec_fail(err, REC_EDAMAGED, "store '%s' is damaged: the date of %s is not what was stored; " REC_WAY_OUT, store->path, id);
    return REC_OK;
}

static rec_status check_names_and_dates(rec_store *store, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = REC_OK;
    int step = SQLITE_DONE;

    if (sqlite3_prepare_v2(store->db, "SELECT id, date, date_first, date_last FROM paper", -1, &stmt, NULL) != SQLITE_OK)
        return rec_store_fail(store, "check store", err);
    while (rc == REC_OK && (step = sqlite3_step(stmt)) == SQLITE_ROW)
        rc = check_name_and_date(store, stmt, err);
    if (rc == REC_OK && step != SQLITE_DONE)
        rc = rec_store_fail(store, "check store", err);
    sqlite3_finalize(stmt);
    return rc;
}

/* ---- keys of works -------------------------------------------------------------------------------------------------- */

/* Adds up so that neither order nor a pair that is there twice hides what is missing (SplitMix64's last steps). */
static uint64_t sum_of_key(uint64_t key, rec_doc doc)
{
    uint64_t x = key ^ (uint64_t)doc * 0x9E3779B97F4A7C15u;

    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return x ^ x >> 31;
}

/* The sum of all keys that are stored, or that the papers give, of papers whose work was looked for. */
static rec_status sum_keys(rec_store *store, bool stored, uint64_t *sum, rec_error *err)
{
    static const char keys[] = "SELECT key, doc FROM work_key WHERE doc NOT IN (SELECT doc FROM unsettled)",
                      papers[] = "SELECT title, doc, abstract, authors FROM paper WHERE doc NOT IN (SELECT doc FROM unsettled)";
    sqlite3_stmt *stmt = NULL;
    rec_status rc = REC_OK;
    int step;

    *sum = 0;
    if (sqlite3_prepare_v2(store->db, stored ? keys : papers, -1, &stmt, NULL) != SQLITE_OK)
        return rec_store_fail(store, "check store", err);
    while ((step = sqlite3_step(stmt)) == SQLITE_ROW) {
        uint64_t made[REC_WORK_KEYS];
        rec_doc doc = sqlite3_column_int64(stmt, 1);
        size_t count;

        if (stored)
            *sum += sum_of_key((uint64_t)sqlite3_column_int64(stmt, 0), doc);
        else
            for (count = rec_works_keys(rec_column_text(stmt, 0), rec_column_text(stmt, 2), rec_column_text(stmt, 3), made); count > 0;
                 count--)
                *sum += sum_of_key(made[count - 1], doc);
    }
    if (step != SQLITE_DONE)
        rc = rec_store_fail(store, "check store", err);
    sqlite3_finalize(stmt);
    return rc;
}

static rec_status check_work_keys(rec_store *store, rec_error *err)
{
    uint64_t stored = 0, made = 0;
    rec_status rc;

    if (store->version < REC_SCHEMA_WITH_WORKS) /* its keys come with the migration */
        return REC_OK;
    if ((rc = sum_keys(store, true, &stored, err)) == REC_OK)
        rc = sum_keys(store, false, &made, err);
    if (rc != REC_OK || stored == made)
        return rc;
    return rec_fail(err, REC_EDAMAGED, "store '%s' is damaged: keys of works are not those of its papers; " REC_WAY_OUT, store->path);
}

/* What only the sum of a row tells; of lists check_neighbours() does. */
static rec_status check_sums(rec_store *store, rec_error *err)
{
    static const struct {
        const char *sql, *fault;
    } sums[] = {
        { "SELECT id FROM paper WHERE sum IS NOT row_sum(" REC_SUMMED_PAPER ")", "a paper is not what was stored" },
        { "SELECT alias FROM alias WHERE sum IS NOT row_sum(" REC_SUMMED_ALIAS ")", "another id of a paper is not what was stored" },
        { "SELECT paper || ' for ' || seed || ' in edition ' || edition FROM sent WHERE sum IS NOT row_sum(" REC_SUMMED_SENT ")",
          "a row of the ledger is not what was stored" },
        { "SELECT action || ' of ' || paper || ' for ' || seed FROM feedback WHERE sum IS NOT row_sum(" REC_SUMMED_FEEDBACK ")",
          "a row of feedback is not what was stored" },
        { "SELECT 'generation ' || generation FROM state WHERE sum IS NOT row_sum(" REC_SUMMED_STATE ")",
          "what it says of itself is not what was stored" },
    };
    rec_status rc = REC_OK;

    if (store->version < REC_SCHEMA_WITH_SUMS)
        return REC_OK;
    for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]) && rc == REC_OK; i++)
        rc = expect_no_rows(store, sums[i].sql, sums[i].fault, err);
    return rc;
}

/* Reads all of the word index, which SQLite's own check takes for tables like any other. */
static rec_status check_word_index(rec_store *store, rec_error *err)
{
    static const char sql[] = "PRAGMA temp_store = MEMORY;"
                              "CREATE VIRTUAL TABLE temp.checked_words USING fts5vocab('main', 'words', 'row');"
                              "SELECT sum(cnt) FROM temp.checked_words;"
                              "DROP TABLE temp.checked_words";

    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK ? REC_OK : rec_store_fail(store, "check the words of store", err);
}

rec_status rec_store_check(rec_store *store, rec_error *err)
{
    static const struct {
        const char *sql, *fault;
    } checks[] = {
        { "SELECT trim(replace(integrity_check, '*** in database main ***', ''), char(10)) FROM pragma_integrity_check(1) WHERE "
          "integrity_check <> 'ok'",
          "SQLite finds" },
        { "SELECT alias FROM alias WHERE doc NOT IN (SELECT doc FROM paper)", "an id of no paper" },
        { "SELECT doc FROM list WHERE doc NOT IN (SELECT doc FROM paper)", "a neighbour list of no paper" },
        { "SELECT doc FROM list WHERE length(near) % 8 <> 0", "a neighbour list cut in the middle" },
        { "SELECT id FROM paper WHERE doc NOT IN (SELECT id FROM words_docsize)", "words that are not indexed" },
        { "SELECT doc FROM gone WHERE doc IN (SELECT doc FROM paper)", "a paper that is stored and gone" },
        { "SELECT doc FROM unsettled WHERE doc NOT IN (SELECT doc FROM paper)", "an unsettled work of no paper" },
        { "SELECT doc FROM work_key WHERE doc NOT IN (SELECT doc FROM paper)", "a work's key of no paper" },
        { "SELECT work FROM paper WHERE work IS NOT NULL GROUP BY work HAVING count(*) < 2 OR min(doc) <> work", "a work of one record" },
        { "SELECT edition FROM sent WHERE edition = '' OR seed = '' OR paper = '' OR day NOT BETWEEN 10000101 AND 29991231"
          " OR rank < 0 OR band NOT BETWEEN 0 AND 3",
          "the ledger has a bad row in edition" },
        { "SELECT paper FROM feedback WHERE seed = '' OR paper = '' OR action NOT IN ('click', 'save', 'hide')"
          " OR day NOT BETWEEN 10000101 AND 29991231",
          "feedback has a bad row about" },
        { "SELECT id FROM paper WHERE (authors IS NOT NULL AND NOT json_valid(authors)) OR (categories IS NOT NULL AND NOT "
          "json_valid(categories))"
          " OR (keywords IS NOT NULL AND NOT json_valid(keywords)) OR (extra IS NOT NULL AND NOT json_valid(extra))",
          "a list that is none in paper" },
        { "SELECT id FROM paper WHERE flags NOT BETWEEN 0 AND 3 OR typeof(flags) <> 'integer' OR typeof(title_key) <> 'integer'"
          " OR typeof(abstract_key) <> 'integer' OR typeof(upvotes) NOT IN ('null', 'real') OR typeof(version) <> 'integer'",
          "a number that is none in paper" },
        { "SELECT 'state has ' || count(*) || ' rows' FROM state HAVING count(*) <> 1", "what it says of itself" },
        { "SELECT 'state says ' || papers FROM state WHERE papers <> (SELECT count(*) FROM paper)", "number of papers" },
    };
    rec_status rc = REC_OK;

    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]) && rc == REC_OK; i++)
        rc = expect_no_rows(store, checks[i].sql, checks[i].fault, err);
    if (rc == REC_OK)
        rc = check_texts(store, err);
    if (rc == REC_OK)
        rc = check_names_and_dates(store, err);
    if (rc == REC_OK)
        rc = check_sums(store, err);
    if (rc == REC_OK)
        rc = check_work_keys(store, err);
    if (rc == REC_OK)
        rc = check_word_index(store, err);
    return rc == REC_OK ? check_neighbours(store, err) : rc;
}
