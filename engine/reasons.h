/* Reasons for the papers of an answer, from the texts of both sides. */
#ifndef REC_REASONS_H
#define REC_REASONS_H

#include "engine.h"

/** Give each hit its reason for likeness to the request's seed. Errors as rec_live_reasoner, and what the store reports. */
REC_CHECKED rec_status rec_explain_hits(rec_engine *engine, const rec_request *request, rec_answer *answer, rec_error *err);

/** Give each hit the words of `query` that it has. Errors likewise. */
REC_CHECKED rec_status rec_explain_matches(rec_engine *engine, const char *query, rec_answer *answer, rec_error *err);

#endif
