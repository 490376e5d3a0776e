/*
 * Fitting a model on a corpus: document frequencies, then the projection, then the table.
 *
 * A small store's projection reads all features of all papers. A large store's reads words alone, of a sample: 5 seconds instead of 213 at
 * 96,000 papers for .001 to .003 of nDCG, and has half the components (docs/evaluation.md).
 */
#include "rec/model.h"

#include "adapt.h"
#include "alloc.h"
#include "authors.h"
#include "lsa.h"
#include "model_file.h"
#include "rec/vector.h"
#include "settings.h"
#include "weight.h"

#include <string.h>

#define MIN_PAPERS 2    /* a feature of one paper of the sample says nothing of its likeness to others */
#define IDF_FLOOR 0.02f /* what all papers share still counts a little: two papers alone are not strangers */

#define LARGE_DIM (REC_FIT_DIM / 2)

_Static_assert(REC_FIT_DIM <= REC_LSA_MAX, "the projection must be one that can be fitted");

struct fitting {
    const rec_fit *fit;
    const rec_rows *rows;
    rec_census census; /* of all papers */
    bool small;
    uint32_t *papers_with; /* (REC_FEATURES) of the rows, where no census was given */
    float *idf;            /* (REC_FEATURES) */
    size_t *sample;        /* (sample_count) numbers of rows, rising */
    size_t sample_count;
    uint32_t *row_of; /* (REC_FEATURES) */
    uint32_t columns;
    uint32_t feature_end; /* the projection reads features below this */
    uint64_t *offsets;    /* the weighted sample, as rec_sparse_matrix wants it */
    uint32_t *column;
    float *value;
    float *projection; /* (columns, width) */
    size_t width;
    float *table;     /* (REC_BLOCK_BUCKETS, REC_TABLE_DIM) adapted; NULL without part I */
    float *table_idf; /* (REC_BLOCK_BUCKETS) */
    rec_common_authors common;
};

static size_t row_length(const rec_rows *rows, size_t row)
{
    return (size_t)(rows->offsets[row + 1] - rows->offsets[row]);
}

/* Takes the rows for all papers. */
static void count_papers(struct fitting *f)
{
    f->census = (rec_census){ .papers = f->rows->count, .papers_with = f->papers_with };
    for (size_t row = 0; row < f->rows->count; row++) {
        f->census.with_text += row_length(f->rows, row) > 0;
        for (uint64_t i = f->rows->offsets[row]; i < f->rows->offsets[row + 1]; i++)
            f->papers_with[rec_count_feature(f->rows->items[i])]++;
    }
}

/* ln((N + 1) / (df + 1)) */
static void weigh_features(struct fitting *f)
{
    for (uint32_t feature = 0; feature < REC_FEATURES; feature++) {
        float idf = (float)rec_log((double)(f->census.with_text + 1) / (double)(f->census.papers_with[feature] + 1));
        f->idf[feature] = idf > IDF_FLOOR ? idf : IDF_FLOOR;
    }
}

/* The rows with features. */
static void choose_rows(struct fitting *f)
{
    for (size_t row = 0; row < f->rows->count; row++)
        if (row_length(f->rows, row) > 0)
            f->sample[f->sample_count++] = row;
}

/* Numbers the features that the projection reads; returns the matrix's entries. */
static uint64_t choose_features(struct fitting *f, uint32_t *seen)
{
    uint64_t entries = 0;

    for (size_t s = 0; s < f->sample_count; s++)
        for (uint64_t i = f->rows->offsets[f->sample[s]]; i < f->rows->offsets[f->sample[s] + 1]; i++)
            seen[rec_count_feature(f->rows->items[i])]++;
    for (uint32_t feature = 0; feature < REC_FEATURES; feature++) {
        f->row_of[feature] = REC_NO_ROW;
        if (feature >= f->feature_end || seen[feature] < MIN_PAPERS)
            continue;
        f->row_of[feature] = f->columns++;
        entries += seen[feature];
    }
    return entries;
}

static void fill_matrix(struct fitting *f)
{
    uint64_t at = 0;

    for (size_t s = 0; s < f->sample_count; s++) {
        const rec_count *items = f->rows->items + f->rows->offsets[f->sample[s]];
        size_t length = row_length(f->rows, f->sample[s]);
        float scales[REC_BLOCKS];

        rec_weight_blocks(f->idf, items, length, scales);
        for (size_t i = 0; i < length; i++) {
            uint32_t feature = rec_count_feature(items[i]);
            if (f->row_of[feature] == REC_NO_ROW)
                continue;
            f->column[at] = f->row_of[feature];
            f->value[at++] = rec_weight(f->idf, items[i]) * scales[feature / REC_BLOCK_BUCKETS];
        }
        f->offsets[s + 1] = at;
    }
}

/* Rows of `width`, to rows of `dim` bytes. */
static void quantise(const float *rows, size_t count, size_t width, size_t dim, float *scale, int8_t *bytes)
{
    for (size_t r = 0; r < count; r++)
        scale[r] = rec_quantise(rows + r * width, bytes + r * dim, width);
}

/* Components: half the papers where they are few, for a basis as large as the corpus would only repeat the n-grams. */
static size_t choose_width(size_t papers, bool small)
{
    size_t most = small ? REC_FIT_DIM : LARGE_DIM;

    if (papers >= 2 * most)
        return most;
    return papers < 2 ? 1 : papers / 2;
}

static float between(float from, float to, float way)
{
    return from + (to - from) * way;
}

static void choose_weights(struct rec_model_head *head)
{
    float way; /* from REC_SMALL_STORE to REC_LARGEST_STORE, 0 to 1 */

    if (head->is_small) {
        head->weights[0] = REC_SPARSE_SHARE;
        head->weights[1] = (1 - REC_SPARSE_SHARE) * (1 - REC_SMOOTH_SHARE);
        head->weights[2] = (1 - REC_SPARSE_SHARE) * REC_SMOOTH_SHARE;
        head->fit_share = head->table_dim ? REC_FITTED_SHARE : 1;
        return;
    }
    way = (float)(rec_log((double)head->papers / REC_SMALL_STORE) / rec_log((double)REC_LARGEST_STORE / REC_SMALL_STORE));
    way = way < 1 ? way : 1;
    head->weights[0] = between(REC_LARGE_SPARSE_SHARE, REC_LARGEST_SPARSE_SHARE, way);
    head->weights[1] = 1 - head->weights[0];
    head->fit_share = head->table_dim ? between(REC_FITTED_SHARE, REC_LARGEST_FITTED_SHARE, way) : 1;
}

/* The finished payload, handed to a model. */
static rec_status assemble(const struct fitting *f, rec_model **out, rec_error *err)
{
    struct rec_model_head head = { .ngram_version = REC_NGRAM_VERSION,
                                   .fit_dim = (uint32_t)((f->width + 15) / 16 * 16),
                                   .rows = f->columns,
                                   .table_dim = f->table ? REC_TABLE_DIM : 0,
                                   .is_small = f->small,
                                   .papers = f->census.papers,
                                   .blocks = f->feature_end / REC_BLOCK_BUCKETS,
                                   .author_share = REC_AUTHOR_SHARE,
                                   .common_authors = (uint32_t)f->common.count };
    rec_model *model = rec_alloc(sizeof(*model));
    void *payload = rec_alloc_aligned(rec_model_payload_bytes(&head), 1);

    if (!model || !payload) {
        rec_free(model);
        rec_free(payload);
        return rec_fail(err, REC_ENOMEM, "out of memory fitting the model");
    }
    choose_weights(&head);
    memcpy(payload, &head, sizeof(head));
    model->owned = payload;
    rec_model_lay_out(model, payload);
    memcpy((float *)model->idf, f->idf, REC_FEATURES * sizeof(float));
    memcpy((uint32_t *)model->row_of, f->row_of, REC_FEATURES * sizeof(uint32_t));
    quantise(f->projection, f->columns, f->width, head.fit_dim, (float *)model->scale, (int8_t *)model->bytes);
    if (f->common.count > 0) {
        memcpy((uint32_t *)model->common_keys, f->common.keys, f->common.count * sizeof(uint32_t));
        memcpy((float *)model->common_weights, f->common.weights, f->common.count * sizeof(float));
    }
    if (f->table) {
        memcpy((float *)model->table_idf, f->table_idf, REC_BLOCK_BUCKETS * sizeof(float));
        quantise(f->table, REC_BLOCK_BUCKETS, REC_TABLE_DIM, REC_TABLE_DIM, (float *)model->table_scale, (int8_t *)model->table_bytes);
    }
    rec_fingerprint(payload, model->payload_bytes, model->fingerprint);
    *out = model;
    return REC_OK;
}

static rec_status project(struct fitting *f, rec_error *err)
{
    uint32_t *seen = rec_alloc_array(REC_FEATURES, sizeof(*seen));
    uint64_t entries;

    if (!seen)
        return rec_fail(err, REC_ENOMEM, "out of memory fitting the model");
    entries = choose_features(f, seen);
    rec_free(seen);
    f->width = choose_width(f->sample_count, f->small);
    f->offsets = rec_alloc_array(f->sample_count + 1, sizeof(*f->offsets));
    f->column = rec_alloc_array(entries, sizeof(*f->column));
    f->value = rec_alloc_array(entries, sizeof(*f->value));
    f->projection = rec_alloc_array((size_t)f->columns * f->width, sizeof(*f->projection));
    if (!f->offsets || !f->column || !f->value || !f->projection)
        return rec_fail(err, REC_ENOMEM, "out of memory fitting the model");
    fill_matrix(f);
    rec_sparse_matrix matrix = { f->sample_count, f->columns, f->offsets, f->column, f->value };
    return rec_lsa_fit(&matrix, f->width, f->fit->threads, f->projection, err);
}

static rec_status adapt(struct fitting *f, rec_error *err)
{
    if (!f->fit->table)
        return REC_OK;
    f->table = rec_alloc_aligned(REC_BLOCK_BUCKETS, REC_TABLE_DIM * sizeof(*f->table));
    f->table_idf = rec_alloc_array(REC_BLOCK_BUCKETS, sizeof(*f->table_idf));
    if (!f->table || !f->table_idf)
        return rec_fail(err, REC_ENOMEM, "out of memory fitting the model");
    return rec_table_adapt(f->fit->table, &f->fit->texts, f->census.papers_with, f->census.with_text, f->fit->threads, f->table,
                           f->table_idf, err);
}

rec_status rec_model_fit(const rec_fit *fit, rec_model **out, rec_error *err)
{
    const rec_rows *rows = &fit->rows;
    struct fitting f = { .fit = fit, .rows = rows, .census = fit->census };
    rec_status rc;

    f.papers_with = rec_alloc_array(REC_FEATURES, sizeof(*f.papers_with));
    f.idf = rec_alloc_array(REC_FEATURES, sizeof(*f.idf));
    f.row_of = rec_alloc_array(REC_FEATURES, sizeof(*f.row_of));
    f.sample = rec_alloc_array(rows->count, sizeof(*f.sample));
    if (!f.papers_with || !f.idf || !f.row_of || !f.sample) {
        rc = rec_fail(err, REC_ENOMEM, "out of memory fitting the model");
        goto done;
    }
    if (!f.census.papers_with)
        count_papers(&f);
    f.small = f.census.papers <= REC_SMALL_STORE;
    weigh_features(&f);
    f.feature_end = f.small ? REC_FEATURES : REC_BLOCK_BUCKETS;
    choose_rows(&f);
    if ((rc = project(&f, err)) == REC_OK && (rc = adapt(&f, err)) == REC_OK &&
        (rc = rec_authors_count(fit->authors, &f.common, err)) == REC_OK)
        rc = assemble(&f, out, err);

done:
    rec_free(f.papers_with);
    rec_free(f.idf);
    rec_free(f.row_of);
    rec_free(f.sample);
    rec_free(f.offsets);
    rec_free(f.column);
    rec_free(f.value);
    rec_free(f.projection);
    rec_free(f.table);
    rec_free(f.table_idf);
    rec_common_authors_clear(&f.common);
    return rc;
}
