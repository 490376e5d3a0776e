/* gzip through zlib: see http_gzip.h. */
#include "http_gzip.h"

#include "alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#define WORTH_IT 512   /* bytes: a smaller body fits into one packet anyway */
#define LEVEL 1        /* of 9: most of the gain for a third of the time */
#define GZIP_WINDOW 31 /* 15 bits, and 16 for gzip's header, which zlib writes without a time */

/* A coding's quality, 1 where none is given. */
static double quality_of(const char *parameters, size_t length)
{
    const char *q = memchr(parameters, 'q', length);

    return q && q + 2 < parameters + length && q[1] == '=' ? strtod(q + 2, NULL) : 1;
}

bool http_takes_gzip(const char *accept_encoding)
{
    bool any = false;

    while (accept_encoding && *accept_encoding) {
        size_t length = strcspn(accept_encoding, ","), blanks = strspn(accept_encoding, " \t");
        const char *coding = accept_encoding + blanks;
        size_t rest = blanks < length ? length - blanks : 0, name = strcspn(coding, ";, \t");

        if (rest > 0 && name <= rest) {
            double quality = quality_of(coding + name, rest - name);

            if (name == 4 && strncasecmp(coding, "gzip", 4) == 0)
                return quality > 0;
            any = any || (name == 1 && *coding == '*' && quality > 0);
        }
        accept_encoding += length + (accept_encoding[length] == ',');
    }
    return any;
}

bool http_gzip(rec_buf *body)
{
    z_stream stream = { .zalloc = Z_NULL };
    Bytef *packed;
    size_t room;
    bool smaller;

    if (body->length < WORTH_IT || body->length > UINT32_MAX / 2 ||
        deflateInit2(&stream, LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    room = deflateBound(&stream, body->length);
    packed = rec_alloc(room);
    stream.next_in = (Bytef *)body->data;
    stream.avail_in = (uInt)body->length;
    stream.next_out = packed;
    stream.avail_out = (uInt)room;
    smaller = packed && deflate(&stream, Z_FINISH) == Z_STREAM_END && stream.total_out < body->length;
    if (smaller) {
        rec_buf_reset(body);
        rec_buf_add(body, packed, stream.total_out);
    }
    deflateEnd(&stream);
    rec_free(packed);
    return smaller && !body->failed;
}
