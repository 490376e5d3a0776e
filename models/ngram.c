/*
 * Words to hashed n-gram counts: see ngram.h. A feature is counted in place, in an array of all of them, and noted when it is first seen:
 * what is left to sort are the distinct ones.
 */
#include "rec/ngram.h"

#include "alloc.h"
#include "rec/fold.h"
#include "hash.h"
#include "settings.h"
#include "wordcache.h"

#include <stdbool.h>
#include <string.h>

/* One block's counts. */
struct tally {
    uint16_t *counts; /* (REC_BLOCK_BUCKETS) all zero between two texts */
    uint16_t *seen;   /* (REC_BLOCK_BUCKETS) buckets whose count is not zero, in the order they came */
    size_t length;    /* of `seen` */
};

struct rec_ngrams {
    rec_wordcache *words;
    struct tally tallies[REC_BLOCKS];
    uint16_t *scratch; /* (REC_BLOCK_BUCKETS) */
};

void rec_counts_clear(rec_counts *counts)
{
    rec_free(counts->items);
    *counts = (rec_counts)REC_COUNTS_INIT;
}

void rec_ngrams_free(rec_ngrams *ngrams)
{
    if (!ngrams)
        return;
    rec_wordcache_free(ngrams->words);
    for (unsigned b = 0; b < REC_BLOCKS; b++) {
        rec_free(ngrams->tallies[b].counts);
        rec_free(ngrams->tallies[b].seen);
    }
    rec_free(ngrams->scratch);
    rec_free(ngrams);
}

static rec_status out_of_memory(rec_error *err)
{
    return rec_fail(err, REC_ENOMEM, "out of memory for n-grams");
}

static bool tally_new(struct tally *tally)
{
    tally->counts = rec_alloc_array(REC_BLOCK_BUCKETS, sizeof(*tally->counts));
    /* One more: whether a bucket is new is found out after it was written behind the last one. */
    tally->seen = rec_alloc_array(REC_BLOCK_BUCKETS + 1, sizeof(*tally->seen));
    return tally->counts && tally->seen;
}

rec_status rec_ngrams_new(rec_ngrams **out, rec_error *err)
{
    rec_ngrams *ngrams = rec_alloc(sizeof(*ngrams));
    rec_status rc = ngrams ? rec_wordcache_new(&ngrams->words, err) : out_of_memory(err);

    for (unsigned b = 0; b < REC_BLOCKS && rc == REC_OK; b++)
        rc = tally_new(&ngrams->tallies[b]) ? REC_OK : out_of_memory(err);
    if (rc == REC_OK && !(ngrams->scratch = rec_alloc_array(REC_BLOCK_BUCKETS, sizeof(*ngrams->scratch))))
        rc = out_of_memory(err);
    if (rc == REC_OK)
        *out = ngrams;
    else
        rec_ngrams_free(ngrams);
    return rc;
}

/* ---- counting ------------------------------------------------------------------------------------------------------ */

/* Without a branch: whether a feature was seen before is as good as random. */
static inline void add(struct tally *tally, uint16_t bucket, uint32_t times)
{
    uint32_t before = tally->counts[bucket], after = before + times;

    tally->seen[tally->length] = bucket;
    tally->length += before == 0;
    tally->counts[bucket] = (uint16_t)(after < REC_TF_MAX ? after : REC_TF_MAX);
}

/* Adds every n-gram of `text`, each `times` times; false when memory is out. */
static bool add_text(rec_ngrams *ngrams, const char *text, uint32_t times)
{
    struct tally w = ngrams->tallies[0], c = ngrams->tallies[1];
    rec_words words;
    rec_word word;
    uint32_t before = 0; /* stem hash of the word before */
    bool adjacent = false, whole = true;

    rec_words_start(&words, text, strlen(text));
    while (rec_words_next(&words, &word)) {
        const rec_word_parts *parts = rec_wordcache_get(ngrams->words, &word);
        const uint16_t *grams;

        if (!parts) {
            whole = false;
            break;
        }
        if (parts->stop) {
            adjacent = false;
            continue;
        }
        if (parts->unigram)
            add(&w, (uint16_t)rec_word_bucket(parts->stem_hash), times);
        if (REC_WORD_PAIRS && adjacent && !word.after_break)
            add(&w, (uint16_t)rec_pair_bucket(before, parts->stem_hash), times);
        grams = rec_wordcache_grams(ngrams->words) + parts->first_gram;
        for (uint32_t i = 0; i < parts->gram_count; i++)
            add(&c, grams[i], times);
        before = parts->stem_hash;
        adjacent = true;
    }
    ngrams->tallies[0] = w;
    ngrams->tallies[1] = c;
    return whole;
}

/* Sorts 16-bit numbers by two stable counting passes over their bytes. */
static void sort_buckets(uint16_t *buckets, size_t length, uint16_t *scratch)
{
    uint32_t low[256] = { 0 }, high[256] = { 0 }, low_sum = 0, high_sum = 0;

    for (size_t i = 0; i < length; i++) {
        low[buckets[i] & 255]++;
        high[buckets[i] >> 8]++;
    }
    for (unsigned b = 0; b < 256; b++) {
        uint32_t n = low[b], m = high[b];

        low[b] = low_sum;
        high[b] = high_sum;
        low_sum += n;
        high_sum += m;
    }
    for (size_t i = 0; i < length; i++)
        scratch[low[buckets[i] & 255]++] = buckets[i];
    for (size_t i = 0; i < length; i++)
        buckets[high[scratch[i] >> 8]++] = scratch[i];
}

static void forget(struct tally *tally)
{
    for (size_t i = 0; i < tally->length; i++)
        tally->counts[tally->seen[i]] = 0;
    tally->length = 0;
}

static bool reserve(rec_counts *out, size_t length)
{
    size_t room = length + length / 2 + 1; /* at least one: whoever reads no items may point at them */
    rec_count *items;

    if (length < out->room)
        return true;
    items = rec_resize_array(out->items, room, sizeof(*items));
    if (!items)
        return false;
    out->items = items;
    out->room = room;
    return true;
}

/* Appends a block's counts by rising feature; there is room. */
static void give(struct tally *tally, uint32_t first_feature, uint16_t *scratch, rec_counts *out)
{
    sort_buckets(tally->seen, tally->length, scratch);
    for (size_t i = 0; i < tally->length; i++)
        out->items[out->length++] = (first_feature + tally->seen[i]) << REC_TF_BITS | tally->counts[tally->seen[i]];
}

rec_status rec_ngrams_count(rec_ngrams *ngrams, const char *title, const char *abstract, rec_counts *out, rec_error *err)
{
    struct tally *tallies = ngrams->tallies;
    rec_status rc = REC_OK;

    out->length = 0;
    if ((title && !add_text(ngrams, title, REC_TITLE_TIMES)) || (abstract && !add_text(ngrams, abstract, 1)) ||
        !reserve(out, tallies[0].length + tallies[1].length))
        rc = out_of_memory(err);
    for (unsigned b = 0; b < REC_BLOCKS; b++) {
        if (rc == REC_OK)
            give(&tallies[b], b * REC_BLOCK_BUCKETS, ngrams->scratch, out);
        forget(&tallies[b]);
    }
    return rc;
}

/* ---- tokens -------------------------------------------------------------------------------------------------------- */

void rec_tokens_clear(rec_tokens *tokens)
{
    rec_free(tokens->items);
    *tokens = (rec_tokens)REC_TOKENS_INIT;
}

static bool append_token(rec_tokens *tokens, rec_token token)
{
    if (tokens->length == tokens->room) {
        size_t room = tokens->room ? 2 * tokens->room : 1024;
        rec_token *items = rec_resize_array(tokens->items, room, sizeof(*items));

        if (!items)
            return false;
        tokens->items = items;
        tokens->room = room;
    }
    tokens->items[tokens->length++] = token;
    return true;
}

rec_status rec_ngrams_tokens(rec_ngrams *ngrams, const char *text, size_t most, rec_tokens *out, rec_error *err)
{
    size_t end = out->length + most;
    rec_words words;
    rec_word word;
    uint32_t before = 0;
    bool adjacent = false, after_break = true;

    rec_words_start(&words, text ? text : "", text ? strlen(text) : 0);
    while (out->length < end && rec_words_next(&words, &word)) {
        const rec_word_parts *parts = rec_wordcache_get(ngrams->words, &word);
        rec_token token = { 0, 0, 0 };

        if (!parts)
            return out_of_memory(err);
        after_break |= word.after_break;
        if (parts->stop) {
            adjacent = false;
            continue;
        }
        if (parts->unigram) {
            token.word = (uint16_t)rec_word_bucket(parts->stem_hash);
            token.has |= REC_TOKEN_WORD;
        }
        if (adjacent && !after_break) {
            token.pair = (uint16_t)rec_pair_bucket(before, parts->stem_hash);
            token.has |= REC_TOKEN_PAIR;
        }
        if (after_break)
            token.has |= REC_TOKEN_SENTENCE;
        if (!append_token(out, token))
            return out_of_memory(err);
        before = parts->stem_hash;
        adjacent = true;
        after_break = false;
    }
    return REC_OK;
}

/* ---- places -------------------------------------------------------------------------------------------------------- */

void rec_places_clear(rec_places *places)
{
    rec_free(places->items);
    *places = (rec_places)REC_PLACES_INIT;
}

static bool append_place(rec_places *places, rec_place place)
{
    if (places->length == places->room) {
        size_t room = places->room ? 2 * places->room : 512;
        rec_place *items = rec_resize_array(places->items, room, sizeof(*items));

        if (!items)
            return false;
        places->items = items;
        places->room = room;
    }
    places->items[places->length++] = place;
    return true;
}

rec_status rec_ngrams_places(rec_ngrams *ngrams, const char *text, size_t most, rec_places *out, rec_error *err)
{
    size_t end = out->length + most;
    rec_words words;
    rec_word word;
    bool first = true;

    rec_words_start(&words, text ? text : "", text ? strlen(text) : 0);
    while (out->length < end && rec_words_next(&words, &word)) {
        const rec_word_parts *parts = rec_wordcache_get(ngrams->words, &word);
        rec_place place = { .from = word.from, .to = word.to };

        if (!parts)
            return out_of_memory(err);
        place.stop = parts->stop;
        place.counts = !parts->stop && parts->unigram;
        place.after_break = first || word.after_break;
        place.stem = parts->stop ? rec_fnv1a(REC_FNV_BASIS, word.text, word.length) : parts->stem_hash;
        if (!append_place(out, place))
            return out_of_memory(err);
        first = false;
    }
    return REC_OK;
}
