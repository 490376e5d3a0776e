/*
 * The nearest rows of many rows by dense vector, exactly: byte codes multiplied a panel at a time (panel.h). What the lists of a large
 * store are proposed by; likenesses are the same bits on any machine.
 */
#ifndef REC_MATCHING_H
#define REC_MATCHING_H

#include "rec/codes.h"
#include "rec/index.h"
#include "status.h"

#include <stddef.h>
#include <stdint.h>

/* Codes to search. All borrowed. */
typedef struct rec_layout {
    const int8_t *codes;  /* (count, dim), dim a multiple of 4 */
    const float *factors; /* (count) 0: no vector, and never found */
    size_t count, dim;
    const uint32_t *order; /* (count) the rows, part by part; NULL: as they stand */
    const size_t *starts;  /* (parts + 1) where in the order each part begins: 0 first, `count` last */
    size_t parts;          /* 0: all rows are one */
} rec_layout;

/* The same laid out in panels, which do not cross parts. */
typedef struct rec_panels rec_panels;

/** Lay codes out. They are copied. The caller ends with rec_panels_free(). Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_panels_new(const rec_layout *layout, unsigned threads, rec_panels **out, rec_error *err);

/** Free them. NULL is allowed. */
void rec_panels_free(rec_panels *panels);

/* Rows that a query was found to reach. */
typedef struct rec_reached {
    uint32_t *rows; /* (count) part by part, each in its order */
    size_t count, room;
} rec_reached;

#define REC_REACHED_INIT                                                                                                                   \
    {                                                                                                                                      \
        .count = 0                                                                                                                         \
    }

void rec_reached_clear(rec_reached *reached);

/* Queries, and which parts each is compared with. All borrowed. */
typedef struct rec_match {
    const int8_t *codes; /* of all that are asked for: row r is codes[r * dim] */
    const float *factors;
    const uint32_t *rows; /* (count) the queries */
    size_t count;
    const uint32_t *parts; /* (part_count) to look into, in this order; NULL: all */
    size_t part_count;
    size_t k; /* nearest rows that are wanted */
    /* The other way round: `reached` (count), empty at first, gets for each query all rows r of the parts whose likeness to it is at least
     * reaches[r]. The caller ends with rec_reached_clear() of each, whatever the result. NULL: none are asked for. */
    const float *reaches;
    rec_reached *reached;
} rec_match;

/**
 * For each query the `k` nearest rows of the parts, into `near` (count, k), in no order; `found` (count) says how many. Equal likeness: the
 * lower rows. A query that is among the rows finds itself. The same for any number of threads. Returns REC_OK or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_panels_match(const rec_panels *panels, const rec_match *match, unsigned threads, rec_near *near, size_t *found,
                                        rec_error *err);

#endif
