/* Counting stored texts on demand: see textsource.h. */
#include "textsource.h"

#include "alloc.h"

#include <pthread.h>

struct rec_text_source {
    rec_store *store;
    const rec_space *space;
    rec_ngrams *ngrams;
    rec_counts *counts;   /* (space->count) */
    bool *known;          /* (space->count): an empty text has empty counts */
    pthread_mutex_t lock; /* guards all of it: a store belongs to one thread at a time */
};

rec_status rec_text_source_new(rec_store *store, const rec_space *space, rec_text_source **out, rec_error *err)
{
    rec_text_source *source = rec_alloc(sizeof(*source));
    rec_status rc = REC_OK;

    if (!source)
        return rec_fail(err, REC_ENOMEM, "out of memory for n-grams");
    source->store = store;
    source->space = space;
    pthread_mutex_init(&source->lock, NULL);
    source->counts = rec_alloc_array(space->count, sizeof(*source->counts));
    source->known = rec_alloc_array(space->count, sizeof(*source->known));
    if (!source->counts || !source->known)
        rc = rec_fail(err, REC_ENOMEM, "out of memory for n-grams");
    if (rc == REC_OK)
        rc = rec_ngrams_new(&source->ngrams, err);
    if (rc == REC_OK)
        *out = source;
    else
        rec_text_source_free(source);
    return rc;
}

void rec_text_source_free(rec_text_source *source)
{
    if (!source)
        return;
    for (size_t i = 0; source->counts && i < source->space->count; i++)
        rec_counts_clear(&source->counts[i]);
    rec_free(source->counts);
    rec_free(source->known);
    rec_ngrams_free(source->ngrams);
    pthread_mutex_destroy(&source->lock);
    rec_free(source);
}

struct counting {
    rec_ngrams *ngrams;
    rec_counts *out;
};

static rec_status count_text(const rec_text *text, void *context, rec_error *err)
{
    struct counting *counting = context;

    return rec_ngrams_count(counting->ngrams, text->title, text->abstract, counting->out, err);
}

/* A paper that was removed since its vectors were made has no text, and is never taken into an answer. */
static rec_status count_row(rec_text_source *source, size_t row, rec_error *err)
{
    struct counting counting = { source->ngrams, &source->counts[row] };
    rec_doc doc = source->space->docs[row];
    bool gone = false;
    rec_status rc = rec_store_text(source->store, doc, count_text, &counting, err), asked;

    if (rc == REC_ENOTFOUND && (asked = rec_store_is_gone(source->store, doc, &gone, err)) != REC_OK)
        return asked;
    return gone ? REC_OK : rc;
}

static rec_status get(void *context, size_t row, const rec_count **items, size_t *length, rec_error *err)
{
    rec_text_source *source = context;
    rec_status rc = REC_OK;

    pthread_mutex_lock(&source->lock);
    if (!source->known[row]) {
        rc = count_row(source, row, err);
        source->known[row] = rc == REC_OK;
    }
    pthread_mutex_unlock(&source->lock);
    *items = source->counts[row].items;
    *length = source->counts[row].length;
    return rc;
}

rec_counts_source rec_text_source_counts(rec_text_source *source)
{
    return (rec_counts_source){ get, source };
}

rec_ngrams *rec_text_source_ngrams(rec_text_source *source)
{
    return source->ngrams;
}
