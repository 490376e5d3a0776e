/*
 * Records into the store: which stored paper a record is about, what it changes there, and what goes with it.
 */
#include "store_internal.h"

#include "alloc.h"

#include <string.h>

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
    merged.flags |= stored->flags & ~record->flags_told;
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

/* What the index holds of a paper beside its words; its id decides between ties. */
static bool same_facets(const rec_paper *a, const rec_paper *b)
{
    return strcmp(a->id.text, b->id.text) == 0 && strcmp(a->date.text, b->date.text) == 0 && same_text(a->authors, b->authors) &&
           same_text(a->categories, b->categories);
}

static bool same_paper(const rec_paper *a, const rec_paper *b)
{
    return same_words(a, b) && same_facets(a, b) && a->id.version == b->id.version && same_text(a->keywords, b->keywords) &&
           same_text(a->venue, b->venue) && same_text(a->url, b->url) && same_text(a->extra, b->extra) &&
           strcmp(a->updated.text, b->updated.text) == 0 && a->has_upvotes == b->has_upvotes && a->upvotes == b->upvotes &&
           a->flags == b->flags;
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
    sqlite3_bind_int64(stmt, 21, paper->flags);
}

rec_status rec_store_run_words(rec_store *store, rec_statement which, rec_doc doc, const rec_paper *paper, rec_error *err)
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

rec_status rec_store_run_doc(rec_store *store, rec_statement which, rec_doc doc, rec_error *err)
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
    if ((rc = rec_store_run_words(store, REC_SQL_ADD_WORDS, doc, paper, err)) != REC_OK ||
        (rc = rec_store_run_doc(store, REC_SQL_ADD_UNSETTLED, doc, err)) != REC_OK)
        return rc;
    return add_aliases(store, doc, paper, &added, err);
}

static rec_status update(rec_store *store, const rec_record *stored, const rec_paper *merged, rec_error *err)
{
    bool new_words = !same_words(merged, &stored->paper);
    sqlite3_stmt *stmt = NULL;
    rec_status rc;

    if ((new_words || !same_facets(merged, &stored->paper)) && (rc = rec_store_unsettle(store, stored, err)) != REC_OK)
        return rc;
    if (new_words && (rc = rec_store_run_words(store, REC_SQL_DROP_WORDS, stored->doc, &stored->paper, err)) != REC_OK)
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
    if (new_words && (rc = rec_store_run_words(store, REC_SQL_ADD_WORDS, stored->doc, merged, err)) != REC_OK)
        return rc;
    if (!new_words && same_facets(merged, &stored->paper))
        return REC_OK;
    return rec_store_run_doc(store, REC_SQL_DROP_LIST, stored->doc, err);
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
