/*
 * A paper as a line of JSON: all that the store has of it, under the names that `show` prints. dialect_export.c reads it back.
 */
#include "export.h"

#include <jansson.h>
#include <stdlib.h>

/* ---- values; NULL where memory is out ------------------------------------------------------------------------------ */

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *date_or_null(const rec_date *date)
{
    return date->text[0] ? json_string(date->text) : json_null();
}

static json_t *stored(const char *text)
{
    return text ? json_loads(text, 0, NULL) : json_null();
}

static json_t *stored_list(const char *array)
{
    return array ? json_loads(array, 0, NULL) : json_array();
}

static json_t *flags_of(const rec_paper *paper)
{
    json_t *list = json_array();
    int failed = 0;

    if (paper->flags & REC_FLAG_WITHDRAWN)
        failed |= json_array_append_new(list, json_string("withdrawn"));
    if (paper->flags & REC_FLAG_RETRACTED)
        failed |= json_array_append_new(list, json_string("retracted"));
    if (failed)
        json_decref(list);
    return failed ? NULL : list;
}

/* ---- the object ---------------------------------------------------------------------------------------------------- */

struct member {
    const char *name;
    json_t *value;
};

/* Makes an object of members, which are given up, and appends it as a line. */
static rec_status append_object(const struct member *members, size_t count, rec_buf *out, rec_error *err)
{
    json_t *object = json_object();
    bool made = object != NULL;
    char *text = NULL;

    for (size_t i = 0; i < count; i++)
        made &= json_object_set_new(object, members[i].name, members[i].value) == 0;
    if (made)
        text = json_dumps(object, JSON_COMPACT);
    json_decref(object);
    if (!text)
        return rec_fail(err, REC_ENOMEM, "out of memory writing a paper");
    rec_buf_puts(out, text);
    rec_buf_putc(out, '\n');
    free(text); /* jansson's, not ours */
    return REC_OK;
}

/* `count` entries of a list from `first`, where there are so many. */
static json_t *slice(const json_t *list, size_t first, size_t count)
{
    json_t *part = json_array();
    bool made = part != NULL;

    for (size_t i = first; i < first + count && i < json_array_size(list) && made; i++)
        made = json_array_append(part, json_array_get(list, i)) == 0;
    if (!made)
        json_decref(part);
    return made ? part : NULL;
}

/* A record brings a limited number of ids; a paper that gathered more from several records has lines for the rest. */
static rec_status append_further_ids(const rec_paper *paper, const json_t *also, rec_buf *out, rec_error *err)
{
    rec_status rc = REC_OK;

    for (size_t first = REC_MAX_ALIASES; first < json_array_size(also) && rc == REC_OK; first += REC_MAX_ALIASES) {
        const struct member members[] = {
            { "schema_version", json_integer(REC_EXPORT_SCHEMA) },
            { "id", json_string(paper->id.text) },
            { "also", slice(also, first, REC_MAX_ALIASES) },
        };

        rc = append_object(members, sizeof(members) / sizeof(members[0]), out, err);
    }
    return rc;
}

static rec_status append_json(const rec_record *record, rec_buf *out, rec_error *err)
{
    const rec_paper *paper = &record->paper;
    json_t *also = stored_list(record->also);
    const struct member members[] = {
        { "schema_version", json_integer(REC_EXPORT_SCHEMA) },
        { "id", json_string(paper->id.text) },
        { "also", slice(also, 0, REC_MAX_ALIASES) },
        { "version", paper->id.version ? json_integer(paper->id.version) : json_null() },
        { "title", text_or_null(paper->title) },
        { "abstract", text_or_null(paper->abstract) },
        { "authors", stored_list(paper->authors) },
        { "published", date_or_null(&paper->date) },
        { "updated", date_or_null(&paper->updated) },
        { "categories", stored_list(paper->categories) },
        { "keywords", stored_list(paper->keywords) },
        { "venue", text_or_null(paper->venue) },
        { "url", text_or_null(paper->url) },
        { "flags", flags_of(paper) },
        { "upvotes", paper->has_upvotes ? json_real(paper->upvotes) : json_null() },
        { "title_original", text_or_null(paper->title_original) },
        { "abstract_original", text_or_null(paper->abstract_original) },
        { "extra", stored(paper->extra) },
    };
    rec_status rc = append_object(members, sizeof(members) / sizeof(members[0]), out, err);

    if (rc == REC_OK && !also)
        rc = rec_fail(err, REC_ENOMEM, "out of memory writing a paper");
    if (rc == REC_OK)
        rc = append_further_ids(paper, also, out, err);
    json_decref(also);
    return rc;
}

const struct rec_export_writer rec_export_jsonl = { NULL, append_json };
