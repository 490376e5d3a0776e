/* Text brought to a width: lines wrapped for plain text, and texts cut short at a sentence or a word. */
#ifndef REC_WRAP_H
#define REC_WRAP_H

#include "buf.h"

#include <stddef.h>

/**
 * Append `text` with every line that is wider than `columns` wrapped. What follows is indented as the line is, and past a list's mark ("-
 * ", "12. "). Wide characters take two columns, combining ones none. Between wide characters a line may end anywhere, else at spaces; a
 * word that is wider than a line, such as an address, stands on one of its own.
 */
void wrap_text(const char *text, size_t columns, rec_buf *out);

/** Columns that `text`, one line of UTF-8, takes. */
size_t text_columns(const char *text);

/**
 * Append at most `most` characters of `text`, one line of UTF-8: all of it where it is not longer, else up to the last sentence that ends
 * there, if that is at least half, else up to a word, and an ellipsis. `most` 0 appends nothing.
 */
void shorten_to_sentence(const char *text, size_t most, rec_buf *out);

/** The same at the last word. */
void shorten_to_word(const char *text, size_t most, rec_buf *out);

#endif
