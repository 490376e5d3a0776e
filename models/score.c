/*
 * Likeness of two papers: the exact n-gram cosine and the cosines of the dense vectors, added with the model's weights, and a little for
 * authors in common.
 *
 * The query's row is spread over an array of all features once, multiplied with the feature's idf, so that a comparison needs one look-up
 * for each of the other paper's features. What is spread is rounded to whole numbers whose sum stays below 2^31: a group's look-ups
 * (packed.h) add up exactly, in any order, and a likeness does not depend on the machine. One look-up after another takes 0.8 ns a feature;
 * gathering eight or sixteen at a time with AVX2 or AVX-512 took as long, for what is waited for is the second cache.
 */
#include "rec/model.h"

#include "alloc.h"
#include "authors.h"
#include "model_file.h"
#include "rec/vector.h"
#include "weight.h"

#include <string.h>

#define WORDS_GUESS 2.0f /* the cosine over what block W adds to it, in a guess */

struct rec_query {
    const rec_model *model;
    rec_view view;
    uint32_t *spread; /* (REC_FEATURES) scaled weights of the query's row times idf, in units of `unit`; zero elsewhere */
    double unit;
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

#define SPREAD_SUM 1073741824.0 /* 2^30: what rounding adds leaves the sum below 2^31 */

/* What a feature of the query's row is worth: its scaled weight, times the idf that the other row's weight lacks. */
static double worth(const rec_query *query, unsigned block, rec_group group, size_t i)
{
    float idf = query->model->idf[block * REC_BLOCK_BUCKETS + group.buckets[i]];

    return (double)(rec_tf_weight(group.tf) * idf * query->view.scales[block]) * (double)idf;
}

/* The finest power of two in which the row's sum is at most SPREAD_SUM. */
static double choose_unit(const rec_query *query)
{
    rec_group_walk walk = rec_packed_walk(query->view.packed);
    double sum = 0, unit = 1;
    rec_group group;

    for (unsigned block = 0; block < REC_BLOCKS; block++)
        while (rec_packed_next(&walk, block, &group))
            for (size_t i = 0; i < group.count; i++)
                sum += worth(query, block, group, i);
    while (sum > 0 && sum <= SPREAD_SUM / 2 * unit)
        unit /= 2;
    while (sum > SPREAD_SUM * unit)
        unit *= 2;
    return unit;
}

/* A damaged model may give what is no number, or none that an integer holds: any answer will do, but it must be one. */
static uint32_t in_units(double value, double unit)
{
    double units = value / unit + 0.5;

    return units > 0 && units < SPREAD_SUM * 2 ? (uint32_t)units : 0;
}

static void spread_out(rec_query *query, bool clear)
{
    rec_group_walk walk = rec_packed_walk(query->view.packed);
    rec_group group;

    for (unsigned block = 0; block < REC_BLOCKS; block++)
        while (rec_packed_next(&walk, block, &group)) {
            uint32_t *spread = query->spread + block * REC_BLOCK_BUCKETS;

            for (size_t i = 0; i < group.count; i++)
                spread[group.buckets[i]] = clear ? 0 : in_units(worth(query, block, group, i), query->unit);
        }
}

void rec_query_set(rec_query *query, const rec_view *view)
{
    spread_out(query, true);
    query->view = *view;
    query->unit = choose_unit(query);
    spread_out(query, false);
}

/* Four sums, so that a look-up need not wait for the one before it. */
static uint32_t look_up(const uint32_t *spread, const uint16_t *buckets, size_t count)
{
    uint32_t a = 0, b = 0, c = 0, d = 0;
    size_t i;

    for (i = 0; i + 4 <= count; i += 4) {
        a += spread[buckets[i]];
        b += spread[buckets[i + 1]];
        c += spread[buckets[i + 2]];
        d += spread[buckets[i + 3]];
    }
    for (; i < count; i++)
        a += spread[buckets[i]];
    return a + b + c + d;
}

/* What the block that `walk` stands before adds to the cosine. */
static double block_cosine(const rec_query *query, rec_group_walk *walk, unsigned block, const float *scales)
{
    const uint32_t *spread = query->spread + block * REC_BLOCK_BUCKETS;
    double product = 0;
    rec_group group;

    while (rec_packed_next(walk, block, &group))
        product += (double)rec_tf_weight(group.tf) * (double)look_up(spread, group.buckets, group.count);
    return product * query->unit * (double)scales[block];
}

/* Both rows have unit length: the cosine is their inner product, here by block. */
static void sparse_products(const rec_query *query, const rec_view *other, double products[REC_BLOCKS])
{
    rec_group_walk walk = rec_packed_walk(other->packed);

    for (unsigned block = 0; block < REC_BLOCKS; block++)
        products[block] = block_cosine(query, &walk, block, other->scales);
}

static double sparse_cosine(const rec_query *query, const rec_view *other)
{
    double products[REC_BLOCKS], cosine = 0;

    sparse_products(query, other, products);
    for (unsigned block = 0; block < REC_BLOCKS; block++)
        cosine += products[block];
    return cosine;
}

/* The weighted sum of the parts that come from the texts. */
static float sum_texts(const rec_query *query, const rec_parts *parts)
{
    const float *weights = query->model->head->weights;

    return weights[0] * parts->sparse + weights[1] * parts->dense + weights[2] * parts->smooth;
}

/* What the authors' part is multiplied with. */
static float author_weight(const rec_query *query, float texts)
{
    return query->model->head->author_share * (1 - texts);
}

rec_parts rec_query_score(const rec_query *query, const rec_view *other)
{
    size_t dim = rec_model_dim(query->model);
    rec_parts parts = { 0 };
    float texts;

    parts.sparse = (float)sparse_cosine(query, other);
    parts.dense = rec_codes_cosine(query->view.dense, other->dense, dim);
    if (query->view.smooth.items && other->smooth.items)
        parts.smooth = rec_codes_cosine(query->view.smooth, other->smooth, dim);
    parts.authors = rec_authors_likeness(query->model, query->view.authors, other->authors);
    texts = sum_texts(query, &parts);
    parts.total = texts + author_weight(query, texts) * parts.authors;
    return parts;
}

/* With s as the authors' share of what the texts leave: total = texts + s (1 - texts). */
float rec_model_authors_add(const rec_model *model, rec_authors a, rec_authors b, float total)
{
    float s = model->head->author_share * rec_authors_likeness(model, a, b), texts = s < 1 ? (total - s) / (1 - s) : total;

    return s * (1 - texts);
}

rec_detail rec_query_detail(const rec_query *query, const rec_view *other)
{
    const struct rec_model_head *head = query->model->head;
    rec_code a = query->view.dense, b = other->dense;
    rec_parts parts = rec_query_score(query, other);
    double products[REC_BLOCKS];
    rec_detail detail;

    sparse_products(query, other, products);
    detail.words = (float)products[0];
    detail.characters = (float)products[1];
    detail.fitted = rec_codes_worth(rec_codes_dot(a.items, b.items, head->fit_dim), a.factor, b.factor);
    detail.trained = rec_codes_worth(rec_codes_dot(a.items + head->fit_dim, b.items + head->fit_dim, head->table_dim), a.factor, b.factor);
    memcpy(detail.weights, head->weights, sizeof(detail.weights));
    detail.author_weight = author_weight(query, sum_texts(query, &parts));
    return detail;
}

float rec_query_guess(const rec_query *query, rec_packed packed, const float *scales)
{
    rec_group_walk walk = rec_packed_walk(packed);

    return query->model->head->weights[0] * WORDS_GUESS * (float)block_cosine(query, &walk, 0, scales);
}

float rec_query_dense_share(const rec_query *query)
{
    return query->model->head->weights[1];
}

float rec_query_sparse_share(const rec_query *query)
{
    return query->model->head->weights[0];
}

size_t rec_query_words(const rec_query *query, rec_gain *out)
{
    rec_group_walk walk = rec_packed_walk(query->view.packed);
    size_t count = 0;
    rec_group group;

    while (rec_packed_next(&walk, 0, &group))
        for (size_t i = 0; i < group.count; i++) {
            float rarity = -query->model->idf[group.buckets[i]];
            rec_gain *word = &out[count++];

            *word = (rec_gain){ .bucket = group.buckets[i], .gain = (float)worth(query, 0, group, i) };
            rec_exp(&rarity, &word->share, 1);
        }
    return count;
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
