/* Compressing a reply's body. */
#ifndef REC_HTTP_GZIP_H
#define REC_HTTP_GZIP_H

#include "buf.h"

#include <stdbool.h>

/** Whether a client that sent this Accept-Encoding (NULL: none) takes gzip (RFC 9110, 12.5.3). */
bool http_takes_gzip(const char *accept_encoding);

/** Replace the body by its gzip form, the same bytes for the same body. False, and the body as it was, where that fails or does not pay. */
bool http_gzip(rec_buf *body);

#endif
