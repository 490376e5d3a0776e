/* XML through expat: see input_ops.h. */
#include "input_internal.h"

#include "alloc.h"

#include <expat.h>
#include <stdio.h>
#include <string.h>

#define MAX_DEPTH 100         /* elements within each other; the formats we know have about 12 */
#define MAX_UNTOLD (1u << 20) /* bytes without an event: one tag or comment, which expat holds whole */

struct xml {
    XML_Parser parser;
    const struct rec_xml_events *events;
    unsigned depth;
    size_t fed;            /* bytes that the parser was given of this document before the present call */
    uint64_t lines_before; /* lines of earlier documents */
    bool ended;            /* the document is closed */
    bool is_first;         /* no document was closed before this one */
    size_t untold;         /* bytes fed since the last event */
    bool stopped;          /* by an event */
    const char *refused;   /* why it was stopped by us, NULL where it was not */
};

static void refuse(struct xml *xml, const char *why)
{
    xml->refused = why;
    XML_StopParser(xml->parser, XML_FALSE);
}

static void go_on_if(struct xml *xml, bool going_on)
{
    xml->untold = 0;
    if (going_on)
        return;
    xml->stopped = true;
    XML_StopParser(xml->parser, XML_FALSE);
}

static const char *without_prefix(const char *name)
{
    const char *colon = strchr(name, ':');

    return colon ? colon + 1 : name;
}

/* Takes prefixes off the names of attributes, and leaves out the declarations of prefixes. */
static void tidy_attributes(const XML_Char **attributes)
{
    const XML_Char **kept = attributes;

    for (; *attributes; attributes += 2)
        if (strncmp(attributes[0], "xmlns", 5) != 0) {
            kept[0] = without_prefix(attributes[0]);
            kept[1] = attributes[1];
            kept += 2;
        }
    *kept = NULL;
}

static void on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct xml *xml = context;

    if (xml->stopped || xml->refused || xml->ended)
        return;
    if (++xml->depth > MAX_DEPTH) {
        refuse(xml, "its elements are too deep within each other");
        return;
    }
    tidy_attributes(attributes);
    go_on_if(xml, xml->events->start(xml->events->context, without_prefix(name), attributes,
                                     xml->lines_before + XML_GetCurrentLineNumber(xml->parser)));
}

static void on_end(void *context, const XML_Char *name)
{
    struct xml *xml = context;

    (void)name;
    if (xml->stopped || xml->refused || xml->ended)
        return;
    xml->depth--;
    go_on_if(xml, xml->events->end(xml->events->context));
    if (xml->depth > 0 || xml->stopped)
        return;
    xml->ended = true;
    XML_StopParser(xml->parser, XML_FALSE);
}

static void on_text(void *context, const XML_Char *text, int length)
{
    struct xml *xml = context;

    if (!xml->stopped && !xml->refused && !xml->ended)
        go_on_if(xml, xml->events->text(xml->events->context, text, (size_t)length));
}

/* One that a DTD outside the document would declare. */
static void on_skipped_entity(void *context, const XML_Char *name, int is_parameter)
{
    char reference[64];
    int length = snprintf(reference, sizeof(reference), "&%s;", name);

    if (!is_parameter && length > 0 && (size_t)length < sizeof(reference))
        on_text(context, reference, length);
}

static void on_entity_declaration(void *context, const XML_Char *name, int is_parameter, const XML_Char *value, int length,
                                  const XML_Char *base, const XML_Char *system_id, const XML_Char *public_id, const XML_Char *notation)
{
    (void)name, (void)is_parameter, (void)value, (void)length, (void)base, (void)system_id, (void)public_id, (void)notation;
    refuse(context, "it declares entities, which no source of papers needs");
}

/* Comments, instructions and what else is none of our business. */
static void on_other(void *context, const XML_Char *text, int length)
{
    struct xml *xml = context;

    (void)text, (void)length;
    xml->untold = 0;
}

/* Makes the parser ready for a document. */
static void begin_document(struct xml *xml)
{
    XML_SetUserData(xml->parser, xml);
    XML_SetElementHandler(xml->parser, on_start, on_end);
    XML_SetCharacterDataHandler(xml->parser, on_text);
    XML_SetSkippedEntityHandler(xml->parser, on_skipped_entity);
    XML_SetEntityDeclHandler(xml->parser, on_entity_declaration);
    XML_SetDefaultHandlerExpand(xml->parser, on_other);
    XML_SetParamEntityParsing(xml->parser, XML_PARAM_ENTITY_PARSING_NEVER);
    xml->fed = 0;
    xml->ended = false;
}

static void *open_xml(const struct rec_xml_events *events)
{
    struct xml *xml = rec_alloc(sizeof(*xml));

    if (!xml)
        return NULL;
    xml->events = events;
    xml->parser = XML_ParserCreate(NULL);
    if (!xml->parser) {
        rec_free(xml);
        return NULL;
    }
    xml->is_first = true;
    begin_document(xml);
    return xml;
}

static void close_xml(void *parser)
{
    struct xml *xml = parser;

    XML_ParserFree(xml->parser);
    rec_free(xml);
}

/* What the parser has to say after a piece of a document. */
static rec_status judge(const struct xml *xml, enum XML_Status status, rec_error *err)
{
    if (xml->stopped || xml->ended)
        return REC_OK;
    if (xml->refused)
        return rec_fail(err, REC_EFORMAT, "%s", xml->refused);
    if (status == XML_STATUS_OK && xml->untold > MAX_UNTOLD)
        return rec_fail(err, REC_EFORMAT, "a tag or comment is longer than %u bytes", MAX_UNTOLD);
    if (status == XML_STATUS_OK || (!xml->is_first && XML_GetErrorCode(xml->parser) == XML_ERROR_NO_ELEMENTS))
        return REC_OK;
    if (XML_GetErrorCode(xml->parser) == XML_ERROR_NO_MEMORY)
        return rec_fail(err, REC_ENOMEM, "out of memory reading XML");
    return rec_fail(err, REC_EFORMAT, "%s (column %lu)", XML_ErrorString(XML_GetErrorCode(xml->parser)),
                    (unsigned long)XML_GetCurrentColumnNumber(xml->parser) + 1);
}

/* Passes over white space between two documents, of encodings with two bytes a character too. Gives the bytes passed over. */
static size_t skip_blanks(struct xml *xml, const char *bytes, size_t length)
{
    size_t i = 0;

    for (; i < length && memchr(" \t\r\n", bytes[i], 5); i++)
        xml->lines_before += bytes[i] == '\n';
    return i;
}

/* The document is closed within a piece that begins at `bytes`: makes ready for another one. Gives the bytes that it took of the piece. */
static size_t end_document(struct xml *xml)
{
    size_t end = (size_t)XML_GetCurrentByteIndex(xml->parser) + (size_t)XML_GetCurrentByteCount(xml->parser), used = end - xml->fed;

    xml->lines_before += XML_GetCurrentLineNumber(xml->parser) - 1;
    xml->is_first = false;
    (void)XML_ParserReset(xml->parser, NULL); /* fails within a parse alone */
    begin_document(xml);
    return used;
}

static rec_status feed_xml(void *parser, const char *bytes, size_t length, bool last, uint64_t *line, rec_error *err)
{
    struct xml *xml = parser;
    rec_status rc = REC_OK;

    do {
        size_t used = length;
        enum XML_Status status;

        if (xml->fed == 0 && !xml->is_first) {
            size_t blanks = skip_blanks(xml, bytes, length);

            bytes += blanks;
            used = length -= blanks;
            if (length == 0)
                return REC_OK;
        }
        xml->untold += length;
        status = XML_Parse(xml->parser, bytes, (int)length, last);
        *line = xml->lines_before + XML_GetCurrentLineNumber(xml->parser);
        rc = judge(xml, status, err);
        if (xml->ended)
            used = end_document(xml);
        else
            xml->fed += length;
        bytes += used;
        length -= used;
    } while (rc == REC_OK && !xml->stopped && length > 0);
    return rc;
}

const struct rec_xml_ops rec_input_xml = { open_xml, feed_xml, close_xml };
