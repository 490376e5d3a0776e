/*
 * Papers in and out of the store: finding, reading, storing and updating.
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
    rec_paper_clear(&record->paper);
    rec_free(record->also);
    *record = (rec_record)REC_RECORD_INIT;
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
    COLUMN_AUTHORS,
    COLUMN_CATEGORIES,
    COLUMN_VENUE,
    COLUMN_URL,
    COLUMN_UPVOTES,
    COLUMN_KEYWORDS,
    COLUMN_ABSTRACT,
    COLUMN_TITLE_ORIGINAL,
    COLUMN_ABSTRACT_ORIGINAL,
    COLUMN_EXTRA
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

static rec_status read_record(rec_store *store, sqlite3_stmt *stmt, rec_record *out, rec_error *err)
{
    bool failed = false;
    rec_paper *paper = &out->paper;
    int columns = sqlite3_column_count(stmt);
    rec_status rc = read_id(store, rec_column_text(stmt, COLUMN_ID), &paper->id, err);

    if (rc != REC_OK)
        return rc;
    out->doc = sqlite3_column_int64(stmt, COLUMN_DOC);
    paper->id.version = (unsigned)sqlite3_column_int64(stmt, COLUMN_VERSION);
    read_date(rec_column_text(stmt, COLUMN_DATE), &paper->date);
    read_date(rec_column_text(stmt, COLUMN_UPDATED), &paper->updated);
    out->title_key = (uint64_t)sqlite3_column_int64(stmt, COLUMN_TITLE_KEY);
    out->abstract_key = (uint64_t)sqlite3_column_int64(stmt, COLUMN_ABSTRACT_KEY);
    paper->has_upvotes = sqlite3_column_type(stmt, COLUMN_UPVOTES) != SQLITE_NULL;
    paper->upvotes = sqlite3_column_double(stmt, COLUMN_UPVOTES);
    paper->title = copy_text(stmt, COLUMN_TITLE, &failed);
    paper->authors = copy_text(stmt, COLUMN_AUTHORS, &failed);
    paper->categories = copy_text(stmt, COLUMN_CATEGORIES, &failed);
    paper->venue = copy_text(stmt, COLUMN_VENUE, &failed);
    paper->url = copy_text(stmt, COLUMN_URL, &failed);
    paper->keywords = copy_text(stmt, COLUMN_KEYWORDS, &failed);
    if (columns > COLUMN_ABSTRACT)
        paper->abstract = copy_text(stmt, COLUMN_ABSTRACT, &failed);
    if (columns > COLUMN_EXTRA) {
        paper->title_original = copy_text(stmt, COLUMN_TITLE_ORIGINAL, &failed);
        paper->abstract_original = copy_text(stmt, COLUMN_ABSTRACT_ORIGINAL, &failed);
        paper->extra = copy_text(stmt, COLUMN_EXTRA, &failed);
    }
    return failed ? rec_fail(err, REC_ENOMEM, "out of memory reading a paper") : REC_OK;
}

static rec_status read_also(rec_store *store, rec_doc doc, char **out, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    const char *text;
    rec_status rc = rec_store_prepare(store, REC_SQL_GET_ALSO, &stmt, err);

    if (rc != REC_OK)
        return rc;
    sqlite3_bind_int64(stmt, 1, doc);
    if (sqlite3_step(stmt) != SQLITE_ROW)
        return rec_store_fail(store, "read store", err);
    text = rec_column_text(stmt, 0);
    if (text && strcmp(text, "[]") != 0 && !(*out = rec_strdup(text)))
        rc = rec_fail(err, REC_ENOMEM, "out of memory reading a paper");
    sqlite3_reset(stmt);
    return rc;
}

rec_status rec_store_get(rec_store *store, rec_doc doc, unsigned what, rec_record *out, rec_error *err)
{
    rec_record record = REC_RECORD_INIT;
    rec_statement which = what & REC_GET_ALL ? REC_SQL_GET_ALL : what & REC_GET_ABSTRACT ? REC_SQL_GET_ABSTRACT : REC_SQL_GET_CARD;
    sqlite3_stmt *stmt = NULL;
    rec_status rc;
    int step;

    if ((rc = rec_store_prepare(store, which, &stmt, err)) != REC_OK)
        return rc;
    sqlite3_bind_int64(stmt, 1, doc);
    step = sqlite3_step(stmt);
    if (step == SQLITE_ROW)
        rc = read_record(store, stmt, &record, err);
    else
        rc = step == SQLITE_DONE ? rec_fail(err, REC_ENOTFOUND, "no paper has number %lld", (long long)doc)
                                 : rec_store_fail(store, "read store", err);
    sqlite3_reset(stmt);
    if (rc == REC_OK && what & REC_GET_ALSO)
        rc = read_also(store, doc, &record.also, err);
    if (rc == REC_OK) {
        *out = record;
        record = (rec_record)REC_RECORD_INIT;
    }
    rec_record_clear(&record);
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
                          .authors = rec_column_text(stmt, 7) };
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

rec_status rec_store_scan_precedence(rec_store *store, rec_doc_visitor visit, void *context, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, REC_SQL_PRECEDENCE, &stmt, err);
    int step;

    if (rc != REC_OK)
        return rc;
    while ((step = sqlite3_step(stmt)) == SQLITE_ROW && rc == REC_OK)
        rc = visit(sqlite3_column_int64(stmt, 0), context, err);
    if (rc == REC_OK && step != SQLITE_DONE)
        rc = rec_store_fail(store, "read store", err);
    sqlite3_reset(stmt);
    return rc;
}

/* ---- storing ------------------------------------------------------------------------------------------------------- */

/*
 * The stored paper that a record is about: the one that has its id, or else one that shares a secondary id and the title. A secondary id
 * alone is not enough: records of one proceedings volume carry the volume's DOI.
 */
static rec_status find_same(rec_store *store, const rec_paper *paper, rec_doc *out, rec_error *err)
{
    uint64_t title_key = rec_paper_title_key(paper);
    rec_status rc = rec_store_find(store, paper->id.text, out, err);

    for (size_t i = 0; rc == REC_ENOTFOUND && i < paper->alias_count; i++) {
        rec_record found = REC_RECORD_INIT;
        rec_status other = rec_store_find(store, paper->aliases[i].text, out, err);

        if (other != REC_OK && other != REC_ENOTFOUND)
            return other;
        if (other == REC_OK && (other = rec_store_get(store, *out, REC_GET_CARD, &found, err)) != REC_OK)
            return other;
        if (found.doc && title_key && found.title_key == title_key)
            rc = REC_OK;
        rec_record_clear(&found);
    }
    return rc;
}

static bool is_older(const rec_paper *record, const rec_paper *stored)
{
    if (record->id.version && stored->id.version && record->id.version != stored->id.version)
        return record->id.version < stored->id.version;
    return record->updated.text[0] && stored->updated.text[0] && record->updated.last < stored->updated.first;
}

/* Fields that the record lacks, borrowed from what is stored. */
static rec_paper merge(const rec_paper *record, const rec_paper *stored)
{
    rec_paper merged = *record;

    if (!record->title) {
        merged.title = stored->title;
        merged.title_original = stored->title_original;
    }
    if (!record->abstract) {
        merged.abstract = stored->abstract;
        merged.abstract_original = stored->abstract_original;
    }
    merged.authors = record->authors ? record->authors : stored->authors;
    merged.categories = record->categories ? record->categories : stored->categories;
    merged.keywords = record->keywords ? record->keywords : stored->keywords;
    merged.venue = record->venue ? record->venue : stored->venue;
    merged.url = record->url ? record->url : stored->url;
    merged.extra = record->extra ? record->extra : stored->extra;
    merged.date = record->date.text[0] ? record->date : stored->date;
    merged.updated = record->updated.text[0] ? record->updated : stored->updated;
    if (!record->has_upvotes) {
        merged.has_upvotes = stored->has_upvotes;
        merged.upvotes = stored->upvotes;
    }
    if (!record->id.version)
        merged.id.version = stored->id.version;
    if (stored->id.kind < record->id.kind) { /* the id that takes precedence stays */
        unsigned version = merged.id.version;
        merged.id = stored->id;
        merged.id.version = version;
    }
    return merged;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_words(const rec_paper *a, const rec_paper *b)
{
    return same_text(a->title, b->title) && same_text(a->abstract, b->abstract);
}

static bool same_paper(const rec_paper *a, const rec_paper *b)
{
    return same_words(a, b) && a->id.version == b->id.version && strcmp(a->id.text, b->id.text) == 0 && same_text(a->authors, b->authors) &&
           same_text(a->categories, b->categories) && same_text(a->keywords, b->keywords) && same_text(a->venue, b->venue) &&
           same_text(a->url, b->url) && same_text(a->extra, b->extra) && strcmp(a->date.text, b->date.text) == 0 &&
           strcmp(a->updated.text, b->updated.text) == 0 && a->has_upvotes == b->has_upvotes && a->upvotes == b->upvotes;
}

/* Binds the columns that INSERT and UPDATE share. */
static void bind_paper(sqlite3_stmt *stmt, const rec_paper *paper)
{
    rec_bind_text(stmt, 2, paper->id.text);
    sqlite3_bind_int64(stmt, 3, paper->id.version);
    rec_bind_text(stmt, 4, paper->title);
    rec_bind_text(stmt, 5, paper->date.text);
    sqlite3_bind_int64(stmt, 6, paper->date.first);
    sqlite3_bind_int64(stmt, 7, paper->date.last);
    rec_bind_text(stmt, 8, paper->updated.text);
    sqlite3_bind_int64(stmt, 9, (sqlite3_int64)rec_paper_title_key(paper));
    sqlite3_bind_int64(stmt, 10, (sqlite3_int64)rec_paper_abstract_key(paper));
    rec_bind_text(stmt, 11, paper->authors);
    rec_bind_text(stmt, 12, paper->categories);
    rec_bind_text(stmt, 13, paper->venue);
    rec_bind_text(stmt, 14, paper->url);
    if (paper->has_upvotes)
        sqlite3_bind_double(stmt, 15, paper->upvotes);
    rec_bind_text(stmt, 16, paper->keywords);
    rec_bind_text(stmt, 17, paper->abstract);
    rec_bind_text(stmt, 18, paper->title_original);
    rec_bind_text(stmt, 19, paper->abstract_original);
    rec_bind_text(stmt, 20, paper->extra);
}

static rec_status run_words(rec_store *store, rec_statement which, rec_doc doc, const rec_paper *paper, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, which, &stmt, err);

    if (rc != REC_OK)
        return rc;
    sqlite3_bind_int64(stmt, 1, doc);
    rec_bind_text(stmt, 2, paper->title);
    rec_bind_text(stmt, 3, paper->abstract);
    return rec_store_run(store, stmt, err);
}

static rec_status run_doc(rec_store *store, rec_statement which, rec_doc doc, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, which, &stmt, err);

    if (rc != REC_OK)
        return rc;
    sqlite3_bind_int64(stmt, 1, doc);
    return rec_store_run(store, stmt, err);
}

static rec_status run_alias(rec_store *store, rec_statement which, const char *alias, rec_doc doc, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, which, &stmt, err);

    if (rc != REC_OK)
        return rc;
    rec_bind_text(stmt, 1, alias);
    if (which == REC_SQL_ADD_ALIAS)
        sqlite3_bind_int64(stmt, 2, doc);
    return rec_store_run(store, stmt, err);
}

/* The first paper to bring an alias keeps it: an id is never taken from one paper and given to another. */
static rec_status add_alias(rec_store *store, rec_doc doc, const char *alias, bool *added, rec_error *err)
{
    rec_doc owner;
    rec_status rc = rec_store_find(store, alias, &owner, err);

    if (rc != REC_ENOTFOUND)
        return rc;
    *added = true;
    return run_alias(store, REC_SQL_ADD_ALIAS, alias, doc, err);
}

/* Every id of the record that is new to the store, its own one too: the stored paper's may take precedence. */
static rec_status add_aliases(rec_store *store, rec_doc doc, const rec_paper *record, bool *added, rec_error *err)
{
    rec_status rc = add_alias(store, doc, record->id.text, added, err);

    for (size_t i = 0; i < record->alias_count && rc == REC_OK; i++)
        rc = add_alias(store, doc, record->aliases[i].text, added, err);
    return rc;
}

static rec_status insert(rec_store *store, const rec_paper *paper, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    bool added = false;
    rec_doc doc;
    rec_status rc = rec_store_prepare(store, REC_SQL_INSERT, &stmt, err);

    if (rc != REC_OK)
        return rc;
    bind_paper(stmt, paper);
    if ((rc = rec_store_run(store, stmt, err)) != REC_OK)
        return rc;
    doc = sqlite3_last_insert_rowid(store->db);
    if (doc > UINT32_MAX)
        return rec_fail(err, REC_EINVAL, "store '%s' is full: it numbers up to %u papers", store->path, UINT32_MAX);
    if ((rc = run_words(store, REC_SQL_ADD_WORDS, doc, paper, err)) != REC_OK)
        return rc;
    return add_aliases(store, doc, paper, &added, err);
}

static rec_status update(rec_store *store, const rec_record *stored, const rec_paper *merged, rec_error *err)
{
    bool new_words = !same_words(merged, &stored->paper);
    sqlite3_stmt *stmt = NULL;
    rec_status rc;

    if (new_words && (rc = run_words(store, REC_SQL_DROP_WORDS, stored->doc, &stored->paper, err)) != REC_OK)
        return rc;
    if (strcmp(merged->id.text, stored->paper.id.text) != 0) { /* a better id: the old one becomes an alias */
        if ((rc = run_alias(store, REC_SQL_DROP_ALIAS, merged->id.text, 0, err)) != REC_OK)
            return rc;
        if ((rc = run_alias(store, REC_SQL_ADD_ALIAS, stored->paper.id.text, stored->doc, err)) != REC_OK)
            return rc;
    }
    if ((rc = rec_store_prepare(store, REC_SQL_UPDATE, &stmt, err)) != REC_OK)
        return rc;
    sqlite3_bind_int64(stmt, 1, stored->doc);
    bind_paper(stmt, merged);
    if ((rc = rec_store_run(store, stmt, err)) != REC_OK)
        return rc;
    if (!new_words)
        return REC_OK;
    if ((rc = run_words(store, REC_SQL_ADD_WORDS, stored->doc, merged, err)) != REC_OK)
        return rc;
    return run_doc(store, REC_SQL_DROP_LIST, stored->doc, err);
}

rec_status rec_store_put(rec_store *store, const rec_paper *paper, rec_outcome *outcome, rec_error *err)
{
    rec_record stored = REC_RECORD_INIT;
    bool new_alias = false;
    rec_paper merged;
    rec_doc doc;
    rec_status rc = find_same(store, paper, &doc, err);

    if (rc == REC_ENOTFOUND) {
        *outcome = REC_ADDED;
        store->counts_changed = true;
        return insert(store, paper, err);
    }
    if (rc != REC_OK || (rc = rec_store_get(store, doc, REC_GET_ALL, &stored, err)) != REC_OK)
        return rc;
    if (is_older(paper, &stored.paper)) {
        *outcome = REC_OLDER;
        goto done;
    }
    merged = merge(paper, &stored.paper);
    if (same_paper(&merged, &stored.paper)) {
        *outcome = REC_UNCHANGED;
    } else {
        *outcome = REC_UPDATED;
        store->counts_changed = true;
        if ((rc = update(store, &stored, &merged, err)) != REC_OK)
            goto done;
    }
    rc = add_aliases(store, doc, paper, &new_alias, err);
    if (new_alias) /* answers show it */
        *outcome = REC_UPDATED;

done:
    rec_record_clear(&stored);
    return rc;
}
