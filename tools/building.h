/* What import and build tell about a build. */
#ifndef REC_TOOLS_BUILDING_H
#define REC_TOOLS_BUILDING_H

#include "opt.h"
#include "rec/build.h"

/**
 * Whether the table that --model names, NULL where it was not given, can be used: to be asked before a store is opened. Returns an exit
 * status.
 */
int check_table(const char *table);

/* What was asked for on the command line. */
struct build_wishes {
    bool refit;
    const char *table; /* --model; NULL where it was not given */
    bool without_table;
};

/**
 * Build `store` with a progress bar, and say on standard error what was done. Returns an exit status.
 */
int build_store(rec_store *store, const struct common *common, const struct build_wishes *wishes);

#endif
