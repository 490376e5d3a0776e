/* eval --feedback: how suggestions did with readers. */
#ifndef REC_RESPONSES_H
#define REC_RESPONSES_H

#include "output.h"

#include "rec/store.h"

/** Print, over all and by rank, band and edition, how many suggestions were shown, clicked, saved and hidden. */
REC_CHECKED rec_status print_responses(enum format format, rec_store *store, rec_error *err);

#endif
