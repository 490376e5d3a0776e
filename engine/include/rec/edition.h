/*
 * Editions: headline papers, and under each the papers most like it, no paper twice.
 */
#ifndef REC_EDITION_H
#define REC_EDITION_H

#include "rec/date.h"
#include "rec/filter.h"
#include "rec/recommend.h"

#define REC_MAX_HEADLINES 1000

/* A headline as it is asked for: a stored paper, or, where `doc` is 0, one that is not stored. */
typedef struct rec_headline {
    rec_doc doc;
    const rec_paper *paper; /* borrowed; NULL where `doc` is given */
} rec_headline;

/* A headline as it stands in an edition. */
typedef struct rec_edition_item {
    rec_record record; /* with abstract and other ids; `doc` is 0 where the paper is not stored */
    rec_answer answer; /* what stands under it */
    size_t elsewhere;  /* papers that would have stood among these and stand under another headline: part of no count in `answer` */
} rec_edition_item;

typedef struct rec_edition {
    rec_edition_item *items; /* (count) in the order asked for */
    size_t count;
    rec_store_state state; /* of the store that it was made from */
} rec_edition;

#define REC_EDITION_INIT                                                                                                                   \
    {                                                                                                                                      \
        .items = NULL                                                                                                                      \
    }

void rec_edition_clear(rec_edition *edition);

/**
 * Compose an edition. `options` says what each headline's list may hold (its seed is not looked at); `limit` is the papers
 * under each.
 *
 * Headlines that are the same work as an earlier one are left out. No paper, and unless options->keep_versions no work, is suggested
 * twice, and none that is a headline. Where two headlines want a paper, it goes to the one that it is more like (equal scores: the
 * earlier), and the other takes its next best: no headline and paper that are not together would both rather be (Gale and Shapley, 1962).
 *
 * `out` must be empty; on success the caller ends with rec_edition_clear(). Returns REC_EINVAL (limit or number of headlines out of
 * range) and what rec_recommend returns.
 */
REC_CHECKED rec_status rec_edition_compose(rec_engine *engine, const rec_headline *headlines, size_t count, const rec_request *options,
                                           rec_edition *out, rec_error *err);

/**
 * Choose up to `limit` headlines among the papers dated `day` whose categories pass `filter` (its window is not looked at; NULL takes
 * all), of one work one. Papers with votes (`upvotes`) come first, by falling votes;
 * where there are fewer, the rest is chosen by place: greedily so that each paper of the day has one among them that it is as like as
 * may be (the facility location problem; the greedy choice comes within 1 - 1/e of the best: Nemhauser, Wolsey and Fisher, 1978).
 * Likeness is the cosine of the papers' vectors, above twice the mean of the day's pairs; ties go by id. So the first is the day's most central paper, and each next the
 * most central one of what is not covered yet.
 *
 * `out` has room for `limit`. `*by_votes` says how many were chosen by votes. Returns REC_OK, or what store and model report.
 */
REC_CHECKED rec_status rec_headlines_of_day(rec_engine *engine, const rec_date *day, const rec_filter *filter, size_t limit, rec_doc *out,
                                            size_t *count, size_t *by_votes, rec_error *err);

#endif
