/*
 * Texts to n-gram counts, a batch at a time: the store is read by one thread, the batch is counted and packed by all of them, and what
 * comes of it is taken in the store's order.
 */
#include "corpus.h"

#include "alloc.h"
#include "json.h"
#include "parallel.h"
#include "rec/clean.h"
#include "rec/packed.h"
#include "rec/vector.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 2048
#define TEXTS_SEED 5

struct packing {
    uint16_t *words; /* (room) */
    size_t length, room;
};

struct batch {
    char *titles[BATCH];
    char *abstracts[BATCH];
    rec_counts counts[BATCH];
    struct packing packed[BATCH];
    rec_tokens tokens[BATCH]; /* of title and abstract, one behind the other */
    size_t title_tokens[BATCH];
    bool with_tokens[BATCH];
    size_t length;
};

/* Selection sampling (Knuth, TAOCP 2, 3.4.2, algorithm S): every set of papers equally likely, in one pass. */
struct drawing {
    rec_random random;
    uint64_t wanted, left; /* papers still to draw, and still to come */
};

struct loading {
    rec_corpus *corpus;
    struct batch *batch;
    rec_ngrams *ngrams[REC_MAX_THREADS];
    unsigned threads;
    const rec_corpus_wishes *wishes;
    struct drawing drawing;
    uint64_t *author_keys; /* (corpus->room) */
    const rec_progress *progress;
    uint64_t total;
};

void rec_corpus_clear(rec_corpus *corpus)
{
    rec_free(corpus->docs);
    rec_free(corpus->title_keys);
    rec_free(corpus->abstract_keys);
    rec_free(corpus->places);
    rec_free(corpus->papers_with);
    rec_tokens_clear(&corpus->tokens);
    rec_free(corpus->token_offsets);
    rec_free(corpus->authors);
    rec_facets_clear(&corpus->facets);
    *corpus = (rec_corpus)REC_CORPUS_INIT;
}

static rec_status out_of_memory(rec_error *err)
{
    return rec_fail(err, REC_ENOMEM, "out of memory reading the papers");
}

/* Resizes one array of the corpus in place; false, with the array as it was, when memory is out. */
static bool grow(void **array, size_t room, size_t size)
{
    void *bigger = rec_resize_array(*array, room, size);

    if (bigger)
        *array = bigger;
    return bigger != NULL;
}

static bool reserve_papers(struct loading *loading)
{
    rec_corpus *corpus = loading->corpus;
    size_t room = corpus->room ? corpus->room + corpus->room / 2 : BATCH;

    if (corpus->count < corpus->room)
        return true;
    if (!grow((void **)&corpus->docs, room, sizeof(*corpus->docs)) ||
        !grow((void **)&corpus->title_keys, room, sizeof(*corpus->title_keys)) ||
        !grow((void **)&corpus->abstract_keys, room, sizeof(*corpus->abstract_keys)) ||
        !grow((void **)&corpus->places, room, sizeof(*corpus->places)) ||
        !grow((void **)&corpus->token_offsets, 2 * room + 1, sizeof(*corpus->token_offsets)) ||
        !grow((void **)&loading->author_keys, room, sizeof(*loading->author_keys)))
        return false;
    corpus->room = room;
    return true;
}

static bool draws_next(struct drawing *drawing)
{
    bool drawn =
        drawing->wanted > 0 && (drawing->wanted >= drawing->left || rec_random_below(&drawing->random, drawing->left) < drawing->wanted);

    drawing->left -= drawing->left > 0;
    drawing->wanted -= drawn;
    return drawn;
}

static rec_status pack(const rec_counts *counts, struct packing *out, rec_error *err)
{
    size_t room = rec_pack_room(counts->length);

    if (room > out->room) {
        if (!grow((void **)&out->words, room, sizeof(*out->words)))
            return out_of_memory(err);
        out->room = room;
    }
    out->length = rec_pack(counts->items, counts->length, out->words);
    return REC_OK;
}

static rec_status count_one(size_t task, unsigned thread, void *context, rec_error *err)
{
    struct loading *loading = context;
    struct batch *batch = loading->batch;
    rec_tokens *tokens = &batch->tokens[task];
    rec_status rc = rec_ngrams_count(loading->ngrams[thread], batch->titles[task], batch->abstracts[task], &batch->counts[task], err);

    if (rc == REC_OK && loading->wishes->rows)
        rc = pack(&batch->counts[task], &batch->packed[task], err);
    if (rc != REC_OK || !batch->with_tokens[task])
        return rc;
    tokens->length = 0;
    rc = rec_ngrams_tokens(loading->ngrams[thread], batch->titles[task], REC_TRAINING_TOKENS, tokens, err);
    batch->title_tokens[task] = tokens->length;
    return rc == REC_OK ? rec_ngrams_tokens(loading->ngrams[thread], batch->abstracts[task], REC_TRAINING_TOKENS, tokens, err) : rc;
}

static bool append_tokens(rec_corpus *corpus, const rec_tokens *tokens, size_t title)
{
    size_t used = corpus->tokens.length;

    if (used + tokens->length > corpus->tokens.room) {
        size_t room = (used + tokens->length) * 3 / 2 + 1024;

        if (!grow((void **)&corpus->tokens.items, room, sizeof(*corpus->tokens.items)))
            return false;
        corpus->tokens.room = room;
    }
    if (tokens->length > 0)
        memcpy(corpus->tokens.items + used, tokens->items, tokens->length * sizeof(*tokens->items));
    corpus->tokens.length += tokens->length;
    corpus->token_offsets[2 * corpus->texts + 1] = used + title;
    corpus->token_offsets[2 * corpus->texts + 2] = used + tokens->length;
    corpus->texts++;
    return true;
}

/* Takes what was counted of the batch's `i`-th paper. */
static rec_status take_counted(struct loading *loading, size_t i, rec_gram_place *place, rec_error *err)
{
    rec_corpus *corpus = loading->corpus;
    const struct batch *batch = loading->batch;
    const rec_counts *counts = &batch->counts[i];
    rec_status rc = REC_OK;

    corpus->with_text += counts->length > 0;
    for (size_t j = 0; j < counts->length; j++)
        corpus->papers_with[rec_count_feature(counts->items[j])]++;
    if (loading->wishes->rows) {
        rec_packed row = { batch->packed[i].words, batch->packed[i].length };

        rc = rec_grams_put(loading->wishes->rows, row, place, err);
    }
    if (rc == REC_OK && batch->with_tokens[i] && !append_tokens(corpus, &batch->tokens[i], batch->title_tokens[i]))
        rc = out_of_memory(err);
    return rc;
}

/* Counts the batch; the papers' other fields are in the corpus already. */
static rec_status flush(struct loading *loading, rec_error *err)
{
    rec_corpus *corpus = loading->corpus;
    struct batch *batch = loading->batch;
    size_t first = corpus->count - batch->length;
    rec_status rc = rec_parallel(batch->length, loading->threads, count_one, loading, err);

    for (size_t i = 0; i < batch->length && rc == REC_OK; i++)
        rc = take_counted(loading, i, &corpus->places[first + i], err);
    for (size_t i = 0; i < batch->length; i++) {
        rec_free(batch->titles[i]);
        rec_free(batch->abstracts[i]);
        batch->titles[i] = batch->abstracts[i] = NULL;
    }
    batch->length = 0;
    rec_progress_report(loading->progress, "reading", corpus->count, loading->total);
    return rc;
}

/* A key of the first name in a JSON array; 0 where there is none. */
static rec_status key_of_first_author(const char *authors, uint64_t *out, rec_error *err)
{
    json_t *names;
    const char *first;

    if (rec_json_read_stored(authors, &names) != REC_OK)
        return out_of_memory(err);
    first = json_string_value(json_array_get(names, 0));
    *out = first ? rec_text_key(first) : 0;
    json_decref(names);
    return REC_OK;
}

static rec_status take_text(const rec_text *text, void *context, rec_error *err)
{
    struct loading *loading = context;
    rec_corpus *corpus = loading->corpus;
    struct batch *batch = loading->batch;
    size_t i = batch->length;
    rec_status rc;

    if (!reserve_papers(loading))
        return out_of_memory(err);
    if (loading->wishes->authors && (rc = key_of_first_author(text->authors, &loading->author_keys[corpus->count], err)) != REC_OK)
        return rc;
    if ((rc = rec_facets_add(&corpus->facets, text, err)) != REC_OK)
        return rc;
    batch->titles[i] = text->title ? rec_strdup(text->title) : NULL;
    batch->abstracts[i] = text->abstract ? rec_strdup(text->abstract) : NULL;
    batch->with_tokens[i] = draws_next(&loading->drawing);
    batch->length++;
    corpus->docs[corpus->count] = (uint32_t)text->doc;
    corpus->title_keys[corpus->count] = text->title_key;
    corpus->abstract_keys[corpus->count] = text->abstract_key;
    corpus->count++;
    if ((text->title && !batch->titles[i]) || (text->abstract && !batch->abstracts[i]))
        return out_of_memory(err);
    return batch->length == BATCH ? flush(loading, err) : REC_OK;
}

static int compare_keys(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

/* An author's number is the place of its key among all papers' keys in order, from 1. */
static rec_status number_authors(const struct loading *loading, rec_error *err)
{
    rec_corpus *corpus = loading->corpus;
    uint64_t *sorted = rec_alloc_array(corpus->count, sizeof(*sorted));

    corpus->authors = rec_alloc_array(corpus->count, sizeof(*corpus->authors));
    if (!sorted || !corpus->authors) {
        rec_free(sorted);
        return out_of_memory(err);
    }
    memcpy(sorted, loading->author_keys, corpus->count * sizeof(*sorted));
    qsort(sorted, corpus->count, sizeof(*sorted), compare_keys);
    for (size_t i = 0; i < corpus->count; i++) {
        size_t low = 0, high = corpus->count;

        while (low < high) { /* the first that is not below */
            size_t middle = low + (high - low) / 2;

            if (sorted[middle] < loading->author_keys[i])
                low = middle + 1;
            else
                high = middle;
        }
        corpus->authors[i] = loading->author_keys[i] ? (uint32_t)low + 1 : 0;
    }
    rec_free(sorted);
    return REC_OK;
}

static void loading_free(struct loading *loading)
{
    for (unsigned i = 0; i < loading->threads; i++)
        rec_ngrams_free(loading->ngrams[i]);
    for (size_t i = 0; loading->batch && i < BATCH; i++) {
        rec_free(loading->batch->titles[i]);
        rec_free(loading->batch->abstracts[i]);
        rec_counts_clear(&loading->batch->counts[i]);
        rec_free(loading->batch->packed[i].words);
        rec_tokens_clear(&loading->batch->tokens[i]);
    }
    rec_free(loading->batch);
    rec_free(loading->author_keys);
}

rec_status rec_corpus_load(rec_store *store, const rec_corpus_wishes *wishes, unsigned threads, const rec_progress *progress,
                           rec_corpus *out, rec_error *err)
{
    rec_corpus corpus = REC_CORPUS_INIT;
    struct loading loading = { .corpus = &corpus, .progress = progress, .wishes = wishes };
    rec_store_state state;
    rec_status rc = rec_store_get_state(store, &state, err);

    if (rc != REC_OK)
        return rc;
    loading.total = (uint64_t)state.papers;
    loading.drawing = (struct drawing){ { TEXTS_SEED }, wishes->texts, loading.total };
    loading.batch = rec_alloc(sizeof(*loading.batch));
    corpus.papers_with = rec_alloc_array(REC_FEATURES, sizeof(*corpus.papers_with));
    if (!loading.batch || !corpus.papers_with || !reserve_papers(&loading)) {
        rc = out_of_memory(err);
        goto done;
    }
    corpus.token_offsets[0] = 0;
    for (; loading.threads < (threads ? threads : 1) && loading.threads < REC_MAX_THREADS; loading.threads++)
        if ((rc = rec_ngrams_new(&loading.ngrams[loading.threads], err)) != REC_OK)
            goto done;
    if ((rc = rec_store_scan(store, wishes->pending, take_text, &loading, err)) == REC_OK)
        rc = flush(&loading, err);
    if (rc == REC_OK && wishes->authors)
        rc = number_authors(&loading, err);
    if (rc == REC_OK) {
        *out = corpus;
        corpus = (rec_corpus)REC_CORPUS_INIT;
    }

done:
    loading_free(&loading);
    rec_corpus_clear(&corpus);
    return rc;
}

rec_training rec_corpus_texts(const rec_corpus *corpus)
{
    return (rec_training){ corpus->tokens.items, corpus->token_offsets, corpus->authors, corpus->texts };
}

rec_authors rec_corpus_authors(const rec_corpus *corpus)
{
    return (rec_authors){ corpus->facets.authors, corpus->count > 0 ? corpus->facets.author_offsets[corpus->count] : 0 };
}
