/*
 * Run independent tasks on several threads. What a task computes depends on its number alone, never on which
 * thread ran it or when, so results are the same for any thread count.
 */
#ifndef REC_PARALLEL_H
#define REC_PARALLEL_H

#include "status.h"

#include <stddef.h>

#define REC_MAX_THREADS 256

/** One task: its number, the number of the thread that runs it (for scratch memory), the shared context. */
typedef rec_status (*rec_task)(size_t task, unsigned thread, void *context, rec_error *err);

/**
 * Run tasks 0 to `tasks` - 1 on at most `threads` threads (0 counts as 1) and wait for all. After a failure no new
 * task starts, and the failing task of the lowest number reports. Returns REC_OK or that task's status. Where no more threads
 * can be had the tasks run on those there are.
 */
REC_CHECKED rec_status rec_parallel(size_t tasks, unsigned threads, rec_task task, void *context, rec_error *err);

/** Processors this process may use, at least 1, at most REC_MAX_THREADS. */
unsigned rec_processors(void);

#endif
