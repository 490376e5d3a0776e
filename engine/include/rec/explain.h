/*
 * Why two papers are alike, in full: the parts of the score, the n-grams that both texts have, and whether one stands in the other's list.
 */
#ifndef REC_EXPLAIN_H
#define REC_EXPLAIN_H

#include "rec/model.h"
#include "rec/reason.h"
#include "rec/recommend.h"
#include "rec/store.h"
#include "status.h"

/* Whether the other paper stands in the seed's list, and why not. */
typedef enum rec_standing {
    REC_STANDS,         /* at `rank` */
    REC_IS_SEED,        /* it is the seed */
    REC_SAME_TITLE,     /* its normalised title is the seed's: never listed */
    REC_SAME_ABSTRACT,  /* likewise its abstract */
    REC_SAME_WORK,      /* it is a record of the seed's work */
    REC_MARKED,         /* it is withdrawn, or its work is retracted */
    REC_WITHOUT_TEXT,   /* one of both has no known n-gram, and is like nothing */
    REC_NOT_INDEXED,    /* it is not indexed yet */
    REC_BELOW_THE_LAST, /* it scores less than the last of a full list */
    REC_NOT_PROPOSED    /* it scores more, and its vector was too far from the seed's to be looked at */
} rec_standing;

/** "listed", "seed", "same_title", "same_abstract", "same_work", "marked", "without_text", "not_indexed", "below_the_last", "not_proposed".
 */
const char *rec_standing_name(rec_standing standing);

typedef struct rec_explanation {
    rec_record seed; /* with its abstract; empty where the seed is a text */
    rec_record other;
    bool seed_indexed, other_indexed; /* its own vector is stored */
    rec_parts parts;
    rec_detail detail;
    rec_band band;
    rec_standing standing;
    size_t rank;   /* in the seed's list, from 1; 0 where it is not in it */
    size_t listed; /* papers in the seed's list, REC_LIST_LENGTH at most */
    float last;    /* score of the last of them */
    rec_reason reason;
    rec_shared_list shared; /* borrows from `other` */
    rec_store_state state;
} rec_explanation;

#define REC_EXPLANATION_INIT                                                                                                               \
    {                                                                                                                                      \
        .rank = 0                                                                                                                          \
    }

/** Free what it owns and make it empty. */
void rec_explanation_clear(rec_explanation *explanation);

/**
 * Compare `other`, a stored paper, with the seed of `request`; of the request nothing but its one seed counts. The list that it is looked
 * for in is that of every record (keep_versions), without filters.
 *
 * `out` must be empty; on success the caller ends with rec_explanation_clear(). Errors as rec_recommend.
 */
REC_CHECKED rec_status rec_explain(rec_engine *engine, const rec_request *request, rec_doc other, rec_explanation *out, rec_error *err);

#endif
