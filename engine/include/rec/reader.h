/*
 * Files to papers: the formats of docs/formats.md, recognised by their content. No store and no clock is asked.
 */
#ifndef REC_READER_H
#define REC_READER_H

#include "rec/paper.h"
#include "rec/source.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where a record begins. */
typedef struct rec_position {
    uint64_t line; /* counted from 1 */
    uint64_t item; /* number of the record in its file, counted from 1; 0 in a format whose records are lines */
} rec_position;

/* Whoever wants the records of a file. What a function returns but REC_OK ends the reading. */
typedef struct rec_record_taker {
    /* Takes a paper over: it ends with rec_paper_clear(). */
    rec_status (*take)(void *context, rec_paper *paper, const rec_position *at, rec_error *err);
    /* Is told of a record that cannot be used, and why ("field 'title': expected a string, not a number"). */
    rec_status (*refuse)(void *context, const rec_position *at, const rec_error *reason, rec_error *err);
    /* Is told, in a sentence, what the user should know of a file of which nothing is wrong: that it is a part alone. May be NULL. */
    void (*remark)(void *context, const rec_position *at, const char *remark);
    void *context;
} rec_record_taker;

/**
 * Recognise the format of `source`, from which nothing was read yet, and hand its records on, one by one and in the file's order.
 *
 * Memory is bounded by one record, however long the file. Returns REC_OK at the end, although records were refused; what the taker
 * returned; REC_EFORMAT for a file that is of no known format; REC_ENOMEM; REC_ESTALE (a module is missing); what the source reports.
 */
REC_CHECKED rec_status rec_read_records(rec_source *source, const rec_record_taker *taker, rec_error *err);

/**
 * The same of a file that nobody named, as those in an archive: one without the marks of a format, which would count as a listing, is left
 * alone, and `*read` is false.
 */
REC_CHECKED rec_status rec_read_marked_records(rec_source *source, const rec_record_taker *taker, bool *read, rec_error *err);

/**
 * Read one JSON object: our own field names or those of a service whose records we know; see docs/formats.md.
 *
 * On success `out`, which must be empty, is owned by the caller: rec_paper_clear(). On failure it is untouched.
 * Returns REC_EFORMAT with the field named in the message ("field 'title': expected a string, not a number"), or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_read_json(const char *record, size_t length, rec_paper *out, rec_error *err);

#endif
