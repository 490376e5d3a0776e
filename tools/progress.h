/* Progress bars: on standard error, and only where that is a terminal. */
#ifndef REC_PROGRESS_BAR_H
#define REC_PROGRESS_BAR_H

#include "rec/progress.h"

#include <stdbool.h>

struct progress_bar {
    bool shown; /* something stands on the line */
    bool wanted;
    long long drawn_at; /* milliseconds of the monotonic clock */
};

/** A bar that draws if standard error is a terminal and `quiet` is not set. */
void progress_start(struct progress_bar *bar, bool quiet);

/** Draw `phase` and how far it is; `total` 0 draws the number alone. Redraws ten times a second at most. */
void progress_draw(struct progress_bar *bar, const char *phase, uint64_t done, uint64_t total);

/** Clear the line. */
void progress_end(struct progress_bar *bar);

/** A listener for the engine's long work that draws on `bar`. */
rec_progress progress_listener(struct progress_bar *bar);

#endif
