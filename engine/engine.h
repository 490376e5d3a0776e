/* What an engine is made of: shared by the parts that answer questions. */
#ifndef REC_ENGINE_H
#define REC_ENGINE_H

#include "copies.h"
#include "live.h"
#include "rec/one_state.h"
#include "rec/recommend.h"

struct rec_engine {
    rec_store *store;
    rec_live live;
    rec_copies copies;
};

/** rec_recommend() within a read transaction of the caller's. */
REC_CHECKED rec_status rec_recommend_now(rec_engine *engine, const rec_request *request, rec_answer *out, rec_error *err);

#endif
