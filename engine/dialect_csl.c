/*
 * CSL-JSON, as Zotero and other reference managers export it, and Crossref's works, which are nearly the same: titles are lists, and
 * abstracts carry JATS tags.
 */
#include "dialects.h"

#include "buf.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const struct rec_field_name FIELDS[] = {
    { "id", "id" }, { "doi", "DOI" }, { "pmid", "PMID" }, { "url", "URL" }, { "keywords", "keyword" }, { "categories", "subject" },
    { NULL, NULL },
};

static const struct rec_field_name NAMES[] = {
    { "authors", "author" },     { "date", "issued" }, { "venue", "container-title" }, { "keywords", "keyword" }, { "url", "URL" },
    { "categories", "subject" }, { NULL, NULL },
};

static bool is_csl(const json_t *record)
{
    const json_t *author = json_array_get(json_object_get(record, "author"), 0);

    if (json_object_get(record, "authors") || !json_is_string(json_object_get(record, "type")))
        return false;
    return json_is_object(json_object_get(record, "issued")) || json_object_get(record, "container-title") ||
           json_object_get(author, "family") || json_object_get(author, "literal");
}

/* ---- texts --------------------------------------------------------------------------------------------------------- */

/* A string, or the first of a list of them, moved from `field`. */
static bool move_first(json_t *record, const char *field, json_t *own, const char *ours)
{
    json_t *value = json_object_get(record, field);

    if (!json_is_array(value))
        return rec_move_field(record, field, own, ours);
    if (json_object_get(own, ours) || json_array_size(value) == 0)
        return true;
    if (json_object_set(own, ours, json_array_get(value, 0)) != 0 || json_array_remove(value, 0) != 0)
        return false;
    if (json_array_size(value) == 0)
        json_object_del(record, field);
    return true;
}

/* Crossref's abstracts: "<jats:p>" parts like a blank. Other tags are left to cleaning. */
static bool without_tags(json_t *own)
{
    const char *text = json_string_value(json_object_get(own, "abstract"));
    rec_buf out = REC_BUF_INIT(SIZE_MAX / 2);
    bool made = true;

    if (!text || !strstr(text, "<jats:"))
        return true;
    while (*text) {
        const char *end = strncmp(text, "<jats:", 6) == 0 || strncmp(text, "</jats:", 7) == 0 ? strchr(text, '>') : NULL;

        rec_buf_putc(&out, end ? ' ' : *text);
        text = end ? end + 1 : text + 1;
    }
    made = !out.failed && json_object_set_new(own, "abstract", json_string(rec_buf_text(&out))) == 0;
    rec_buf_clear(&out);
    return made;
}

/* ---- names --------------------------------------------------------------------------------------------------------- */

static const char *part(const json_t *name, const char *field)
{
    const char *text = json_string_value(json_object_get(name, field));

    return text ? text : "";
}

static bool append_name(json_t *own, const json_t *name)
{
    const char *literal = part(name, "literal")[0] ? part(name, "literal") : part(name, "name"); /* the latter is Crossref's */
    char family[512];

    if (literal[0])
        return rec_append_text(own, "authors", literal);
    if ((size_t)snprintf(family, sizeof(family), "%s%s%s", part(name, "non-dropping-particle"),
                         part(name, "non-dropping-particle")[0] ? " " : "", part(name, "family")) >= sizeof(family))
        return rec_append_name(own, "authors", part(name, "given"), part(name, "family"), part(name, "suffix"));
    return rec_append_name(own, "authors", part(name, "given"), family, part(name, "suffix"));
}

static bool move_authors(json_t *record, json_t *own)
{
    json_t *names = json_object_get(record, "author"), *name;
    size_t i;

    if (!json_is_array(names))
        return true;
    json_array_foreach(names, i, name) if (!append_name(own, name)) return false;
    json_object_del(record, "author");
    return true;
}

/* ---- dates --------------------------------------------------------------------------------------------------------- */

/* A part of a date, which may be a number or a string, as text; NULL where there is none. */
static const char *date_part(const json_t *parts, size_t i, char text[24])
{
    const json_t *value = json_array_get(parts, i);

    if (!json_is_integer(value))
        return json_string_value(value);
    snprintf(text, 24, "%lld", (long long)json_integer_value(value));
    return text;
}

/* {"date-parts": [[2020, 3, 1]]}, else what it says in words, if that is a date. */
static bool move_date(json_t *record, const char *field, json_t *own)
{
    json_t *date = json_object_get(record, field);
    const json_t *parts = json_array_get(json_object_get(date, "date-parts"), 0);
    char year[24], month[24], day[24];
    const char *raw = json_string_value(json_object_get(date, "raw"));
    rec_date parsed;

    if (!rec_put_date(own, date_part(parts, 0, year), date_part(parts, 1, month), date_part(parts, 2, day)))
        return false;
    if (raw && !json_object_get(own, "date") && rec_date_parse(raw, &parsed, NULL) == REC_OK)
        return rec_move_field(date, "raw", own, "date") && (json_object_size(date) > 0 || json_object_del(record, field) == 0);
    if (json_object_get(own, "date"))
        json_object_del(record, field);
    return true;
}

/* ---- ids ----------------------------------------------------------------------------------------------------------- */

/* Zotero writes arXiv's id as the number of a preprint, or into the note. */
static bool find_arxiv(json_t *record, json_t *own)
{
    static const char *const fields[] = { "number", "note" };

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        const char *text = part(record, fields[i]), *at = strstr(text, "arXiv:");

        if (!at || json_object_get(own, "arxiv"))
            continue;
        at += strlen("arXiv:");
        at += strspn(at, " ");
        if (json_object_set_new(own, "arxiv", json_stringn(at, strcspn(at, " \t\r\n"))) != 0)
            return false;
    }
    return true;
}

static bool translate(json_t *record, json_t *own, rec_error *refusal)
{
    (void)refusal;
    if (!rec_move_fields(record, FIELDS, own) || !move_first(record, "title", own, "title") ||
        !rec_move_field(record, "abstract", own, "abstract"))
        return false;
    if (!move_first(record, "container-title", own, "venue") || !rec_move_field(record, "event-title", own, "venue") || !without_tags(own))
        return false;
    return move_authors(record, own) && move_date(record, "issued", own) && find_arxiv(record, own);
}

const struct rec_dialect rec_dialect_csl = { "CSL-JSON", is_csl, translate, NAMES };
