/*
 * Search in a space, for one question: the rows whose byte codes are nearest to the question's.
 *
 * Up to REC_SCAN_ALL rows each is compared. Of more, a first pass over the sign codes, an eighth of the bytes, sifts out those whose byte
 * codes are compared (rec_scan_sifted): the likeness of every row that is found is exact, and now and then one that should be is missed
 * (docs/performance.md).
 */
#ifndef REC_SCAN_H
#define REC_SCAN_H

#include "rec/index.h"
#include "space.h"

#define REC_SCAN_ALL 50000

/** How many rows of `count` the first pass keeps where the `k` nearest are wanted. */
size_t rec_scan_sifted(size_t count, size_t k);

/**
 * The `k` (at least 1) rows of those that `may_find` (count) marks, of all where it is NULL, whose dense vectors have the greatest cosine
 * with `code`, into `out` (k), nearest first, equal ones by rising row; `*found` says how many there are. Rows without a vector are passed
 * over. Verifies what it reads. Returns REC_OK, REC_ENOMEM or REC_EDAMAGED.
 */
REC_CHECKED rec_status rec_scan_nearest(const rec_space *space, rec_code code, const bool *may_find, size_t k, rec_near *out, size_t *found,
                                        rec_error *err);

/**
 * To the likeness of each of `near` (count) add `share` times the cosine of its row's dense vector with `code`. Verifies what it reads.
 * Returns REC_OK or REC_EDAMAGED.
 */
REC_CHECKED rec_status rec_scan_add_cosines(const rec_space *space, rec_code code, float share, rec_near *near, size_t count,
                                            rec_error *err);

#endif
