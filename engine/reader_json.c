/*
 * A JSON object to a paper: see rec/reader.h and docs/formats.md. Our own field names and those of arXiv's metadata snapshot, which may be mixed.
 */
#include "rec/reader.h"

#include "alloc.h"
#include "names.h"
#include "rec/clean.h"

#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fields that this reader understands; what is left of a record goes to `extra`. */
static const char *const KNOWN[] = {
    "id", "title", "abstract", "authors", "authors_parsed", "date", "published", "updated", "update_date", "categories", "keywords", "venue",
    "journal-ref", "url", "doi", "arxiv", "arxiv_id", "pmid", "upvotes", "score", "version", "versions",
};

struct reading {
    json_t *record; /* fields are deleted from it where they are wholly understood */
    rec_paper paper;
    rec_error *err;
};

static rec_status out_of_memory(struct reading *r)
{
    return rec_fail(r->err, REC_ENOMEM, "out of memory reading a record");
}

static const char *type_name(const json_t *value)
{
    static const char *const names[] = { "an object", "a list", "a string", "a number", "a number", "true", "false", "null" };

    return names[json_typeof(value)];
}

static rec_status wrong_type(struct reading *r, const char *field, const char *expected, const json_t *value)
{
    return rec_fail(r->err, REC_EFORMAT, "field '%s': expected %s, not %s", field, expected, type_name(value));
}

/* The first of the named fields that is there and not null; its name goes to `*found`. The list ends with NULL. */
static json_t *first_of(struct reading *r, const char *const *fields, const char **found)
{
    for (; *fields; fields++) {
        json_t *value = json_object_get(r->record, *fields);

        if (value && !json_is_null(value)) {
            *found = *fields;
            return value;
        }
    }
    return NULL;
}

/* ---- texts --------------------------------------------------------------------------------------------------------- */

/* A string field, cleaned, into `*out`; where cleaning changed it the original into `*original` too, unless that is NULL. */
static rec_status read_text(struct reading *r, const char *field, size_t maximum, char **out, char **original)
{
    const json_t *value = json_object_get(r->record, field);
    rec_buf clean = REC_BUF_INIT(4 * maximum + 16);
    rec_error reason = REC_ERROR_INIT;
    rec_status rc;

    if (!value || json_is_null(value))
        return REC_OK;
    if (!json_is_string(value))
        return wrong_type(r, field, "a string", value);
    if (json_string_length(value) > maximum)
        return rec_fail(r->err, REC_EFORMAT, "field '%s': %zu bytes, at most %zu are allowed", field, json_string_length(value), maximum);
    rc = rec_clean_text(json_string_value(value), json_string_length(value), &clean, &reason);
    if (rc != REC_OK) {
        rc = rec_fail(r->err, rc, "field '%s': %s", field, reason.message);
        goto done;
    }
    if (original && strcmp(rec_buf_text(&clean), json_string_value(value)) != 0 && !(*original = rec_strdup(json_string_value(value)))) {
        rc = out_of_memory(r);
        goto done;
    }
    if (!(*out = rec_buf_detach(&clean)))
        rc = out_of_memory(r);

done:
    rec_buf_clear(&clean);
    return rc;
}

/* An address that a page may link to: http or https, without spaces or controls. Any other stays among the extras. */
static rec_status read_url(struct reading *r)
{
    const json_t *value = json_object_get(r->record, "url");
    const char *url = json_string_value(value);

    if (!value || json_is_null(value))
        return REC_OK;
    if (!url)
        return wrong_type(r, "url", "a string", value);
    if ((strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0) || strlen(url) > 2048)
        return REC_OK;
    for (const unsigned char *c = (const unsigned char *)url; *c; c++)
        if (*c <= 0x20 || *c == 0x7F || *c == '"' || *c == '<' || *c == '>')
            return REC_OK;
    r->paper.url = rec_strdup(url);
    json_object_del(r->record, "url");
    return r->paper.url ? REC_OK : out_of_memory(r);
}

/* ---- lists --------------------------------------------------------------------------------------------------------- */

struct list {
    struct reading *r;
    const char *field;
    json_t *items;
    rec_status status;
};

static bool is_listed(const json_t *items, const char *text)
{
    size_t i;
    json_t *item;

    json_array_foreach(items, i, item)
        if (strcmp(json_string_value(item), text) == 0)
            return true;
    return false;
}

/* Cleans an entry and appends it, unless it is empty or listed already; a rec_name_taker. */
static bool add_entry(const char *text, size_t length, void *context)
{
    struct list *list = context;
    rec_buf clean = REC_BUF_INIT(4 * (size_t)REC_MAX_FIELD);
    rec_error reason = REC_ERROR_INIT;

    if (json_array_size(list->items) >= REC_MAX_LIST) {
        list->status = rec_fail(list->r->err, REC_EFORMAT, "field '%s': more than %d entries", list->field, REC_MAX_LIST);
    } else if ((list->status = rec_clean_text(text, length, &clean, &reason)) != REC_OK) {
        rec_fail(list->r->err, list->status, "field '%s': %s", list->field, reason.message);
    } else if (clean.length > 0 && !is_listed(list->items, rec_buf_text(&clean)) &&
               json_array_append_new(list->items, json_string(rec_buf_text(&clean))) != 0) {
        list->status = out_of_memory(list->r);
    }
    rec_buf_clear(&clean);
    return list->status == REC_OK;
}

/* A name that may be turned ("Family, Given"). */
static bool add_name(const char *text, size_t length, void *context)
{
    struct list *list = context;
    rec_buf name = REC_BUF_INIT(length + 16);
    bool going_on;

    rec_name_in_reading_order(text, length, &name);
    if (name.failed)
        list->status = out_of_memory(list->r);
    going_on = !name.failed && add_entry(rec_buf_text(&name), name.length, list);
    rec_buf_clear(&name);
    return going_on;
}

/* Stores the list as JSON text; a list without entries is no list. */
static rec_status finish_list(struct list *list, char **out)
{
    char *text;

    if (list->status == REC_OK && json_array_size(list->items) > 0) {
        text = json_dumps(list->items, JSON_COMPACT);
        *out = text ? rec_strdup(text) : NULL;
        free(text);
        if (!*out)
            list->status = out_of_memory(list->r);
    }
    json_decref(list->items);
    return list->status;
}

/* arXiv's parsed names: lists of family name, given names, suffix and affiliations. */
static rec_status read_parsed_authors(struct reading *r, const json_t *authors)
{
    struct list list = { r, "authors_parsed", json_array(), REC_OK };
    json_t *author;
    size_t i;

    if (!json_is_array(authors)) {
        json_decref(list.items);
        return wrong_type(r, "authors_parsed", "a list", authors);
    }
    json_array_foreach(authors, i, author) {
        const char *family = json_string_value(json_array_get(author, 0)), *given = json_string_value(json_array_get(author, 1));
        const char *suffix = json_string_value(json_array_get(author, 2));
        rec_buf name = REC_BUF_INIT(REC_MAX_FIELD);

        if (!family) {
            list.status = rec_fail(r->err, REC_EFORMAT, "field 'authors_parsed': entry %zu is not a list of names", i + 1);
            break;
        }
        rec_buf_printf(&name, "%s %s %s", given ? given : "", family, suffix ? suffix : "");
        if (!name.failed)
            add_entry(rec_buf_text(&name), name.length, &list);
        else
            list.status = rec_fail(r->err, REC_EFORMAT, "field 'authors_parsed': entry %zu is too long", i + 1);
        rec_buf_clear(&name);
        if (list.status != REC_OK)
            break;
    }
    return finish_list(&list, &r->paper.authors);
}

/* An entry of a list: a string, or an object with a name. */
static const char *entry_text(const json_t *entry)
{
    return json_is_object(entry) ? json_string_value(json_object_get(entry, "name")) : json_string_value(entry);
}

static rec_status read_entries(struct list *list, const json_t *value, rec_name_taker take)
{
    json_t *entry;
    size_t i;

    json_array_foreach(value, i, entry) {
        const char *text = entry_text(entry);

        if (!text) {
            list->status = rec_fail(list->r->err, REC_EFORMAT, "field '%s': entry %zu is %s, not a string", list->field, i + 1, type_name(entry));
            break;
        }
        if (!take(text, strlen(text), list))
            break;
    }
    return list->status;
}

static rec_status read_authors(struct reading *r)
{
    const json_t *parsed = json_object_get(r->record, "authors_parsed"), *value = json_object_get(r->record, "authors");
    struct list list = { r, "authors", NULL, REC_OK };

    if (parsed && !json_is_null(parsed))
        return read_parsed_authors(r, parsed);
    if (!value || json_is_null(value))
        return REC_OK;
    if (!json_is_array(value) && !json_is_string(value))
        return wrong_type(r, "authors", "a list or a string", value);
    if (!(list.items = json_array()))
        return out_of_memory(r);
    if (json_is_array(value))
        read_entries(&list, value, add_name);
    else
        rec_names_split(json_string_value(value), add_name, &list);
    return finish_list(&list, &r->paper.authors);
}

/* Hands on the pieces between any of the characters in `between`. */
static void split_at(const char *text, const char *between, struct list *list)
{
    while (*text) {
        size_t length = strcspn(text, between);

        if (!add_entry(text, length, list))
            return;
        text += length + (text[length] != '\0');
    }
}

/* "cs.LG stat.ML": words that all look like arXiv's categories; "machine learning" is one category. */
static bool are_arxiv_categories(const char *text)
{
    if (!strpbrk(text, ".-"))
        return false;
    for (; *text; text++) {
        bool fits = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') || *text == '-' || *text == '.' || *text == ' ';
        if (!fits)
            return false;
        if (*text >= 'A' && *text <= 'Z' && !strchr(".ABCDEFGHIJKLMNOPQRSTUVWXYZ", text[-1]))
            return false; /* capitals stand behind the point alone */
    }
    return true;
}

static rec_status read_list(struct reading *r, const char *field, bool categories, char **out)
{
    const json_t *value = json_object_get(r->record, field);
    struct list list = { r, field, NULL, REC_OK };
    const char *text = json_string_value(value);

    if (!value || json_is_null(value))
        return REC_OK;
    if (!json_is_array(value) && !text)
        return wrong_type(r, field, "a list or a string", value);
    if (!(list.items = json_array()))
        return out_of_memory(r);
    if (json_is_array(value))
        read_entries(&list, value, add_entry);
    else if (categories && !strpbrk(text, ",;") && text[0] >= 'a' && text[0] <= 'z' && are_arxiv_categories(text))
        split_at(text, " ", &list);
    else
        split_at(text, ",;", &list);
    return finish_list(&list, out);
}

/* ---- dates and numbers --------------------------------------------------------------------------------------------- */

static rec_status parse_date(struct reading *r, const char *field, const json_t *value, rec_date *out)
{
    char year[16];
    const char *text = json_string_value(value);
    rec_error reason = REC_ERROR_INIT;

    if (json_is_integer(value)) { /* a year, as many sources write it */
        snprintf(year, sizeof(year), "%lld", (long long)json_integer_value(value) % 1000000);
        text = year;
    }
    if (!text)
        return wrong_type(r, field, "a string", value);
    if (text[strspn(text, " \t")] == '\0')
        return REC_OK;
    if (rec_date_parse(text, out, &reason) != REC_OK)
        return rec_fail(r->err, REC_EFORMAT, "field '%s': %s", field, reason.message);
    return REC_OK;
}

static rec_status read_date(struct reading *r, const char *const *fields, rec_date *out)
{
    const char *field;
    const json_t *value = first_of(r, fields, &field);

    return value ? parse_date(r, field, value, out) : REC_OK;
}

/* arXiv's list of versions: how many there are, and when the first came. */
static rec_status read_versions(struct reading *r)
{
    const json_t *versions = json_object_get(r->record, "versions"), *version = json_object_get(r->record, "version");
    const json_t *created = json_object_get(json_array_get(versions, 0), "created");

    if (json_is_integer(version) && json_integer_value(version) > 0 && json_integer_value(version) < 1000)
        r->paper.id.version = (unsigned)json_integer_value(version);
    if (!versions || json_is_null(versions))
        return REC_OK;
    if (!json_is_array(versions))
        return wrong_type(r, "versions", "a list", versions);
    if (json_array_size(versions) > 0 && json_array_size(versions) < 1000)
        r->paper.id.version = (unsigned)json_array_size(versions);
    if (created && !r->paper.date.text[0])
        return parse_date(r, "versions", created, &r->paper.date);
    return REC_OK;
}

static rec_status read_upvotes(struct reading *r)
{
    static const char *const fields[] = { "upvotes", "score", NULL };
    const char *field;
    const json_t *value = first_of(r, fields, &field);

    if (!value)
        return REC_OK;
    if (!json_is_number(value) || !isfinite(json_number_value(value)))
        return wrong_type(r, field, "a number", value);
    r->paper.has_upvotes = true;
    r->paper.upvotes = json_number_value(value);
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
static rec_status read_own_id(struct reading *r, struct ids *ids)
{
    const json_t *value = json_object_get(r->record, "id");
    const char *text = json_string_value(value);
    rec_error reason = REC_ERROR_INIT;
    char digits[24];
    rec_id id;

    if (!value || json_is_null(value))
        return REC_OK;
    if (json_is_integer(value)) {
        snprintf(digits, sizeof(digits), "%lld", (long long)json_integer_value(value));
        text = digits;
    }
    if (!text)
        return wrong_type(r, "id", "a string", value);
    if (rec_id_parse(text, &id, &reason) != REC_OK)
        return rec_fail(r->err, REC_EFORMAT, "field 'id': %s", reason.message);
    add_id(ids, &id);
    return REC_OK;
}

/*
 * A secondary id in a field of its own. One that is not what the field says is no reason to lose the paper: it stays among the extras.
 */
static void read_secondary_id(struct reading *r, struct ids *ids, const char *field, const char *prefix, rec_id_kind kind)
{
    const json_t *value = json_object_get(r->record, field);
    const char *text = json_string_value(value);
    char prefixed[REC_ID_MAX + 16];
    rec_error ignored;
    rec_id id;

    if (json_is_integer(value))
        snprintf(prefixed, sizeof(prefixed), "%s%lld", prefix, (long long)json_integer_value(value));
    else if (text && strlen(text) <= REC_ID_MAX)
        snprintf(prefixed, sizeof(prefixed), "%s", text);
    else
        return;
    if (rec_id_parse(prefixed, &id, &ignored) != REC_OK)
        return;
    if (id.kind == REC_ID_LOCAL && text && strlen(text) <= REC_ID_MAX - strlen(prefix)) { /* "PMID" fields hold bare numbers */
        snprintf(prefixed, sizeof(prefixed), "%s%s", prefix, text);
        if (rec_id_parse(prefixed, &id, &ignored) != REC_OK)
            return;
    }
    if (id.kind != kind && !(kind == REC_ID_DOI && id.kind == REC_ID_ARXIV)) /* arXiv gives out DOIs of its own */
        return;
    add_id(ids, &id);
    json_object_del(r->record, field);
}

/* The id of the best kind is the paper's; the others are aliases, in the order they were found. */
static void choose_id(struct reading *r, const struct ids *ids)
{
    size_t best = 0;
    unsigned version = r->paper.id.version;

    for (size_t i = 1; i < ids->count; i++)
        if (ids->items[i].kind < ids->items[best].kind)
            best = i;
    r->paper.id = ids->items[best];
    if (version)
        r->paper.id.version = version;
    for (size_t i = 0; i < ids->count; i++)
        if (i != best && r->paper.alias_count < REC_MAX_ALIASES)
            r->paper.aliases[r->paper.alias_count++] = ids->items[i];
}

static rec_status read_ids(struct reading *r)
{
    struct ids ids = { .count = 0 };
    rec_error reason = REC_ERROR_INIT;
    rec_status rc = read_own_id(r, &ids);

    if (rc != REC_OK)
        return rc;
    read_secondary_id(r, &ids, "arxiv", "arXiv:", REC_ID_ARXIV);
    read_secondary_id(r, &ids, "arxiv_id", "arXiv:", REC_ID_ARXIV);
    read_secondary_id(r, &ids, "doi", "doi:", REC_ID_DOI);
    read_secondary_id(r, &ids, "pmid", "PMID:", REC_ID_PMID);
    if (ids.count == 0) {
        rec_id id;

        if (!r->paper.title || !r->paper.title[0])
            return rec_fail(r->err, REC_EFORMAT, "field 'id': missing, and there is no title to make one from");
        if (rec_id_from_title(r->paper.title, &id, &reason) != REC_OK)
            return rec_fail(r->err, REC_EFORMAT, "field 'id': missing, and %s", reason.message);
        add_id(&ids, &id);
    }
    choose_id(r, &ids);
    return REC_OK;
}

/* ---- the record ---------------------------------------------------------------------------------------------------- */

static rec_status read_fields(struct reading *r)
{
    static const char *const dates[] = { "date", "published", NULL }, *const revisions[] = { "updated", "update_date", NULL };
    rec_status rc;

    if ((rc = read_text(r, "title", REC_MAX_TITLE, &r->paper.title, &r->paper.title_original)) != REC_OK)
        return rc;
    if ((rc = read_text(r, "abstract", REC_MAX_ABSTRACT, &r->paper.abstract, &r->paper.abstract_original)) != REC_OK)
        return rc;
    if ((rc = read_authors(r)) != REC_OK)
        return rc;
    if ((rc = read_list(r, "categories", true, &r->paper.categories)) != REC_OK)
        return rc;
    if ((rc = read_list(r, "keywords", false, &r->paper.keywords)) != REC_OK)
        return rc;
    if ((rc = read_text(r, "venue", REC_MAX_FIELD, &r->paper.venue, NULL)) != REC_OK)
        return rc;
    if (!r->paper.venue && (rc = read_text(r, "journal-ref", REC_MAX_FIELD, &r->paper.venue, NULL)) != REC_OK)
        return rc;
    if ((rc = read_url(r)) != REC_OK)
        return rc;
    if ((rc = read_date(r, dates, &r->paper.date)) != REC_OK)
        return rc;
    if ((rc = read_date(r, revisions, &r->paper.updated)) != REC_OK)
        return rc;
    if ((rc = read_versions(r)) != REC_OK)
        return rc;
    if ((rc = read_upvotes(r)) != REC_OK)
        return rc;
    return read_ids(r);
}

/* What no field of ours took, as one object with sorted keys, so that the same record gives the same text. */
static rec_status keep_extra(struct reading *r)
{
    static const char *const kept[] = { "url", "doi", "arxiv", "arxiv_id", "pmid" }; /* deleted where they were understood */
    char *text;

    for (size_t i = 0; i < sizeof(KNOWN) / sizeof(KNOWN[0]); i++) {
        bool stays = false;

        for (size_t j = 0; j < sizeof(kept) / sizeof(kept[0]); j++)
            stays |= strcmp(KNOWN[i], kept[j]) == 0;
        if (!stays || json_is_null(json_object_get(r->record, KNOWN[i])))
            json_object_del(r->record, KNOWN[i]);
    }
    if (json_object_size(r->record) == 0)
        return REC_OK;
    text = json_dumps(r->record, JSON_COMPACT | JSON_SORT_KEYS);
    r->paper.extra = text ? rec_strdup(text) : NULL;
    free(text);
    return r->paper.extra ? REC_OK : out_of_memory(r);
}

rec_status rec_read_json(const char *record, size_t length, rec_paper *out, rec_error *err)
{
    struct reading r = { .paper = REC_PAPER_INIT, .err = err };
    json_error_t why;
    rec_status rc;

    r.record = json_loadb(record, length, JSON_REJECT_DUPLICATES, &why);
    if (!r.record)
        return rec_fail(err, REC_EFORMAT, "not a JSON object: %s (column %d)", why.text, why.column);
    if (json_is_object(r.record))
        rc = read_fields(&r);
    else
        rc = rec_fail(err, REC_EFORMAT, "expected a JSON object, not %s", type_name(r.record));
    if (rc == REC_OK)
        rc = keep_extra(&r);
    json_decref(r.record);
    if (rc == REC_OK) {
        *out = r.paper;
        r.paper = (rec_paper)REC_PAPER_INIT;
    }
    rec_paper_clear(&r.paper);
    return rc;
}
