/*
 * The loops behind codes.h, one set for each instruction set. Integer sums are exact, so every set gives the same numbers; a test holds
 * each against the first.
 */
#ifndef REC_CODES_KERNELS_H
#define REC_CODES_KERNELS_H

#include <stddef.h>
#include <stdint.h>

struct rec_codes_kernels {
    const char *name;
    void (*dots)(const int8_t *query, const int8_t *rows, size_t count, size_t dim, int32_t *out);
    void (*distances)(const uint64_t *query, const uint64_t *rows, size_t count, size_t words, uint16_t *out);
};

/** The `i`-th set that this machine can run, the plain one first, the widest last; NULL behind the last. */
const struct rec_codes_kernels *rec_codes_kernels_at(size_t i);

/** The widest set that this machine can run. */
const struct rec_codes_kernels *rec_codes_kernels_best(void);

#endif
