/* Files that are installed with us: modules and the trained table. */
#ifndef REC_BESIDE_H
#define REC_BESIDE_H

#include "status.h"

#include <limits.h>

typedef enum rec_installed { REC_INSTALLED_MODULE, REC_INSTALLED_DATA } rec_installed;

/**
 * The path of `name`, a module or a file of data, into `out`. Looked for, in this order, in
 *
 *  - the folder that the environment's RECOMMEND_DATA names, where it is set and the process has no more rights than who started it;
 *  - the tree that holds the file in which this code runs, program or library: the build tree, or the installed one, wherever it was moved;
 *  - the folder that it was installed to.
 *
 * Returns REC_EINVAL (RECOMMEND_DATA is not an absolute path) or REC_ESTALE (it is in none of them, which are named).
 */
REC_CHECKED rec_status rec_find_beside(rec_installed kind, const char *name, char out[PATH_MAX], rec_error *err);

#endif
