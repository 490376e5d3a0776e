/* Several questions that are answered from one state of the store. */
#ifndef REC_ONE_STATE_H
#define REC_ONE_STATE_H

#include "rec/recommend.h"

/**
 * Run `once`, which reads the store's state into `*state`, within one read transaction: all that it asks the engine is answered from that
 * state, and the transaction is paid for once. It runs a second time where a build ended meanwhile and took away the side files that the
 * first run saw, so it must begin anew each time. Within another such call it runs in that one's transaction. Returns what `once` returns.
 */
REC_CHECKED rec_status rec_engine_in_one_state(rec_engine *engine, rec_status (*once)(void *context, rec_error *err), void *context,
                                               const rec_store_state *state, rec_error *err);

#endif
