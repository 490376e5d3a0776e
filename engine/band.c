/* What a score is worth in its store: see rec/recommend.h. */
#include "rec/recommend.h"

const char *rec_band_name(rec_band band)
{
    static const char *const names[] = { "none", "weak", "fair", "strong" };

    return names[band];
}

static const struct border {
    double height, score; /* least, in deviations above the middle; anywhere */
} BORDERS[] = {
    [REC_BAND_WEAK] = { REC_WEAK, REC_WEAK_SCORE },
    [REC_BAND_FAIR] = { REC_FAIR, REC_FAIR_SCORE },
    [REC_BAND_STRONG] = { REC_STRONG, REC_STRONG_SCORE },
};

/*
 * A score is measured in deviations from the middle of the store's random pairs: precision at such a height is nearly the same in
 * collections of different fields, and a small store, whose scores are low, has bands as well (docs/evaluation.md).
 */
rec_band rec_band_of(const rec_store_state *state, float score)
{
    double height = state->score_deviation > 0 ? ((double)score - state->score_middle) / state->score_deviation : 0;

    for (rec_band band = REC_BAND_STRONG; band > REC_BAND_NONE; band--)
        if (height >= BORDERS[band].height || (double)score >= BORDERS[band].score)
            return band;
    return REC_BAND_NONE;
}

double rec_band_border(const rec_store_state *state, rec_band band)
{
    double border = state->score_middle + BORDERS[band].height * state->score_deviation;

    return state->score_deviation > 0 && border < BORDERS[band].score ? border : BORDERS[band].score;
}
