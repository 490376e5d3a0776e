/* What import and build tell about a build. */
#ifndef REC_TOOLS_BUILDING_H
#define REC_TOOLS_BUILDING_H

#include "opt.h"
#include "rec/build.h"

/** Build `store` with a progress bar, and say on standard error what was done. Returns an exit status. */
int build_store(rec_store *store, const struct common *common, bool refit);

#endif
