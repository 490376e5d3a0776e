/*
 * N-gram counts of stored papers, counted from their text when they are first asked for and then kept: what a question needs, and what
 * adding a few papers to a large store needs.
 */
#ifndef REC_TEXTSOURCE_H
#define REC_TEXTSOURCE_H

#include "rank.h"
#include "rec/store.h"

typedef struct rec_text_source rec_text_source;

/** A source whose rows are `space`'s. Both must outlive it. The caller ends with rec_text_source_free(). Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_text_source_new(rec_store *store, const rec_space *space, rec_text_source **out, rec_error *err);

/** Free it. NULL is allowed. */
void rec_text_source_free(rec_text_source *source);

/** The source as rec_rank takes it. Several threads may ask at once; counts stay where they are until the source is freed. */
rec_counts_source rec_text_source_counts(rec_text_source *source);

/** The counter it uses, for texts that are not stored. One thread at a time. */
rec_ngrams *rec_text_source_ngrams(rec_text_source *source);

#endif
