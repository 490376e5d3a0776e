/* Telling of a paper that the store does not hold. */
#ifndef REC_MISSING_H
#define REC_MISSING_H

#include "rec/store.h"

/** Say that there is no paper `asked`, and which ids and titles come nearest. Returns EXIT_NO_PAPER. */
int say_no_such_paper(rec_store *store, const char *asked);

#endif
