/*
 * Headers of a request: see http_headers.h. libmicrohttpd takes the first of two lengths, and a coding that it does not know for a body
 * that lasts as long as the connection. A web server before this one may have taken the other, and then what it forwards as one request
 * are two, of which it has judged the first alone (RFC 9112, 6.1, 6.3 and 3.2).
 */
#include "http_headers.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What a name is made of (RFC 9110, 5.6.2). A blank before the colon makes "Content-Length " an unknown name to one reader and a length to
 * another (RFC 9112, 5.1). */
static const char TOKEN[] = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

struct headers {
    bool malformed;                   /* one has a name or value that is none */
    unsigned lengths, codings, hosts; /* how many there are */
    const char *length;               /* the last; libmicrohttpd has refused what is no number */
    bool chunked;                     /* the last coding is "chunked" and nothing else */
};

/*
 * libmicrohttpd 0.9.75 puts a line that goes on the one before it (RFC 9112, 5.2) behind that one's name: a length or coding that stands
 * in such a line is then the end of an unknown name.
 */
static bool is_name(const char *name, size_t length)
{
    static const char *const whole[] = { MHD_HTTP_HEADER_CONTENT_LENGTH, MHD_HTTP_HEADER_TRANSFER_ENCODING };

    for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
        if (length > strlen(whole[i]) && strncasecmp(name, whole[i], strlen(whole[i])) == 0)
            return false;
    return length > 0 && strspn(name, TOKEN) == length;
}

static enum MHD_Result count_header(void *context, enum MHD_ValueKind kind, const char *name, size_t name_length, const char *value,
                                    size_t value_length)
{
    static const char chunked[] = "chunked";
    struct headers *headers = context;

    (void)kind;
    headers->malformed |=
        !is_name(name, name_length) || (value && memchr(value, '\r', value_length)); /* where another may see a line end */
    if (strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0) {
        headers->lengths++;
        headers->length = value;
    } else if (strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0) {
        headers->codings++;
        headers->chunked = value && value_length == strlen(chunked) && strcasecmp(value, chunked) == 0;
    } else if (strcasecmp(name, MHD_HTTP_HEADER_HOST) == 0) {
        headers->hosts++;
    }
    return MHD_YES;
}

unsigned http_judge_headers(struct MHD_Connection *connection, const char *version, size_t max_body)
{
    struct headers headers = { 0 };

    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, count_header, &headers);
    if (headers.malformed || headers.hosts > 1 || headers.lengths + headers.codings > 1)
        return MHD_HTTP_BAD_REQUEST;
    if (headers.codings > 0)
        return headers.chunked && strcmp(version, MHD_HTTP_VERSION_1_0) != 0 ? 0 : MHD_HTTP_BAD_REQUEST;
    return headers.length && strtoull(headers.length, NULL, 10) > max_body ? MHD_HTTP_CONTENT_TOO_LARGE : 0;
}

bool http_is_of_host(const char *authority, size_t length, const char *name)
{
    size_t brackets = strchr(name, ':') ? 1 : 0, named = strlen(name), end = named + 2 * brackets;

    if (length < end || strncasecmp(authority + brackets, name, named) != 0)
        return false;
    if (brackets && (authority[0] != '[' || authority[end - 1] != ']'))
        return false;
    return length == end || (authority[end] == ':' && strspn(authority + end + 1, "0123456789") >= length - end - 1);
}
