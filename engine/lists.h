/*
 * Neighbour lists of many papers at once: the index proposes candidates in batches, our own arithmetic scores them.
 */
#ifndef REC_LISTS_H
#define REC_LISTS_H

#include "rank.h"
#include "rec/index.h"
#include "rec/progress.h"
#include "rec/store.h"

/*
 * Candidates that are scored for a list: at 21,000 papers the nearest 200 by dense vector hold all of the final ten (docs/evaluation.md). A
 * store of up to REC_SCORE_ALL papers is scored whole.
 */
#define REC_CANDIDATES 200
#define REC_SCORE_ALL 512

/* What a list is made from. All borrowed. */
typedef struct rec_list_maker {
    const rec_model *model;
    const rec_space *space;
    const rec_index *index;   /* over the dense vectors */
    rec_counts_source source; /* rows are the space's; must be safe to call from several threads */
    unsigned threads;
    const rec_progress *progress;
} rec_list_maker;

/** Takes a finished list of a row; called in the order of `rows`, from the calling thread. */
typedef rec_status (*rec_list_sink)(size_t row, const rec_list *list, void *context, rec_error *err);

/** Make the lists of `rows` (count) and hand each to `sink`. Returns REC_OK or the first failure. */
REC_CHECKED rec_status rec_lists_make(const rec_list_maker *maker, const uint32_t *rows, size_t count, rec_list_sink sink, void *context,
                                      rec_error *err);

/** How many candidates a store of `count` papers is asked for. */
size_t rec_candidates(size_t count);

#endif
