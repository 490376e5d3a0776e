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
    bool complete; /* no other row could be listed */
} rec_candidate_rows;

/**
 * Begin for a question of an open live. The caller ends with rec_candidate_rows_clear(), on failure too. Returns REC_OK, REC_ENOMEM or
 * REC_EDAMAGED.
 */
REC_CHECKED rec_status rec_candidate_rows_start(rec_candidate_rows *candidates, rec_live *live, const rec_request *request, rec_error *err);

/**
 * Find the rows to score for `seeds`: the request's own candidates, all rows where it is exact, else the `wanted` that are guessed to score
 * best among some times as many nearest ones; where some papers are filtered or excluded, those of the ones that may be listed besides.
 *
 * May be called again with a greater `wanted`. Returns REC_OK, REC_ENOMEM or REC_EDAMAGED.
 */
REC_CHECKED rec_status rec_candidate_rows_find(rec_candidate_rows *candidates, const rec_seeds *seeds, size_t wanted, rec_error *err);

void rec_candidate_rows_clear(rec_candidate_rows *candidates);

#endif
