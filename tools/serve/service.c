/* From a request to what answers it: see service.h. */
#include "service.h"

#include "output.h"
#include "alloc.h"
#include "character.h"
#include "page.h"
#include "parameters.h"
#include "rec/json_text.h"
#include "rec/one_state.h"
#include "routes.h"
#include "sealed.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

static const char *names[METRICS_ROUTES];

rec_status service_start(struct service *service, rec_error *err)
{
    for (size_t i = 0; i < ROUTE_COUNT && i < METRICS_ROUTES; i++)
        names[i] = ROUTES[i].name;
    pthread_mutex_init(&service->writing, NULL);
    pthread_mutex_init(&service->checking, NULL);
    return metrics_new(names, ROUTE_COUNT, &service->metrics, err);
}

void service_stop(struct service *service)
{
    metrics_free(service->metrics);
    pthread_mutex_destroy(&service->writing);
    pthread_mutex_destroy(&service->checking);
}

/* ---- routes -------------------------------------------------------------------------------------------------------- */

/* Whether `path` is of the pattern; `*id` is where {id} stands in it. */
static bool matches(const char *pattern, const char *path, const char **id, size_t *id_length)
{
    const char *brace = strchr(pattern, '{'), *rest;
    size_t before, after, length = strlen(path);

    *id = NULL;
    *id_length = 0;
    if (!brace)
        return strcmp(pattern, path) == 0;
    rest = strchr(brace, '}') + 1;
    before = (size_t)(brace - pattern);
    after = strlen(rest);
    if (length <= before + after || strncmp(pattern, path, before) != 0 || strcmp(rest, path + length - after) != 0)
        return false;
    *id = path + before;
    *id_length = length - before - after;
    return true;
}

static bool takes_method(const struct route *route, const char *method)
{
    return strcmp(route->method, method) == 0 || (strcmp(method, "HEAD") == 0 && strcmp(route->method, "GET") == 0);
}

/* The route of a request: the first in the table whose pattern and method fit. `*path_known` says whether any method would have. */
static const struct route *find_route(const struct http_request *request, const char **id, size_t *id_length,
                                      const struct route **path_known)
{
    *path_known = NULL;
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if (!matches(ROUTES[i].pattern, request->path, id, id_length))
            continue;
        if (!*path_known)
            *path_known = &ROUTES[i];
        if (strcmp((*path_known)->pattern, ROUTES[i].pattern) == 0 && takes_method(&ROUTES[i], request->method))
            return &ROUTES[i];
    }
    return NULL;
}

/* Whether an answer may be stored, or is short; a request that nothing serves is told so at once. */
static bool is_quick(const struct route *route, const struct http_request *request)
{
    for (size_t i = 0; i < request->parameter_count; i++)
        if (parameter_is_computed(request->parameters[i].name))
            return false;
    return !route || route->kind & ROUTE_QUICK;
}

/* ---- replies ------------------------------------------------------------------------------------------------------- */

/* The methods that a path takes, for Allow. */
static void list_methods(const char *pattern, char out[64])
{
    size_t length = 0;

    out[0] = '\0';
    for (size_t i = 0; i < ROUTE_COUNT; i++)
        if (strcmp(ROUTES[i].pattern, pattern) == 0)
            length += (size_t)snprintf(out + length, 64 - length, "%s%s, ", ROUTES[i].method,
                                       strcmp(ROUTES[i].method, "GET") == 0 ? ", HEAD" : "");
    snprintf(out + length, 64 - length, "OPTIONS");
}

static void refuse_method(const struct service *service, const struct http_request *request, const struct route *known,
                          struct http_reply *reply)
{
    char allowed[64];

    list_methods(known->pattern, allowed);
    http_reply_header(reply, "Allow", "%s", allowed);
    if (strcmp(request->method, "OPTIONS") == 0) {
        if (service->allowed_origin) {
            http_reply_header(reply, "Access-Control-Allow-Methods", "%s", allowed);
            http_reply_header(reply, "Access-Control-Allow-Headers", "Authorization, Content-Type, If-None-Match");
            http_reply_header(reply, "Access-Control-Max-Age", "3600"); /* seconds: asked once, not before each request */
        }
        reply->status = 204;
        return;
    }
    problem_reply(reply, 405, "method_not_allowed", "this path takes other methods: see the header Allow");
}

/* OPTIONS of the service as a whole. */
static void answer_for_all(struct http_reply *reply)
{
    http_reply_header(reply, "Allow", "GET, HEAD, POST, DELETE, OPTIONS");
    reply->status = 204;
}

/* Compares without telling by its time how much of a guess was right. */
static bool same_secret(const char *a, const char *b)
{
    size_t length = strlen(a);
    unsigned differs = strlen(b) != length;

    for (size_t i = 0; b[i]; i++)
        differs |= (unsigned)(unsigned char)b[i] ^ (unsigned)(unsigned char)a[length > 0 ? i % length : 0];
    return !differs;
}

static bool may_write(const struct service *service, const struct http_request *request, struct http_reply *reply)
{
    const char *given = request->header(request->connection, "Authorization");

    if (!service->token) {
        problem_reply(reply, 403, "writes_are_off", "this service was started without a token for writes");
        return false;
    }
    if (given && strncasecmp(given, "Bearer ", 7) == 0 && same_secret(service->token, given + 7))
        return true;
    http_reply_header(reply, "WWW-Authenticate", "Bearer realm=\"recommend\"");
    problem_reply(reply, 401, "token_needed", "the header Authorization must hold the service's token");
    return false;
}

rec_status call_find_paper(struct call *call, rec_doc *out, rec_error *err)
{
    rec_store *store = rec_engine_store(call->engine);
    rec_id id;
    rec_status rc = rec_id_parse(call->id, &id, err);

    if (rc == REC_OK && (rc = rec_store_find(store, id.text, out, err)) == REC_ENOTFOUND)
        return rec_fail(err, rc, "no paper '%s' in store '%s'", id.text, rec_store_path(store));
    return rc;
}

const char *call_parameter(const struct call *call, const char *name)
{
    for (size_t i = 0; i < call->request->parameter_count; i++)
        if (strcmp(call->request->parameters[i].name, name) == 0)
            return call->request->parameters[i].value;
    return NULL;
}

/*
 * The request without what does not change its answer. Lengths stand before the texts, so that no two requests read alike. The release, for
 * the next one may say the same otherwise.
 */
static void normalise(const struct call *call, rec_buf *out)
{
    const struct http_request *request = call->request;

    rec_buf_printf(out, REC_VERSION "%zu:%s", strlen(request->path), request->path);
    for (size_t i = 0; i < request->parameter_count; i++)
        rec_buf_printf(out, "%zu:%s%zu:%s", strlen(request->parameters[i].name), request->parameters[i].name,
                       strlen(request->parameters[i].value), request->parameters[i].value);
}

/* Whether a tag is among those of an If-None-Match; the weak comparison passes over "W/". '*' is looked at when the answer is there. */
static bool names_tag(const char *header, const char *tag)
{
    size_t length = strlen(tag);

    for (const char *at = header; at && *at;) {
        at += strspn(at, " \t,");
        if (strncmp(at, "W/", 2) == 0)
            at += 2;
        if (strncmp(at, tag, length) == 0 && (at[length] == '\0' || strchr(" \t,", at[length])))
            return true;
        at += strcspn(at, ",");
    }
    return false;
}

bool call_not_modified(struct call *call)
{
    rec_buf text = REC_BUF_INIT(2 * HTTP_MAX_HEADERS);
    char digest[REC_FINGERPRINT_CHARS], tag[128];

    normalise(call, &text);
    rec_fingerprint(rec_buf_text(&text), text.length, digest);
    rec_buf_clear(&text);
    snprintf(tag, sizeof(tag), "\"%lld-%.8s-%.16s\"", (long long)call->state.generation, call->state.fingerprint, digest);
    http_reply_header(call->reply, "ETag", "W/%s", tag);
    http_reply_header(call->reply, "Cache-Control", "no-cache"); /* to be kept, and asked about each time */
    if (!names_tag(call->request->header(call->request->connection, "If-None-Match"), tag))
        return false;
    call->reply->status = 304;
    return true;
}

rec_status call_json(struct call *call, json_t *object, rec_error *err)
{
    call->reply->type = "application/json";
    return json_to_text(object, &call->reply->body, err);
}

/* Not to be answered where there is anything, whatever its tag: the client must be told of what there is not, so the answer is made first.
 */
static void drop_what_is_known(const struct http_request *request, struct http_reply *reply)
{
    const char *known = request->header(request->connection, "If-None-Match");

    if (!known || strcmp(known, "*") != 0)
        return;
    for (size_t i = 0; i < reply->header_count; i++)
        if (strcmp(reply->headers[i].name, "ETag") == 0) {
            reply->status = 304;
            rec_buf_reset(&reply->body);
        }
}

static bool is_text(const char *text)
{
    size_t length = strlen(text);

    return rec_count_utf8(text, length) == length;
}

static rec_status check_is_text(const struct http_request *request, rec_error *err)
{
    bool holds = is_text(request->path);

    for (size_t i = 0; i < request->parameter_count && holds; i++)
        holds = is_text(request->parameters[i].name) && is_text(request->parameters[i].value);
    return holds ? REC_OK : rec_fail(err, REC_EINVAL, "the path or the query is not UTF-8, or holds a NUL");
}

/* ---- answering ----------------------------------------------------------------------------------------------------- */

/* A call and what answers it, for rec_engine_in_one_state(). */
struct answering {
    const struct route *route;
    struct call *call;
    size_t common_headers; /* of every reply; those behind them are the handler's */
};

/* The state first, so that the tag and the answer are of one state of the store. */
static rec_status answer_once(void *context, rec_error *err)
{
    struct answering *answering = context;
    struct call *call = answering->call;
    rec_status rc = rec_store_get_state(rec_engine_store(call->engine), &call->state, err);

    call->left = false;
    call->reply->status = 200;
    call->reply->header_count = answering->common_headers;
    rec_buf_reset(&call->reply->body);
    if (rc == REC_OK)
        rc = check_is_text(call->request, err);
    return rc == REC_OK ? answering->route->answer(call, err) : rc;
}

/* A write must not be kept waiting by a transaction of its own process, nor by that of a long batch. */
static rec_status answer_from_store(struct answering *answering, rec_error *err)
{
    struct call *call = answering->call;
    rec_status rc = engines_take(call->service->engines, &call->engine, &call->lot, err);

    if (rc != REC_OK)
        return rc;
    if (answering->route->kind & (ROUTE_WRITES | ROUTE_MANY))
        return answer_once(answering, err);
    return rec_engine_in_one_state(call->engine, answer_once, answering, &call->state, err);
}

/* False where the call was to be answered at once, and was left. */
static bool answer_route(struct service *service, const struct route *route, const char *id, size_t id_length, bool at_once,
                         const struct http_request *request, struct http_reply *reply)
{
    struct call call = { .service = service, .request = request, .reply = reply, .at_once = at_once };
    struct answering answering = { route, &call, reply->header_count };
    rec_error err = REC_ERROR_INIT;
    rec_status rc;

    reply->status = 200;
    if (id && !(call.id = rec_strndup(id, id_length)))
        rc = rec_fail(&err, REC_ENOMEM, "out of memory for a request");
    else
        rc = route->kind & ROUTE_ALONE ? route->answer(&call, &err) : answer_from_store(&answering, &err);
    if (rc != REC_OK) {
        reply->header_count = answering.common_headers; /* a tag is of what was asked for, not of a failure */
        if (route->kind & ROUTE_PAGE && call.engine)
            page_error(&call, &err);
        else
            problem_of_error(reply, &err);
        call.left = false;
    } else if (reply->status == 200 && !call.left) {
        drop_what_is_known(request, reply);
    }
    engines_return(service->engines, call.engine, call.lot);
    rec_free(call.id);
    return !call.left;
}

/* A page of the origin may read the body, and of the headers what it needs to keep answers and to come again. */
static void allow_origin(const struct service *service, struct http_reply *reply)
{
    http_reply_header(reply, "Access-Control-Allow-Origin", "%s", service->allowed_origin);
    http_reply_header(reply, "Access-Control-Expose-Headers", "ETag, Retry-After");
}

static bool answer(struct service *service, const struct http_request *request, bool at_once, struct http_reply *reply)
{
    const struct route *known, *route;
    const char *id;
    size_t id_length;

    route = find_route(request, &id, &id_length, &known);
    if (at_once && !is_quick(route, request))
        return false;
    http_reply_header(reply, "X-Content-Type-Options", "nosniff");
    if (service->allowed_origin)
        allow_origin(service, reply);
    if (route && (!(route->kind & ROUTE_WRITES) || may_write(service, request, reply)))
        return answer_route(service, route, id, id_length, at_once, request, reply);
    if (!route && known)
        refuse_method(service, request, known, reply);
    else if (!route && strcmp(request->path, "*") == 0 && strcmp(request->method, "OPTIONS") == 0)
        answer_for_all(reply);
    else if (!route)
        problem_reply(reply, 404, "no_such_path", "nothing is served under this path; /openapi.json lists what is");
    return true;
}

bool service_answer_at_once(void *context, const struct http_request *request, struct http_reply *reply)
{
    if (answer(context, request, true, reply))
        return true;
    reply->status = 0;
    reply->type = NULL;
    reply->header_count = 0;
    rec_buf_reset(&reply->body);
    return false;
}

void service_answer(void *context, const struct http_request *request, struct http_reply *reply)
{
    (void)answer(context, request, false, reply);
}

void service_refuse(void *context, unsigned status, struct http_reply *reply)
{
    (void)context;
    if (status == 413)
        problem_reply(reply, status, "too_large", "a body has at most 8 MiB");
    else if (status == 421)
        problem_reply(reply, status, "wrong_host", "the request is for a host that this service is not; --host-name names more of its own");
    else if (status == 503)
        problem_reply(reply, status, "overloaded", "too many requests wait; come again");
    else
        problem_reply(reply, status, "bad_request",
                      "a query has at most 128 parameters, a request one Host, and its body one length or the coding 'chunked'");
}

/* ---- telling ------------------------------------------------------------------------------------------------------- */

/* What a client sent may be no text. */
static json_t *text_of(const char *sent)
{
    json_t *text = json_string(sent);

    return text ? text : json_string("?");
}

/* In ASCII alone: a path may hold what steers a terminal or turns the direction of what stands behind it. */
static void log_access(FILE *log, const struct http_request *request, unsigned status, size_t bytes, double seconds)
{
    struct timespec now;
    struct tm utc;
    char stamp[32];
    json_t *line;
    char *text;

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &utc);
    line = json_pack("{s:o,s:s,s:o,s:o,s:i,s:I,s:f}", "time", json_sprintf("%s.%03ldZ", stamp, now.tv_nsec / 1000000), "peer",
                     request->peer, "method", text_of(request->method), "path", text_of(request->path), "status", (int)status, "bytes",
                     (json_int_t)bytes, "seconds", seconds);
    text = line ? json_dumps(line, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(6)) : NULL;
    if (text)
        fprintf(log, "%s\n", text); /* one call: lines of several threads do not mix */
    free(text);                     /* jansson's, not ours */
    json_decref(line);
    fflush(log);
}

void service_told(void *context, const struct http_request *request, unsigned status, size_t bytes, double seconds)
{
    struct service *service = context;
    const struct route *known, *route;
    const char *id;
    size_t length;

    route = find_route(request, &id, &length, &known);
    metrics_count(service->metrics, route ? (size_t)(route - ROUTES) : ROUTE_COUNT, status, bytes, seconds);
    if (service->access_log)
        log_access(service->access_log, request, status, bytes, seconds);
}
