/*
 * The build: decides between refitting, relisting everything and adding what is new; writes the side files under new names; commits; clears
 * the old ones away.
 *
 * Small stores (model.h) are relisted whole: smoothed vectors tie every list to every paper, and thousands of papers take seconds. Large
 * ones are extended (extend.c).
 */
#include "rec/build.h"

#include "alloc.h"
#include "building.h"
#include "corpus.h"
#include "fitting.h"
#include "lists.h"
#include "mapping.h"
#include "parallel.h"
#include "precedence.h"
#include "rec/tables.h"
#include "relisting.h"
#include "rec/settle.h"
#include "sidefiles.h"
#include "smoothing.h"
#include "spread.h"

#include <string.h>

/* ---- decisions ----------------------------------------------------------------------------------------------------- */

static bool has_outgrown(const rec_model *model, int64_t papers, bool pending)
{
    uint64_t fitted = rec_model_papers(model), now = (uint64_t)papers;

    if (!pending)
        return false;
    if (now <= REC_REFIT_ALWAYS)
        return true;
    if (rec_model_is_small(model) && now > REC_SMALL_STORE)
        return true;
    return now >= fitted + fitted / 2;
}

static rec_status count_pending(const rec_text *text, void *context, rec_error *err)
{
    (void)text;
    (void)err;
    ++*(int64_t *)context;
    return REC_OK;
}

/* Whether a failure to open a side file is a reason to make it again; anything else is the build's failure. */
static bool is_remade(rec_status rc)
{
    return rc == REC_ESTALE || rc == REC_EDAMAGED;
}

/* No reason to make anything else again where they are missing or damaged. */
static rec_status open_words(struct rec_building *b, const char *path, rec_error *err)
{
    rec_status rc;

    if (rec_model_is_small(b->model))
        return REC_OK;
    if ((rc = rec_words_open(path, &b->old, b->model, &b->old_words, err)) == REC_OK &&
        (rc = rec_words_verify(&b->old_words, err)) != REC_OK)
        rec_words_close(&b->old_words);
    return is_remade(rc) ? REC_OK : rc;
}

/* Opens what is there. What is missing or damaged stays empty; `b->refit` and `report->remade` say so. */
static rec_status open_current(struct rec_building *b, rec_error *err)
{
    rec_error why;
    rec_side_paths paths;
    rec_status rc;

    if (!b->state.fingerprint[0]) {
        b->report->refit = REC_REFIT_FIRST;
        return REC_OK;
    }
    if ((rc = rec_side_name(b->store, b->state.fingerprint, b->state.side, &paths, err)) != REC_OK)
        return rc;
    rc = rec_model_load(paths.model, b->state.fingerprint, &b->model, &why);
    if (rc == REC_OK)
        rc = rec_model_verify(b->model, &why);
    if (is_remade(rc)) {
        b->report->refit = REC_REFIT_DAMAGED;
        return REC_OK;
    }
    if (rc == REC_OK)
        rc = rec_space_load(paths.index, b->model, (size_t)b->state.rows, &b->old, &why);
    if (rc == REC_OK)
        rc = rec_space_verify(&b->old, &why);
    if (rc == REC_OK)
        rc = rec_grams_open(paths.ngrams, (size_t)b->state.rows, b->old.ngrams, &b->old_grams, &why);
    if (rc == REC_OK)
        rc = rec_grams_verify(&b->old_grams, b->threads, &why);
    b->report->remade = is_remade(rc);
    if (rc == REC_OK)
        rc = open_words(b, paths.words, &why);
    if (rc != REC_OK && !is_remade(rc)) {
        if (err)
            *err = why;
        return rc;
    }
    return REC_OK;
}

static void decide_refit(struct rec_building *b, bool asked)
{
    if (b->report->refit == REC_REFIT_NO && asked)
        b->report->refit = REC_REFIT_ASKED;
    if (b->report->refit == REC_REFIT_NO && has_outgrown(b->model, b->state.papers, b->pending > 0))
        b->report->refit = REC_REFIT_GROWN;
}

/* ---- relisting everything ------------------------------------------------------------------------------------------ */

struct embedding {
    struct rec_building *b;
    const rec_corpus *corpus;
};

static rec_status embed_one(size_t task, unsigned thread, void *context, rec_error *err)
{
    const struct embedding *e = context;

    (void)thread;
    return rec_building_embed(e->b, e->corpus, task, task, err);
}

/* Takes the corpus's facets over: they have the space's rows. */
static rec_status embed_all(struct rec_building *b, rec_corpus *corpus, rec_error *err)
{
    struct embedding embedding = { b, corpus };
    rec_status rc;

    rec_progress_report(b->progress, "embedding", 0, corpus->count);
    rc = rec_space_new(corpus->count, rec_model_dim(b->model), rec_model_is_small(b->model), &b->space, err);
    if (rc != REC_OK)
        return rc;
    if ((rc = rec_parallel(corpus->count, b->threads, embed_one, &embedding, err)) != REC_OK)
        return rc;
    rec_grams_release(&b->grams);
    b->space.facets = corpus->facets;
    corpus->facets = (rec_facets)REC_FACETS_INIT;
    return rec_precedence_read(b->store, &b->space, err);
}

static rec_status fit_model(struct rec_building *b, const rec_corpus *corpus, rec_error *err)
{
    rec_table *own = NULL;
    bool shipped;
    rec_status rc = b->table || b->without_table ? REC_OK : rec_tables_of_store(b->store, &own, &shipped, err);

    if (rc != REC_OK)
        return rc;
    rec_progress_report(b->progress, "fitting", 0, corpus->count);
    rec_model_free(b->model);
    b->model = NULL;
    rc = rec_fit_corpus(corpus, &b->grams, own ? own : b->table, b->threads, &b->model, err);
    rec_table_close(own);
    return rc;
}

static rec_status list_all(struct rec_building *b, rec_error *err)
{
    rec_list_maker maker = rec_building_maker(b);
    double recall;
    rec_status rc = rec_relist(&maker, REC_COMPARE_ALL, rec_building_put_list, b, &recall, err);

    return rc == REC_OK ? rec_store_set_recall(b->store, recall, err) : rc;
}

static rec_status measure_spread(struct rec_building *b, rec_error *err)
{
    double middle, deviation;
    rec_status rc = rec_spread_measure(&b->space, b->model, &b->grams, &middle, &deviation, err);

    return rc == REC_OK ? rec_store_set_spread(b->store, middle, deviation, err) : rc;
}

/* Reads all papers and writes their n-grams. */
static rec_status read_all(struct rec_building *b, rec_corpus *corpus, rec_error *err)
{
    rec_corpus_wishes wishes = { .texts = b->report->refit != REC_REFIT_NO ? REC_ADAPT_SAMPLE : 0 };
    rec_status rc = rec_side_prepare(b->store, b->paths.ngrams, err);

    if (rc != REC_OK || (rc = rec_grams_create(b->paths.ngrams, &wishes.rows, err)) != REC_OK)
        return rc;
    if ((rc = rec_corpus_load(b->store, &wishes, b->threads, b->progress, corpus, err)) != REC_OK) {
        rec_grams_abort(wishes.rows);
        return rc;
    }
    return rec_building_take_grams(b, wishes.rows, corpus->places, corpus->count, err);
}

static rec_status relist(struct rec_building *b, rec_error *err)
{
    rec_corpus corpus = REC_CORPUS_INIT;
    rec_status rc = read_all(b, &corpus, err);

    if (rc != REC_OK)
        goto done;
    if (b->report->refit != REC_REFIT_NO && (rc = fit_model(b, &corpus, err)) != REC_OK)
        goto done;
    if ((rc = embed_all(b, &corpus, err)) != REC_OK)
        goto done;
    rec_corpus_clear(&corpus);
    if (b->space.count <= REC_COMPARE_ALL && (rc = rec_building_index(b, err)) != REC_OK)
        goto done;
    if (b->space.smooth && (rc = rec_smooth_all(&b->space, b->index, b->threads, err)) != REC_OK)
        goto done;
    if ((rc = rec_building_begin(b, err)) == REC_OK && (rc = measure_spread(b, err)) == REC_OK)
        rc = list_all(b, err);

done:
    rec_corpus_clear(&corpus);
    return rc;
}

/* ---- what both ways share ------------------------------------------------------------------------------------------ */

rec_status rec_building_take_grams(struct rec_building *b, rec_grams_writer *writer, const rec_gram_place *places, size_t count,
                                   rec_error *err)
{
    rec_status rc = rec_grams_commit(writer, places, count, err);

    return rc == REC_OK ? rec_grams_open_after(b->paths.ngrams, count, &b->old_grams, &b->grams, err) : rc;
}

rec_status rec_building_embed(struct rec_building *b, const rec_corpus *corpus, size_t i, size_t row, rec_error *err)
{
    rec_space *space = &b->space;
    float vector[REC_DIM_MAX];
    rec_count *items;
    rec_packed packed;
    size_t length;
    rec_status rc = rec_grams_row(&b->grams, row, &packed, err);

    if (rc != REC_OK)
        return rc;
    length = rec_packed_features(packed);
    if (!(items = rec_alloc_array(length, sizeof(*items))))
        return rec_fail(err, REC_ENOMEM, "out of memory embedding papers");
    rec_packed_unpack(packed, items);
    space->docs[row] = corpus->docs[i];
    space->title_keys[row] = corpus->title_keys[i];
    space->abstract_keys[row] = corpus->abstract_keys[i];
    rec_model_block_scales(b->model, items, length, space->scales + row * REC_BLOCKS);
    rec_model_embed(b->model, items, length, vector);
    rec_space_put(space, row, vector);
    rec_free(items);
    return REC_OK;
}

rec_status rec_building_index(struct rec_building *b, rec_error *err)
{
    const rec_space *space = &b->space;
    rec_layout layout = { .codes = space->dense, .factors = space->factors, .count = space->count, .dim = space->dim };
    float *vectors;
    rec_status rc;

    rec_progress_report(b->progress, "indexing", 0, space->count);
    if (!rec_model_is_small(b->model))
        return rec_panels_new(&layout, b->threads, &b->panels, err);
    if (!(vectors = rec_alloc_aligned(space->count, space->dim * sizeof(*vectors))))
        return rec_fail(err, REC_ENOMEM, "out of memory indexing %zu papers", space->count);
    rec_space_restore(space, 0, space->count, vectors);
    rc = rec_index_build(REC_INDEX_FAISS, vectors, space->count, space->dim, &b->index, err);
    rec_free(vectors);
    return rc;
}

rec_list_maker rec_building_maker(const struct rec_building *b)
{
    return (rec_list_maker){ .model = b->model,
                             .space = &b->space,
                             .grams = &b->grams,
                             .index = b->index,
                             .panels = b->panels,
                             .threads = b->threads,
                             .progress = b->progress };
}

static rec_status write_words(const struct rec_building *b, const char *path, const rec_words_source *source, rec_error *err)
{
    rec_status rc = rec_side_prepare(b->store, path, err);

    return rc == REC_OK ? rec_words_write(path, source, err) : rc;
}

rec_status rec_building_begin(struct rec_building *b, rec_error *err)
{
    rec_side_paths *paths = &b->paths;
    const char *fingerprint = rec_model_fingerprint(b->model);
    rec_status rc;

    if ((rc = rec_side_name(b->store, fingerprint, b->side, paths, err)) != REC_OK) /* a refit has changed the model's */
        return rc;
    if (b->report->refit != REC_REFIT_NO &&
        ((rc = rec_side_prepare(b->store, paths->model, err)) != REC_OK || (rc = rec_model_save(b->model, paths->model, err)) != REC_OK))
        return rc;
    memcpy(b->space.ngrams, rec_grams_seal(&b->grams), REC_SEAL_BYTES);
    if ((rc = rec_side_prepare(b->store, paths->index, err)) != REC_OK ||
        (rc = rec_space_write(&b->space, paths->index, fingerprint, &b->index_file, err)) != REC_OK)
        return rc;
    if (!rec_model_is_small(b->model)) {
        rec_words_source source = { &b->space,    &b->grams, fingerprint, rec_words_are_open(&b->old_words) ? &b->old_words : NULL,
                                    b->unchanged, b->threads };

        if ((rc = write_words(b, paths->words, &source, err)) != REC_OK)
            return rc;
    }
    return rec_store_begin(b->store, err);
}

rec_status rec_building_put_list(size_t row, const rec_list *list, void *context, rec_error *err)
{
    struct rec_building *b = context;

    b->report->lists++;
    return rec_store_put_list(b->store, b->space.docs[row], list, err);
}

/* From the lists that were just put. A map that cannot be read is no reason to fail: it is made anew. */
static rec_status make_map(struct rec_building *b, bool whole, rec_error *err)
{
    rec_map old = REC_MAP_INIT;
    rec_error why;
    rec_status rc;

    rec_progress_report(b->progress, "mapping", 0, b->space.count);
    if (b->state.fingerprint[0] && rec_map_open(b->store, &b->state, &old, &why) == REC_ENOMEM)
        return rec_fail(err, REC_ENOMEM, "%s", why.message);
    rc = rec_map_make(b->store, &b->space, &old, whole, b->paths.map, rec_model_fingerprint(b->model), err);
    rec_map_close(&old);
    return rc;
}

/* Words that are missing or damaged while all else is current are made again in their place. */
static rec_status mend_words(struct rec_building *b, const char *path, rec_error *err)
{
    rec_words_source source = { .space = &b->old, .grams = &b->old_grams, .fingerprint = b->state.fingerprint, .threads = b->threads };

    if (rec_model_is_small(b->model) || rec_words_are_open(&b->old_words))
        return REC_OK;
    b->report->remade = true;
    return write_words(b, path, &source, err);
}

/* A map that is missing or damaged while all else is current is made again in its place: no answer depends on it. */
static rec_status mend_map(struct rec_building *b, const char *path, rec_error *err)
{
    const rec_map none = REC_MAP_INIT;
    rec_map map = REC_MAP_INIT;
    rec_error why;
    rec_status rc = rec_map_open(b->store, &b->state, &map, &why);

    rec_map_close(&map);
    if (rc == REC_OK)
        return REC_OK;
    if (!is_remade(rc))
        return rec_fail(err, rc, "%s", why.message);
    b->report->remade = true;
    return rec_map_make(b->store, &b->old, &none, true, path, b->state.fingerprint, err);
}

/* Removes what no state mentions any more. */
static void sweep(const rec_store *store, const rec_side_paths *keep, const rec_grams *grams)
{
    int64_t parts[REC_GRAM_PARTS];
    size_t count = grams->file_count - 1;

    for (size_t i = 0; i < count; i++)
        parts[i] = grams->files[i].side;
    rec_side_sweep(store, keep, parts, count);
}

/* No paper came or went: mends what no list is made of, and clears away what a build has left that ended right behind its commit. */
static rec_status tend(struct rec_building *b, rec_error *err)
{
    rec_side_paths paths;
    rec_status rc = rec_side_name(b->store, b->state.fingerprint, b->state.side, &paths, err);

    if (rc == REC_OK)
        rc = mend_words(b, paths.words, err);
    if (rc == REC_OK)
        rc = mend_map(b, paths.map, err);
    if (rc == REC_OK)
        sweep(b->store, &paths, &b->old_grams);
    b->report->nothing = !b->report->remade;
    return rc;
}

/* The disk has had the time that the lists took to write the index. */
static rec_status place_index(struct rec_building *b, rec_error *err)
{
    rec_sealed_writer *writer = b->index_file;

    b->index_file = NULL;
    return rec_sealed_commit(writer, err);
}

static rec_status commit(struct rec_building *b, rec_error *err)
{
    rec_status rc = rec_store_set_built(b->store, rec_model_fingerprint(b->model), b->side, (int64_t)b->space.count, err);

    if (rc == REC_OK)
        rc = rec_store_clear_gone(b->store, err);
    if (rc == REC_OK)
        rc = rec_store_commit(b->store, true, err);
    if (rc == REC_OK)
        sweep(b->store, &b->paths, &b->grams);
    return rc;
}

static void building_clear(struct rec_building *b)
{
    rec_sealed_abort(b->index_file);
    rec_index_free(b->index);
    rec_panels_free(b->panels);
    rec_space_close(&b->space);
    rec_grams_close(&b->grams);
    rec_space_close(&b->old);
    rec_grams_close(&b->old_grams);
    rec_words_close(&b->old_words);
    rec_model_free(b->model);
    rec_table_close(b->table);
    rec_free(b->gone);
}

rec_status rec_build(rec_store *store, const rec_build_options *options, rec_build_report *report, rec_error *err)
{
    struct rec_building b = { .store = store, .report = report, .progress = &options->progress };
    bool whole;
    rec_status rc;

    *report = (rec_build_report){ .refit = REC_REFIT_NO };
    b.without_table = options->without_table;
    b.threads = options->threads ? options->threads : rec_processors();
    if (options->table && (rc = rec_tables_open(options->table, &b.table, err)) != REC_OK)
        return rc;
    /* An import that was cut short, and the migration of an older store, leave this to us. */
    if ((rc = rec_works_settle(store, err)) != REC_OK)
        goto done;
    if ((rc = rec_store_get_state(store, &b.state, err)) != REC_OK)
        goto done;
    if ((rc = rec_store_scan(store, true, count_pending, &b.pending, err)) != REC_OK)
        goto done;
    if ((rc = rec_store_get_gone(store, &b.gone, &b.gone_count, err)) != REC_OK)
        goto done;
    if ((rc = open_current(&b, err)) != REC_OK)
        goto done;
    decide_refit(&b, options->refit || options->table || options->without_table);
    report->added = b.pending;
    report->papers = b.state.papers;
    if (report->refit == REC_REFIT_NO && !report->remade && b.pending == 0 && b.gone_count == 0) {
        rc = tend(&b, err);
        goto done;
    }
    b.side = b.state.side + 1;
    if ((rc = rec_side_name(store, b.state.fingerprint, b.side, &b.paths, err)) != REC_OK)
        goto done;
    whole = report->refit != REC_REFIT_NO || report->remade || rec_model_is_small(b.model) || b.pending > b.state.papers / 4;
    rc = whole ? relist(&b, err) : rec_extend(&b, err);
    if (rc == REC_OK)
        rc = make_map(&b, whole, err);
    if (rc == REC_OK)
        rc = place_index(&b, err);
    /* The table goes first: where the end comes between the two, the old model answers and the next refit takes what was asked for. */
    if (rc == REC_OK && options->table)
        rc = rec_tables_give(store, strcmp(options->table, REC_TABLE_SHIPPED) == 0 ? NULL : b.table, err);
    if (rc == REC_OK)
        rc = commit(&b, err);
    if (rc != REC_OK)
        rec_store_rollback(store);

done:
    building_clear(&b);
    return rc;
}
