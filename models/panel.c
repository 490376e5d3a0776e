/*
 * Products of codes, a panel at a time: see panel.h.
 *
 * A panel holds its rows in lanes of 16. For every four components stand those of the lane's first row, then those of its second, and so
 * on: 64 bytes, which meet four components of a query in each 32-bit place. Each is stored plus 128, without sign, as the instruction wants
 * one operand; the query's sum times 128 is taken off again.
 */
#include "rec/panel.h"

#include "clones.h"
#include "panel_kernels.h"

#include <stdbool.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#define WIDE 1
#include <immintrin.h>
#else
#define WIDE 0
#endif

#define OFFSET 128
#define QUAD 4
#define LANES REC_PANEL_LANES
#define STRIDE REC_PANEL_ROWS /* from one query's products to the next one's */

static size_t lanes_of(size_t rows)
{
    return (rows + LANES - 1) / LANES;
}

size_t rec_panel_bytes(size_t rows, size_t dim)
{
    return lanes_of(rows) * LANES * dim;
}

void rec_panel_fill(const int8_t *codes, size_t rows, size_t dim, uint8_t *panel)
{
    for (size_t row = 0; row < lanes_of(rows) * LANES; row++) {
        uint8_t *at = panel + row / LANES * LANES * dim + row % LANES * QUAD;

        for (size_t j = 0; j < dim; j += QUAD, at += LANES * QUAD)
            for (size_t k = 0; k < QUAD; k++)
                at[k] = (uint8_t)(row < rows ? codes[row * dim + j + k] + OFFSET : OFFSET);
    }
}

/* What takes the panel's offset off the products of each of `queries` (n, dim) again. */
static void corrections(const int8_t *queries, size_t n, size_t dim, int32_t *out)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = 0;
        for (size_t j = 0; j < dim; j++)
            out[i] -= OFFSET * queries[i * dim + j];
    }
}

/* ---- plain C ------------------------------------------------------------------------------------------------------- */

static void plain_lane(const int8_t *query, int32_t correction, const uint8_t *lane, size_t dim, int32_t *out)
{
    int32_t sums[LANES];

    for (size_t r = 0; r < LANES; r++)
        sums[r] = correction;
    for (size_t j = 0; j < dim; j += QUAD, lane += LANES * QUAD)
        for (size_t r = 0; r < LANES; r++)
            for (size_t k = 0; k < QUAD; k++)
                sums[r] += lane[r * QUAD + k] * query[j + k];
    memcpy(out, sums, sizeof(sums));
}

static void plain_multiply(const int8_t *queries, size_t n, const uint8_t *panel, size_t lanes, size_t dim, int32_t *out)
{
    for (size_t i = 0; i < n; i++) {
        int32_t correction;

        corrections(queries + i * dim, 1, dim, &correction);
        for (size_t l = 0; l < lanes; l++)
            plain_lane(queries + i * dim, correction, panel + l * LANES * dim, dim, out + i * STRIDE + l * LANES);
    }
}

static size_t plain_reach(const int32_t *dots, const float *factors, size_t count, float bar, uint16_t *out)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++)
        if ((float)dots[i] * factors[i] >= bar)
            out[found++] = (uint16_t)i;
    return found;
}

#if WIDE

static inline int32_t quad_at(const int8_t *at)
{
    int32_t quad;

    memcpy(&quad, at, sizeof(quad));
    return quad;
}

/* ---- AVX2 ---------------------------------------------------------------------------------------------------------- */

#define AVX2 __attribute__((target("avx2")))
#define AVX2_TILE 8

/*
 * `count` (at most AVX2_TILE) queries against half a lane. The multiplication takes one operand without sign: |row| and the query with the
 * row's sign give the same products. Two of them are added in 16 bits, which 2 * 127 * 127 does not overflow; both widened to 16 bits first
 * took a third longer.
 */
AVX2 static inline __attribute__((always_inline)) void avx2_tile(const int8_t *queries, size_t count, const uint8_t *half, size_t dim,
                                                                 int32_t *out)
{
    const __m256i ones = _mm256_set1_epi16(1), offset = _mm256_set1_epi8((char)OFFSET);
    __m256i sums[AVX2_TILE];

    for (size_t i = 0; i < count; i++)
        sums[i] = _mm256_setzero_si256();
    for (size_t j = 0; j < dim; j += QUAD, half += LANES * QUAD) {
        __m256i row = _mm256_xor_si256(_mm256_load_si256((const __m256i *)(const void *)half), offset);
        __m256i size = _mm256_abs_epi8(row);

        for (size_t i = 0; i < count; i++) {
            __m256i query = _mm256_set1_epi32(quad_at(queries + i * dim + j));
            __m256i pairs = _mm256_maddubs_epi16(size, _mm256_sign_epi8(query, row));

            sums[i] = _mm256_add_epi32(sums[i], _mm256_madd_epi16(pairs, ones));
        }
    }
    for (size_t i = 0; i < count; i++)
        _mm256_storeu_si256((__m256i *)(void *)(out + i * STRIDE), sums[i]);
}

AVX2 static void avx2_multiply(const int8_t *queries, size_t n, const uint8_t *panel, size_t lanes, size_t dim, int32_t *out)
{
    for (size_t i = 0; i < n; i += AVX2_TILE) {
        const int8_t *from = queries + i * dim;
        size_t count = n - i < AVX2_TILE ? n - i : AVX2_TILE;

        for (size_t l = 0; l < 2 * lanes; l++) {
            const uint8_t *half = panel + l / 2 * LANES * dim + l % 2 * (LANES / 2) * QUAD;
            int32_t *to = out + i * STRIDE + l * (LANES / 2);

            if (count == AVX2_TILE)
                avx2_tile(from, AVX2_TILE, half, dim, to); /* of constant size, it is unrolled */
            else
                avx2_tile(from, count, half, dim, to);
        }
    }
}

/* Hardly any reaches the bar: sixteen are looked at together. */
AVX2 static size_t avx2_reach(const int32_t *dots, const float *factors, size_t count, float bar, uint16_t *out)
{
    const __m256 bars = _mm256_set1_ps(bar);
    size_t found = 0;

    for (size_t i = 0; i < count; i += LANES) {
        unsigned reaching = 0;

        for (size_t half = 0; half < LANES; half += LANES / 2) {
            __m256 whole = _mm256_cvtepi32_ps(_mm256_loadu_si256((const __m256i *)(const void *)(dots + i + half)));
            __m256 product = _mm256_mul_ps(whole, _mm256_loadu_ps(factors + i + half));

            reaching |= (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(product, bars, _CMP_GE_OQ)) << half;
        }
        for (; reaching; reaching &= reaching - 1)
            out[found++] = (uint16_t)(i + (size_t)__builtin_ctz(reaching));
    }
    return found;
}

/* ---- AVX-512 with VNNI --------------------------------------------------------------------------------------------- */

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vnni")))
#define AVX512_TILE 8

/* `count` (at most AVX512_TILE) queries against `lanes` (1 or 2) lanes. */
AVX512 static inline __attribute__((always_inline)) void avx512_tile(const int8_t *queries, const int32_t *start, size_t count,
                                                                     const uint8_t *panel, size_t lanes, size_t dim, int32_t *out)
{
    __m512i sums[AVX512_TILE][2];

    for (size_t i = 0; i < count; i++)
        for (size_t l = 0; l < lanes; l++)
            sums[i][l] = _mm512_set1_epi32(start[i]);
    for (size_t j = 0; j < dim; j += QUAD)
        for (size_t i = 0; i < count; i++) {
            __m512i query = _mm512_set1_epi32(quad_at(queries + i * dim + j));

            for (size_t l = 0; l < lanes; l++)
                sums[i][l] = _mm512_dpbusd_epi32(sums[i][l], _mm512_load_si512(panel + (l * dim + j) * LANES), query);
        }
    for (size_t i = 0; i < count; i++)
        for (size_t l = 0; l < lanes; l++)
            _mm512_storeu_si512(out + i * STRIDE + l * LANES, sums[i][l]);
}

AVX512 static void avx512_multiply(const int8_t *queries, size_t n, const uint8_t *panel, size_t lanes, size_t dim, int32_t *out)
{
    for (size_t i = 0; i < n; i += AVX512_TILE) {
        const int8_t *from = queries + i * dim;
        size_t count = n - i < AVX512_TILE ? n - i : AVX512_TILE;
        int32_t start[AVX512_TILE];

        corrections(from, count, dim, start);
        for (size_t l = 0; l < lanes; l += 2) {
            const uint8_t *lane = panel + l * LANES * dim;
            int32_t *to = out + i * STRIDE + l * LANES;

            if (count == AVX512_TILE && lanes - l >= 2)
                avx512_tile(from, start, AVX512_TILE, lane, 2, dim, to); /* of constant size, it stays in registers */
            else
                avx512_tile(from, start, count, lane, lanes - l < 2 ? 1 : 2, dim, to);
        }
    }
}

#endif

/* ---- choosing ------------------------------------------------------------------------------------------------------ */

static const struct rec_panel_kernel KERNELS[] = {
    { "plain", plain_multiply, plain_reach },
#if WIDE
    { "avx2", avx2_multiply, avx2_reach },
    { "avx512", avx512_multiply, avx2_reach },
#endif
};

static size_t supported(void)
{
#if WIDE
    if (!__builtin_cpu_supports("avx2"))
        return 1;
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vnni") ? 3 : 2;
#else
    return 1;
#endif
}

const struct rec_panel_kernel *rec_panel_kernel_at(size_t i)
{
    return i < supported() ? &KERNELS[i] : NULL;
}

void rec_panel_multiply(const int8_t *queries, size_t n, const uint8_t *panel, size_t rows, size_t dim, int32_t *out)
{
    KERNELS[supported() - 1].multiply(queries, n, panel, lanes_of(rows), dim, out);
}

size_t rec_panel_reach(const int32_t *dots, const float *factors, size_t count, float bar, uint16_t *out)
{
    size_t whole = count / LANES * LANES, found = KERNELS[supported() - 1].reach(dots, factors, whole, bar, out);

    for (size_t i = whole; i < count; i++)
        if ((float)dots[i] * factors[i] >= bar)
            out[found++] = (uint16_t)i;
    return found;
}

REC_CLONES
size_t rec_panel_reach_each(const int32_t *dots, const float *factors, const float *bars, size_t count, float factor, uint16_t *out)
{
    size_t found = 0, i;

    for (i = 0; i + LANES <= count; i += LANES) {
        int any = 0;

        for (size_t j = i; j < i + LANES; j++)
            any |= (float)dots[j] * factors[j] * factor >= bars[j];
        for (size_t j = i; any && j < i + LANES; j++)
            if ((float)dots[j] * factors[j] * factor >= bars[j])
                out[found++] = (uint16_t)j;
    }
    for (; i < count; i++)
        if ((float)dots[i] * factors[i] * factor >= bars[i])
            out[found++] = (uint16_t)i;
    return found;
}
