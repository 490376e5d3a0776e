/*
 * JSON written straight into bytes, in the form that jansson's compact dump has: an answer is some hundred values, and a tree of them costs
 * more than finding the answer. What is rare or foreign goes through a tree still (rec_put_tree). One thing is not as jansson has it: DEL,
 * C1 controls and marks that turn the direction of writing are escaped, for JSON too is looked at on terminals.
 *
 * Values follow each other; commas are set here. `key` is NULL for an item of an array and for a whole line. Failures stick to the buffer.
 */
#ifndef REC_JSON_TEXT_H
#define REC_JSON_TEXT_H

#include "buf.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/** Begin an object ('{') or an array ('['). */
void rec_put_open(rec_buf *out, const char *key, char bracket);

/** End it: '}' or ']'. */
void rec_put_close(rec_buf *out, char bracket);

/** A string, null for NULL. What is not UTF-8 becomes U+FFFD. */
void rec_put_text(rec_buf *out, const char *key, const char *text);

/** A string of `length` bytes. */
void rec_put_text_part(rec_buf *out, const char *key, const char *text, size_t length);

void rec_put_integer(rec_buf *out, const char *key, int64_t value);

#define REC_DIGITS_FLOAT 9 /* significant digits that tell any two floats apart */
#define REC_DIGITS_ALL 17  /* the same of doubles */

/** A number with so many digits at most. One that is not finite makes the buffer fail. */
void rec_put_real(rec_buf *out, const char *key, double value, int digits);

void rec_put_boolean(rec_buf *out, const char *key, bool value);

/** An array of strings that is stored as JSON; an empty one for NULL and for what is no array. */
void rec_put_stored_list(rec_buf *out, const char *key, const char *array);

/** A tree, which is given up, its numbers with so many digits; NULL, jansson's word for memory being out, makes the buffer fail. */
void rec_put_tree(rec_buf *out, const char *key, json_t *tree, int digits);

/** JSON that jansson dumped, or a part of it that ends between characters, with the escapes that are said above. */
void rec_put_dumped(rec_buf *out, const char *text, size_t length);

#endif
