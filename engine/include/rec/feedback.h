/*
 * What readers did with suggestions: clicks, saves and hidden ones, from files into the store, and counted against what was sent.
 */
#ifndef REC_FEEDBACK_H
#define REC_FEEDBACK_H

#include "rec/store.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct rec_feedback_report {
    uint64_t lines; /* read, good or bad */
    uint64_t added, known, refused;
    uint64_t unknown; /* of those added or known: about a paper that is not stored (any more) */
} rec_feedback_report;

typedef struct rec_feedback_options {
    bool strict; /* stop at the first line that is refused */
    /* Told of every line that is refused: "FILE:LINE: field 'x': ...". May be NULL. */
    void (*refused)(void *context, const char *message);
    void *context;
} rec_feedback_options;

/**
 * Read `path` ("-", .gz and .zst as everywhere): a JSON object a line with `seed`, `paper`, `action` (click, save, hide), `day` and
 * perhaps `edition`, or the same columns parted by tabs; the first line that is neither blank nor a comment (#) tells which. Ids in any
 * spelling. A line that is stored already, from another file too, changes nothing.
 *
 * In transactions of its own; `store` is open for writing. `report` is added to. Returns REC_OK although lines were refused; REC_EFORMAT
 * for the first of them under `strict`; what source and store report otherwise.
 */
REC_CHECKED rec_status rec_feedback_import(rec_store *store, const char *path, const rec_feedback_options *options,
                                           rec_feedback_report *report, rec_error *err);

/* How suggestions are put together to be counted. */
typedef enum rec_response_part { REC_RESPONSE_ALL, REC_RESPONSE_RANK, REC_RESPONSE_BAND, REC_RESPONSE_EDITION } rec_response_part;

/* What became of the suggestions of one part. */
typedef struct rec_response {
    int64_t number;                 /* the rank; or the band, a rec_band */
    const char *edition;            /* NULL but for REC_RESPONSE_EDITION; borrowed for the length of the call */
    int64_t shown;                  /* suggestions in the ledger, headlines not counted */
    int64_t clicked, saved, hidden; /* of them, at least once each */
} rec_response;

typedef rec_status (*rec_response_visitor)(const rec_response *response, void *context, rec_error *err);

/**
 * Count what became of all that was sent, one visit for each value of `part` in order: ranks rise, the best
 * band is first, editions go by name. Feedback that names an edition belongs to that
 * edition's suggestion; any other to the last time the pair was sent before or on its day. Returns what
 * `visit` returned, or REC_EDAMAGED, before any visit, where the ledger has a band that there is not.
 */
REC_CHECKED rec_status rec_feedback_count(rec_store *store, rec_response_part part, rec_response_visitor visit, void *context,
                                          rec_error *err);

/** How many stored lines are about nothing that was sent. */
REC_CHECKED rec_status rec_feedback_unmatched(rec_store *store, int64_t *out, rec_error *err);

#endif
