/* The seam between the formats and the one place that chooses among them (formats.c, which says how to add one). */
#ifndef REC_FORMAT_H
#define REC_FORMAT_H

#include "rec/reader.h"
#include "record.h"

#include <stdbool.h>

#define REC_MAX_RECORD REC_MAX_LINE /* bytes of one record, whatever its format */

struct rec_format {
    const char *name; /* as messages call it */
    /* Whether a content is of this format, by its first bytes: up to REC_PEEK of them, from the first line on that is neither blank nor a
     * comment ('#'). They are followed by no NUL. */
    bool (*recognise)(const char *head, size_t length);
    /* Hands all records on; see rec_read_records(). Blank lines and comments at the start were read already. */
    rec_status (*read)(rec_source *source, const rec_record_taker *taker, rec_error *err);
};

extern const struct rec_format rec_format_json_document;
extern const struct rec_format rec_format_json_lines;
extern const struct rec_format rec_format_xml;
extern const struct rec_format rec_format_bibtex;
extern const struct rec_format rec_format_ris;
extern const struct rec_format rec_format_table;
extern const struct rec_format rec_format_unread;
extern const struct rec_format rec_format_listing;

/**
 * Hand on what came of a record: the paper where `parsed` is REC_OK, the refusal where it is REC_EFORMAT or REC_EINVAL. Any other status is
 * a failure and is returned with its `reason`.
 */
REC_CHECKED rec_status rec_hand_on(const rec_record_taker *taker, rec_status parsed, rec_paper *paper, const rec_position *at,
                                   const rec_error *reason, rec_error *err);

/**
 * The same for a record that was made into an object under our own names, `own`, with the rest of it in `rest` (see rec_read_fields); both
 * stay the caller's. `made` false: memory ran out on the way. `refusal`, unless its code is REC_OK, says why it is no paper.
 */
REC_CHECKED rec_status rec_hand_on_fields(const rec_record_taker *taker, bool made, json_t *own, json_t *rest,
                                          const struct rec_field_name *names, const rec_error *refusal, const rec_position *at,
                                          rec_error *err);

/** Takes one line; what it returns but REC_OK ends the reading. */
typedef rec_status (*rec_line_taker)(void *context, const rec_line *line, rec_error *err);

/** All lines of a source, for formats that are made of them; one that is too long is refused. */
REC_CHECKED rec_status rec_read_lines(rec_source *source, const rec_record_taker *taker, rec_line_taker take, void *context,
                                      rec_error *err);

/** Whether a line holds nothing, or begins with '#'. */
bool rec_is_comment_or_blank(const char *line, size_t length);

#endif
