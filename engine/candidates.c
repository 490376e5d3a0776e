/* Rows to score: see candidates.h. */
#include "candidates.h"

#include "alloc.h"
#include "lists.h"

#include <stdlib.h>

static rec_status all_rows(const rec_live *live, rec_candidate_rows *out, rec_error *err)
{
    out->rows = rec_alloc_array(live->space.count, sizeof(*out->rows));
    if (!out->rows)
        return rec_fail(err, REC_ENOMEM, "out of memory for a question");
    for (out->count = 0; out->count < live->space.count; out->count++)
        out->rows[out->count] = (uint32_t)out->count;
    return REC_OK;
}

static int by_row(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

    return (a > b) - (a < b);
}

/* A paper that is named twice is ranked once. */
static rec_status given_rows(const rec_live *live, const rec_request *request, rec_candidate_rows *out, rec_error *err)
{
    size_t distinct = 0;

    out->rows = rec_alloc_array(request->candidate_count, sizeof(*out->rows));
    if (!out->rows)
        return rec_fail(err, REC_ENOMEM, "out of memory for a question");
    for (size_t i = 0; i < request->candidate_count; i++) {
        size_t row = rec_space_row(&live->space, request->candidates[i]);
        if (row != REC_NO_PAPER_ROW)
            out->rows[out->count++] = (uint32_t)row;
    }
    qsort(out->rows, out->count, sizeof(*out->rows), by_row);
    for (size_t i = 0; i < out->count; i++)
        if (i == 0 || out->rows[i] != out->rows[i - 1])
            out->rows[distinct++] = out->rows[i];
    out->count = distinct;
    return REC_OK;
}

static rec_status proposed_rows(rec_live *live, const rec_request *request, const float *vector, rec_candidate_rows *out, rec_error *err)
{
    size_t wanted = rec_candidates(live->space.count), asked = 2 * (request->limit + request->offset + request->exclude_count);
    rec_near *near;
    rec_status rc;

    if (wanted < asked)
        wanted = asked;
    if (wanted > REC_INDEX_MAX_K)
        wanted = REC_INDEX_MAX_K;
    if (wanted == 0)
        return REC_OK;
    near = rec_alloc_array(wanted, sizeof(*near));
    out->rows = rec_alloc_array(wanted, sizeof(*out->rows));
    if (near && out->rows)
        rc = rec_index_search(live->index, vector, 1, wanted, live->threads, near, &out->count, err);
    else
        rc = rec_fail(err, REC_ENOMEM, "out of memory for a question");
    for (size_t i = 0; rc == REC_OK && i < out->count; i++)
        out->rows[i] = near[i].row;
    rec_free(near);
    return rc;
}

rec_status rec_candidate_rows_find(rec_live *live, const rec_store_state *state, const rec_request *request, const float *vector,
                                   rec_candidate_rows *out, rec_error *err)
{
    rec_status rc;

    if (request->only_candidates)
        return given_rows(live, request, out, err);
    if (request->exact)
        return all_rows(live, out, err);
    if ((rc = rec_live_index(live, state, err)) != REC_OK)
        return rc;
    return proposed_rows(live, request, vector, out, err);
}
