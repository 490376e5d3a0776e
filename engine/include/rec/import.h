/*
 * Files of papers into a store.
 */
#ifndef REC_IMPORT_H
#define REC_IMPORT_H

#include "rec/store.h"
#include "status.h"

#include <stdbool.h>
#include <stdint.h>

#define REC_IMPORT_BATCH 1000 /* records of one transaction: what an interruption can lose */

typedef struct rec_import_report {
    uint64_t records; /* read, good or bad */
    uint64_t added, updated, unchanged;
    uint64_t older; /* a newer version is stored: left alone */
    uint64_t refused;
    uint64_t empty;       /* stored, with neither title nor abstract: never suggested */
    uint64_t passed_over; /* files of an archive that are in none of the formats */
} rec_import_report;

typedef struct rec_import_options {
    bool strict; /* stop at the first record that is refused; what came before it in the file is kept */
    /* Told of every record that is refused: "FILE:LINE: field 'x': ...", with "item N: " before the field where records are no lines. May
     * be NULL. */
    void (*refused)(void *context, const char *message);
    /* Told of what the user should know of a file of which nothing is wrong: "FILE:LINE: ...". May be NULL. */
    void (*remarked)(void *context, const char *message);
    /* Told after every batch; `done` and `total` are bytes of the file, total 0 where unknown. May be NULL. */
    void (*progress)(void *context, const char *path, uint64_t done, uint64_t total, uint64_t records);
    void *context;
} rec_import_options;

/**
 * Read `path` ("-" is standard input) into `store`, open for writing and not in a transaction. The format is recognised by content: see
 * rec_read_records(). Of a zip archive each file is read, in its order.
 *
 * Committed in batches; running it again after an interruption finishes it. `report` is added to. Returns REC_OK although records were
 * refused (they are counted); REC_EFORMAT for the first of them under `strict`; what the source or the store reports otherwise.
 */
REC_CHECKED rec_status rec_import(rec_store *store, const char *path, const rec_import_options *options, rec_import_report *report,
                                  rec_error *err);

#endif
