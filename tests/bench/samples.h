/* Measured values of one kind, and what is told of them. */
#ifndef REC_BENCH_SAMPLES_H
#define REC_BENCH_SAMPLES_H

#include "process.h"

#include <stddef.h>

#define SAMPLES_MAX 1000

struct samples {
    double wall[SAMPLES_MAX]; /* (count) seconds */
    size_t count;
    double cpu;  /* sum of all, seconds */
    double peak; /* greatest of all, MiB */
};

void samples_add(struct samples *samples, const struct usage *usage);

/** The value that a share of `share` (0 to 1) is not above, by nearest rank; sorts the samples. 0 where there are none. */
double samples_quantile(struct samples *samples, double share);

#endif
