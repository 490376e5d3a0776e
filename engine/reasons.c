/* Reading the texts that reasons are made of: see reasons.h. What a reason says is the models' (rec/reason.h). */
#include "reasons.h"

#include "alloc.h"

#include <string.h>

/* What a seed is compared by; one of several has its part of each score alone. */
struct seed {
    rec_reason_kind kind;
    rec_prose prose;
    rec_author_names authors;
    size_t of; /* so many seeds */
};

struct saying {
    const rec_live *live;
    const struct seed *seed;
    rec_hit *hit;
};

rec_status rec_reason_add_authors(const rec_model *model, const rec_author_names *seed, const char *other, float total, rec_reason *reason,
                                  rec_error *err)
{
    rec_buf said = REC_BUF_INIT(other ? strlen(other) + 64 : 64); /* more than names and what joins them take */
    rec_author_names names;
    rec_status rc;
    float adds;

    if (seed->count == 0)
        return REC_OK;
    if ((rc = rec_author_names_read(other, &names, err)) != REC_OK)
        return rc;
    rec_same_authors(seed, &names, &said);
    adds = rec_model_authors_add(model, rec_author_names_keys(seed), rec_author_names_keys(&names), total);
    if (said.failed)
        rc = rec_fail(err, REC_ENOMEM, "out of memory for reasons");
    else if (said.length > 0)
        rec_reason_insert(reason, rec_buf_text(&said), total <= 0 ? 0 : adds < total ? adds / total : 1);
    rec_buf_clear(&said);
    rec_author_names_clear(&names);
    return rc;
}

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
    const struct seed *seed = saying->seed;
    rec_hit *hit = saying->hit;
    rec_prose prose = { text->title, text->abstract };
    float total = hit->score * (float)seed->of;
    rec_reason reason;
    rec_status rc = rec_reasoner_say(saying->live->reasoner, &prose, total, &reason, err);

    if (rc == REC_OK)
        rc = rec_reason_add_authors(saying->live->model, &seed->authors, text->authors, total, &reason, err);
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

    if (rc == REC_OK && seed->kind == REC_REASON_FOR_PAPER && !engine->live.model && answer->count > 0)
        rc = rec_fail(err, REC_EDAMAGED, "store '%s' is damaged: it has neighbours and names no model; run 'recommend build --refit'",
                      rec_store_path(engine->store));
    if (rc == REC_OK)
        rc = rec_reasoner_set(engine->live.reasoner, seed->kind, &seed->prose, err);
    for (size_t i = 0; rc == REC_OK && i < answer->count; i++) {
        struct saying saying = { &engine->live, seed, &answer->hits[i] };

        rc = rec_store_text(engine->store, answer->hits[i].doc, say, &saying, err);
    }
    return rc;
}

/* With authors, unless the score is without them. */
static rec_status explain_by(rec_engine *engine, const rec_request *request, const rec_prose *prose, const char *authors,
                             rec_answer *answer, rec_error *err)
{
    struct seed seed = { REC_REASON_FOR_PAPER, *prose, { .list = NULL }, 1 + request->like_count };
    rec_status rc = rec_author_names_read(request->without_authors ? NULL : authors, &seed.authors, err);

    if (rc == REC_OK)
        rc = explain(engine, &seed, answer, err);
    rec_author_names_clear(&seed.authors);
    return rc;
}

static rec_status explain_by_paper(rec_engine *engine, const rec_request *request, rec_doc doc, rec_answer *answer, rec_error *err)
{
    rec_record record = REC_RECORD_INIT;
    const rec_paper *paper = &record.paper;
    rec_status rc = rec_store_get(engine->store, doc, REC_GET_ABSTRACT, &record, err);

    if (rc == REC_OK)
        rc = explain_by(engine, request, &(rec_prose){ paper->title, paper->abstract }, paper->authors, answer, err);
    rec_record_clear(&record);
    return rc;
}

rec_status rec_explain_hits(rec_engine *engine, const rec_request *request, rec_answer *answer, rec_error *err)
{
    const rec_prose text = { request->title, request->abstract };
    rec_status rc = request->doc ? explain_by_paper(engine, request, request->doc, answer, err)
                                 : explain_by(engine, request, &text, request->authors, answer, err);

    for (size_t i = 0; rc == REC_OK && i < request->like_count; i++)
        rc = explain_by_paper(engine, request, request->like[i], answer, err);
    return rc;
}

rec_status rec_explain_matches(rec_engine *engine, const char *query, rec_answer *answer, rec_error *err)
{
    return explain(engine, &(struct seed){ REC_REASON_FOR_WORDS, { query, NULL }, { .list = NULL }, 1 }, answer, err);
}
