/*
 * A store's papers, read once: their texts are counted as they stream by, and the packed counts go to a file. What stays in memory is small
 * for each paper: numbers, keys, facets; document frequencies; and the tokens of as many texts as training reads.
 */
#ifndef REC_CORPUS_H
#define REC_CORPUS_H

#include "facets.h"
#include "grams.h"
#include "rec/model.h"
#include "rec/progress.h"
#include "rec/store.h"
#include "rec/table.h"

typedef struct rec_corpus {
    size_t count;
    uint32_t *docs;          /* (count) rising */
    uint64_t *title_keys;    /* (count) */
    uint64_t *abstract_keys; /* (count) */
    rec_gram_place *places;  /* (count) of the packed rows, where they were written */
    rec_facets facets;       /* a row each */
    uint64_t with_text;      /* papers with n-grams */
    uint32_t *papers_with;   /* (REC_FEATURES) how many of them have each */
    rec_tokens tokens;       /* of the texts that were asked for: each paper's title, then its abstract */
    uint64_t *token_offsets; /* (2 * texts + 1) */
    size_t texts;
    uint32_t *authors; /* (count) where they were asked for, else NULL: papers of one first author have one number; 0: not known */
    size_t room;
} rec_corpus;

#define REC_CORPUS_INIT                                                                                                                    \
    {                                                                                                                                      \
        .count = 0                                                                                                                         \
    }

/* What is read of the papers. */
typedef struct rec_corpus_wishes {
    bool pending;           /* papers without a neighbour list alone */
    bool authors;           /* numbers of first authors as well; names are one where rec_text_key says so */
    size_t texts;           /* tokens of at most this many papers, drawn evenly with a fixed seed; SIZE_MAX: of all */
    rec_grams_writer *rows; /* takes the packed rows; NULL: they are not kept */
} rec_corpus_wishes;

/**
 * Read the store's papers and count their n-grams on `threads` threads. On success the caller ends with rec_corpus_clear(). Returns REC_OK,
 * REC_ENOMEM, REC_EIO or what the store reports.
 */
REC_CHECKED rec_status rec_corpus_load(rec_store *store, const rec_corpus_wishes *wishes, unsigned threads, const rec_progress *progress,
                                       rec_corpus *out, rec_error *err);

void rec_corpus_clear(rec_corpus *corpus);

/** Its texts as training wants them, and the authors of all its papers as a model does. Borrowed. */
rec_training rec_corpus_texts(const rec_corpus *corpus);
rec_authors rec_corpus_authors(const rec_corpus *corpus);

#endif
