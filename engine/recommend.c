/*
 * Answering: the stored list where it serves, else candidates from the index, scored and put in order. See rec/recommend.h.
 */
#include "alloc.h"
#include "candidates.h"
#include "choosing.h"
#include "lists.h"

/* From the stored list; `*served` is false where there is none, or it ran out before the answer was full. */
static rec_status answer_stored(rec_choosing *c, bool *served, rec_error *err)
{
    rec_list list;
    rec_status rc = rec_store_get_list(c->engine->store, c->request->doc, &list, err);

    *served = false;
    if (rc != REC_OK)
        return rc == REC_ENOTFOUND ? REC_OK : rc;
    for (size_t i = 0; i < list.count && !rec_choosing_is_full(c) && rc == REC_OK; i++)
        rc = rec_choose(c, list.items[i].doc, list.items[i].score, rec_band_of(&c->answer->state, list.items[i].score), err);
    c->answer->seed_indexed = true;
    /* A list shorter than it may be holds everything there is. */
    *served = rec_choosing_is_full(c) || list.count < REC_LIST_LENGTH ||
              rec_is_below(c->request, list.items[list.count - 1].score, rec_band_of(&c->answer->state, list.items[list.count - 1].score));
    return rc;
}

static rec_status answer_live(rec_choosing *c, rec_error *err)
{
    rec_live *live = &c->engine->live;
    const rec_request *request = c->request;
    rec_live_seed seed = { .counts = REC_COUNTS_INIT };
    rec_candidate_rows candidates = { NULL, 0 };
    rec_ranked *ranked = NULL;
    rec_counts_source source;
    size_t count;
    rec_status rc;

    if ((rc = rec_live_open(live, &c->answer->state, err)) != REC_OK)
        return rc;
    if ((rc = rec_live_make_seed(live, &c->answer->state, request->doc, request->title, request->abstract, &seed, err)) != REC_OK)
        return rc;
    if ((rc = rec_candidate_rows_find(live, &c->answer->state, request, seed.seed.view.dense, &candidates, err)) != REC_OK)
        goto done;
    if (!(ranked = rec_alloc_array(candidates.count, sizeof(*ranked)))) {
        rc = rec_fail(err, REC_ENOMEM, "out of memory for a question");
        goto done;
    }
    source = rec_text_source_counts(live->texts);
    rc = rec_rank(&live->space, &seed.seed, &source, live->query, candidates.rows, candidates.count, ranked, &count, err);
    for (size_t i = 0; rc == REC_OK && i < count && !rec_choosing_is_full(c); i++)
        rc = rec_choose(c, live->space.docs[ranked[i].row], ranked[i].parts.total, rec_band_of(&c->answer->state, ranked[i].parts.total),
                        err);
    c->answer->seed_indexed = seed.indexed;

done:
    rec_query_set(live->query, &(rec_view){ .items = NULL }); /* it must not outlive the seed */
    rec_live_seed_clear(&seed);
    rec_free(candidates.rows);
    rec_free(ranked);
    return rc;
}

static rec_status answer_once(rec_choosing *c, rec_error *err)
{
    bool served = false;
    rec_status rc;

    if ((rc = rec_store_get_state(c->engine->store, &c->answer->state, err)) != REC_OK)
        return rc;
    if ((rc = rec_choosing_start(c, err)) != REC_OK)
        return rc;
    if (c->request->doc && !c->request->exact && !c->request->only_candidates)
        rc = answer_stored(c, &served, err);
    if (rc != REC_OK || served)
        return rc;
    if ((rc = rec_choosing_start(c, err)) != REC_OK)
        return rc;
    return answer_live(c, err);
}

static rec_status answer_in_one_state(rec_choosing *c, rec_error *err)
{
    rec_status rc = rec_store_read_begin(c->engine->store, err);

    if (rc != REC_OK)
        return rc;
    rc = answer_once(c, err);
    rec_store_read_end(c->engine->store);
    return rc;
}

rec_status rec_recommend(rec_engine *engine, const rec_request *request, rec_answer *out, rec_error *err)
{
    rec_answer answer = REC_ANSWER_INIT;
    rec_choosing choosing = { .engine = engine, .request = request, .answer = &answer };
    int64_t side;
    rec_status rc;

    if ((rc = rec_choosing_check(request, err)) != REC_OK)
        return rc;
    rc = answer_in_one_state(&choosing, err);
    side = answer.state.side;
    /* A build that ended between reading the state and opening its files has removed them: the new state's are there. */
    if (rc == REC_ESTALE && rec_store_get_state(engine->store, &answer.state, NULL) == REC_OK && answer.state.side != side)
        rc = answer_in_one_state(&choosing, err);
    return rec_choosing_finish(&choosing, rc, out);
}
