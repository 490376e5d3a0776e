/* Foreign text inside an error message. */
#ifndef REC_QUOTE_H
#define REC_QUOTE_H

#include <stdbool.h>

#define REC_QUOTE_ROOM 68 /* 64 bytes, "..." and a NUL */

/**
 * Copy the start of `text` into `out` so that any message may hold it: at most 64 bytes, cut between characters, with "..." where something
 * is left out, and '?' for each byte that is a control or no UTF-8. Returns `out`.
 */
const char *rec_quote(const char *text, char out[REC_QUOTE_ROOM]);

/** Whether `text`, which is UTF-8, holds a control or a mark that turns the direction of the text behind it (controls.h). */
bool rec_holds_control(const char *text);

#endif
