/*
 * Authors, categories and keywords of a record, in all the ways they come: lists of strings or of objects, one string for all, arXiv's
 * parsed names.
 */
#include "record.h"

#include "alloc.h"
#include "arxiv.h"
#include "names.h"
#include "rec/clean.h"

#include <stdlib.h>
#include <string.h>

struct list {
    struct rec_reading *r;
    const char *field;
    json_t *items; /* array of strings */
    json_t *seen;  /* object with the same strings as keys: papers of 3000 authors are compared in no time */
    rec_status status;
};

/* ---- a list's entries ---------------------------------------------------------------------------------------------- */

/* Sets the status, and says so: false ends a walk. */
static bool stop(struct list *list, rec_status status)
{
    list->status = status;
    return false;
}

static bool append(struct list *list, const char *text)
{
    if (!text[0] || json_object_get(list->seen, text))
        return true;
    if (json_array_size(list->items) >= REC_MAX_LIST)
        return stop(list, rec_fail(list->r->err, REC_EFORMAT, "field '%s': more than %d entries", rec_reading_name(list->r, list->field),
                                   REC_MAX_LIST));
    if (json_object_set_new(list->seen, text, json_true()) != 0 || json_array_append_new(list->items, json_string(text)) != 0)
        return stop(list, rec_reading_no_memory(list->r));
    return true;
}

/* The length of an entry without what was left at its end when its source was cut into a list. */
static size_t without_separators(const char *text, size_t length)
{
    while (length > 0 && strchr(" \t\r\n,;", text[length - 1]))
        length--;
    return length;
}

/* Cleans an entry and appends it, unless it is empty or listed already; a rec_name_taker. */
static bool add_entry(const char *text, size_t length, void *context)
{
    struct list *list = context;
    rec_buf clean = REC_BUF_INIT(4 * (size_t)REC_MAX_FIELD + 16);
    rec_error reason = REC_ERROR_INIT;
    rec_status rc;
    bool going_on;

    length = without_separators(text, length);
    if (length > REC_MAX_FIELD)
        return stop(list, rec_fail(list->r->err, REC_EFORMAT, "field '%s': an entry of %zu bytes, at most %d are allowed",
                                   rec_reading_name(list->r, list->field), length, REC_MAX_FIELD));
    if ((rc = rec_clean_text(text, length, &clean, &reason)) == REC_OK)
        going_on = append(list, rec_buf_text(&clean));
    else
        going_on = stop(list, rec_fail(list->r->err, rc, "field '%s': %s", rec_reading_name(list->r, list->field), reason.message));
    rec_buf_clear(&clean);
    return going_on;
}

/* The same for a name, which may be turned ("Family, Given"). */
static bool add_name(const char *text, size_t length, void *context)
{
    struct list *list = context;
    rec_buf name = REC_BUF_INIT(length + 1);
    bool going_on;

    length = without_separators(text, length);
    rec_name_in_reading_order(text, length, &name);
    going_on = name.failed ? stop(list, rec_reading_no_memory(list->r)) : add_entry(rec_buf_text(&name), name.length, list);
    rec_buf_clear(&name);
    return going_on;
}

/* The same for all names of a string. */
static bool add_names(const char *text, bool listed, struct list *list)
{
    if (!rec_names_split(text, listed, add_name, list) && list->status == REC_OK)
        return stop(list, rec_reading_no_memory(list->r));
    return list->status == REC_OK;
}

static bool add_listed_name(const char *text, size_t length, void *context)
{
    (void)length;
    return add_names(text, true, context);
}

/* ---- whole lists --------------------------------------------------------------------------------------------------- */

/* Begins a list for a field that must hold a list, or also a string where `or_string`. */
static rec_status begin(struct list *list, struct rec_reading *r, const char *field, const json_t *value, bool or_string)
{
    *list = (struct list){ r, field, NULL, NULL, REC_OK };
    if (!json_is_array(value) && !(or_string && json_is_string(value)))
        return rec_reading_refuse(r, field, or_string ? "a list or a string" : "a list", value);
    list->items = json_array();
    list->seen = json_object();
    return REC_OK; /* a missing one of the two shows at the first append */
}

/* Stores the list as JSON text, ends it, and takes the field off the record; a list without entries is no list. */
static rec_status finish(struct list *list, char **out)
{
    char *text;

    if (list->status == REC_OK && json_array_size(list->items) > 0) {
        text = json_dumps(list->items, JSON_COMPACT);
        *out = text ? rec_strdup(text) : NULL;
        free(text); /* jansson's, not ours */
        if (!*out)
            list->status = rec_reading_no_memory(list->r);
    }
    json_decref(list->items);
    json_decref(list->seen);
    if (list->status == REC_OK)
        json_object_del(list->r->record, list->field);
    return list->status;
}

/* An entry is a string, or an object with a name. */
static void add_each(struct list *list, const json_t *value, rec_name_taker add)
{
    bool going_on = true;
    json_t *entry;
    size_t i;

    json_array_foreach(value, i, entry)
    {
        const json_t *named = json_is_object(entry) ? json_object_get(entry, "name") : entry;

        if (json_is_string(named))
            going_on = add(json_string_value(named), json_string_length(named), list);
        else
            going_on = stop(list, rec_fail(list->r->err, REC_EFORMAT, "field '%s': entry %zu is %s, not a string",
                                           rec_reading_name(list->r, list->field), i + 1,
                                           named ? rec_json_type_name(named) : "an object without a name"));
        if (!going_on)
            break;
    }
}

/* Adds the pieces between any of the characters in `between`. */
static void split_at(struct list *list, const char *text, const char *between)
{
    bool going_on = true;

    while (going_on && *text) {
        size_t length = strcspn(text, between);

        going_on = add_entry(text, length, list);
        text += length + (text[length] != '\0');
    }
}

/* ---- fields -------------------------------------------------------------------------------------------------------- */

/* arXiv's parsed names: family name, given names, suffix, affiliations. */
static bool add_parsed_author(struct list *list, const json_t *author, size_t number)
{
    const char *family = json_string_value(json_array_get(author, 0)), *given = json_string_value(json_array_get(author, 1));
    const char *suffix = json_string_value(json_array_get(author, 2));
    rec_buf name = REC_BUF_INIT(SIZE_MAX / 2); /* what is too long is refused as an entry */
    bool going_on;

    if (!family)
        return stop(list, rec_fail(list->r->err, REC_EFORMAT, "field '%s': entry %zu is not a list of names",
                                   rec_reading_name(list->r, list->field), number));
    rec_buf_printf(&name, "%s %s %s", given ? given : "", family, suffix ? suffix : "");
    going_on = name.failed ? stop(list, rec_reading_no_memory(list->r)) : add_entry(rec_buf_text(&name), name.length, list);
    rec_buf_clear(&name);
    return going_on;
}

static rec_status read_parsed_authors(struct rec_reading *r, const json_t *value)
{
    struct list list;
    rec_status rc = begin(&list, r, "authors_parsed", value, false);
    json_t *author;
    size_t i;

    if (rc != REC_OK)
        return rc;
    json_array_foreach(value, i, author) if (!add_parsed_author(&list, author, i + 1)) break;
    if ((rc = finish(&list, &r->paper.authors)) == REC_OK)
        json_object_del(r->record, "authors"); /* the same names, less well told */
    return rc;
}

static rec_status read_authors(struct rec_reading *r)
{
    const json_t *parsed = rec_reading_field(r, "authors_parsed"), *value = rec_reading_field(r, "authors");
    struct list list;
    rec_status rc;

    if (parsed)
        return read_parsed_authors(r, parsed);
    if (!value)
        return REC_OK;
    if ((rc = begin(&list, r, "authors", value, true)) != REC_OK)
        return rc;
    if (json_is_array(value))
        add_each(&list, value, add_listed_name);
    else
        add_names(json_string_value(value), false, &list);
    return finish(&list, &r->paper.authors);
}

/* "cs.LG stat.ML", as arXiv writes them: every word is an archive with or without a subject class. "machine learning" is one category. */
static bool are_arxiv_categories(const char *text)
{
    static const char white[] = " \t\r\n";

    for (text += strspn(text, white); *text; text += strspn(text, white)) {
        size_t length = strcspn(text, white), archive = strcspn(text, ". \t\r\n");

        if (!rec_is_arxiv_archive(text, archive))
            return false;
        text += length;
    }
    return true;
}

/* `between` tells what parts the entries of one string. */
static rec_status read_entries(struct rec_reading *r, const char *field, const char *(*between)(const char *text), char **out)
{
    const json_t *value = rec_reading_field(r, field);
    const char *text = json_string_value(value);
    struct list list;
    rec_status rc;

    if (!value)
        return REC_OK;
    if ((rc = begin(&list, r, field, value, true)) != REC_OK)
        return rc;
    if (text)
        split_at(&list, text, between(text));
    else
        add_each(&list, value, add_entry);
    return finish(&list, out);
}

static const char *between_categories(const char *text)
{
    return are_arxiv_categories(text) ? " \t\r\n" : ",;";
}

static const char *between_keywords(const char *text)
{
    (void)text;
    return ",;";
}

rec_status rec_reading_lists(struct rec_reading *r)
{
    rec_status rc = read_authors(r);

    if (rc == REC_OK)
        rc = read_entries(r, "categories", between_categories, &r->paper.categories);
    if (rc == REC_OK)
        rc = read_entries(r, "keywords", between_keywords, &r->paper.keywords);
    return rc;
}
