/* What each of several threads ranks papers with. */
#ifndef REC_SCORERS_H
#define REC_SCORERS_H

#include "parallel.h"
#include "rank.h"

/* Zeroed to begin with. */
typedef struct rec_scorers {
    unsigned threads;
    rec_query *query[REC_MAX_THREADS];
    rec_ranked *ranked[REC_MAX_THREADS];   /* (room) each */
    uint32_t *candidates[REC_MAX_THREADS]; /* (room) each */
} rec_scorers;

/**
 * Make them for `threads`, or the nearest number from 1 to REC_MAX_THREADS, with room for so many candidates each. `model` is borrowed.
 * Clear them with rec_scorers_clear(), after a failure too. Returns REC_OK or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_scorers_make(rec_scorers *scorers, const rec_model *model, unsigned threads, size_t room, rec_error *err);

void rec_scorers_clear(rec_scorers *scorers);

#endif
