/*
 * What can still be read of a store whose file is damaged. The file is read page by page, not through SQLite, so that a damaged page costs
 * the papers on it and no others.
 */
#ifndef REC_SALVAGE_H
#define REC_SALVAGE_H

#include "rec/export.h"
#include "status.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct rec_salvage_report {
    int64_t saved;
    int64_t lost;         /* papers that the file still speaks of and whose row cannot be read, or does not agree with itself */
    int64_t incomplete;   /* saved papers with a field that cannot be read, which is left out */
    bool perhaps_of_past; /* which pages are in use cannot be told: papers may be as they once were */
} rec_salvage_report;

/**
 * Hand the papers of the store in file `path` to `sink` as rec_export_papers() does, by rising number; `filter` chooses among them. The
 * file is read as it lies there: what a log beside it (FILE-wal) holds is not in it. `lost` is told of the id of each paper that is lost
 * where that is known, and may be NULL.
 *
 * Returns REC_OK also where papers are lost; REC_EDAMAGED where no paper is found; REC_EIO, REC_ENOMEM; what the sink returns.
 */
REC_CHECKED rec_status rec_salvage(const char *path, const rec_filter *filter, rec_export_format format, const rec_export_sink *sink,
                                   void (*lost)(void *context, const char *id), void *context, rec_salvage_report *report, rec_error *err);

#endif
