/*
 * Counts and times of answered requests, as Prometheus reads them (text exposition format 0.0.4). Counting takes no lock.
 */
#ifndef REC_SERVE_METRICS_H
#define REC_SERVE_METRICS_H

#include "buf.h"
#include "rec/store.h"

#include <stddef.h>

#define METRICS_ROUTES 32

struct metrics;

/** Make the counters of `count` routes, whose names are borrowed. Returns REC_ENOMEM or REC_EINVAL (more than METRICS_ROUTES). */
REC_CHECKED rec_status metrics_new(const char *const *routes, size_t count, struct metrics **out, rec_error *err);

/** Free them. NULL is allowed. */
void metrics_free(struct metrics *metrics);

/** Count an answer; `route` is its place among the names, `count` for a request that no route took. */
void metrics_count(struct metrics *metrics, size_t route, unsigned status, size_t bytes, double seconds);

/** Append all of it, and what the store's state says (nothing where `state` is NULL), to `out`. */
void metrics_print(const struct metrics *metrics, const rec_store_state *state, rec_buf *out);

#endif
