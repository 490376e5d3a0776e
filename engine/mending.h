/* Lists of old papers, and the new papers that enter them. */
#ifndef REC_MENDING_H
#define REC_MENDING_H

#include "building.h"

/* What there is to compare. All borrowed; rows are those of the new space. */
typedef struct rec_mend {
    const uint32_t *new_rows; /* (new_count) */
    size_t new_count;
    rec_reached *reached; /* (new_count) the old rows, rising, in whose lists' reach each new one lies; used up */
    const float *leasts;  /* (rows of the space) of an old row: score of the last entry of its list; below all where there is room */
} rec_mend;

/**
 * Put each new paper into the lists of the old ones that it reaches and scores enough for. The lists are those of a transaction that has
 * begun. Returns REC_OK, REC_ENOMEM, REC_EDAMAGED or what the store reports.
 */
REC_CHECKED rec_status rec_mend_lists(struct rec_building *b, const rec_mend *mend, rec_error *err);

#endif
