/*
 * Unit vectors as bytes and as signs. A byte code holds each component in steps of 1/127 of the largest, and the length of all of it as one
 * factor, so that an inner product is an exact integer times two factors: the same bits on any machine, for any instruction set and in any
 * order of additions. A sign code holds one bit a component; the share of bits in which two differ grows with their angle (random
 * hyperplanes: Charikar, STOC 2002).
 */
#ifndef REC_CODES_H
#define REC_CODES_H

#include <stddef.h>
#include <stdint.h>

/* A vector as bytes, borrowed. `items` NULL: there is none. */
typedef struct rec_code {
    const int8_t *items; /* (dim) each -127 to 127 */
    float factor;        /* 1 / length of `items`: the vector that is meant is items * factor; 0 for the zero vector */
} rec_code;

/** Round `x` (n), whose components are finite, into `out` (n). Returns the code's factor: what comes back has unit length. */
float rec_codes_round(const float *x, size_t n, int8_t *out);

/** The vector of a code into `out` (n). */
void rec_codes_restore(rec_code code, size_t n, float *out);

/** The inner product of two byte rows (n), n at most 131072. */
int32_t rec_codes_dot(const int8_t *a, const int8_t *b, size_t n);

/** The inner product of `query` (dim) with each of `rows` (count, dim), into `out` (count). */
void rec_codes_dots(const int8_t *query, const int8_t *rows, size_t count, size_t dim, int32_t *out);

/** What an integer product of two codes is worth. */
static inline float rec_codes_worth(int32_t dot, float factor, float other)
{
    return (float)((double)dot * ((double)factor * (double)other));
}

/** The cosine of two codes (n). */
float rec_codes_cosine(rec_code a, rec_code b, size_t n);

/** Words of 64 bits that a sign code of `dim` components takes. */
static inline size_t rec_signs_words(size_t dim)
{
    return (dim + 63) / 64;
}

/** The sign code of a byte row (n) into `out` (rec_signs_words(n)): bit j is set where component j is above 0. Spare bits are 0. */
void rec_signs_of(const int8_t *items, size_t n, uint64_t *out);

/** In how many bits `query` (words) differs from each of `rows` (count, words), into `out` (count). `words` is at most 1023. */
void rec_signs_distances(const uint64_t *query, const uint64_t *rows, size_t count, size_t words, uint16_t *out);

#endif
