/* Characters in text that may be of any bytes. */
#ifndef REC_CHARACTER_H
#define REC_CHARACTER_H

#include <stddef.h>
#include <stdint.h>

#define REC_NO_CHARACTER (-1)

/**
 * The character that begins at `text`, which has `length` bytes and one at least: its code point, and in `bytes` how many it takes. Where
 * these bytes begin no character in UTF-8 (RFC 3629), REC_NO_CHARACTER and 1.
 */
int32_t rec_character(const char *text, size_t length, size_t *bytes);

/** Bytes of `text` (length) before the first that is no UTF-8: `length` where all are. A NUL is a character. */
size_t rec_count_utf8(const char *text, size_t length);

#endif
