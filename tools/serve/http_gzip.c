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

static bool is_named(const char *coding, size_t length, const char *name)
{
    return length == strlen(name) && strncasecmp(coding, name, length) == 0;
}

/* RFC 9110, 12.5.3: '*' stands for what is not named, and of what is taken the client likes one better. */
bool http_takes_gzip(const char *accept_encoding)
{
    double gzip = -1, any = 0, plain = 0; /* qualities; plain is always taken, but liked only where it is named */

    while (accept_encoding && *accept_encoding) {
        size_t length = strcspn(accept_encoding, ","), blanks = strspn(accept_encoding, " \t");
        const char *coding = accept_encoding + blanks;
        size_t rest = blanks < length ? length - blanks : 0, name = strcspn(coding, ";, \t");

        if (rest > 0 && name <= rest) {
            double quality = quality_of(coding + name, rest - name);

            if (is_named(coding, name, "gzip") || is_named(coding, name, "x-gzip"))
                gzip = quality;
            else if (is_named(coding, name, "*"))
                any = quality;
            else if (is_named(coding, name, "identity"))
                plain = quality;
        }
        accept_encoding += length + (accept_encoding[length] == ',');
    }
    gzip = gzip < 0 ? any : gzip;
    return gzip > 0 && gzip >= plain;
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
