/*
 * JSON written straight into bytes, in the form that jansson's compact dump has: an answer is some hundred values, and a tree of them costs
 * more than finding the answer. What is rare or foreign goes through a tree still (put_tree).
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
void put_open(rec_buf *out, const char *key, char bracket);

/** End it: '}' or ']'. */
void put_close(rec_buf *out, char bracket);

/** A string, null for NULL. What is not UTF-8 becomes U+FFFD. */
void put_text(rec_buf *out, const char *key, const char *text);

/** A string of `length` bytes. */
void put_text_part(rec_buf *out, const char *key, const char *text, size_t length);

void put_integer(rec_buf *out, const char *key, int64_t value);

/** A number with nine digits, which tell any two floats apart. One that is not finite makes the buffer fail. */
void put_real(rec_buf *out, const char *key, double value);

void put_boolean(rec_buf *out, const char *key, bool value);

/** An array of strings that is stored as JSON; an empty one for NULL and for what is no array. */
void put_stored_list(rec_buf *out, const char *key, const char *array);

/** A tree, which is given up; NULL, jansson's word for memory being out, makes the buffer fail. */
void put_tree(rec_buf *out, const char *key, json_t *tree);

#endif
