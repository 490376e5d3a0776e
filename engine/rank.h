/*
 * Putting candidate papers in order for one paper: the fused score, the papers that never stand in a list, and the rule for ties. Used
 * alike when lists are built and when a question is answered, so that both give the same numbers.
 */
#ifndef REC_RANK_H
#define REC_RANK_H

#include "grams.h"
#include "rec/index.h"
#include "rec/model.h"
#include "space.h"
#include "status.h"

/* A paper that others are ranked for. */
typedef struct rec_seed {
    rec_view view;
    float weight; /* what a likeness to it counts: 1 for a seed alone */
    size_t row;   /* its own row, REC_NO_PAPER_ROW where it is not indexed */
    uint64_t title_key;
    uint64_t abstract_key;
} rec_seed;

typedef struct rec_ranked {
    uint32_t row;
    uint32_t precedence; /* the row's: decides between equal totals */
    rec_parts parts;
} rec_ranked;

/**
 * Score the papers in `rows` (count) for `seeds` (seed_count) and sort them best first: by total, then by precedence. Each part of a score
 * is the sum of that part over the seeds, weighted. Left out are the seeds, papers whose title or abstract equals a seed's, and papers
 * without a vector; seeds of which none with a positive weight has a vector have no list. `out` has room for `count`; `*found` says how
 * many it holds. `query` is left set to one of the seeds. Returns REC_OK or REC_EDAMAGED.
 */
REC_CHECKED rec_status rec_rank_for_all(const rec_space *space, const rec_seed *seeds, size_t seed_count, const rec_grams *grams,
                                        rec_query *query, const uint32_t *rows, size_t count, rec_ranked *out, size_t *found,
                                        rec_error *err);

/**
 * The same for those of `near` (count) that are likely to be among the `first` best of them: `near` has the guessed total of each in the
 * place of its likeness, best first. They are scored in that order until the guess of the next one, and by how much guesses have been too
 * low so far, leave no hope. `out` has room for `count`.
 */
REC_CHECKED rec_status rec_rank_likely(const rec_space *space, const rec_seed *seeds, size_t seed_count, const rec_grams *grams,
                                       rec_query *query, const rec_near *near, size_t count, size_t first, rec_ranked *out, size_t *found,
                                       rec_error *err);

/** Put what was ranked (count), in several calls and each with the same seeds, in one order, a row once. Returns how many are left. */
size_t rec_rank_merge(rec_ranked *ranked, size_t count);

/** rec_rank_for_all() for one seed, whose weight is 1 and which `query` was set to. */
REC_CHECKED rec_status rec_rank(const rec_space *space, const rec_seed *seed, const rec_grams *grams, const rec_query *query,
                                const uint32_t *rows, size_t count, rec_ranked *out, size_t *found, rec_error *err);

/**
 * Of the papers in `near` (count), whose likeness is that of their dense vectors to the seeds together, put the `keep` first that are
 * guessed to score best (rec_query_guess), in no order; of equal guesses those of lower rows. Their likeness is lost. `query` is left set
 * to one of the seeds. Returns REC_OK or REC_EDAMAGED.
 */
REC_CHECKED rec_status rec_rank_narrow_for_all(const rec_space *space, const rec_seed *seeds, size_t seed_count, const rec_grams *grams,
                                               rec_query *query, rec_near *near, size_t count, size_t keep, rec_error *err);

/** The same for one seed, whose weight is 1 and which `query` was set to. */
REC_CHECKED rec_status rec_rank_narrow(const rec_space *space, const rec_grams *grams, const rec_query *query, rec_near *near, size_t count,
                                       size_t keep, rec_error *err);

/** The view of a row, which was touched. */
rec_view rec_rank_view(const rec_space *space, size_t row, rec_packed packed);

/** The seed that a row is, alone. Returns REC_OK or REC_EDAMAGED. */
REC_CHECKED rec_status rec_rank_seed(const rec_space *space, const rec_grams *grams, size_t row, rec_seed *out, rec_error *err);

/** Whether `row`, which was touched, may stand in the seed's list. */
bool rec_rank_may_list(const rec_space *space, const rec_seed *seed, size_t row);

#endif
