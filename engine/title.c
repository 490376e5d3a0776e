/* The stored paper that a title names: see rec/recommend.h. */
#include "engine.h"
#include "rec/clean.h"

/* Dice's coefficient of the character n-grams of two counted titles. */
static double dice(const rec_counts *a, const rec_counts *b)
{
    size_t i = 0, j = 0, shared = 0, in_a = 0, in_b = 0;

    for (size_t k = 0; k < a->length; k++)
        in_a += rec_count_feature(a->items[k]) >= REC_BLOCK_BUCKETS;
    for (size_t k = 0; k < b->length; k++)
        in_b += rec_count_feature(b->items[k]) >= REC_BLOCK_BUCKETS;
    while (i < a->length && j < b->length) {
        uint32_t x = rec_count_feature(a->items[i]), y = rec_count_feature(b->items[j]);

        shared += x == y && x >= REC_BLOCK_BUCKETS;
        i += x <= y;
        j += y <= x;
    }
    return in_a + in_b > 0 ? 2.0 * (double)shared / (double)(in_a + in_b) : 0;
}

#define CLOSE_TITLE 0.8
#define TITLES_READ 20

static rec_status closest_title(rec_engine *engine, const char *title, rec_doc *out, rec_error *err)
{
    rec_word_hit matches[TITLES_READ];
    rec_counts asked = REC_COUNTS_INIT, stored = REC_COUNTS_INIT;
    rec_ngrams *ngrams = NULL;
    double best = CLOSE_TITLE;
    size_t count = 0;
    rec_status rc;

    if ((rc = rec_store_search(engine->store, title, TITLES_READ, matches, &count, err)) != REC_OK || count == 0)
        return rc;
    if ((rc = rec_ngrams_new(&ngrams, err)) == REC_OK)
        rc = rec_ngrams_count(ngrams, title, NULL, &asked, err);
    for (size_t i = 0; i < count && rc == REC_OK; i++) {
        rec_record record = REC_RECORD_INIT;

        if ((rc = rec_store_get(engine->store, matches[i].doc, REC_GET_CARD, &record, err)) == REC_OK)
            rc = rec_ngrams_count(ngrams, record.paper.title, NULL, &stored, err);
        if (rc == REC_OK && dice(&asked, &stored) > best) {
            best = dice(&asked, &stored);
            *out = matches[i].doc;
        }
        rec_record_clear(&record);
    }
    rec_counts_clear(&asked);
    rec_counts_clear(&stored);
    rec_ngrams_free(ngrams);
    return rc;
}

rec_status rec_find_by_title(rec_engine *engine, const char *title, rec_doc *out, rec_error *err)
{
    uint64_t key = rec_text_key(title);
    rec_doc doc = 0;
    size_t count = 0;
    rec_status rc;

    if (key && (rc = rec_store_find_title(engine->store, key, &doc, 1, &count, err)) != REC_OK)
        return rc;
    if (count == 0 && (rc = closest_title(engine, title, &doc, err)) != REC_OK)
        return rc;
    if (!doc)
        return REC_ENOTFOUND;
    *out = doc;
    return REC_OK;
}
