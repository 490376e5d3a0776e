/* Prometheus's text: see metrics.h. */
#include "metrics.h"

#include "alloc.h"

#include <inttypes.h>
#include <stdatomic.h>

#define CLASSES 6 /* of status: 1xx to 5xx, by the first digit */

static const double BORDERS[] = { .0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10 };
#define BUCKETS (sizeof(BORDERS) / sizeof(BORDERS[0]) + 1) /* the last is everything slower */

struct route_counts {
    atomic_uint_fast64_t by_class[CLASSES];
    atomic_uint_fast64_t within[BUCKETS]; /* answers of that bucket alone: they are added up when printed */
    atomic_uint_fast64_t nanoseconds, bytes;
};

struct metrics {
    const char *const *names;
    size_t count;
    struct route_counts routes[METRICS_ROUTES + 1];
};

rec_status metrics_new(const char *const *routes, size_t count, struct metrics **out, rec_error *err)
{
    struct metrics *metrics;

    if (count > METRICS_ROUTES)
        return rec_fail(err, REC_EINVAL, "at most %d routes are counted, not %zu", METRICS_ROUTES, count);
    if (!(metrics = rec_alloc(sizeof(*metrics))))
        return rec_fail(err, REC_ENOMEM, "out of memory for the service");
    metrics->names = routes;
    metrics->count = count;
    *out = metrics;
    return REC_OK;
}

void metrics_free(struct metrics *metrics)
{
    rec_free(metrics);
}

static void add(atomic_uint_fast64_t *to, uint64_t value)
{
    atomic_fetch_add_explicit(to, value, memory_order_relaxed);
}

static uint64_t get(const atomic_uint_fast64_t *from)
{
    return atomic_load_explicit(from, memory_order_relaxed);
}

void metrics_count(struct metrics *metrics, size_t route, unsigned status, size_t bytes, double seconds)
{
    struct route_counts *counts = &metrics->routes[route < metrics->count ? route : metrics->count];
    size_t bucket = 0;

    while (bucket + 1 < BUCKETS && seconds > BORDERS[bucket])
        bucket++;
    add(&counts->by_class[status / 100 % CLASSES], 1);
    add(&counts->within[bucket], 1);
    add(&counts->nanoseconds, (uint64_t)(seconds * 1e9));
    add(&counts->bytes, bytes);
}

static const char *name_of(const struct metrics *metrics, size_t route)
{
    return route < metrics->count ? metrics->names[route] : "none";
}

static void print_head(rec_buf *out, const char *name, const char *type, const char *help)
{
    rec_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void print_requests(const struct metrics *metrics, rec_buf *out)
{
    print_head(out, "recommend_http_requests_total", "counter", "Requests answered, by route and first digit of the status.");
    for (size_t r = 0; r <= metrics->count; r++)
        for (unsigned class = 1; class < CLASSES; class ++)
            if (get(&metrics->routes[r].by_class[class]) > 0)
                rec_buf_printf(out, "recommend_http_requests_total{route=\"%s\",status=\"%uxx\"} %" PRIu64 "\n", name_of(metrics, r), class,
                               get(&metrics->routes[r].by_class[class]));
    print_head(out, "recommend_http_response_bytes_total", "counter", "Bytes of bodies sent, by route.");
    for (size_t r = 0; r <= metrics->count; r++)
        rec_buf_printf(out, "recommend_http_response_bytes_total{route=\"%s\"} %" PRIu64 "\n", name_of(metrics, r),
                       get(&metrics->routes[r].bytes));
}

static void print_histogram(const struct metrics *metrics, size_t route, rec_buf *out)
{
    const struct route_counts *counts = &metrics->routes[route];
    const char *name = name_of(metrics, route);
    uint64_t sum = 0;

    for (size_t b = 0; b < BUCKETS; b++) {
        sum += get(&counts->within[b]);
        if (b + 1 < BUCKETS)
            rec_buf_printf(out, "recommend_http_request_seconds_bucket{route=\"%s\",le=\"%g\"} %" PRIu64 "\n", name, BORDERS[b], sum);
        else
            rec_buf_printf(out, "recommend_http_request_seconds_bucket{route=\"%s\",le=\"+Inf\"} %" PRIu64 "\n", name, sum);
    }
    rec_buf_printf(out, "recommend_http_request_seconds_sum{route=\"%s\"} %.9f\n", name, (double)get(&counts->nanoseconds) / 1e9);
    rec_buf_printf(out, "recommend_http_request_seconds_count{route=\"%s\"} %" PRIu64 "\n", name, sum);
}

void metrics_print(const struct metrics *metrics, const rec_store_state *state, rec_buf *out)
{
    print_requests(metrics, out);
    print_head(out, "recommend_http_request_seconds", "histogram", "Time from a request's last byte to its reply, by route.");
    for (size_t r = 0; r <= metrics->count; r++)
        print_histogram(metrics, r, out);
    if (!state)
        return;
    print_head(out, "recommend_store_papers", "gauge", "Papers stored.");
    rec_buf_printf(out, "recommend_store_papers %" PRId64 "\n", state->papers);
    print_head(out, "recommend_store_generation", "gauge",
               "Generation of the store: it grows with every commit that can change an answer.");
    rec_buf_printf(out, "recommend_store_generation %" PRId64 "\n", state->generation);
}
