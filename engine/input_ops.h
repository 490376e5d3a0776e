/*
 * What the module "input" offers: decompressors that are fed blocks of a file and give back blocks of its content.
 */
#ifndef REC_INPUT_OPS_H
#define REC_INPUT_OPS_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Raised with every change to the structure below: a module left over from another release is refused, not called. */
#define REC_INPUT_OPS_LAYOUT 1

#define REC_INPUT_MODULE "input"
#define REC_INPUT_SYMBOL "rec_input_ops"

/* One compressed format. */
struct rec_decompressor {
    /** Make a decompressor, or NULL when memory is out. */
    void *(*open)(void);
    /**
     * Decompress from `in` (`*in_length` bytes) into `out` (`*out_length` bytes of room); both lengths become what was used and written.
     * Members or frames that follow each other are one content. `*at_end` says whether the content may end here.
     *
     * Returns REC_OK, or REC_EIO or REC_ENOMEM with the reason alone in `err`: the caller knows the file's name.
     */
    rec_status (*run)(void *decompressor, const uint8_t *in, size_t *in_length, uint8_t *out, size_t *out_length, bool *at_end,
                      rec_error *err);
    void (*close)(void *decompressor);
};

struct rec_input_ops {
    unsigned layout; /* REC_INPUT_OPS_LAYOUT; first, so that any release can read it */
    const struct rec_decompressor *gzip;
    const struct rec_decompressor *zstd;
};

#endif
