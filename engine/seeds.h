/*
 * What an answer is to be like: a paper or a text, further papers that are liked, and papers that are not.
 *
 * A paper's score is the mean of its likenesses to the liked seeds, less REC_UNLIKE of the mean to the unliked ones. The mean is CombSUM
 * (Fox and Shaw, TREC-2, 1994) over the seeds; a likeness being, but for the authors, a sum of inner products, it is Rocchio's vector
 * (1971): the mean of the liked rows less a share of the mean of the unliked ones, compared with a paper in one product. That vector's
 * dense part proposes candidates.
 */
#ifndef REC_SEEDS_H
#define REC_SEEDS_H

#include "live.h"
#include "rec/recommend.h"

typedef struct rec_seeds {
    rec_live_seed *items; /* (count) the seed that was asked for, the liked ones, the unliked ones */
    rec_seed *seeds;      /* (count) what rec_rank wants of them, weighted */
    size_t count;
    int8_t *sum;     /* (dim) behind `vector`, where there are several */
    rec_code vector; /* the weighted sum of the dense vectors, unit length; the first seed's where they cancel out */
} rec_seeds;

/** Whether a request's seeds can be used: REC_OK, or REC_EINVAL where there are too many or one is liked and unliked. */
REC_CHECKED rec_status rec_seeds_check(const rec_request *request, rec_error *err);

/** Make the seed that a request asks for, alone. On success the caller ends with rec_live_seed_clear(). Errors as rec_recommend. */
REC_CHECKED rec_status rec_seeds_make_first(rec_live *live, const rec_request *request, rec_live_seed *out, rec_error *err);

/** Make the seeds of a request; each counts once. On success the caller ends with rec_seeds_clear(). Errors as rec_recommend. */
REC_CHECKED rec_status rec_seeds_make(rec_live *live, const rec_request *request, rec_seeds *out, rec_error *err);

void rec_seeds_clear(rec_seeds *seeds);

#endif
