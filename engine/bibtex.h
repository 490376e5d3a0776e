/* One entry of BibTeX, "@article{key, title = {...}}", as JSON. Pure functions of its bytes and of the macros defined before it. */
#ifndef REC_BIBTEX_H
#define REC_BIBTEX_H

#include "status.h"

#include <jansson.h>
#include <stddef.h>

/**
 * Read an entry from its '@' to the bracket that closes it. `text` holds no NUL and is followed by one.
 *
 * Names of fields are in small letters; values are without the braces or quotation marks around them, their parts joined and macros
 * replaced (one that is not defined stands for its name, as "mar" does). The type is the field "ENTRYTYPE", the key the field "ENTRYKEY"; a
 * field that is there twice is a list.
 *
 * `*fields` is a new object, or NULL for what is no record: @comment, @preamble, and @string, whose macros go into the object `macros`.
 * Returns REC_EFORMAT with the line of the entry, counted from 1, in `*line`; or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_bibtex_read(const char *text, json_t *macros, json_t **fields, unsigned long *line, rec_error *err);

/**
 * Take the braces off, in place, that only hold letters together ("{B}ay"), and leave those that TeX needs: arguments of commands, groups
 * that begin with one, indices, and formulas.
 */
void rec_bibtex_ungroup(char *text);

#endif
