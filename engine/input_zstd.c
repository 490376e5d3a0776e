/* Zstandard through libzstd: RFC 8878, frames one behind the other being one content. */
#include "input_internal.h"

#include "alloc.h"

#include <zstd.h>
#include <zstd_errors.h>

#define WINDOW_LOG_MAX 27 /* 128 MB: what `zstd` itself reads by default; a frame cannot ask for more */

struct zstd {
    ZSTD_DCtx *context;
    bool between; /* a frame has ended, all of it was given out, and no byte of a next one was read */
};

static void *open_zstd(void)
{
    struct zstd *zstd = rec_alloc(sizeof(*zstd));

    if (zstd && !(zstd->context = ZSTD_createDCtx())) {
        rec_free(zstd);
        return NULL;
    }
    if (zstd)
        ZSTD_DCtx_setParameter(zstd->context, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
    return zstd;
}

static void close_zstd(void *decompressor)
{
    struct zstd *zstd = decompressor;

    ZSTD_freeDCtx(zstd->context);
    rec_free(zstd);
}

static rec_status fail(size_t result, rec_error *err)
{
    switch (ZSTD_getErrorCode(result)) {
    case ZSTD_error_memory_allocation:
        return rec_fail(err, REC_ENOMEM, "out of memory");
    case ZSTD_error_frameParameter_windowTooLarge:
        return rec_fail(err, REC_EIO, "its Zstandard data asks for a window above %d MB; compress it again without --long",
                        1 << (WINDOW_LOG_MAX - 20));
    default:
        return rec_fail(err, REC_EIO, "its Zstandard data is damaged");
    }
}

static rec_status run_zstd(void *decompressor, const uint8_t *in, size_t *in_length, uint8_t *out, size_t *out_length, bool *at_end,
                           rec_error *err)
{
    struct zstd *zstd = decompressor;
    ZSTD_inBuffer input = { in, *in_length, 0 };
    ZSTD_outBuffer output = { out, *out_length, 0 };
    size_t result = 0;

    if (*in_length > 0 || !zstd->between) {
        result = ZSTD_decompressStream(zstd->context, &output, &input);
        zstd->between = result == 0;
    }
    *in_length = input.pos;
    *out_length = output.pos;
    *at_end = zstd->between;
    return ZSTD_isError(result) ? fail(result, err) : REC_OK;
}

const struct rec_decompressor rec_input_zstd = { open_zstd, run_zstd, close_zstd };
