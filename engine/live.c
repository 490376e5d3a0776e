/* Loading what a question computes with, and making its seed: see live.h. */
#include "live.h"

#include "alloc.h"
#include "rec/clean.h"
#include "scan.h"
#include "sidefiles.h"
#include "smoothing.h"

#include <string.h>

/* The nearest and the paper itself, which may be among them. */
#define SMOOTH_PROPOSED (REC_SMOOTH_NEIGHBOURS + 1)

void rec_live_close(rec_live *live)
{
    rec_reasoner_free(live->reasoner);
    rec_query_free(live->query);
    rec_ngrams_free(live->ngrams);
    rec_words_close(&live->words);
    rec_grams_close(&live->grams);
    rec_space_close(&live->space);
    rec_model_free(live->model);
    *live = (rec_live){ .store = live->store, .threads = live->threads };
}

/* The model that `state` names; what belongs to another one is closed. */
static rec_status open_model(rec_live *live, const rec_store_state *state, rec_error *err)
{
    rec_side_paths paths;
    rec_status rc;

    if (live->model && strcmp(rec_model_fingerprint(live->model), state->fingerprint) == 0)
        return REC_OK;
    rec_live_close(live);
    if ((rc = rec_side_name(live->store, state->fingerprint, state->side, &paths, err)) != REC_OK)
        return rc;
    return rec_model_load(paths.model, state->fingerprint, &live->model, err);
}

rec_status rec_live_reasoner(rec_live *live, const rec_store_state *state, rec_error *err)
{
    rec_status rc = state->fingerprint[0] ? open_model(live, state, err) : REC_OK;

    if (rc == REC_OK && live->model)
        rc = rec_model_verify(live->model, err);
    return rc != REC_OK || live->reasoner ? rc : rec_reasoner_new(live->model, &live->reasoner, err);
}

rec_status rec_live_open(rec_live *live, const rec_store_state *state, rec_error *err)
{
    rec_side_paths paths;
    rec_status rc;

    if (live->side && live->side == state->side)
        return REC_OK;
    if (live->side)
        rec_live_close(live);
    if (!state->fingerprint[0])
        return rec_fail(err, REC_ESTALE, "store '%s' has papers but no index yet; run 'recommend build'", rec_store_path(live->store));
    if ((rc = rec_side_name(live->store, state->fingerprint, state->side, &paths, err)) != REC_OK)
        return rc;
    rc = open_model(live, state, err);
    if (rc == REC_OK)
        rc = rec_space_load(paths.index, live->model, (size_t)state->rows, &live->space, err);
    if (rc == REC_OK)
        rc = rec_grams_open(paths.ngrams, (size_t)state->rows, live->space.ngrams, &live->grams, err);
    if (rc == REC_OK && !rec_model_is_small(live->model))
        rc = rec_words_open(paths.words, &live->space, live->model, &live->words, err);
    if (rc == REC_OK)
        rc = rec_ngrams_new(&live->ngrams, err);
    if (rc == REC_OK)
        rc = rec_query_new(live->model, &live->query, err);
    if (rc == REC_OK)
        live->side = state->side;
    else
        rec_live_close(live);
    return rc;
}

void rec_live_seed_clear(rec_live_seed *seed)
{
    rec_facets_clear(&seed->facets);
    rec_free(seed->words);
    rec_free(seed->codes);
    *seed = (rec_live_seed){ .words = NULL };
}

/* A text that is no row, or whose row is of an older text: packs what was counted of it. */
static rec_status pack(const rec_counts *counts, rec_live_seed *out, rec_error *err)
{
    out->words = rec_alloc_array(rec_pack_room(counts->length), sizeof(*out->words));
    if (!out->words)
        return rec_fail(err, REC_ENOMEM, "out of memory for a question");
    out->seed.view.packed = (rec_packed){ out->words, rec_pack(counts->items, counts->length, out->words) };
    return REC_OK;
}

/* Its vectors; smoothed too where the store's are. */
static rec_status embed(rec_live *live, const rec_counts *counts, rec_live_seed *out, rec_error *err)
{
    const rec_space *space = &live->space;
    rec_view *view = &out->seed.view;
    float vector[REC_DIM_MAX];
    rec_near near[SMOOTH_PROPOSED];
    size_t found;
    rec_status rc;

    out->codes = rec_alloc_aligned(2, space->dim);
    if (!out->codes)
        return rec_fail(err, REC_ENOMEM, "out of memory for a question");
    if ((rc = rec_model_touch(live->model, counts->items, counts->length, err)) != REC_OK)
        return rc;
    rec_model_block_scales(live->model, counts->items, counts->length, out->scales);
    rec_model_embed(live->model, counts->items, counts->length, vector);
    view->scales = out->scales;
    view->dense = (rec_code){ out->codes, rec_codes_round(vector, space->dim, out->codes) };
    if (!space->smooth)
        return REC_OK;
    if ((rc = rec_scan_nearest(space, view->dense, NULL, SMOOTH_PROPOSED, near, &found, err)) != REC_OK)
        return rc;
    rec_smooth_over(space, view->dense, out->seed.row, near, found, vector);
    view->smooth.items = out->codes + space->dim;
    view->smooth.factor = rec_codes_round(vector, space->dim, out->codes + space->dim);
    return REC_OK;
}

struct stored_text {
    rec_live *live;
    rec_live_seed *out;
};

/* Makes a seed of a text, stored or not, but for one whose row is current: that is read, and not counted again. */
static rec_status take_text(const rec_text *text, void *context, rec_error *err)
{
    const struct stored_text *taking = context;
    rec_live *live = taking->live;
    rec_live_seed *out = taking->out;
    rec_counts counts = REC_COUNTS_INIT;
    rec_status rc;

    out->seed.title_key = text->title_key;
    out->seed.abstract_key = text->abstract_key;
    out->indexed = text->indexed;
    if (out->indexed && out->seed.row != REC_NO_PAPER_ROW)
        return rec_rank_seed(&live->space, &live->grams, out->seed.row, &out->seed, err);
    if ((rc = rec_facets_add(&out->facets, text, err)) != REC_OK)
        return rc;
    out->seed.view.authors = (rec_authors){ out->facets.authors, out->facets.author_offsets[1] };
    if ((rc = rec_ngrams_count(live->ngrams, text->title, text->abstract, &counts, err)) == REC_OK &&
        (rc = pack(&counts, out, err)) == REC_OK)
        rc = embed(live, &counts, out, err);
    rec_counts_clear(&counts);
    return rc;
}

rec_status rec_live_make_seed(rec_live *live, rec_doc doc, const rec_text *text, rec_live_seed *out, rec_error *err)
{
    struct stored_text taking = { live, out };
    rec_status rc;

    *out = (rec_live_seed){ .seed = { .weight = 1, .row = REC_NO_PAPER_ROW } };
    if (doc) {
        rc = rec_space_row(&live->space, doc, &out->seed.row, err);
        if (rc == REC_OK)
            rc = rec_store_text(live->store, doc, take_text, &taking, err);
    } else {
        rc = take_text(text, &taking, err);
    }
    if (rc != REC_OK)
        rec_live_seed_clear(out);
    return rc;
}
