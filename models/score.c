/*
 * Likeness of two papers: the exact n-gram cosine and the cosines of the dense vectors, added with the model's weights.
 *
 * The query's row is spread over an array of all features once; each comparison then walks the other paper's counts. Sums are in double
 * precision in the order of the features, so a likeness does not depend on the machine.
 */
#include "rec/model.h"

#include "alloc.h"
#include "model_file.h"
#include "rec/vector.h"
#include "weight.h"

struct rec_query {
    const rec_model *model;
    rec_view view;
    float *spread; /* (REC_FEATURES) scaled weights of the query's row; zero elsewhere */
};

rec_status rec_query_new(const rec_model *model, rec_query **out, rec_error *err)
{
    rec_query *query = rec_alloc(sizeof(*query));

    if (query)
        query->spread = rec_alloc_array(REC_FEATURES, sizeof(*query->spread));
    if (!query || !query->spread) {
        rec_query_free(query);
        return rec_fail(err, REC_ENOMEM, "out of memory for a query");
    }
    query->model = model;
    *out = query;
    return REC_OK;
}

void rec_query_free(rec_query *query)
{
    if (!query)
        return;
    rec_free(query->spread);
    rec_free(query);
}

void rec_query_set(rec_query *query, const rec_view *view)
{
    float scales[REC_BLOCKS];

    for (size_t i = 0; i < query->view.length; i++)
        query->spread[rec_count_feature(query->view.items[i])] = 0;
    query->view = *view;
    rec_weight_blocks(query->model->idf, view->items, view->length, scales);
    for (size_t i = 0; i < view->length; i++) {
        uint32_t feature = rec_count_feature(view->items[i]);
        query->spread[feature] = rec_weight(query->model->idf, view->items[i]) * scales[feature / REC_BLOCK_BUCKETS];
    }
}

/* Both rows have unit length: the cosine is their inner product. One walk gives the products and the other row's lengths. */
static double sparse_cosine(const rec_query *query, const rec_view *other)
{
    double products[REC_BLOCKS] = { 0 }, cosine = 0;
    float scales[REC_BLOCKS];

    rec_weight_blocks(query->model->idf, other->items, other->length, scales);
    for (size_t i = 0; i < other->length; i++) {
        uint32_t feature = rec_count_feature(other->items[i]);
        products[feature / REC_BLOCK_BUCKETS] += (double)(rec_weight(query->model->idf, other->items[i]) * query->spread[feature]);
    }
    for (unsigned b = 0; b < REC_BLOCKS; b++)
        cosine += products[b] * (double)scales[b];
    return cosine;
}

rec_parts rec_query_score(const rec_query *query, const rec_view *other)
{
    const float *weights = query->model->head->weights;
    size_t dim = query->model->head->dim;
    rec_parts parts = { 0 };

    parts.sparse = (float)sparse_cosine(query, other);
    parts.dense = rec_dot(query->view.dense, other->dense, dim);
    if (query->view.smooth && other->smooth)
        parts.smooth = rec_dot(query->view.smooth, other->smooth, dim);
    parts.total = weights[0] * parts.sparse + weights[1] * parts.dense + weights[2] * parts.smooth;
    return parts;
}

void rec_smooth(const float *const *vectors, const float *likeness, size_t count, size_t dim, float *out)
{
    for (size_t j = 0; j < dim; j++)
        out[j] = 0;
    for (size_t i = 0; i < count; i++) {
        float w = likeness[i] > 0 ? likeness[i] : 0;
        rec_add_scaled(out, w * w * w, vectors[i], dim);
    }
    rec_normalise(out, dim);
}
