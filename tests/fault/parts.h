/*
 * What fault tests begin with.
 */
#ifndef PARTS_H
#define PARTS_H

#include <limits.h>
#include <time.h>

/* Where a test runs: the current folder, and the store below it that faults happen to. */
struct place {
    char folder[PATH_MAX], store[PATH_MAX];
};

/**
 * Make the folder of the store, `case`, and parts of a sample: `part1.jsonl`, its busiest day and the five papers before it (14 papers),
 * `part2.jsonl` and `part3.jsonl`, five and five more, and `ids.txt`, the ids of the first. Programs that are started afterwards have no
 * settings. Ends the test where that cannot be done.
 */
void begin_in_place(struct place *place, const char *sample);

/** Make a folder, unless it is there. Ends the test where that cannot be done. */
void make_folder(const char *path);

/** Seconds of a clock that nobody sets. */
time_t seconds_now(void);

#endif
