/* From left to right through one entry of BibTeX: see bibtex.h. Braces inside values are counted, so that nesting costs no stack. */
#include "bibtex.h"

#include "buf.h"
#include "format.h"
#include "quote.h"
#include "record.h"

#include <stdbool.h>
#include <string.h>

#define MAX_NAME 128 /* bytes of a type, a key's room is larger */
#define MAX_KEY 512
#define MAX_MACROS 4096 /* of one file */
#define MAX_MACRO 16384 /* bytes */

struct entry {
    const char *at;
    unsigned long line;
    size_t bytes; /* of the values read: short macros may stand for much */
    json_t *macros;
    rec_error *err;
};

/* ---- words --------------------------------------------------------------------------------------------------------- */

static void skip_white(struct entry *e)
{
    for (; *e->at && strchr(" \t\r\n", *e->at); e->at++)
        e->line += *e->at == '\n';
}

static rec_status no_memory(struct entry *e)
{
    return rec_fail(e->err, REC_ENOMEM, "out of memory reading a record");
}

static rec_status expected(struct entry *e, const char *what)
{
    char quoted[REC_QUOTE_ROOM];

    if (*e->at == '\0')
        return rec_fail(e->err, REC_EFORMAT, "expected %s before the end of the entry", what);
    return rec_fail(e->err, REC_EFORMAT, "expected %s at '%s'", what, rec_quote(e->at, quoted));
}

/* Reads up to white space or one of the characters that part things; at most `room` - 1 bytes. */
static rec_status read_word(struct entry *e, const char *what, char *out, size_t room)
{
    size_t length;

    skip_white(e);
    length = strcspn(e->at, " \t\r\n{}()=,#\"");
    if (length == 0 || length >= room)
        return expected(e, what);
    memcpy(out, e->at, length);
    out[length] = '\0';
    e->at += length;
    return REC_OK;
}

static void lower(char *text)
{
    for (; *text; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text - 'A' + 'a');
}

/* ---- values -------------------------------------------------------------------------------------------------------- */

/* A part in braces, or in quotation marks outside of which no brace is open. */
static rec_status read_delimited(struct entry *e, rec_buf *out)
{
    char close = *e->at == '{' ? '}' : '"';
    size_t depth = 0;

    for (e->at++; *e->at; e->at++) {
        if (depth == 0 && *e->at == close) {
            e->at++;
            return REC_OK;
        }
        depth += *e->at == '{';
        if (*e->at == '}' && depth-- == 0)
            return expected(e, "a quotation mark before the brace");
        e->line += *e->at == '\n';
        rec_buf_putc(out, *e->at);
    }
    return expected(e, close == '}' ? "'}'" : "a quotation mark");
}

/* A number, or a macro. */
static rec_status read_bare(struct entry *e, rec_buf *out)
{
    char name[MAX_NAME];
    const char *text;
    rec_status rc = read_word(e, "a value", name, sizeof(name));

    if (rc != REC_OK)
        return rc;
    lower(name);
    text = json_string_value(json_object_get(e->macros, name));
    rec_buf_puts(out, text ? text : name);
    return REC_OK;
}

/* Parts joined by '#'. */
static rec_status read_value(struct entry *e, rec_buf *out)
{
    rec_status rc = REC_OK;

    while (rc == REC_OK) {
        skip_white(e);
        rc = *e->at == '{' || *e->at == '"' ? read_delimited(e, out) : read_bare(e, out);
        if (out->length > REC_MAX_RECORD) /* macros of macros can grow */
            return rec_fail(e->err, REC_EFORMAT, "a value is longer than %u bytes", REC_MAX_RECORD);
        if (out->failed)
            return no_memory(e);
        skip_white(e);
        if (*e->at != '#')
            break;
        e->at++;
    }
    return rc;
}

/* ---- fields -------------------------------------------------------------------------------------------------------- */

/* `name = value`; put into `object`, under its name. */
static rec_status read_field(struct entry *e, json_t *object)
{
    rec_buf value = REC_BUF_INIT(2 * (size_t)REC_MAX_RECORD); /* one part is no longer than the entry */
    char name[MAX_NAME];
    rec_status rc = read_word(e, "the name of a field", name, sizeof(name));

    if (rc != REC_OK)
        return rc;
    lower(name);
    skip_white(e);
    if (*e->at != '=')
        return expected(e, "'='");
    e->at++;
    rc = read_value(e, &value);
    e->bytes += value.length;
    if (rc == REC_OK && e->bytes > REC_MAX_RECORD)
        rc = rec_fail(e->err, REC_EFORMAT, "its values are longer than %u bytes", REC_MAX_RECORD);
    if (rc == REC_OK && !(rec_is_text(name, name, strlen(name), e->err) && rec_is_text(name, rec_buf_text(&value), value.length, e->err)))
        rc = REC_EFORMAT;
    if (rc == REC_OK && !rec_put_beside(object, name, json_string(rec_buf_text(&value))))
        rc = no_memory(e);
    rec_buf_clear(&value);
    return rc;
}

/* Fields up to the bracket that closes the entry. */
static rec_status read_fields(struct entry *e, char close, json_t *object)
{
    rec_status rc = REC_OK;

    for (;;) {
        skip_white(e);
        if (*e->at == close)
            return REC_OK;
        if ((rc = read_field(e, object)) != REC_OK)
            return rc;
        skip_white(e);
        if (*e->at == ',')
            e->at++;
        else if (*e->at != close)
            return expected(e, "',' or the end of the entry");
    }
}

/* ---- entries ------------------------------------------------------------------------------------------------------- */

static rec_status define_macros(struct entry *e, char close)
{
    json_t *defined = json_object(), *value;
    const char *name;
    rec_status rc = defined ? read_fields(e, close, defined) : no_memory(e);

    json_object_foreach(defined, name, value)
    {
        if (rc != REC_OK || !json_is_string(value))
            continue;
        if (json_object_size(e->macros) >= MAX_MACROS)
            rc = rec_fail(e->err, REC_EFORMAT, "more than %d macros", MAX_MACROS);
        else if (json_string_length(value) > MAX_MACRO)
            rc = rec_fail(e->err, REC_EFORMAT, "macro '%s': %zu bytes, at most %d are allowed", name, json_string_length(value), MAX_MACRO);
        else if (json_object_set(e->macros, name, value) != 0)
            rc = no_memory(e);
    }
    json_decref(defined);
    return rc;
}

/* The key may hold anything but what ends it. */
static rec_status read_key(struct entry *e, json_t *fields)
{
    char key[MAX_KEY];
    size_t length;

    skip_white(e);
    length = strcspn(e->at, " \t\r\n,}");
    if (length >= sizeof(key))
        return expected(e, "a key");
    memcpy(key, e->at, length);
    key[length] = '\0';
    e->at += length;
    skip_white(e);
    if (*e->at == ',')
        e->at++;
    else if (*e->at != '}' && *e->at != ')')
        return expected(e, "',' behind the key");
    if (!rec_is_text("ENTRYKEY", key, length, e->err))
        return REC_EFORMAT;
    return length == 0 || json_object_set_new(fields, "ENTRYKEY", json_string(key)) == 0 ? REC_OK : no_memory(e);
}

static rec_status read_record(struct entry *e, const char *type, char close, json_t **fields)
{
    json_t *object = json_object();
    rec_status rc = object && json_object_set_new(object, "ENTRYTYPE", json_string(type)) == 0 ? REC_OK : no_memory(e);

    if (rc == REC_OK)
        rc = read_key(e, object);
    if (rc == REC_OK)
        rc = read_fields(e, close, object);
    if (rc == REC_OK) {
        *fields = object;
        return REC_OK;
    }
    json_decref(object);
    return rc;
}

static rec_status read_entry(struct entry *e, json_t **fields)
{
    char type[MAX_NAME], close;
    rec_status rc;

    e->at++; /* '@' */
    if ((rc = read_word(e, "the type of an entry", type, sizeof(type))) != REC_OK)
        return rc;
    lower(type);
    skip_white(e);
    if (*e->at != '{' && *e->at != '(')
        return expected(e, "'{' or '('");
    close = *e->at++ == '{' ? '}' : ')';
    if (strcmp(type, "comment") == 0 || strcmp(type, "preamble") == 0)
        return REC_OK;
    if (strcmp(type, "string") == 0)
        return define_macros(e, close);
    return rec_is_text("ENTRYTYPE", type, strlen(type), e->err) ? read_record(e, type, close, fields) : REC_EFORMAT;
}

rec_status rec_bibtex_read(const char *text, json_t *macros, json_t **fields, unsigned long *line, rec_error *err)
{
    struct entry e = { text, 1, 0, macros, err };
    rec_status rc;

    *fields = NULL;
    rc = read_entry(&e, fields);
    *line = e.line;
    return rc;
}

/* ---- braces that hold letters together ------------------------------------------------------------------------------ */

#define MAX_GROUPS 64 /* within each other; what is deeper stays as it is */

/* Whether the text before `at` ends in a command (`\emph`, `\"`), an index or an argument that was kept: then a brace opens an argument. */
static bool wants_argument(const char *start, const char *at, bool after_kept)
{
    const char *back = at;

    if (at == start)
        return false;
    if (after_kept && at[-1] == '}')
        return true;
    if (at[-1] == '^' || at[-1] == '_' || (at - start >= 2 && at[-2] == '\\'))
        return true;
    while (back > start && ((back[-1] >= 'a' && back[-1] <= 'z') || (back[-1] >= 'A' && back[-1] <= 'Z')))
        back--;
    return back < at && back > start && back[-1] == '\\';
}

void rec_bibtex_ungroup(char *text)
{
    bool kept[MAX_GROUPS], after_kept = false, in_formula = false;
    size_t depth = 0;
    char *out = text;

    for (const char *at = text; *at; at++) {
        bool escaped = at > text && at[-1] == '\\';

        in_formula ^= *at == '$' && !escaped;
        if (*at == '{' && !escaped) {
            bool keep = in_formula || depth >= MAX_GROUPS || at[1] == '\\' || wants_argument(text, out, after_kept);

            if (depth < MAX_GROUPS)
                kept[depth] = keep;
            depth++;
            if (!keep)
                continue;
        } else if (*at == '}' && !escaped && depth > 0) {
            depth--;
            after_kept = depth >= MAX_GROUPS || kept[depth];
            if (!after_kept)
                continue;
        }
        *out++ = *at;
    }
    *out = '\0';
}
