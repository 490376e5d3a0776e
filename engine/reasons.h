/* Reasons for the papers of an answer, from the texts of both sides. */
#ifndef REC_REASONS_H
#define REC_REASONS_H

#include "engine.h"
#include "same_authors.h"

/** Give each hit its reason for likeness to the request's seed. Errors as rec_live_reasoner, and what the store reports. */
REC_CHECKED rec_status rec_explain_hits(rec_engine *engine, const rec_request *request, rec_answer *answer, rec_error *err);

/**
 * Name the authors that the seed shares with a paper, a JSON array, in a reason for their likeness `total`, if there are any. Returns
 * REC_OK or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_reason_add_authors(const rec_model *model, const rec_author_names *seed, const char *other, float total,
                                              rec_reason *reason, rec_error *err);

/** Give each hit the words of `query` that it has. Errors likewise. */
REC_CHECKED rec_status rec_explain_matches(rec_engine *engine, const char *query, rec_answer *answer, rec_error *err);

#endif
