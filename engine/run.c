/* Reading TREC runs: see rec/run.h. */
#include "rec/run.h"

#include "alloc.h"
#include "columns.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS 6

struct row {
    rec_run_entry entry;
    double score;
    long rank;
    char *id; /* as it is spelt: decides between equal scores and ranks */
};

struct loading {
    struct rec_finder queries;
    struct row *rows;
    size_t count, room;
    size_t unknown;
};

void rec_run_clear(rec_run *run)
{
    rec_free(run->items);
    *run = (rec_run)REC_RUN_INIT;
}

static bool read_rank(const char *text, long *out)
{
    char *end;

    errno = 0;
    *out = strtol(text, &end, 10);
    return errno == 0 && end > text && *end == '\0';
}

/* A score too small for a double is 0, which is no error. */
static bool read_score(const char *text, double *out)
{
    char *end;

    *out = strtod(text, &end);
    return end > text && *end == '\0' && isfinite(*out);
}

static rec_status append(struct loading *l, struct row row, const char *id, rec_error *err)
{
    if (l->count == l->room) {
        size_t room = l->room ? 2 * l->room : 1024;
        struct row *rows = rec_resize_array(l->rows, room, sizeof(*rows));

        if (!rows)
            return rec_fail(err, REC_ENOMEM, "out of memory for a run");
        l->rows = rows;
        l->room = room;
    }
    if (!(row.id = rec_strdup(id)))
        return rec_fail(err, REC_ENOMEM, "out of memory for a run");
    l->rows[l->count++] = row;
    return REC_OK;
}

static rec_status take_row(char *line, const char *path, uint64_t number, void *context, rec_error *err)
{
    struct loading *l = context;
    char *columns[COLUMNS + 1];
    unsigned long long at = number;
    struct row row = { .score = 0 };
    rec_status rc;

    if (rec_columns(line, columns, COLUMNS + 1) != COLUMNS)
        return rec_fail(err, REC_EFORMAT, "%s:%llu: expected 'query Q0 document rank score tag'", path, at);
    if (!read_rank(columns[3], &row.rank))
        return rec_fail(err, REC_EFORMAT, "%s:%llu: field 'rank': '%s' is not a whole number", path, at, columns[3]);
    if (!read_score(columns[4], &row.score))
        return rec_fail(err, REC_EFORMAT, "%s:%llu: field 'score': '%s' is not a number", path, at, columns[4]);
    if ((rc = rec_finder_find(&l->queries, columns[0], &row.entry.query, err)) != REC_OK ||
        (rc = rec_find_paper(l->queries.store, columns[2], &row.entry.doc, err)) != REC_OK)
        return rc;
    if (row.entry.query == 0) {
        l->unknown++;
        return REC_OK;
    }
    if (row.entry.doc == row.entry.query)
        return REC_OK;
    if (row.entry.doc == 0)
        row.entry.doc = REC_RUN_UNKNOWN;
    return append(l, row, columns[2], err);
}

/* Lines of one document next to each other, the best first, so that the others can be dropped. */
static int by_document(const void *left, const void *right)
{
    const struct row *a = left, *b = right;

    if (a->entry.query != b->entry.query)
        return a->entry.query < b->entry.query ? -1 : 1;
    if (a->entry.doc != b->entry.doc)
        return a->entry.doc < b->entry.doc ? -1 : 1;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return strcmp(a->id, b->id);
}

static int by_score(const void *left, const void *right)
{
    const struct row *a = left, *b = right;

    if (a->entry.query != b->entry.query)
        return a->entry.query < b->entry.query ? -1 : 1;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return strcmp(a->id, b->id);
}

static void drop_repeated(struct loading *l)
{
    size_t kept = 0;

    if (l->count > 1)
        qsort(l->rows, l->count, sizeof(*l->rows), by_document);
    for (size_t i = 0; i < l->count; i++) {
        const rec_run_entry *entry = &l->rows[i].entry, *last = kept > 0 ? &l->rows[kept - 1].entry : NULL;

        if (last && entry->doc != REC_RUN_UNKNOWN && entry->doc == last->doc && entry->query == last->query)
            rec_free(l->rows[i].id);
        else
            l->rows[kept++] = l->rows[i];
    }
    l->count = kept;
}

static rec_status put_in_order(struct loading *l, rec_run *out, rec_error *err)
{
    rec_run run = { .unknown = l->unknown };

    drop_repeated(l);
    if (l->count > 1)
        qsort(l->rows, l->count, sizeof(*l->rows), by_score);
    if (!(run.items = rec_alloc_array(l->count, sizeof(*run.items))))
        return rec_fail(err, REC_ENOMEM, "out of memory for a run");
    for (run.count = 0; run.count < l->count; run.count++)
        run.items[run.count] = l->rows[run.count].entry;
    *out = run;
    return REC_OK;
}

rec_status rec_run_load(rec_store *store, const char *path, rec_run *out, rec_error *err)
{
    struct loading l = { .queries = { .store = store } };
    rec_status rc = rec_read_rows(path, take_row, &l, err);

    if (rc == REC_OK)
        rc = put_in_order(&l, out, err);
    for (size_t i = 0; i < l.count; i++)
        rec_free(l.rows[i].id);
    rec_free(l.rows);
    rec_finder_clear(&l.queries);
    return rc;
}

const rec_run_entry *rec_run_of(const rec_run *run, rec_doc query, size_t *count)
{
    return run->items + rec_rows_of(run->items, sizeof(*run->items), run->count, query, count);
}
