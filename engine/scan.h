/* Exact search in a space, for one question: every row's byte code against the question's. */
#ifndef REC_SCAN_H
#define REC_SCAN_H

#include "rec/index.h"
#include "space.h"

/**
 * The `k` (at least 1) rows of those that `may_find` (count) marks, of all where it is NULL, whose dense vectors have the greatest cosine
 * with `code`, into `out` (k), nearest first, equal ones by rising row; `*found` says how many there are. Rows without a vector are passed
 * over. Verifies what it reads. Returns REC_OK or REC_EDAMAGED.
 */
REC_CHECKED rec_status rec_scan_nearest(const rec_space *space, rec_code code, const bool *may_find, size_t k, rec_near *out, size_t *found,
                                        rec_error *err);

#endif
