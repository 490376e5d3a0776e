/* Rows to score: see candidates.h. */
#include "candidates.h"

#include "alloc.h"
#include "choosing.h"
#include "lists.h"
#include "nearest.h"
#include "overlap.h"
#include "row_filter.h"
#include "scan.h"

#include <stdlib.h>

static void clear_rows(rec_candidate_rows *c)
{
    rec_free(c->rows);
    rec_free(c->likely[0]);
    rec_free(c->likely[1]);
    c->rows = NULL;
    c->likely[0] = c->likely[1] = NULL;
    c->count = c->likely_counts[0] = c->likely_counts[1] = 0;
}

void rec_candidate_rows_clear(rec_candidate_rows *candidates)
{
    rec_free(candidates->passes);
    clear_rows(candidates);
    *candidates = (rec_candidate_rows){ .rows = NULL };
}

static rec_status out_of_memory(rec_error *err)
{
    return rec_fail(err, REC_ENOMEM, "out of memory for a question");
}

rec_status rec_candidate_rows_start(rec_candidate_rows *candidates, rec_live *live, const rec_request *request, rec_error *err)
{
    *candidates = (rec_candidate_rows){ .live = live, .request = request };
    if (rec_filter_is_open(&request->filter))
        return REC_OK;
    if (!(candidates->passes = rec_alloc_array(live->space.count, sizeof(*candidates->passes))))
        return out_of_memory(err);
    return rec_filter_rows(&request->filter, &live->space, candidates->passes, err);
}

/* ---- rows ---------------------------------------------------------------------------------------------------------- */

static int by_row(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

    return (a > b) - (a < b);
}

static void sort_once_each(rec_candidate_rows *c)
{
    size_t distinct = 0;

    qsort(c->rows, c->count, sizeof(*c->rows), by_row);
    for (size_t i = 0; i < c->count; i++)
        if (i == 0 || c->rows[i] != c->rows[i - 1])
            c->rows[distinct++] = c->rows[i];
    c->count = distinct;
}

static void take_all(rec_candidate_rows *c)
{
    for (c->count = 0; c->count < c->live->space.count; c->count++)
        c->rows[c->count] = (uint32_t)c->count;
}

static rec_status take_given(rec_candidate_rows *c, rec_error *err)
{
    for (size_t i = 0; i < c->request->candidate_count; i++) {
        size_t row;
        rec_status rc = rec_space_row(&c->live->space, c->request->candidates[i], &row, err);

        if (rc != REC_OK)
            return rc;
        if (row != REC_NO_PAPER_ROW)
            c->rows[c->count++] = (uint32_t)row;
    }
    sort_once_each(c);
    return REC_OK;
}

#define FARTHER 2 /* times as far as a build looks for one list: a text may be of a field that the store hardly has */

/*
 * The best guessed of the nearest rows of those that `may_list` marks, of all where it is NULL. `*complete`: there are no others.
 */
static rec_status add_nearest(rec_candidate_rows *c, const rec_seeds *seeds, const bool *may_list, size_t wanted, bool *complete,
                              rec_error *err)
{
    rec_live *live = c->live;
    size_t farther = rec_model_is_small(live->model) ? wanted : FARTHER * wanted;
    size_t asked = rec_nearest_for(live->model, farther, live->space.count), found;
    rec_near *near = rec_alloc_array(asked, sizeof(*near));
    rec_status rc;

    if (!near)
        return out_of_memory(err);
    rc = rec_scan_nearest(&live->space, seeds->vector, may_list, asked, near, &found, err);
    if (rc == REC_OK)
        rc = rec_rank_narrow_for_all(&live->space, seeds->seeds, seeds->count, &live->grams, live->query, near, found, wanted, err);
    *complete = rc == REC_OK && found < wanted;
    for (size_t i = 0; rc == REC_OK && i < found && i < wanted; i++)
        c->rows[c->count++] = near[i].row;
    rec_free(near);
    return rc;
}

/* ---- by words ------------------------------------------------------------------------------------------------------ */

#define OVERLAPPING 10 /* rows that have most of the words for each that is wanted: of these the vectors are compared, */
#define LIKELY 5       /* and of so many for each, at most, the n-grams */
#define WHOLE_ROW 2.5f /* part S over what the chosen words add to it, in a guess */

static int best_guess_first(const void *left, const void *right)
{
    const rec_near *a = left, *b = right;

    return rec_near_before(*a, *b) ? -1 : rec_near_before(*b, *a);
}

/* From what words add to part S to the total that is guessed, for those of a wish that are worth scoring. */
static rec_status guess(rec_candidate_rows *c, const rec_seeds *seeds, size_t at, size_t found, size_t wanted, rec_error *err)
{
    const rec_query *query = c->live->query;
    rec_near *near = c->likely[at];
    rec_status rc;

    for (size_t i = 0; i < found; i++)
        near[i].likeness *= WHOLE_ROW * rec_query_sparse_share(query);
    rc = rec_scan_add_cosines(&c->live->space, seeds->vector, rec_query_dense_share(query), near, found, err);
    if (rc != REC_OK)
        return rc;
    c->likely_counts[at] = found < LIKELY * wanted ? found : LIKELY * wanted;
    if (found > c->likely_counts[at])
        rec_nearest_select(near, found, c->likely_counts[at]);
    qsort(near, c->likely_counts[at], sizeof(*near), best_guess_first);
    return REC_OK;
}

/* Where hardly a paper has a word of the seeds, the nearest by vector are taken besides. */
static rec_status take_by_words(rec_candidate_rows *c, const rec_seeds *seeds, const bool *may_list, size_t wanted, rec_error *err)
{
    rec_live *live = c->live;
    rec_overlap_wish wishes[REC_OVERLAP_WISHES];
    size_t count = may_list ? 2 : 1;
    rec_status rc;

    for (size_t i = 0; i < count; i++) {
        if (!(c->likely[i] = rec_alloc_array(2 * OVERLAPPING * wanted, sizeof(*c->likely[i]))))
            return out_of_memory(err);
        wishes[i] = (rec_overlap_wish){ .may_find = i ? may_list : NULL, .keep = OVERLAPPING * wanted, .near = c->likely[i] };
    }
    rc = rec_overlap_find(&live->words, seeds->seeds, seeds->count, live->query, wishes, count, err);
    for (size_t i = 0; i < count && rc == REC_OK; i++) {
        rc = guess(c, seeds, i, wishes[i].found, wanted, err);
        if (rc == REC_OK && wishes[i].found < wanted)
            rc = add_nearest(c, seeds, wishes[i].may_find, wanted, &c->complete, err);
    }
    c->complete &= may_list != NULL; /* rows without a vector are no neighbours */
    sort_once_each(c);
    return rc;
}

/* ---- all of them --------------------------------------------------------------------------------------------------- */

/* Marks the rows that pass the filter and are not excluded, where papers are. The caller frees `*out`. */
static rec_status mark_listed(const rec_candidate_rows *c, bool **out, rec_error *err)
{
    const rec_space *space = &c->live->space;
    bool *may_list;
    rec_status rc;

    if (!(may_list = rec_alloc_array(space->count, sizeof(*may_list))))
        return out_of_memory(err);
    rc = rec_space_touch_part(space, space->docs, space->count * sizeof(*space->docs), err);
    for (size_t row = 0; rc == REC_OK && row < space->count; row++)
        may_list[row] = (!c->passes || c->passes[row]) && !rec_request_excludes(c->request, space->docs[row]);
    *out = may_list;
    return rc;
}

static rec_status take_nearest(rec_candidate_rows *c, const rec_seeds *seeds, const bool *may_list, size_t wanted, rec_error *err)
{
    rec_status rc = add_nearest(c, seeds, NULL, wanted, &c->complete, err);

    c->complete = false; /* rows without a vector are no neighbours */
    if (rc == REC_OK && may_list) {
        rc = add_nearest(c, seeds, may_list, wanted, &c->complete, err);
        sort_once_each(c);
    }
    return rc;
}

static rec_status take_likely(rec_candidate_rows *c, const rec_seeds *seeds, size_t wanted, rec_error *err)
{
    const bool *may_list = c->passes; /* NULL: all */
    bool *marked = NULL;
    rec_status rc = REC_OK;

    if (c->request->exclude_count > 0 || c->request->exclude_set) {
        rc = mark_listed(c, &marked, err);
        may_list = marked;
    }
    if (rc == REC_OK && rec_words_are_open(&c->live->words))
        rc = take_by_words(c, seeds, may_list, wanted, err);
    else if (rc == REC_OK)
        rc = take_nearest(c, seeds, may_list, wanted, err);
    rec_free(marked);
    return rc;
}

rec_status rec_candidate_rows_find(rec_candidate_rows *candidates, const rec_seeds *seeds, size_t wanted, rec_error *err)
{
    const rec_request *request = candidates->request;
    size_t all = candidates->live->space.count;
    bool every = request->exact || wanted >= all;

    clear_rows(candidates);
    candidates->complete = request->only_candidates || every;
    candidates->rows = rec_alloc_array(request->only_candidates ? request->candidate_count
                                       : every                  ? all
                                                                : 2 * wanted,
                                       sizeof(*candidates->rows));
    if (!candidates->rows)
        return out_of_memory(err);
    if (request->only_candidates)
        return take_given(candidates, err);
    if (!every)
        return take_likely(candidates, seeds, wanted, err);
    take_all(candidates);
    return REC_OK;
}

rec_status rec_candidate_rows_score(const rec_candidate_rows *candidates, const rec_seeds *seeds, size_t first, rec_ranked **out,
                                    size_t *count, rec_error *err)
{
    rec_live *live = candidates->live;
    const size_t *likely = candidates->likely_counts;
    rec_ranked *ranked = rec_alloc_array(candidates->count + likely[0] + likely[1], sizeof(*ranked));
    size_t all = 0, found;
    rec_status rc;

    if (!ranked)
        return out_of_memory(err);
    rc = rec_rank_for_all(&live->space, seeds->seeds, seeds->count, &live->grams, live->query, candidates->rows, candidates->count, ranked,
                          &all, err);
    for (size_t i = 0; i < 2 && rc == REC_OK; i++, all += found) {
        rc = rec_rank_likely(&live->space, seeds->seeds, seeds->count, &live->grams, live->query, candidates->likely[i], likely[i], first,
                             ranked + all, &found, err);
        if (rc != REC_OK)
            break;
    }
    if (rc != REC_OK) {
        rec_free(ranked);
        return rc;
    }
    *count = likely[0] + likely[1] > 0 ? rec_rank_merge(ranked, all) : all;
    *out = ranked;
    return REC_OK;
}
