/*
 * Files of candidates. Either every line is an id in any spelling, and these papers are the candidates of every request; or every line is
 * `request id<TAB>candidate`, and each request has a pool of its own, empty where no line names it. Empty lines and lines that begin with
 * '#' are passed over.
 */
#ifndef REC_POOLS_H
#define REC_POOLS_H

#include "rec/store.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct rec_pools {
    bool by_request;
    rec_doc *requests; /* (count) rising; all 0 where the pool is everyone's */
    rec_doc *docs;     /* (count) the candidate of each row: rising within a request, each once */
    size_t count;
    size_t unknown; /* lines with an id that names no stored paper */
} rec_pools;

#define REC_POOLS_INIT                                                                                                                     \
    {                                                                                                                                      \
        .count = 0                                                                                                                         \
    }

/**
 * Read `path` ("-", .gz and .zst as everywhere). The first line tells which of the two kinds it is. On success the caller ends with
 * rec_pools_clear(). Returns REC_EFORMAT (file and line named) where a line is of the other kind, REC_ENOMEM, or what source and store
 * report.
 */
REC_CHECKED rec_status rec_pools_load(rec_store *store, const char *path, rec_pools *out, rec_error *err);

/** The candidates of a request, rising; `*count` of them. A `request` of 0 is one that is not stored. Borrowed. */
const rec_doc *rec_pools_of(const rec_pools *pools, rec_doc request, size_t *count);

void rec_pools_clear(rec_pools *pools);

#endif
