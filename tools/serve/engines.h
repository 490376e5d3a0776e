/*
 * Engines for many threads: an engine belongs to one thread at a time, so a request borrows one and gives it back. An engine that is given
 * back keeps what it has loaded; what another process has built meanwhile is seen by the engine's next question.
 */
#ifndef REC_SERVE_ENGINES_H
#define REC_SERVE_ENGINES_H

#include "rec/recommend.h"

#include <stddef.h>

struct engines;

/** Make an empty pool for the store at `path`, which is opened once to see that it can be. `most` is how many are kept. */
REC_CHECKED rec_status engines_new(const char *path, size_t most, struct engines **out, rec_error *err);

/** Free it. All engines must have been given back. NULL is allowed. */
void engines_free(struct engines *engines);

/**
 * Borrow one, opened where none is at hand; what was opened before another file took the store's place is not lent. `*lot` belongs to it.
 * Errors as rec_engine_open.
 */
REC_CHECKED rec_status engines_take(struct engines *engines, rec_engine **out, unsigned *lot, rec_error *err);

/** Give one back with its lot. NULL is allowed. */
void engines_return(struct engines *engines, rec_engine *engine, unsigned lot);

#endif
