/*
 * A paper's text as counts of hashed n-grams: the sparse space everything else is built on.
 *
 * Two blocks of 2^16 buckets each (feature hashing: Weinberger et al., ICML 2009, without the sign, which costs quality here):
 * block W holds stemmed words and pairs of adjacent words, block C the character 3-, 4- and 5-grams inside words. English stop words
 * give nothing and part pairs. See docs/how-it-works.md.
 */
#ifndef REC_NGRAM_H
#define REC_NGRAM_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Given to the compiler in experiments alone: a table of another number of buckets is another file (docs/evaluation.md). */
#ifndef REC_BLOCK_BITS
#define REC_BLOCK_BITS 16
#endif
#define REC_BLOCK_BUCKETS (1u << REC_BLOCK_BITS)
#define REC_BLOCKS 2u
#define REC_FEATURES (REC_BLOCKS * REC_BLOCK_BUCKETS) /* W stands first, then C */

/* A change of any rule that shapes a count is a new version; it is part of every model's fingerprint. */
#define REC_NGRAM_VERSION 1u

#define REC_TF_BITS 15
#define REC_TF_MAX ((1u << REC_TF_BITS) - 1)

/* One feature and how often it occurs: feature << 15 | min(count, 32767). */
typedef uint32_t rec_count;

static inline uint32_t rec_count_feature(rec_count item)
{
    return item >> REC_TF_BITS;
}

static inline uint32_t rec_count_tf(rec_count item)
{
    return item & REC_TF_MAX;
}

/* Counts of one text, by rising feature, each feature once. Owned by whoever filled it: rec_counts_clear(). */
typedef struct rec_counts {
    rec_count *items;
    size_t length;
    size_t room;
} rec_counts;

#define REC_COUNTS_INIT                                                                                                                    \
    {                                                                                                                                      \
        NULL, 0, 0                                                                                                                         \
    }

/** Free the items; the counts are empty and usable again. */
void rec_counts_clear(rec_counts *counts);

/* A counter: holds the stemmer, scratch memory and a bounded cache of words. One thread at a time. */
typedef struct rec_ngrams rec_ngrams;

/** Make a counter. The caller ends with rec_ngrams_free(). Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_ngrams_new(rec_ngrams **out, rec_error *err);

/** Free it. NULL is allowed. */
void rec_ngrams_free(rec_ngrams *ngrams);

/**
 * Count the n-grams of a title, each twice, and an abstract, read as sentences of one text; either may be NULL. Both are valid UTF-8.
 *
 * `out` is overwritten and its memory reused; its items are not NULL, however few. The result depends on the text alone, never on what was counted before.
 * Returns REC_OK or REC_ENOMEM (then `out` is empty).
 */
REC_CHECKED rec_status rec_ngrams_count(rec_ngrams *ngrams, const char *title, const char *abstract, rec_counts *out, rec_error *err);

/* A word as training reads it: its features of block W, alone and paired with the word before it. Stop words give none. */
typedef struct rec_token {
    uint16_t word;
    uint16_t pair;
    uint16_t has; /* REC_TOKEN_... */
} rec_token;

#define REC_TOKEN_WORD 1u     /* `word` is set: its stem is longer than one character */
#define REC_TOKEN_PAIR 2u     /* `pair` is set: no stop word and no end of a sentence stands before it */
#define REC_TOKEN_SENTENCE 4u /* a sentence or clause ended since the token before it */

/* Tokens of one or more texts, in order. Owned by whoever filled it: rec_tokens_clear(). */
typedef struct rec_tokens {
    rec_token *items;
    size_t length;
    size_t room;
} rec_tokens;

#define REC_TOKENS_INIT                                                                                                                    \
    {                                                                                                                                      \
        NULL, 0, 0                                                                                                                         \
    }

/** Free the items; the tokens are empty and usable again. */
void rec_tokens_clear(rec_tokens *tokens);

/** Append at most `most` tokens of `text`, valid UTF-8 or NULL. Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_ngrams_tokens(rec_ngrams *ngrams, const char *text, size_t most, rec_tokens *out, rec_error *err);

/* A word of a text and where it stands. Stop words are among them, for a phrase may hold one. */
typedef struct rec_place {
    const char *from, *to; /* in the text; words of an unspaced script overlap */
    uint32_t stem;         /* hash of its stem: of one stem are words that count as one. Of a stop word, the word's own */
    bool stop;
    bool counts;      /* is a feature of its own: its stem is longer than one character */
    bool after_break; /* a sentence or clause ended before it, or the text begins */
} rec_place;

/* Words of one or more texts, in order. Owned by whoever filled it: rec_places_clear(). */
typedef struct rec_places {
    rec_place *items;
    size_t length;
    size_t room;
} rec_places;

#define REC_PLACES_INIT                                                                                                                    \
    {                                                                                                                                      \
        NULL, 0, 0                                                                                                                         \
    }

/** Free the items; the places are empty and usable again. */
void rec_places_clear(rec_places *places);

/** Append at most `most` words of `text`, valid UTF-8 that must outlive them, or NULL. Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_ngrams_places(rec_ngrams *ngrams, const char *text, size_t most, rec_places *out, rec_error *err);

#endif
