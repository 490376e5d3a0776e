/*
 * Answering: the stored list where it serves, else candidates from the index, scored and put in order. See rec/recommend.h.
 */
#include "alloc.h"
#include "candidates.h"
#include "choosing.h"
#include "diversity.h"
#include "lists.h"
#include "reasons.h"
#include "seeds.h"

static rec_proposal propose(const rec_choosing *c, rec_doc doc, float score)
{
    return (rec_proposal){ doc, score, rec_band_of(&c->answer->state, score), REC_FILTER_UNASKED };
}

/* From the stored list; `*served` is false where there is none, or it ran out before the answer was full. */
static rec_status answer_stored(rec_choosing *c, bool *served, rec_error *err)
{
    rec_proposal last = { 0 };
    rec_list list;
    rec_status rc = rec_store_get_list(c->engine->store, c->request->doc, &list, err);

    *served = false;
    if (rc != REC_OK)
        return rc == REC_ENOTFOUND ? REC_OK : rc;
    for (size_t i = 0; i < list.count && !rec_choosing_is_full(c) && rc == REC_OK; i++) {
        last = propose(c, list.items[i].doc, list.items[i].score);
        rc = rec_choose(c, &last, err);
    }
    c->answer->seed_indexed = true;
    /* A list shorter than it may be holds everything there is. */
    *served = rec_choosing_is_full(c) || list.count < REC_LIST_LENGTH || rec_is_below(c->request, last.score, last.band);
    return rc;
}

/*
 * Scores the candidates and chooses among them, of whom `times` as many as there are places are wanted; `*enough` is false where more
 * candidates could fill the answer.
 */
static rec_status choose_candidates(rec_choosing *c, const rec_candidate_rows *candidates, const rec_seeds *seeds, size_t times,
                                    bool *enough, rec_error *err)
{
    const rec_live *live = &c->engine->live;
    rec_ranked *ranked;
    rec_proposal last = { 0 };
    size_t count;
    rec_status rc = rec_candidate_rows_score(candidates, seeds, times * (c->pass_over + c->places), &ranked, &count, err);

    if (rc != REC_OK)
        return rc;
    for (size_t i = 0; rc == REC_OK && i < count && !rec_choosing_is_full(c); i++) {
        last = propose(c, live->space.docs[ranked[i].row], ranked[i].parts.total);
        if (candidates->passes)
            last.filter = candidates->passes[ranked[i].row] ? REC_FILTER_PASSED : REC_FILTER_FAILED;
        rc = rec_choose(c, &last, err);
    }
    *enough = rec_choosing_has_enough(c) || candidates->complete || rec_is_below(c->request, last.score, last.band);
    rec_free(ranked);
    return rc;
}

#define MORE_CANDIDATES 4 /* times as many, where the first did not fill the answer */

static rec_status answer_live(rec_choosing *c, rec_error *err)
{
    rec_live *live = &c->engine->live;
    size_t wanted, times, least = 2 * (c->request->limit + c->request->offset);
    rec_candidate_rows candidates = { .rows = NULL };
    rec_seeds seeds = { .count = 0 };
    bool enough = false;
    rec_status rc;

    if ((rc = rec_live_open(live, &c->answer->state, err)) != REC_OK)
        return rc;
    wanted = rec_scored(live->space.count);
    wanted = wanted < least ? least : wanted;
    if ((rc = rec_seeds_make(live, c->request, &seeds, err)) == REC_OK)
        rc = rec_candidate_rows_start(&candidates, live, c->request, err);
    for (times = 1; rc == REC_OK && !enough; wanted *= MORE_CANDIDATES, times *= MORE_CANDIDATES) {
        if ((rc = rec_choosing_start(c, err)) == REC_OK)
            rc = rec_candidate_rows_find(&candidates, &seeds, wanted, err);
        if (rc == REC_OK)
            rc = choose_candidates(c, &candidates, &seeds, times, &enough, err);
    }
    if (rc == REC_OK && c->request->diversity > 0)
        rc = rec_diversify(c, err);
    c->answer->seed_indexed = rc == REC_OK && seeds.items[0].indexed;
    rec_query_set(live->query, &(rec_view){ .packed = { NULL, 0 } }); /* it must not outlive the seeds */
    rec_candidate_rows_clear(&candidates);
    rec_seeds_clear(&seeds);
    return rc;
}

/* One list is stored for each paper: it answers questions with that seed alone, in the order of its scores, all parts of them. */
static bool may_have_list(const rec_request *request)
{
    return request->doc && request->like_count == 0 && request->unlike_count == 0 && request->diversity == 0 && !request->without_authors &&
           !request->exact && !request->only_candidates;
}

static rec_status find_stored(rec_choosing *c, bool *served, rec_error *err)
{
    rec_status rc;

    *served = false;
    if ((rc = rec_store_get_state(c->engine->store, &c->answer->state, err)) != REC_OK)
        return rc;
    if ((rc = rec_choosing_start(c, err)) != REC_OK)
        return rc;
    return may_have_list(c->request) ? answer_stored(c, served, err) : REC_OK;
}

static rec_status find_hits(rec_choosing *c, rec_error *err)
{
    bool served;
    rec_status rc = find_stored(c, &served, err);

    return rc == REC_OK && !served ? answer_live(c, err) : rc;
}

static rec_status answer_once(void *context, rec_error *err)
{
    rec_choosing *c = context;
    rec_status rc = find_hits(c, err);

    return rc == REC_OK && c->request->explain ? rec_explain_hits(c->engine, c->request, c->answer, err) : rc;
}

static rec_status check(const rec_request *request, rec_error *err)
{
    rec_status rc = rec_choosing_check(request, err);

    return rc == REC_OK ? rec_seeds_check(request, err) : rc;
}

rec_status rec_recommend(rec_engine *engine, const rec_request *request, rec_answer *out, rec_error *err)
{
    rec_answer answer = REC_ANSWER_INIT;
    rec_choosing choosing = { .engine = engine, .request = request, .answer = &answer };
    rec_status rc = check(request, err);

    if (rc != REC_OK)
        return rc;
    rc = rec_engine_in_one_state(engine, answer_once, &choosing, &answer.state, err);
    return rec_choosing_finish(&choosing, rc, out);
}

struct stored {
    rec_choosing choosing;
    bool served;
};

static rec_status answer_stored_once(void *context, rec_error *err)
{
    struct stored *stored = context;

    return find_stored(&stored->choosing, &stored->served, err);
}

rec_status rec_recommend_stored(rec_engine *engine, const rec_request *request, rec_answer *out, bool *served, rec_error *err)
{
    rec_answer answer = REC_ANSWER_INIT;
    struct stored stored = { .choosing = { .engine = engine, .request = request, .answer = &answer } };
    rec_status rc = check(request, err);

    *served = false;
    if (rc != REC_OK || request->explain) /* reasons are made by the model */
        return rc;
    rc = rec_engine_in_one_state(engine, answer_stored_once, &stored, &answer.state, err);
    rc = rec_choosing_finish(&stored.choosing, rc, out);
    *served = rc == REC_OK && stored.served;
    if (!*served)
        rec_answer_clear(out);
    return rc;
}

rec_status rec_recommend_now(rec_engine *engine, const rec_request *request, rec_answer *out, rec_error *err)
{
    rec_answer answer = REC_ANSWER_INIT;
    rec_choosing choosing = { .engine = engine, .request = request, .answer = &answer };
    rec_status rc = check(request, err);

    if (rc != REC_OK)
        return rc;
    return rec_choosing_finish(&choosing, answer_once(&choosing, err), out);
}
