/* Names of authors as sources write them, in reading order. */
#ifndef REC_NAMES_H
#define REC_NAMES_H

#include "buf.h"

#include <stdbool.h>
#include <stddef.h>

/* Takes one name; false stops the reading. */
typedef bool (*rec_name_taker)(const char *name, size_t length, void *context);

/**
 * Split a string of names and hand each on, as it is written: at " and ", " & ", ";" and ",", outside parentheses, which hold affiliations
 * and are left out. Where every part between "and" or ";" is "Family, Given" (no full stop before the comma) or "Family, G., Family, G."
 * the comma inside a name parts nothing; nor does the one before "Jr.". "et al." is left out.
 *
 * `listed`: the string is an entry of a list and mostly one name, which is handed on as it is; it is split only where it surely holds
 * several. Returns false where `take` did, or where memory is out before anything was taken.
 */
bool rec_names_split(const char *text, bool listed, rec_name_taker take, void *context);

/** Append "Given Family" for "Family, Given", and any other name, "Family, Jr." too, as it is. */
void rec_name_in_reading_order(const char *name, size_t length, rec_buf *out);

#endif
