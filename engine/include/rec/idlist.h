/* Files of paper ids: one a line, in any spelling; empty lines and lines that begin with '#' are passed over. */
#ifndef REC_IDLIST_H
#define REC_IDLIST_H

#include "rec/store.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct rec_id_list {
    rec_doc *docs; /* (count) in the file's order, or rising where sorted */
    size_t count;
    size_t unknown; /* lines that name no stored paper, or no id at all */
} rec_id_list;

#define REC_ID_LIST_INIT                                                                                                                   \
    {                                                                                                                                      \
        NULL, 0, 0                                                                                                                         \
    }

/**
 * Read `path` ("-", .gz and .zst as everywhere) and look its ids up. On success the caller ends with rec_id_list_clear(). Returns REC_OK,
 * REC_ENOMEM or what source and store report.
 */
REC_CHECKED rec_status rec_id_list_load(rec_store *store, const char *path, rec_id_list *out, rec_error *err);

/** Look up one id in any spelling and append it. An unknown one is counted. */
REC_CHECKED rec_status rec_id_list_add(rec_store *store, const char *id, rec_id_list *list, rec_error *err);

/** Append a paper's number. Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_id_list_append(rec_id_list *list, rec_doc doc, rec_error *err);

/** Put the numbers into rising order, as rec_request.exclude wants them. */
void rec_id_list_sort(rec_id_list *list);

void rec_id_list_clear(rec_id_list *list);

/** Whether `doc` stands among `count` numbers in rising order. */
bool rec_docs_hold(const rec_doc *rising, size_t count, rec_doc doc);

#endif
