/* Headers of a reply: see http.h. Used on both sides of the module's border. */
#include "http.h"

#include <stdio.h>

void http_reply_header(struct http_reply *reply, const char *name, const char *format, ...)
{
    char *value;
    va_list arguments;

    if (reply->header_count == HTTP_REPLY_HEADERS)
        return;
    value = reply->headers[reply->header_count].value;
    va_start(arguments, format);
    vsnprintf(value, sizeof(reply->headers[0].value), format, arguments);
    va_end(arguments);
    for (char *at = value; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7F)
            *at = '?';
    reply->headers[reply->header_count++].name = name;
}
