/*
 * Sealed files: every side file of a store (model, vectors, index, table) is one. A sealed file can refuse:
 * it names what it is, which version, shape and model it belongs to, and carries a checksum over every byte,
 * verified before any of it is used. It is written aside, synced and renamed, so a file under its
 * final name is whole.
 *
 * Layout, little-endian, 128 bytes before the payload:
 *    0  8  magic "RECSEAL1"
 *    8  8  kind, zero-padded: "model", "vectors", "index", "table"
 *   16  4  version of the payload's layout
 *   20  4  dim: components of a vector
 *   24  8  count: vectors, or what the kind counts
 *   32  8  payload bytes
 *   40 16  fingerprint of the model that shaped it, or of the table that it is
 *   56  8  zero
 *   64 16  XXH3-128 of the payload, canonical byte order
 *   80 40  zero
 *  120  8  XXH3-64 of bytes 0 to 119, canonical byte order
 *  128     payload
 */
#ifndef REC_SEALED_H
#define REC_SEALED_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>

#define REC_SEALED_HEADER 128
#define REC_FINGERPRINT_BYTES 16
#define REC_FINGERPRINT_CHARS 33 /* 32 hexadecimal digits and a NUL */

typedef struct rec_sealed_info {
    char kind[9]; /* at most 8 characters */
    uint32_t version;
    uint32_t dim;
    uint64_t count;
    char fingerprint[REC_FINGERPRINT_CHARS]; /* hexadecimal, lower case */
} rec_sealed_info;

/* A verified file, mapped read-only. */
typedef struct rec_sealed {
    rec_sealed_info info;
    const uint8_t *payload; /* 64-byte aligned; valid until rec_sealed_close() */
    size_t bytes;           /* of payload */
    void *map;
    size_t map_bytes;
} rec_sealed;

#define REC_SEALED_INIT                                                                                                                    \
    {                                                                                                                                      \
        { "", 0, 0, 0, "" }, NULL, 0, NULL, 0                                                                                              \
    }

/**
 * Map `path` and verify all of it. `kind` and `version` must match.
 *
 * On success the caller ends with rec_sealed_close(); on failure `out` is untouched. Returns REC_ESTALE
 * (no such file, or another layout version), REC_EDAMAGED (not a sealed file, cut, longer than it says,
 * altered, or of another kind) or REC_EIO. Messages of the first two end with what remakes the file: a build.
 */
REC_CHECKED rec_status rec_sealed_open(const char *path, const char *kind, uint32_t version, rec_sealed *out, rec_error *err);

/** As rec_sealed_open, for a file that no build makes: the message ends with what is wrong, and the caller knows what helps. */
REC_CHECKED rec_status rec_sealed_map(const char *path, const char *kind, uint32_t version, rec_sealed *out, rec_error *err);

/** Unmap. Harmless on REC_SEALED_INIT. */
void rec_sealed_close(rec_sealed *sealed);

/* A file being written aside. */
typedef struct rec_sealed_writer rec_sealed_writer;

/**
 * Begin `path`, written to `path` + ".tmp" until it is committed. On success the caller ends with
 * rec_sealed_commit() or rec_sealed_abort(). Returns REC_EIO or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_sealed_create(const char *path, const rec_sealed_info *info, rec_sealed_writer **out, rec_error *err);

/** Append payload. A failure is remembered and reported by the commit as well. */
REC_CHECKED rec_status rec_sealed_write(rec_sealed_writer *writer, const void *bytes, size_t length, rec_error *err);

/**
 * Write the header, sync, rename, and sync the folder. The writer is gone afterwards, whatever the result;
 * on failure the aside file is removed and an older file under `path` is untouched.
 */
REC_CHECKED rec_status rec_sealed_commit(rec_sealed_writer *writer, rec_error *err);

/** Drop what was written. NULL is allowed. */
void rec_sealed_abort(rec_sealed_writer *writer);

/** XXH3-128 of `length` bytes as a fingerprint string. */
void rec_fingerprint(const void *bytes, size_t length, char out[REC_FINGERPRINT_CHARS]);

#endif
