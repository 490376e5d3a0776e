/* A cache of words: see wordcache.h. */
#include "wordcache.h"

#include "alloc.h"
#include "hash.h"
#include "stopwords.h"

#include <libstemmer.h>
#include <string.h>

#define SLOTS 65536u /* a power of two */
#define MOST_WORDS (SLOTS / 2)
#define GRAM_ROOM (1u << 20)
#define REST_ROOM (1u << 20)
#define GRAM_MIN 3
#define GRAM_MAX 5
#define MAX_GRAMS (3 * (REC_WORD_CHARS + 2)) /* character grams of one word, at most */
#define HEAD 16                              /* bytes of a word that stand in its slot */

struct slot {
    uint64_t head[HEAD / 8]; /* the word's first bytes, zeros behind a shorter one */
    uint32_t rest;           /* where the others stand in `rests` */
    uint8_t length;          /* bytes of the word; 0: the slot is empty */
    rec_word_parts parts;
};

struct rec_wordcache {
    struct sb_stemmer *stemmer;
    struct slot *slots; /* (SLOTS), open addressing */
    size_t words;
    uint16_t *grams; /* (GRAM_ROOM) */
    size_t grams_used;
    char *rests; /* (REST_ROOM) */
    size_t rests_used;
};

void rec_wordcache_free(rec_wordcache *cache)
{
    if (!cache)
        return;
    sb_stemmer_delete(cache->stemmer);
    rec_free(cache->slots);
    rec_free(cache->grams);
    rec_free(cache->rests);
    rec_free(cache);
}

rec_status rec_wordcache_new(rec_wordcache **out, rec_error *err)
{
    rec_wordcache *cache = rec_alloc(sizeof(*cache));

    if (cache) {
        cache->stemmer = sb_stemmer_new("english", "UTF_8");
        cache->slots = rec_alloc_array(SLOTS, sizeof(*cache->slots));
        cache->grams = rec_alloc_array(GRAM_ROOM, sizeof(*cache->grams));
        cache->rests = rec_alloc_array(REST_ROOM, 1);
    }
    if (!cache || !cache->stemmer || !cache->slots || !cache->grams || !cache->rests) {
        rec_wordcache_free(cache);
        return rec_fail(err, REC_ENOMEM, "out of memory for n-grams");
    }
    *out = cache;
    return REC_OK;
}

const uint16_t *rec_wordcache_grams(const rec_wordcache *cache)
{
    return cache->grams;
}

/* ---- what a word gives --------------------------------------------------------------------------------------------- */

static size_t character_length(char lead)
{
    unsigned char c = (unsigned char)lead;

    return c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
}

/* Buckets of the character 3- to 5-grams of '<' + word + '>', appended at `out`; returns how many. */
static uint16_t character_grams(const rec_word *word, uint16_t *out)
{
    char framed[REC_WORD_BYTES + 2];
    size_t starts[REC_WORD_CHARS + 3]; /* byte offset of each character, and the end */
    size_t characters = 0, length = word->length + 2;
    uint16_t n = 0;

    framed[0] = '<';
    memcpy(framed + 1, word->text, word->length);
    framed[length - 1] = '>';
    for (size_t at = 0; at < length; at += character_length(framed[at]))
        starts[characters++] = at;
    starts[characters] = length;
    for (uint32_t size = GRAM_MIN; size <= GRAM_MAX; size++)
        for (size_t i = 0; i + size <= characters; i++) {
            uint32_t hash = rec_fnv1a(0x9747B28Cu + size, framed + starts[i], starts[i + size] - starts[i]);
            out[n++] = (uint16_t)rec_bucket(rec_mix32(hash));
        }
    return n;
}

/* False when the stemmer, which allocates, is out of memory. */
static bool analyse(rec_wordcache *cache, const rec_word *word, rec_word_parts *out)
{
    const sb_symbol *stem;
    size_t length;

    *out = (rec_word_parts){ .first_gram = (uint32_t)cache->grams_used, .stop = rec_is_stop_word(word->text, word->length) };
    if (out->stop)
        return true;
    stem = sb_stemmer_stem(cache->stemmer, (const sb_symbol *)word->text, (int)word->length);
    if (!stem)
        return false;
    length = (size_t)sb_stemmer_length(cache->stemmer);
    out->unigram = length > 0 && length > character_length((char)stem[0]);
    out->stem_hash = rec_fnv1a(REC_FNV_BASIS, (const char *)stem, length);
    out->gram_count = character_grams(word, cache->grams + cache->grams_used);
    cache->grams_used += out->gram_count;
    return true;
}

/* ---- finding it again ---------------------------------------------------------------------------------------------- */

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "a word's first bytes are the low ones of a number: a big-endian machine needs the other mask here"
#endif

/* All ones in the first `length` bytes of a number of eight. */
static uint64_t mask_of(size_t length)
{
    return length >= 8 ? UINT64_MAX : ((uint64_t)1 << 8 * length) - 1;
}

/* The word's first bytes as numbers, zeros behind its end. Copies of one size are loads: the buffer is longer, whatever the word is. */
static void take_head(const rec_word *word, uint64_t head[HEAD / 8])
{
    memcpy(head, word->text, HEAD);
    head[0] &= mask_of(word->length);
    head[1] &= word->length > 8 ? mask_of(word->length - 8) : 0;
}

static size_t rest_length(const rec_word *word)
{
    return word->length > HEAD ? word->length - HEAD : 0;
}

/* Spreads a word over the slots. Two multiplications by odd constants of high entropy, of the golden ratio and of MurmurHash3's. */
static size_t first_slot(const uint64_t head[HEAD / 8], size_t length)
{
    uint64_t h = head[0] * 0x9E3779B97F4A7C15ULL ^ (head[1] + length) * 0xC2B2AE3D27D4EB4FULL;

    return (size_t)((h ^ h >> 29) * 0x9E3779B97F4A7C15ULL >> 48) & (SLOTS - 1);
}

static bool holds(const rec_wordcache *cache, const struct slot *slot, const rec_word *word, const uint64_t head[HEAD / 8])
{
    return slot->length == word->length && slot->head[0] == head[0] && slot->head[1] == head[1] &&
           (word->length <= HEAD || memcmp(cache->rests + slot->rest, word->text + HEAD, rest_length(word)) == 0);
}

static bool is_full(const rec_wordcache *cache)
{
    return cache->words == MOST_WORDS || cache->grams_used + MAX_GRAMS > GRAM_ROOM || cache->rests_used + REC_WORD_BYTES > REST_ROOM;
}

static void empty(rec_wordcache *cache)
{
    for (size_t i = 0; i < SLOTS; i++)
        cache->slots[i].length = 0;
    cache->words = cache->grams_used = cache->rests_used = 0;
}

const rec_word_parts *rec_wordcache_get(rec_wordcache *cache, const rec_word *word)
{
    uint64_t head[HEAD / 8];
    struct slot *slot;
    size_t at;

    take_head(word, head);
    at = first_slot(head, word->length);
    for (; (slot = &cache->slots[at])->length; at = (at + 1) & (SLOTS - 1))
        if (holds(cache, slot, word, head))
            return &slot->parts;
    if (is_full(cache)) {
        empty(cache);
        slot = &cache->slots[first_slot(head, word->length)];
    }
    if (!analyse(cache, word, &slot->parts))
        return NULL;
    memcpy(slot->head, head, sizeof(slot->head));
    slot->rest = (uint32_t)cache->rests_used;
    memcpy(cache->rests + cache->rests_used, word->text + HEAD, rest_length(word));
    cache->rests_used += rest_length(word);
    slot->length = (uint8_t)word->length;
    cache->words++;
    return &slot->parts;
}
