/* Candidates of requests: see rec/pools.h. */
#include "rec/pools.h"

#include "alloc.h"
#include "columns.h"

#include <stdlib.h>
#include <string.h>

struct row {
    rec_doc request, doc;
};

struct loading {
    struct rec_finder requests;
    struct row *rows;
    size_t count, room;
    size_t unknown;
    enum { UNTOLD, SHARED, BY_REQUEST } kind;
};

void rec_pools_clear(rec_pools *pools)
{
    rec_free(pools->requests);
    rec_free(pools->docs);
    *pools = (rec_pools)REC_POOLS_INIT;
}

static rec_status append(struct loading *l, struct row row, rec_error *err)
{
    if (l->count == l->room) {
        size_t room = l->room ? 2 * l->room : 1024;
        struct row *rows = rec_resize_array(l->rows, room, sizeof(*rows));

        if (!rows)
            return rec_fail(err, REC_ENOMEM, "out of memory for candidates");
        l->rows = rows;
        l->room = room;
    }
    l->rows[l->count++] = row;
    return REC_OK;
}

static rec_status take_row(char *line, const char *path, uint64_t number, void *context, rec_error *err)
{
    struct loading *l = context;
    char *tab = strchr(line, '\t');
    struct row row = { 0, 0 };
    rec_status rc;

    if (line[0] == '#')
        return REC_OK;
    if (l->kind == UNTOLD)
        l->kind = tab ? BY_REQUEST : SHARED;
    if ((l->kind == BY_REQUEST) != (tab != NULL))
        return rec_fail(err, REC_EFORMAT, "%s:%llu: expected %s, as in the lines before", path, (unsigned long long)number,
                        tab ? "an id alone" : "'request<TAB>candidate'");
    if (tab) {
        *tab = '\0';
        if ((rc = rec_finder_find(&l->requests, line, &row.request, err)) != REC_OK)
            return rc;
    }
    if ((rc = rec_find_paper(l->requests.store, tab ? tab + 1 : line, &row.doc, err)) != REC_OK)
        return rc;
    if (row.doc == 0 || (tab && row.request == 0)) {
        l->unknown++;
        return REC_OK;
    }
    return append(l, row, err);
}

static int by_request(const void *left, const void *right)
{
    const struct row *a = left, *b = right;

    if (a->request != b->request)
        return a->request < b->request ? -1 : 1;
    return (a->doc > b->doc) - (a->doc < b->doc);
}

static rec_status put_in_order(struct loading *l, rec_pools *out, rec_error *err)
{
    rec_pools pools = { .by_request = l->kind == BY_REQUEST, .unknown = l->unknown };

    pools.requests = rec_alloc_array(l->count, sizeof(*pools.requests));
    pools.docs = rec_alloc_array(l->count, sizeof(*pools.docs));
    if (!pools.requests || !pools.docs) {
        rec_pools_clear(&pools);
        return rec_fail(err, REC_ENOMEM, "out of memory for candidates");
    }
    if (l->count > 1)
        qsort(l->rows, l->count, sizeof(*l->rows), by_request);
    for (size_t i = 0; i < l->count; i++) {
        if (i > 0 && by_request(&l->rows[i], &l->rows[i - 1]) == 0)
            continue;
        pools.requests[pools.count] = l->rows[i].request;
        pools.docs[pools.count++] = l->rows[i].doc;
    }
    *out = pools;
    return REC_OK;
}

rec_status rec_pools_load(rec_store *store, const char *path, rec_pools *out, rec_error *err)
{
    struct loading l = { .requests = { .store = store } };
    rec_status rc = rec_read_rows(path, take_row, &l, err);

    if (rc == REC_OK)
        rc = put_in_order(&l, out, err);
    rec_free(l.rows);
    rec_finder_clear(&l.requests);
    return rc;
}

const rec_doc *rec_pools_of(const rec_pools *pools, rec_doc request, size_t *count)
{
    if (pools->by_request)
        return pools->docs + rec_rows_of(pools->requests, sizeof(*pools->requests), pools->count, request, count);
    *count = pools->count;
    return pools->docs;
}
