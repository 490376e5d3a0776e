/* Reading texts and finding what they share: see shared.h. */
#include "shared.h"

#include "alloc.h"
#include "hash.h"
#include "model_file.h"
#include "weight.h"

#include <stdlib.h>
#include <string.h>

/* ---- reading ------------------------------------------------------------------------------------------------------- */

void rec_reading_clear(rec_reading *reading)
{
    rec_places_clear(&reading->places);
    rec_counts_clear(&reading->counts);
}

rec_status rec_read_prose(rec_ngrams *ngrams, const rec_model *model, const rec_prose *prose, rec_reading *out, rec_error *err)
{
    rec_status rc;

    out->prose = *prose;
    out->places.length = 0;
    if ((rc = rec_ngrams_places(ngrams, prose->title, REC_REASON_READ, &out->places, err)) != REC_OK)
        return rc;
    out->in_title = out->places.length;
    if ((rc = rec_ngrams_places(ngrams, prose->abstract, REC_REASON_READ, &out->places, err)) != REC_OK)
        return rc;
    if ((rc = rec_ngrams_count(ngrams, prose->title, prose->abstract, &out->counts, err)) != REC_OK)
        return rc;
    for (unsigned b = 0; b < REC_BLOCKS; b++)
        out->scales[b] = 1;
    if (model)
        rec_model_block_scales(model, out->counts.items, out->counts.length, out->scales);
    return REC_OK;
}

/* ---- what a text holds --------------------------------------------------------------------------------------------- */

static uint64_t pair_key(const rec_place *last)
{
    return (uint64_t)last[-1].stem << 32 | last->stem;
}

static uint64_t triple_key(const rec_place *last)
{
    uint64_t hash = (pair_key(last) ^ (uint64_t)last[-2].stem * 0x9E3779B97F4A7C15ULL) * 0xBF58476D1CE4E5B9ULL;

    return hash ^ hash >> 31;
}

static int by_key(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

void rec_holdings_clear(rec_holdings *holdings)
{
    rec_free(holdings->words);
    rec_free(holdings->pairs);
    rec_free(holdings->triples);
    *holdings = (rec_holdings){ .words = NULL };
}

rec_status rec_hold(const rec_reading *reading, rec_holdings *out, rec_error *err)
{
    const rec_places *places = &reading->places;

    rec_holdings_clear(out);
    out->words = rec_alloc_array(places->length, sizeof(*out->words));
    out->pairs = rec_alloc_array(places->length, sizeof(*out->pairs));
    out->triples = rec_alloc_array(places->length, sizeof(*out->triples));
    if (!out->words || !out->pairs || !out->triples) {
        rec_holdings_clear(out);
        return rec_fail(err, REC_ENOMEM, "out of memory for reasons");
    }
    for (size_t i = 0; i < places->length; i++) {
        const rec_place *place = &places->items[i];

        if (place->counts)
            out->words[out->word_count++] = place->stem;
        if (rec_follows(places, i))
            out->pairs[out->pair_count++] = pair_key(place);
        if (rec_follows(places, i) && rec_follows(places, i - 1))
            out->triples[out->triple_count++] = triple_key(place);
    }
    qsort(out->words, out->word_count, sizeof(*out->words), by_key);
    qsort(out->pairs, out->pair_count, sizeof(*out->pairs), by_key);
    qsort(out->triples, out->triple_count, sizeof(*out->triples), by_key);
    return REC_OK;
}

static bool holds(const uint64_t *keys, size_t count, uint64_t key)
{
    return count > 0 && bsearch(&key, keys, count, sizeof(*keys), by_key) != NULL;
}

bool rec_holds_word(const rec_holdings *holdings, const rec_places *places, size_t i)
{
    return places->items[i].counts && holds(holdings->words, holdings->word_count, places->items[i].stem);
}

bool rec_holds_pair(const rec_holdings *holdings, const rec_places *places, size_t i)
{
    return rec_follows(places, i) && holds(holdings->pairs, holdings->pair_count, pair_key(&places->items[i]));
}

bool rec_holds_triple(const rec_holdings *holdings, const rec_places *places, size_t i)
{
    return rec_follows(places, i) && rec_follows(places, i - 1) &&
           holds(holdings->triples, holdings->triple_count, triple_key(&places->items[i]));
}

/* ---- what two texts share ------------------------------------------------------------------------------------------ */

void rec_sharing_clear(rec_sharing *sharing)
{
    rec_free(sharing->items);
    rec_free(sharing->word_at);
    rec_free(sharing->pair_at);
    *sharing = (rec_sharing){ .items = NULL };
}

static uint32_t bucket_of(const rec_shared *item)
{
    return item->pair ? rec_pair_bucket(item->stems[0], item->stems[1]) : rec_word_bucket(item->stems[0]);
}

static int by_bucket(const void *left, const void *right)
{
    const rec_shared *a = left, *b = right;
    uint32_t bucket_a = bucket_of(a), bucket_b = bucket_of(b);

    if (bucket_a != bucket_b)
        return bucket_a < bucket_b ? -1 : 1;
    if (a->pair != b->pair)
        return a->pair ? 1 : -1;
    if (a->stems[0] != b->stems[0])
        return a->stems[0] < b->stems[0] ? -1 : 1;
    return (a->stems[1] > b->stems[1]) - (a->stems[1] < b->stems[1]);
}

static int by_feature(const void *key, const void *element)
{
    uint32_t feature = *(const uint32_t *)key, other = rec_count_feature(*(const rec_count *)element);

    return (feature > other) - (feature < other);
}

static rec_count count_of(const rec_reading *reading, uint32_t feature)
{
    const rec_count *found = reading->counts.length > 0 ? bsearch(&feature, reading->counts.items, reading->counts.length,
                                                                  sizeof(*reading->counts.items), by_feature)
                                                        : NULL;

    return found ? *found : feature << REC_TF_BITS;
}

static double weight_of(const rec_reading *reading, const float *idf, rec_count item)
{
    float weight = idf ? rec_weight(idf, item) : rec_tf_weight(rec_count_tf(item));

    return (double)(weight * reading->scales[rec_count_feature(item) / REC_BLOCK_BUCKETS]);
}

/* What shared n-grams of one bucket add together is divided evenly among them: the score does not tell them apart. */
static void weigh(const rec_reading *seed, const rec_reading *other, const float *idf, rec_shared *items, size_t count)
{
    for (size_t i = 0, next; i < count; i = next) {
        uint32_t bucket = bucket_of(&items[i]);
        rec_count in_seed = count_of(seed, bucket), in_other = count_of(other, bucket);
        double product = weight_of(seed, idf, in_seed) * weight_of(other, idf, in_other);

        for (next = i + 1; next < count && bucket_of(&items[next]) == bucket; next++)
            ;
        for (size_t j = i; j < next; j++) {
            items[j].idf = idf ? idf[bucket] : 1;
            items[j].in_seed = rec_count_tf(in_seed);
            items[j].in_other = rec_count_tf(in_other);
            items[j].contribution = product / (double)(next - i);
        }
    }
}

/* Whether the word at place `i` and the one before it are a feature. */
static bool is_pair(const rec_places *places, size_t i)
{
    return rec_follows(places, i) && !places->items[i].stop && !places->items[i - 1].stop;
}

static rec_shared word_of(const rec_place *place)
{
    return (rec_shared){ .stems = { place->stem }, .words = { { place->from, place->to } } };
}

/* The pair that ends there. */
static rec_shared pair_of(const rec_place *place)
{
    return (rec_shared){ .pair = true,
                         .stems = { place[-1].stem, place->stem },
                         .words = { { place[-1].from, place[-1].to }, { place->from, place->to } } };
}

/* Every shared n-gram of the other text, once for each of its places. */
static void collect(const rec_holdings *held, const rec_places *places, rec_sharing *out)
{
    for (size_t i = 0; i < places->length; i++) {
        const rec_place *place = &places->items[i];

        if (rec_holds_word(held, places, i))
            out->items[out->count++] = word_of(place);
        if (is_pair(places, i) && rec_holds_pair(held, places, i))
            out->items[out->count++] = pair_of(place);
    }
}

/* Items of several places to one each, sorted. */
static void make_distinct(rec_sharing *sharing)
{
    size_t kept = 0;

    qsort(sharing->items, sharing->count, sizeof(*sharing->items), by_bucket);
    for (size_t i = 0; i < sharing->count; i++)
        if (kept == 0 || by_bucket(&sharing->items[kept - 1], &sharing->items[i]) != 0)
            sharing->items[kept++] = sharing->items[i];
    sharing->count = kept;
}

static size_t find_item(const rec_sharing *sharing, const rec_shared *key)
{
    const rec_shared *found = sharing->count > 0 ? bsearch(key, sharing->items, sharing->count, sizeof(*sharing->items), by_bucket) : NULL;

    return found ? (size_t)(found - sharing->items) : REC_NO_SHARED;
}

/* Finds an item among its own; REC_NO_SHARED where there is none. It is left with the words of `key`. */
static size_t place_item(rec_sharing *sharing, rec_shared key)
{
    size_t found = find_item(sharing, &key);

    if (found != REC_NO_SHARED)
        memcpy(sharing->items[found].words, key.words, sizeof(key.words));
    return found;
}

/* Backwards, so that an item is left with the first of its places. */
static void locate(const rec_places *places, rec_sharing *sharing)
{
    for (size_t i = places->length; i-- > 0;) {
        const rec_place *place = &places->items[i];

        sharing->word_at[i] = place->counts ? place_item(sharing, word_of(place)) : REC_NO_SHARED;
        sharing->pair_at[i] = is_pair(places, i) ? place_item(sharing, pair_of(place)) : REC_NO_SHARED;
    }
}

rec_status rec_share(const rec_reading *seed, const rec_holdings *held, const rec_reading *other, const float *idf, rec_sharing *out,
                     rec_error *err)
{
    size_t places = other->places.length;

    rec_sharing_clear(out);
    out->items = rec_alloc_array(2 * places, sizeof(*out->items));
    out->word_at = rec_alloc_array(places, sizeof(*out->word_at));
    out->pair_at = rec_alloc_array(places, sizeof(*out->pair_at));
    if (!out->items || !out->word_at || !out->pair_at) {
        rec_sharing_clear(out);
        return rec_fail(err, REC_ENOMEM, "out of memory for reasons");
    }
    collect(held, &other->places, out);
    make_distinct(out);
    weigh(seed, other, idf, out->items, out->count);
    locate(&other->places, out);
    return REC_OK;
}
