/* The seam between those who choose papers to export and those who write them. */
#ifndef REC_EXPORTING_H
#define REC_EXPORTING_H

#include "buf.h"
#include "rec/export.h"

struct rec_export_writer {
    const char *head; /* what the file begins with */
    /* Append one paper, read with REC_EXPORT_GET. A buffer that failed says that memory is out. Returns REC_OK, REC_ENOMEM or
     * REC_EDAMAGED. */
    rec_status (*append)(const rec_record *record, rec_buf *out, rec_error *err);
};

#define REC_EXPORT_GET (REC_GET_ALL | REC_GET_ALIASES | REC_GET_VERIFIED)

extern const struct rec_export_writer rec_export_jsonl, rec_export_bibtex, rec_export_csv;

/** The writer of a format. */
const struct rec_export_writer *rec_export_writer(rec_export_format format);

/** Write one paper: append it to `line`, which is emptied first, and hand that to the sink. */
REC_CHECKED rec_status rec_export_record(const struct rec_export_writer *writer, const rec_record *record, const rec_export_sink *sink,
                                         rec_buf *line, rec_error *err);

/** Show each chosen paper, by rising number, in the caller's read transaction. */
typedef rec_status (*rec_export_visitor)(void *context, const rec_text *text, rec_error *err);
REC_CHECKED rec_status rec_export_walk(rec_store *store, const rec_export_choice *choice, rec_export_visitor visit, void *context,
                                       rec_error *err);

/** The first id of a kind among a record's own id and its other ones, "" where there is none. `out` is canonical. */
void rec_export_id(const rec_record *record, rec_id_kind kind, rec_id *out);

/**
 * Append the character at `text`, and give its bytes: nothing of a control or of a mark that turns the direction of writing, but for tabs
 * and line feeds, for no format but JSON, which escapes them, has a place for these; U+FFFD for a byte that is no UTF-8.
 */
size_t rec_export_character(const char *text, rec_buf *out);

/** Append the entries of a stored list, parted by `between`; NULL has none. `entry` appends one of them. Returns REC_OK, REC_ENOMEM, or
 * REC_EDAMAGED where it is no list. */
REC_CHECKED rec_status rec_export_list(const char *array, const char *between, void (*entry)(const char *text, rec_buf *out), rec_buf *out,
                                       rec_error *err);

#endif
