/*
 * Cuts a JSON document into its records while it streams by: the entries of a list, of the list that an answer of a service holds, or
 * objects one behind the other, however they are laid out. What a record holds is not looked at: whoever takes it parses it.
 */
#ifndef REC_JSON_SPLIT_H
#define REC_JSON_SPLIT_H

#include "rec/reader.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct rec_json_splitter rec_json_splitter;

/* Takes a record: `length` bytes from its first to its last bracket. `text` NULL: `length` bytes were too many, or the end cut it off. What
 * it returns but REC_OK ends the reading. */
typedef rec_status (*rec_json_taker)(void *context, const char *text, size_t length, const rec_position *at, rec_error *err);

/** Begin at line number `line`. The caller ends with rec_json_splitter_free(). Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_json_splitter_new(rec_json_taker take, void *context, uint64_t line, rec_json_splitter **out, rec_error *err);

/**
 * Feed the next bytes; `bytes` NULL is the end. At most REC_MAX_RECORD bytes of a record are held; a longer one is passed over and told of.
 * Returns what the taker returns, or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_json_splitter_feed(rec_json_splitter *splitter, const char *bytes, size_t length, rec_error *err);

/** Free it. NULL is allowed. */
void rec_json_splitter_free(rec_json_splitter *splitter);

/**
 * Whether a content that begins with these bytes is such a document and not an object a line: a list of objects, an answer, or an object
 * that its first line does not end.
 */
bool rec_is_json_document(const char *head, size_t length);

#endif
