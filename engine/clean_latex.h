/* LaTeX and HTML's entities to Unicode text. */
#ifndef REC_CLEAN_LATEX_H
#define REC_CLEAN_LATEX_H

#include "buf.h"

#include <stddef.h>

/**
 * Append `length` bytes of UTF-8 to `out` with one layer of markup taken off: accents, text commands, mathematics between dollars,
 * entities. What is not certainly markup stays as it is: money, paths, code, set braces, unknown commands. Nesting deeper than 16 and
 * groups longer than 500 bytes stay, too. Linear in `length`. `text` holds no NUL. `out` is failed when memory is out.
 */
void rec_latex_to_unicode(const char *text, size_t length, rec_buf *out);

#endif
