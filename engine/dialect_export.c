/*
 * What `recommend export` writes (export_json.c): our own papers, told by `schema_version`. Each member has one place, and what was an
 * unknown field of the first source is an unknown field again, whatever it is called.
 */
#include "dialects.h"

#include "rec/export.h"

#include <string.h>

/* The original where there is one: it is cleaned again, which gives the same text in the same release and a better one in a later. */
static const struct rec_field_name FIELDS[] = {
    { "id", "id" },
    { "also", "also" },
    { "version", "version" },
    { "title", "title_original" },
    { "title", "title" },
    { "abstract", "abstract_original" },
    { "abstract", "abstract" },
    { "date", "published" },
    { "updated", "updated" },
    { "categories", "categories" },
    { "keywords", "keywords" },
    { "venue", "venue" },
    { "url", "url" },
    { "upvotes", "upvotes" },
    { NULL, NULL },
};

static const struct rec_field_name NAMES[] = { { "date", "published" }, { "authors_parsed", "authors" }, { NULL, NULL } };

static bool is_exported(const json_t *record)
{
    return json_is_integer(json_object_get(record, "schema_version")) && json_is_string(json_object_get(record, "id"));
}

/* Names that were told apart once are not looked into again: arXiv's lists of names do not split. */
static bool move_authors(json_t *record, json_t *own)
{
    const json_t *authors = json_object_get(record, "authors");
    json_t *parsed, *author;
    size_t i;
    bool made;

    if (!json_is_array(authors))
        return true; /* null, or somebody's own: kept as it is */
    parsed = json_array();
    made = parsed && json_object_set(own, "authors_parsed", parsed) == 0;
    json_array_foreach(authors, i, author) made = made && json_array_append_new(parsed, json_pack("[O]", author)) == 0;
    json_decref(parsed);
    json_object_del(record, "authors");
    return made;
}

static bool names_flag(const json_t *flags, const char *name)
{
    json_t *flag;
    size_t i;

    json_array_foreach(flags, i, flag) if (json_is_string(flag) && strcmp(json_string_value(flag), name) == 0) return true;
    return false;
}

/* Both marks are told outright, also that there is none: a title may look like one. */
static bool move_flags(json_t *record, json_t *own)
{
    const json_t *flags = json_object_get(record, "flags");
    bool made = !json_is_array(flags) || (json_object_set_new(own, "withdrawn", json_boolean(names_flag(flags, "withdrawn"))) == 0 &&
                                          json_object_set_new(own, "retracted", json_boolean(names_flag(flags, "retracted"))) == 0);

    json_object_del(record, "flags");
    return made;
}

/* The unknown fields stand beside what this record has of them by itself. */
static bool unfold_extra(json_t *record)
{
    json_t *extra = json_incref(json_object_get(record, "extra"));
    bool made = true;

    if (json_is_object(extra)) {
        json_object_del(record, "extra");
        made = json_object_update(record, extra) == 0;
    }
    json_decref(extra);
    return made;
}

static bool translate(json_t *record, json_t *own, rec_error *refusal)
{
    json_int_t version = json_integer_value(json_object_get(record, "schema_version"));

    if (version > REC_EXPORT_SCHEMA) {
        (void)rec_fail(refusal, REC_EFORMAT, "field 'schema_version': %lld, this program knows up to %d; use a newer release",
                       (long long)version, REC_EXPORT_SCHEMA);
        return true;
    }
    json_object_del(record, "schema_version");
    if (!rec_move_fields(record, FIELDS, own) || !move_authors(record, own) || !move_flags(record, own))
        return false;
    /* Made from the originals, which were moved. */
    json_object_del(record, "title");
    json_object_del(record, "abstract");
    return unfold_extra(record);
}

const struct rec_dialect rec_dialect_export = { "export", is_exported, translate, NAMES };
