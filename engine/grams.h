/*
 * The packed n-gram rows (packed.h) of a store's indexed papers, in a file: counted once from their texts, read by everything that compares
 * papers. FILE-ngrams.N, whose rows are the rows of FILE-index.N.
 *
 * The file is sealed, of kind "ngrams", dim 0, without a fingerprint: counts depend on the text and on REC_NGRAM_VERSION alone, which is
 * the layout's version. The index names the file that belongs to it by its seal. `count` is the rows. Its payload: words    uint16   packed
 * rows, in the order they were written; padded to 64 bytes starts   uint64 (count)   the word that a row begins at; padded to 64 bytes
 *   lengths  uint32 (count)   words of a row; padded to 64 bytes
 */
#ifndef REC_GRAMS_H
#define REC_GRAMS_H

#include "rec/packed.h"
#include "sealed.h"
#include "status.h"

#include <stddef.h>
#include <stdint.h>

/* A mapped file. */
typedef struct rec_grams {
    size_t count;
    const uint16_t *words;
    size_t word_count;
    const uint64_t *starts;  /* (count) */
    const uint32_t *lengths; /* (count) */
    rec_sealed sealed;
} rec_grams;

#define REC_GRAMS_INIT                                                                                                                     \
    {                                                                                                                                      \
        .count = 0                                                                                                                         \
    }

/**
 * Map a file of `count` rows. `seal`, where not NULL, is that of the file that belongs to the index. Nothing but its header is verified.
 * The caller ends with rec_grams_close(). Returns REC_ESTALE (also where it has other than `count` rows, or another seal), REC_EDAMAGED,
 * REC_EIO or REC_ENOMEM as rec_sealed_open says.
 */
REC_CHECKED rec_status rec_grams_open(const char *path, size_t count, const uint8_t *seal, rec_grams *out, rec_error *err);

/** Unmap it. Harmless on REC_GRAMS_INIT. */
void rec_grams_close(rec_grams *grams);

/** Verify all of it. Returns REC_OK or REC_EDAMAGED. */
REC_CHECKED rec_status rec_grams_verify(const rec_grams *grams, rec_error *err);

/** A row, verified, into `out`; borrowed from the file. Several threads may ask at once. Returns REC_OK or REC_EDAMAGED. */
REC_CHECKED rec_status rec_grams_row(const rec_grams *grams, size_t row, rec_packed *out, rec_error *err);

/** Have the processor fetch the beginning of a row that will be asked for soon. */
void rec_grams_fetch(const rec_grams *grams, size_t row);

/** Give the memory that holds read parts of the file back. They are read again when they are asked for. */
void rec_grams_release(const rec_grams *grams);

/* A file being written: rows in any order, then where each of them stands. */
typedef struct rec_grams_writer rec_grams_writer;

/* Where a row stands in the file. */
typedef struct rec_gram_place {
    uint64_t start;
    uint32_t length;
} rec_gram_place;

/**
 * Begin a file, aside (sealed.h). On success the caller ends with rec_grams_commit() or rec_grams_abort(). Returns REC_EIO
 * or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_grams_create(const char *path, rec_grams_writer **out, rec_error *err);

/** Append a row. `*place` says where it stands. Returns REC_OK, REC_EIO, or REC_EINVAL (longer than 2^32 words). */
REC_CHECKED rec_status rec_grams_put(rec_grams_writer *writer, rec_packed row, rec_gram_place *place, rec_error *err);

/**
 * Say where each row stands, `places` (count), and put the file in its place. The writer is gone afterwards. Returns
 * REC_OK, REC_EIO or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_grams_commit(rec_grams_writer *writer, const rec_gram_place *places, size_t count, rec_error *err);

/** Drop what was written. NULL is allowed. */
void rec_grams_abort(rec_grams_writer *writer);

#endif
