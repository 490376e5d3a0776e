/*
 * Training the table: see rec/table.h.
 *
 * z = e / |e| with e the weighted sum of a text's rows. For a batch of pairs the logits are the cosines of every left with every right
 * text over the temperature; the loss is the mean cross-entropy of each text's own partner among all of the batch, over rows and over
 * columns. Rows are updated by Adagrad (Duchi et al., JMLR 2011) with one accumulator a row, once for every occurrence in the order of
 * the batch: a row belongs to one task, so that the order is the same for any number of threads.
 */
#include "rec/table.h"

#include "alloc.h"
#include "pairs.h"
#include "parallel.h"
#include "rec/vector.h"

#include <math.h>
#include <string.h>

#define DIM REC_TABLE_DIM
#define UPDATE_TASKS 16u /* a row is its number modulo this */
#define EPSILON 1e-6f
#define PAIR_ROWS 32 /* rows of the pair matrix that one task computes */

/* One end of a batch's pairs. */
struct end {
    const rec_side *sides; /* (count) */
    float *z;              /* (batch, DIM) unit vectors */
    float *gradient;       /* (batch, DIM) of the loss by e */
    float *length;         /* (batch) |e| */
    float *square;         /* (batch) mean square of the gradient's components */
};

struct training {
    const rec_training_plan *plan;
    float *rows;
    float *accumulated;  /* (REC_BLOCK_BUCKETS) */
    size_t batch, count; /* pairs at most, and in this step */
    struct end left, right;
    float *likeness;             /* (batch, batch) e^(cosine / temperature), then the loss's gradient by the logits */
    float *row_sum, *column_sum; /* (batch) */
    float rate;
};

/* ---- forward ------------------------------------------------------------------------------------------------------- */

static void embed(const struct training *t, struct end *end, size_t i)
{
    const rec_side *side = &end->sides[i];
    float *z = end->z + i * DIM;

    memset(z, 0, DIM * sizeof(*z));
    for (size_t f = 0; f < side->length; f++)
        rec_add_scaled(z, side->weights[f], t->rows + (size_t)side->features[f] * DIM, DIM);
    end->length[i] = rec_normalise(z, DIM);
}

static rec_status embed_pair(size_t task, unsigned thread, void *context, rec_error *err)
{
    struct training *t = context;

    (void)thread;
    (void)err;
    embed(t, &t->left, task);
    embed(t, &t->right, task);
    return REC_OK;
}

static rec_status compare_rows(size_t task, unsigned thread, void *context, rec_error *err)
{
    struct training *t = context;
    size_t end = (task + 1) * PAIR_ROWS < t->count ? (task + 1) * PAIR_ROWS : t->count;
    float inverse = 1 / t->plan->temperature;

    (void)thread;
    (void)err;
    for (size_t i = task * PAIR_ROWS; i < end; i++) {
        float *row = t->likeness + i * t->batch, sum = 0;

        for (size_t j = 0; j < t->count; j++)
            row[j] = rec_dot(t->left.z + i * DIM, t->right.z + j * DIM, DIM) * inverse;
        rec_exp(row, row, t->count);
        for (size_t j = 0; j < t->count; j++)
            sum += row[j];
        t->row_sum[i] = sum;
    }
    return REC_OK;
}

/* ---- backward ------------------------------------------------------------------------------------------------------ */

/* The loss's gradient by the logits, times the batch, which Adagrad cancels: half of both softmaxes, less one where the pair is a pair. */
static void differentiate(struct training *t)
{
    memset(t->column_sum, 0, t->count * sizeof(*t->column_sum));
    for (size_t i = 0; i < t->count; i++)
        for (size_t j = 0; j < t->count; j++)
            t->column_sum[j] += t->likeness[i * t->batch + j];
    for (size_t j = 0; j < t->count; j++)
        t->column_sum[j] = 0.5f / t->column_sum[j];
    for (size_t i = 0; i < t->count; i++) {
        float *row = t->likeness + i * t->batch, inverse = 0.5f / t->row_sum[i];

        for (size_t j = 0; j < t->count; j++)
            row[j] *= inverse + t->column_sum[j];
        row[i] -= 1;
    }
}

/* From the gradient by z to the one by e: what lies along z changes nothing. */
static void through_norm(struct end *end, size_t i)
{
    float *g = end->gradient + i * DIM;
    const float *z = end->z + i * DIM;
    float along = rec_dot(g, z, DIM), inverse = end->length[i] > 0 ? 1 / end->length[i] : 0;

    rec_add_scaled(g, -along, z, DIM);
    for (size_t j = 0; j < DIM; j++)
        g[j] *= inverse;
    end->square[i] = rec_dot(g, g, DIM) / DIM;
}

static rec_status gradients(size_t task, unsigned thread, void *context, rec_error *err)
{
    struct training *t = context;
    float *left = t->left.gradient + task * DIM, *right = t->right.gradient + task * DIM, inverse = 1 / t->plan->temperature;

    (void)thread;
    (void)err;
    memset(left, 0, DIM * sizeof(*left));
    memset(right, 0, DIM * sizeof(*right));
    for (size_t j = 0; j < t->count; j++) {
        rec_add_scaled(left, t->likeness[task * t->batch + j] * inverse, t->right.z + j * DIM, DIM);
        rec_add_scaled(right, t->likeness[j * t->batch + task] * inverse, t->left.z + j * DIM, DIM);
    }
    through_norm(&t->left, task);
    through_norm(&t->right, task);
    return REC_OK;
}

/* ---- update -------------------------------------------------------------------------------------------------------- */

static void update_rows(struct training *t, const struct end *end, size_t i, size_t part)
{
    const rec_side *side = &end->sides[i];
    const float *g = end->gradient + i * DIM;

    for (size_t f = 0; f < side->length; f++) {
        size_t feature = side->features[f];
        float w = side->weights[f];

        if (feature % UPDATE_TASKS != part)
            continue;
        t->accumulated[feature] += w * w * end->square[i];
        rec_add_scaled(t->rows + feature * DIM, -t->rate * w / (sqrtf(t->accumulated[feature]) + EPSILON), g, DIM);
    }
}

static rec_status update(size_t task, unsigned thread, void *context, rec_error *err)
{
    struct training *t = context;

    (void)thread;
    (void)err;
    for (size_t i = 0; i < t->count; i++)
        update_rows(t, &t->left, i, task);
    for (size_t i = 0; i < t->count; i++)
        update_rows(t, &t->right, i, task);
    return REC_OK;
}

/* ---- steps --------------------------------------------------------------------------------------------------------- */

static float rate_of(const rec_training_plan *plan, size_t step)
{
    float rate = plan->rate * (1 - (float)step / (float)plan->steps);

    return step < plan->warm_up ? rate * (float)(step + 1) / (float)plan->warm_up : rate;
}

static rec_pair_kind draw_kind(const rec_training_plan *plan, rec_random *random)
{
    float r = rec_random_unit(random);

    if (r < plan->author_share)
        return REC_PAIR_AUTHOR;
    return r < plan->author_share + plan->title_share ? REC_PAIR_TITLE : REC_PAIR_HALVES;
}

static rec_status step(struct training *t, rec_pairs *pairs, rec_pair_kind kind, rec_error *err)
{
    unsigned threads = t->plan->threads;
    rec_status rc = rec_pairs_draw(pairs, kind, &t->left.sides, &t->right.sides, &t->count, err);

    if (rc != REC_OK || t->count < 2) /* one pair alone has nothing to be told from */
        return rc;
    if ((rc = rec_parallel(t->count, threads, embed_pair, t, err)) != REC_OK)
        return rc;
    if ((rc = rec_parallel((t->count + PAIR_ROWS - 1) / PAIR_ROWS, threads, compare_rows, t, err)) != REC_OK)
        return rc;
    differentiate(t);
    if ((rc = rec_parallel(t->count, threads, gradients, t, err)) != REC_OK)
        return rc;
    return rec_parallel(UPDATE_TASKS, threads, update, t, err);
}

static rec_status end_new(struct end *end, size_t batch, rec_error *err)
{
    end->z = rec_alloc_aligned(batch, DIM * sizeof(float));
    end->gradient = rec_alloc_aligned(batch, DIM * sizeof(float));
    end->length = rec_alloc_array(batch, sizeof(float));
    end->square = rec_alloc_array(batch, sizeof(float));
    return end->z && end->gradient && end->length && end->square ? REC_OK : rec_fail(err, REC_ENOMEM, "out of memory for training");
}

static void end_clear(struct end *end)
{
    rec_free(end->z);
    rec_free(end->gradient);
    rec_free(end->length);
    rec_free(end->square);
}

static rec_status training_new(struct training *t, rec_error *err)
{
    rec_status rc;

    t->accumulated = rec_alloc_array(REC_BLOCK_BUCKETS, sizeof(float));
    t->likeness = rec_alloc_aligned(t->batch, t->batch * sizeof(float));
    t->row_sum = rec_alloc_array(t->batch, sizeof(float));
    t->column_sum = rec_alloc_array(t->batch, sizeof(float));
    if (!t->accumulated || !t->likeness || !t->row_sum || !t->column_sum)
        return rec_fail(err, REC_ENOMEM, "out of memory for training");
    if ((rc = end_new(&t->left, t->batch, err)) != REC_OK)
        return rc;
    return end_new(&t->right, t->batch, err);
}

static void training_clear(struct training *t)
{
    rec_free(t->accumulated);
    rec_free(t->likeness);
    rec_free(t->row_sum);
    rec_free(t->column_sum);
    end_clear(&t->left);
    end_clear(&t->right);
}

void rec_training_plan_steps(rec_training_plan *plan, size_t papers, size_t pairs)
{
    if (plan->batch > papers / 4)
        plan->batch = papers / 4 < 2 ? 2 : papers / 4;
    plan->steps = pairs / plan->batch;
    if (plan->warm_up > plan->steps / 10 + 1)
        plan->warm_up = plan->steps / 10 + 1;
}

rec_status rec_table_train(const rec_training *texts, const float *idf, const rec_training_plan *plan, float *rows, rec_error *err)
{
    struct training t = { .plan = plan, .rows = rows, .batch = plan->batch };
    rec_random random = { plan->seed };
    rec_pairs *pairs = NULL;
    rec_status rc;

    if ((rc = training_new(&t, err)) == REC_OK)
        rc = rec_pairs_new(texts, idf, plan->batch, plan->threads, plan->seed + 1, &pairs, err);
    for (size_t i = 0; i < plan->steps && rc == REC_OK; i++) {
        t.rate = rate_of(plan, i);
        rc = step(&t, pairs, draw_kind(plan, &random), err);
        if (plan->progress)
            plan->progress(plan->context, i + 1, plan->steps);
    }
    rec_pairs_free(pairs);
    training_clear(&t);
    return rc;
}
