/* The order that breaks ties among the rows of a space: newer date first, papers without a date last, then by id. */
#ifndef REC_PRECEDENCE_H
#define REC_PRECEDENCE_H

#include "rec/store.h"
#include "space.h"

#include <stddef.h>
#include <stdint.h>

/** Fill space.precedence from the store. Returns REC_OK or what the store reports. */
REC_CHECKED rec_status rec_precedence_read(rec_store *store, rec_space *space, rec_error *err);

/**
 * The same where the space was made from an older one: `rows` (kept) are its rows that stay, rising, `from` (kept) the rows that they were
 * in `old`, and all others are new. Only days of new papers are read from the store. Returns REC_OK, REC_ENOMEM or what the store reports.
 */
REC_CHECKED rec_status rec_precedence_extend(rec_store *store, rec_space *space, const rec_space *old, const uint32_t *rows,
                                             const uint32_t *from, size_t kept, rec_error *err);

#endif
