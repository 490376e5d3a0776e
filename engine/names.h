/* Names of authors as sources write them, in reading order. */
#ifndef REC_NAMES_H
#define REC_NAMES_H

#include "buf.h"

#include <stdbool.h>
#include <stddef.h>

/* Takes one name; false stops the reading. */
typedef bool (*rec_name_taker)(const char *name, size_t length, void *context);

/**
 * Split a string of names and hand each on: at " and ", ";" and ",", outside parentheses, which hold affiliations and are left out. "Last, First and Last, First" (BibTeX's
 * way: every part has exactly one comma) is turned round. "et al." is left out. Returns false where `take` did.
 */
bool rec_names_split(const char *text, rec_name_taker take, void *context);

/** Append "Given Family" for "Family, Given", and any other name as it is. */
void rec_name_in_reading_order(const char *name, size_t length, rec_buf *out);

#endif
