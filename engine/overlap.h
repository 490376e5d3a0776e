/*
 * The rows that have most of a text's words, by weight: candidates of a large store, found in lists of rows (words.h) without reading
 * anything of the papers. What block W adds to part S is added up row by row, in integers, for the weightiest words of the text.
 */
#ifndef REC_OVERLAP_H
#define REC_OVERLAP_H

#include "rank.h"
#include "words.h"

#define REC_OVERLAP_WISHES 2

/* Of what rows some are wanted, and those that were found. */
typedef struct rec_overlap_wish {
    const bool *may_find; /* (words->count) NULL: all */
    size_t keep;          /* rows that are wanted, at least 1 */
    rec_near *near;       /* (2 * keep) the caller's; `found` of them, in no order: about what block W adds to part S, above 0 */
    size_t found;
} rec_overlap_wish;

/**
 * For each of `wishes` (wish_count, at most REC_OVERLAP_WISHES) the `keep` rows that may be found whose overlap with `seeds` (seed_count),
 * weighted, is greatest; equal ones: the lower rows. Fewer where no other row has a word of theirs. `query` is left set to one of the
 * seeds. Returns REC_OK, REC_ENOMEM or REC_EDAMAGED.
 */
REC_CHECKED rec_status rec_overlap_find(const rec_words *words, const rec_seed *seeds, size_t seed_count, rec_query *query,
                                        rec_overlap_wish *wishes, size_t wish_count, rec_error *err);

#endif
