/*
 * Likeness of two papers: the exact n-gram cosine and the cosines of the dense vectors, added with the model's weights.
 *
 * The query's row is spread over an array of all features once, multiplied with the feature's idf, so that a comparison needs one look-up
 * for each of the other paper's features. Sums are in double precision in the order of the features, or exact (codes.h): a likeness does
 * not depend on the machine.
 */
#include "rec/model.h"

#include "alloc.h"
#include "model_file.h"
#include "rec/vector.h"
#include "weight.h"

#include <string.h>

struct rec_query {
    const rec_model *model;
    rec_view view;
    float *spread; /* (REC_FEATURES) scaled weights of the query's row times idf; zero elsewhere */
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
    const float *idf = query->model->idf;

    for (size_t i = 0; i < query->view.length; i++)
        query->spread[rec_count_feature(query->view.items[i])] = 0;
    query->view = *view;
    for (size_t i = 0; i < view->length; i++) {
        uint32_t feature = rec_count_feature(view->items[i]);
        query->spread[feature] = rec_weight(idf, view->items[i]) * view->scales[feature / REC_BLOCK_BUCKETS] * idf[feature];
    }
}

/* Both rows have unit length: the cosine is their inner product, here by block. Features rise, so W is walked before C. */
static void sparse_products(const rec_query *query, const rec_view *other, double products[REC_BLOCKS])
{
    size_t i = 0;

    for (unsigned block = 0; block < REC_BLOCKS; block++) {
        uint32_t end = (block + 1) * REC_BLOCK_BUCKETS;
        double product = 0;

        for (; i < other->length && rec_count_feature(other->items[i]) < end; i++) {
            uint32_t tf = rec_count_tf(other->items[i]);
            float weight = query->spread[rec_count_feature(other->items[i])];

            product += (double)(tf == 1 ? weight : weight * rec_tf_weight(tf));
        }
        products[block] = product * (double)other->scales[block];
    }
}

static double sparse_cosine(const rec_query *query, const rec_view *other)
{
    double products[REC_BLOCKS], cosine = 0;

    sparse_products(query, other, products);
    for (unsigned block = 0; block < REC_BLOCKS; block++)
        cosine += products[block];
    return cosine;
}

rec_parts rec_query_score(const rec_query *query, const rec_view *other)
{
    const float *weights = query->model->head->weights;
    size_t dim = rec_model_dim(query->model);
    rec_parts parts = { 0 };

    parts.sparse = (float)sparse_cosine(query, other);
    parts.dense = rec_codes_cosine(query->view.dense, other->dense, dim);
    if (query->view.smooth.items && other->smooth.items)
        parts.smooth = rec_codes_cosine(query->view.smooth, other->smooth, dim);
    parts.total = weights[0] * parts.sparse + weights[1] * parts.dense + weights[2] * parts.smooth;
    return parts;
}

rec_detail rec_query_detail(const rec_query *query, const rec_view *other)
{
    const struct rec_model_head *head = query->model->head;
    rec_code a = query->view.dense, b = other->dense;
    double products[REC_BLOCKS];
    rec_detail detail;

    sparse_products(query, other, products);
    detail.words = (float)products[0];
    detail.characters = (float)products[1];
    detail.fitted = rec_codes_worth(rec_codes_dot(a.items, b.items, head->fit_dim), a.factor, b.factor);
    detail.trained = rec_codes_worth(rec_codes_dot(a.items + head->fit_dim, b.items + head->fit_dim, head->table_dim), a.factor, b.factor);
    memcpy(detail.weights, head->weights, sizeof(detail.weights));
    return detail;
}

void rec_smooth(const rec_code *vectors, const float *likeness, size_t count, size_t dim, float *out)
{
    for (size_t j = 0; j < dim; j++)
        out[j] = 0;
    for (size_t i = 0; i < count; i++) {
        float w = likeness[i] > 0 ? likeness[i] : 0;
        rec_add_scaled_bytes(out, w * w * w * vectors[i].factor, vectors[i].items, dim);
    }
    rec_normalise(out, dim);
}
