/*
 * Neighbour lists of many papers at once: candidates are proposed in batches by dense vector, our own arithmetic scores them.
 */
#ifndef REC_LISTS_H
#define REC_LISTS_H

#include "cells.h"
#include "matching.h"
#include "rank.h"
#include "rec/index.h"
#include "rec/progress.h"
#include "rec/store.h"

/* Papers that are scored for a list or an answer, where there are many. */
#define REC_SCORED 200

/* What a list is made from. All borrowed. */
typedef struct rec_list_maker {
    const rec_model *model;
    const rec_space *space;
    const rec_grams *grams;
    const rec_index *index;   /* over the dense vectors of a small store; NULL in a large one */
    const rec_panels *panels; /* of the dense codes of a large store; NULL in a small one */
    const rec_cells *cells;   /* what the parts of the panels are; NULL: they have one, of all rows */
    size_t probes;            /* cells that are looked into for a paper, its own first; where there are cells */
    const float *reaches;     /* of all rows, and */
    rec_reached *reached;     /* for each row that a list is made for, the rows whose reach it lies in (matching.h); NULL: not asked for */
    unsigned threads;
    const rec_progress *progress;
} rec_list_maker;

/** Takes a finished list of a row; called in the order of `rows`, from the calling thread. */
typedef rec_status (*rec_list_sink)(size_t row, const rec_list *list, void *context, rec_error *err);

/**
 * Make the lists of `rows` (count) and hand each to `sink`. Rows of one cell are best given one after another. Returns REC_OK or the first
 * failure.
 */
REC_CHECKED rec_status rec_lists_make(const rec_list_maker *maker, const uint32_t *rows, size_t count, rec_list_sink sink, void *context,
                                      rec_error *err);

/** How many papers are scored for a list or an answer in a store of `count`. */
size_t rec_scored(size_t count);

/** Of how many nearest papers the `scored` are chosen. */
size_t rec_nearest_for(const rec_model *model, size_t scored, size_t count);

#endif
