/* What an engine is made of: shared by the parts that answer questions. */
#ifndef REC_ENGINE_H
#define REC_ENGINE_H

#include "live.h"
#include "rec/recommend.h"

struct rec_engine {
    rec_store *store;
    rec_live live;
};

/**
 * Run `once`, which reads the store's state into `*state`, in a read transaction; a second time where a build ended meanwhile and took away
 * the side files that the first one saw. Returns what it returns.
 */
REC_CHECKED rec_status rec_engine_in_one_state(rec_engine *engine, rec_status (*once)(void *context, rec_error *err), void *context,
                                               const rec_store_state *state, rec_error *err);

/** rec_recommend() within a read transaction of the caller's. */
REC_CHECKED rec_status rec_recommend_now(rec_engine *engine, const rec_request *request, rec_answer *out, rec_error *err);

#endif
