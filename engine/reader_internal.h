/* What the parts of the JSON reader share: the record, the paper made from it, and how a field is refused. */
#ifndef REC_READER_INTERNAL_H
#define REC_READER_INTERNAL_H

#include "rec/paper.h"
#include "status.h"

#include <jansson.h>

struct rec_reading {
    json_t *record; /* an object; a field is deleted from it once it was understood, and what is left is the paper's `extra` */
    rec_paper paper;
    rec_error *err;
};

/** The field, or NULL where it is absent or null. Borrowed until it is deleted. */
json_t *rec_reading_field(const struct rec_reading *r, const char *field);

/** Fail with REC_EFORMAT: the field is not what was `expected` ("a string"). */
REC_CHECKED rec_status rec_reading_refuse(struct rec_reading *r, const char *field, const char *expected, const json_t *value);

/** Fail with REC_ENOMEM. */
REC_CHECKED rec_status rec_reading_no_memory(struct rec_reading *r);

/** "a list", "a number" and so on, for messages. */
const char *rec_json_type_name(const json_t *value);

/** The record's authors, categories and keywords as lists of the paper. */
REC_CHECKED rec_status rec_reading_lists(struct rec_reading *r);

#endif
