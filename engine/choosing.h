/*
 * Choosing an answer from papers in order, best first: each is taken, passed over for the offset, or left out and counted. The order
 * comes from a stored list, from scored candidates or from a search; the rules are the same.
 */
#ifndef REC_CHOOSING_H
#define REC_CHOOSING_H

#include "engine.h"
#include "rec/idlist.h"

/* A paper that may be taken. */
typedef struct rec_proposal {
    rec_doc doc;
    float score;
    rec_band band;
    enum { REC_FILTER_UNASKED, REC_FILTER_PASSED, REC_FILTER_FAILED } filter; /* unasked: its record tells */
} rec_proposal;

/* Papers left out, by the reason. */
typedef struct rec_left_out {
    size_t seen, filtered, below_threshold, duplicate;
} rec_left_out;

/* A result, listed or passed over for the offset, as later ones are held against it. */
struct rec_chosen {
    rec_doc met; /* the paper that was proposed: another record of its work may be shown */
    uint64_t title_key, abstract_key;
    rec_doc work;
    rec_left_out before; /* what was left out before it */
};

typedef struct rec_choosing {
    rec_engine *engine;
    const rec_request *request;
    rec_answer *answer;
    size_t pass_over; /* results that are not listed */
    size_t places;    /* results that are */
    size_t met;       /* papers met, those that were left out included */
    rec_left_out left_out;
    rec_left_out early;        /* of them, at a place before the last one asked for: what a list that stays short counts */
    struct rec_chosen *chosen; /* (chosen_count) */
    size_t chosen_count;
    size_t last_shown;  /* the worst of them that is listed */
    rec_id_list copies; /* papers whose text is nearly that of a chosen one */
} rec_choosing;

/** Whether a request's limit, offset and diversity are in range: REC_OK or REC_EINVAL. */
REC_CHECKED rec_status rec_choosing_check(const rec_request *request, rec_error *err);

/** Begin, or begin again, with an empty answer that keeps its state; a diverse one takes all that it chooses among. Returns REC_OK or
 * REC_ENOMEM. */
REC_CHECKED rec_status rec_choosing_start(rec_choosing *c, rec_error *err);

/**
 * Take the next best paper into the answer, or count why not. Returns REC_OK, REC_EDAMAGED (there is no such paper) or what the store
 * reports.
 */
REC_CHECKED rec_status rec_choose(rec_choosing *c, const rec_proposal *proposal, rec_error *err);

/** Keep those results that `order` (count) names, from the request's offset on and in that order. Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_choosing_reorder(rec_choosing *c, const size_t *order, size_t count, rec_error *err);

/** Whether the answer has all that it can take. */
bool rec_choosing_is_full(const rec_choosing *c);

/** Whether it has all that was asked for: a diverse one may take more than that, to choose among them. */
bool rec_choosing_has_enough(const rec_choosing *c);

/** Whether the request excludes a paper. */
bool rec_request_excludes(const rec_request *request, rec_doc doc);

/** Whether a score or band is cut by the request's thresholds. */
bool rec_is_below(const rec_request *request, float score, rec_band band);

/** End: hand the answer over to `out` if `rc` is REC_OK, else free it. Returns `rc`. */
REC_CHECKED rec_status rec_choosing_finish(rec_choosing *c, rec_status rc, rec_answer *out);

#endif
