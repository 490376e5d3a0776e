/*
 * JSON read so that a lack of memory is told from a text that is no JSON.
 *
 * jansson reports a failed allocation within its parser as a token that is invalid. An import would count a good record as refused, an
 * answer would leave out authors.
 */
#ifndef REC_JSON_H
#define REC_JSON_H

#include "status.h"

#include <jansson.h>
#include <stddef.h>

/**
 * For a program, before it reads any JSON: jansson's requests for memory are watched while rec_json_read() reads. Its lexer goes on where
 * it has no memory for a character, so that an id could lose a digit, or memory be written past its end, and nobody be told. It is a
 * setting of the whole process, so a library must leave it alone.
 */
void rec_json_begin_program(void);

/**
 * As json_loadb(): `length` bytes of `text` with jansson's `flags`. On success the caller ends with json_decref(*out). Returns REC_OK,
 * REC_EFORMAT (`*out` is NULL, `why` has the reason) or REC_ENOMEM (`*out` is NULL).
 */
REC_CHECKED rec_status rec_json_read(const char *text, size_t length, size_t flags, json_t **out, json_error_t *why);

/**
 * What the program itself wrote, such as a stored list. NULL gives NULL, as does what cannot be read, which is then damaged. Returns
 * REC_OK or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_json_read_stored(const char *text, json_t **out);

/**
 * The same for printing, where nothing can be reported: NULL as well where memory was out twice, and then the sink of the output, which
 * needs more of it, tells.
 */
json_t *rec_json_stored(const char *text);

#endif
