/* Reading the texts that reasons are made of: see reasons.h. What a reason says is the models' (rec/reason.h). */
#include "reasons.h"

#include "alloc.h"

/* What a seed is compared by; one of several has its part of each score alone. */
struct seed {
    rec_reason_kind kind;
    rec_prose prose;
    size_t of; /* so many seeds */
};

struct saying {
    rec_reasoner *reasoner;
    const struct seed *seed;
    rec_hit *hit;
};

static double weight_of(const rec_reason *reason)
{
    double weight = 0;

    for (size_t i = 0; i < reason->count; i++)
        weight += (double)reason->terms[i].share;
    return weight;
}

/* Of several seeds the one that says most gives the reason. */
static rec_status say(const rec_text *text, void *context, rec_error *err)
{
    struct saying *saying = context;
    rec_hit *hit = saying->hit;
    rec_prose prose = { text->title, text->abstract };
    rec_reason reason;
    rec_status rc = rec_reasoner_say(saying->reasoner, &prose, hit->score * (float)saying->seed->of, &reason, err);

    if (rc != REC_OK || (hit->reason && weight_of(hit->reason) >= weight_of(&reason)))
        return rc;
    if (!hit->reason && !(hit->reason = rec_alloc(sizeof(*hit->reason))))
        return rec_fail(err, REC_ENOMEM, "out of memory for reasons");
    *hit->reason = reason;
    return REC_OK;
}

static rec_status explain(rec_engine *engine, const struct seed *seed, rec_answer *answer, rec_error *err)
{
    rec_status rc = rec_live_reasoner(&engine->live, &answer->state, err);

    if (rc == REC_OK)
        rc = rec_reasoner_set(engine->live.reasoner, seed->kind, &seed->prose, err);
    for (size_t i = 0; rc == REC_OK && i < answer->count; i++) {
        struct saying saying = { engine->live.reasoner, seed, &answer->hits[i] };

        rc = rec_store_text(engine->store, answer->hits[i].doc, say, &saying, err);
    }
    return rc;
}

static rec_status explain_by_paper(rec_engine *engine, rec_doc doc, size_t of, rec_answer *answer, rec_error *err)
{
    rec_record record = REC_RECORD_INIT;
    rec_status rc = rec_store_get(engine->store, doc, REC_GET_ABSTRACT, &record, err);

    if (rc == REC_OK)
        rc = explain(engine, &(struct seed){ REC_REASON_FOR_PAPER, { record.paper.title, record.paper.abstract }, of }, answer, err);
    rec_record_clear(&record);
    return rc;
}

rec_status rec_explain_hits(rec_engine *engine, const rec_request *request, rec_answer *answer, rec_error *err)
{
    const struct seed text = { REC_REASON_FOR_PAPER, { request->title, request->abstract }, 1 + request->like_count };
    rec_status rc = request->doc ? explain_by_paper(engine, request->doc, text.of, answer, err) : explain(engine, &text, answer, err);

    for (size_t i = 0; rc == REC_OK && i < request->like_count; i++)
        rc = explain_by_paper(engine, request->like[i], text.of, answer, err);
    return rc;
}

rec_status rec_explain_matches(rec_engine *engine, const char *query, rec_answer *answer, rec_error *err)
{
    return explain(engine, &(struct seed){ REC_REASON_FOR_WORDS, { query, NULL }, 1 }, answer, err);
}
