/*
 * JSON: an object a line, or one document (json_split.h). The two differ in how they recover from what is broken: a line ends anyway, a
 * document goes on behind the bracket that closes the record.
 */
#include "format.h"
#include "json_split.h"

#include <string.h>

static rec_status take_json(const rec_record_taker *taker, const char *text, size_t length, const rec_position *at, rec_error *err)
{
    rec_paper paper = REC_PAPER_INIT;
    rec_error reason = REC_ERROR_INIT;
    rec_status parsed = rec_read_json(text, length, &paper, &reason);

    return rec_hand_on(taker, parsed, &paper, at, &reason, err);
}

/* ---- an object a line ---------------------------------------------------------------------------------------------- */

static bool is_json_lines(const char *head, size_t length)
{
    size_t lead = 0;

    while (lead < length && (head[lead] == ' ' || head[lead] == '\t'))
        lead++;
    return lead < length && head[lead] == '{';
}

static rec_status take_line(void *context, const rec_line *line, rec_error *err)
{
    rec_position at = { line->number, 0 };

    if (rec_is_comment_or_blank(line->text, line->length))
        return REC_OK;
    return take_json(context, line->text, line->length, &at, err);
}

static rec_status read_json_lines(rec_source *source, const rec_record_taker *taker, rec_error *err)
{
    return rec_read_lines(source, taker, take_line, (void *)taker, err);
}

const struct rec_format rec_format_json_lines = { "JSON Lines", is_json_lines, read_json_lines };

/* ---- a document ---------------------------------------------------------------------------------------------------- */

static rec_status take_part(void *context, const char *text, size_t length, const rec_position *at, rec_error *err)
{
    const rec_record_taker *taker = context;
    rec_error reason = REC_ERROR_INIT;

    if (text && length == 4 && memcmp(text, "null", 4) == 0) /* Semantic Scholar's word for a paper that it does not know */
        return REC_OK;
    if (text)
        return take_json(taker, text, length, at, err);
    if (length == REC_MAX_RECORD)
        (void)rec_fail(&reason, REC_EFORMAT, "the record is longer than %u bytes", REC_MAX_RECORD);
    else
        (void)rec_fail(&reason, REC_EFORMAT, "not a JSON object: the file ends within it");
    return taker->refuse(taker->context, at, &reason, err);
}

static rec_status read_json_document(rec_source *source, const rec_record_taker *taker, rec_error *err)
{
    rec_json_splitter *splitter = NULL;
    const char *bytes;
    size_t length = 1;
    rec_status rc = rec_json_splitter_new(take_part, (void *)taker, rec_source_lines(source) + 1, &splitter, err);

    while (rc == REC_OK && length > 0 && (rc = rec_source_read(source, &bytes, &length, err)) == REC_OK)
        rc = rec_json_splitter_feed(splitter, length > 0 ? bytes : NULL, length, err);
    rec_json_splitter_free(splitter);
    return rc;
}

const struct rec_format rec_format_json_document = { "JSON document", rec_is_json_document, read_json_document };
