/*
 * Side files with right checksums around bytes of anybody's: no mutation would ever meet a checksum by chance, and what lies behind it
 * would not be tried.
 */
#ifndef REC_FUZZ_SEAL_H
#define REC_FUZZ_SEAL_H

#include "fuzz.h"

#include "sealed.h"

/** Takes the next bytes of an input, `count` of them, zero where it has ended. */
struct fuzz_bytes {
    const uint8_t *data;
    size_t size;
};

void fuzz_take(struct fuzz_bytes *bytes, void *out, size_t count);

/** A sealed file of this payload, as fuzz_file(). */
const char *fuzz_sealed(const rec_sealed_info *info, const uint8_t *payload, size_t size);

/** The bytes of that file; the caller frees them. */
uint8_t *fuzz_seal(const rec_sealed_info *info, const uint8_t *payload, size_t size, size_t *bytes);

/** Give the bytes of a sealed file, whose header says what its payload is, the checksums that they should have. */
void fuzz_sum(uint8_t *file, size_t size);

#endif
