/* Rows to score: see candidates.h. */
#include "candidates.h"

#include "alloc.h"
#include "choosing.h"
#include "rec/vector.h"

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

/* ---- the filter ---------------------------------------------------------------------------------------------------- */

static rec_status filter_paper(const rec_text *text, void *context, rec_error *err)
{
    rec_candidate_rows *c = context;
    const rec_filter *filter = &c->request->filter;
    size_t row = rec_space_row(&c->live->space, text->doc);

    (void)err;
    if (row != REC_NO_PAPER_ROW)
        c->passes[row] = rec_filter_takes_date(filter, (int32_t)text->date, (int32_t)text->last_day) &&
                         rec_filter_takes_categories(filter, text->categories);
    return REC_OK;
}

rec_status rec_candidate_rows_start(rec_candidate_rows *candidates, rec_live *live, const rec_request *request, rec_error *err)
{
    *candidates = (rec_candidate_rows){ .live = live, .request = request };
    if (rec_filter_is_open(&request->filter))
        return REC_OK;
    if (!(candidates->passes = rec_alloc_array(live->space.count, sizeof(*candidates->passes))))
        return out_of_memory(err);
    return rec_store_scan(live->store, false, filter_paper, candidates, err);
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

static void take_given(rec_candidate_rows *c)
{
    for (size_t i = 0; i < c->request->candidate_count; i++) {
        size_t row = rec_space_row(&c->live->space, c->request->candidates[i]);

        if (row != REC_NO_PAPER_ROW)
            c->rows[c->count++] = (uint32_t)row;
    }
    sort_once_each(c);
}

static rec_status add_nearest(rec_candidate_rows *c, const float *vector, size_t wanted, rec_error *err)
{
    rec_near *near = rec_alloc_array(wanted, sizeof(*near));
    size_t found = 0;
    rec_status rc;

    if (!near)
        return out_of_memory(err);
    rc = rec_index_search(c->live->index, vector, 1, wanted, c->live->threads, near, &found, err);
    for (size_t i = 0; rc == REC_OK && i < found; i++)
        c->rows[c->count++] = near[i].row;
    rec_free(near);
    return rc;
}

static int nearer_first(const void *left, const void *right)
{
    const rec_near *a = left, *b = right;

    if (a->likeness != b->likeness)
        return a->likeness > b->likeness ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

/* The index knows no papers that it must pass over: of those that may be listed, each is compared here. */
static rec_status add_nearest_listed(rec_candidate_rows *c, const float *vector, size_t wanted, rec_error *err)
{
    const rec_space *space = &c->live->space;
    rec_near *near = rec_alloc_array(space->count, sizeof(*near));
    size_t found = 0;

    if (!near)
        return out_of_memory(err);
    for (size_t row = 0; row < space->count; row++)
        if ((!c->passes || c->passes[row]) && !rec_request_excludes(c->request, space->docs[row]))
            near[found++] = (rec_near){ (uint32_t)row, rec_dot(vector, space->dense + row * space->dim, space->dim) };
    qsort(near, found, sizeof(*near), nearer_first);
    for (size_t i = 0; i < found && i < wanted; i++)
        c->rows[c->count++] = near[i].row;
    c->complete = found <= wanted;
    rec_free(near);
    return REC_OK;
}

static rec_status take_nearest(rec_candidate_rows *c, const float *vector, size_t wanted, rec_error *err)
{
    bool some_are_left_out = c->passes || c->request->exclude_count > 0 || c->request->exclude_set;
    rec_status rc = add_nearest(c, vector, wanted, err);

    c->complete = false;
    if (rc == REC_OK && some_are_left_out) {
        rc = add_nearest_listed(c, vector, wanted, err);
        sort_once_each(c);
    }
    return rc;
}

rec_status rec_candidate_rows_find(rec_candidate_rows *candidates, const rec_store_state *state, const float *vector, size_t wanted,
                                   rec_error *err)
{
    const rec_request *request = candidates->request;
    size_t all = candidates->live->space.count;
    bool every = request->exact || wanted >= all || wanted > REC_INDEX_MAX_K;
    rec_status rc;

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
        take_given(candidates);
    else if (every)
        take_all(candidates);
    else if ((rc = rec_live_index(candidates->live, state, err)) != REC_OK ||
             (rc = take_nearest(candidates, vector, wanted, err)) != REC_OK)
        return rc;
    return REC_OK;
}
