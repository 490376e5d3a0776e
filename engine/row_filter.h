/* Which rows of the space pass a filter. */
#ifndef REC_ROW_FILTER_H
#define REC_ROW_FILTER_H

#include "rec/filter.h"
#include "space.h"

/** Say of each row, in `passes` (space->count), whether it passes. Returns REC_OK, REC_ENOMEM or REC_EDAMAGED. */
REC_CHECKED rec_status rec_filter_rows(const rec_filter *filter, const rec_space *space, bool *passes, rec_error *err);

#endif
