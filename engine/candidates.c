/* Rows to score: see candidates.h. */
#include "candidates.h"

#include "alloc.h"
#include "choosing.h"
#include "lists.h"
#include "row_filter.h"
#include "scan.h"

#include <stdlib.h>

void rec_candidate_rows_clear(rec_candidate_rows *candidates)
{
    rec_free(candidates->passes);
    rec_free(candidates->rows);
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

/* Those that pass the filter and are not excluded. */
static rec_status add_nearest_listed(rec_candidate_rows *c, const rec_seeds *seeds, size_t wanted, rec_error *err)
{
    const rec_space *space = &c->live->space;
    bool *may_list = rec_alloc_array(space->count, sizeof(*may_list));
    rec_status rc;

    if (!may_list)
        return out_of_memory(err);
    rc = rec_space_touch_part(space, space->docs, space->count * sizeof(*space->docs), err);
    for (size_t row = 0; rc == REC_OK && row < space->count; row++)
        may_list[row] = (!c->passes || c->passes[row]) && !rec_request_excludes(c->request, space->docs[row]);
    if (rc == REC_OK)
        rc = add_nearest(c, seeds, may_list, wanted, &c->complete, err);
    rec_free(may_list);
    return rc;
}

static rec_status take_nearest(rec_candidate_rows *c, const rec_seeds *seeds, size_t wanted, rec_error *err)
{
    bool some_are_left_out = c->passes || c->request->exclude_count > 0 || c->request->exclude_set;
    rec_status rc = add_nearest(c, seeds, NULL, wanted, &c->complete, err);

    c->complete = false; /* rows without a vector are no neighbours */
    if (rc == REC_OK && some_are_left_out) {
        rc = add_nearest_listed(c, seeds, wanted, err);
        sort_once_each(c);
    }
    return rc;
}

rec_status rec_candidate_rows_find(rec_candidate_rows *candidates, const rec_seeds *seeds, size_t wanted, rec_error *err)
{
    const rec_request *request = candidates->request;
    size_t all = candidates->live->space.count;
    bool every = request->exact || wanted >= all;

    rec_free(candidates->rows);
    candidates->count = 0;
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
        return take_nearest(candidates, seeds, wanted, err);
    take_all(candidates);
    return REC_OK;
}
