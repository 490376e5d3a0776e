/*
 * How the scores of a store's unrelated papers spread: what the bands of a score are measured in.
 */
#ifndef REC_SPREAD_H
#define REC_SPREAD_H

#include "rank.h"
#include "rec/model.h"

/**
 * Middle and deviation of the fused score over pairs of papers drawn at random with a fixed seed, twins left out: the median, and how far
 * above it the quantile .84 lies. Few pairs are taken together with a prior's, so that a store of two papers has bands, too. `grams` has
 * the rows' n-grams. Returns REC_OK, REC_ENOMEM or REC_EDAMAGED.
 */
REC_CHECKED rec_status rec_spread_measure(const rec_space *space, const rec_model *model, const rec_grams *grams, double *middle,
                                          double *deviation, rec_error *err);

#endif
