/*
 * The best of very many offers, most of which fall short: what is offered is counted by likeness in bins, and as soon as the bins above the
 * bar's hold all that is wanted, the bar rises to the next one. The caller holds offers against the bar before it makes them, many at a
 * time. What has fallen below the bar is thrown out when the room is full; what stands above it in the end is selected from once. A heap
 * (nearest.h) keeps better count of few offers; here each costs a bin and no comparison.
 */
#ifndef REC_RISING_H
#define REC_RISING_H

#include "nearest.h"

typedef struct rec_rising {
    rec_near *near;   /* (2 * keep) borrowed: what was kept, in no order */
    uint32_t *bins;   /* (bin_count) borrowed, zero to begin with */
    size_t bin_count; /* at least 1 */
    float offset;     /* a likeness lies in bin (likeness + offset) * scale, the first or the last where that is none */
    float scale;
    size_t keep;  /* what is wanted, at least 1 */
    size_t count; /* in `near` */
    size_t bin;   /* the lowest that counts, */
    size_t held;  /* and how many it and those above it hold */
} rec_rising;

/** Take `near` unless it lies below the bar. Returns whether the bar has risen. */
bool rec_rising_offer(rec_rising *rising, rec_near near);

/** The likeness at which the lowest bin that counts begins, but for rounding. */
float rec_rising_bar(const rec_rising *rising);

/** Leave the `keep` best of what was offered in `near`, `count` of them, in no order. */
void rec_rising_finish(rec_rising *rising);

#endif
