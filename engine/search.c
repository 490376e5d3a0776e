/* Papers that match words: see rec/recommend.h. */
#include "alloc.h"
#include "choosing.h"
#include "reasons.h"

#define BM25_HALF 10.0    /* BM25 that is shown as a score of one half */
#define SPARE_MATCHES 100 /* matches beyond those asked for, to fill the places of duplicates */
#define MORE_MATCHES 8    /* times as many, where they did not fill the answer */

/* BM25 has no scale that carries over; these halve the range of a score that was made of it. */
static rec_band match_band(float score)
{
    return score >= 0.5f ? REC_BAND_STRONG : score >= 0.25f ? REC_BAND_FAIR : REC_BAND_WEAK;
}

/* From the best `wanted` matches; `*enough` is false where more could fill the answer. */
static rec_status choose_matches(rec_choosing *c, const char *query, size_t wanted, bool *enough, rec_error *err)
{
    rec_word_hit *matches = rec_alloc_array(wanted, sizeof(*matches));
    size_t count = 0;
    rec_status rc;

    if (!matches)
        return rec_fail(err, REC_ENOMEM, "out of memory for a search");
    rc = rec_store_search(c->engine->store, query, wanted, matches, &count, err);
    for (size_t i = 0; rc == REC_OK && i < count && !rec_choosing_is_full(c); i++) {
        double b = matches[i].score > 0 ? matches[i].score : 0;
        float score = (float)(b / (b + BM25_HALF));

        rc = rec_choose(c, &(rec_proposal){ matches[i].doc, score, match_band(score), REC_FILTER_UNASKED }, err);
    }
    *enough = rec_choosing_is_full(c) || count < wanted;
    rec_free(matches);
    return rc;
}

/* A filter may fail any number of the best matches: more are asked for until the answer is full, or there are none. */
static rec_status search(rec_choosing *c, const char *query, rec_error *err)
{
    size_t wanted = c->request->limit + c->request->offset + c->request->exclude_count + SPARE_MATCHES;
    bool enough = false;
    rec_status rc = REC_OK;

    for (; rc == REC_OK && !enough; wanted *= MORE_MATCHES)
        if ((rc = rec_choosing_start(c, err)) == REC_OK)
            rc = choose_matches(c, query, wanted, &enough, err);
    return rc;
}

rec_status rec_search(rec_engine *engine, const char *query, const rec_request *options, rec_answer *out, rec_error *err)
{
    rec_answer answer = REC_ANSWER_INIT;
    rec_request request = *options;
    rec_choosing choosing = { .engine = engine, .request = &request, .answer = &answer };
    rec_status rc;

    request.diversity = 0;
    if ((rc = rec_choosing_check(&request, err)) != REC_OK)
        return rc;
    if ((rc = rec_store_read_begin(engine->store, err)) != REC_OK)
        return rc;
    if ((rc = rec_store_get_state(engine->store, &answer.state, err)) == REC_OK)
        rc = search(&choosing, query, err);
    if (rc == REC_OK && options->explain)
        rc = rec_explain_matches(engine, query, &answer, err);
    rec_store_read_end(engine->store);
    return rec_choosing_finish(&choosing, rc, out);
}
