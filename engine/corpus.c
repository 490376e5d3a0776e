/*
 * Texts to n-gram counts, a batch at a time: the store is read by one thread, the batch is counted by all of them, and the counts are put
 * together in the store's order.
 */
#include "corpus.h"

#include "alloc.h"
#include "parallel.h"

#include <string.h>

#define BATCH 4096

struct batch {
    char *titles[BATCH];
    char *abstracts[BATCH];
    rec_counts counts[BATCH];
    size_t length;
};

struct loading {
    rec_corpus *corpus;
    struct batch *batch;
    rec_ngrams *ngrams[REC_MAX_THREADS];
    unsigned threads;
    const rec_progress *progress;
    uint64_t total;
};

void rec_corpus_clear(rec_corpus *corpus)
{
    rec_free(corpus->docs);
    rec_free(corpus->title_keys);
    rec_free(corpus->abstract_keys);
    rec_free(corpus->indexed);
    rec_free(corpus->offsets);
    rec_free(corpus->items);
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

static bool reserve_papers(rec_corpus *corpus)
{
    size_t room = corpus->room ? corpus->room + corpus->room / 2 : BATCH;

    if (corpus->count < corpus->room)
        return true;
    if (!grow((void **)&corpus->docs, room, sizeof(*corpus->docs)) ||
        !grow((void **)&corpus->title_keys, room, sizeof(*corpus->title_keys)) ||
        !grow((void **)&corpus->abstract_keys, room, sizeof(*corpus->abstract_keys)) ||
        !grow((void **)&corpus->indexed, room, sizeof(*corpus->indexed)) ||
        !grow((void **)&corpus->offsets, room + 1, sizeof(*corpus->offsets)))
        return false;
    corpus->room = room;
    return true;
}

static bool reserve_items(rec_corpus *corpus, size_t used, size_t extra)
{
    size_t room = corpus->items_room ? corpus->items_room : 1 << 20;

    if (used + extra <= corpus->items_room)
        return true;
    while (room < used + extra)
        room += room / 2;
    if (!grow((void **)&corpus->items, room, sizeof(*corpus->items)))
        return false;
    corpus->items_room = room;
    return true;
}

static rec_status count_one(size_t task, unsigned thread, void *context, rec_error *err)
{
    struct loading *loading = context;
    struct batch *batch = loading->batch;

    return rec_ngrams_count(loading->ngrams[thread], batch->titles[task], batch->abstracts[task], &batch->counts[task], err);
}

/* Counts the batch and appends it; the papers' other fields are in the corpus already. */
static rec_status flush(struct loading *loading, rec_error *err)
{
    rec_corpus *corpus = loading->corpus;
    struct batch *batch = loading->batch;
    size_t first = corpus->count - batch->length;
    rec_status rc = rec_parallel(batch->length, loading->threads, count_one, loading, err);

    for (size_t i = 0; i < batch->length && rc == REC_OK; i++) {
        size_t used = (size_t)corpus->offsets[first + i], length = batch->counts[i].length;

        if (!reserve_items(corpus, used, length)) {
            rc = out_of_memory(err);
            break;
        }
        if (length > 0)
            memcpy(corpus->items + used, batch->counts[i].items, length * sizeof(*corpus->items));
        corpus->offsets[first + i + 1] = used + length;
    }
    for (size_t i = 0; i < batch->length; i++) {
        rec_free(batch->titles[i]);
        rec_free(batch->abstracts[i]);
        batch->titles[i] = batch->abstracts[i] = NULL;
    }
    batch->length = 0;
    rec_progress_report(loading->progress, "reading", corpus->count, loading->total);
    return rc;
}

static rec_status take_text(const rec_text *text, void *context, rec_error *err)
{
    struct loading *loading = context;
    rec_corpus *corpus = loading->corpus;
    struct batch *batch = loading->batch;
    size_t i = batch->length;

    if (!reserve_papers(corpus))
        return out_of_memory(err);
    batch->titles[i] = text->title ? rec_strdup(text->title) : NULL;
    batch->abstracts[i] = text->abstract ? rec_strdup(text->abstract) : NULL;
    batch->length++;
    corpus->docs[corpus->count] = (uint32_t)text->doc;
    corpus->title_keys[corpus->count] = text->title_key;
    corpus->abstract_keys[corpus->count] = text->abstract_key;
    corpus->indexed[corpus->count] = text->indexed;
    corpus->count++;
    if ((text->title && !batch->titles[i]) || (text->abstract && !batch->abstracts[i]))
        return out_of_memory(err);
    return batch->length == BATCH ? flush(loading, err) : REC_OK;
}

static void loading_free(struct loading *loading)
{
    for (unsigned i = 0; i < loading->threads; i++)
        rec_ngrams_free(loading->ngrams[i]);
    for (size_t i = 0; loading->batch && i < BATCH; i++) {
        rec_free(loading->batch->titles[i]);
        rec_free(loading->batch->abstracts[i]);
        rec_counts_clear(&loading->batch->counts[i]);
    }
    rec_free(loading->batch);
}

rec_status rec_corpus_load(rec_store *store, bool pending_only, unsigned threads, const rec_progress *progress, rec_corpus *out,
                           rec_error *err)
{
    rec_corpus corpus = REC_CORPUS_INIT;
    struct loading loading = { .corpus = &corpus, .progress = progress };
    rec_store_state state;
    rec_status rc = rec_store_get_state(store, &state, err);

    if (rc != REC_OK)
        return rc;
    loading.total = (uint64_t)state.papers;
    loading.batch = rec_alloc(sizeof(*loading.batch));
    if (!loading.batch || !reserve_papers(&corpus)) {
        rc = out_of_memory(err);
        goto done;
    }
    corpus.offsets[0] = 0;
    for (; loading.threads < (threads ? threads : 1) && loading.threads < REC_MAX_THREADS; loading.threads++)
        if ((rc = rec_ngrams_new(&loading.ngrams[loading.threads], err)) != REC_OK)
            goto done;
    if ((rc = rec_store_scan(store, pending_only, take_text, &loading, err)) == REC_OK)
        rc = flush(&loading, err);
    if (rc == REC_OK) {
        *out = corpus;
        corpus = (rec_corpus)REC_CORPUS_INIT;
    }

done:
    loading_free(&loading);
    rec_corpus_clear(&corpus);
    return rc;
}

rec_rows rec_corpus_rows(const rec_corpus *corpus)
{
    return (rec_rows){ corpus->items, corpus->offsets, corpus->count };
}

static rec_status get_counts(void *context, size_t row, const rec_count **items, size_t *length, rec_error *err)
{
    const rec_corpus *corpus = context;

    (void)err;
    *items = corpus->items + corpus->offsets[row];
    *length = (size_t)(corpus->offsets[row + 1] - corpus->offsets[row]);
    return REC_OK;
}

rec_counts_source rec_corpus_source(const rec_corpus *corpus)
{
    return (rec_counts_source){ get_counts, (void *)corpus };
}
