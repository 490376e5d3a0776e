/*
 * Arithmetic on dense vectors whose result is the same bits on every machine: every sum has one fixed order of additions, no
 * fused multiply-add, no function of the C mathematics library whose last bit depends on the processor.
 */
#ifndef REC_VECTOR_H
#define REC_VECTOR_H

#include <stddef.h>
#include <stdint.h>

/** Inner product of `a` and `b` (n): 16 partial sums by position modulo 16, added pairwise. */
float rec_dot(const float *a, const float *b, size_t n);

/** y += w * x, (n). */
void rec_add_scaled(float *y, float w, const float *x, size_t n);

/** y += w * x for a row of bytes, (n). */
void rec_add_scaled_bytes(float *y, float w, const int8_t *x, size_t n);

/** y += w * x in double precision, (n). */
void rec_add_scaled_doubles(double *y, double w, const double *x, size_t n);

/** Turns `x` and `y` (n) in their plane: x becomes c x - s y, and y becomes s x + c y. */
void rec_rotate(double *x, double *y, double c, double s, size_t n);

/** Rounds `x` (n) to `bytes`, multiples of 1/127 of its largest magnitude, halves away from zero. Returns what they are multiples of. */
float rec_quantise(const float *x, int8_t *bytes, size_t n);

/** y += weights[i] * rows[i] for each of `count` rows of bytes, (n), in their order; faster than one at a time, with the same result. */
void rec_add_rows(float *y, const float *weights, const int8_t *const *rows, size_t count, size_t n);

/** Scale `x` (n) to unit length; a zero vector stays zero. Returns the length it had. */
float rec_normalise(float *x, size_t n);

/**
 * Natural logarithm of a positive, normal `x`, with a relative error below 1e-14. The C library's log picks its code by
 * processor, and may differ in the last bit between machines.
 */
double rec_log(double x);

/** out[i] = e^x[i] for x from -80 to 80, (n), with a relative error below 1e-6. The C library's exp has the same fault as its log. */
void rec_exp(const float *x, float *out, size_t n);

/* SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): one state word, the same sequence everywhere. */
typedef struct rec_random {
    uint64_t state;
} rec_random;

/** The next 64 random bits. */
uint64_t rec_random_next(rec_random *random);

/** A number from 0 to below 1, in steps of 2^-24. */
float rec_random_unit(rec_random *random);

/** A number from 0 to bound - 1, evenly (bound > 0), by rejection. */
uint64_t rec_random_below(rec_random *random, uint64_t bound);

#endif
