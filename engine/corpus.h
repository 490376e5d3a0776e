/*
 * All papers of a store as n-gram counts, in memory: what a model is fitted on and lists are made from. About 4 bytes an n-gram, 2 kB a
 * paper; with tokens, which the table is trained on, 1 kB more.
 */
#ifndef REC_CORPUS_H
#define REC_CORPUS_H

#include "rank.h"
#include "rec/model.h"
#include "rec/progress.h"
#include "rec/store.h"

typedef struct rec_corpus {
    size_t count;
    uint32_t *docs;          /* (count) rising */
    uint64_t *title_keys;    /* (count) */
    uint64_t *abstract_keys; /* (count) */
    bool *indexed;           /* (count) had a neighbour list when it was read */
    uint64_t *offsets;       /* (count + 1) */
    rec_count *items;
    rec_tokens tokens;       /* where they were asked for: each paper's title, then its abstract */
    uint64_t *token_offsets; /* (2 * count + 1) */
    uint32_t *authors;       /* (count) where they were asked for, else NULL: papers of one first author have one number; 0: not known */
    rec_facets facets;       /* a row each */
    size_t room, items_room;
} rec_corpus;

#define REC_CORPUS_INIT                                                                                                                    \
    {                                                                                                                                      \
        .count = 0                                                                                                                         \
    }

/* What of the papers is read. */
#define REC_CORPUS_PENDING 1u /* those without a list alone */
#define REC_CORPUS_TOKENS 2u  /* tokens as well */
#define REC_CORPUS_AUTHORS 4u /* numbers of first authors as well; names are one where rec_text_key says so */

/**
 * Read every paper of the store and count its n-grams on `threads` threads. On success the caller ends with rec_corpus_clear(). Returns
 * REC_OK, REC_ENOMEM or what the store reports.
 */
REC_CHECKED rec_status rec_corpus_load(rec_store *store, unsigned what, unsigned threads, const rec_progress *progress, rec_corpus *out,
                                       rec_error *err);

void rec_corpus_clear(rec_corpus *corpus);

/** Its rows, and its texts, as a model wants them. Borrowed. */
rec_rows rec_corpus_rows(const rec_corpus *corpus);
rec_training rec_corpus_texts(const rec_corpus *corpus);

/** Fill `row` of `space` from paper `i`: its number, keys, scales and dense vector; not its facets. */
void rec_corpus_embed(const rec_corpus *corpus, size_t i, const rec_model *model, rec_space *space, size_t row);

/** A source of counts whose rows are the corpus's. */
rec_counts_source rec_corpus_source(const rec_corpus *corpus);

#endif
