/*
 * Reading a text word by word, and finding the n-grams that two texts share.
 */
#ifndef REC_SHARED_H
#define REC_SHARED_H

#include "rec/reason.h"

/* A text as reasons see it. */
typedef struct rec_reading {
    rec_prose prose;
    rec_places places; /* the title's, then the abstract's */
    size_t in_title;   /* places of the title */
    rec_counts counts;
    float scales[REC_BLOCKS]; /* of rec_model_block_scales; 1 without a model */
} rec_reading;

void rec_reading_clear(rec_reading *reading);

/** Read `prose`, which must outlive the reading. `out` is overwritten and its memory reused. Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_read_prose(rec_ngrams *ngrams, const rec_model *model, const rec_prose *prose, rec_reading *out, rec_error *err);

/** Whether place `i` follows the one before it in one clause. */
static inline bool rec_follows(const rec_places *places, size_t i)
{
    return i > 0 && !places->items[i].after_break;
}

/* What a text holds, for looking up: sorted, each once. */
typedef struct rec_holdings {
    uint64_t *words;   /* stems of words that are features */
    uint64_t *pairs;   /* of words that stand side by side, stop words included: rec_pair_key */
    uint64_t *triples; /* rec_triple_key */
    size_t word_count, pair_count, triple_count;
} rec_holdings;

void rec_holdings_clear(rec_holdings *holdings);

/** List what a reading holds; `out` is overwritten. Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_hold(const rec_reading *reading, rec_holdings *out, rec_error *err);

/** Whether the words at place `i`, at `i` and the one before it, at `i` and the two before it stand in the text that `holdings` is of. */
bool rec_holds_word(const rec_holdings *holdings, const rec_places *places, size_t i);
bool rec_holds_pair(const rec_holdings *holdings, const rec_places *places, size_t i);
bool rec_holds_triple(const rec_holdings *holdings, const rec_places *places, size_t i);

#define REC_NO_SHARED SIZE_MAX

/* The n-grams that two readings share, and which of them stand at each place of the other. */
typedef struct rec_sharing {
    rec_shared *items; /* (count) by bucket, then stems */
    size_t count;
    size_t *word_at; /* (places of the other) the item that the word is, REC_NO_SHARED where it is none */
    size_t *pair_at; /* (places) likewise of the pair that ends there */
} rec_sharing;

void rec_sharing_clear(rec_sharing *sharing);

/** Compare. `idf` is (REC_FEATURES), or NULL where all weigh 1. `out` is overwritten. Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_share(const rec_reading *seed, const rec_holdings *held, const rec_reading *other, const float *idf,
                                 rec_sharing *out, rec_error *err);

#endif
