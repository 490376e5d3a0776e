/* Errors over HTTP: see problem.h. */
#include "problem.h"

#include "output.h"

#include <stdio.h>
#include <string.h>

static unsigned status_of(rec_status status)
{
    switch (status) {
    case REC_ENOTFOUND:
        return 404;
    case REC_EINVAL:
    case REC_EFORMAT:
        return 400;
    case REC_EDAMAGED:
    case REC_ESTALE:
    case REC_EVERSION:
    case REC_EBUSY:
        return 503;
    default:
        return 500;
    }
}

static const char *title_of(unsigned status)
{
    static const struct {
        unsigned status;
        const char *title;
    } titles[] = {
        { 400, "Bad request" },
        { 401, "A token is needed" },
        { 403, "Not allowed" },
        { 404, "Not found" },
        { 405, "Method not allowed" },
        { 413, "Content too large" },
        { 415, "Unsupported media type" },
        { 421, "Misdirected request" },
        { 500, "Failed" },
        { 503, "Not available now" },
    };

    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
        if (titles[i].status == status)
            return titles[i].title;
    return "Failed";
}

void problem_reply(struct http_reply *reply, unsigned status, const char *code, const char *detail)
{
    json_t *object = problem_to_json(title_of(status), status, code, detail);
    rec_error err = REC_ERROR_INIT;

    reply->status = status;
    reply->type = PROBLEM_TYPE;
    rec_buf_reset(&reply->body);
    if (json_to_text(object, &reply->body, &err) != REC_OK) { /* out of memory: the status alone tells */
        rec_buf_reset(&reply->body);
        rec_buf_printf(&reply->body, "{\"status\":%u,\"code\":\"%s\"}\n", status, code);
    }
}

void problem_of_error(struct http_reply *reply, const rec_error *error)
{
    bool busy = error->code == REC_EBUSY;

    if (busy)
        http_reply_header(reply, "Retry-After", "5");
    problem_reply(reply, status_of(error->code), busy ? "store_busy" : failure_code(error->code), error->message);
}
