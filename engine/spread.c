/* Scores of random pairs: see spread.h. */
#include "spread.h"

#include "alloc.h"
#include "rec/vector.h"

#include <stdlib.h>

#define SEEDS 100 /* papers that are drawn, and others that each is compared with */
#define OTHERS 100
#define SEED 3

#define ONE_DEVIATION 0.84 /* share of a normal distribution below one deviation above its middle */

/* What was found in five collections of 1,400 to 20,000 papers, each of one field: .02 to .05, and .05 (docs/evaluation.md). */
#define PRIOR_PAIRS 200
#define PRIOR_MIDDLE 0.04
#define PRIOR_DEVIATION 0.05

struct scores {
    float *items; /* (SEEDS * OTHERS) */
    size_t count;
};

static size_t draw_others(rec_random *random, size_t rows, uint32_t *out)
{
    size_t n = rows < OTHERS ? rows : OTHERS;

    for (size_t i = 0; i < n; i++)
        out[i] = rows <= OTHERS ? (uint32_t)i : (uint32_t)rec_random_below(random, rows);
    return n;
}

static rec_status compare(const rec_space *space, const rec_grams *grams, rec_query *query, rec_random *random, size_t row,
                          struct scores *scores, rec_error *err)
{
    uint32_t others[OTHERS];
    rec_ranked ranked[OTHERS];
    size_t found;
    rec_seed seed;
    rec_status rc = rec_rank_seed(space, grams, row, &seed, err);

    if (rc != REC_OK)
        return rc;
    rec_query_set(query, &seed.view);
    rc = rec_rank(space, &seed, grams, query, others, draw_others(random, space->count, others), ranked, &found, err);
    for (size_t i = 0; rc == REC_OK && i < found; i++)
        scores->items[scores->count++] = ranked[i].parts.total;
    return rc;
}

static int by_size(const void *left, const void *right)
{
    float a = *(const float *)left, b = *(const float *)right;

    return (a > b) - (a < b);
}

static double with_prior(double found, size_t count, double prior)
{
    return ((double)count * found + PRIOR_PAIRS * prior) / (double)(count + PRIOR_PAIRS);
}

/* Quantiles, for in a small store many a random pair is of one topic: a mean and a deviation would take them for strangers. */
static void summarise(struct scores *scores, double *middle, double *deviation)
{
    size_t n = scores->count;
    double median, high;

    if (n > 0)
        qsort(scores->items, n, sizeof(*scores->items), by_size);
    median = n > 0 ? (double)scores->items[n / 2] : PRIOR_MIDDLE;
    high = n > 0 ? (double)scores->items[(size_t)((double)n * ONE_DEVIATION)] : PRIOR_MIDDLE + PRIOR_DEVIATION;
    *middle = with_prior(median, n, PRIOR_MIDDLE);
    *deviation = with_prior(high - median, n, PRIOR_DEVIATION);
}

rec_status rec_spread_measure(const rec_space *space, const rec_model *model, const rec_grams *grams, double *middle, double *deviation,
                              rec_error *err)
{
    struct scores scores = { rec_alloc_array(SEEDS * OTHERS, sizeof(float)), 0 };
    size_t seeds = space->count < SEEDS ? space->count : SEEDS;
    rec_random random = { SEED };
    rec_query *query = NULL;
    rec_status rc = scores.items ? rec_query_new(model, &query, err) : rec_fail(err, REC_ENOMEM, "out of memory for the bands");

    for (size_t i = 0; i < seeds && rc == REC_OK; i++) {
        size_t row = space->count <= SEEDS ? i : (size_t)rec_random_below(&random, space->count);

        rc = compare(space, grams, query, &random, row, &scores, err);
    }
    if (rc == REC_OK)
        summarise(&scores, middle, deviation);
    rec_query_free(query);
    rec_free(scores.items);
    return rc;
}
