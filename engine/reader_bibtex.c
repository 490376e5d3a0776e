/*
 * BibTeX and BibLaTeX: entries are cut out of the file as it streams by (what stands between them is a comment), read by bibtex.c, and
 * their fields brought under our names.
 */
#include "bibtex.h"
#include "format.h"

#include "buf.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Of several that mean the same the first that is there counts; the others stay among the extras. */
static const struct rec_field_name FIELDS[] = {
    { "id", "ENTRYKEY" },     { "title", "title" }, { "abstract", "abstract" }, { "venue", "journal" }, { "venue", "journaltitle" },
    { "venue", "booktitle" }, { "doi", "doi" },     { "pmid", "pmid" },         { "url", "url" },       { "keywords", "keywords" },
    { "arxiv", "arxivid" },   { NULL, NULL },
};

static const struct rec_field_name NAMES[] = {
    { "id", "key" }, { "authors", "author" }, { "venue", "journal" }, { "arxiv", "eprint" }, { NULL, NULL },
};

#define MAX_TYPE 128 /* bytes from '@' to the bracket */

struct reading {
    const rec_record_taker *taker;
    json_t *macros;
    rec_buf entry;       /* from its '@' on, empty between entries */
    size_t depth;        /* open braces of the entry */
    bool in_parentheses; /* the entry is in these, not in braces */
    bool quoted;         /* in quotation marks of such an entry */
    bool opened;         /* the bracket behind the type was read */
    bool may_begin;      /* an '@' here begins an entry: it is the first of its line, or stands behind another entry */
    size_t restart;      /* where in the entry a line begins with '@', perhaps the next entry; 0 where none does */
    uint64_t restart_line;
    uint64_t line;
    rec_position at; /* of the entry */
};

/* ---- names --------------------------------------------------------------------------------------------------------- */

static const char *skip_blanks(const char *text, const char *end)
{
    while (text < end && strchr(" \t\r\n", *text))
        text++;
    return text;
}

/* Where a name ends: at " and " outside of braces, or at the end. */
static const char *end_of_name(const char *text)
{
    size_t depth = 0;

    for (; *text; text++) {
        depth += *text == '{';
        depth -= *text == '}' && depth > 0;
        if (depth == 0 && strchr(" \t\r\n", *text) && strncmp(text + 1, "and", 3) == 0 && text[4] && strchr(" \t\r\n", text[4]))
            break;
    }
    return text;
}

/* "Last, First" and "Last, Jr, First" in reading order; a comma inside braces parts nothing. */
static bool append_name(json_t *own, const char *start, const char *end)
{
    rec_buf parts[3] = { REC_BUF_INIT(REC_MAX_RECORD), REC_BUF_INIT(REC_MAX_RECORD), REC_BUF_INIT(REC_MAX_RECORD) };
    size_t part = 0, depth = 0;
    bool appended;

    for (start = skip_blanks(start, end); start < end; start++) {
        depth += *start == '{';
        depth -= *start == '}' && depth > 0;
        if (*start == ',' && depth == 0 && part < 2) {
            part++;
            start = skip_blanks(start + 1, end) - 1;
        } else {
            rec_buf_putc(&parts[part], *start);
        }
    }
    for (size_t i = 0; i < 3; i++)
        if (parts[i].length > 0 && !parts[i].failed)
            rec_bibtex_ungroup(parts[i].data);
    appended = !parts[0].failed && !parts[1].failed && !parts[2].failed;
    if (appended && strcmp(rec_buf_text(&parts[0]), "others") != 0)
        appended = rec_append_name(own, "authors", part > 0 ? rec_buf_text(&parts[part]) : NULL, rec_buf_text(&parts[0]),
                                   part == 2 ? rec_buf_text(&parts[1]) : NULL);
    for (size_t i = 0; i < 3; i++)
        rec_buf_clear(&parts[i]);
    return appended;
}

static bool move_authors(json_t *fields, json_t *own)
{
    const char *text = json_string_value(json_object_get(fields, "author"));

    while (text && *text) {
        const char *end = end_of_name(text);

        if (!append_name(own, text, end))
            return false;
        text = *end ? end + 5 : end; /* " and " */
    }
    json_object_del(fields, "author");
    return true;
}

/* ---- other fields -------------------------------------------------------------------------------------------------- */

static const char *field_text(const json_t *fields, const char *name)
{
    return json_string_value(json_object_get(fields, name));
}

/* BibLaTeX's `date`, which may be a span ("2020-03/2020-05"), else year, month and day. What is no date stays among the extras. */
static bool put_date(json_t *fields, json_t *own)
{
    const char *date = field_text(fields, "date"), *year = field_text(fields, "year");
    char first[16] = "";
    rec_date parsed;

    if (date)
        snprintf(first, sizeof(first), "%.*s", (int)strcspn(date, "/"), date);
    if (date && rec_date_parse(first, &parsed, NULL) == REC_OK) {
        if (year && strncmp(year, first, strlen(year)) == 0) { /* for programs that know no `date` */
            json_object_del(fields, "year");
            json_object_del(fields, "month");
        }
        return json_object_set_new(own, "date", json_string(first)) == 0 && json_object_del(fields, "date") == 0;
    }
    if (!year || rec_date_parse(year, &parsed, NULL) != REC_OK)
        return true;
    if (!rec_put_date(own, year, field_text(fields, "month"), field_text(fields, "day")))
        return false;
    if (rec_date_parse(json_string_value(json_object_get(own, "date")), &parsed, NULL) != REC_OK) /* a day that does not exist */
        return json_object_set(own, "date", json_object_get(fields, "year")) == 0;
    json_object_del(fields, "year");
    json_object_del(fields, "month");
    json_object_del(fields, "day");
    return true;
}

/* `eprint` is of the archive that `archiveprefix` or `eprinttype` names; without one it may be an id of arXiv that shows as such. */
static bool put_eprint(json_t *fields, json_t *own)
{
    const char *kind = field_text(fields, "archiveprefix"), *eprint = field_text(fields, "eprint");
    rec_id id;

    kind = kind ? kind : field_text(fields, "eprinttype");
    if (!eprint)
        return true;
    if (kind && (strcmp(kind, "pubmed") == 0 || strcmp(kind, "PubMed") == 0))
        return rec_move_field(fields, "eprint", own, "pmid");
    if (rec_id_parse(eprint, &id, NULL) != REC_OK || id.kind != REC_ID_ARXIV)
        return true;
    return rec_move_field(fields, "eprint", own, "arxiv") &&
           rec_move_field(fields, field_text(fields, "primaryclass") ? "primaryclass" : "eprintclass", own, "categories");
}

/* Of texts alone: in an address or a key a brace is a brace. */
static bool ungroup(json_t *own)
{
    static const char *const texts[] = { "title", "abstract", "venue", "keywords" };
    bool made = true;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]) && made; i++) {
        const char *text = field_text(own, texts[i]);
        rec_buf copy = REC_BUF_INIT(REC_MAX_RECORD);

        if (!text || !strchr(text, '{'))
            continue;
        rec_buf_puts(&copy, text);
        if (!copy.failed)
            rec_bibtex_ungroup(copy.data);
        made = !copy.failed && json_object_set_new(own, texts[i], json_string(copy.data)) == 0;
        rec_buf_clear(&copy);
    }
    return made;
}

static bool translate(json_t *fields, json_t *own)
{
    return rec_move_fields(fields, FIELDS, own) && ungroup(own) && move_authors(fields, own) && put_date(fields, own) &&
           put_eprint(fields, own);
}

/* ---- entries ------------------------------------------------------------------------------------------------------- */

static rec_status refuse(struct reading *r, const char *why, rec_error *err)
{
    rec_error reason = REC_ERROR_INIT;

    r->at.item++;
    (void)rec_fail(&reason, REC_EFORMAT, "%s", why);
    return r->taker->refuse(r->taker->context, &r->at, &reason, err);
}

static rec_status refuse_at(struct reading *r, unsigned long line, const rec_error *why, rec_error *err)
{
    char message[sizeof(why->message) + 32];

    if (line == 1)
        return refuse(r, why->message, err);
    snprintf(message, sizeof(message), "%s (its line %lu)", why->message, line);
    return refuse(r, message, err);
}

static rec_status take_fields(struct reading *r, json_t *fields, rec_error *err)
{
    const rec_error no_refusal = REC_ERROR_INIT;
    json_t *own = json_object();
    rec_status rc;

    r->at.item++;
    rc = rec_hand_on_fields(r->taker, own && translate(fields, own), own, fields, NAMES, &no_refusal, &r->at, err);
    json_decref(own);
    return rc;
}

/* The entry is whole. */
static rec_status take_entry(struct reading *r, rec_error *err)
{
    rec_error reason = REC_ERROR_INIT;
    json_t *fields = NULL;
    unsigned long line = 1;
    rec_status rc;

    if (memchr(r->entry.data, '\0', r->entry.length))
        return refuse(r, "the entry holds a NUL", err);
    rc = rec_bibtex_read(r->entry.data, r->macros, &fields, &line, &reason);
    if (rc == REC_EFORMAT)
        rc = refuse_at(r, line, &reason, err);
    else if (rc != REC_OK)
        rc = rec_fail(err, rc, "%s", reason.message);
    else if (fields)
        rc = take_fields(r, fields, err);
    json_decref(fields);
    return rc;
}

/* ---- bytes --------------------------------------------------------------------------------------------------------- */

static bool is_white(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void begin_entry(struct reading *r, uint64_t line)
{
    rec_buf_reset(&r->entry);
    rec_buf_putc(&r->entry, '@');
    r->at.line = line;
    r->depth = r->restart = 0;
    r->opened = r->quoted = false;
}

static void open_entry(struct reading *r, char bracket)
{
    r->opened = true;
    r->in_parentheses = bracket == '(';
    r->depth = r->in_parentheses ? 0 : 1;
}

/* Between '@' and the bracket: anything but a type means that it was none ("@home" in a comment). */
static void read_type(struct reading *r, char c)
{
    if (c == '{' || c == '(')
        open_entry(r, c);
    else if ((!is_letter(c) && !is_white(c)) || r->entry.length >= MAX_TYPE)
        rec_buf_reset(&r->entry);
}

/* Whether the byte, which was appended, closes the entry. */
static bool closes(struct reading *r, char c)
{
    if (r->in_parentheses && r->depth == 0 && c == '"')
        r->quoted = !r->quoted;
    r->depth += c == '{';
    if (c == '}' && r->depth > 0)
        return --r->depth == 0 && !r->in_parentheses;
    return c == ')' && r->in_parentheses && r->depth == 0 && !r->quoted;
}

/*
 * A brace that is missing would swallow the rest of the file. So a line that begins like an entry ("@book{") begins one: the open entry is
 * refused.
 */
static rec_status look_for_restart(struct reading *r, char c, rec_error *err)
{
    char type[MAX_TYPE + 1];
    size_t length = r->entry.length - r->restart; /* the byte included */
    rec_status rc;

    if (c == '@' && r->may_begin) {
        r->restart = r->entry.length - 1;
        r->restart_line = r->line;
        return REC_OK;
    }
    if (r->restart == 0 || (is_letter(c) && length < MAX_TYPE))
        return REC_OK;
    if ((c != '{' && c != '(') || length < 3) {
        r->restart = 0;
        return REC_OK;
    }
    memcpy(type, r->entry.data + r->restart, length);
    rc = refuse(r, "the entry is not closed before the next one begins", err);
    begin_entry(r, r->restart_line);
    rec_buf_add(&r->entry, type + 1, length - 1);
    open_entry(r, c);
    return rc;
}

static rec_status read_in_entry(struct reading *r, char c, rec_error *err)
{
    rec_status rc = REC_OK;

    if (r->entry.length == REC_MAX_RECORD) {
        rc = refuse(r, "the entry is longer than 16777216 bytes", err);
        rec_buf_reset(&r->entry); /* what is left of it is passed over like a comment */
        return rc;
    }
    rec_buf_putc(&r->entry, c);
    if (r->entry.failed)
        return rec_fail(err, REC_ENOMEM, "out of memory reading a record");
    if (!r->opened) {
        read_type(r, c);
    } else if (closes(r, c)) {
        rc = take_entry(r, err);
        rec_buf_reset(&r->entry);
        r->may_begin = true;
        return rc;
    } else {
        rc = look_for_restart(r, c, err);
    }
    r->may_begin = c == '\n' || (r->may_begin && is_white(c));
    return rc;
}

static rec_status read_byte(struct reading *r, char c, rec_error *err)
{
    rec_status rc = REC_OK;

    if (r->entry.length > 0) {
        rc = read_in_entry(r, c, err);
    } else if (c == '@' && r->may_begin) {
        begin_entry(r, r->line);
        r->may_begin = false;
    } else {
        r->may_begin = c == '\n' || (r->may_begin && is_white(c));
    }
    r->line += c == '\n';
    return rc;
}

/* ---- the file ------------------------------------------------------------------------------------------------------ */

static rec_status read_bibtex(rec_source *source, const rec_record_taker *taker, rec_error *err)
{
    struct reading r = { .taker = taker,
                         .macros = json_object(),
                         .entry = REC_BUF_INIT(REC_MAX_RECORD),
                         .may_begin = true,
                         .line = rec_source_lines(source) + 1 };
    const char *bytes;
    size_t length = 1;
    rec_status rc = r.macros ? REC_OK : rec_fail(err, REC_ENOMEM, "out of memory reading a record");

    while (rc == REC_OK && length > 0 && (rc = rec_source_read(source, &bytes, &length, err)) == REC_OK)
        for (size_t i = 0; i < length && rc == REC_OK; i++)
            rc = read_byte(&r, bytes[i], err);
    if (rc == REC_OK && r.entry.length > 0 && r.opened)
        rc = refuse(&r, "the file ends within the entry", err);
    json_decref(r.macros);
    rec_buf_clear(&r.entry);
    return rc;
}

/* Whether a line begins an entry of a kind that files have. */
static bool begins_entry(const char *at, const char *end)
{
    static const char *const types[] = {
        "article",      "book",          "booklet",  "collection",    "comment",    "conference", "dataset",     "inbook",
        "incollection", "inproceedings", "manual",   "mastersthesis", "misc",       "online",     "phdthesis",   "preamble",
        "proceedings",  "report",        "software", "string",        "techreport", "thesis",     "unpublished",
    };

    at = skip_blanks(at, end);
    if (at == end || *at++ != '@')
        return false;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        size_t length = strlen(types[i]);
        const char *behind = at + length;

        if ((size_t)(end - at) <= length || strncasecmp(at, types[i], length) != 0)
            continue;
        behind = skip_blanks(behind, end);
        if (behind < end && (*behind == '{' || *behind == '('))
            return true;
    }
    return false;
}

/* Entries may stand behind any text, which is a comment. */
static bool is_bibtex(const char *head, size_t length)
{
    const char *end = head + length, *feed;

    for (; head && head < end; head = feed ? feed + 1 : NULL) {
        if (begins_entry(head, end))
            return true;
        feed = memchr(head, '\n', (size_t)(end - head));
    }
    return false;
}

const struct rec_format rec_format_bibtex = { "BibTeX", is_bibtex, read_bibtex };
