/*
 * Sealed files: every side file of a store (model, index, table) is one. A sealed file can refuse: it names what it is, which version,
 * shape and model it belongs to, and carries checksums over every byte. It is written aside, synced and renamed, so a file under its
 * final name is whole.
 *
 * The payload has a checksum for each block, so that whoever needs a few rows of a large file sums those and not all of it. The header
 * seals the table of checksums. Nothing of the payload may be used before rec_sealed_verify() has vouched for it.
 *
 * Layout, little-endian, 128 bytes before the payload:
 *    0  8  magic "RECSEAL2"
 *    8  8  kind, zero-padded: "model", "index", "ngrams", "map", "table"
 *   16  4  version of the payload's layout
 *   20  4  dim: components of a vector, or what the kind says
 *   24  8  count: vectors, or what the kind counts
 *   32  8  payload bytes
 *   40 16  fingerprint of the model that shaped it, or of the table that it is
 *   56  8  zero
 *   64 16  XXH3-128 of the table of checksums, canonical byte order
 *   80 40  zero
 *  120  8  XXH3-64 of bytes 0 to 119, canonical byte order
 *  128     payload
 *          table: for each block of REC_SEALED_BLOCK bytes of the payload, the last one may be shorter, its XXH3-64, canonical byte order
 */
#ifndef REC_SEALED_H
#define REC_SEALED_H

#include "status.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REC_SEALED_HEADER 128
#define REC_SEALED_BLOCK 4096
#define REC_FINGERPRINT_BYTES 16
#define REC_FINGERPRINT_CHARS 33 /* 32 hexadecimal digits and a NUL */

typedef struct rec_sealed_info {
    char kind[9]; /* at most 8 characters */
    uint32_t version;
    uint32_t dim;
    uint64_t count;
    char fingerprint[REC_FINGERPRINT_CHARS]; /* hexadecimal, lower case */
} rec_sealed_info;

/* A file, mapped read-only. */
typedef struct rec_sealed {
    rec_sealed_info info;
    const uint8_t *payload; /* 64-byte aligned; valid until rec_sealed_close() */
    size_t bytes;           /* of payload */
    void *map;
    size_t map_bytes;
    const uint8_t *sums;         /* the table of checksums */
    _Atomic(uint64_t) *verified; /* a bit for each block that was verified in the map */
    _Atomic(size_t) *read;       /* blocks that rec_sealed_read() has copied */
    int fd;                      /* open where `map` is not NULL */
    char *path;                  /* for messages */
    bool remade;                 /* a build remakes it, and messages say so */
} rec_sealed;

#define REC_SEALED_INIT                                                                                                                    \
    {                                                                                                                                      \
        .map = NULL                                                                                                                        \
    }

/**
 * Map `path` and verify its header, its size and its table of checksums. `kind` and `version` must match.
 *
 * On success the caller ends with rec_sealed_close(); on failure `out` is untouched. Returns REC_ESTALE
 * (no such file, another layout version, or sealed by an older release), REC_EDAMAGED (not a sealed file, cut, longer than it says,
 * altered, or of another kind), REC_EIO or REC_ENOMEM. Messages of the first two end with what remakes the file: a build.
 */
REC_CHECKED rec_status rec_sealed_open(const char *path, const char *kind, uint32_t version, rec_sealed *out, rec_error *err);

/** As rec_sealed_open, for a file that no build makes: the message ends with what is wrong, and the caller knows what helps. */
REC_CHECKED rec_status rec_sealed_map(const char *path, const char *kind, uint32_t version, rec_sealed *out, rec_error *err);

/**
 * Verify the blocks that hold `length` bytes of the payload from `offset`, which lie in it. A block is summed once; several threads may ask
 * at once. Returns REC_OK or REC_EDAMAGED: the block was altered.
 */
REC_CHECKED rec_status rec_sealed_verify(const rec_sealed *sealed, size_t offset, size_t length, rec_error *err);

/* Bytes of room that rec_sealed_read() wants for `length` bytes, at a multiple of 64. */
#define REC_SEALED_ROOM(length) ((length) / REC_SEALED_BLOCK * REC_SEALED_BLOCK + 2 * REC_SEALED_BLOCK)

/**
 * Verify `length` bytes of the payload from `offset`, which lie in it, for a look at them alone: `*out` points into the payload, or to
 * their copy in `room`, as long as that stays. For a few bytes in each of many places: to read and verify them takes a third of the time of
 * a page fault, which maps sixteen pages, and of taking these away in the end. A process that goes on is better off with the map, so that
 * no more than some thousand blocks are copied. Returns REC_OK, REC_EDAMAGED or REC_EIO.
 */
REC_CHECKED rec_status rec_sealed_read(const rec_sealed *sealed, size_t offset, size_t length, void *room, const void **out,
                                       rec_error *err);

/** Verify all of the payload. */
REC_CHECKED rec_status rec_sealed_verify_all(const rec_sealed *sealed, rec_error *err);

#define REC_SEAL_BYTES 16

/** What tells a file's content from any other: the sum of its table of checksums (REC_SEAL_BYTES). Borrowed until it is closed. */
const uint8_t *rec_sealed_seal(const rec_sealed *sealed);

/** Unmap. Harmless on REC_SEALED_INIT. */
void rec_sealed_close(rec_sealed *sealed);

/** Bytes that a section of a payload takes where the next one begins at a multiple of 64, as payloads themselves do. */
static inline size_t rec_sealed_padded(size_t bytes)
{
    return (bytes + 63) / 64 * 64;
}

/* A file being written aside. */
typedef struct rec_sealed_writer rec_sealed_writer;

/**
 * Begin `path`, written aside (aside.h) until it is committed. On success the caller ends with rec_sealed_commit() or
 * rec_sealed_abort(). Returns REC_EINVAL (the name is too long), REC_EBUSY (another process is writing it), REC_EIO or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_sealed_create(const char *path, const rec_sealed_info *info, rec_sealed_writer **out, rec_error *err);

/** Say what it counts, and its dimension, where that was not known when it was begun. */
void rec_sealed_set_shape(rec_sealed_writer *writer, uint32_t dim, uint64_t count);

/** Append payload. A failure is remembered and reported by the commit as well. */
REC_CHECKED rec_status rec_sealed_write(rec_sealed_writer *writer, const void *bytes, size_t length, rec_error *err);

/**
 * The payload is whole: have the disk begin to take it while the caller does something else. Nothing may be appended afterwards. A failure
 * is reported by the commit.
 */
void rec_sealed_finish(rec_sealed_writer *writer);

/**
 * Finish, sync, rename, and sync the folder. The writer is gone afterwards, whatever the result;
 * on failure the aside file is removed and an older file under `path` is untouched.
 */
REC_CHECKED rec_status rec_sealed_commit(rec_sealed_writer *writer, rec_error *err);

/** Drop what was written. NULL is allowed. */
void rec_sealed_abort(rec_sealed_writer *writer);

/** XXH3-128 of `length` bytes as a fingerprint string. */
void rec_fingerprint(const void *bytes, size_t length, char out[REC_FINGERPRINT_CHARS]);

#endif
