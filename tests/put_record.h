/* A record of JSON into a store that is in a transaction. */
#ifndef REC_PUT_RECORD_H
#define REC_PUT_RECORD_H

#include "check.h"

#include "rec/reader.h"
#include "rec/store.h"

#include <string.h>

static inline void put_record(rec_store *into, const char *record)
{
    rec_paper paper = REC_PAPER_INIT;
    rec_outcome outcome;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_read_json(record, strlen(record), &paper, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_put(into, &paper, &outcome, &err), &err);
    rec_paper_clear(&paper);
}

#endif
