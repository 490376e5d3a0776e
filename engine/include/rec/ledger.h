/*
 * The ledger: what was sent to readers, edition by edition. It names papers by their ids and titles, not by their numbers in the store, so
 * that it outlives removal: a paper that is removed and imported again has still been sent.
 */
#ifndef REC_LEDGER_H
#define REC_LEDGER_H

#include "rec/store.h"
#include "status.h"

#include <stddef.h>
#include <stdint.h>

#define REC_MAX_EDITION 200     /* bytes of an edition's name */
#define REC_SENT_EVER INT32_MAX /* a window without a beginning */

/* One line of an edition. Ids are canonical; borrowed. */
typedef struct rec_sent {
    const char *seed;  /* the headline; it need not be stored */
    const char *paper; /* what stood under it; for the headline itself, the same id */
    unsigned rank;     /* place under the headline from 1; 0 for the headline itself */
    unsigned band;     /* a rec_band; 0 for the headline itself */
} rec_sent;

/**
 * Make `rows` (count) all that edition `edition` of `day` (YYYYMMDD) has sent, in a transaction of its own: what the ledger had for this
 * edition is replaced, so that marking the same edition again changes nothing. A seed and paper that come twice count once, the first time.
 *
 * Returns REC_EINVAL (an edition's name that is empty, longer than REC_MAX_EDITION or not one line of UTF-8, or that holds a control or a
 * mark that turns the direction of writing; a day that is none), or what the store reports; the ledger is as it was then. `store` is open
 * for writing and not in a transaction.
 */
REC_CHECKED rec_status rec_ledger_mark(rec_store *store, const char *edition, int32_t day, const rec_sent *rows, size_t count,
                                       rec_error *err);

/**
 * The stored papers that were sent, as headlines too, on `day` or up to `days` days before it (REC_SENT_EVER: at any time before); rows of
 * `edition` (NULL: none) do not count, nor do rows of later days, so that an edition that is made again is made of the same.
 *
 * A paper has been sent when a row names one of its ids, or when the row's paper is no longer stored and this one has its title; and when
 * another record of its work has been sent. `*out` is rising, as rec_request.exclude wants it; the caller ends with rec_free(*out), which
 * is NULL where there are none. Returns REC_EINVAL, REC_ENOMEM or what the store reports.
 */
REC_CHECKED rec_status rec_ledger_sent(rec_store *store, int32_t day, int32_t days, const char *edition, rec_doc **out, size_t *count,
                                       rec_error *err);

/** How many rows an edition has in the ledger: 0 for one that was never marked. */
REC_CHECKED rec_status rec_ledger_count(rec_store *store, const char *edition, int64_t *out, rec_error *err);

#endif
