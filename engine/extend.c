/*
 * Adding papers to a large store without relisting it.
 *
 * The lists of new papers are made like any others. An old paper's list gains a new one where the new one is nearer than the last candidate
 * that was considered when the list was made (the list's reach) and scores higher than what stands in the list: what a fresh build would
 * have found, but for a candidate that the new ones would have pushed out. A changed paper is a new one, and the lists that it stood in are
 * made again; so are those in which a removed one stood.
 */
#include "building.h"

#include "alloc.h"
#include "corpus.h"
#include "lists.h"
#include "parallel.h"
#include "rec/idlist.h"
#include "textsource.h"

#include <string.h>

#define BLOCK 4096
#define ENTRANTS 64       /* new papers that one old list may gain in one build */
#define NEAR_ENOUGH 1e-5f /* slack for the index's rounding */

struct extension {
    struct rec_building *b;
    rec_corpus pending;
    uint32_t *new_rows; /* (pending.count) rows of the new papers in the new space, rising */
    uint32_t *old_rows; /* (old_count) the others */
    size_t old_count;
    uint32_t *mention_rows; /* (mention_count) rows of old papers whose lists a changed one leaves */
    size_t mention_count;
    rec_text_source *texts;
    rec_counts_source source;
    rec_query *query;
};

/* ---- the new space ------------------------------------------------------------------------------------------------- */

static rec_status copy_row(rec_space *to, size_t row, const rec_space *from, size_t from_row, rec_error *err)
{
    size_t words = rec_signs_words(to->dim);

    to->docs[row] = from->docs[from_row];
    to->title_keys[row] = from->title_keys[from_row];
    to->abstract_keys[row] = from->abstract_keys[from_row];
    memcpy(to->scales + row * REC_BLOCKS, from->scales + from_row * REC_BLOCKS, REC_BLOCKS * sizeof(*to->scales));
    memcpy(to->signs + row * words, from->signs + from_row * words, words * sizeof(*to->signs));
    memcpy(to->dense + row * to->dim, from->dense + from_row * from->dim, to->dim);
    to->factors[row] = from->factors[from_row];
    return rec_facets_copy(&to->facets, &from->facets, from_row, err);
}

static bool is_pending(const rec_corpus *pending, uint32_t doc)
{
    size_t low = 0, high = pending->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (pending->docs[middle] < doc)
            low = middle + 1;
        else
            high = middle;
    }
    return low < pending->count && pending->docs[low] == doc;
}

/* Whether an old row goes, and what lists say of it: the paper changed, or was removed. */
static bool leaves(const struct extension *e, uint32_t doc)
{
    return is_pending(&e->pending, doc) || rec_docs_hold(e->b->gone, e->b->gone_count, doc);
}

/* Old rows that stay and pending papers, both by rising number, into one. */
static rec_status merge_rows(struct extension *e, rec_error *err)
{
    struct rec_building *b = e->b;
    const rec_space *old = &b->old;
    size_t kept = 0, o = 0, p = 0, row = 0;
    rec_status rc;

    for (size_t i = 0; i < old->count; i++)
        kept += !leaves(e, old->docs[i]);
    if ((rc = rec_space_new(kept + e->pending.count, old->dim, false, &b->space, err)) != REC_OK)
        return rc;
    e->new_rows = rec_alloc_array(e->pending.count, sizeof(*e->new_rows));
    e->old_rows = rec_alloc_array(kept, sizeof(*e->old_rows));
    if (!e->new_rows || !e->old_rows)
        return rec_fail(err, REC_ENOMEM, "out of memory adding papers");
    rc = rec_facets_adopt_names(&b->space.facets, &old->facets, err);
    while (rc == REC_OK && row < b->space.count) {
        while (o < old->count && leaves(e, old->docs[o]))
            o++;
        if (p < e->pending.count && (o == old->count || e->pending.docs[p] < old->docs[o])) {
            rec_corpus_embed(&e->pending, p, b->model, &b->space, row);
            rc = rec_facets_copy(&b->space.facets, &e->pending.facets, p, err);
            e->new_rows[p++] = (uint32_t)row++;
        } else {
            rc = copy_row(&b->space, row, old, o++, err);
            e->old_rows[e->old_count++] = (uint32_t)row++;
        }
    }
    return rc == REC_OK ? rec_building_precedence(b, err) : rc;
}

/* ---- old lists ----------------------------------------------------------------------------------------------------- */

struct mentions {
    const struct extension *e;
    uint32_t *docs; /* papers whose lists mention one that leaves */
    size_t count, room;
};

static rec_status note_mention(rec_doc doc, const rec_list *list, void *context, rec_error *err)
{
    struct mentions *m = context;
    bool any = false;

    for (size_t i = 0; i < list->count && !any; i++)
        any = leaves(m->e, list->items[i].doc);
    if (!any)
        return REC_OK;
    if (m->count == m->room) {
        size_t room = m->room ? 2 * m->room : 1024;
        uint32_t *docs = rec_resize_array(m->docs, room, sizeof(*docs));

        if (!docs)
            return rec_fail(err, REC_ENOMEM, "out of memory adding papers");
        m->docs = docs;
        m->room = room;
    }
    m->docs[m->count++] = (uint32_t)doc;
    return REC_OK;
}

/* Rows, in the new space, of the old papers whose lists mention one that changed or went: what it pushes out of them was never stored, so
 * they are made again. */
static rec_status find_mentions(struct extension *e, rec_error *err)
{
    struct mentions m = { .e = e };
    rec_status rc = rec_store_scan_lists(e->b->store, note_mention, &m, err);

    e->mention_rows = m.docs;
    for (size_t i = 0; i < m.count && rc == REC_OK; i++) {
        size_t row = REC_NO_PAPER_ROW;

        if (!leaves(e, m.docs[i]))
            rc = rec_space_row(&e->b->space, m.docs[i], &row, err);
        if (rc == REC_OK && row != REC_NO_PAPER_ROW)
            e->mention_rows[e->mention_count++] = (uint32_t)row;
    }
    return rc;
}

/* The space is in memory: finding a row cannot fail. */
static bool stands_before(const rec_space *space, rec_ranked ranked, rec_neighbour item)
{
    size_t row;

    if (ranked.parts.total != item.score)
        return ranked.parts.total > item.score;
    if (rec_space_row(space, item.doc, &row, NULL) != REC_OK)
        return true;
    return row == REC_NO_PAPER_ROW || ranked.precedence < space->precedence[row];
}

static void insert(const rec_space *space, rec_list *list, rec_ranked ranked)
{
    size_t at = list->count;

    while (at > 0 && stands_before(space, ranked, list->items[at - 1]))
        at--;
    if (at == REC_LIST_LENGTH)
        return;
    if (list->count < REC_LIST_LENGTH)
        list->count++;
    memmove(list->items + at + 1, list->items + at, (list->count - 1 - at) * sizeof(list->items[0]));
    list->items[at] = (rec_neighbour){ space->docs[ranked.row], ranked.parts.total };
}

/* Puts those of `near` (new papers, numbered as in new_rows) that belong there into the list of an old row. */
static rec_status admit(struct extension *e, uint32_t row, const rec_near *near, size_t found, rec_error *err)
{
    const rec_space *space = &e->b->space;
    rec_seed seed;
    uint32_t candidates[ENTRANTS];
    rec_ranked ranked[ENTRANTS];
    size_t count = 0;
    rec_list list;
    rec_status rc;

    if (!rec_space_has_vector(space, row))
        return REC_OK;
    if ((rc = rec_store_get_list(e->b->store, space->docs[row], &list, err)) != REC_OK)
        return rc == REC_ENOTFOUND
                   ? rec_fail(err, REC_EDAMAGED, "paper %u is indexed and has no neighbour list; run 'recommend build --refit'",
                              space->docs[row])
                   : rc;
    for (size_t i = 0; i < found && near[i].likeness >= list.reach - NEAR_ENOUGH; i++)
        candidates[count++] = e->new_rows[near[i].row];
    if (count == 0)
        return REC_OK;
    if ((rc = rec_rank_seed(space, &e->source, row, &seed, err)) != REC_OK)
        return rc;
    if ((rc = rec_rank(space, &seed, &e->source, e->query, candidates, count, ranked, &count, err)) != REC_OK)
        return rc;
    for (size_t i = 0; i < count; i++)
        insert(space, &list, ranked[i]);
    e->b->report->lists++;
    return rec_store_put_list(e->b->store, space->docs[row], &list, err);
}

static float *gather(const rec_space *space, const uint32_t *rows, size_t count)
{
    float *out = rec_alloc_aligned(count * space->dim, sizeof(*out));

    for (size_t i = 0; out && i < count; i++)
        rec_space_restore(space, rows[i], 1, out + i * space->dim);
    return out;
}

/* One block of old rows asked of an index of the new ones. */
static rec_status admit_block(struct extension *e, const rec_index *entrants, const uint32_t *rows, size_t count, rec_near *near,
                              size_t *found, rec_error *err)
{
    size_t wanted = e->pending.count < ENTRANTS ? e->pending.count : ENTRANTS;
    float *queries = gather(&e->b->space, rows, count);
    rec_status rc;

    if (!queries)
        return rec_fail(err, REC_ENOMEM, "out of memory adding papers");
    rc = rec_index_search(entrants, queries, count, wanted, e->b->threads, near, found, err);
    for (size_t i = 0; i < count && rc == REC_OK; i++)
        rc = admit(e, rows[i], near + i * wanted, found[i], err);
    rec_free(queries);
    return rc;
}

static rec_status mend_old_lists(struct extension *e, rec_error *err)
{
    const rec_space *space = &e->b->space;
    float *vectors = gather(space, e->new_rows, e->pending.count);
    rec_near *near = rec_alloc_array(BLOCK * ENTRANTS, sizeof(*near));
    size_t *found = rec_alloc_array(BLOCK, sizeof(*found));
    rec_index *entrants = NULL;
    rec_status rc;

    if (!vectors || !near || !found) {
        rc = rec_fail(err, REC_ENOMEM, "out of memory adding papers");
        goto done;
    }
    if ((rc = rec_index_build(REC_INDEX_FAISS, vectors, e->pending.count, space->dim, &entrants, err)) != REC_OK)
        goto done;
    for (size_t at = 0; at < e->old_count && rc == REC_OK; at += BLOCK) {
        size_t n = e->old_count - at < BLOCK ? e->old_count - at : BLOCK;

        rc = admit_block(e, entrants, e->old_rows + at, n, near, found, err);
        rec_progress_report(e->b->progress, "mending", at + n, e->old_count);
    }

done:
    rec_index_free(entrants);
    rec_free(vectors);
    rec_free(near);
    rec_free(found);
    return rc;
}

/* ---- all of it ----------------------------------------------------------------------------------------------------- */

static rec_status extend_lists(struct extension *e, rec_error *err)
{
    struct rec_building *b = e->b;
    rec_list_maker maker = { b->model, &b->space, b->index, e->source, b->threads, b->progress };
    bool any_left = b->old.count + e->pending.count > b->space.count;
    rec_status rc;

    if (any_left && (rc = find_mentions(e, err)) != REC_OK)
        return rc;
    if (e->pending.count > 0 && (rc = mend_old_lists(e, err)) != REC_OK)
        return rc;
    if ((rc = rec_lists_make(&maker, e->mention_rows, e->mention_count, rec_building_put_list, b, err)) != REC_OK)
        return rc;
    return rec_lists_make(&maker, e->new_rows, e->pending.count, rec_building_put_list, b, err);
}

rec_status rec_extend(struct rec_building *b, rec_error *err)
{
    struct extension e = { .b = b, .pending = REC_CORPUS_INIT };
    rec_status rc = rec_corpus_load(b->store, REC_CORPUS_PENDING, b->threads, b->progress, &e.pending, err);

    if (rc != REC_OK)
        return rc;
    if ((rc = merge_rows(&e, err)) != REC_OK)
        goto done;
    if ((rc = rec_building_index(b, err)) != REC_OK)
        goto done;
    if ((rc = rec_text_source_new(b->store, &b->space, &e.texts, err)) != REC_OK)
        goto done;
    e.source = rec_text_source_counts(e.texts);
    if ((rc = rec_query_new(b->model, &e.query, err)) != REC_OK)
        goto done;
    if ((rc = rec_building_begin(b, err)) == REC_OK)
        rc = extend_lists(&e, err);

done:
    rec_query_free(e.query);
    rec_text_source_free(e.texts);
    rec_corpus_clear(&e.pending);
    rec_free(e.new_rows);
    rec_free(e.old_rows);
    rec_free(e.mention_rows);
    return rc;
}
