/* What --unique-across keeps: papers that no answer of a batch may list any more, and the batch's lines for a second reading. */
#ifndef REC_UNIQUE_H
#define REC_UNIQUE_H

#include "rec/docset.h"
#include "rec/recommend.h"

#include <limits.h>
#include <stdio.h>

/* Lines that are read twice. */
struct twice {
    FILE *copy;          /* of what can be read only once, NULL where the file itself can be read again */
    char path[PATH_MAX]; /* to read */
};

/**
 * Make `path` ("-" is standard input) readable twice: a regular file is, anything else is copied to a temporary file that vanishes with
 * the process. The caller ends with twice_end(), on failure too. Returns REC_OK or REC_EIO.
 */
REC_CHECKED rec_status twice_begin(struct twice *twice, const char *path, rec_error *err);

void twice_end(struct twice *twice);

/** Add a paper and the other records of its work. Returns REC_OK, REC_ENOMEM or what the store reports. */
REC_CHECKED rec_status take_work(rec_store *store, rec_doc doc, rec_doc_set *taken, rec_error *err);

#endif
