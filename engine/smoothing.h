/*
 * Smoothed vectors of a small store: each paper's vector pulled towards its nearest neighbours'. The index proposes the neighbours; which
 * four are nearest, and how near, is computed again in our own arithmetic.
 */
#ifndef REC_SMOOTHING_H
#define REC_SMOOTHING_H

#include "rec/index.h"
#include "space.h"

/**
 * Smooth one unit vector over the nearest of `rows` (count), which were touched, into `out` (dim). `self` is its own row, REC_NO_PAPER_ROW
 * where it has none, and is not its own neighbour twice. A zero vector gives a zero vector.
 */
void rec_smooth_over(const rec_space *space, rec_code vector, size_t self, const rec_near *rows, size_t count, float *out);

/** Fill the smoothed vectors from the dense ones, which `index` is over. Returns REC_OK, REC_ENOMEM or what the index reports. */
REC_CHECKED rec_status rec_smooth_all(rec_space *space, const rec_index *index, unsigned threads, rec_error *err);

#endif
