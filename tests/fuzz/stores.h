/* Stores of a few invented papers, each made once in a folder of the process's own, which goes when the process ends. */
#ifndef REC_FUZZ_STORES_H
#define REC_FUZZ_STORES_H

#include "fuzz.h"

#include "rec/recommend.h"
#include "rec/store.h"

#include <stdbool.h>

/** A path in that folder; until the next call but one. */
const char *fuzz_path(const char *name);

/** Make the store `name` in the folder, built if asked. Returns its path; the caller ends with free(). */
char *fuzz_make_store(const char *name, bool build);

/** A handle on such a store, opened once: for reading, or an engine on a built one. */
rec_store *fuzz_store(void);
rec_engine *fuzz_engine(void);

#endif
