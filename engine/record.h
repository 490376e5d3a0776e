/*
 * A record under our own names to a paper, whichever format it came in; and what the parts of that share.
 *
 * The names are those of docs/formats.md ("JSON Lines"). Everything is checked and cleaned here, once for all formats.
 */
#ifndef REC_RECORD_H
#define REC_RECORD_H

#include "rec/paper.h"
#include "status.h"

#include <jansson.h>
#include <stdbool.h>

/* How a source calls a field of ours: messages name what its user sees. A table ends with { NULL, NULL }. */
struct rec_field_name {
    const char *ours, *theirs;
};

/**
 * Make a paper of the object `own`, which is used up: fields are deleted from it. `rest` holds what else the record had, as the source
 * calls it, and may be NULL; the paper's `extra` is made of it and of what is left of `own`. `names` may be NULL.
 *
 * `out` as rec_read_json. Returns REC_EFORMAT with the field named in the message, or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_read_fields(json_t *own, json_t *rest, const struct rec_field_name *names, rec_paper *out, rec_error *err);

/** The same for a record of a JSON format, which may be under another service's names (dialects.h). It is used up. */
REC_CHECKED rec_status rec_read_object(json_t *record, rec_paper *out, rec_error *err);

/* ---- making such an object ----------------------------------------------------------------------------------------- */

/**
 * Move the field `theirs` of `from`, where it is there and not null, to `own` under the name `ours`, unless `own` has that already. Returns
 * false where memory is out; so do the following.
 */
bool rec_move_field(json_t *from, const char *theirs, json_t *own, const char *ours);

/** Move each field of a table; of several that are the same field of ours the first one that is there. */
bool rec_move_fields(json_t *from, const struct rec_field_name *fields, json_t *own);

/** Append a string to the list `field` of `own`. NULL and an empty one are nothing. Returns false where memory is out. */
bool rec_append_text(json_t *own, const char *field, const char *text);

/** Put a value, which is taken over, under a name; a second one makes a list of both. NULL is nothing. Returns false where memory is out.
 */
bool rec_put_beside(json_t *object, const char *name, json_t *value);

/** Append "Given Family Suffix" to the list `field`; each part may be NULL. Returns false where memory is out. */
bool rec_append_name(json_t *own, const char *field, const char *given, const char *family, const char *suffix);

/**
 * Put a date of parts, unless there is one; `month` may be a number or begin with an English name. A part that is NULL or cannot be read,
 * and what stands behind it, is left out; without a year nothing is put. Returns false where memory is out.
 */
bool rec_put_date(json_t *own, const char *year, const char *month, const char *day);

/** Whether a text can stand in such an object: UTF-8 without a NUL; else `refusal` tells of the field. */
bool rec_is_text(const char *field, const char *text, size_t length, rec_error *refusal);

/* ---- between record.c, record_lists.c and record_flags.c --------------------------------------------------------------------------- */

struct rec_reading {
    json_t *record; /* an object; a field is deleted from it once it was understood, and what is left is the paper's `extra` */
    const struct rec_field_name *names;
    rec_paper paper;
    rec_error *err;
};

/** The field, or NULL where it is absent or null. Borrowed until it is deleted. */
json_t *rec_reading_field(const struct rec_reading *r, const char *field);

/** How the source calls a field of ours. */
const char *rec_reading_name(const struct rec_reading *r, const char *field);

/** Fail with REC_EFORMAT: the field is not what was `expected` ("a string"). */
REC_CHECKED rec_status rec_reading_refuse(struct rec_reading *r, const char *field, const char *expected, const json_t *value);

/** Fail with REC_ENOMEM. */
REC_CHECKED rec_status rec_reading_no_memory(struct rec_reading *r);

/** "a list", "a number" and so on, for messages. */
const char *rec_json_type_name(const json_t *value);

/** The record's authors, categories and keywords as lists of the paper. */
REC_CHECKED rec_status rec_reading_lists(struct rec_reading *r);

/** Whether the record is marked as withdrawn or retracted; its title and abstract have been read. */
REC_CHECKED rec_status rec_reading_flags(struct rec_reading *r);

#endif
