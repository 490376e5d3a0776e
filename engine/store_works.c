/*
 * Which records are of one work: see rec/settle.h and same_work.h.
 *
 * Papers that came or changed stand in `unsettled`. Settling computes their keys, and writes them in the order of the keys: an index of
 * hashes that is filled paper by paper touches a page of the file for each key, one that is filled in order touches each page once.
 */
#include "store_internal.h"

#include "alloc.h"
#include "rec/settle.h"
#include "same_work.h"

#include <stdlib.h>

#define CHUNK 200000 /* papers of one transaction */
#define TOGETHER 32  /* papers with one key or title that a paper is compared with: "Editorial" is written every month */

struct keyed {
    uint64_t key;
    rec_doc doc;
};

struct pair {
    rec_doc first, second; /* first < second */
};

struct settling {
    rec_store *store;
    bool any_settled; /* there were keys before: partners are looked up, else they are all in memory */
    struct keyed *keys;
    size_t key_count, key_room;
    struct pair *pairs;
    size_t pair_count, pair_room;
    rec_doc last; /* of this chunk */
    size_t papers;
    bool united;
};

static rec_status out_of_memory(rec_error *err)
{
    return rec_fail(err, REC_ENOMEM, "out of memory finding records of one work");
}

/* ---- single steps --------------------------------------------------------------------------------------------------- */

/* Runs a statement of two numbers that gives no rows. */
static rec_status run_two(rec_store *store, rec_statement which, int64_t first, int64_t second, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, which, &stmt, err);

    if (rc != REC_OK)
        return rc;
    sqlite3_bind_int64(stmt, 1, first);
    sqlite3_bind_int64(stmt, 2, second);
    return rec_store_run(store, stmt, err);
}

/* Reads up to `limit` numbers that a statement of one number and a limit gives. */
static rec_status read_some(rec_store *store, rec_statement which, int64_t number, rec_doc *out, size_t limit, size_t *count,
                            rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, which, &stmt, err);
    int step = SQLITE_DONE;

    *count = 0;
    if (rc != REC_OK)
        return rc;
    sqlite3_bind_int64(stmt, 1, number);
    sqlite3_bind_int64(stmt, 2, (sqlite3_int64)limit);
    while (*count < limit && (step = sqlite3_step(stmt)) == SQLITE_ROW)
        out[(*count)++] = sqlite3_column_int64(stmt, 0);
    if (step != SQLITE_ROW && step != SQLITE_DONE)
        rc = rec_store_fail(store, "read store", err);
    sqlite3_reset(stmt);
    return rc;
}

rec_status rec_store_get_work(rec_store *store, rec_doc work, rec_doc *out, size_t limit, size_t *count, rec_error *err)
{
    return read_some(store, REC_SQL_GET_WORK, work, out, limit, count, err);
}

rec_status rec_store_unsettle(rec_store *store, const rec_record *stored, rec_error *err)
{
    uint64_t keys[REC_WORK_KEYS];
    size_t count = rec_works_keys(stored->paper.title, stored->paper.abstract, stored->paper.authors, keys);
    rec_status rc = rec_store_run_doc(store, REC_SQL_ADD_UNSETTLED, stored->doc, err);

    for (size_t i = 0; i < count && rc == REC_OK; i++)
        rc = run_two(store, REC_SQL_DROP_WORK_KEY, (int64_t)keys[i], stored->doc, err);
    /* What held the others together may have been this one. */
    if (rc == REC_OK && stored->shares_work && (rc = rec_store_run_doc(store, REC_SQL_UNSETTLE_WORK, stored->work, err)) == REC_OK)
        rc = rec_store_run_doc(store, REC_SQL_DISSOLVE_WORK, stored->work, err);
    return rc;
}

/* ---- keys of the unsettled ------------------------------------------------------------------------------------------ */

static rec_status note_key(struct settling *s, uint64_t key, rec_doc doc, rec_error *err)
{
    if (s->key_count == s->key_room) {
        size_t room = s->key_room ? 2 * s->key_room : 4096;
        struct keyed *keys = rec_resize_array(s->keys, room, sizeof(*keys));

        if (!keys)
            return out_of_memory(err);
        s->keys = keys;
        s->key_room = room;
    }
    s->keys[s->key_count++] = (struct keyed){ key, doc };
    return REC_OK;
}

static rec_status note_pair(struct settling *s, rec_doc a, rec_doc b, rec_error *err)
{
    if (s->pair_count == s->pair_room) {
        size_t room = s->pair_room ? 2 * s->pair_room : 4096;
        struct pair *pairs = rec_resize_array(s->pairs, room, sizeof(*pairs));

        if (!pairs)
            return out_of_memory(err);
        s->pairs = pairs;
        s->pair_room = room;
    }
    s->pairs[s->pair_count++] = a < b ? (struct pair){ a, b } : (struct pair){ b, a };
    return REC_OK;
}

/* Papers with the title of an unsettled one. */
static rec_status pair_by_title(struct settling *s, rec_doc doc, uint64_t title_key, rec_error *err)
{
    rec_doc others[TOGETHER];
    size_t count = 0;
    rec_status rc = title_key ? rec_store_find_title(s->store, title_key, others, TOGETHER, &count, err) : REC_OK;

    for (size_t i = 0; i < count && rc == REC_OK; i++)
        if (others[i] != doc)
            rc = note_pair(s, doc, others[i], err);
    return rc;
}

static rec_status read_unsettled(struct settling *s, rec_error *err)
{
    uint64_t keys[REC_WORK_KEYS];
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(s->store, REC_SQL_SCAN_UNSETTLED, &stmt, err);
    int step;

    if (rc != REC_OK)
        return rc;
    sqlite3_bind_int64(stmt, 1, CHUNK);
    while ((step = sqlite3_step(stmt)) == SQLITE_ROW && rc == REC_OK) {
        size_t count = rec_works_keys(rec_column_text(stmt, 2), rec_column_text(stmt, 3), rec_column_text(stmt, 4), keys);

        s->last = sqlite3_column_int64(stmt, 0);
        s->papers++;
        rc = pair_by_title(s, s->last, (uint64_t)sqlite3_column_int64(stmt, 1), err);
        for (size_t i = 0; i < count && rc == REC_OK; i++)
            rc = note_key(s, keys[i], s->last, err);
    }
    if (rc == REC_OK && step != SQLITE_DONE)
        rc = rec_store_fail(s->store, "read store", err);
    sqlite3_reset(stmt);
    return rc;
}

static int by_key(const void *left, const void *right)
{
    const struct keyed *a = left, *b = right;

    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return (a->doc > b->doc) - (a->doc < b->doc);
}

/* Stores the keys in their order. */
static rec_status write_keys(struct settling *s, rec_error *err)
{
    rec_doc any;
    size_t count;
    rec_status rc = read_some(s->store, REC_SQL_ANY_WORK_KEY, 0, &any, 1, &count, err);

    s->any_settled = count > 0;
    if (s->key_count > 1)
        qsort(s->keys, s->key_count, sizeof(*s->keys), by_key);
    for (size_t i = 0; i < s->key_count && rc == REC_OK; i++)
        rc = run_two(s->store, REC_SQL_ADD_WORK_KEY, (int64_t)s->keys[i].key, s->keys[i].doc, err);
    return rc;
}

/* Pairs the unsettled papers of one key (`count` from `group`) with the first papers that have it. */
static rec_status pair_group(struct settling *s, const struct keyed *group, size_t count, rec_error *err)
{
    rec_doc partners[TOGETHER];
    size_t found = 0;
    rec_status rc = REC_OK;

    if (s->any_settled)
        rc = read_some(s->store, REC_SQL_FIND_WORK_KEY, (int64_t)group->key, partners, TOGETHER, &found, err);
    else
        for (; found < count && found < TOGETHER; found++)
            partners[found] = group[found].doc;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < found && rc == REC_OK; j++)
            if (group[i].doc != partners[j])
                rc = note_pair(s, group[i].doc, partners[j], err);
    return rc;
}

static rec_status pair_by_keys(struct settling *s, rec_error *err)
{
    rec_status rc = REC_OK;

    for (size_t from = 0, to; from < s->key_count && rc == REC_OK; from = to) {
        for (to = from + 1; to < s->key_count && s->keys[to].key == s->keys[from].key; to++)
            ;
        if (s->any_settled || to - from > 1)
            rc = pair_group(s, s->keys + from, to - from, err);
    }
    return rc;
}

/* ---- comparing and uniting ------------------------------------------------------------------------------------------ */

static int by_papers(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;

    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    return (a->second > b->second) - (a->second < b->second);
}

static rec_status move_to_work(rec_store *store, const rec_record *record, rec_doc work, rec_error *err)
{
    return run_two(store, record->shares_work ? REC_SQL_MOVE_WORK : REC_SQL_SET_WORK, work,
                   record->shares_work ? record->work : record->doc, err);
}

/* Gives both papers, and the works that they were of, one number: the lowest. */
static rec_status unite(struct settling *s, struct pair pair, rec_error *err)
{
    rec_record a = REC_RECORD_INIT, b = REC_RECORD_INIT;
    rec_doc work;
    rec_status rc;

    /* Read anew: earlier pairs may have moved them. */
    if ((rc = rec_store_get(s->store, pair.first, REC_GET_CARD, &a, err)) != REC_OK ||
        (rc = rec_store_get(s->store, pair.second, REC_GET_CARD, &b, err)) != REC_OK)
        goto done;
    work = a.work < b.work ? a.work : b.work;
    if (a.work == b.work)
        goto done;
    s->united = true;
    if ((rc = move_to_work(s->store, &a, work, err)) == REC_OK)
        rc = move_to_work(s->store, &b, work, err);

done:
    rec_record_clear(&a);
    rec_record_clear(&b);
    return rc;
}

/* Reads the record of `doc` into `record` unless it is there already. */
static rec_status hold(rec_store *store, rec_doc doc, rec_record *record, rec_error *err)
{
    if (record->doc == doc)
        return REC_OK;
    rec_record_clear(record);
    return rec_store_get(store, doc, REC_GET_ABSTRACT, record, err);
}

static rec_status compare_pairs(struct settling *s, rec_error *err)
{
    rec_record first = REC_RECORD_INIT, second = REC_RECORD_INIT;
    rec_status rc = REC_OK;

    if (s->pair_count > 1)
        qsort(s->pairs, s->pair_count, sizeof(*s->pairs), by_papers);
    for (size_t i = 0; i < s->pair_count && rc == REC_OK; i++) {
        rec_work_evidence evidence;

        if (i > 0 && by_papers(&s->pairs[i - 1], &s->pairs[i]) == 0)
            continue;
        if ((rc = hold(s->store, s->pairs[i].first, &first, err)) == REC_OK &&
            (rc = hold(s->store, s->pairs[i].second, &second, err)) == REC_OK &&
            (rc = rec_works_compare(&first.paper, &second.paper, &evidence, err)) == REC_OK && evidence.same_work)
            rc = unite(s, s->pairs[i], err);
    }
    rec_record_clear(&first);
    rec_record_clear(&second);
    return rc;
}

/* ---- all of it ------------------------------------------------------------------------------------------------------ */

static rec_status settle_chunk(struct settling *s, rec_error *err)
{
    rec_status rc = rec_store_begin(s->store, err);

    if (rc == REC_OK)
        rc = read_unsettled(s, err);
    if (rc == REC_OK && s->papers > 0) {
        if ((rc = write_keys(s, err)) == REC_OK && (rc = pair_by_keys(s, err)) == REC_OK && (rc = compare_pairs(s, err)) == REC_OK &&
            (rc = rec_store_run_doc(s->store, REC_SQL_DROP_UNSETTLED, s->last, err)) == REC_OK)
            rc = rec_store_commit(s->store, s->united, err);
    }
    rec_store_rollback(s->store);
    rec_free(s->keys);
    rec_free(s->pairs);
    return rc;
}

rec_status rec_works_settle(rec_store *store, rec_error *err)
{
    rec_status rc = REC_OK;

    for (bool more = true; more && rc == REC_OK;) {
        struct settling settling = { .store = store };

        rc = settle_chunk(&settling, err);
        more = settling.papers == CHUNK;
    }
    return rc;
}
