/*
 * Answers on standard output: as text for people, as JSON, TSV or TREC runs for programs.
 */
#ifndef REC_OUTPUT_H
#define REC_OUTPUT_H

#include "buf.h"
#include "rec/recommend.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

enum format {
    FORMAT_TEXT,
    FORMAT_JSON,
    FORMAT_JSONL,
    FORMAT_TSV,
    FORMAT_TREC,
    FORMAT_MARKDOWN,
    FORMAT_HTML,
    FORMAT_ATOM,
    FORMAT_JSONFEED,
    FORMAT_EML,
    FORMAT_BIBTEX,
    FORMAT_CSV,
    FORMAT_NPY,
    FORMAT_FVECS,
    FORMAT_FAISS,
    FORMAT_GRAPHML
};

/** Read a format's name (NULL is text) among those in `allowed` (bits 1 << format). False, with a word said, for any other. */
bool format_parse(const char *name, unsigned allowed, enum format *out);

#define FORMAT_BIT(f) (1u << (f))
#define FORMATS_ANSWER                                                                                                                     \
    (FORMAT_BIT(FORMAT_TEXT) | FORMAT_BIT(FORMAT_JSON) | FORMAT_BIT(FORMAT_JSONL) | FORMAT_BIT(FORMAT_TSV) | FORMAT_BIT(FORMAT_TREC) |     \
     FORMATS_SHEET)
#define FORMATS_SHEET                                                                                                                      \
    (FORMAT_BIT(FORMAT_MARKDOWN) | FORMAT_BIT(FORMAT_HTML) | FORMAT_BIT(FORMAT_ATOM) | FORMAT_BIT(FORMAT_JSONFEED)) /* sheet.h's */
#define FORMATS_LINES (FORMAT_BIT(FORMAT_JSONL) | FORMAT_BIT(FORMAT_TREC))                                          /* of many answers */
#define FORMATS_PAPERS (FORMAT_BIT(FORMAT_JSONL) | FORMAT_BIT(FORMAT_BIBTEX) | FORMAT_BIT(FORMAT_CSV))              /* of many papers */
#define FORMATS_VECTORS (FORMAT_BIT(FORMAT_NPY) | FORMAT_BIT(FORMAT_FVECS) | FORMAT_BIT(FORMAT_FAISS))
#define FORMATS_GRAPH (FORMAT_BIT(FORMAT_TSV) | FORMAT_BIT(FORMAT_GRAPHML))
#define FORMATS_WORDS FORMAT_BIT(FORMAT_TEXT) /* of verbs that print no answer */
#define FORMATS_OBJECT (FORMAT_BIT(FORMAT_TEXT) | FORMAT_BIT(FORMAT_JSON) | FORMAT_BIT(FORMAT_JSONL))

/* What was asked, for the head of an answer. */
struct asked {
    const char *request;    /* as it was typed */
    const rec_record *seed; /* the stored paper, NULL for a text or words */
    const char *title;      /* a text's title or the words, where there is no seed; may be NULL */
    size_t limit;
};

/** Print one answer. Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status print_answer(enum format format, const struct asked *asked, const rec_answer *answer, rec_error *err);

/**
 * Print a text of the store's on standard output, for people and in columns: white space of any kind as one space, other controls and marks
 * that turn the direction of writing not at all, bytes that are no UTF-8 as '?'. An import stores none of these, but other programs write
 * stores as well.
 */
void print_value(const char *text);

/** Append one answer as lines of a TREC run: scores that are equal are set apart, so that the ranks stand. Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status put_trec(rec_buf *out, const char *query, const rec_answer *answer, rec_error *err);

/** Print one paper whole. Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status print_paper(enum format format, const rec_record *record, bool indexed, rec_error *err);

/** End a line of JSON in `out`. Returns REC_OK, or REC_ENOMEM where the buffer failed. */
REC_CHECKED rec_status end_line(rec_buf *out, rec_error *err);

/** Append an object as one line to `out` and give it up; NULL stands for memory that was out. Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status json_to_text(json_t *object, rec_buf *out, rec_error *err);

/** Print lines that were made with status `rc`, if it is REC_OK, and free them. Returns `rc`. */
REC_CHECKED rec_status print_lines(rec_status rc, rec_buf *lines);

/** Print an object and give it up; NULL stands for memory that was out. */
REC_CHECKED rec_status print_json(json_t *object, rec_error *err);

/* ---- output_json.c ---- */

#define JSON_SCHEMA_VERSION 1 /* of every object that is printed */

/** The store's state as the member `index` of an answer; an edition leaves the generation out. */
void put_index(rec_buf *out, const char *key, const rec_store_state *state, bool with_generation);

/** A reason as the member of that name. */
void put_reason(rec_buf *out, const char *key, const rec_reason *reason);

/**
 * The members of an answer's object from `request` to `dropped`. `elsewhere`, NULL for none, is the number of papers that other headlines of
 * an edition list.
 */
void put_answer_members(rec_buf *out, const struct asked *asked, const rec_answer *answer, const size_t *elsewhere);

/** Append an answer to `out` as a line with the interface's JSON object. Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status answer_to_text(const struct asked *asked, const rec_answer *answer, rec_buf *out, rec_error *err);

/** The code that a caller may act on; the message is for people (docs/interface.md, Batch). */
const char *failure_code(rec_status status);

/**
 * The object that stands for an answer to a request that failed; NULL when memory is out. `request` may be NULL, `id` empty; whatever in
 * `message` is not UTF-8 becomes '?'.
 */
json_t *failure_to_json(const char *request, const char *id, const char *code, const char *message);

/** A problem as RFC 9457 has it; NULL when memory is out. Whatever in `detail` is not UTF-8 becomes '?'. */
json_t *problem_to_json(const char *title, unsigned status, const char *code, const char *detail);

/** Append a paper with all its fields as a line. Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status paper_to_text(const rec_record *record, bool indexed, rec_buf *out, rec_error *err);

#endif
