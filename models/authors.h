/*
 * Authors in common: a small part of the score that needs no text. What two papers share is
 *
 *     sum over the authors of both of w(author) / sqrt(|A| |B|)
 *
 * A and B being the authors of either. An author is known by a key of the name alone (facets.h of the engine), so strangers of one name
 * look like one author, and more often so the more common the name is: w is 1 for a name of up to 20 papers of the store, and falls with
 * the square root of their number beyond.
 */
#ifndef REC_AUTHORS_H
#define REC_AUTHORS_H

#include "rec/model.h"

/* Names that are common enough to count for less. */
typedef struct rec_common_authors {
    uint32_t *keys; /* (count) rising */
    float *weights; /* (count) below 1 */
    size_t count;
} rec_common_authors;

/** Find the common names among the authors of all papers, one behind the other. The caller ends with rec_common_authors_clear(). Returns
 * REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_authors_count(rec_authors all, rec_common_authors *out, rec_error *err);

void rec_common_authors_clear(rec_common_authors *common);

/** What two papers' authors share, 0 to 1; 0 where a paper has none. */
float rec_authors_likeness(const rec_model *model, rec_authors a, rec_authors b);

#endif
