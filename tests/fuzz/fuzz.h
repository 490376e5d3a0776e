/*
 * What the fuzz targets share. A target is a file with LLVMFuzzerTestOneInput(), which libFuzzer (preset fuzz) or driver.c (any other)
 * calls with bytes of anybody's. It must come back, leak nothing, and find true what it checks with MUST().
 */
#ifndef REC_FUZZ_H
#define REC_FUZZ_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold whatever the bytes are. Ends the process as a crash does, which is what both drivers look out for. */
#define MUST(condition)                                                                                                                    \
    do {                                                                                                                                   \
        if (!(condition)) {                                                                                                                \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                                                        \
            abort();                                                                                                                       \
        }                                                                                                                                  \
    } while (0)

/** A refusal must have one of our codes and a sentence. */
void fuzz_refusal(rec_status rc, const rec_error *err);

/** The path of a file that exists in memory alone and holds these bytes; until the next call. */
const char *fuzz_file(const uint8_t *data, size_t size);

/** The bytes as a string: a copy that ends at the first NUL, so that reading behind it is seen. The caller frees it. */
char *fuzz_string(const uint8_t *data, size_t size);

#endif
