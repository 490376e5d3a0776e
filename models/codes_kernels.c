/*
 * Inner products of bytes and distances of bits: see codes_kernels.h.
 *
 * A scan of many rows is bound by memory, which AVX2 keeps up with: rows of AVX-512 with VNNI and VPOPCNTDQ are six or seven registers
 * long, and adding a register up at the end of each cost more than they gained (docs/decisions.md).
 */
#include "codes_kernels.h"

#include <stdbool.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#define WIDE 1
#include <immintrin.h>
#else
#define WIDE 0
#endif

/* ---- plain C ------------------------------------------------------------------------------------------------------- */

/* What is left of a row behind the last full register. */
static int32_t dot_from(const int8_t *a, const int8_t *b, size_t from, size_t n)
{
    int32_t sum = 0;

    for (size_t i = from; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static void plain_dots(const int8_t *query, const int8_t *rows, size_t count, size_t dim, int32_t *out)
{
    for (size_t r = 0; r < count; r++)
        out[r] = dot_from(query, rows + r * dim, 0, dim);
}

static void plain_distances(const uint64_t *query, const uint64_t *rows, size_t count, size_t words, uint16_t *out)
{
    for (size_t r = 0; r < count; r++) {
        int sum = 0;

        for (size_t w = 0; w < words; w++)
            sum += __builtin_popcountll(query[w] ^ rows[r * words + w]);
        out[r] = (uint16_t)sum;
    }
}

#if WIDE

/* ---- AVX2 ---------------------------------------------------------------------------------------------------------- */

/*
 * The multiplication takes one operand without sign: |a| and b with a's sign give the same products. Two of them are added in 16 bits,
 * which 2 * 127 * 127 does not overflow.
 */
__attribute__((target("avx2"))) static int32_t avx2_dot(const int8_t *a, const int8_t *b, size_t n)
{
    const __m256i ones = _mm256_set1_epi16(1);
    __m256i sum = _mm256_setzero_si256();
    __m128i half;
    size_t i;

    for (i = 0; i + 32 <= n; i += 32) {
        __m256i x = _mm256_loadu_si256((const __m256i *)(const void *)(a + i));
        __m256i y = _mm256_loadu_si256((const __m256i *)(const void *)(b + i));
        __m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(x), _mm256_sign_epi8(y, x));

        sum = _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, ones));
    }
    half = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4E));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xB1));
    return _mm_cvtsi128_si32(half) + dot_from(a, b, i, n);
}

static void avx2_dots(const int8_t *query, const int8_t *rows, size_t count, size_t dim, int32_t *out)
{
    for (size_t r = 0; r < count; r++)
        out[r] = avx2_dot(query, rows + r * dim, dim);
}

__attribute__((target("popcnt"))) static void popcnt_distances(const uint64_t *query, const uint64_t *rows, size_t count, size_t words,
                                                               uint16_t *out)
{
    for (size_t r = 0; r < count; r++) {
        long long sum = 0;

        for (size_t w = 0; w < words; w++)
            sum += _mm_popcnt_u64(query[w] ^ rows[r * words + w]);
        out[r] = (uint16_t)sum;
    }
}

#endif

/* ---- choosing ------------------------------------------------------------------------------------------------------ */

static const struct rec_codes_kernels KERNELS[] = {
    { "plain", plain_dots, plain_distances },
#if WIDE
    { "avx2", avx2_dots, popcnt_distances },
#endif
};

static size_t supported(void)
{
#if WIDE
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt") ? 2 : 1;
#else
    return 1;
#endif
}

const struct rec_codes_kernels *rec_codes_kernels_at(size_t i)
{
    return i < supported() ? &KERNELS[i] : NULL;
}

const struct rec_codes_kernels *rec_codes_kernels_best(void)
{
    return &KERNELS[supported() - 1];
}
