/* Reproducible arithmetic: see vector.h. Compiled with -ffp-contract=off like everything else. */
#include "rec/vector.h"

#include <math.h>
#include <string.h>

#include "clones.h"

/*
 * Sixteen lanes whatever the machine has: a compiler that targets narrower registers splits them, which changes
 * the speed and not the order of additions. They are written out where a compiler could find them, too: at -O2 it
 * does not, nor under sanitizers, which then check each number by itself.
 */
typedef float lanes __attribute__((vector_size(64)));
typedef double wide_lanes __attribute__((vector_size(64)));
typedef int32_t lane_bits __attribute__((vector_size(64)));
typedef int8_t lane_bytes __attribute__((vector_size(16)));

REC_CLONES
float rec_dot(const float *a, const float *b, size_t n)
{
    lanes sum = { 0 }, x, y;
    float part[16];
    size_t i;

    for (i = 0; i + 16 <= n; i += 16) {
        memcpy(&x, a + i, sizeof(x));
        memcpy(&y, b + i, sizeof(y));
        sum += x * y;
    }
    memcpy(part, &sum, sizeof(part));
    for (size_t j = 0; i + j < n; j++)
        part[j] += a[i + j] * b[i + j];
    for (size_t half = 8; half > 0; half /= 2)
        for (size_t j = 0; j < half; j++)
            part[j] += part[j + half];
    return part[0];
}

REC_CLONES
void rec_add_scaled(float *restrict y, float w, const float *restrict x, size_t n)
{
    lanes sum, part;
    size_t i;

    for (i = 0; i + 16 <= n; i += 16) {
        memcpy(&sum, y + i, sizeof(sum));
        memcpy(&part, x + i, sizeof(part));
        sum += w * part;
        memcpy(y + i, &sum, sizeof(sum));
    }
    for (; i < n; i++)
        y[i] += w * x[i];
}

REC_CLONES
void rec_add_scaled_bytes(float *restrict y, float w, const int8_t *restrict x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] += w * (float)x[i];
}

REC_CLONES
void rec_add_scaled_doubles(double *restrict y, double w, const double *restrict x, size_t n)
{
    wide_lanes sum, part;
    size_t i;

    for (i = 0; i + 8 <= n; i += 8) {
        memcpy(&sum, y + i, sizeof(sum));
        memcpy(&part, x + i, sizeof(part));
        sum += w * part;
        memcpy(y + i, &sum, sizeof(sum));
    }
    for (; i < n; i++)
        y[i] += w * x[i];
}

REC_CLONES
void rec_rotate(double *restrict x, double *restrict y, double c, double s, size_t n)
{
    wide_lanes left, right, turned;
    size_t i;

    for (i = 0; i + 8 <= n; i += 8) {
        memcpy(&left, x + i, sizeof(left));
        memcpy(&right, y + i, sizeof(right));
        turned = c * left - s * right;
        memcpy(x + i, &turned, sizeof(turned));
        turned = s * left + c * right;
        memcpy(y + i, &turned, sizeof(turned));
    }
    for (; i < n; i++) {
        double before = x[i];
        x[i] = c * before - s * y[i];
        y[i] = s * before + c * y[i];
    }
}

#define WIDTH 128     /* components at a time: their sums stay in registers while the rows pass by */
#define FETCH_AHEAD 8 /* rows whose components are asked for early: they lie all over a table of megabytes */

REC_CLONES
void rec_add_rows(float *restrict y, const float *restrict weights, const int8_t *const *rows, size_t count, size_t n)
{
    size_t at = 0;

    for (; at + WIDTH <= n; at += WIDTH) {
        float sums[WIDTH];

        memcpy(sums, y + at, sizeof(sums));
        for (size_t i = 0; i < count; i++) {
            const int8_t *row = rows[i] + at;
            float w = weights[i];

            if (i + FETCH_AHEAD < count) {
                __builtin_prefetch(rows[i + FETCH_AHEAD] + at);
                __builtin_prefetch(rows[i + FETCH_AHEAD] + at + WIDTH / 2);
            }
            for (size_t j = 0; j < WIDTH; j++)
                sums[j] += w * (float)row[j];
        }
        memcpy(y + at, sums, sizeof(sums));
    }
    for (size_t i = 0; i < count && at < n; i++)
        for (size_t j = at; j < n; j++)
            y[j] += weights[i] * (float)rows[i][j];
}

#define MAGNITUDE 0x7FFFFFFF /* of the bits of a float, all but its sign: they are in the order of the numbers */
#define HALF_BITS 0x3F000000 /* of 0.5f */

static float largest_magnitude(const float *x, size_t n)
{
    lane_bits most = { 0 }, bits;
    float part[16];
    size_t i;

    for (i = 0; i + 16 <= n; i += 16) {
        memcpy(&bits, x + i, sizeof(bits));
        bits &= MAGNITUDE;
        lane_bits greater = bits > most;
        most = (bits & greater) | (most & ~greater);
    }
    memcpy(part, &most, sizeof(part));
    for (size_t j = 0; i + j < n; j++)
        part[j] = fmaxf(part[j], fabsf(x[i + j]));
    for (size_t j = 1; j < 16; j++)
        part[0] = fmaxf(part[0], part[j]);
    return part[0];
}

REC_CLONES
float rec_quantise(const float *restrict x, int8_t *restrict bytes, size_t n)
{
    float largest = largest_magnitude(x, n);
    size_t i;

    memset(bytes, 0, n);
    for (i = 0; i + 16 <= n && largest > 0; i += 16) {
        lanes step;
        memcpy(&step, x + i, sizeof(step));
        step = step / largest * 127;
        step += (lanes)(((lane_bits)step & ~MAGNITUDE) | HALF_BITS);
        lane_bytes rounded = __builtin_convertvector(__builtin_convertvector(step, lane_bits), lane_bytes);
        memcpy(bytes + i, &rounded, sizeof(rounded));
    }
    for (; i < n && largest > 0; i++) {
        float step = x[i] / largest * 127;
        bytes[i] = (int8_t)(step < 0 ? step - 0.5f : step + 0.5f);
    }
    return largest / 127;
}

float rec_normalise(float *x, size_t n)
{
    float length = sqrtf(rec_dot(x, x, n)); /* IEEE 754 asks for a correctly rounded root */
    float scale = length > 0 ? 1 / length : 0;

    for (size_t i = 0; i < n; i++)
        x[i] *= scale;
    return length;
}

/*
 * x = m * 2^e with m in [sqrt(1/2), sqrt(2)), and ln m = 2 atanh((m-1)/(m+1)) by its series, which at |s| <= 0.172
 * reaches 1e-17 with ten terms.
 */
double rec_log(double x)
{
    static const double ln2 = 0.693147180559945309417;
    double m, s, s2, sum = 0;
    uint64_t bits;
    int e;

    memcpy(&bits, &x, sizeof(bits));
    e = (int)(bits >> 52 & 0x7FF) - 1023;
    bits = (bits & 0xFFFFFFFFFFFFFULL) | 0x3FF0000000000000ULL;
    memcpy(&m, &bits, sizeof(m));
    if (m > 1.41421356237309504880) {
        m /= 2;
        e++;
    }
    s = (m - 1) / (m + 1);
    s2 = s * s;
    for (int k = 21; k >= 1; k -= 2)
        sum = sum * s2 + 1.0 / k;
    return e * ln2 + 2 * s * sum;
}

/* e^x = 2^n e^r with n = round(x / ln 2) and r within half of ln 2, where e^r is its Taylor series to r^7. */
REC_CLONES
void rec_exp(const float *restrict x, float *restrict out, size_t n)
{
    static const float inverse_ln2 = 1.44269504f, ln2_high = 0.693359375f, ln2_low = -2.12194440e-4f;
    static const float rounder = 12582912.0f; /* 1.5 * 2^23: adding it leaves no fraction */

    for (size_t i = 0; i < n; i++) {
        float whole = (x[i] * inverse_ln2 + rounder) - rounder;
        float r = (x[i] - whole * ln2_high) - whole * ln2_low;
        float series = 1.0f / 5040;
        int32_t bits = ((int32_t)whole + 127) * (1 << 23);
        float power;

        series = series * r + 1.0f / 720;
        series = series * r + 1.0f / 120;
        series = series * r + 1.0f / 24;
        series = series * r + 1.0f / 6;
        series = series * r + 0.5f;
        series = series * r + 1.0f;
        series = series * r + 1.0f;
        memcpy(&power, &bits, sizeof(power));
        out[i] = series * power;
    }
}

uint64_t rec_random_next(rec_random *random)
{
    uint64_t z = random->state += 0x9E3779B97F4A7C15ULL;

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ z >> 27) * 0x94D049BB133111EBULL;
    return z ^ z >> 31;
}

uint64_t rec_random_below(rec_random *random, uint64_t bound)
{
    uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
    uint64_t bits;

    do
        bits = rec_random_next(random);
    while (bits >= limit);
    return bits % bound;
}

float rec_random_unit(rec_random *random)
{
    return (float)(rec_random_next(random) >> 40) / (float)(1 << 24);
}
