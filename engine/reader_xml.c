/*
 * XML: records are elements of a known name. Only the one that is read is held, with the elements around it; the rest streams by. What the
 * elements mean is in xml_NAME.c, one file a vocabulary.
 */
#include "format.h"
#include "input_ops.h"
#include "xml_vocabulary.h"

#include "quote.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct rec_xml_vocabulary *const VOCABULARIES[] = { &rec_xml_atom, &rec_xml_pubmed, &rec_xml_oai, &rec_xml_acl };

#define VOCABULARY_COUNT (sizeof(VOCABULARIES) / sizeof(VOCABULARIES[0]))

struct reading {
    const rec_record_taker *taker;
    const struct rec_xml_vocabulary *vocabulary;
    struct rec_xml_node *open;         /* the innermost open element; through `parent` those around it */
    const struct rec_xml_node *record; /* the open record, or the open `kept`, `error` or `more` element; NULL outside of them */
    size_t bytes;                      /* of all that is held */
    size_t passed;                     /* open elements of a record that is too long, which is passed over */
    uint64_t lines_before;             /* lines of the file before the document */
    rec_position at;                   /* of the open record */
    char more[REC_QUOTE_ROOM];         /* of the last document: where there is more to fetch, what the repository calls it */
    rec_position more_at;
    rec_status status; /* what stopped the parser */
    rec_error *err;
};

/* Stops the parser. */
static bool stop(struct reading *r, rec_status status)
{
    r->status = status;
    return false;
}

static bool no_memory(struct reading *r)
{
    return stop(r, rec_fail(r->err, REC_ENOMEM, "out of memory reading a record"));
}

/* ---- elements ------------------------------------------------------------------------------------------------------ */

static bool is_named(const struct rec_xml_node *node, const char *name)
{
    return name && node->name && strcmp(node->name, name) == 0;
}

/* Frees the children of an element. */
static void empty(struct reading *r, struct rec_xml_node *node)
{
    while (node->first) {
        struct rec_xml_node *child = node->first;

        node->first = child->next;
        r->bytes -= rec_xml_free(child);
    }
    node->last = NULL;
}

/* Takes the last child off its parent and frees it. */
static void drop_last(struct reading *r, struct rec_xml_node *node)
{
    struct rec_xml_node **link = &node->parent->first, *before = NULL;

    while (*link != node) {
        before = *link;
        link = &before->next;
    }
    *link = NULL;
    node->parent->last = before;
    r->bytes -= rec_xml_free(node);
}

/* The record has grown too long: it is refused, and what follows up to its end is passed over. */
static bool pass_over(struct reading *r)
{
    rec_error reason = REC_ERROR_INIT;
    rec_status rc;

    while (r->open != r->record) {
        r->passed++;
        r->open = r->open->parent;
    }
    r->passed++;
    empty(r, r->open);
    (void)rec_fail(&reason, REC_EFORMAT, "the record is longer than %u bytes", REC_MAX_RECORD);
    rc = r->taker->refuse(r->taker->context, &r->at, &reason, r->err);
    return rc == REC_OK || stop(r, rc);
}

/* Counts a node that was made, or not. */
static bool hold(struct reading *r, const struct rec_xml_node *node)
{
    if (!node)
        return no_memory(r);
    r->bytes += node->bytes;
    if (r->bytes <= REC_MAX_RECORD)
        return true;
    return r->record ? pass_over(r)
                     : stop(r, rec_fail(r->err, REC_EFORMAT, "elements around the records are longer than %u bytes", REC_MAX_RECORD));
}

static const struct rec_xml_vocabulary *find_vocabulary(const char *root)
{
    for (size_t i = 0; i < VOCABULARY_COUNT; i++)
        if (strcmp(root, VOCABULARIES[i]->root) == 0 || strcmp(root, VOCABULARIES[i]->record) == 0)
            return VOCABULARIES[i];
    return NULL;
}

static rec_status refuse_document(const struct reading *r, const char *root, uint64_t line, rec_error *err)
{
    rec_error reason = REC_ERROR_INIT;
    rec_position at = { r->lines_before + line, 0 };
    char quoted[REC_QUOTE_ROOM];

    (void)rec_fail(&reason, REC_EFORMAT, "XML of an unknown kind: its outermost element is '%s'", rec_quote(root, quoted));
    return r->taker->refuse(r->taker->context, &at, &reason, err);
}

/* Each document of a file may be of another kind. In one of an unknown kind nothing is found. */
static bool begin_document(struct reading *r, const char *root, uint64_t line)
{
    const struct rec_xml_vocabulary *vocabulary = find_vocabulary(root);
    rec_status rc = vocabulary ? REC_OK : refuse_document(r, root, line, r->err);

    r->vocabulary = vocabulary ? vocabulary : r->vocabulary;
    r->more[0] = '\0'; /* a page that follows has what was more */
    return rc == REC_OK || stop(r, rc);
}

static bool is_wanted(const struct rec_xml_vocabulary *vocabulary, const struct rec_xml_node *node)
{
    return is_named(node, vocabulary->record) || is_named(node, vocabulary->kept) || is_named(node, vocabulary->error) ||
           is_named(node, vocabulary->more);
}

static bool on_start(void *context, const char *name, const char *const *attributes, uint64_t line)
{
    struct reading *r = context;
    struct rec_xml_node *node;

    if (r->passed > 0) {
        r->passed++;
        return true;
    }
    if (!r->open && !begin_document(r, name, line))
        return false;
    if (!r->record && r->open && strcmp(name, r->vocabulary->kept ? r->vocabulary->kept : "") == 0)
        empty(r, r->open); /* it takes the place of the one before */
    if (!(node = rec_xml_add(r->open, name, attributes, NULL, 0)))
        return no_memory(r);
    r->open = node;
    if (!r->record && is_wanted(r->vocabulary, node)) {
        r->record = node;
        r->at.line = r->lines_before + line;
        r->at.item += is_named(node, r->vocabulary->record);
    }
    return hold(r, node);
}

static bool on_text(void *context, const char *text, size_t length)
{
    struct reading *r = context;

    if (!r->record || r->passed > 0)
        return true;
    return hold(r, rec_xml_add(r->open, NULL, NULL, text, length));
}

/* ---- records ------------------------------------------------------------------------------------------------------- */

static bool take_record(struct reading *r)
{
    json_t *own = json_object(), *rest = json_object();
    rec_error refusal = REC_ERROR_INIT;
    bool made = own && rest && r->vocabulary->translate(r->open, own, &refusal) && rec_xml_put_rest(rest, r->open);
    rec_status rc = rec_hand_on_fields(r->taker, made, own, rest, r->vocabulary->names, &refusal, &r->at, r->err);

    json_decref(own);
    json_decref(rest);
    return rc == REC_OK || stop(r, rc);
}

static bool tell_error(struct reading *r)
{
    rec_error refusal = REC_ERROR_INIT;
    rec_position at = { r->at.line, 0 };
    rec_status rc = REC_OK;

    r->vocabulary->read_error(r->open, &refusal);
    if (refusal.code != REC_OK)
        rc = r->taker->refuse(r->taker->context, &at, &refusal, r->err);
    return rc == REC_OK || stop(r, rc);
}

static void note_more(struct reading *r)
{
    const char *word = rec_xml_word(r->open);

    rec_quote(word ? word : "", r->more);
    r->more_at = (rec_position){ r->at.line, 0 };
}

static bool on_end(void *context)
{
    struct reading *r = context;
    struct rec_xml_node *node = r->open;
    bool was_passed = r->passed > 0, going_on = true;

    if (was_passed && --r->passed > 0)
        return true;
    if (node == r->record && !was_passed && is_named(node, r->vocabulary->record))
        going_on = take_record(r);
    else if (node == r->record && !was_passed && is_named(node, r->vocabulary->error))
        going_on = tell_error(r);
    else if (node == r->record && !was_passed && is_named(node, r->vocabulary->more))
        note_more(r);
    r->open = node->parent;
    if (node == r->record) {
        r->record = NULL;
        if (is_named(node, r->vocabulary->kept))
            return going_on; /* stays with its parent */
    } else if (r->record) {
        return going_on; /* a part of the record */
    }
    if (node->parent)
        drop_last(r, node);
    else
        r->bytes -= rec_xml_free(node);
    return going_on;
}

/* ---- documents ----------------------------------------------------------------------------------------------------- */

static bool begins_with(const char *at, const char *end, const char *start)
{
    return (size_t)(end - at) >= strlen(start) && strncasecmp(at, start, strlen(start)) == 0;
}

/* Behind the next `mark`, or at the end. */
static const char *behind(const char *at, const char *end, const char *mark)
{
    while (at < end && !begins_with(at, end, mark))
        at++;
    return at < end ? at + strlen(mark) : end;
}

/* Behind a document type, which may hold declarations in brackets. */
static const char *behind_document_type(const char *at, const char *end)
{
    while (at < end && *at != '>' && *at != '[')
        at++;
    return behind(at, end, at < end && *at == '[' ? "]>" : ">");
}

/* Where the outermost element's name begins, behind the declaration, comments and the document type; NULL where there is none. */
static const char *find_root(const char *at, const char *end)
{
    while (at < end) {
        if (strchr(" \t\r\n", *at))
            at++;
        else if (begins_with(at, end, "<?"))
            at = behind(at, end, "?>");
        else if (begins_with(at, end, "<!--"))
            at = behind(at, end, "-->");
        else if (begins_with(at, end, "<!"))
            at = behind_document_type(at, end);
        else
            return *at == '<' ? at + 1 : NULL;
    }
    return NULL;
}

/* The outermost element's name without its prefix; "" where there is none. */
static void get_root(const char *head, const char *end, char name[REC_QUOTE_ROOM])
{
    const char *at = find_root(head, end);
    size_t n = 0;

    while (at && at < end && !strchr(" \t\r\n/>", *at) && n + 1 < REC_QUOTE_ROOM) {
        name[n++] = *at;
        n = *at++ == ':' ? 0 : n;
    }
    name[n] = '\0';
}

/* Also XML that we do not know, and web pages: they would make strange listings. A title may well begin with "<sup>". */
static bool is_xml(const char *head, size_t length)
{
    const char *end = head + length;
    char root[REC_QUOTE_ROOM];

    while (head < end && (*head == ' ' || *head == '\t'))
        head++;
    get_root(head, end, root);
    return find_vocabulary(root) || begins_with(head, end, "<?xml") || begins_with(head, end, "<!doctype") ||
           begins_with(head, end, "<html");
}

/* Nothing can be read behind what is not well-formed. */
static rec_status refuse_rest(struct reading *r, uint64_t line, const rec_error *why, rec_error *err)
{
    rec_error reason = REC_ERROR_INIT;
    rec_position at = { r->lines_before + line, 0 };

    r->more[0] = '\0'; /* that something is missing is told */
    (void)rec_fail(&reason, REC_EFORMAT, "cannot read this XML on: %s", why->message);
    return r->taker->refuse(r->taker->context, &at, &reason, err);
}

static void remark_more(const struct reading *r)
{
    char words[REC_QUOTE_ROOM + 128];

    if (!r->more[0] || !r->taker->remark)
        return;
    snprintf(words, sizeof(words), "this is not all: the repository has more, which it gives for the %s '%s'", r->vocabulary->more,
             r->more);
    r->taker->remark(r->taker->context, &r->more_at, words);
}

static rec_status parse(struct reading *r, rec_source *source, const struct rec_xml_ops *ops, void *parser, rec_error *err)
{
    const char *bytes;
    size_t length = 1;
    uint64_t line = 1;
    rec_status rc = REC_OK;

    while (rc == REC_OK && length > 0 && (rc = rec_source_read(source, &bytes, &length, err)) == REC_OK) {
        rec_error why = REC_ERROR_INIT;
        rec_status parsed = ops->feed(parser, bytes, length, length == 0, &line, &why);

        if (parsed == REC_EFORMAT)
            return refuse_rest(r, line, &why, err);
        rc = parsed == REC_OK ? r->status : rec_fail(err, parsed, "%s", why.message);
    }
    return rc;
}

static rec_status read_xml(rec_source *source, const rec_record_taker *taker, rec_error *err)
{
    struct reading r = { .taker = taker, .lines_before = rec_source_lines(source), .status = REC_OK, .err = err };
    const struct rec_xml_events events = { on_start, on_end, on_text, &r };
    const struct rec_input_ops *ops;
    char root[REC_QUOTE_ROOM];
    const char *head;
    void *parser;
    size_t length;
    rec_status rc = rec_source_peek(source, &head, &length, err);

    if (rc != REC_OK)
        return rc;
    get_root(head, head + length, root);
    if (!(r.vocabulary = find_vocabulary(root)))
        return refuse_document(&r, root, 1, err);
    if ((rc = rec_input_load(&ops, err)) != REC_OK)
        return rc;
    if (!(parser = ops->xml->open(&events)))
        return rec_fail(err, REC_ENOMEM, "out of memory reading XML");
    if ((rc = parse(&r, source, ops->xml, parser, err)) == REC_OK)
        remark_more(&r);
    ops->xml->close(parser);
    while (r.open && r.open->parent)
        r.open = r.open->parent;
    (void)rec_xml_free(r.open);
    return rc;
}

const struct rec_format rec_format_xml = { "XML", is_xml, read_xml };
