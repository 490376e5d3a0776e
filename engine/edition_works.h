/* Which of several papers are one work. */
#ifndef REC_EDITION_WORKS_H
#define REC_EDITION_WORKS_H

#include "rec/store.h"

/**
 * Number the works of `records` (count), each with its card: works[i], the place of the first record of the same work, is the same for
 * records of one work. They are one where they are one paper, and, unless `versions` are kept apart, where the store says so, where title
 * or abstract are equal but for case and punctuation, and where both have abstracts and nearly the same text (REC_NEAR_COPY, by the stored
 * lists). Chains are followed. Returns REC_OK, REC_ENOMEM or what the store reports.
 */
REC_CHECKED rec_status rec_works_number(rec_store *store, const rec_record *const *records, size_t count, bool versions, size_t *works,
                                        rec_error *err);

#endif
