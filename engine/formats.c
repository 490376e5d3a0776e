/*
 * Which format a file is of: see rec/reader.h.
 *
 * How to add a format:
 * 1. One file, reader_NAME.c, that defines a `struct rec_format` (format.h): a recogniser, which looks at the first bytes and must not be
 *    fooled by those of the formats below it, and a reader, which hands records on.
 * 2. The reader turns a record into a JSON object under our own names (docs/formats.md) with everything else beside it, and that into a
 * paper with rec_read_fields() (record.h): ids, dates, names and texts are checked and cleaned there, once for all formats. A JSON record
 * of another service is less: a row in dialects.c. An XML one is a row in reader_xml.c.
 * 3. A row in FORMATS, a declaration in format.h; CONTRIBUTING.md has the tests and documents that belong to it.
 */
#include "format.h"

#include <string.h>

/* In the order in which they are asked. A listing has no marks at all: it is what nothing else is. */
static const struct rec_format *const FORMATS[] = {
    &rec_format_unread, &rec_format_json_document, &rec_format_json_lines, &rec_format_xml,
    &rec_format_bibtex, &rec_format_ris,           &rec_format_table,      &rec_format_listing,
};

bool rec_is_comment_or_blank(const char *line, size_t length)
{
    size_t lead = 0;

    while (lead < length && (line[lead] == ' ' || line[lead] == '\t' || line[lead] == '\r'))
        lead++;
    return lead == length || line[lead] == '#';
}

rec_status rec_hand_on(const rec_record_taker *taker, rec_status parsed, rec_paper *paper, const rec_position *at, const rec_error *reason,
                       rec_error *err)
{
    if (parsed == REC_OK)
        return taker->take(taker->context, paper, at, err);
    if (parsed == REC_EFORMAT || parsed == REC_EINVAL)
        return taker->refuse(taker->context, at, reason, err);
    return rec_fail(err, parsed, "%s", reason->message);
}

rec_status rec_hand_on_fields(const rec_record_taker *taker, bool made, json_t *own, json_t *rest, const struct rec_field_name *names,
                              const rec_error *refusal, const rec_position *at, rec_error *err)
{
    rec_paper paper = REC_PAPER_INIT;
    rec_error reason = *refusal;

    if (!made)
        return rec_fail(err, REC_ENOMEM, "out of memory reading a record");
    if (reason.code == REC_OK)
        reason.code = rec_read_fields(own, rest, names, &paper, &reason);
    return rec_hand_on(taker, reason.code, &paper, at, &reason, err);
}

rec_status rec_read_lines(rec_source *source, const rec_record_taker *taker, rec_line_taker take, void *context, rec_error *err)
{
    rec_status rc = REC_OK;

    while (rc == REC_OK) {
        rec_error reason = REC_ERROR_INIT;
        rec_line line;
        rec_status read = rec_source_next(source, &line, &reason);
        rec_position at = { line.number, 0 };

        if (read != REC_OK)
            rc = rec_hand_on(taker, read, NULL, &at, &reason, err);
        else if (!line.text)
            break;
        else
            rc = take(context, &line, err);
    }
    return rc;
}

/* Reads over comments and blank lines, and looks at what follows. */
static rec_status look(rec_source *source, const char **head, size_t *length, rec_error *err)
{
    rec_status rc;

    while ((rc = rec_source_peek(source, head, length, err)) == REC_OK && *length > 0) {
        const char *feed = memchr(*head, '\n', *length);
        rec_line line;

        if ((!feed && *length == REC_PEEK) || !rec_is_comment_or_blank(*head, feed ? (size_t)(feed - *head) : *length))
            return REC_OK;
        if ((rc = rec_source_next(source, &line, err)) != REC_OK && rc != REC_EFORMAT)
            return rc;
    }
    return rc;
}

/* The format of what comes next; NULL where nothing does. */
static rec_status choose(rec_source *source, const struct rec_format **out, rec_error *err)
{
    const struct rec_format *const *format = FORMATS;
    const char *head;
    size_t length;
    rec_status rc = look(source, &head, &length, err);

    *out = NULL;
    if (rc != REC_OK || length == 0)
        return rc;
    while (!(*format)->recognise(head, length))
        format++;
    *out = *format;
    return REC_OK;
}

rec_status rec_read_records(rec_source *source, const rec_record_taker *taker, rec_error *err)
{
    const struct rec_format *format;
    rec_status rc = choose(source, &format, err);

    return rc == REC_OK && format ? format->read(source, taker, err) : rc;
}

rec_status rec_read_marked_records(rec_source *source, const rec_record_taker *taker, bool *read, rec_error *err)
{
    const struct rec_format *format;
    rec_status rc = choose(source, &format, err);

    *read = rc == REC_OK && format && format != &rec_format_unread && format != &rec_format_listing;
    return *read ? format->read(source, taker, err) : rc;
}
