/* Sealing: see seal.h; sealed.h has the layout. */
#include "seal.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define SUM_BYTES 8
#define BYTES_AT 32
#define SEAL_AT 64
#define HEADER_SUM_AT 120

void fuzz_take(struct fuzz_bytes *bytes, void *out, size_t count)
{
    size_t some = count < bytes->size ? count : bytes->size;

    memset(out, 0, count);
    if (some > 0)
        memcpy(out, bytes->data, some);
    bytes->data += some;
    bytes->size -= some;
}

static size_t blocks_of(size_t payload)
{
    return (payload + REC_SEALED_BLOCK - 1) / REC_SEALED_BLOCK;
}

static void put_sum(uint8_t *at, const uint8_t *bytes, size_t length)
{
    XXH64_canonical_t sum;

    XXH64_canonicalFromHash(&sum, XXH3_64bits(bytes, length));
    memcpy(at, sum.digest, SUM_BYTES);
}

void fuzz_sum(uint8_t *file, size_t size)
{
    uint8_t *payload = file + REC_SEALED_HEADER, *sums;
    XXH128_canonical_t seal;
    uint64_t bytes;

    if (size < REC_SEALED_HEADER)
        return;
    memcpy(&bytes, file + BYTES_AT, sizeof(bytes)); /* these tests run where the program does: on little-endian machines */
    if (bytes <= size - REC_SEALED_HEADER && blocks_of(bytes) * SUM_BYTES <= size - REC_SEALED_HEADER - bytes) {
        sums = payload + bytes;
        for (size_t i = 0; i < blocks_of(bytes); i++) {
            size_t from = i * REC_SEALED_BLOCK, rest = bytes - from;

            put_sum(sums + i * SUM_BYTES, payload + from, rest < REC_SEALED_BLOCK ? rest : REC_SEALED_BLOCK);
        }
        XXH128_canonicalFromHash(&seal, XXH3_128bits(sums, blocks_of(bytes) * SUM_BYTES));
        memcpy(file + SEAL_AT, seal.digest, sizeof(seal.digest));
    }
    put_sum(file + HEADER_SUM_AT, file, HEADER_SUM_AT);
}

uint8_t *fuzz_seal(const rec_sealed_info *info, const uint8_t *payload, size_t size, size_t *bytes)
{
    uint64_t payload_bytes = size;
    uint8_t *file;

    *bytes = REC_SEALED_HEADER + size + blocks_of(size) * SUM_BYTES;
    MUST(file = calloc(1, *bytes));
    memcpy(file, "RECSEAL2", 8);
    memcpy(file + 8, info->kind, strnlen(info->kind, 8));
    memcpy(file + 16, &info->version, sizeof(info->version));
    memcpy(file + 20, &info->dim, sizeof(info->dim));
    memcpy(file + 24, &info->count, sizeof(info->count));
    memcpy(file + BYTES_AT, &payload_bytes, sizeof(payload_bytes));
    if (size > 0)
        memcpy(file + REC_SEALED_HEADER, payload, size);
    fuzz_sum(file, *bytes);
    return file;
}

const char *fuzz_sealed(const rec_sealed_info *info, const uint8_t *payload, size_t size)
{
    size_t bytes;
    uint8_t *file = fuzz_seal(info, payload, size, &bytes);
    const char *path = fuzz_file(file, bytes);

    free(file);
    return path;
}
