/*
 * Requests to the service, all routes but those that write: "METHOD PATH?QUERY", a line's end, and a body. The library that reads HTTP
 * itself is not ours.
 */
#include "stores.h"

#include "service.h"

#include <ctype.h>
#include <string.h>

static const char *header(const void *connection, const char *name)
{
    (void)connection;
    (void)name;
    return NULL;
}

static int hex(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : -1;
}

/* In place, as the library does it. A NUL ends the value, as it would be refused. */
static void decode(char *text)
{
    char *out = text;

    for (const char *at = text; *at; at++) {
        if (*at == '%' && hex(at[1]) >= 0 && hex(at[2]) >= 0) {
            *out++ = (char)(hex(at[1]) << 4 | hex(at[2]));
            at += 2;
        } else {
            *out++ = *at == '+' ? ' ' : *at;
        }
    }
    *out = '\0';
}

static size_t split_query(char *query, struct http_parameter *out)
{
    size_t count = 0;
    char *save = NULL;

    for (char *part = strtok_r(query, "&", &save); part && count < HTTP_MAX_PARAMETERS; part = strtok_r(NULL, "&", &save)) {
        char *value = strchr(part, '=');

        if (value)
            *value++ = '\0';
        decode(part);
        if (value)
            decode(value);
        out[count++] = (struct http_parameter){ part, value ? value : "" };
    }
    return count;
}

/* "application/json", "application/problem+json" and the like; not "application/jsonl", which is many. */
static bool is_json(const char *type)
{
    size_t length = type ? strlen(type) : 0;

    return length > 4 && strcmp(type + length - 4, "json") == 0;
}

static void check_reply(const struct http_reply *reply)
{
    MUST(reply->status >= 200 && reply->status < 600);
    MUST(reply->header_count <= HTTP_REPLY_HEADERS && !reply->body.failed);
    for (size_t i = 0; i < reply->header_count; i++)
        for (const char *at = reply->headers[i].value; *at; at++)
            MUST((unsigned char)*at >= ' ' && *at != 127);
    if (is_json(reply->type) && reply->body.length > 0) {
        json_t *body = json_loadb(reply->body.data, reply->body.length, JSON_DECODE_ANY, NULL);

        MUST(body);
        json_decref(body);
    }
}

static struct service *start(void)
{
    static struct service service;
    rec_error err = REC_ERROR_INIT;

    if (!service.path) {
        service.path = fuzz_make_store("http.db", true);
        MUST(engines_new(service.path, 1, &service.engines, &err) == REC_OK);
        MUST(service_start(&service, &err) == REC_OK);
    }
    return &service;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct http_parameter parameters[HTTP_MAX_PARAMETERS];
    struct http_request request = { .parameters = parameters, .peer = "unix", .header = header };
    struct http_reply reply = { .body = REC_BUF_INIT(HTTP_MAX_REPLY) }, at_once = reply;
    const uint8_t *end = size > 0 ? memchr(data, '\n', size) : NULL;
    char *line = fuzz_string(data, end ? (size_t)(end - data) : size), *body = NULL, *path, *query;

    path = strchr(line, ' ');
    if (path) {
        *path++ = '\0';
        if ((query = strchr(path, '?')))
            *query++ = '\0';
        decode(path);
        request.method = line;
        request.path = path;
        request.parameter_count = query ? split_query(query, parameters) : 0;
        request.body_length = end ? size - (size_t)(end + 1 - data) : 0;
        MUST(body = calloc(1, request.body_length + 1));
        if (end)
            memcpy(body, end + 1, request.body_length);
        request.body = body;
        service_answer(start(), &request, &reply);
        check_reply(&reply);
        if (service_answer_at_once(start(), &request, &at_once))
            MUST(at_once.status == reply.status && at_once.body.length == reply.body.length);
        else
            MUST(at_once.header_count == 0 && at_once.body.length == 0);
        rec_buf_clear(&at_once.body);
        rec_buf_clear(&reply.body);
        free(body);
    }
    free(line);
    return 0;
}
