/* Requests that are read twice, as --unique-across reads them. */
#ifndef REC_TWICE_H
#define REC_TWICE_H

#include "status.h"

#include <limits.h>
#include <stdbool.h>
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

#endif
