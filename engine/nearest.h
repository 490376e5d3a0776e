/* The best of many offers: a heap in the caller's memory that keeps the nearest rows it was offered. */
#ifndef REC_NEAREST_H
#define REC_NEAREST_H

#include "rec/index.h"

#include <stdbool.h>

typedef struct rec_nearest {
    rec_near *items; /* (room) borrowed */
    size_t room;     /* rows to keep, at least 1 */
    size_t length;
} rec_nearest;

/** The order in which neighbours are given: nearer first, equal ones by rising row. */
static inline bool rec_near_before(rec_near a, rec_near b)
{
    return a.likeness > b.likeness || (a.likeness == b.likeness && a.row < b.row);
}

/** Take `near` if it is among the `room` nearest so far. */
void rec_nearest_offer(rec_nearest *nearest, rec_near near);

/** Put the `keep` (1 to count) first of `near` (count) before the others, in no order. */
void rec_nearest_select(rec_near *near, size_t count, size_t keep);

/** Put what was kept in order, nearest first. Nothing may be offered afterwards. */
void rec_nearest_sort(rec_nearest *nearest);

#endif
