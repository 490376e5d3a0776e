/* What a score is worth in its store: see rec/recommend.h. */
#include "rec/recommend.h"

const char *rec_band_name(rec_band band)
{
    static const char *const names[] = { "none", "weak", "fair", "strong" };

    return names[band];
}

/*
 * A score is measured in deviations from the middle of the store's random pairs: precision at such a height is nearly the same in
 * collections of different fields, and a small store, whose scores are low, has bands as well (docs/evaluation.md).
 */
rec_band rec_band_of(const rec_store_state *state, float score)
{
    static const struct {
        rec_band band;
        double height, score;
    } borders[] = { { REC_BAND_STRONG, REC_STRONG, REC_STRONG_SCORE },
                    { REC_BAND_FAIR, REC_FAIR, REC_FAIR_SCORE },
                    { REC_BAND_WEAK, REC_WEAK, REC_WEAK_SCORE } };
    double height = state->score_deviation > 0 ? ((double)score - state->score_middle) / state->score_deviation : 0;

    for (size_t i = 0; i < sizeof(borders) / sizeof(borders[0]); i++)
        if (height >= borders[i].height || (double)score >= borders[i].score)
            return borders[i].band;
    return REC_BAND_NONE;
}
