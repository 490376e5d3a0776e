/* Explaining a pair of papers: see rec/explain.h. */
#include "rec/explain.h"

#include "alloc.h"
#include "engine.h"
#include "entry.h"
#include "reasons.h"
#include "seeds.h"

#include <math.h>

const char *rec_standing_name(rec_standing standing)
{
    static const char *const names[] = { "listed", "seed",         "same_title",  "same_abstract",  "same_work",
                                         "marked", "without_text", "not_indexed", "below_the_last", "not_proposed" };

    return names[standing];
}

void rec_explanation_clear(rec_explanation *explanation)
{
    rec_record_clear(&explanation->seed);
    rec_record_clear(&explanation->other);
    rec_shared_clear(&explanation->shared);
    *explanation = (rec_explanation)REC_EXPLANATION_INIT;
}

struct explaining {
    rec_engine *engine;
    const rec_request *request;
    rec_doc other;
    rec_explanation *out;
    rec_answer list; /* the seed's */
};

static rec_status read_records(struct explaining *x, rec_error *err)
{
    rec_store *store = x->engine->store;
    rec_status rc = rec_store_get(store, x->other, REC_GET_ABSTRACT | REC_GET_ALSO, &x->out->other, err);

    if (rc == REC_OK && x->request->doc)
        rc = rec_store_get(store, x->request->doc, REC_GET_ABSTRACT, &x->out->seed, err);
    return rc;
}

static rec_status read_list(struct explaining *x, rec_error *err)
{
    rec_request request = REC_REQUEST_INIT;

    request.doc = x->request->doc;
    request.title = x->request->title;
    request.abstract = x->request->abstract;
    request.limit = REC_LIST_LENGTH;
    request.keep_versions = true;
    return rec_recommend_now(x->engine, &request, &x->list, err);
}

static bool has_vector(const rec_live_seed *seed)
{
    return seed->seed.view.dense.factor > 0;
}

static rec_standing standing_of(const struct explaining *x, const rec_live_seed *seed, const rec_live_seed *other,
                                rec_entry_verdict verdict)
{
    const rec_explanation *out = x->out;

    if (out->rank > 0)
        return REC_STANDS;
    if (x->request->doc == x->other)
        return REC_IS_SEED;
    if (seed->seed.title_key && seed->seed.title_key == other->seed.title_key)
        return REC_SAME_TITLE;
    if (seed->seed.abstract_key && seed->seed.abstract_key == other->seed.abstract_key)
        return REC_SAME_ABSTRACT;
    if (verdict == REC_ENTRY_OF_SEED)
        return REC_SAME_WORK;
    if (verdict == REC_ENTRY_MARKED)
        return REC_MARKED;
    if (!has_vector(seed) || !has_vector(other))
        return REC_WITHOUT_TEXT;
    if (!other->indexed)
        return REC_NOT_INDEXED;
    return out->parts.total <= out->last ? REC_BELOW_THE_LAST : REC_NOT_PROPOSED;
}

static void find_rank(struct explaining *x)
{
    rec_explanation *out = x->out;

    out->listed = x->list.count;
    for (size_t i = 0; i < x->list.count; i++) {
        if (x->list.hits[i].doc == x->other)
            out->rank = i + 1;
        out->last = x->list.hits[i].score;
    }
}

static rec_status compare(struct explaining *x, rec_error *err)
{
    rec_live *live = &x->engine->live;
    rec_explanation *out = x->out;
    rec_live_seed seed = { .words = NULL }, other = { .words = NULL };
    rec_entry entry;
    rec_status rc;

    if ((rc = rec_live_open(live, &out->state, err)) != REC_OK)
        return rc;
    if ((rc = rec_entry_judge(x->engine->store, x->request, &out->other, &entry, err)) != REC_OK)
        return rc;
    if ((rc = rec_seeds_make_first(live, x->request, &seed, err)) != REC_OK)
        return rc;
    if ((rc = rec_live_make_seed(live, x->other, NULL, &other, err)) == REC_OK) {
        rec_query_set(live->query, &seed.seed.view);
        out->parts = rec_query_score(live->query, &other.seed.view);
        out->detail = rec_query_detail(live->query, &other.seed.view);
        out->band = rec_band_of(&out->state, out->parts.total);
        out->seed_indexed = seed.indexed;
        out->other_indexed = other.indexed;
        out->standing = standing_of(x, &seed, &other, entry.verdict);
        rec_query_set(live->query, &(rec_view){ .packed = { NULL, 0 } }); /* it must not outlive the seed */
        if (!isfinite(out->parts.total))
            rc = rec_fail(err, REC_EDAMAGED, "model or index are damaged: a score is no number; run 'recommend build --refit'");
    }
    rec_live_seed_clear(&seed);
    rec_live_seed_clear(&other);
    return rc;
}

static rec_status name_authors(struct explaining *x, rec_error *err)
{
    rec_explanation *out = x->out;
    rec_author_names seed;
    rec_status rc = rec_author_names_read(x->request->doc ? out->seed.paper.authors : x->request->authors, &seed, err);

    if (rc != REC_OK)
        return rc;
    rc = rec_reason_add_authors(x->engine->live.model, &seed, out->other.paper.authors, out->parts.total, &out->reason, err);
    rec_author_names_clear(&seed);
    return rc;
}

static rec_status give_reasons(struct explaining *x, rec_error *err)
{
    rec_explanation *out = x->out;
    const rec_paper *paper = &out->seed.paper;
    rec_prose seed = { x->request->title, x->request->abstract }, other = { out->other.paper.title, out->other.paper.abstract };
    rec_reasoner *reasoner;
    rec_status rc;

    if (x->request->doc)
        seed = (rec_prose){ paper->title, paper->abstract };
    if ((rc = rec_live_reasoner(&x->engine->live, &out->state, err)) != REC_OK)
        return rc;
    reasoner = x->engine->live.reasoner;
    if ((rc = rec_reasoner_set(reasoner, REC_REASON_FOR_PAPER, &seed, err)) == REC_OK)
        rc = rec_reasoner_say(reasoner, &other, out->parts.total, &out->reason, err);
    if (rc == REC_OK)
        rc = name_authors(x, err);
    return rc == REC_OK ? rec_reasoner_shared(reasoner, &other, &out->shared, err) : rc;
}

static rec_status explain_now(void *context, rec_error *err)
{
    struct explaining *x = context;
    rec_status rc;

    rec_explanation_clear(x->out);
    rec_answer_clear(&x->list);
    if ((rc = rec_store_get_state(x->engine->store, &x->out->state, err)) != REC_OK)
        return rc;
    if ((rc = read_records(x, err)) != REC_OK || (rc = read_list(x, err)) != REC_OK)
        return rc;
    find_rank(x);
    if ((rc = compare(x, err)) != REC_OK)
        return rc;
    return give_reasons(x, err);
}

rec_status rec_explain(rec_engine *engine, const rec_request *request, rec_doc other, rec_explanation *out, rec_error *err)
{
    rec_explanation explanation = REC_EXPLANATION_INIT;
    struct explaining explaining = { engine, request, other, &explanation, REC_ANSWER_INIT };
    rec_status rc = rec_engine_in_one_state(engine, explain_now, &explaining, &explanation.state, err);

    rec_answer_clear(&explaining.list);
    if (rc == REC_OK)
        *out = explanation;
    else
        rec_explanation_clear(&explanation);
    return rc;
}
