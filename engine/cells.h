/*
 * Papers in cells by their dense vectors, so that neighbours are looked for in some cells and not among all papers: what the lists of a
 * store are made by that is too large to compare all with all. Spherical k-means (Dhillon and Modha, Machine Learning 42, 2001) on a
 * sample, with a fixed seed and in exact products: the same cells on any machine and for any number of threads.
 */
#ifndef REC_CELLS_H
#define REC_CELLS_H

#include "space.h"
#include "status.h"

#include <stddef.h>
#include <stdint.h>

typedef struct rec_cells {
    size_t count;
    uint32_t *order; /* (rows of the space) cell by cell, rising in each; rows without a vector stand in the first */
    size_t *starts;  /* (count + 1) where in the order each cell begins */
    uint32_t *cell;  /* (rows of the space) the cell of each row */
    uint32_t *near;  /* (count, count) for each cell all cells, the nearest first, which is the cell itself */
} rec_cells;

#define REC_CELLS_INIT                                                                                                                     \
    {                                                                                                                                      \
        .count = 0                                                                                                                         \
    }

/** Put the rows of a space, in memory, into about as many cells as each has rows. The caller ends with rec_cells_clear(). Returns REC_OK or
 * REC_ENOMEM. */
REC_CHECKED rec_status rec_cells_make(const rec_space *space, unsigned threads, rec_cells *out, rec_error *err);

void rec_cells_clear(rec_cells *cells);

#endif
