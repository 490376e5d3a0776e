/* Telling which papers are one work: see edition_works.h. */
#include "edition_works.h"

#include "alloc.h"
#include "rec/recommend.h"

#include <stdlib.h>

/* What tells that two papers are one: two nodes with an equal key, of the same kind, are the same work. */
struct key {
    uint64_t value; /* 0: none */
    size_t node;
};

static int by_value(const void *left, const void *right)
{
    const struct key *a = left, *b = right;

    if (a->value != b->value)
        return a->value < b->value ? -1 : 1;
    return (a->node > b->node) - (a->node < b->node);
}

static size_t find_root(size_t *parents, size_t node)
{
    while (parents[node] != node)
        node = parents[node] = parents[parents[node]];
    return node;
}

/* The lower number becomes the root: of records of one work, the first. */
static void join(size_t *parents, size_t a, size_t b)
{
    a = find_root(parents, a);
    b = find_root(parents, b);
    parents[a > b ? a : b] = a > b ? b : a;
}

/* Joins nodes with equal keys, which are sorted. */
static void join_equal(const struct key *keys, size_t count, size_t *parents)
{
    for (size_t i = 1; i < count; i++)
        if (keys[i].value != 0 && keys[i].value == keys[i - 1].value)
            join(parents, keys[i - 1].node, keys[i].node);
}

enum key_kind { KEY_DOC, KEY_WORK, KEY_TITLE, KEY_ABSTRACT, KEY_KINDS };

static uint64_t key_of(const rec_record *record, enum key_kind kind)
{
    switch (kind) {
    case KEY_DOC:
        return (uint64_t)record->doc;
    case KEY_WORK:
        return (uint64_t)record->work;
    case KEY_TITLE:
        return record->title_key;
    default:
        return record->abstract_key;
    }
}

static void fill_keys(const rec_record *const *records, size_t count, enum key_kind kind, struct key *keys)
{
    for (size_t i = 0; i < count; i++)
        keys[i] = (struct key){ key_of(records[i], kind), i };
    qsort(keys, count, sizeof(*keys), by_value);
}

static int compare_value(const void *wanted, const void *key)
{
    uint64_t a = *(const uint64_t *)wanted, b = ((const struct key *)key)->value;

    return (a > b) - (a < b);
}

/* Joins what has nearly the same text: a paper's near-copies stand at the head of its own list. `by_doc` is sorted. */
static rec_status join_near_copies(rec_store *store, const rec_record *const *records, const struct key *by_doc, size_t count,
                                   size_t *parents, rec_error *err)
{
    rec_status rc = REC_OK;

    for (size_t i = 0; i < count && rc == REC_OK; i++) {
        rec_list list = { .count = 0 };

        if (!records[i]->doc || !records[i]->abstract_key)
            continue;
        rc = rec_store_get_list(store, records[i]->doc, &list, err);
        if (rc == REC_ENOTFOUND)
            rc = REC_OK;
        for (size_t j = 0; rc == REC_OK && j < list.count && list.items[j].score >= REC_NEAR_COPY; j++) {
            uint64_t doc = list.items[j].doc;
            const struct key *copy = bsearch(&doc, by_doc, count, sizeof(*by_doc), compare_value);

            if (copy && records[copy->node]->abstract_key)
                join(parents, i, copy->node);
        }
    }
    return rc;
}

rec_status rec_works_number(rec_store *store, const rec_record *const *records, size_t count, bool versions, size_t *works, rec_error *err)
{
    struct key *keys = rec_alloc_array(count, sizeof(*keys));
    rec_status rc = REC_OK;

    if (!keys)
        return rec_fail(err, REC_ENOMEM, "out of memory for an edition");
    for (size_t i = 0; i < count; i++)
        works[i] = i;
    for (size_t kind = KEY_DOC + 1; kind < KEY_KINDS && !versions; kind++) {
        fill_keys(records, count, (enum key_kind)kind, keys);
        join_equal(keys, count, works);
    }
    fill_keys(records, count, KEY_DOC, keys);
    join_equal(keys, count, works);
    if (!versions)
        rc = join_near_copies(store, records, keys, count, works, err);
    for (size_t i = 0; i < count; i++)
        works[i] = find_root(works, i);
    rec_free(keys);
    return rc;
}
