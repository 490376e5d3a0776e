/* Where the store is when the user does not say. */
#ifndef REC_PLACE_H
#define REC_PLACE_H

#include "status.h"

#include <limits.h>
#include <stdbool.h>

/**
 * The store's path: `db` where given, as an option or as a setting, else $XDG_DATA_HOME/recommend/papers.db, else
 * ~/.local/share/recommend/papers.db.
 * With `make_folder` the data folder is made where it is missing. Returns REC_EINVAL (no home, or too long) or REC_EIO.
 */
REC_CHECKED rec_status place_store(const char *db, bool make_folder, char out[PATH_MAX], rec_error *err);

/** Whether a file may be written under `path`: REC_OK, or REC_EINVAL where it is the store, under whatever name, or a file that goes with
 * it. */
REC_CHECKED rec_status place_beside_store(const char *path, const char *store, rec_error *err);

#endif
