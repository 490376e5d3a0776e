/*
 * New papers enter old lists: see mending.h.
 *
 * Of the pairs of an old paper and a new one that lies in its list's reach, one in twenty enters a list. A score is asked from the old
 * paper's side, as every score of its list was, and setting a query for each old paper would cost more than all the scores. So all pairs
 * are scored from the new papers' side first, which are few; that differs in rounding alone, and what falls short by more than that is out.
 */
#include "mending.h"

#include "alloc.h"
#include "parallel.h"

#include <math.h>
#include <string.h>

#define BLOCK 8192   /* old papers at a time: their n-grams stay in the last cache while every new paper is compared with them */
#define ENTRANTS 256 /* new papers that are considered for one old list in one build */
#define OUT UINT32_MAX

/* What a score from the other side may differ by, and more: each addend is rounded to 2^-29 of a sum of at most some hundreds. */
#define SLACK 1e-3f

struct mending {
    struct rec_building *b;
    const rec_mend *mend;
    rec_panels *entrants; /* the new papers' codes */
    uint32_t *turns;      /* (rows of the space) of a new row: its place among the new ones */
    const uint32_t *rows; /* (count) of the block */
    size_t count;
    rec_near *near;  /* (BLOCK, ENTRANTS) new papers near to each of the block's; row OUT: not in its list; then with scores as likeness */
    size_t *found;   /* (BLOCK) */
    size_t *starts;  /* (new_count + 1) where in `pairs` those of a new paper begin */
    uint32_t *pairs; /* places in `near`, those of one new paper together */
    rec_query *query[REC_MAX_THREADS];
    rec_ranked *ranked[REC_MAX_THREADS]; /* (ENTRANTS) each */
};

static rec_status out_of_memory(rec_error *err)
{
    return rec_fail(err, REC_ENOMEM, "out of memory adding papers");
}

/* ---- pairs --------------------------------------------------------------------------------------------------------- */

static uint32_t row_of_pair(const struct mending *m, size_t pair)
{
    return m->rows[pair / ENTRANTS];
}

/* Leaves only what lies within reach, and counts the pairs of each new paper; `starts` then holds where they end. */
static size_t count_pairs(struct mending *m)
{
    size_t total = 0;

    memset(m->starts, 0, (m->mend->new_count + 1) * sizeof(*m->starts));
    for (size_t i = 0; i < m->count; i++) {
        rec_near *near = m->near + i * ENTRANTS;
        float reach = m->mend->reaches[m->rows[i]];
        size_t kept = 0;

        for (size_t j = 0; j < m->found[i]; j++)
            if (near[j].likeness >= reach)
                near[kept++] = near[j];
        m->found[i] = kept;
        for (size_t j = 0; j < kept; j++)
            m->starts[m->turns[near[j].row]]++;
        total += kept;
    }
    for (size_t i = 1; i <= m->mend->new_count; i++)
        m->starts[i] += m->starts[i - 1];
    return total;
}

/* Sorts the block's pairs by new paper; by old ones they come. */
static rec_status sort_pairs(struct mending *m, rec_error *err)
{
    size_t total = count_pairs(m);

    rec_free(m->pairs);
    if (!(m->pairs = rec_alloc_array(total, sizeof(*m->pairs))))
        return out_of_memory(err);
    for (size_t i = m->count; i-- > 0;)
        for (size_t j = m->found[i]; j-- > 0;)
            m->pairs[--m->starts[m->turns[m->near[i * ENTRANTS + j].row]]] = (uint32_t)(i * ENTRANTS + j);
    return REC_OK;
}

/* Scores a new paper's pairs from its side, and marks those that enter no list. */
static rec_status weed(size_t task, unsigned thread, void *context, rec_error *err)
{
    struct mending *m = context;
    const struct rec_building *b = m->b;
    const uint32_t *pairs = m->pairs + m->starts[task];
    size_t count = m->starts[task + 1] - m->starts[task];
    rec_query *query = m->query[thread];
    rec_seed seed;
    rec_status rc;

    if (count == 0)
        return REC_OK;
    if ((rc = rec_rank_seed(&b->space, &b->grams, m->mend->new_rows[task], &seed, err)) != REC_OK)
        return rc;
    rec_query_set(query, &seed.view);
    for (size_t i = 0; i < count; i++) {
        uint32_t row = row_of_pair(m, pairs[i]);
        rec_packed packed;
        rec_view view;

        if ((rc = rec_grams_row(&b->grams, row, &packed, err)) != REC_OK)
            return rc;
        if (i + 1 < count)
            rec_grams_fetch(&b->grams, row_of_pair(m, pairs[i + 1]));
        view = rec_rank_view(&b->space, row, packed);
        if (rec_query_score(query, &view).total + SLACK < m->mend->leasts[row])
            m->near[pairs[i]].row = OUT;
    }
    return REC_OK;
}

/* ---- lists --------------------------------------------------------------------------------------------------------- */

/* Scores what was left to an old paper from its own side; `found` is then how many may enter its list, best first in `near`. */
static rec_status score_entrants(size_t task, unsigned thread, void *context, rec_error *err)
{
    struct mending *m = context;
    const struct rec_building *b = m->b;
    rec_near *near = m->near + task * ENTRANTS;
    rec_ranked *ranked = m->ranked[thread];
    uint32_t row = m->rows[task], candidates[ENTRANTS];
    size_t count = 0;
    rec_seed seed;
    rec_status rc;

    for (size_t i = 0; i < m->found[task]; i++)
        if (near[i].row != OUT)
            candidates[count++] = near[i].row;
    m->found[task] = 0;
    if (count == 0)
        return REC_OK;
    if ((rc = rec_rank_seed(&b->space, &b->grams, row, &seed, err)) != REC_OK)
        return rc;
    rec_query_set(m->query[thread], &seed.view);
    if ((rc = rec_rank(&b->space, &seed, &b->grams, m->query[thread], candidates, count, ranked, &count, err)) != REC_OK)
        return rc;
    for (size_t i = 0; i < count && ranked[i].parts.total >= m->mend->leasts[row]; i++)
        near[m->found[task]++] = (rec_near){ ranked[i].row, ranked[i].parts.total };
    return REC_OK;
}

static rec_status stands_before(const rec_space *space, rec_near entrant, rec_neighbour item, bool *out, rec_error *err)
{
    size_t row;
    rec_status rc;

    *out = entrant.likeness > item.score;
    if (entrant.likeness != item.score)
        return REC_OK;
    if ((rc = rec_space_row(space, item.doc, &row, err)) == REC_OK)
        *out = row == REC_NO_PAPER_ROW || space->precedence[entrant.row] < space->precedence[row];
    return rc;
}

static rec_status insert(const rec_space *space, rec_list *list, rec_near entrant, rec_error *err)
{
    size_t at = list->count;
    bool before = true;
    rec_status rc = REC_OK;

    while (at > 0 && (rc = stands_before(space, entrant, list->items[at - 1], &before, err)) == REC_OK && before)
        at--;
    if (rc != REC_OK || at == REC_LIST_LENGTH)
        return rc;
    if (list->count < REC_LIST_LENGTH)
        list->count++;
    memmove(list->items + at + 1, list->items + at, (list->count - 1 - at) * sizeof(list->items[0]));
    list->items[at] = (rec_neighbour){ space->docs[entrant.row], entrant.likeness };
    return REC_OK;
}

/* Puts the papers that may enter it into the list of the block's `i`-th row. */
static rec_status admit(const struct mending *m, size_t i, rec_error *err)
{
    struct rec_building *b = m->b;
    uint32_t doc = b->space.docs[m->rows[i]];
    rec_list list;
    rec_status rc = rec_store_get_list(b->store, doc, &list, err);

    for (size_t j = 0; j < m->found[i] && rc == REC_OK; j++)
        rc = insert(&b->space, &list, m->near[i * ENTRANTS + j], err);
    if (rc != REC_OK)
        return rc;
    b->report->lists++;
    return rec_store_put_list(b->store, doc, &list, err);
}

/* ---- all of it ----------------------------------------------------------------------------------------------------- */

static rec_status mend_block(struct mending *m, rec_error *err)
{
    struct rec_building *b = m->b;
    rec_match match = {
        .codes = b->space.dense, .factors = b->space.factors, .rows = m->rows, .count = m->count, .floors = m->mend->reaches, .k = ENTRANTS
    };
    rec_status rc = rec_panels_match(m->entrants, &match, b->threads, m->near, m->found, err);

    if (rc == REC_OK)
        rc = sort_pairs(m, err);
    if (rc == REC_OK)
        rc = rec_parallel(m->mend->new_count, b->threads, weed, m, err);
    if (rc == REC_OK)
        rc = rec_parallel(m->count, b->threads, score_entrants, m, err);
    for (size_t i = 0; i < m->count && rc == REC_OK; i++)
        if (m->found[i] > 0)
            rc = admit(m, i, err);
    rec_grams_release(&b->grams);
    return rc;
}

static rec_status mending_new(struct mending *m, rec_error *err)
{
    const rec_space *space = &m->b->space;
    rec_layout layout = { .codes = space->dense, .factors = space->factors, .count = m->mend->new_count, .dim = space->dim };
    rec_status rc;

    layout.order = m->mend->new_rows;
    m->turns = rec_alloc_array(space->count, sizeof(*m->turns));
    m->near = rec_alloc_array((size_t)BLOCK * ENTRANTS, sizeof(*m->near));
    m->found = rec_alloc_array(BLOCK, sizeof(*m->found));
    m->starts = rec_alloc_array(m->mend->new_count + 1, sizeof(*m->starts));
    if (!m->turns || !m->near || !m->found || !m->starts)
        return out_of_memory(err);
    for (size_t i = 0; i < m->mend->new_count; i++)
        m->turns[m->mend->new_rows[i]] = (uint32_t)i;
    for (unsigned i = 0; i < m->b->threads; i++) {
        if ((rc = rec_query_new(m->b->model, &m->query[i], err)) != REC_OK)
            return rc;
        if (!(m->ranked[i] = rec_alloc_array(ENTRANTS, sizeof(*m->ranked[i]))))
            return out_of_memory(err);
    }
    return rec_panels_new(&layout, m->b->threads, &m->entrants, err);
}

static void mending_free(struct mending *m)
{
    for (unsigned i = 0; i < m->b->threads; i++) {
        rec_query_free(m->query[i]);
        rec_free(m->ranked[i]);
    }
    rec_panels_free(m->entrants);
    rec_free(m->turns);
    rec_free(m->near);
    rec_free(m->found);
    rec_free(m->starts);
    rec_free(m->pairs);
    rec_free(m);
}

rec_status rec_mend_lists(struct rec_building *b, const rec_mend *mend, rec_error *err)
{
    struct mending *m = rec_alloc(sizeof(*m));
    rec_status rc;

    if (!m)
        return out_of_memory(err);
    m->b = b;
    m->mend = mend;
    rc = mending_new(m, err);
    for (size_t at = 0; at < mend->old_count && rc == REC_OK; at += BLOCK) {
        m->rows = mend->old_rows + at;
        m->count = mend->old_count - at < BLOCK ? mend->old_count - at : BLOCK;
        rc = mend_block(m, err);
        rec_progress_report(b->progress, "mending", at + m->count, mend->old_count);
    }
    mending_free(m);
    return rc;
}
