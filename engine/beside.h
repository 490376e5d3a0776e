/* Files that are installed with the program. */
#ifndef REC_BESIDE_H
#define REC_BESIDE_H

#include "status.h"

#include <limits.h>

/**
 * The path of `name` in `folder` ("lib/recommend", "share/recommend"), which stands beside the folder of the running executable, as in the
 * build tree and wherever the installed tree was moved; else in `installed`, where it was installed to. Never from an environment variable:
 * that would let whoever sets it run code in our name. Returns REC_ESTALE, naming both, where neither is there.
 */
REC_CHECKED rec_status rec_find_beside(const char *folder, const char *installed, const char *name, char out[PATH_MAX], rec_error *err);

#endif
