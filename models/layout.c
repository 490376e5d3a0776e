/* Stochastic gradient descent on a neighbour graph: see rec/layout.h. One thread: each step moves what the next one reads. */
#include "rec/layout.h"

#include "alloc.h"
#include "rec/vector.h"

#include <math.h>

#define SEED 11
#define REPELLED 5      /* points drawn for each edge that is followed */
#define CLOSE 1e-3f     /* keeps the repulsion of points that coincide finite */
#define STEP_MAX 4.0f   /* of one move along an axis */
#define GUESS_SPREAD 10 /* the guess is brought to this root mean square; the map's usual size at the end is a few times that */
#define ASIDE 0.02f     /* step aside of a point that is placed between others, in a map of mean square 2 */

/* Passes over the edges: a large map settles with fewer, for its points have been pushed by more of the others. */
static size_t passes_for(size_t count)
{
    return count <= 10000 ? 300 : count <= 100000 ? 120 : 60;
}

static float clip(float step)
{
    return step > STEP_MAX ? STEP_MAX : step < -STEP_MAX ? -STEP_MAX : step;
}

/* Moves the middle to 0 and the root mean square distance from it to `spread`. Points that all coincide stay in the middle. */
static void normalise(rec_spot *places, size_t count, double spread)
{
    double x = 0, y = 0, square = 0, scale;

    for (size_t i = 0; i < count; i++) {
        x += (double)places[i].x;
        y += (double)places[i].y;
    }
    x /= (double)count;
    y /= (double)count;
    for (size_t i = 0; i < count; i++) {
        double dx = (double)places[i].x - x, dy = (double)places[i].y - y;

        square += dx * dx + dy * dy;
    }
    scale = square > 0 ? spread / sqrt(square / (double)count) : 0;
    for (size_t i = 0; i < count; i++)
        places[i] = (rec_spot){ (float)(((double)places[i].x - x) * scale), (float)(((double)places[i].y - y) * scale) };
}

/* Both ends move together: d/dy of ln(1 / (1 + d^2)). */
static void attract(rec_spot *a, rec_spot *b, float rate)
{
    float dx = a->x - b->x, dy = a->y - b->y, pull = -2 / (1 + dx * dx + dy * dy);
    float x = rate * clip(pull * dx), y = rate * clip(pull * dy);

    a->x += x;
    a->y += y;
    b->x -= x;
    b->y -= y;
}

/* The first moves away: d/dy of ln(1 - 1 / (1 + d^2)). */
static void repel(rec_spot *a, const rec_spot *b, float rate)
{
    float dx = a->x - b->x, dy = a->y - b->y, square = dx * dx + dy * dy, push = 2 / ((CLOSE + square) * (1 + square));

    a->x += rate * clip(push * dx);
    a->y += rate * clip(push * dy);
}

/* Follows one edge and draws the points that its first end is pushed from. */
static void follow(const rec_graph *graph, rec_spot *places, size_t from, uint32_t to, float rate, rec_random *random)
{
    attract(&places[from], &places[to], rate);
    for (int i = 0; i < REPELLED; i++) {
        size_t other = (size_t)rec_random_below(random, graph->count);

        if (other != from)
            repel(&places[from], &places[other], rate);
    }
}

rec_status rec_lay_out(const rec_graph *graph, rec_spot *places, rec_error *err)
{
    size_t edges = graph->count * graph->degree, passes = passes_for(graph->count);
    float *due = rec_alloc_array(edges, sizeof(*due)); /* what an edge has gathered: at 1 it is followed */
    rec_random random = { SEED };

    if (!due)
        return rec_fail(err, REC_ENOMEM, "out of memory for the map of %zu papers", graph->count);
    if (graph->count > 0)
        normalise(places, graph->count, GUESS_SPREAD);
    for (size_t pass = 0; pass < passes; pass++) {
        float rate = 1 - (float)pass / (float)passes;

        for (size_t edge = 0; edge < edges; edge++) {
            if (graph->to[edge] == REC_NO_EDGE || (due[edge] += graph->weight[edge]) < 1)
                continue;
            due[edge] -= 1;
            follow(graph, places, edge / graph->degree, graph->to[edge], rate, &random);
        }
    }
    if (graph->count > 0)
        normalise(places, graph->count, sqrt(2.0));
    rec_free(due);
    return REC_OK;
}

/* A step in a direction that follows from the key: a point in the unit square, moved to the middle. */
static rec_spot aside(uint64_t key, float length)
{
    rec_random random = { key };
    float x = rec_random_unit(&random), y = rec_random_unit(&random);

    return (rec_spot){ (2 * x - 1) * length, (2 * y - 1) * length };
}

rec_spot rec_layout_between(const rec_spot *places, const float *weights, size_t count, uint64_t key)
{
    rec_spot middle = { 0, 0 }, step;
    float sum = 0;

    for (size_t i = 0; i < count; i++) {
        middle.x += weights[i] * places[i].x;
        middle.y += weights[i] * places[i].y;
        sum += weights[i];
    }
    if (sum <= 0) {
        step = aside(key, 3);
        step.x = step.x < 0 ? -3 : 3; /* at the left or the right edge of the map */
        return step;
    }
    step = aside(key, ASIDE);
    return (rec_spot){ middle.x / sum + step.x, middle.y / sum + step.y };
}
