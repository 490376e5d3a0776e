/*
 * The weight of an n-gram in a paper: (1 + ln tf) * idf, each block of features scaled to unit length and all non-empty blocks to equal
 * shares of a row of unit length (sublinear tf-idf: Salton and Buckley, Information Processing & Management 24, 1988).
 */
#ifndef REC_WEIGHT_H
#define REC_WEIGHT_H

#include "rec/ngram.h"

/** 1 + ln tf, tf >= 1. */
float rec_tf_weight(uint32_t tf);

/** The weight before scaling. `idf` is (REC_FEATURES). */
static inline float rec_weight(const float *idf, rec_count item)
{
    uint32_t tf = rec_count_tf(item);

    return (tf == 1 ? 1.0f : rec_tf_weight(tf)) * idf[rec_count_feature(item)];
}

/** What the weights of each block are multiplied with: its share over its length; 0 for an empty block. */
void rec_weight_blocks(const float *idf, const rec_count *items, size_t length, float scales[REC_BLOCKS]);

#endif
