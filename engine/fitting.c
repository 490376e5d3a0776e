/* Drawing the papers that a model is fitted on: see fitting.h. */
#include "fitting.h"

#include "alloc.h"
#include "rec/vector.h"

#define SAMPLE_SEED 1u

/* The sample, unpacked: what rec_rows borrows. */
struct sample {
    rec_count *items;
    uint64_t *offsets; /* (count + 1) */
    size_t count, room;
};

static void sample_clear(struct sample *sample)
{
    rec_free(sample->items);
    rec_free(sample->offsets);
}

static rec_status take_row(struct sample *sample, rec_packed row, rec_error *err)
{
    size_t used = (size_t)sample->offsets[sample->count], features = rec_packed_features(row);

    if (used + features > sample->room) {
        size_t room = (used + features) * 3 / 2 + 1024;
        rec_count *items = rec_resize_array(sample->items, room, sizeof(*items));

        if (!items)
            return rec_fail(err, REC_ENOMEM, "out of memory fitting the model");
        sample->items = items;
        sample->room = room;
    }
    rec_packed_unpack(row, sample->items + used);
    sample->offsets[++sample->count] = used + features;
    return REC_OK;
}

/* Selection sampling (Knuth, TAOCP 2, 3.4.2, algorithm S) among the papers with text: every set equally likely, in one pass. */
static rec_status draw(const rec_corpus *corpus, const rec_grams *grams, size_t wanted, struct sample *out, rec_error *err)
{
    rec_random random = { SAMPLE_SEED };
    uint64_t left = corpus->with_text;

    out->offsets = rec_alloc_array(wanted + 1, sizeof(*out->offsets));
    if (!out->offsets)
        return rec_fail(err, REC_ENOMEM, "out of memory fitting the model");
    for (size_t row = 0; row < grams->count && out->count < wanted; row++) {
        rec_packed packed;
        rec_status rc = rec_grams_row(grams, row, &packed, err);

        if (rc != REC_OK)
            return rc;
        if (rec_packed_features(packed) == 0)
            continue;
        if (left <= wanted - out->count || rec_random_below(&random, left) < wanted - out->count)
            if ((rc = take_row(out, packed, err)) != REC_OK)
                return rc;
        left--;
    }
    return REC_OK;
}

rec_status rec_fit_corpus(const rec_corpus *corpus, const rec_grams *grams, const rec_table *table, unsigned threads, rec_model **out,
                          rec_error *err)
{
    struct sample sample = { .items = NULL };
    rec_status rc = draw(corpus, grams, corpus->count <= REC_SMALL_STORE ? corpus->count : REC_FIT_SAMPLE, &sample, err);

    if (rc == REC_OK) {
        rec_fit fit = { .rows = { sample.items, sample.offsets, sample.count },
                        .census = { corpus->count, corpus->with_text, corpus->papers_with },
                        .texts = rec_corpus_texts(corpus),
                        .authors = rec_corpus_authors(corpus),
                        .table = table,
                        .threads = threads };

        rc = rec_model_fit(&fit, out, err);
    }
    sample_clear(&sample);
    return rc;
}
