/*
 * RIS: a line is a tag of two characters, "  - " and a value; a record goes from TY to ER. A line without a tag goes on with the value
 * before.
 */
#include "format.h"

#include "buf.h"

#include <stdio.h>
#include <string.h>

/* Of several tags that mean the same the first that is there counts; the others stay among the extras. */
static const struct rec_field_name FIELDS[] = {
    { "title", "TI" }, { "title", "T1" }, { "title", "CT" }, { "abstract", "AB" }, { "abstract", "N2" }, { "venue", "T2" },
    { "venue", "JF" }, { "venue", "JO" }, { "venue", "JA" }, { "doi", "DO" },      { "url", "UR" },      { NULL, NULL },
};

static const struct rec_field_name NAMES[] = {
    { "title", "TI" }, { "abstract", "AB" }, { "authors", "AU" }, { "date", "PY" }, { "keywords", "KW" },
    { "venue", "T2" }, { "doi", "DO" },      { "url", "UR" },     { NULL, NULL },
};

struct reading {
    const rec_record_taker *taker;
    json_t *tags; /* the open record: lists of values by tag; NULL outside of a record */
    size_t bytes; /* of the open record */
    rec_position at;
    rec_error refusal; /* why the open record cannot be used */
    char tag[3];       /* of the value that is read */
    rec_buf value;     /* lines of it */
    bool lost;         /* lines that belong to no record were told of */
};

/* ---- lines --------------------------------------------------------------------------------------------------------- */

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* "TY  - JOUR", "ER  -": where the value begins, NULL for a line without a tag. */
static const char *find_value(const char *line, size_t length)
{
    if (length < 5 || !is_upper(line[0]) || (!is_upper(line[1]) && !(line[1] >= '0' && line[1] <= '9')) || memcmp(line + 2, "  -", 3) != 0)
        return NULL;
    return length > 5 && line[5] == ' ' ? line + 6 : line + 5;
}

static bool is_ris(const char *head, size_t length)
{
    return find_value(head, length) && memcmp(head, "TY", 2) == 0;
}

/* ---- a record ------------------------------------------------------------------------------------------------------ */

/* The value that was read is whole. */
static rec_status end_value(struct reading *r, rec_error *err)
{
    bool made = !r->value.failed && (!r->tags || r->refusal.code != REC_OK || rec_append_text(r->tags, r->tag, rec_buf_text(&r->value)));

    rec_buf_reset(&r->value);
    return made ? REC_OK : rec_fail(err, REC_ENOMEM, "out of memory reading a record");
}

/* Moves the first value of a tag to `own`, unless that has the field. */
static bool move_first(json_t *tags, const char *tag, json_t *own, const char *ours)
{
    json_t *values = json_object_get(tags, tag);

    if (json_array_size(values) == 0 || json_object_get(own, ours))
        return true;
    return json_object_set(own, ours, json_array_get(values, 0)) == 0 && json_array_remove(values, 0) == 0;
}

static const char *first_value(const json_t *tags, const char *tag)
{
    return json_string_value(json_array_get(json_object_get(tags, tag), 0));
}

/* "2020/03/01/", "2020/03//", "2020///", "2020". What is no date stays among the extras. */
static bool put_date(json_t *tags, const char *tag, json_t *own)
{
    const char *value = first_value(tags, tag);
    char text[sizeof("YYYY/MM/DD")] = "";
    rec_date parsed;

    if (!value || json_object_get(own, "date"))
        return true;
    snprintf(text, sizeof(text), "%s", value);
    for (size_t length = strlen(text); length > 0 && text[length - 1] == '/'; length--)
        text[length - 1] = '\0';
    if (rec_date_parse(text, &parsed, NULL) != REC_OK)
        return true;
    return json_array_remove(json_object_get(tags, tag), 0) == 0 && json_object_set_new(own, "date", json_string(text)) == 0;
}

/* An id that is a number counts the records of one file, and would stand for other papers in another. */
static bool put_id(json_t *tags, json_t *own)
{
    const char *id = first_value(tags, "ID");

    return !id || id[strspn(id, "0123456789")] == '\0' || move_first(tags, "ID", own, "id");
}

/* An address may be one of arXiv's or another that is an id. */
static bool look_for_ids(json_t *own)
{
    const char *url = json_string_value(json_object_get(own, "url"));
    rec_id id;

    if (!url || rec_id_parse(url, &id, NULL) != REC_OK || id.kind == REC_ID_LOCAL)
        return true;
    return rec_append_text(own, "also", url);
}

static bool translate(json_t *tags, json_t *own)
{
    static const char *const dates[] = { "DA", "Y1", "PY" }, *const authors[] = { "AU", "A1" };

    for (const struct rec_field_name *field = FIELDS; field->ours; field++)
        if (!move_first(tags, field->theirs, own, field->ours))
            return false;
    for (size_t i = 0; i < sizeof(authors) / sizeof(authors[0]); i++)
        if (!rec_move_field(tags, authors[i], own, "authors"))
            return false;
    for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++)
        if (!put_date(tags, dates[i], own))
            return false;
    return rec_move_field(tags, "KW", own, "keywords") && put_id(tags, own) && look_for_ids(own);
}

/* What is left, as strings where a tag has one value. */
static bool put_rest(json_t *tags, json_t *rest)
{
    const char *tag;
    json_t *values, *value;
    size_t i;

    json_object_foreach(tags, tag, values)
        json_array_foreach(values, i, value) if (!rec_put_beside(rest, tag, json_incref(value))) return false;
    return true;
}

/* Hands the open record on, if there is one. */
static rec_status end_record(struct reading *r, rec_error *err)
{
    json_t *own, *rest;
    rec_status rc;
    bool made;

    if ((rc = end_value(r, err)) != REC_OK || !r->tags)
        return rc;
    own = json_object();
    rest = json_object();
    made = own && rest && translate(r->tags, own) && put_rest(r->tags, rest);
    rc = rec_hand_on_fields(r->taker, made, own, rest, NAMES, &r->refusal, &r->at, err);
    json_decref(own);
    json_decref(rest);
    json_decref(r->tags);
    r->tags = NULL;
    return rc;
}

static rec_status begin_record(struct reading *r, uint64_t line, rec_error *err)
{
    rec_status rc = end_record(r, err); /* one without an end */

    if (rc != REC_OK)
        return rc;
    if (!(r->tags = json_object()))
        return rec_fail(err, REC_ENOMEM, "out of memory reading a record");
    r->at.line = line;
    r->at.item++;
    r->bytes = 0;
    r->refusal = (rec_error)REC_ERROR_INIT;
    r->lost = false;
    return REC_OK;
}

/* ---- the file ------------------------------------------------------------------------------------------------------ */

/* A line between records; of several that follow each other the first is told. */
static rec_status refuse_line(struct reading *r, uint64_t line, rec_error *err)
{
    rec_error reason = { REC_EFORMAT, "expected 'TY  - ', which begins a record" };
    rec_position at = { line, 0 };

    if (r->lost)
        return REC_OK;
    r->lost = true;
    return r->taker->refuse(r->taker->context, &at, &reason, err);
}

static rec_status add_line(struct reading *r, const rec_line *line, const char *value, rec_error *err)
{
    const char *text = value ? value : line->text;
    size_t length = line->length - (size_t)(text - line->text);
    rec_status rc = value ? end_value(r, err) : REC_OK;

    if (rc != REC_OK)
        return rc;
    if (value)
        memcpy(r->tag, line->text, 2);
    r->bytes += line->length;
    if (r->bytes > REC_MAX_RECORD && r->refusal.code == REC_OK)
        (void)rec_fail(&r->refusal, REC_EFORMAT, "the record is longer than %u bytes", REC_MAX_RECORD);
    if (r->refusal.code != REC_OK || !rec_is_text(r->tag, text, length, &r->refusal))
        return REC_OK;
    if (!value)
        rec_buf_putc(&r->value, ' ');
    rec_buf_add(&r->value, text, length);
    return REC_OK;
}

static rec_status take_line(void *context, const rec_line *line, rec_error *err)
{
    struct reading *r = context;
    const char *value = find_value(line->text, line->length);

    if (value && memcmp(line->text, "TY", 2) == 0) {
        rec_status rc = begin_record(r, line->number, err);
        return rc == REC_OK ? add_line(r, line, value, err) : rc;
    }
    if (value && memcmp(line->text, "ER", 2) == 0 && r->tags)
        return end_record(r, err);
    if (strspn(line->text, " \t") == line->length)
        return REC_OK;
    return r->tags ? add_line(r, line, value, err) : refuse_line(r, line->number, err);
}

static rec_status read_ris(rec_source *source, const rec_record_taker *taker, rec_error *err)
{
    struct reading r = { .taker = taker, .value = REC_BUF_INIT(2 * (size_t)REC_MAX_RECORD) }; /* and the blanks between lines */
    rec_status rc = rec_read_lines(source, taker, take_line, &r, err);

    if (rc == REC_OK)
        rc = end_record(&r, err);
    json_decref(r.tags);
    rec_buf_clear(&r.value);
    return rc;
}

const struct rec_format rec_format_ris = { "RIS", is_ris, read_ris };
