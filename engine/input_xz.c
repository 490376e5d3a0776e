/* xz through liblzma: streams one behind the other being one content, with or without padding between them. */
#include "input_internal.h"

#include "alloc.h"

#include <lzma.h>

#define MEMORY_MAX (128u << 20) /* bytes of the decoder: twice what `xz -9` asks for, and what Zstandard may have here */

struct xz {
    lzma_stream stream;
    bool between; /* a stream has ended and no byte of a next one was read */
};

static lzma_ret begin(struct xz *xz)
{
    return lzma_stream_decoder(&xz->stream, MEMORY_MAX, 0);
}

static void *open_xz(void)
{
    struct xz *xz = rec_alloc(sizeof(*xz)); /* zeroed, which is LZMA_STREAM_INIT */

    if (xz && begin(xz) != LZMA_OK) {
        rec_free(xz);
        return NULL;
    }
    return xz;
}

static void close_xz(void *decompressor)
{
    struct xz *xz = decompressor;

    lzma_end(&xz->stream);
    rec_free(xz);
}

static rec_status fail(lzma_ret result, rec_error *err)
{
    switch (result) {
    case LZMA_MEM_ERROR:
        return rec_fail(err, REC_ENOMEM, "out of memory");
    case LZMA_MEMLIMIT_ERROR:
        return rec_fail(err, REC_EIO, "its xz data asks for more than %u MB; compress it again with a smaller dictionary",
                        MEMORY_MAX >> 20);
    case LZMA_OPTIONS_ERROR:
        return rec_fail(err, REC_EIO, "its xz data uses what this liblzma does not know");
    default:
        return rec_fail(err, REC_EIO, "its xz data is damaged");
    }
}

/* Padding between streams is zeros. */
static size_t skip_padding(const uint8_t *in, size_t length)
{
    size_t n = 0;

    while (n < length && in[n] == 0)
        n++;
    return n;
}

static rec_status run_xz(void *decompressor, const uint8_t *in, size_t *in_length, uint8_t *out, size_t *out_length, bool *at_end,
                         rec_error *err)
{
    struct xz *xz = decompressor;
    size_t padding = xz->between ? skip_padding(in, *in_length) : 0;
    lzma_ret result = LZMA_OK;

    xz->stream.next_in = in + padding;
    xz->stream.avail_in = *in_length - padding;
    xz->stream.next_out = out;
    xz->stream.avail_out = *out_length;
    if (xz->between && xz->stream.avail_in > 0) {
        result = begin(xz);
        xz->between = false;
    }
    if (result == LZMA_OK && !xz->between)
        result = lzma_code(&xz->stream, LZMA_RUN);
    if (result == LZMA_STREAM_END)
        xz->between = true;
    *in_length -= xz->stream.avail_in;
    *out_length -= xz->stream.avail_out;
    *at_end = xz->between;
    return result == LZMA_OK || result == LZMA_STREAM_END || result == LZMA_BUF_ERROR ? REC_OK : fail(result, err);
}

const struct rec_decompressor rec_input_xz = { open_xz, run_xz, close_xz };
