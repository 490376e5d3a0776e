/* What the ledger means to an edition: what is not suggested again, and marking what was sent. */
#ifndef REC_SENT_H
#define REC_SENT_H

#include "rec/edition.h"
#include "rec/idlist.h"

#include <stdbool.h>

/* How far back a paper that was sent is not suggested again. */
struct sent_window {
    bool asked_for;
    int32_t days; /* REC_SENT_EVER: however long ago */
};

/** Read "7d", "30d", any number of days, or "ever"; NULL is no window. False, with a word said, for anything else. */
bool sent_window_parse(const char *text, struct sent_window *out);

/** Add the papers that were sent within the window, counted back from `day`, to `list`, which stays rising. Rows of `edition` (may be
 * NULL) do not count. */
REC_CHECKED rec_status sent_exclude(rec_store *store, const struct sent_window *window, const rec_date *day, const char *edition,
                                    rec_id_list *list, rec_error *err);

/** Note in the ledger that `edition`, of `day`, sent its headlines and suggestions. `store` is open for writing. */
REC_CHECKED rec_status sent_mark(rec_store *store, const char *edition, const rec_date *day, const rec_edition *made, rec_error *err);

#endif
