/* How long work tells how far it is. Called from the thread that was asked to work, some tens of times a second at most. */
#ifndef REC_PROGRESS_H
#define REC_PROGRESS_H

#include <stdint.h>

typedef struct rec_progress {
    void (*report)(void *context, const char *phase, uint64_t done, uint64_t total); /* NULL: nobody listens */
    void *context;
} rec_progress;

static inline void rec_progress_report(const rec_progress *progress, const char *phase, uint64_t done, uint64_t total)
{
    if (progress && progress->report)
        progress->report(progress->context, phase, done, total);
}

#endif
