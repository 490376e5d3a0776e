/*
 * All papers of a store as n-gram counts, in memory: what a model is fitted on and lists are made from. About 4 bytes an n-gram, 2 kB a paper.
 */
#ifndef REC_CORPUS_H
#define REC_CORPUS_H

#include "rank.h"
#include "rec/model.h"
#include "rec/progress.h"
#include "rec/store.h"

typedef struct rec_corpus {
    size_t count;
    uint32_t *docs;            /* (count) rising */
    uint64_t *title_keys;      /* (count) */
    uint64_t *abstract_keys;   /* (count) */
    bool *indexed;             /* (count) had a neighbour list when it was read */
    uint64_t *offsets;         /* (count + 1) */
    rec_count *items;
    size_t room, items_room;
} rec_corpus;

#define REC_CORPUS_INIT { .count = 0 }

/**
 * Read every paper of the store (`pending_only`: those without a list) and count its n-grams on `threads` threads. On success the caller ends with
 * rec_corpus_clear(). Returns REC_OK, REC_ENOMEM or what the store reports.
 */
REC_CHECKED rec_status rec_corpus_load(rec_store *store, bool pending_only, unsigned threads, const rec_progress *progress, rec_corpus *out,
                                       rec_error *err);

void rec_corpus_clear(rec_corpus *corpus);

/** Its rows as a model wants them. Borrowed. */
rec_rows rec_corpus_rows(const rec_corpus *corpus);

/** A source of counts whose rows are the corpus's. */
rec_counts_source rec_corpus_source(const rec_corpus *corpus);

#endif
