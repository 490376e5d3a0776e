/*
 * The parts of a built store that a question computes with: model, index, n-grams. Loaded when first needed.
 */
#ifndef REC_LIVE_H
#define REC_LIVE_H

#include "grams.h"
#include "rank.h"
#include "rec/reason.h"
#include "rec/store.h"
#include "space.h"
#include "words.h"

typedef struct rec_live {
    rec_store *store;
    int64_t side; /* of the files that are loaded; 0: none */
    rec_model *model;
    rec_space space;
    rec_grams grams;
    rec_words words;    /* in a large store */
    rec_ngrams *ngrams; /* counts texts that are not in `grams` */
    rec_query *query;
    rec_reasoner *reasoner; /* NULL until rec_live_reasoner() */
    unsigned threads;
} rec_live;

/** Open model, index, n-grams and words as `state` names them, unless they are loaded. Returns REC_ESTALE, REC_EDAMAGED, REC_ENOMEM or
 * REC_EIO. */
REC_CHECKED rec_status rec_live_open(rec_live *live, const rec_store_state *state, rec_error *err);

/**
 * Load the model, unless it is loaded, and make the reasoner, which weighs all n-grams alike where nothing was built yet. Errors as
 * rec_live_open.
 */
REC_CHECKED rec_status rec_live_reasoner(rec_live *live, const rec_store_state *state, rec_error *err);

/** Free all of it; the live is empty again and keeps its store and threads. */
void rec_live_close(rec_live *live);

/* A seed with memory of its own behind its view, where its vectors are not stored. It must not be moved: the view points into it. */
typedef struct rec_live_seed {
    rec_seed seed;
    uint16_t *words; /* its packed row, where that is not stored */
    int8_t *codes;   /* (2, dim): dense, smooth */
    float scales[REC_BLOCKS];
    rec_facets facets; /* one row, for its authors; none where they are stored */
    bool indexed;      /* its stored vectors are current */
} rec_live_seed;

/**
 * Make the seed of a stored paper, or of `text`, of which titles, abstract and authors count, where `doc` is 0. On success the caller ends
 * with rec_live_seed_clear(). Returns REC_ENOTFOUND, REC_EDAMAGED, REC_ENOMEM or what the store reports.
 */
REC_CHECKED rec_status rec_live_make_seed(rec_live *live, rec_doc doc, const rec_text *text, rec_live_seed *out, rec_error *err);

void rec_live_seed_clear(rec_live_seed *seed);

#endif
