/*
 * TREC runs: the rankings of a system as a file, `query Q0 document rank score tag` a line.
 */
#ifndef REC_RUN_H
#define REC_RUN_H

#include "rec/store.h"
#include "status.h"

#include <stddef.h>

typedef struct rec_run_entry {
    rec_doc query;
    rec_doc doc; /* REC_RUN_UNKNOWN where the document is not stored: it holds its place and is relevant to nothing */
} rec_run_entry;

#define REC_RUN_UNKNOWN (-1)

typedef struct rec_run {
    rec_run_entry *items; /* (count) by query, then best first; no stored document twice for a query, and no query in its own ranking */
    size_t count;
    size_t unknown; /* lines whose query is not stored: they were passed over */
} rec_run;

#define REC_RUN_INIT                                                                                                                       \
    {                                                                                                                                      \
        .count = 0                                                                                                                         \
    }

/**
 * Read a run ("-", .gz and .zst as everywhere), ids in any spelling. As in trec_eval the scores decide, not the ranks: documents stand by
 * falling score, equal scores by rank, then by id as it is spelt. Of a document that is named twice the better place counts. On success the
 * caller ends with rec_run_clear(). Returns REC_EFORMAT (file, line and field named), REC_ENOMEM, or what source and store report.
 */
REC_CHECKED rec_status rec_run_load(rec_store *store, const char *path, rec_run *out, rec_error *err);

/** The ranking of a query, best first; `*count` is 0 where the run has none. Borrowed. */
const rec_run_entry *rec_run_of(const rec_run *run, rec_doc query, size_t *count);

void rec_run_clear(rec_run *run);

#endif
