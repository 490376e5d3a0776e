/*
 * What this machine can do at best, measured: memory bandwidth, and products of vector components a second, on one core.
 */
#ifndef REC_BENCH_LIMITS_H
#define REC_BENCH_LIMITS_H

#include "status.h"

struct limits {
    double bytes;  /* a second, read in order from memory that no cache holds */
    double codes;  /* products of byte codes a second, vectors in the nearest caches */
    double floats; /* products of floats a second, likewise */
};

/** Measure them; takes about two seconds. Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status limits_measure(struct limits *out, rec_error *err);

#endif
