/* The public library's questions and answers. See recommend.h. */
#include "library.h"

#include "alloc.h"
#include "rec/explain.h"
#include "rec/values.h"

#include <string.h>

struct recommend_answer {
    rec_answer found;
    char **urls;          /* (count) made addresses; NULL where the record has one, or where none can be made */
    size_t first_rank;    /* 0: its one result has none */
    const char *standing; /* of its one result; NULL where nothing was explained */
};

/* ---- making them ----------------------------------------------------------------------------------------------------- */

static rec_status make_urls(recommend_answer *answer, rec_error *err)
{
    char url[REC_ID_URL_ROOM];

    answer->urls = rec_alloc_array(answer->found.count, sizeof(*answer->urls));
    for (size_t i = 0; answer->urls && i < answer->found.count; i++) {
        const rec_paper *paper = &answer->found.hits[i].record.paper;

        rec_id_url(&paper->id, url, sizeof(url));
        if (!paper->url && url[0] && !(answer->urls[i] = rec_strdup(url)))
            return rec_fail(err, REC_ENOMEM, "out of memory for an answer");
    }
    return answer->urls ? REC_OK : rec_fail(err, REC_ENOMEM, "out of memory for an answer");
}

/* A question while it is asked. */
struct question {
    recommend *handle;
    rec_engine *engine;
    struct chosen chosen;
    recommend_answer *answer;
};

/* The caller ends with end(), on failure too. */
static rec_status begin(recommend *handle, const recommend_options *options, struct question *q)
{
    rec_status rc = rec_library_engine(handle, &q->engine);

    q->handle = handle;
    if (rc == REC_OK && !(q->answer = rec_alloc(sizeof(*q->answer))))
        rc = rec_fail(&handle->error, REC_ENOMEM, "out of memory for an answer");
    return rc == REC_OK ? chosen_make(q->engine, options, &q->chosen, &handle->error) : rc;
}

/* Hands the answer over where all went well. */
static recommend_status end(struct question *q, rec_status rc, recommend_answer **out)
{
    if (rc == REC_OK)
        rc = make_urls(q->answer, &q->handle->error);
    if (rc == REC_OK) {
        *out = q->answer;
        q->answer = NULL;
    }
    recommend_answer_free(q->answer);
    chosen_clear(&q->chosen);
    return (recommend_status)rc;
}

static rec_status recommend_now(struct question *q)
{
    q->answer->first_rank = q->chosen.request.offset + 1;
    return rec_recommend(q->engine, &q->chosen.request, &q->answer->found, &q->handle->error);
}

static rec_status find_paper(struct question *q, const char *text, rec_doc *out)
{
    rec_id id;

    if (!text)
        return rec_fail(&q->handle->error, REC_EINVAL, "no id of a paper");
    return rec_find_seed(q->engine, text, &id, out, &q->handle->error);
}

recommend_status recommend_similar(recommend *handle, const char *id, const recommend_options *options, recommend_answer **out)
{
    struct question q = { .chosen = CHOSEN_INIT };
    rec_status rc = begin(handle, options, &q);

    *out = NULL;
    if (rc == REC_OK && (rc = find_paper(&q, id, &q.chosen.request.doc)) == REC_OK)
        rc = recommend_now(&q);
    return end(&q, rc, out);
}

recommend_status recommend_similar_text(recommend *handle, const char *title, const char *text, const recommend_options *options,
                                        recommend_answer **out)
{
    struct question q = { .chosen = CHOSEN_INIT };
    rec_text_seed seed = REC_TEXT_SEED_INIT("the title", "the text");
    rec_status rc = begin(handle, options, &q);

    *out = NULL;
    if (rc == REC_OK && !title && !text)
        rc = rec_fail(&handle->error, REC_EINVAL, "neither a title nor a text");
    if (rc == REC_OK)
        rc = rec_text_seed_use(q.engine, &seed, title, title ? strlen(title) : 0, text, text ? strlen(text) : 0, &q.chosen.request,
                               &handle->error);
    if (rc == REC_OK)
        rc = recommend_now(&q);
    rec_text_seed_clear(&seed);
    return end(&q, rc, out);
}

recommend_status recommend_search(recommend *handle, const char *words, const recommend_options *options, recommend_answer **out)
{
    struct question q = { .chosen = CHOSEN_INIT };
    rec_status rc = begin(handle, options, &q);

    *out = NULL;
    if (rc == REC_OK && !words)
        rc = rec_fail(&handle->error, REC_EINVAL, "no words to search for");
    if (rc == REC_OK) {
        q.answer->first_rank = q.chosen.request.offset + 1;
        rc = rec_search(q.engine, words, &q.chosen.request, &q.answer->found, &handle->error);
    }
    return end(&q, rc, out);
}

/* An answer of one hit, which takes the record over. */
static rec_status take_explanation(recommend_answer *answer, rec_explanation *explanation, rec_error *err)
{
    rec_hit *hit = rec_alloc(sizeof(*hit));
    rec_reason *reason = rec_alloc(sizeof(*reason));

    if (!hit || !reason) {
        rec_free(hit);
        rec_free(reason);
        return rec_fail(err, REC_ENOMEM, "out of memory for an answer");
    }
    *reason = explanation->reason;
    *hit = (rec_hit){ .doc = explanation->other.doc,
                      .score = explanation->parts.total,
                      .band = explanation->band,
                      .record = explanation->other,
                      .reason = reason };
    explanation->other = (rec_record)REC_RECORD_INIT;
    answer->found.hits = hit;
    answer->found.count = 1;
    answer->first_rank = explanation->rank;
    answer->standing = rec_standing_name(explanation->standing);
    return REC_OK;
}

recommend_status recommend_explain(recommend *handle, const char *id, const char *other, recommend_answer **out)
{
    struct question q = { .chosen = CHOSEN_INIT };
    rec_explanation explanation = REC_EXPLANATION_INIT;
    rec_doc doc = 0;
    rec_status rc = begin(handle, NULL, &q);

    *out = NULL;
    if (rc == REC_OK)
        rc = find_paper(&q, id, &q.chosen.request.doc);
    if (rc == REC_OK)
        rc = find_paper(&q, other, &doc);
    if (rc == REC_OK)
        rc = rec_explain(q.engine, &q.chosen.request, doc, &explanation, &handle->error);
    if (rc == REC_OK)
        rc = take_explanation(q.answer, &explanation, &handle->error);
    rec_explanation_clear(&explanation);
    return end(&q, rc, out);
}

/* ---- reading them ---------------------------------------------------------------------------------------------------- */

void recommend_answer_free(recommend_answer *answer)
{
    if (!answer)
        return;
    for (size_t i = 0; answer->urls && i < answer->found.count; i++)
        rec_free(answer->urls[i]);
    rec_free(answer->urls);
    rec_answer_clear(&answer->found);
    rec_free(answer);
}

size_t recommend_answer_count(const recommend_answer *answer)
{
    return answer ? answer->found.count : 0;
}

static const rec_hit *hit_at(const recommend_answer *answer, size_t index)
{
    return index < recommend_answer_count(answer) ? &answer->found.hits[index] : NULL;
}

const char *recommend_result_text(const recommend_answer *answer, size_t index, recommend_text which)
{
    const rec_hit *hit = hit_at(answer, index);
    const rec_paper *paper = hit ? &hit->record.paper : NULL;

    if (!hit)
        return NULL;
    switch (which) {
    case RECOMMEND_ID:
        return paper->id.text;
    case RECOMMEND_TITLE:
        return paper->title;
    case RECOMMEND_AUTHORS:
        return paper->authors;
    case RECOMMEND_DATE:
        return paper->date.text[0] ? paper->date.text : NULL;
    case RECOMMEND_CATEGORIES:
        return paper->categories;
    case RECOMMEND_URL:
        return paper->url ? paper->url : answer->urls[index];
    case RECOMMEND_ALSO:
        return hit->record.also;
    case RECOMMEND_BAND:
        return rec_band_name(hit->band);
    case RECOMMEND_REASON:
        return hit->reason ? hit->reason->text : NULL;
    case RECOMMEND_STANDING:
        return answer->standing;
    }
    return NULL;
}

double recommend_result_score(const recommend_answer *answer, size_t index)
{
    const rec_hit *hit = hit_at(answer, index);

    if (!hit)
        return 0;
    return hit->score < 0 ? 0 : hit->score > 1 ? 1 : (double)hit->score;
}

size_t recommend_result_rank(const recommend_answer *answer, size_t index)
{
    return hit_at(answer, index) && answer->first_rank > 0 ? answer->first_rank + index : 0;
}
