/*
 * Titles for suggestions while somebody types: see rec_store_titles() in store.h.
 *
 * FTS5 has to merge the papers of every word that begins like the unfinished one before it gives the first: half a second for one letter in
 * a store of 222,026 papers. But of an unfinished word that is common the newest papers have enough, and one that is rare is quickly
 * merged.
 */
#include "store_internal.h"

#include "alloc.h"
#include "buf.h"
#include "rec/fold.h"

#include <string.h>

#define NEWEST 600 /* papers with the other words whose titles are looked at: some 3 ms */

struct search {
    rec_store *store;
    const char *query;
    rec_word last;  /* the unfinished one, folded */
    size_t last_at; /* where it stands in the query */
    bool others;    /* there are words before it */
    size_t limit;
    rec_doc *out;
    size_t *count;
};

/* The last word, perhaps unfinished; false where there is none. */
static bool find_last(struct search *s)
{
    rec_words words;
    rec_word word;
    bool any = false;

    rec_words_start(&words, s->query, strlen(s->query));
    while (rec_words_next(&words, &word)) {
        s->others = any;
        s->last = word;
        any = true;
    }
    s->last_at = any ? (size_t)(s->last.from - s->query) : 0;
    return any;
}

static bool has_last(const struct search *s, const char *title)
{
    rec_words words;
    rec_word word;

    rec_words_start(&words, title, strlen(title));
    while (rec_words_next(&words, &word))
        if (word.length >= s->last.length && memcmp(word.text, s->last.text, s->last.length) == 0)
            return true;
    return false;
}

/* "{title} : (...)" of the first `length` bytes of the query, the last word of which may be `unfinished`. */
static rec_status title_expression(const struct search *s, size_t length, bool unfinished, rec_buf *out, rec_error *err)
{
    char *part = rec_strndup(s->query, length);

    if (part) {
        rec_buf_puts(out, "{title} : (");
        rec_quote_words(part, unfinished, " AND ", out);
        rec_buf_putc(out, ')');
    }
    rec_free(part);
    return part && !out->failed ? REC_OK : rec_fail(err, REC_ENOMEM, "out of memory, or a query of more than %d bytes", REC_MAX_QUERY);
}

/* Among the newest that have the other words; `*walked` is how many of these there were, up to NEWEST. */
static rec_status take_newest(struct search *s, size_t *walked, rec_error *err)
{
    rec_buf match = REC_BUF_INIT(8 * REC_MAX_QUERY);
    sqlite3_stmt *stmt = NULL;
    rec_status rc = s->others ? title_expression(s, s->last_at, false, &match, err) : REC_OK;
    int step = SQLITE_DONE;

    *walked = 0;
    if (rc == REC_OK)
        rc = rec_store_prepare(s->store, s->others ? REC_SQL_TITLES_AMONG : REC_SQL_TITLES_NEWEST, &stmt, err);
    if (rc == REC_OK) {
        rec_bind_text(stmt, 1, rec_buf_text(&match));
        sqlite3_bind_int64(stmt, 2, NEWEST);
        while (*s->count < s->limit && (step = sqlite3_step(stmt)) == SQLITE_ROW) {
            const char *title = rec_column_text(stmt, 1);

            ++*walked;
            if (title && has_last(s, title))
                s->out[(*s->count)++] = sqlite3_column_int64(stmt, 0);
        }
        if (step != SQLITE_ROW && step != SQLITE_DONE)
            rc = rec_store_fail(s->store, "search store", err);
        sqlite3_reset(stmt);
    }
    rec_buf_clear(&match);
    return rc;
}

/* Puts a paper among those found, newest first; one too many falls off the end. */
static void insert(struct search *s, rec_doc doc)
{
    size_t at = *s->count, kept;

    while (at > 0 && s->out[at - 1] < doc)
        at--;
    if (at == s->limit || (at > 0 && s->out[at - 1] == doc))
        return;
    kept = *s->count < s->limit ? *s->count : s->limit - 1;
    memmove(s->out + at + 1, s->out + at, (kept - at) * sizeof(*s->out));
    s->out[at] = doc;
    *s->count = kept + 1;
}

/* Among all, by FTS5. */
static rec_status take_all(struct search *s, rec_error *err)
{
    rec_buf match = REC_BUF_INIT(8 * REC_MAX_QUERY);
    sqlite3_stmt *stmt = NULL;
    rec_status rc = title_expression(s, strlen(s->query), true, &match, err);
    int step = SQLITE_DONE;

    if (rc == REC_OK)
        rc = strchr(rec_buf_text(&match), '"') ? rec_store_prepare(s->store, REC_SQL_TITLES, &stmt, err) : REC_OK;
    if (rc == REC_OK && stmt) {
        rec_bind_text(stmt, 1, rec_buf_text(&match));
        sqlite3_bind_int64(stmt, 2, (sqlite3_int64)s->limit);
        while ((step = sqlite3_step(stmt)) == SQLITE_ROW)
            insert(s, sqlite3_column_int64(stmt, 0));
        if (step != SQLITE_DONE)
            rc = rec_store_fail(s->store, "search store", err);
        sqlite3_reset(stmt);
    }
    rec_buf_clear(&match);
    return rc;
}

rec_status rec_store_titles(rec_store *store, const char *query, size_t limit, rec_doc *out, size_t *count, rec_error *err)
{
    struct search search = { .store = store, .query = query, .limit = limit, .out = out, .count = count };
    size_t walked;
    rec_status rc;

    *count = 0;
    if (!find_last(&search))
        return REC_OK;
    rc = take_newest(&search, &walked, err);
    return rc == REC_OK && *count < limit && walked == NEWEST ? take_all(&search, err) : rc;
}
