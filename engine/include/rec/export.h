/*
 * Papers out of a store, as other programs read them. JSON Lines hold all that the store has of a paper, and importing them gives the same
 * papers again; BibTeX and CSV hold what those formats have a place for (docs/formats.md, Export).
 */
#ifndef REC_EXPORT_H
#define REC_EXPORT_H

#include "rec/filter.h"
#include "rec/store.h"
#include "status.h"

#include <stddef.h>
#include <stdint.h>

#define REC_EXPORT_SCHEMA 1 /* of an exported JSON object: its member `schema_version` */

typedef enum rec_export_format { REC_EXPORT_JSONL, REC_EXPORT_BIBTEX, REC_EXPORT_CSV } rec_export_format;

/* Which papers: those that pass the filter, of all or of those that are named. */
typedef struct rec_export_choice {
    rec_filter filter;
    const rec_doc *docs; /* (doc_count) rising, borrowed; NULL: all papers */
    size_t doc_count;
} rec_export_choice;

/* Where the bytes go, a paper or less at a time. What it returns but REC_OK ends the export. */
typedef struct rec_export_sink {
    rec_status (*take)(void *context, const char *bytes, size_t length, rec_error *err);
    void *context;
} rec_export_sink;

/**
 * Hand the chosen papers to `sink`, by rising number, as one file of the format; memory is bounded by one paper. `*count` is how many they
 * were. The store is read in one state, whatever others commit.
 *
 * Returns REC_OK, also where no paper is chosen; REC_ENOMEM; what the sink returns; what the store reports.
 */
REC_CHECKED rec_status rec_export_papers(rec_store *store, const rec_export_choice *choice, rec_export_format format,
                                         const rec_export_sink *sink, int64_t *count, rec_error *err);

#endif
