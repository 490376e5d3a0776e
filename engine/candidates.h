/* Which rows of the space are scored for a question: those that its papers name, all of them, or the nearest by dense vector. */
#ifndef REC_CANDIDATES_H
#define REC_CANDIDATES_H

#include "live.h"
#include "rec/recommend.h"
#include "seeds.h"

typedef struct rec_candidate_rows {
    rec_live *live;
    const rec_request *request;
    bool *passes;   /* (space.count) whether a row passes the filter; NULL: there is none, so that all do */
    uint32_t *rows; /* (count) each once */
    size_t count;
    rec_near
        *likely[2]; /* (likely_counts) rows with the total that is guessed of them, best first: of all, and of those that may be listed */
    size_t likely_counts[2];
    bool complete; /* no other row could be listed */
} rec_candidate_rows;

/**
 * Begin for a question of an open live. The caller ends with rec_candidate_rows_clear(), on failure too. Returns REC_OK, REC_ENOMEM or
 * REC_EDAMAGED.
 */
REC_CHECKED rec_status rec_candidate_rows_start(rec_candidate_rows *candidates, rec_live *live, const rec_request *request, rec_error *err);

/**
 * Find the rows to score for `seeds`: the request's own candidates, all rows where it is exact; else in a small store the `wanted` nearest
 * by dense vector, in a large one those that are guessed to score best among some times as many that have most of the seeds' words. Where
 * some papers are filtered or excluded, those of the ones that may be listed besides.
 *
 * May be called again with a greater `wanted`. Returns REC_OK, REC_ENOMEM or REC_EDAMAGED.
 */
REC_CHECKED rec_status rec_candidate_rows_find(rec_candidate_rows *candidates, const rec_seeds *seeds, size_t wanted, rec_error *err);

/**
 * Score them, best first, into `*out` (count), which the caller frees; of those with a guess no more than may be among the `first` best.
 * Returns REC_OK, REC_ENOMEM or REC_EDAMAGED.
 */
REC_CHECKED rec_status rec_candidate_rows_score(const rec_candidate_rows *candidates, const rec_seeds *seeds, size_t first,
                                                rec_ranked **out, size_t *count, rec_error *err);

void rec_candidate_rows_clear(rec_candidate_rows *candidates);

#endif
