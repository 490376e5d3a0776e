/*
 * A record to a paper: see record.h and docs/formats.md. Our own field names and those of arXiv's metadata snapshot, which may be mixed.
 * Lists are in record_lists.c.
 */
#include "record.h"

#include "alloc.h"
#include "json.h"
#include "dialects.h"
#include "character.h"
#include "controls.h"
#include "quote.h"
#include "rec/clean.h"
#include "rec/reader.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_URL 2048
#define MAX_VERSION 999 /* as many as an id can carry */

/* ---- fields -------------------------------------------------------------------------------------------------------- */

json_t *rec_reading_field(const struct rec_reading *r, const char *field)
{
    json_t *value = json_object_get(r->record, field);

    return json_is_null(value) ? NULL : value;
}

const char *rec_json_type_name(const json_t *value)
{
    static const char *const names[] = {
        [JSON_OBJECT] = "an object", [JSON_ARRAY] = "a list", [JSON_STRING] = "a string", [JSON_INTEGER] = "a number",
        [JSON_REAL] = "a number",    [JSON_TRUE] = "true",    [JSON_FALSE] = "false",     [JSON_NULL] = "null",
    };

    return names[json_typeof(value)];
}

const char *rec_reading_name(const struct rec_reading *r, const char *field)
{
    for (const struct rec_field_name *name = r->names; name && name->ours; name++)
        if (strcmp(name->ours, field) == 0)
            return name->theirs;
    return field;
}

rec_status rec_reading_refuse(struct rec_reading *r, const char *field, const char *expected, const json_t *value)
{
    return rec_fail(r->err, REC_EFORMAT, "field '%s': expected %s, not %s", rec_reading_name(r, field), expected,
                    rec_json_type_name(value));
}

rec_status rec_reading_no_memory(struct rec_reading *r)
{
    return rec_fail(r->err, REC_ENOMEM, "out of memory reading a record");
}

/* The field was understood: it is no extra. */
static void used(struct rec_reading *r, const char *field)
{
    json_object_del(r->record, field);
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

/* ---- texts --------------------------------------------------------------------------------------------------------- */

/* Cleans a string field; where that changed it the original goes to `*original`, unless that is NULL. */
static rec_status clean_value(struct rec_reading *r, const char *field, const json_t *value, size_t maximum, char **out, char **original)
{
    const char *text = json_string_value(value);
    size_t length = json_string_length(value);
    rec_buf clean = REC_BUF_INIT(4 * maximum + 16);
    rec_error reason = REC_ERROR_INIT;
    rec_status rc = rec_clean_text(text, length, &clean, &reason);

    if (rc != REC_OK)
        rc = rec_fail(r->err, rc, "field '%s': %s", rec_reading_name(r, field), reason.message);
    else if (original && strcmp(rec_buf_text(&clean), text) != 0 && !(*original = rec_strdup(text)))
        rc = rec_reading_no_memory(r);
    else if (!(*out = rec_buf_detach(&clean)))
        rc = rec_reading_no_memory(r);
    rec_buf_clear(&clean);
    return rc;
}

static rec_status read_text(struct rec_reading *r, const char *field, size_t maximum, char **out, char **original)
{
    const json_t *value = rec_reading_field(r, field);
    rec_status rc;

    if (!value)
        return REC_OK;
    if (!json_is_string(value))
        return rec_reading_refuse(r, field, "a string", value);
    if (json_string_length(value) > maximum)
        return rec_fail(r->err, REC_EFORMAT, "field '%s': %zu bytes, at most %zu are allowed", rec_reading_name(r, field),
                        json_string_length(value), maximum);
    if ((rc = clean_value(r, field, value, maximum, out, original)) == REC_OK)
        used(r, field);
    return rc;
}

static rec_status read_texts(struct rec_reading *r)
{
    rec_paper *paper = &r->paper;
    rec_status rc = read_text(r, "title", REC_MAX_TITLE, &paper->title, &paper->title_original);

    if (rc == REC_OK)
        rc = read_text(r, "abstract", REC_MAX_ABSTRACT, &paper->abstract, &paper->abstract_original);
    if (rc == REC_OK)
        rc = read_text(r, "venue", REC_MAX_FIELD, &paper->venue, NULL);
    if (rc == REC_OK && !paper->venue)
        rc = read_text(r, "journal-ref", REC_MAX_FIELD, &paper->venue, NULL);
    return rc;
}

/* An address that a page may link to: http or https, without what ends one or hides in it. */
static bool is_web_address(const char *url)
{
    size_t length = strlen(url), bytes;

    if ((strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0) || length > MAX_URL)
        return false;
    for (size_t i = 0; i < length; i += bytes) {
        int32_t c = rec_character(url + i, length - i, &bytes);

        if (c == REC_NO_CHARACTER || rec_is_control(c) || strchr(" \"<>", url[i]))
            return false;
    }
    return true;
}

/* Any other address stays among the extras. */
static rec_status read_url(struct rec_reading *r)
{
    const json_t *value = rec_reading_field(r, "url");

    if (!value)
        return REC_OK;
    if (!json_is_string(value))
        return rec_reading_refuse(r, "url", "a string", value);
    if (is_web_address(json_string_value(value))) {
        if (!(r->paper.url = rec_strdup(json_string_value(value))))
            return rec_reading_no_memory(r);
        used(r, "url");
    } else if (is_blank(json_string_value(value))) {
        used(r, "url");
    }
    return REC_OK;
}

/* ---- dates, versions, numbers -------------------------------------------------------------------------------------- */

/* An empty string leaves `*out` as it is. */
static rec_status parse_date(struct rec_reading *r, const char *field, const json_t *value, rec_date *out)
{
    char year[24];
    const char *text = json_string_value(value);
    rec_error reason = REC_ERROR_INIT;

    if (json_is_integer(value)) { /* a year, as many sources write it */
        snprintf(year, sizeof(year), "%lld", (long long)json_integer_value(value));
        text = year;
    }
    if (!text)
        return rec_reading_refuse(r, field, "a string", value);
    if (is_blank(text))
        return REC_OK;
    if (rec_date_parse(text, out, &reason) != REC_OK)
        return rec_fail(r->err, REC_EFORMAT, "field '%s': %s", rec_reading_name(r, field), reason.message);
    return REC_OK;
}

/* From the first of two fields that has one. */
static rec_status read_date(struct rec_reading *r, const char *const fields[2], rec_date *out)
{
    rec_status rc = REC_OK;

    for (int i = 0; i < 2 && rc == REC_OK && !out->text[0]; i++) {
        const json_t *value = rec_reading_field(r, fields[i]);

        if (value && (rc = parse_date(r, fields[i], value, out)) == REC_OK)
            used(r, fields[i]);
    }
    return rc;
}

/* The number of the last version in arXiv's list, as it is named ("v3"), else as it is counted. */
static unsigned last_version(const json_t *versions)
{
    size_t count = json_array_size(versions);
    const char *name = count > 0 ? json_string_value(json_object_get(json_array_get(versions, count - 1), "version")) : NULL;
    unsigned long named = name && name[0] == 'v' ? strtoul(name + 1, NULL, 10) : 0;

    if (named > 0 && named <= MAX_VERSION)
        return (unsigned)named;
    return count <= MAX_VERSION ? (unsigned)count : 0;
}

/* arXiv's list of versions: the first one's date is the paper's where it has no other. */
static rec_status read_versions(struct rec_reading *r, unsigned *version)
{
    const json_t *versions = rec_reading_field(r, "versions");
    const json_t *created = json_object_get(json_array_get(versions, 0), "created");
    rec_status rc = REC_OK;

    if (!versions)
        return REC_OK;
    if (!json_is_array(versions))
        return rec_reading_refuse(r, "versions", "a list", versions);
    *version = last_version(versions);
    if (created && !r->paper.date.text[0])
        rc = parse_date(r, "versions", created, &r->paper.date);
    if (rc == REC_OK)
        used(r, "versions");
    return rc;
}

/* A number of our own kind; many sources have a "version" that means something else, which stays among the extras. */
static unsigned read_version(struct rec_reading *r)
{
    const json_t *value = rec_reading_field(r, "version");
    json_int_t number = json_integer_value(value); /* 0 for what is no number */

    if (number < 1 || number > MAX_VERSION)
        return 0;
    used(r, "version");
    return (unsigned)number;
}

static rec_status read_upvotes(struct rec_reading *r)
{
    const char *field = rec_reading_field(r, "upvotes") ? "upvotes" : "score";
    const json_t *value = rec_reading_field(r, field);

    if (!value)
        return REC_OK;
    if (!json_is_number(value))
        return rec_reading_refuse(r, field, "a number", value);
    r->paper.has_upvotes = true;
    r->paper.upvotes = json_number_value(value);
    used(r, field);
    return REC_OK;
}

/* ---- ids ----------------------------------------------------------------------------------------------------------- */

struct ids {
    rec_id items[REC_MAX_ALIASES + 1];
    size_t count;
};

static void add_id(struct ids *ids, const rec_id *id)
{
    for (size_t i = 0; i < ids->count; i++)
        if (strcmp(ids->items[i].text, id->text) == 0)
            return;
    if (ids->count < sizeof(ids->items) / sizeof(ids->items[0]))
        ids->items[ids->count++] = *id;
}

/* The record's own id: a string, or a whole number. */
static rec_status read_own_id(struct rec_reading *r, struct ids *ids)
{
    const json_t *value = rec_reading_field(r, "id");
    const char *text = json_string_value(value);
    rec_error reason = REC_ERROR_INIT;
    char digits[24];
    rec_id id;

    if (!value)
        return REC_OK;
    if (json_is_integer(value)) {
        snprintf(digits, sizeof(digits), "%lld", (long long)json_integer_value(value));
        text = digits;
    }
    if (!text)
        return rec_reading_refuse(r, "id", "a string", value);
    if (rec_id_parse(text, &id, &reason) != REC_OK)
        return rec_fail(r->err, REC_EFORMAT, "field '%s': %s", rec_reading_name(r, "id"), reason.message);
    add_id(ids, &id);
    used(r, "id");
    return REC_OK;
}

/* Reads `text` as an id of `kind`, whose `prefix` may be missing. A DOI may turn out to be arXiv's, which gives out DOIs of its own. */
static bool parse_as(const char *text, const char *prefix, rec_id_kind kind, rec_id *out)
{
    char prefixed[REC_ID_MAX + 9]; /* no prefix is longer than 8 */

    if (rec_id_parse(text, out, NULL) != REC_OK)
        return false;
    if (out->kind == REC_ID_LOCAL) {
        snprintf(prefixed, sizeof(prefixed), "%.8s%s", prefix, out->text);
        if (rec_id_parse(prefixed, out, NULL) != REC_OK)
            return false;
    }
    return out->kind == kind || (kind == REC_ID_DOI && out->kind == REC_ID_ARXIV);
}

/* A secondary id. One that is not what the field says is no reason to lose the paper: it stays among the extras. */
static void read_secondary_id(struct rec_reading *r, struct ids *ids, const char *field, const char *prefix, rec_id_kind kind)
{
    const json_t *value = rec_reading_field(r, field);
    const char *text = json_string_value(value);
    char digits[24];
    rec_id id;

    if (json_is_integer(value)) {
        snprintf(digits, sizeof(digits), "%lld", (long long)json_integer_value(value));
        text = digits;
    }
    if (!text)
        return;
    if (parse_as(text, prefix, kind, &id)) {
        add_id(ids, &id);
        used(r, field);
    } else if (is_blank(text)) {
        used(r, field);
    }
}

/* Further ids of any kind. A list with an entry that is none stays among the extras. */
static void read_further_ids(struct rec_reading *r, struct ids *ids)
{
    const json_t *value = rec_reading_field(r, "also");
    bool all = json_is_array(value);
    json_t *entry;
    size_t i;

    json_array_foreach(value, i, entry)
    {
        rec_id id;

        if (json_is_string(entry) && rec_id_parse(json_string_value(entry), &id, NULL) == REC_OK)
            add_id(ids, &id);
        else
            all = false;
    }
    if (all)
        used(r, "also");
}

/* The id of the best kind is the paper's; the others are aliases, in the order they were found. */
static void choose_id(rec_paper *paper, const struct ids *ids)
{
    size_t best = 0;

    for (size_t i = 1; i < ids->count; i++)
        if (ids->items[i].kind < ids->items[best].kind)
            best = i;
    paper->id = ids->items[best];
    for (size_t i = 0; i < ids->count; i++)
        if (i != best)
            paper->aliases[paper->alias_count++] = ids->items[i];
}

static rec_status make_id(struct rec_reading *r, struct ids *ids)
{
    rec_error reason = REC_ERROR_INIT;
    rec_id id;

    if (!r->paper.title || !r->paper.title[0])
        return rec_fail(r->err, REC_EFORMAT, "field 'id': missing, and there is no title to make one from");
    if (rec_id_from_title(r->paper.title, &id, &reason) != REC_OK)
        return rec_fail(r->err, REC_EFORMAT, "field 'id': missing, and %s", reason.message);
    add_id(ids, &id);
    return REC_OK;
}

static rec_status read_ids(struct rec_reading *r)
{
    struct ids ids = { .count = 0 };
    rec_status rc = read_own_id(r, &ids);

    if (rc != REC_OK)
        return rc;
    read_secondary_id(r, &ids, "arxiv", "arXiv:", REC_ID_ARXIV);
    read_secondary_id(r, &ids, "arxiv_id", "arXiv:", REC_ID_ARXIV);
    read_secondary_id(r, &ids, "doi", "doi:", REC_ID_DOI);
    read_secondary_id(r, &ids, "pmid", "PMID:", REC_ID_PMID);
    read_further_ids(r, &ids);
    if (ids.count == 0 && (rc = make_id(r, &ids)) != REC_OK)
        return rc;
    choose_id(&r->paper, &ids);
    return REC_OK;
}

/* ---- the record ---------------------------------------------------------------------------------------------------- */

static rec_status read_fields(struct rec_reading *r)
{
    static const char *const published[] = { "date", "published" }, *const revised[] = { "updated", "update_date" };
    unsigned listed = 0, told;
    rec_status rc;

    if ((rc = read_texts(r)) != REC_OK || (rc = rec_reading_lists(r)) != REC_OK || (rc = read_url(r)) != REC_OK)
        return rc;
    if ((rc = rec_reading_flags(r)) != REC_OK)
        return rc;
    if ((rc = read_date(r, published, &r->paper.date)) != REC_OK || (rc = read_date(r, revised, &r->paper.updated)) != REC_OK)
        return rc;
    if ((rc = read_versions(r, &listed)) != REC_OK || (rc = read_upvotes(r)) != REC_OK || (rc = read_ids(r)) != REC_OK)
        return rc;
    told = read_version(r);
    if (told > 0)
        r->paper.id.version = told;
    else if (r->paper.id.version == 0) /* what an id carries is about this very record, the list about the work */
        r->paper.id.version = listed;
    return REC_OK;
}

/* What no field of ours took, as one object with sorted keys, so that the same record gives the same text. */
static rec_status keep_extra(struct rec_reading *r, json_t *rest)
{
    char *text;
    const char *field;
    json_t *value;
    void *next;

    if (rest && json_object_update_missing(r->record, rest) != 0)
        return rec_reading_no_memory(r);
    json_object_foreach_safe(r->record, next, field, value) if (json_is_null(value)) json_object_del(r->record, field);
    if (json_object_size(r->record) == 0)
        return REC_OK;
    text = json_dumps(r->record, JSON_COMPACT | JSON_SORT_KEYS);
    r->paper.extra = text ? rec_strdup(text) : NULL;
    free(text); /* jansson's, not ours */
    return r->paper.extra ? REC_OK : rec_reading_no_memory(r);
}

rec_status rec_read_fields(json_t *own, json_t *rest, const struct rec_field_name *names, rec_paper *out, rec_error *err)
{
    struct rec_reading r = { own, names, REC_PAPER_INIT, err };
    rec_status rc = read_fields(&r);

    if (rc == REC_OK)
        rc = keep_extra(&r, rest);
    if (rc == REC_OK)
        *out = r.paper;
    else
        rec_paper_clear(&r.paper);
    return rc;
}

rec_status rec_read_object(json_t *record, rec_paper *out, rec_error *err)
{
    const struct rec_dialect *dialect;
    rec_error refusal = REC_ERROR_INIT;
    json_t *own;
    rec_status rc;

    if (!json_is_object(record))
        return rec_fail(err, REC_EFORMAT, "expected a JSON object, not %s", rec_json_type_name(record));
    if (!(dialect = rec_find_dialect(record)))
        return rec_read_fields(record, NULL, NULL, out, err);
    own = json_object();
    if (!own || !dialect->translate(record, own, &refusal))
        rc = rec_fail(err, REC_ENOMEM, "out of memory reading a record");
    else if (refusal.code != REC_OK)
        rc = rec_fail(err, refusal.code, "%s", refusal.message);
    else
        rc = rec_read_fields(own, record, dialect->names, out, err);
    json_decref(own);
    return rc;
}

rec_status rec_read_json(const char *text, size_t length, rec_paper *out, rec_error *err)
{
    char quoted[REC_QUOTE_ROOM];
    json_error_t why;
    json_t *record;
    rec_status rc = rec_json_read(text, length, JSON_REJECT_DUPLICATES, &record, &why);

    if (rc == REC_ENOMEM)
        return rec_fail(err, REC_ENOMEM, "out of memory reading a record");
    if (!record && why.line > 1) /* of a document, whose records may have many lines */
        return rec_fail(err, REC_EFORMAT, "not a JSON object: %s (its line %d, column %d)", rec_quote(why.text, quoted), why.line,
                        why.column);
    if (!record)
        return rec_fail(err, REC_EFORMAT, "not a JSON object: %s (column %d)", rec_quote(why.text, quoted), why.column);
    rc = rec_read_object(record, out, err);
    json_decref(record);
    return rc;
}
