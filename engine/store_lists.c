/*
 * Neighbour lists and words: what answers a look-up and a search.
 */
#include "store_internal.h"
#include "store_sums.h"

#include "alloc.h"
#include "buf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- neighbour lists ----------------------------------------------------------------------------------------------- */

_Static_assert(sizeof(rec_neighbour) == 8, "a stored neighbour is 8 bytes");
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "neighbour lists are stored as they are in memory: a big-endian machine needs a conversion here"
#endif

static rec_status read_list(const rec_store *store, rec_doc doc, sqlite3_stmt *stmt, int column, rec_list *out, rec_error *err)
{
    const void *near = sqlite3_column_blob(stmt, column + 1);
    size_t bytes = (size_t)sqlite3_column_bytes(stmt, column + 1);
    double reach = sqlite3_column_double(stmt, column);
    bool summed = sqlite3_column_type(stmt, column + 2) != SQLITE_NULL; /* not in an older store */

    if (bytes % sizeof(rec_neighbour) != 0 || bytes > sizeof(out->items))
        return rec_fail(err, REC_EDAMAGED,
                        "store '%s' is damaged: the neighbour list of paper %lld has %zu bytes; run 'recommend build --refit'", store->path,
                        (long long)doc, bytes);
    if (summed && sqlite3_column_int64(stmt, column + 2) != rec_sums_of_list(doc, reach, near, bytes))
        return rec_fail(err, REC_EDAMAGED,
                        "store '%s' is damaged: the neighbour list of paper %lld is not what was stored; run 'recommend build --refit'",
                        store->path, (long long)doc);
    out->reach = (float)reach;
    out->count = bytes / sizeof(rec_neighbour);
    if (bytes > 0)
        memcpy(out->items, near, bytes);
    for (size_t i = 0; i < out->count; i++)
        if (!isfinite(out->items[i].score) || out->items[i].doc == 0)
            return rec_fail(err, REC_EDAMAGED,
                            "store '%s' is damaged: the neighbour list of paper %lld has a bad entry; run 'recommend build --refit'",
                            store->path, (long long)doc);
    return REC_OK;
}

rec_status rec_store_get_list(rec_store *store, rec_doc doc, rec_list *out, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, REC_SQL_GET_LIST, &stmt, err);
    int step;

    if (rc != REC_OK)
        return rc;
    sqlite3_bind_int64(stmt, 1, doc);
    step = sqlite3_step(stmt);
    if (step == SQLITE_ROW)
        rc = read_list(store, doc, stmt, 0, out, err);
    else
        rc = step == SQLITE_DONE ? REC_ENOTFOUND : rec_store_fail(store, "read store", err);
    sqlite3_reset(stmt);
    return rc;
}

rec_status rec_store_put_list(rec_store *store, rec_doc doc, const rec_list *list, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, REC_SQL_PUT_LIST, &stmt, err);

    if (rc != REC_OK)
        return rc;
    sqlite3_bind_int64(stmt, 1, doc);
    sqlite3_bind_double(stmt, 2, (double)list->reach);
    sqlite3_bind_blob(stmt, 3, list->items, (int)(list->count * sizeof(list->items[0])), SQLITE_STATIC);
    return rec_store_run(store, stmt, err);
}

rec_status rec_store_scan_lists(rec_store *store, rec_list_visitor visit, void *context, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, REC_SQL_SCAN_LISTS, &stmt, err);
    int step;

    if (rc != REC_OK)
        return rc;
    while ((step = sqlite3_step(stmt)) == SQLITE_ROW && rc == REC_OK) {
        rec_doc doc = sqlite3_column_int64(stmt, 0);
        rec_list list;

        if ((rc = read_list(store, doc, stmt, 1, &list, err)) == REC_OK)
            rc = visit(doc, &list, context, err);
    }
    if (rc == REC_OK && step != SQLITE_DONE)
        rc = rec_store_fail(store, "read store", err);
    sqlite3_reset(stmt);
    return rc;
}

/* ---- words --------------------------------------------------------------------------------------------------------- */

void rec_quote_words(const char *query, const char *between, rec_buf *out)
{
    const char *end = query + strnlen(query, REC_MAX_QUERY);
    bool any = false;

    for (const char *at = query; at < end;) {
        const char *start;

        while (at < end &&
               !((unsigned char)*at >= 0x80 || (*at >= '0' && *at <= '9') || (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z')))
            at++;
        start = at;
        while (at < end &&
               ((unsigned char)*at >= 0x80 || (*at >= '0' && *at <= '9') || (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z')))
            at++;
        if (at == start)
            continue;
        if (any)
            rec_buf_puts(out, between);
        any = true;
        rec_buf_putc(out, '"');
        rec_buf_add(out, start, (size_t)(at - start));
        rec_buf_putc(out, '"');
    }
}

static int by_doc(const void *left, const void *right)
{
    rec_doc a = *(const rec_doc *)left, b = *(const rec_doc *)right;

    return (a > b) - (a < b);
}

/* The numbers of the matches so far, rising; NULL when memory is out. */
static rec_doc *matched(const rec_word_hit *hits, size_t count)
{
    rec_doc *docs = rec_alloc_array(count, sizeof(*docs));

    for (size_t i = 0; docs && i < count; i++)
        docs[i] = hits[i].doc;
    if (docs && count > 1)
        qsort(docs, count, sizeof(*docs), by_doc);
    return docs;
}

/* Appends the matches of one FTS5 expression that are not in `out` yet. */
static rec_status add_matches(rec_store *store, const char *match, size_t limit, rec_word_hit *out, size_t *count, rec_error *err)
{
    size_t before = *count;
    rec_doc *known = matched(out, before);
    sqlite3_stmt *stmt = NULL;
    rec_status rc = known ? rec_store_prepare(store, REC_SQL_SEARCH, &stmt, err) : rec_fail(err, REC_ENOMEM, "out of memory for a search");
    int step = SQLITE_DONE;

    if (rc != REC_OK)
        goto done;
    rec_bind_text(stmt, 1, match);
    sqlite3_bind_int64(stmt, 2, (sqlite3_int64)limit);
    while (*count < limit && (step = sqlite3_step(stmt)) == SQLITE_ROW) {
        rec_word_hit hit = { sqlite3_column_int64(stmt, 0), sqlite3_column_double(stmt, 1) };

        if (!bsearch(&hit.doc, known, before, sizeof(*known), by_doc))
            out[(*count)++] = hit;
    }
    if (step != SQLITE_ROW && step != SQLITE_DONE)
        rc = rec_store_fail(store, "search store", err);
    sqlite3_reset(stmt);

done:
    rec_free(known);
    return rc;
}

rec_status rec_store_search(rec_store *store, const char *query, size_t limit, rec_word_hit *out, size_t *count, rec_error *err)
{
    rec_buf match = REC_BUF_INIT(8 * REC_MAX_QUERY);
    rec_status rc = REC_OK;

    *count = 0;
    rec_quote_words(query, " AND ", &match);
    if (match.length > 0 && !match.failed)
        rc = add_matches(store, rec_buf_text(&match), limit, out, count, err);
    if (rc == REC_OK && *count < limit) {
        rec_buf_reset(&match);
        rec_quote_words(query, " OR ", &match);
        if (match.length > 0 && !match.failed)
            rc = add_matches(store, rec_buf_text(&match), limit, out, count, err);
    }
    if (match.failed && rc == REC_OK)
        rc = rec_fail(err, REC_ENOMEM, "out of memory, or a query of more than %d bytes", REC_MAX_QUERY);
    rec_buf_clear(&match);
    return rc;
}

static rec_status add_ids(rec_store *store, rec_statement which, const char *id, size_t limit, char **out, size_t *count, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, which, &stmt, err);
    int step = SQLITE_DONE;

    if (rc != REC_OK)
        return rc;
    rec_bind_text(stmt, 1, id);
    sqlite3_bind_int64(stmt, 2, (sqlite3_int64)limit);
    for (size_t i = 0; i < limit && (step = sqlite3_step(stmt)) == SQLITE_ROW; i++) {
        if (!(out[*count] = rec_strdup(rec_column_text(stmt, 0)))) {
            rc = rec_fail(err, REC_ENOMEM, "out of memory");
            break;
        }
        (*count)++;
    }
    if (step != SQLITE_ROW && step != SQLITE_DONE)
        rc = rec_store_fail(store, "read store", err);
    sqlite3_reset(stmt);
    return rc;
}

rec_status rec_store_nearest_ids(rec_store *store, const char *id, size_t limit, char **out, size_t *count, rec_error *err)
{
    rec_status rc;

    *count = 0;
    /* Neighbours in the order of ids share the longest beginning; a mistyped end is the common slip. */
    rc = add_ids(store, REC_SQL_IDS_FROM, id, (limit + 1) / 2, out, count, err);
    if (rc == REC_OK)
        rc = add_ids(store, REC_SQL_IDS_BEFORE, id, limit - *count, out, count, err);
    for (size_t i = 0; rc != REC_OK && i < *count; i++)
        rec_free(out[i]);
    if (rc != REC_OK)
        *count = 0;
    return rc;
}
