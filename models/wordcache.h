/*
 * What each word gives to the n-grams, kept: stemming and hashing a word costs about a microsecond, and a few thousand words make up most
 * of any corpus. The cache is emptied when it is full; it changes the speed and never the result.
 */
#ifndef REC_WORDCACHE_H
#define REC_WORDCACHE_H

#include "rec/fold.h"
#include "status.h"

#include <stdbool.h>
#include <stdint.h>

/* What one word contributes. */
typedef struct rec_word_parts {
    uint32_t stem_hash;
    uint32_t first_gram; /* in the cache's grams */
    uint16_t gram_count; /* buckets of block C, one for each occurrence of a character gram in the word */
    bool stop;           /* a stop word: it gives nothing and parts pairs */
    bool unigram;        /* its stem is longer than one character */
} rec_word_parts;

typedef struct rec_wordcache rec_wordcache;

/** Make an empty cache. The caller ends with rec_wordcache_free(). Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_wordcache_new(rec_wordcache **out, rec_error *err);

/** Free it. NULL is allowed. */
void rec_wordcache_free(rec_wordcache *cache);

/** What a word gives, from the cache or found out now; valid until the next call. NULL when the stemmer is out of memory. */
const rec_word_parts *rec_wordcache_get(rec_wordcache *cache, const rec_word *word);

/** The grams that rec_word_parts point into; valid until the next rec_wordcache_get(). */
const uint16_t *rec_wordcache_grams(const rec_wordcache *cache);

#endif
