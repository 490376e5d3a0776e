/* Making JSON trees whose failures are looked at once, at the end: a tree that memory was out for is NULL. */
#ifndef REC_JSON_MAKE_H
#define REC_JSON_MAKE_H

#include <jansson.h>
#include <stddef.h>

/** Set a key of `*object`, giving `value` up. A NULL value, which is how jansson says that memory is out, makes `*object` NULL for good. */
void set_key(json_t **object, const char *key, json_t *value);

/** Append to `*array` in the same way. */
void add_item(json_t **array, json_t *value);

/** A text of a store, `length` bytes. What is not UTF-8, as a damaged store may have it, becomes U+FFFD. NULL where memory is out. */
json_t *make_text(const char *text, size_t length);

#endif
