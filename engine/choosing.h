/*
 * Choosing an answer from papers in order, best first: each is taken, passed over for the offset, or left out and counted. The order
 * comes from a stored list, from scored candidates or from a search; the rules are the same.
 */
#ifndef REC_CHOOSING_H
#define REC_CHOOSING_H

#include "engine.h"

/* The keys that tell a near-copy of a paper. */
struct rec_chosen_keys {
    uint64_t title, abstract;
};

typedef struct rec_choosing {
    rec_engine *engine;
    const rec_request *request;
    rec_answer *answer;
    size_t passed; /* results before the offset */
    size_t met;    /* papers met, those that were left out included */
    struct {
        size_t seen, duplicate, below_threshold;
    } early;                      /* left out at a place before the last one asked for: what a list that stays short counts */
    struct rec_chosen_keys *kept; /* (kept_count) of the results so far, those before the offset included */
    size_t kept_count;
} rec_choosing;

/** Whether a request's limit and offset are in range: REC_OK or REC_EINVAL. */
REC_CHECKED rec_status rec_choosing_check(const rec_request *request, rec_error *err);

/** Begin, or begin again, with an empty answer that keeps its state. Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_choosing_start(rec_choosing *c, rec_error *err);

/**
 * Take the next best paper into the answer, or say in the answer why not. Returns REC_OK, REC_EDAMAGED (there is no such paper) or what
 * the store reports.
 */
REC_CHECKED rec_status rec_choose(rec_choosing *c, rec_doc doc, float score, rec_band band, rec_error *err);

/** Whether the answer has all that was asked for. */
bool rec_choosing_is_full(const rec_choosing *c);

/** Whether a score or band is cut by the request's thresholds. */
bool rec_is_below(const rec_request *request, float score, rec_band band);

/** End: hand the answer over to `out` if `rc` is REC_OK, else free it. Returns `rc`. */
REC_CHECKED rec_status rec_choosing_finish(rec_choosing *c, rec_status rc, rec_answer *out);

#endif
