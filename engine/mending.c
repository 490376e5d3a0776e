/*
 * New papers enter old lists: see mending.h.
 *
 * Of the pairs of an old paper and a new one that lies in its list's reach, few enter a list. A score is asked from the old paper's side,
 * as every score of its list was, and setting a query for each old paper would cost more than all the scores. So all pairs are scored from
 * the new papers' side first, which are few; that differs in rounding alone, and what falls short by more than that is out.
 */
#include "mending.h"

#include "alloc.h"
#include "scorers.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK 32768 /* old papers at a time: of their n-grams 100 MB are mapped, and read once for all new papers */

/* What a score from the other side may differ by, and more: each addend is rounded to 2^-29 of a sum of at most some hundreds. */
#define SLACK 1e-3f

/* An old row, a new one that may enter its list, and, at last, its score there. */
struct entrant {
    uint32_t row, entrant;
    float score;
};

struct mending {
    struct rec_building *b;
    const rec_mend *mend;
    size_t end;               /* of the block of old rows that is weeded */
    size_t *seen;             /* (new_count) of a new paper's old rows, how many are weeded, */
    size_t *left;             /* (new_count) and how many of these are left, in front */
    struct entrant *entrants; /* (entrant_count) by old row, then by new one; of one old row best first once they are scored */
    size_t entrant_count;
    size_t *groups; /* (group_count + 1) where the entrants of an old row begin */
    size_t *found;  /* (group_count) how many of them enter */
    size_t group_count;
    rec_scorers scorers; /* with room for new_count */
};

static rec_status out_of_memory(rec_error *err)
{
    return rec_fail(err, REC_ENOMEM, "out of memory adding papers");
}

/* ---- from the new papers' side ------------------------------------------------------------------------------------- */

/* Scores a new paper against the old ones of the block that it reaches; those whose lists it surely does not enter are dropped. */
static rec_status weed(size_t task, unsigned thread, void *context, rec_error *err)
{
    struct mending *m = context;
    const struct rec_building *b = m->b;
    const rec_reached *reached = &m->mend->reached[task];
    rec_query *query = m->scorers.query[thread];
    size_t i = m->seen[task];
    rec_seed seed;
    rec_status rc;

    if (i == reached->count || reached->rows[i] >= m->end)
        return REC_OK;
    if ((rc = rec_rank_seed(&b->space, &b->grams, m->mend->new_rows[task], &seed, err)) != REC_OK)
        return rc;
    rec_query_set(query, &seed.view);
    for (; i < reached->count && reached->rows[i] < m->end; i++) {
        uint32_t row = reached->rows[i];
        rec_packed packed;
        rec_view view;

        if ((rc = rec_grams_row(&b->grams, row, &packed, err)) != REC_OK)
            return rc;
        if (i + 1 < reached->count)
            rec_grams_fetch(&b->grams, reached->rows[i + 1]);
        view = rec_rank_view(&b->space, row, packed);
        if (rec_query_score(query, &view).total + SLACK >= m->mend->leasts[row])
            reached->rows[m->left[task]++] = row;
    }
    m->seen[task] = i;
    return REC_OK;
}

static rec_status weed_all(struct mending *m, rec_error *err)
{
    size_t count = m->b->space.count;
    rec_status rc = REC_OK;

    for (m->end = 0; m->end < count && rc == REC_OK;) {
        m->end = count - m->end < BLOCK ? count : m->end + BLOCK;
        rc = rec_parallel(m->mend->new_count, m->scorers.threads, weed, m, err);
        rec_grams_release(&m->b->grams);
        rec_progress_report(m->b->progress, "mending", m->end, count);
    }
    return rc;
}

/* ---- from the old papers' side ------------------------------------------------------------------------------------- */

static int by_old_row(const void *left, const void *right)
{
    const struct entrant *a = left, *b = right;

    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    return (a->entrant > b->entrant) - (a->entrant < b->entrant);
}

/* What was left, by old row. */
static rec_status group_entrants(struct mending *m, rec_error *err)
{
    size_t total = 0, at = 0;

    for (size_t i = 0; i < m->mend->new_count; i++)
        total += m->left[i];
    m->entrants = rec_alloc_array(total, sizeof(*m->entrants));
    m->groups = rec_alloc_array(total + 1, sizeof(*m->groups));
    m->found = rec_alloc_array(total, sizeof(*m->found));
    if (!m->entrants || !m->groups || !m->found)
        return out_of_memory(err);
    for (size_t i = 0; i < m->mend->new_count; i++)
        for (size_t j = 0; j < m->left[i]; j++)
            m->entrants[at++] = (struct entrant){ m->mend->reached[i].rows[j], m->mend->new_rows[i], 0 };
    qsort(m->entrants, total, sizeof(*m->entrants), by_old_row);
    for (at = 0; at < total; at++)
        if (at == 0 || m->entrants[at].row != m->entrants[at - 1].row)
            m->groups[m->group_count++] = at;
    m->groups[m->group_count] = total;
    return REC_OK;
}

/* Scores what was left to an old paper from its own side; `found` of them enter its list, best first. */
static rec_status score_group(size_t task, unsigned thread, void *context, rec_error *err)
{
    struct mending *m = context;
    const struct rec_building *b = m->b;
    struct entrant *entrants = m->entrants + m->groups[task];
    rec_ranked *ranked = m->scorers.ranked[thread];
    uint32_t row = entrants->row, *candidates = m->scorers.candidates[thread];
    size_t count = m->groups[task + 1] - m->groups[task];
    rec_seed seed;
    rec_status rc = rec_rank_seed(&b->space, &b->grams, row, &seed, err);

    if (rc != REC_OK)
        return rc;
    for (size_t i = 0; i < count; i++)
        candidates[i] = entrants[i].entrant;
    rec_query_set(m->scorers.query[thread], &seed.view);
    if ((rc = rec_rank(&b->space, &seed, &b->grams, m->scorers.query[thread], candidates, count, ranked, &count, err)) != REC_OK)
        return rc;
    while (m->found[task] < count && ranked[m->found[task]].parts.total >= m->mend->leasts[row]) {
        const rec_ranked *next = &ranked[m->found[task]];

        entrants[m->found[task]++] = (struct entrant){ row, next->row, next->parts.total };
    }
    return REC_OK;
}

static rec_status stands_before(const rec_space *space, const struct entrant *entrant, rec_neighbour item, bool *out, rec_error *err)
{
    size_t row;
    rec_status rc;

    *out = entrant->score > item.score;
    if (entrant->score != item.score)
        return REC_OK;
    if ((rc = rec_space_row(space, item.doc, &row, err)) == REC_OK)
        *out = row == REC_NO_PAPER_ROW || space->precedence[entrant->entrant] < space->precedence[row];
    return rc;
}

static rec_status insert(const rec_space *space, rec_list *list, const struct entrant *entrant, rec_error *err)
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
    list->items[at] = (rec_neighbour){ space->docs[entrant->entrant], entrant->score };
    return REC_OK;
}

/* Puts the papers that may enter it into the list of a group's old paper. */
static rec_status admit(const struct mending *m, size_t group, rec_error *err)
{
    struct rec_building *b = m->b;
    const struct entrant *entrants = m->entrants + m->groups[group];
    uint32_t doc = b->space.docs[entrants->row];
    rec_list list;
    rec_status rc = rec_store_get_list(b->store, doc, &list, err);

    for (size_t i = 0; i < m->found[group] && rc == REC_OK; i++)
        rc = insert(&b->space, &list, &entrants[i], err);
    if (rc != REC_OK)
        return rc;
    b->report->lists++;
    return rec_store_put_list(b->store, doc, &list, err);
}

/* ---- all of it ----------------------------------------------------------------------------------------------------- */

static rec_status mending_new(struct mending *m, rec_error *err)
{
    size_t count = m->mend->new_count;

    m->seen = rec_alloc_array(count, sizeof(*m->seen));
    m->left = rec_alloc_array(count, sizeof(*m->left));
    if (!m->seen || !m->left)
        return out_of_memory(err);
    return rec_scorers_make(&m->scorers, m->b->model, m->b->threads, count, err);
}

static void mending_free(struct mending *m)
{
    rec_scorers_clear(&m->scorers);
    rec_free(m->seen);
    rec_free(m->left);
    rec_free(m->entrants);
    rec_free(m->groups);
    rec_free(m->found);
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
    if ((rc = mending_new(m, err)) == REC_OK && (rc = weed_all(m, err)) == REC_OK && (rc = group_entrants(m, err)) == REC_OK)
        rc = rec_parallel(m->group_count, m->scorers.threads, score_group, m, err);
    rec_grams_release(&b->grams);
    for (size_t i = 0; i < m->group_count && rc == REC_OK; i++)
        if (m->found[i] > 0)
            rc = admit(m, i, err);
    mending_free(m);
    return rc;
}
