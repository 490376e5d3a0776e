/* gzip through zlib: RFC 1952, members one behind the other being one content. */
#include "input_internal.h"

#include "alloc.h"

#include <limits.h>
#include <zlib.h>

struct gzip {
    z_stream stream;
    bool between; /* a member has ended and no byte of a next one was read */
};

static void *open_gzip(void)
{
    struct gzip *gzip = rec_alloc(sizeof(*gzip));

    if (gzip && inflateInit2(&gzip->stream, 15 + 16) != Z_OK) { /* the largest window; a gzip header is asked for */
        rec_free(gzip);
        return NULL;
    }
    return gzip;
}

static rec_status run_gzip(void *decompressor, const uint8_t *in, size_t *in_length, uint8_t *out, size_t *out_length, bool *at_end,
                           rec_error *err)
{
    struct gzip *gzip = decompressor;
    size_t given = *in_length < UINT_MAX ? *in_length : UINT_MAX, room = *out_length < UINT_MAX ? *out_length : UINT_MAX;
    int result = Z_OK;

    gzip->stream.next_in = (Bytef *)in;
    gzip->stream.avail_in = (uInt)given;
    gzip->stream.next_out = out;
    gzip->stream.avail_out = (uInt)room;
    if (gzip->between && given > 0) {
        inflateReset(&gzip->stream);
        gzip->between = false;
    }
    if (!gzip->between)
        result = inflate(&gzip->stream, Z_NO_FLUSH);
    if (result == Z_STREAM_END)
        gzip->between = true;
    *in_length = given - gzip->stream.avail_in;
    *out_length = room - gzip->stream.avail_out;
    *at_end = gzip->between;
    if (result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR) /* the last: it needs more input or room */
        return REC_OK;
    if (result == Z_MEM_ERROR)
        return rec_fail(err, REC_ENOMEM, "out of memory");
    return rec_fail(err, REC_EIO, "its gzip data is damaged");
}

static void close_gzip(void *decompressor)
{
    struct gzip *gzip = decompressor;

    inflateEnd(&gzip->stream);
    rec_free(gzip);
}

const struct rec_decompressor rec_input_gzip = { open_gzip, run_gzip, close_gzip };
