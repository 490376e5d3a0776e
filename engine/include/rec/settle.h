/*
 * One entry a work: records of one work are found among all that is stored, and given the work's number (rec_record.work).
 */
#ifndef REC_SETTLE_H
#define REC_SETTLE_H

#include "rec/store.h"
#include "status.h"

/**
 * Look for the works of all papers that came or changed since this was last done, in transactions of its own. Cheap where there are none.
 * Which records are found to be of one work does not depend on the order in which they came, but where more than 32 of them share a key.
 *
 * `store` is open for writing and not in a transaction. Returns REC_OK, REC_ENOMEM or what the store reports; what was not committed is
 * done by the next call.
 */
REC_CHECKED rec_status rec_works_settle(rec_store *store, rec_error *err);

#endif
