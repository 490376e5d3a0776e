/*
 * Neighbour lists and words: what answers a look-up and a search.
 */
#include "store_internal.h"
#include "store_sums.h"

#include "alloc.h"
#include "buf.h"
#include "character.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

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

/* A run of what words are made of, as it stands in a query. */
struct run {
    const char *at;
    size_t length;
};

static bool is_in_run(char c)
{
    return (unsigned char)c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The next run from `*at` on, which moves behind it; false at the end. */
static bool next_run(const char **at, const char *end, struct run *out)
{
    while (*at < end && !is_in_run(**at))
        ++*at;
    out->at = *at;
    while (*at < end && is_in_run(**at))
        ++*at;
    out->length = (size_t)(*at - out->at);
    return out->length > 0;
}

/* The character at `text`, in lower case, and its bytes; a byte that begins none stands for itself. */
static utf8proc_int32_t lower_character(const char *text, size_t length, size_t *bytes)
{
    int32_t c = rec_character(text, length, bytes);

    return c != REC_NO_CHARACTER ? utf8proc_tolower(c) : -1 - (unsigned char)*text;
}

/* But for case, which the index does not keep. Accents tell runs apart here, although they are not kept either: that costs a word, no more.
 */
static bool is_same_run(const struct run *a, const struct run *b)
{
    size_t i = 0, j = 0;

    while (i < a->length && j < b->length) {
        size_t in_a, in_b;

        if (lower_character(a->at + i, a->length - i, &in_a) != lower_character(b->at + j, b->length - j, &in_b))
            return false;
        i += in_a;
        j += in_b;
    }
    return i == a->length && j == b->length;
}

/* Whether FTS5 takes a character for a part of a word. */
static bool is_in_word(utf8proc_int32_t c)
{
    switch (c < 0 ? UTF8PROC_CATEGORY_CN : utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
    case UTF8PROC_CATEGORY_CO:
        return true;
    default:
        return c >= 0x300 && c < 0x370; /* accents */
    }
}

/*
 * Cuts a run behind its `most`th word: dashes and the like that are not ASCII part words within a run. Gives how many words it has then,
 * one at least.
 */
static size_t cut_run(struct run *run, size_t most)
{
    size_t words = 0, bytes;
    bool inside = false;

    for (size_t i = 0; i < run->length; i += bytes) {
        bool in_word = is_in_word(lower_character(run->at + i, run->length - i, &bytes));

        words += in_word && !inside;
        inside = in_word;
        if (words > most) {
            run->length = i;
            return most;
        }
    }
    return words > 0 ? words : 1;
}

static void put_quoted(const struct run *run, rec_buf *out)
{
    rec_buf_putc(out, '"');
    rec_buf_add(out, run->at, run->length);
    rec_buf_putc(out, '"');
}

/* The last run, of no length where there is none. */
static struct run last_run(const char *at, const char *end)
{
    struct run last = { at, 0 }, run;

    while (next_run(&at, end, &run))
        last = run;
    return last;
}

static bool is_among(const struct run *run, const struct run *others, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_same_run(run, &others[i]))
            return true;
    return false;
}

void rec_quote_words(const char *query, bool unfinished, const char *between, rec_buf *out)
{
    const char *at = query, *end = query + strnlen(query, REC_MAX_QUERY);
    struct run kept[REC_MAX_QUERY_WORDS], run, last = unfinished ? last_run(at, end) : (struct run){ end, 0 };
    size_t count = 0;

    for (size_t words = 0; words < REC_MAX_QUERY_WORDS && next_run(&at, end, &run) && run.at != last.at;) {
        if (is_among(&run, kept, count))
            continue;
        kept[count++] = run;
        words += cut_run(&run, REC_MAX_QUERY_WORDS - words);
        rec_buf_puts(out, count > 1 ? between : "");
        put_quoted(&run, out);
    }
    if (last.length == 0)
        return;
    (void)cut_run(&last, REC_MAX_QUERY_WORDS);
    rec_buf_puts(out, count > 0 ? between : "");
    put_quoted(&last, out);
    rec_buf_putc(out, '*');
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
    rec_quote_words(query, false, " AND ", &match);
    if (match.length > 0 && !match.failed)
        rc = add_matches(store, rec_buf_text(&match), limit, out, count, err);
    if (rc == REC_OK && *count < limit) {
        rec_buf_reset(&match);
        rec_quote_words(query, false, " OR ", &match);
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
