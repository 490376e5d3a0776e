/* Which rows of the space are scored for a question. */
#ifndef REC_CANDIDATES_H
#define REC_CANDIDATES_H

#include "live.h"
#include "rec/recommend.h"

typedef struct rec_candidate_rows {
    uint32_t *rows; /* (count) each once */
    size_t count;
} rec_candidate_rows;

/**
 * The rows that `request` wants scored: those of its own candidates, every row for an exact question, else what the index proposes for
 * `vector` (dim). The caller frees `out->rows`, on failure too. Returns REC_OK, REC_ENOMEM or what loading and searching the index report.
 */
REC_CHECKED rec_status rec_candidate_rows_find(rec_live *live, const rec_store_state *state, const rec_request *request,
                                               const float *vector, rec_candidate_rows *out, rec_error *err);

#endif
