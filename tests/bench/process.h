/*
 * Whole processes, timed from outside: wall time from start to end, and what the kernel says the process used.
 */
#ifndef REC_BENCH_PROCESS_H
#define REC_BENCH_PROCESS_H

#include "status.h"

#include <stddef.h>
#include <sys/types.h>

struct usage {
    double wall; /* seconds */
    double cpu;  /* seconds of user and system time */
    double peak; /* MiB resident at most */
};

/** Seconds of a clock that only grows. */
double seconds(void);

/** Seconds of processor time that this process has used. */
double processor_seconds(void);

/** Run a program with its standard output thrown away and wait for it. Returns REC_EIO where it cannot be run or fails: `argv[0]` is named.
 */
REC_CHECKED rec_status process_run(char *const argv[], struct usage *out, rec_error *err);

/** Start one, and wait for one that was started. */
REC_CHECKED rec_status process_start(char *const argv[], pid_t *out, rec_error *err);
REC_CHECKED rec_status process_wait(pid_t process, char *const argv[], struct usage *out, rec_error *err);

/** Drop a file's pages from the page cache as far as the kernel lets us: what is mapped or dirty stays. */
void process_forget_file(const char *path);

#endif
