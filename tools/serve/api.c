/*
 * Papers, their suggestions, searches and batches over HTTP. A question over HTTP is a line of a batch: the same reader, the same members,
 * the same answer, byte for byte (docs/interface.md).
 */
#include "routes.h"

#include "output.h"
#include "request.h"
#include "alloc.h"
#include "parameters.h"

#include <string.h>

/* What holds for every request unless it says otherwise: the command line's defaults. */
struct defaults {
    struct asking asking;
    rec_request request;
    struct asking_papers papers;
};

#define DEFAULTS_INIT                                                                                                                      \
    {                                                                                                                                      \
        .asking = ASKING_INIT, .request = REC_REQUEST_INIT, .papers = ASKING_PAPERS_INIT                                                   \
    }

/* ---- one question -------------------------------------------------------------------------------------------------- */

static rec_status check_limit(const rec_request *request, rec_error *err)
{
    if (request->limit > SERVICE_MAX_LIMIT)
        return rec_fail(err, REC_EINVAL, "member 'limit': at most %d over HTTP, not %zu", SERVICE_MAX_LIMIT, request->limit);
    return REC_OK;
}

/* Answers it, or leaves the call to a worker where it is to be answered at once and cannot be. */
static rec_status recommend(struct call *call, const rec_request *request, rec_answer *out, rec_error *err)
{
    bool served;
    rec_status rc;

    if (!call->at_once)
        return rec_recommend(call->engine, request, out, err);
    rc = rec_recommend_stored(call->engine, request, out, &served, err);
    call->left = rc == REC_OK && !served;
    return rc;
}

/* Answers a request that was read, and appends the answer to the reply's body. */
static rec_status answer_request(struct call *call, struct request *request, rec_error *err)
{
    rec_answer found = REC_ANSWER_INIT;
    rec_record seed = REC_RECORD_INIT;
    rec_status rc = check_limit(&request->request, err);

    if (rc == REC_OK)
        rc = recommend(call, &request->request, &found, err);
    if (rc != REC_OK || call->left)
        return rc;
    if (request->request.doc)
        rc = rec_store_get(rec_engine_store(call->engine), request->request.doc, REC_GET_CARD, &seed, err);
    if (rc == REC_OK) {
        struct asked asked = { request->asked, request->request.doc ? &seed : NULL, request->request.title, request->request.limit };

        rc = answer_to_text(&asked, &found, &call->reply->body, err);
    }
    rec_answer_clear(&found);
    rec_record_clear(&seed);
    return rc;
}

/* Answers what stands in a line of a batch; `request` tells a failure whose it is. */
static rec_status answer_line(struct call *call, const char *line, size_t length, struct request *request, rec_error *err)
{
    struct defaults defaults = DEFAULTS_INIT;
    const struct request_defaults given = { &defaults.asking, &defaults.request, &defaults.papers };
    rec_status rc = request_read(call->engine, &given, line, length, request, err);

    return rc == REC_OK ? answer_request(call, request, err) : rc;
}

/* GET /v1/papers/{id}/similar */
rec_status answer_similar(struct call *call, rec_error *err)
{
    struct defaults defaults = DEFAULTS_INIT;
    const struct request_defaults given = { &defaults.asking, &defaults.request, &defaults.papers };
    struct request request = REQUEST_INIT;
    json_t *object;
    rec_status rc;

    if (call_not_modified(call))
        return REC_OK;
    object = parameters_to_json(call->request->parameters, call->request->parameter_count);
    if (object && json_object_get(object, "id")) {
        json_decref(object);
        return rec_fail(err, REC_EINVAL, "member 'id': it stands in the path");
    }
    if (!object || json_object_set_new(object, "id", json_string(call->id)) != 0) {
        json_decref(object);
        return rec_fail(err, REC_ENOMEM, "out of memory for a request");
    }
    call->reply->type = "application/json";
    if ((rc = request_read_object(call->engine, &given, object, &request, err)) == REC_OK)
        rc = answer_request(call, &request, err);
    request_clear(&request);
    return rc;
}

/* POST /v1/similar: the body is a line of a batch. */
rec_status answer_similar_body(struct call *call, rec_error *err)
{
    struct request request = REQUEST_INIT;
    const char *body = call->request->body;
    rec_status rc;

    if (body[strspn(body, " \t\r\n")] != '{')
        return rec_fail(err, REC_EINVAL, "the body is not a JSON object");
    call->reply->type = "application/json";
    rc = answer_line(call, body, call->request->body_length, &request, err);
    request_clear(&request);
    return rc;
}

/* ---- many questions ------------------------------------------------------------------------------------------------ */

/* A line's answer, or the object that stands for its failure; fails only when memory is out. */
static rec_status append_answer(struct call *call, const char *line, size_t length, rec_error *err)
{
    struct request request = REQUEST_INIT;
    rec_error reason = REC_ERROR_INIT;
    rec_status rc = answer_line(call, line, length, &request, &reason);

    if (rc != REC_OK)
        rc = json_to_text(failure_to_json(request.asked, request.id, failure_code(reason.code), reason.message), &call->reply->body, err);
    request_clear(&request);
    return rc;
}

/* POST /v1/similar/batch: JSON Lines in, JSON Lines out. */
rec_status answer_batch(struct call *call, rec_error *err)
{
    size_t lines = 0, left = call->request->body_length;
    char *text = rec_strndup(call->request->body, left), *at = text; /* a line has to end with a NUL to be read */
    rec_status rc = text ? REC_OK : rec_fail(err, REC_ENOMEM, "out of memory for a batch");

    while (rc == REC_OK && left > 0) {
        char *end = memchr(at, '\n', left);
        size_t length = end ? (size_t)(end - at) : left, used = end ? length + 1 : left;

        if (++lines > SERVICE_MAX_BATCH) {
            rc = rec_fail(err, REC_EINVAL, "a batch has at most %d lines", SERVICE_MAX_BATCH);
            break;
        }
        length -= length > 0 && at[length - 1] == '\r';
        at[length] = '\0';
        rc = append_answer(call, at, length, err);
        at += used;
        left -= used;
    }
    rec_free(text);
    call->reply->type = "application/jsonl";
    return rc;
}

/* ---- papers and words ---------------------------------------------------------------------------------------------- */

/* GET /v1/papers/{id} */
rec_status answer_paper(struct call *call, rec_error *err)
{
    rec_record record = REC_RECORD_INIT;
    rec_list list;
    rec_doc doc;
    rec_status listed, rc;

    if (call_not_modified(call))
        return REC_OK;
    if ((rc = call_find_paper(call, &doc, err)) != REC_OK)
        return rc;
    if ((rc = rec_store_get(rec_engine_store(call->engine), doc, REC_GET_ALL | REC_GET_ALSO | REC_GET_VERIFIED, &record, err)) != REC_OK)
        return rc;
    call->reply->type = "application/json";
    listed = rec_store_get_list(rec_engine_store(call->engine), doc, &list, err);
    if (listed == REC_OK || listed == REC_ENOTFOUND)
        rc = paper_to_text(&record, listed == REC_OK, &call->reply->body, err);
    else
        rc = listed;
    rec_record_clear(&record);
    return rc;
}

static rec_status search_words(struct call *call, const char *words, struct request *request, rec_error *err)
{
    struct asked asked = { words, NULL, words, request->request.limit };
    rec_answer found = REC_ANSWER_INIT;
    rec_status rc = check_limit(&request->request, err);

    call->reply->type = "application/json";
    if (rc == REC_OK)
        rc = rec_search(call->engine, words, &request->request, &found, err);
    if (rc == REC_OK)
        rc = answer_to_text(&asked, &found, &call->reply->body, err);
    rec_answer_clear(&found);
    return rc;
}

/* GET /v1/search?q=WORDS */
rec_status answer_search(struct call *call, rec_error *err)
{
    struct defaults defaults = DEFAULTS_INIT;
    const struct request_defaults given = { &defaults.asking, &defaults.request, &defaults.papers };
    struct request request = REQUEST_INIT;
    const char *words = call_parameter(call, "q");
    json_t *object;
    rec_status rc;

    if (!words || !*words)
        return rec_fail(err, REC_EINVAL, "member 'q': the words are missing");
    if (call_not_modified(call))
        return REC_OK;
    if (!(object = parameters_to_json(call->request->parameters, call->request->parameter_count)))
        return rec_fail(err, REC_ENOMEM, "out of memory for a request");
    json_object_del(object, "q");
    rc = request_read_search(call->engine, &given, object, &request, err);
    if (rc == REC_OK)
        rc = search_words(call, words, &request, err);
    request_clear(&request);
    return rc;
}
