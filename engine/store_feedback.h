/* One line of feedback, into the store. */
#ifndef REC_STORE_FEEDBACK_H
#define REC_STORE_FEEDBACK_H

#include "rec/id.h"
#include "rec/store.h"
#include "status.h"

#include <stdbool.h>

typedef struct rec_feedback {
    rec_id seed, paper;  /* as they are spelt in the line, canonical */
    const char *action;  /* "click", "save", "hide" */
    int32_t day;         /* YYYYMMDD */
    const char *edition; /* "" where the line names none; borrowed */
} rec_feedback;

/** Store a line; `*added` is false where it is stored already. In a transaction. */
REC_CHECKED rec_status rec_store_add_feedback(rec_store *store, const rec_feedback *feedback, bool *added, rec_error *err);

/** Whether `edition` can be the name of one: 1 to REC_MAX_EDITION bytes of UTF-8 on one line. Returns REC_EINVAL where not. */
REC_CHECKED rec_status rec_edition_check(const char *edition, rec_error *err);

#endif
