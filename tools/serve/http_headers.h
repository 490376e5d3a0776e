/* What the headers of a request must be, before anything else of it is looked at. */
#ifndef REC_HTTP_HEADERS_H
#define REC_HTTP_HEADERS_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * Whether the headers say one thing alone of where the request ends and which host it is for. Returns 0, MHD_HTTP_BAD_REQUEST (a second
 * Content-Length or Host, a length beside a transfer coding, a coding that is not "chunked" alone, or any in HTTP/1.0, a name or value with
 * what none has) or MHD_HTTP_CONTENT_TOO_LARGE (more than `max_body` bytes are announced).
 */
unsigned http_judge_headers(struct MHD_Connection *connection, const char *version, size_t max_body);

/**
 * Whether an authority of `length` bytes ("host", "host:port", "[::1]:port") is of that host, at whatever port; capital letters are small
 * ones. `name` is a host's name or address, of IPv6 without brackets.
 */
bool http_is_of_host(const char *authority, size_t length, const char *name);

#endif
