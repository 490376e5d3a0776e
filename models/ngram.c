/*
 * Words to hashed n-gram counts: see ngram.h.
 *
 * Stemming and hashing a word costs about a microsecond, and a few thousand words make up most of any corpus, so what a
 * word gives is kept in a cache: one unigram hash and a list of character-gram buckets. The cache is emptied when it is
 * full; it changes the speed and never the result.
 */
#include "rec/ngram.h"

#include "alloc.h"
#include "fold.h"
#include "hash.h"
#include "stopwords.h"

#include <libstemmer.h>
#include <stdbool.h>
#include <string.h>

#define CACHE_SLOTS 65536u /* a power of two */
#define CACHE_WORDS (CACHE_SLOTS / 2)
#define ARENA_GRAMS (1u << 20)
#define GRAM_MIN 3
#define GRAM_MAX 5
#define MAX_GRAMS (3 * (REC_WORD_CHARS + 2)) /* character grams of one word, at most */

/* What one word contributes. */
struct entry {
    uint64_t key; /* hash of the word's bytes, 0 in an empty slot */
    char text[REC_WORD_BYTES];
    uint8_t length;
    bool stop;
    bool unigram; /* its stem is longer than one character */
    uint32_t stem_hash;
    uint32_t first_gram; /* in the arena */
    uint32_t gram_count;
};

struct occurrences {
    uint32_t *features;
    size_t length, room;
};

struct rec_ngrams {
    struct sb_stemmer *stemmer;
    struct entry *slots; /* (CACHE_SLOTS), open addressing */
    size_t words;
    uint16_t *arena; /* (ARENA_GRAMS) buckets of block C */
    size_t arena_used;
    struct occurrences seen, scratch;
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
    sb_stemmer_delete(ngrams->stemmer);
    rec_free(ngrams->slots);
    rec_free(ngrams->arena);
    rec_free(ngrams->seen.features);
    rec_free(ngrams->scratch.features);
    rec_free(ngrams);
}

rec_status rec_ngrams_new(rec_ngrams **out, rec_error *err)
{
    rec_ngrams *ngrams = rec_alloc(sizeof(*ngrams));

    if (ngrams) {
        ngrams->stemmer = sb_stemmer_new("english", "UTF_8");
        ngrams->slots = rec_alloc_array(CACHE_SLOTS, sizeof(*ngrams->slots));
        ngrams->arena = rec_alloc_array(ARENA_GRAMS, sizeof(*ngrams->arena));
    }
    if (!ngrams || !ngrams->stemmer || !ngrams->slots || !ngrams->arena) {
        rec_ngrams_free(ngrams);
        return rec_fail(err, REC_ENOMEM, "out of memory for n-grams");
    }
    *out = ngrams;
    return REC_OK;
}

static size_t character_length(char lead)
{
    unsigned char c = (unsigned char)lead;

    return c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
}

/* Buckets of the character 3- to 5-grams of '<' + word + '>', appended at `out`; returns how many. */
static uint32_t character_grams(const rec_word *word, uint16_t *out)
{
    char framed[REC_WORD_BYTES + 2];
    size_t starts[REC_WORD_CHARS + 3]; /* byte offset of each character, and the end */
    size_t characters = 0, length = word->length + 2;
    uint32_t n = 0;

    framed[0] = '<';
    memcpy(framed + 1, word->text, word->length);
    framed[length - 1] = '>';
    for (size_t at = 0; at < length; at += character_length(framed[at]))
        starts[characters++] = at;
    starts[characters] = length;
    for (uint32_t size = GRAM_MIN; size <= GRAM_MAX; size++)
        for (size_t i = 0; i + size <= characters; i++) {
            uint32_t hash = rec_fnv1a(0x9747B28Cu + size, framed + starts[i], starts[i + size] - starts[i]);
            out[n++] = (uint16_t)(rec_mix32(hash) >> 16);
        }
    return n;
}

static bool longer_than_one_character(const char *text, size_t length)
{
    return length > character_length(text[0]);
}

/* Fills `entry` for a word that is not in the cache. The stemmer allocates; where that fails the word is its own stem's absence: an error.
 */
static bool analyse(rec_ngrams *ngrams, const rec_word *word, struct entry *entry)
{
    const sb_symbol *stem;
    size_t stem_length;

    memcpy(entry->text, word->text, word->length);
    entry->length = (uint8_t)word->length;
    entry->first_gram = (uint32_t)ngrams->arena_used;
    entry->gram_count = 0;
    entry->stop = rec_is_stop_word(word->text, word->length);
    if (entry->stop)
        return true;
    stem = sb_stemmer_stem(ngrams->stemmer, (const sb_symbol *)word->text, (int)word->length);
    if (!stem)
        return false;
    stem_length = (size_t)sb_stemmer_length(ngrams->stemmer);
    entry->unigram = stem_length > 0 && longer_than_one_character((const char *)stem, stem_length);
    entry->stem_hash = rec_fnv1a(REC_FNV_BASIS, (const char *)stem, stem_length);
    entry->gram_count = character_grams(word, ngrams->arena + ngrams->arena_used);
    ngrams->arena_used += entry->gram_count;
    return true;
}

static uint64_t word_key(const rec_word *word)
{
    uint64_t h = 0xCBF29CE484222325ULL; /* FNV-1a, 64 bits */

    for (size_t i = 0; i < word->length; i++)
        h = (h ^ (uint8_t)word->text[i]) * 0x100000001B3ULL;
    h ^= h >> 32;
    return h ? h : 1;
}

static void empty_cache(rec_ngrams *ngrams)
{
    for (size_t i = 0; i < CACHE_SLOTS; i++)
        ngrams->slots[i].key = 0;
    ngrams->words = ngrams->arena_used = 0;
}

/* The word's entry, from the cache or made now; NULL when the stemmer is out of memory. */
static const struct entry *look_up(rec_ngrams *ngrams, const rec_word *word)
{
    uint64_t key = word_key(word);
    size_t slot = key & (CACHE_SLOTS - 1);
    struct entry *entry;

    for (; (entry = &ngrams->slots[slot])->key; slot = (slot + 1) & (CACHE_SLOTS - 1))
        if (entry->key == key && entry->length == word->length && memcmp(entry->text, word->text, word->length) == 0)
            return entry;
    if (ngrams->words == CACHE_WORDS || ngrams->arena_used + MAX_GRAMS > ARENA_GRAMS) {
        empty_cache(ngrams);
        entry = &ngrams->slots[key & (CACHE_SLOTS - 1)];
    }
    if (!analyse(ngrams, word, entry))
        return NULL;
    entry->key = key;
    ngrams->words++;
    return entry;
}

static bool reserve(struct occurrences *list, size_t extra)
{
    size_t want = list->length + extra, room = list->room ? list->room : 4096;
    uint32_t *features;

    if (want <= list->room)
        return true;
    while (room < want)
        room *= 2;
    features = rec_resize_array(list->features, room, sizeof(*features));
    if (!features)
        return false;
    list->features = features;
    list->room = room;
    return true;
}

/* Adds every n-gram of `text`; false when memory is out. */
static bool add_text(rec_ngrams *ngrams, const char *text)
{
    struct occurrences *seen = &ngrams->seen;
    rec_words words;
    rec_word word;
    uint32_t before = 0; /* stem hash of the word before */
    bool adjacent = false;

    rec_words_start(&words, text, strlen(text));
    while (rec_words_next(&words, &word)) {
        const struct entry *entry = look_up(ngrams, &word);

        if (!entry || !reserve(seen, MAX_GRAMS + 2))
            return false;
        if (entry->stop) {
            adjacent = false;
            continue;
        }
        if (entry->unigram)
            seen->features[seen->length++] = rec_word_bucket(entry->stem_hash);
        if (adjacent && !word.after_break)
            seen->features[seen->length++] = rec_pair_bucket(before, entry->stem_hash);
        for (uint32_t i = 0; i < entry->gram_count; i++)
            seen->features[seen->length++] = REC_BLOCK_BUCKETS + ngrams->arena[entry->first_gram + i];
        before = entry->stem_hash;
        adjacent = true;
    }
    return true;
}

/* Sorts the features, which have 17 bits, by two stable counting passes of 9 and 8 bits. */
static void sort_features(struct occurrences *list, uint32_t *scratch)
{
    static const struct {
        unsigned shift, buckets;
    } passes[2] = { { 0, 512 }, { 9, 256 } };
    uint32_t *from = list->features, *to = scratch;

    for (int p = 0; p < 2; p++) {
        size_t at[512] = { 0 }, sum = 0;
        unsigned shift = passes[p].shift, mask = passes[p].buckets - 1;
        uint32_t *swap = from;

        for (size_t i = 0; i < list->length; i++)
            at[from[i] >> shift & mask]++;
        for (unsigned b = 0; b <= mask; b++) {
            size_t n = at[b];
            at[b] = sum;
            sum += n;
        }
        for (size_t i = 0; i < list->length; i++)
            to[at[from[i] >> shift & mask]++] = from[i];
        from = to;
        to = swap;
    }
}

/* Sorted occurrences to counts; false when memory is out. */
static bool collapse(const struct occurrences *list, rec_counts *out)
{
    out->length = 0;
    for (size_t i = 0, next; i < list->length; i = next) {
        uint32_t feature = list->features[i];

        for (next = i + 1; next < list->length && list->features[next] == feature; next++)
            ;
        if (out->length == out->room) {
            size_t room = out->room ? out->room * 2 : 1024;
            rec_count *items = rec_resize_array(out->items, room, sizeof(*items));
            if (!items)
                return false;
            out->items = items;
            out->room = room;
        }
        out->items[out->length++] = feature << REC_TF_BITS | (uint32_t)(next - i < REC_TF_MAX ? next - i : REC_TF_MAX);
    }
    return true;
}

rec_status rec_ngrams_count(rec_ngrams *ngrams, const char *title, const char *abstract, rec_counts *out, rec_error *err)
{
    /* A title says in ten words what the abstract says in two hundred: it counts twice (docs/evaluation.md has what that is worth). */
    const char *parts[] = { title, title, abstract };

    ngrams->seen.length = ngrams->scratch.length = 0;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        if (parts[i] && !add_text(ngrams, parts[i]))
            goto out_of_memory;
    if (!reserve(&ngrams->scratch, ngrams->seen.length))
        goto out_of_memory;
    sort_features(&ngrams->seen, ngrams->scratch.features);
    if (collapse(&ngrams->seen, out))
        return REC_OK;

out_of_memory:
    out->length = 0;
    return rec_fail(err, REC_ENOMEM, "out of memory for n-grams");
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
        const struct entry *entry = look_up(ngrams, &word);
        rec_token token = { 0, 0, 0 };

        if (!entry)
            return rec_fail(err, REC_ENOMEM, "out of memory for n-grams");
        after_break |= word.after_break;
        if (entry->stop) {
            adjacent = false;
            continue;
        }
        if (entry->unigram) {
            token.word = (uint16_t)rec_word_bucket(entry->stem_hash);
            token.has |= REC_TOKEN_WORD;
        }
        if (adjacent && !after_break) {
            token.pair = (uint16_t)rec_pair_bucket(before, entry->stem_hash);
            token.has |= REC_TOKEN_PAIR;
        }
        if (after_break)
            token.has |= REC_TOKEN_SENTENCE;
        if (!append_token(out, token))
            return rec_fail(err, REC_ENOMEM, "out of memory for n-grams");
        before = entry->stem_hash;
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
        const struct entry *entry = look_up(ngrams, &word);
        rec_place place = { .from = word.from, .to = word.to };

        if (!entry)
            return rec_fail(err, REC_ENOMEM, "out of memory for n-grams");
        place.stop = entry->stop;
        place.counts = !entry->stop && entry->unigram;
        place.after_break = first || word.after_break;
        place.stem = entry->stop ? rec_fnv1a(REC_FNV_BASIS, word.text, word.length) : entry->stem_hash;
        if (!append_place(out, place))
            return rec_fail(err, REC_ENOMEM, "out of memory for n-grams");
        first = false;
    }
    return REC_OK;
}
