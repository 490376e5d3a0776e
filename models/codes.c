/* Vectors as bytes and as signs: see codes.h. */
#include "rec/codes.h"

#include "codes_kernels.h"

#include <math.h>

#define STEPS 127

float rec_codes_round(const float *x, size_t n, int8_t *out)
{
    float largest = 0;
    int64_t squares = 0;

    for (size_t i = 0; i < n; i++)
        largest = fabsf(x[i]) > largest ? fabsf(x[i]) : largest;
    for (size_t i = 0; i < n; i++) {
        float step = largest > 0 ? x[i] / largest * STEPS : 0;

        out[i] = (int8_t)(step < 0 ? step - 0.5f : step + 0.5f);
        squares += out[i] * out[i];
    }
    return squares > 0 ? (float)(1 / sqrt((double)squares)) : 0;
}

void rec_codes_restore(rec_code code, size_t n, float *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (float)code.items[i] * code.factor;
}

int32_t rec_codes_dot(const int8_t *a, const int8_t *b, size_t n)
{
    int32_t dot;

    rec_codes_kernels_best()->dots(a, b, 1, n, &dot);
    return dot;
}

void rec_codes_dots(const int8_t *query, const int8_t *rows, size_t count, size_t dim, int32_t *out)
{
    rec_codes_kernels_best()->dots(query, rows, count, dim, out);
}

float rec_codes_cosine(rec_code a, rec_code b, size_t n)
{
    return rec_codes_worth(rec_codes_dot(a.items, b.items, n), a.factor, b.factor);
}

void rec_signs_of(const int8_t *items, size_t n, uint64_t *out)
{
    for (size_t w = 0; w < rec_signs_words(n); w++)
        out[w] = 0;
    for (size_t i = 0; i < n; i++)
        out[i / 64] |= (uint64_t)(items[i] > 0) << i % 64;
}

void rec_signs_distances(const uint64_t *query, const uint64_t *rows, size_t count, size_t words, uint16_t *out)
{
    rec_codes_kernels_best()->distances(query, rows, count, words, out);
}
