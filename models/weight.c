/* Weights of n-grams: see weight.h. */
#include "weight.h"

#include "rec/vector.h"
#include "settings.h"

#include <math.h>

/* 1 + ln tf for the counts that occur in nearly every text; a test holds them against the formula. */
static const float FREQUENT[] = {
    0,           1.0f,        1.69314718f, 2.09861231f, 2.38629436f, 2.60943794f, 2.79175949f, 2.94591022f,
    3.07944155f, 3.19722462f, 3.30258512f, 3.39789534f, 3.48490667f, 3.56494927f, 3.6390574f,  3.70805025f,
    3.77258873f, 3.83321333f, 3.8903718f,  3.94443893f, 3.99573231f, 4.04452229f, 4.09104252f, 4.13549423f,
    4.17805386f, 4.21887589f, 4.25809669f, 4.29583693f, 4.33220434f, 4.36729574f, 4.40119743f, 4.43398714f,
};

float rec_tf_weight(uint32_t tf)
{
    if (tf < sizeof(FREQUENT) / sizeof(FREQUENT[0]))
        return FREQUENT[tf];
    return (float)(1 + rec_log((double)tf));
}

/* Four partial sums by position, added in pairs: one alone would wait for each addition. */
static double sum_squares(const float *idf, const rec_count *items, size_t length)
{
    double sums[4] = { 0 };
    size_t i = 0;

    for (; i + 4 <= length; i += 4)
        for (size_t j = 0; j < 4; j++) {
            double weight = (double)rec_weight(idf, items[i + j]);

            sums[j] += weight * weight;
        }
    for (; i < length; i++) {
        double weight = (double)rec_weight(idf, items[i]);

        sums[i % 4] += weight * weight;
    }
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

/* Of each block in the square of a row's length. */
static const double SHARES[REC_BLOCKS] = { 1 - REC_CHARACTER_SHARE, REC_CHARACTER_SHARE };

void rec_weight_blocks(const float *idf, const rec_count *items, size_t length, float scales[REC_BLOCKS])
{
    double squares[REC_BLOCKS];
    double used = 0; /* share of the blocks that are not empty */
    size_t start = 0, end = 0;

    for (unsigned b = 0; b < REC_BLOCKS; b++, start = end) {
        while (end < length && rec_count_feature(items[end]) < (b + 1) * REC_BLOCK_BUCKETS)
            end++;
        squares[b] = sum_squares(idf, items + start, end - start);
    }
    for (unsigned b = 0; b < REC_BLOCKS; b++)
        used += squares[b] > 0 ? SHARES[b] : 0;
    for (unsigned b = 0; b < REC_BLOCKS; b++)
        scales[b] = squares[b] > 0 && used > 0 ? (float)(sqrt(SHARES[b] / used) / sqrt(squares[b])) : 0;
}
