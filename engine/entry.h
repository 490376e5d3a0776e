/*
 * One entry a work: what the records of a work together say of a paper that is about to be taken into an answer, and which of them is
 * shown.
 */
#ifndef REC_ENTRY_H
#define REC_ENTRY_H

#include "rec/recommend.h"

typedef enum rec_entry_verdict {
    REC_ENTRY_TAKEN,
    REC_ENTRY_OF_SEED, /* a record of a seed's own work: it never stood in the list */
    REC_ENTRY_SEEN,    /* the caller has excluded a record of the work */
    REC_ENTRY_MARKED   /* withdrawn or retracted; a retraction of one record holds for the whole work */
} rec_entry_verdict;

typedef struct rec_entry {
    rec_entry_verdict verdict;
    rec_doc shown; /* where taken: the record to show */
} rec_entry;

/**
 * Judge a stored paper, given as its card. Shown is the paper itself, or, where records of one work are one entry and any paper may be
 * listed, the first record of its work (rec_store_get_work) that passes the request's filter. Returns REC_OK or what the store reports.
 */
REC_CHECKED rec_status rec_entry_judge(rec_store *store, const rec_request *request, const rec_record *record, rec_entry *out,
                                       rec_error *err);

#endif
