/* Measuring the machine: see limits.h. The best of several runs counts: whatever else runs only makes it slower. */
#include "limits.h"

#include "alloc.h"
#include "process.h"
#include "rec/panel.h"
#include "rec/vector.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BYTES ((size_t)512 << 20) /* more than any cache */
#define RUNS 5
#define DIM 384
#define ROWS 32 /* with DIM floats each: 48 KiB */
#define ROUNDS 4000
#define QUERIES 16

typedef uint64_t words __attribute__((vector_size(64)));

static volatile uint64_t seen; /* keeps what was computed from being left out */

static double read_once(const uint8_t *bytes)
{
    double start = seconds();
    words sums[4] = { { 0 } }, next[4];
    uint64_t parts[8];

    for (size_t i = 0; i < BYTES; i += sizeof(next)) {
        memcpy(next, bytes + i, sizeof(next));
        for (size_t j = 0; j < 4; j++)
            sums[j] += next[j];
    }
    for (size_t j = 1; j < 4; j++)
        sums[0] += sums[j];
    memcpy(parts, &sums[0], sizeof(parts));
    seen = parts[0] ^ parts[7];
    return (double)BYTES / (seconds() - start);
}

static double multiply_floats(const float *rows)
{
    double start = seconds();
    float sum = 0;

    for (size_t i = 0; i < ROUNDS; i++)
        for (size_t row = 0; row < ROWS; row++)
            sum += rec_dot(rows, rows + row * DIM, DIM);
    seen = (uint64_t)(sum != 0);
    return (double)ROUNDS * ROWS * DIM / (seconds() - start);
}

/* A panel stays in the second cache, so that only the processor is in the way. */
static double multiply_codes(const uint8_t *panel)
{
    double start = seconds();
    static const int8_t queries[QUERIES * DIM];
    static int32_t dots[QUERIES * REC_PANEL_ROWS];

    for (size_t i = 0; i < ROUNDS / 10; i++) {
        rec_panel_multiply(queries, QUERIES, panel, REC_PANEL_ROWS, DIM, dots);
        seen = (uint64_t)dots[i % REC_PANEL_ROWS];
    }
    return (double)(ROUNDS / 10) * QUERIES * REC_PANEL_ROWS * DIM / (seconds() - start);
}

static double greater(double a, double b)
{
    return a > b ? a : b;
}

rec_status limits_measure(struct limits *out, rec_error *err)
{
    uint8_t *bytes = rec_alloc_aligned(BYTES, 1);
    float *rows = rec_alloc_aligned(ROWS * DIM, sizeof(*rows));

    *out = (struct limits){ .bytes = 0 };
    for (size_t i = 0; rows && i < ROWS * DIM; i++)
        rows[i] = (float)(i % 7) - 3;
    if (bytes)
        memset(bytes, 1, BYTES);
    for (size_t run = 0; bytes && rows && run < RUNS; run++) {
        out->bytes = greater(out->bytes, read_once(bytes));
        out->floats = greater(out->floats, multiply_floats(rows));
        out->codes = greater(out->codes, multiply_codes(bytes));
    }
    rec_free(bytes);
    rec_free(rows);
    return bytes && rows ? REC_OK : rec_fail(err, REC_ENOMEM, "out of memory measuring the machine");
}
