/*
 * Papers out of the store: finding, reading and scanning.
 */
#include "store_internal.h"

#include "alloc.h"

#include <string.h>

/* ---- finding ------------------------------------------------------------------------------------------------------- */

static rec_status find_with(rec_store *store, rec_statement which, const char *id, rec_doc *out, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, which, &stmt, err);
    int step;

    if (rc != REC_OK)
        return rc;
    rec_bind_text(stmt, 1, id);
    step = sqlite3_step(stmt);
    if (step == SQLITE_ROW)
        *out = sqlite3_column_int64(stmt, 0);
    else if (step != SQLITE_DONE)
        return rec_store_fail(store, "read store", err);
    sqlite3_reset(stmt);
    return step == SQLITE_ROW ? REC_OK : REC_ENOTFOUND;
}

rec_status rec_store_find(rec_store *store, const char *id, rec_doc *out, rec_error *err)
{
    rec_status rc = find_with(store, REC_SQL_FIND, id, out, err);

    return rc == REC_ENOTFOUND ? find_with(store, REC_SQL_FIND_ALIAS, id, out, err) : rc;
}

rec_status rec_store_find_title(rec_store *store, uint64_t title_key, rec_doc *out, size_t limit, size_t *count, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, REC_SQL_FIND_TITLE, &stmt, err);
    int step = SQLITE_DONE;

    *count = 0;
    if (rc != REC_OK)
        return rc;
    sqlite3_bind_int64(stmt, 1, (sqlite3_int64)title_key);
    sqlite3_bind_int64(stmt, 2, (sqlite3_int64)limit);
    while (*count < limit && (step = sqlite3_step(stmt)) == SQLITE_ROW)
        out[(*count)++] = sqlite3_column_int64(stmt, 0);
    if (step != SQLITE_ROW && step != SQLITE_DONE)
        return rec_store_fail(store, "read store", err);
    sqlite3_reset(stmt);
    return REC_OK;
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

void rec_record_clear(rec_record *record)
{
    rec_paper_clear(&record->paper); /* by far the most of it: it is not cleared twice */
    rec_free(record->also);
    record->also = NULL;
    record->doc = record->work = 0;
    record->title_key = record->abstract_key = 0;
    record->shares_work = false;
}

/* Columns of CARD in schema.c, and behind them those of REC_SQL_GET_ALL. */
enum column {
    COLUMN_DOC,
    COLUMN_ID,
    COLUMN_VERSION,
    COLUMN_TITLE,
    COLUMN_DATE,
    COLUMN_DATE_FIRST,
    COLUMN_DATE_LAST,
    COLUMN_UPDATED,
    COLUMN_TITLE_KEY,
    COLUMN_ABSTRACT_KEY,
    COLUMN_FLAGS,
    COLUMN_WORK,
    COLUMN_AUTHORS,
    COLUMN_CATEGORIES,
    COLUMN_VENUE,
    COLUMN_URL,
    COLUMN_UPVOTES,
    COLUMN_KEYWORDS,
    COLUMN_ABSTRACT,
    COLUMN_TITLE_ORIGINAL,
    COLUMN_ABSTRACT_ORIGINAL,
    COLUMN_EXTRA,
    COLUMN_ALSO = COLUMN_ABSTRACT /* of REC_SQL_GET_CARD_ALSO */
};

/* Copies a text column; `*failed` is set when memory is out. */
static char *copy_text(sqlite3_stmt *stmt, int column, bool *failed)
{
    const char *text = rec_column_text(stmt, column);
    char *copy = text ? rec_strdup(text) : NULL;

    *failed |= text && !copy;
    return copy;
}

static void read_date(const char *text, rec_date *out)
{
    rec_error ignored;

    memset(out, 0, sizeof(*out));
    if (text && text[0] && rec_date_parse(text, out, &ignored) != REC_OK)
        memset(out, 0, sizeof(*out));
}

static rec_status read_id(const rec_store *store, const char *text, rec_id *out, rec_error *err)
{
    rec_error reason;

    if (!text || rec_id_parse(text, out, &reason) != REC_OK)
        return rec_fail(err, REC_EDAMAGED, "cannot read store '%s': a paper without a valid id; run 'recommend check'", store->path);
    return REC_OK;
}

/* JSON's [] is as good as nothing. */
static char *copy_also(sqlite3_stmt *stmt, int column, bool *failed)
{
    const char *text = rec_column_text(stmt, column);

    return text && strcmp(text, "[]") == 0 ? NULL : copy_text(stmt, column, failed);
}

static rec_status read_record(rec_store *store, sqlite3_stmt *stmt, rec_statement which, rec_record *out, rec_error *err)
{
    bool failed = false;
    rec_paper *paper = &out->paper;
    rec_status rc = read_id(store, rec_column_text(stmt, COLUMN_ID), &paper->id, err);

    if (rc != REC_OK)
        return rc;
    out->doc = sqlite3_column_int64(stmt, COLUMN_DOC);
    paper->id.version = (unsigned)sqlite3_column_int64(stmt, COLUMN_VERSION);
    read_date(rec_column_text(stmt, COLUMN_DATE), &paper->date);
    read_date(rec_column_text(stmt, COLUMN_UPDATED), &paper->updated);
    out->title_key = (uint64_t)sqlite3_column_int64(stmt, COLUMN_TITLE_KEY);
    out->abstract_key = (uint64_t)sqlite3_column_int64(stmt, COLUMN_ABSTRACT_KEY);
    paper->flags = (unsigned)sqlite3_column_int(stmt, COLUMN_FLAGS);
    out->shares_work = sqlite3_column_type(stmt, COLUMN_WORK) != SQLITE_NULL;
    out->work = out->shares_work ? sqlite3_column_int64(stmt, COLUMN_WORK) : out->doc;
    paper->has_upvotes = sqlite3_column_type(stmt, COLUMN_UPVOTES) != SQLITE_NULL;
    paper->upvotes = sqlite3_column_double(stmt, COLUMN_UPVOTES);
    paper->title = copy_text(stmt, COLUMN_TITLE, &failed);
    paper->authors = copy_text(stmt, COLUMN_AUTHORS, &failed);
    paper->categories = copy_text(stmt, COLUMN_CATEGORIES, &failed);
    paper->venue = copy_text(stmt, COLUMN_VENUE, &failed);
    paper->url = copy_text(stmt, COLUMN_URL, &failed);
    paper->keywords = copy_text(stmt, COLUMN_KEYWORDS, &failed);
    if (which == REC_SQL_GET_ABSTRACT || which == REC_SQL_GET_ALL)
        paper->abstract = copy_text(stmt, COLUMN_ABSTRACT, &failed);
    if (which == REC_SQL_GET_CARD_ALSO)
        out->also = copy_also(stmt, COLUMN_ALSO, &failed);
    if (which == REC_SQL_GET_ALL) {
        paper->title_original = copy_text(stmt, COLUMN_TITLE_ORIGINAL, &failed);
        paper->abstract_original = copy_text(stmt, COLUMN_ABSTRACT_ORIGINAL, &failed);
        paper->extra = copy_text(stmt, COLUMN_EXTRA, &failed);
    }
    return failed ? rec_fail(err, REC_ENOMEM, "out of memory reading a paper") : REC_OK;
}

static rec_status read_also(rec_store *store, const rec_record *record, bool of_work, char **out, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    bool failed = false;
    rec_status rc = rec_store_prepare(store, of_work ? REC_SQL_GET_WORK_ALSO : REC_SQL_GET_ALSO, &stmt, err);

    if (rc != REC_OK)
        return rc;
    sqlite3_bind_int64(stmt, 1, record->doc);
    if (of_work)
        sqlite3_bind_int64(stmt, 2, record->work);
    if (sqlite3_step(stmt) != SQLITE_ROW)
        return rec_store_fail(store, "read store", err);
    rec_free(*out);
    *out = copy_also(stmt, 0, &failed);
    sqlite3_reset(stmt);
    return failed ? rec_fail(err, REC_ENOMEM, "out of memory reading a paper") : REC_OK;
}

static rec_statement statement_for(unsigned what)
{
    if (what & REC_GET_ALL)
        return REC_SQL_GET_ALL;
    if (what & REC_GET_ABSTRACT)
        return REC_SQL_GET_ABSTRACT;
    return what & REC_GET_ALSO ? REC_SQL_GET_CARD_ALSO : REC_SQL_GET_CARD;
}

/* What the statement did not give: whether other records are of its work is known only behind it. */
static rec_status add_also(rec_store *store, unsigned what, rec_statement which, rec_record *record, rec_error *err)
{
    bool of_work = what & REC_GET_ALSO && record->shares_work;

    if (!of_work && (which == REC_SQL_GET_CARD_ALSO || !(what & (REC_GET_ALSO | REC_GET_ALIASES))))
        return REC_OK;
    return read_also(store, record, of_work, &record->also, err);
}

static rec_status verify_paper(rec_store *store, const rec_record *record, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc;
    bool right;
    int step;

    if (store->version < REC_SCHEMA_WITH_SUMS)
        return REC_OK;
    if ((rc = rec_store_prepare(store, REC_SQL_VERIFY_PAPER, &stmt, err)) != REC_OK)
        return rc;
    sqlite3_bind_int64(stmt, 1, record->doc);
    step = sqlite3_step(stmt);
    if (step != SQLITE_ROW && step != SQLITE_DONE)
        return rec_store_fail(store, "read store", err);
    right = step == SQLITE_DONE || sqlite3_column_int(stmt, 0) != 0; /* removed by another process since it was read */
    sqlite3_reset(stmt);
    return right ? REC_OK
                 : rec_fail(err, REC_EDAMAGED, "store '%s' is damaged: paper '%s' is not what was stored; " REC_WAY_OUT, store->path,
                            record->paper.id.text);
}

/* Straight into `out`: a record is large, and a copy of each on the way would cost as much as reading it. */
rec_status rec_store_get(rec_store *store, rec_doc doc, unsigned what, rec_record *out, rec_error *err)
{
    rec_statement which = statement_for(what);
    sqlite3_stmt *stmt = NULL;
    rec_status rc;
    int step;

    if ((rc = rec_store_prepare(store, which, &stmt, err)) != REC_OK)
        return rc;
    sqlite3_bind_int64(stmt, 1, doc);
    step = sqlite3_step(stmt);
    if (step == SQLITE_ROW)
        rc = read_record(store, stmt, which, out, err);
    else
        rc = step == SQLITE_DONE ? rec_fail(err, REC_ENOTFOUND, "no paper has number %lld", (long long)doc)
                                 : rec_store_fail(store, "read store", err);
    sqlite3_reset(stmt);
    if (rc == REC_OK && what & REC_GET_VERIFIED)
        rc = verify_paper(store, out, err);
    if (rc == REC_OK)
        rc = add_also(store, what, which, out, err);
    if (rc != REC_OK && step == SQLITE_ROW)
        rec_record_clear(out);
    return rc;
}

static rec_status visit_rows(rec_store *store, sqlite3_stmt *stmt, rec_text_visitor visit, void *context, bool *any, rec_error *err)
{
    rec_status rc = REC_OK;
    int step;

    while ((step = sqlite3_step(stmt)) == SQLITE_ROW && rc == REC_OK) {
        rec_text text = { .doc = sqlite3_column_int64(stmt, 0),
                          .title = rec_column_text(stmt, 1),
                          .abstract = rec_column_text(stmt, 2),
                          .title_key = (uint64_t)sqlite3_column_int64(stmt, 3),
                          .abstract_key = (uint64_t)sqlite3_column_int64(stmt, 4),
                          .date = sqlite3_column_int64(stmt, 5),
                          .indexed = sqlite3_column_int(stmt, 6) != 0,
                          .authors = rec_column_text(stmt, 7),
                          .flags = (unsigned)sqlite3_column_int(stmt, 8),
                          .work = sqlite3_column_int64(stmt, 9),
                          .last_day = sqlite3_column_int64(stmt, 10),
                          .categories = rec_column_text(stmt, 11) };
        *any = true;
        rc = visit(&text, context, err);
    }
    if (rc == REC_OK && step != SQLITE_DONE)
        rc = rec_store_fail(store, "read store", err);
    sqlite3_reset(stmt);
    return rc;
}

rec_status rec_store_scan(rec_store *store, bool pending_only, rec_text_visitor visit, void *context, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    bool any = false;
    rec_status rc = rec_store_prepare(store, pending_only ? REC_SQL_SCAN_PENDING : REC_SQL_SCAN, &stmt, err);

    return rc == REC_OK ? visit_rows(store, stmt, visit, context, &any, err) : rc;
}

rec_status rec_store_text(rec_store *store, rec_doc doc, rec_text_visitor visit, void *context, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    bool any = false;
    rec_status rc = rec_store_prepare(store, REC_SQL_TEXT, &stmt, err);

    if (rc != REC_OK)
        return rc;
    sqlite3_bind_int64(stmt, 1, doc);
    rc = visit_rows(store, stmt, visit, context, &any, err);
    return rc == REC_OK && !any ? rec_fail(err, REC_ENOTFOUND, "no paper has number %lld", (long long)doc) : rc;
}

static rec_status visit_docs(rec_store *store, sqlite3_stmt *stmt, rec_doc_visitor visit, void *context, rec_error *err)
{
    rec_status rc = REC_OK;
    int step;

    while ((step = sqlite3_step(stmt)) == SQLITE_ROW && rc == REC_OK)
        rc = visit(sqlite3_column_int64(stmt, 0), context, err);
    if (rc == REC_OK && step != SQLITE_DONE)
        rc = rec_store_fail(store, "read store", err);
    sqlite3_reset(stmt);
    return rc;
}

rec_status rec_store_scan_precedence(rec_store *store, rec_doc_visitor visit, void *context, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, REC_SQL_PRECEDENCE, &stmt, err);

    return rc == REC_OK ? visit_docs(store, stmt, visit, context, err) : rc;
}

rec_status rec_store_scan_precedence_of_day(rec_store *store, int64_t day, rec_doc_visitor visit, void *context, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, REC_SQL_PRECEDENCE_OF_DAY, &stmt, err);

    if (rc != REC_OK)
        return rc;
    sqlite3_bind_int64(stmt, 1, day);
    return visit_docs(store, stmt, visit, context, err);
}
