/*
 * A byte-wise automaton: see json_split.h. It knows strings, brackets and, in an object that no list holds, the names of its fields, by
 * which an answer of a service is told from a record: {"total": 7, "data": [...]} is one, {"id": "a", "data": [...]} is a record.
 */
#include "json_split.h"

#include "alloc.h"
#include "buf.h"
#include "format.h"

#include <string.h>

#define MAX_NAME 20 /* bytes; longer than any name that is looked for */

struct rec_json_splitter {
    rec_json_taker take;
    void *context;
    rec_position at; /* of the record that is read */
    uint64_t line;
    bool in_string, escaped;

    bool in_list;  /* inside the list that holds the records */
    size_t answer; /* open objects around that list; behind it, what is left of them is passed over */
    bool passing;  /* over the rest of an answer */
    bool in_record;
    size_t depth; /* open brackets: of the record, or of the rest of the answer */
    bool too_long;
    rec_buf record;

    size_t names_at; /* depth at which names are looked at, 0 where the record is known to be one */
    bool is_name;    /* the string that is read is a name at that depth */
    bool was_colon;  /* the last byte outside strings that was not white */
    char name[MAX_NAME + 1];
    size_t name_length;
};

rec_status rec_json_splitter_new(rec_json_taker take, void *context, uint64_t line, rec_json_splitter **out, rec_error *err)
{
    rec_json_splitter *s = rec_alloc(sizeof(*s));

    if (!s)
        return rec_fail(err, REC_ENOMEM, "out of memory reading a record");
    s->take = take;
    s->context = context;
    s->line = line;
    s->record = (rec_buf)REC_BUF_INIT(REC_MAX_RECORD);
    *out = s;
    return REC_OK;
}

void rec_json_splitter_free(rec_json_splitter *s)
{
    if (!s)
        return;
    rec_buf_clear(&s->record);
    rec_free(s);
}

/* ---- answers ------------------------------------------------------------------------------------------------------- */

static bool is_one_of(const rec_json_splitter *s, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(s->name, *names) == 0)
            return true;
    return false;
}

/* Names that no answer has around its list: the object is a record. */
static bool is_name_of_a_record(const rec_json_splitter *s)
{
    static const char *const names[] = { "id", "title", "paperId", "corpusid", "paper", "DOI", "doi", "externalIds", NULL };

    return is_one_of(s, names);
}

/* Semantic Scholar (the first two), OpenAlex, Crossref and Zotero. */
static bool is_name_of_a_list(const rec_json_splitter *s)
{
    static const char *const names[] = { "data", "recommendedPapers", "results", "items", NULL };

    return is_one_of(s, names);
}

/* A name has been read whole. */
static void look_at_name(rec_json_splitter *s)
{
    s->name[s->name_length <= MAX_NAME ? s->name_length : 0] = '\0'; /* a longer one is none that is looked for */
    if (is_name_of_a_record(s))
        s->names_at = 0;
}

/* The bracket that opens the value of the field just named: whether it opens the records' list, or what holds that (Crossref's "message").
 */
static bool opens_answer(rec_json_splitter *s, char c)
{
    if (s->names_at == 0 || s->depth != s->names_at || !s->was_colon)
        return false;
    if (c == '{' && strcmp(s->name, "message") == 0) {
        s->names_at++;
        return false;
    }
    return c == '[' && is_name_of_a_list(s);
}

/* What was taken for a record is an answer, and its records begin here. */
static void enter_answer(rec_json_splitter *s)
{
    s->answer = s->depth;
    s->depth = 0;
    s->names_at = 0;
    s->in_record = s->too_long = false;
    s->in_list = true;
    s->at.item--;
    rec_buf_reset(&s->record);
}

/* ---- records ------------------------------------------------------------------------------------------------------- */

static void begin_record(rec_json_splitter *s, char c)
{
    s->in_record = true;
    s->depth = 0;
    s->at.line = s->line;
    s->at.item++;
    s->names_at = c == '{' && !s->in_list ? 1 : 0;
}

/* Gives the record away, whole or not, and forgets it. */
static rec_status end_record(rec_json_splitter *s, bool whole, rec_error *err)
{
    rec_status rc;

    if (s->record.failed && !s->too_long)
        rc = rec_fail(err, REC_ENOMEM, "out of memory reading a record");
    else
        rc = s->take(s->context, whole && !s->too_long ? rec_buf_text(&s->record) : NULL, s->record.length, &s->at, err);
    s->in_record = s->too_long = false;
    rec_buf_reset(&s->record);
    return rc;
}

static void keep(rec_json_splitter *s, char c)
{
    if (s->record.length == REC_MAX_RECORD)
        s->too_long = true;
    else
        rec_buf_putc(&s->record, c);
}

/* ---- bytes --------------------------------------------------------------------------------------------------------- */

static bool is_white(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void begin_string(rec_json_splitter *s)
{
    s->in_string = true;
    s->is_name = s->names_at > 0 && s->depth == s->names_at && !s->was_colon;
    if (s->is_name)
        s->name_length = 0;
}

static void read_in_string(rec_json_splitter *s, char c)
{
    if (c == '"' && !s->escaped) {
        s->in_string = false;
        if (s->is_name)
            look_at_name(s);
        return;
    }
    s->escaped = c == '\\' && !s->escaped;
    if (s->is_name && s->name_length < MAX_NAME)
        s->name[s->name_length] = c;
    s->name_length += s->name_length <= MAX_NAME;
}

static void read_outside_string(rec_json_splitter *s, char c)
{
    if (c == '"')
        begin_string(s);
    else if (c == '{' || c == '[')
        s->depth++;
    else if ((c == '}' || c == ']') && s->depth > 0)
        s->depth--;
    if (!is_white(c))
        s->was_colon = c == ':';
}

/* A byte of a record, or of the rest of an answer. */
static rec_status read_inside(rec_json_splitter *s, char c, rec_error *err)
{
    if (s->in_string)
        read_in_string(s, c);
    else if (opens_answer(s, c)) {
        enter_answer(s);
        return REC_OK;
    } else {
        read_outside_string(s, c);
    }
    if (s->in_record)
        keep(s, c);
    if (s->depth > 0 || s->in_string || (c != '}' && c != ']'))
        return REC_OK;
    if (s->in_record)
        return end_record(s, true, err);
    s->passing = false;
    return REC_OK;
}

/* A byte between records. */
static void read_between(rec_json_splitter *s, char c)
{
    if (is_white(c) || c == ',')
        return;
    if (c == ']' && s->in_list) {
        s->in_list = false;
        s->passing = s->answer > 0;
        s->depth = s->answer;
        s->answer = 0;
    } else if (c == '[' && !s->in_list) {
        s->in_list = true;
    } else {
        begin_record(s, c);
    }
}

/* A value without brackets ends before what cannot be a part of it. */
static bool ends_scalar(const rec_json_splitter *s, char c)
{
    return s->in_record && s->depth == 0 && !s->in_string && s->record.length > 0 && strchr(" \t\r\n,[]{}\"", c);
}

static rec_status read_byte(rec_json_splitter *s, char c, rec_error *err)
{
    rec_status rc = ends_scalar(s, c) ? end_record(s, true, err) : REC_OK;

    if (c == '\n') { /* none is allowed in a string: where a quotation mark is missing, no more than its line is lost to it */
        s->line++;
        s->in_string = s->escaped = false;
    }
    if (rc == REC_OK && !s->in_record && !s->passing)
        read_between(s, c);
    else if (rc == REC_OK)
        return read_inside(s, c, err);
    return rc == REC_OK && s->in_record ? read_inside(s, c, err) : rc;
}

rec_status rec_json_splitter_feed(rec_json_splitter *s, const char *bytes, size_t length, rec_error *err)
{
    rec_status rc = REC_OK;

    if (!bytes)
        return s->in_record ? end_record(s, s->depth == 0 && !s->in_string, err) : REC_OK;
    for (size_t i = 0; i < length && rc == REC_OK; i++)
        rc = read_byte(s, bytes[i], err);
    return rc;
}

/* ---- recognising --------------------------------------------------------------------------------------------------- */

static rec_status note_record(void *context, const char *text, size_t length, const rec_position *at, rec_error *err)
{
    (void)text, (void)length, (void)at, (void)err;
    *(bool *)context = true;
    return REC_OK;
}

/* A line that goes on in the next one ends behind a bracket that opens, a comma or a colon; one that is broken off ends anywhere. */
static bool goes_on(const char *head, size_t length)
{
    while (length > 0 && is_white(head[length - 1]))
        length--;
    return length > 0 && strchr("{[,:", head[length - 1]);
}

static bool is_answer_or_goes_on(const char *head, size_t length)
{
    bool ended = false;
    struct rec_json_splitter s = { .take = note_record, .context = &ended, .record = REC_BUF_INIT(REC_PEEK) };
    size_t i = 0;

    while (i < length && !ended && !s.in_list && s.line == 0 && read_byte(&s, head[i], NULL) == REC_OK)
        i++;
    rec_buf_clear(&s.record);
    return s.in_list || (s.line > 0 && goes_on(head, i));
}

bool rec_is_json_document(const char *head, size_t length)
{
    size_t i = 0;

    while (i < length && is_white(head[i]))
        i++;
    if (i == length || head[i] != '[')
        return i < length && head[i] == '{' && is_answer_or_goes_on(head + i, length - i);
    for (i++; i < length && is_white(head[i]);)
        i++;
    if (i + 5 <= length && memcmp(head + i, "null,", 5) == 0) /* Semantic Scholar's answer where it does not know the first paper */
        return true;
    return i == length || head[i] == '{' || head[i] == ']'; /* "[Draft] On lakes" is a title */
}
