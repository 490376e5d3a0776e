/* A copy of a store that answers by itself, taken while others write. */
#ifndef REC_BACKUP_H
#define REC_BACKUP_H

#include "rec/store.h"
#include "status.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct rec_backup_report {
    int64_t papers;
    bool complete; /* all side files of the state were copied: the copy answers without a build */
} rec_backup_report;

/**
 * Copy `store`, open for reading, to `path`, where nothing may be yet: its file in one state, whatever others commit meanwhile, and the
 * side files that belong to that state, under names that begin with `path`. Everything is written aside, synced and renamed, the store's
 * file last: what is under `path` is whole.
 *
 * A side file that is missing or cannot be read is left out, and `report` says so: a build remakes it. Returns REC_OK; REC_EINVAL (there is
 * something under `path`, or the name is too long); REC_EDAMAGED (the store's file); REC_EIO or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_backup(rec_store *store, const char *path, rec_backup_report *report, rec_error *err);

#endif
