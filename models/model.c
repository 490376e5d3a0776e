/*
 * A model in memory and on disk: laying out its file, saving, loading, and what it says of one paper. Fitting is fit.c's, comparing
 * score.c's.
 */
#include "rec/model.h"

#include "alloc.h"
#include "model_file.h"
#include "rec/vector.h"
#include "weight.h"

#include <math.h>
#include <string.h>

_Static_assert(sizeof(struct rec_model_head) == 64, "the head is 64 bytes on disk");

#define KIND "model"

size_t rec_model_payload_bytes(const struct rec_model_head *head)
{
    size_t bytes = sizeof(*head) + REC_FEATURES * (sizeof(float) + sizeof(uint32_t));

    if (head->rows > REC_FEATURES || head->fit_dim > REC_FIT_DIM || (head->table_dim != 0 && head->table_dim != REC_TABLE_DIM))
        return 0;
    bytes += rec_sealed_padded(head->rows * sizeof(float)) + rec_sealed_padded((size_t)head->rows * head->fit_dim);
    bytes += rec_sealed_padded(head->common_authors * sizeof(uint32_t)) + rec_sealed_padded(head->common_authors * sizeof(float));
    return head->table_dim ? bytes + REC_BLOCK_BUCKETS * (2 * sizeof(float) + REC_TABLE_DIM) : bytes;
}

void rec_model_lay_out(struct rec_model *model, const void *payload)
{
    const char *at = payload;

    model->head = payload;
    at += sizeof(struct rec_model_head);
    model->idf = (const float *)at;
    at += REC_FEATURES * sizeof(float);
    model->row_of = (const uint32_t *)at;
    at += REC_FEATURES * sizeof(uint32_t);
    model->scale = (const float *)at;
    at += rec_sealed_padded(model->head->rows * sizeof(float));
    model->bytes = (const int8_t *)at;
    at += rec_sealed_padded((size_t)model->head->rows * model->head->fit_dim);
    model->common_keys = (const uint32_t *)at;
    at += rec_sealed_padded(model->head->common_authors * sizeof(uint32_t));
    model->common_weights = (const float *)at;
    at += rec_sealed_padded(model->head->common_authors * sizeof(float));
    if (model->head->table_dim) {
        model->table_idf = (const float *)at;
        model->table_scale = model->table_idf + REC_BLOCK_BUCKETS;
        model->table_bytes = (const int8_t *)(model->table_scale + REC_BLOCK_BUCKETS);
    }
    model->payload_bytes = rec_model_payload_bytes(model->head);
}

rec_status rec_model_save(const rec_model *model, const char *path, rec_error *err)
{
    rec_sealed_info info = { KIND, REC_MODEL_VERSION, (uint32_t)rec_model_dim(model), model->head->rows, "" };
    rec_sealed_writer *writer;
    rec_status rc;

    memcpy(info.fingerprint, model->fingerprint, sizeof(info.fingerprint));
    if ((rc = rec_sealed_create(path, &info, &writer, err)) != REC_OK)
        return rc;
    if ((rc = rec_sealed_write(writer, model->head, model->payload_bytes, err)) != REC_OK) {
        rec_sealed_abort(writer);
        return rc;
    }
    return rec_sealed_commit(writer, err);
}

/* The checksum vouches for a file of ours; this is for one that is whole and says what it must not. */
static rec_status check_head(const rec_sealed *sealed, const char *path, rec_error *err)
{
    const struct rec_model_head *head = (const void *)sealed->payload;
    rec_status rc;

    if (sealed->bytes < sizeof(*head))
        return rec_fail(err, REC_EDAMAGED, "cannot open '%s': too short for a model; run 'recommend build'", path);
    if ((rc = rec_sealed_verify(sealed, 0, sizeof(*head), err)) != REC_OK)
        return rc;
    if (head->ngram_version != REC_NGRAM_VERSION)
        return rec_fail(err, REC_ESTALE,
                        "cannot open '%s': made from n-grams of version %u, this program makes version %u; "
                        "run 'recommend build --refit'",
                        path, head->ngram_version, REC_NGRAM_VERSION);
    if (head->fit_dim == 0 || head->fit_dim % 16 != 0 || rec_model_payload_bytes(head) != sealed->bytes)
        return rec_fail(err, REC_EDAMAGED, "cannot open '%s': its sizes contradict each other; run 'recommend build'", path);
    return REC_OK;
}

static rec_status verify_part(const rec_model *model, const void *at, size_t bytes, rec_error *err)
{
    if (!model->sealed.map)
        return REC_OK;
    return rec_sealed_verify(&model->sealed, (size_t)((const uint8_t *)at - model->sealed.payload), bytes, err);
}

/* All but the rows of the projection and of the table, of which a text needs a few hundred. */
static rec_status verify_tables(const rec_model *model, rec_error *err)
{
    size_t before_rows = (size_t)((const uint8_t *)model->bytes - (const uint8_t *)model->head);
    rec_status rc = verify_part(model, model->head, before_rows, err);

    if (rc == REC_OK && model->table_idf)
        rc = verify_part(model, model->table_idf, 2 * REC_BLOCK_BUCKETS * sizeof(*model->table_idf), err);
    return rc;
}

rec_status rec_model_verify(const rec_model *model, rec_error *err)
{
    return verify_part(model, model->head, model->payload_bytes, err);
}

rec_status rec_model_touch(const rec_model *model, const rec_count *items, size_t length, rec_error *err)
{
    size_t dim = model->head->fit_dim;
    rec_status rc = REC_OK;

    for (size_t i = 0; i < length && rc == REC_OK && model->sealed.map; i++) {
        uint32_t feature = rec_count_feature(items[i]), row = model->row_of[feature];

        if (row != REC_NO_ROW)
            rc = verify_part(model, model->bytes + (size_t)row * dim, dim, err);
        if (rc == REC_OK && model->table_bytes && feature < REC_BLOCK_BUCKETS)
            rc = verify_part(model, model->table_bytes + (size_t)feature * REC_TABLE_DIM, REC_TABLE_DIM, err);
    }
    return rc;
}

static rec_status check_rows(const rec_model *model, const char *path, rec_error *err)
{
    for (uint32_t f = 0; f < REC_FEATURES; f++)
        if (model->row_of[f] != REC_NO_ROW && model->row_of[f] >= model->head->rows)
            return rec_fail(err, REC_EDAMAGED, "cannot open '%s': feature %u names row %u of %u; run 'recommend build'", path, f,
                            model->row_of[f], model->head->rows);
    return REC_OK;
}

rec_status rec_model_load(const char *path, const char *fingerprint, rec_model **out, rec_error *err)
{
    rec_model *model = rec_alloc(sizeof(*model));
    rec_status rc;

    if (!model)
        return rec_fail(err, REC_ENOMEM, "out of memory opening '%s'", path);
    if ((rc = rec_sealed_open(path, KIND, REC_MODEL_VERSION, &model->sealed, err)) != REC_OK)
        goto done;
    if ((rc = check_head(&model->sealed, path, err)) != REC_OK)
        goto done;
    rec_model_lay_out(model, model->sealed.payload);
    memcpy(model->fingerprint, model->sealed.info.fingerprint, sizeof(model->fingerprint));
    if ((rc = verify_tables(model, err)) != REC_OK || (rc = check_rows(model, path, err)) != REC_OK)
        goto done;
    if (fingerprint && strcmp(fingerprint, model->fingerprint) != 0) {
        rc = rec_fail(err, REC_ESTALE, "cannot use model '%s': fingerprint %s, store has %s; run 'recommend build'", path,
                      model->fingerprint, fingerprint);
        goto done;
    }
    *out = model;
    model = NULL;

done:
    rec_model_free(model);
    return rc;
}

void rec_model_free(rec_model *model)
{
    if (!model)
        return;
    rec_sealed_close(&model->sealed);
    rec_free(model->owned);
    rec_free(model);
}

const char *rec_model_fingerprint(const rec_model *model)
{
    return model->fingerprint;
}

size_t rec_model_dim(const rec_model *model)
{
    return model->head->fit_dim + model->head->table_dim;
}

uint64_t rec_model_papers(const rec_model *model)
{
    return model->head->papers;
}

bool rec_model_is_small(const rec_model *model)
{
    return model->head->is_small != 0;
}

void rec_model_block_scales(const rec_model *model, const rec_count *items, size_t length, float scales[REC_BLOCKS])
{
    rec_weight_blocks(model->idf, items, length, scales);
}

#define GATHERED 256

/* Rows of bytes to be added with their weights, a few hundred at a time. */
struct gathering {
    float *out; /* (dim) */
    size_t dim, count;
    float weights[GATHERED];
    const int8_t *rows[GATHERED];
};

static void add_gathered(struct gathering *g)
{
    rec_add_rows(g->out, g->weights, g->rows, g->count, g->dim);
    g->count = 0;
}

static void gather(struct gathering *g, float weight, const int8_t *row)
{
    g->weights[g->count] = weight;
    g->rows[g->count++] = row;
    if (g->count == GATHERED)
        add_gathered(g);
}

/* Part L: the projection of the weighted row. */
static void embed_fitted(const rec_model *model, const rec_count *items, size_t length, float *out)
{
    size_t dim = model->head->fit_dim;
    struct gathering g = { .out = out, .dim = dim, .count = 0 };
    float scales[REC_BLOCKS];

    rec_weight_blocks(model->idf, items, length, scales);
    for (size_t i = 0; i < length && rec_count_feature(items[i]) < model->head->blocks * REC_BLOCK_BUCKETS; i++) {
        uint32_t feature = rec_count_feature(items[i]), row = model->row_of[feature];
        float weight;

        if (row == REC_NO_ROW)
            continue;
        weight = rec_weight(model->idf, items[i]) * scales[feature / REC_BLOCK_BUCKETS];
        gather(&g, weight * model->scale[row], model->bytes + (size_t)row * dim);
    }
    add_gathered(&g);
}

/* Part I: the weighted sum of the table's rows; block W stands first. */
static void embed_trained(const rec_model *model, const rec_count *items, size_t length, float *out)
{
    struct gathering g = { .out = out, .dim = REC_TABLE_DIM, .count = 0 };

    for (size_t i = 0; i < length && rec_count_feature(items[i]) < REC_BLOCK_BUCKETS; i++) {
        uint32_t bucket = rec_count_feature(items[i]);
        float weight = rec_weight(model->table_idf, items[i]) * model->table_scale[bucket];

        if (weight > 0)
            gather(&g, weight, model->table_bytes + (size_t)bucket * REC_TABLE_DIM);
    }
    add_gathered(&g);
}

static void normalise_to(float *x, size_t n, float length)
{
    rec_normalise(x, n);
    for (size_t i = 0; i < n; i++)
        x[i] *= length;
}

void rec_model_embed(const rec_model *model, const rec_count *items, size_t length, float *out)
{
    const struct rec_model_head *head = model->head;
    float *trained = out + head->fit_dim;

    memset(out, 0, rec_model_dim(model) * sizeof(*out));
    embed_fitted(model, items, length, out);
    normalise_to(out, head->fit_dim, sqrtf(head->fit_share));
    if (head->table_dim) {
        embed_trained(model, items, length, trained);
        normalise_to(trained, head->table_dim, sqrtf(1 - head->fit_share));
    }
    rec_normalise(out, rec_model_dim(model)); /* one of the two may know none of the paper's n-grams */
}
