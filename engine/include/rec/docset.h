/* A set of paper numbers: a bit for each number up to the largest that was added. */
#ifndef REC_DOCSET_H
#define REC_DOCSET_H

#include "rec/store.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct rec_doc_set {
    uint64_t *words; /* (room) */
    size_t room;
} rec_doc_set;

#define REC_DOC_SET_INIT                                                                                                                   \
    {                                                                                                                                      \
        NULL, 0                                                                                                                            \
    }

/** Add a number, from 0 to UINT32_MAX. Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_doc_set_add(rec_doc_set *set, rec_doc doc, rec_error *err);

/** Whether it holds a number. */
bool rec_doc_set_holds(const rec_doc_set *set, rec_doc doc);

void rec_doc_set_clear(rec_doc_set *set);

#endif
