/* What explain prints. */
#ifndef REC_OUTPUT_EXPLAIN_H
#define REC_OUTPUT_EXPLAIN_H

#include "output.h"

#include "rec/explain.h"

/**
 * Print an explanation, at most `limit` of its n-grams. `title` is that of a text as seed, NULL where the seed is stored or has none.
 * Returns REC_OK or REC_ENOMEM.
 */
REC_CHECKED rec_status print_explanation(enum format format, const char *title, const rec_explanation *explanation, size_t limit,
                                         rec_error *err);

#endif
