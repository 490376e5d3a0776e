/*
 * The packed n-gram rows (packed.h) of a store's indexed papers, in files: counted once from their texts, read by everything that compares
 * papers. FILE-ngrams.N, whose rows are the rows of FILE-index.N.
 *
 * A build that adds papers does not write the old rows again: its file refers to earlier ones, its parts, and says of each row, old or new,
 * where it stands. A part stays as long as a file that is in force refers to it. Which parts a new file keeps is decided by
 * rec_grams_choose(); the rows of the others are copied.
 *
 * A file is sealed, of kind "ngrams", without a fingerprint: counts depend on the text and on REC_NGRAM_VERSION alone, which is the
 * layout's version. The index names the file that belongs to it by its seal. `count` is the rows, `dim` the parts. Its payload, every
 * section padded to 64 bytes:
 *   words    uint16                   packed rows, in the order they were written
 *   starts   uint64 (count)           the word that a row begins at: the words of all parts in turn are counted through, then its own
 *   lengths  uint32 (count)           words of a row, all of one part
 *   parts    struct rec_gram_part (dim)   oldest first
 * Of a part only the words are read: its own tables and parts were those of its time.
 */
#ifndef REC_GRAMS_H
#define REC_GRAMS_H

#include "rec/packed.h"
#include "sealed.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REC_GRAM_PARTS 32 /* that a file refers to, at most */

/* A part as the file tells of it, little-endian. */
struct rec_gram_part {
    int64_t side;   /* the number in its name */
    uint64_t words; /* that it has, with their padding */
    uint8_t seal[REC_SEAL_BYTES];
};

/* Words of one file, mapped. */
typedef struct rec_gram_words {
    int64_t side;
    const uint16_t *words;
    uint64_t first, count; /* number of its first word, counted through all, and how many it has */
    rec_sealed sealed;
} rec_gram_words;

/* A mapped file and its parts. */
typedef struct rec_grams {
    size_t count;
    const uint64_t *starts;  /* (count) */
    const uint32_t *lengths; /* (count) */
    rec_gram_words *files;   /* (file_count) the parts, then the file itself */
    size_t file_count;
} rec_grams;

#define REC_GRAMS_INIT                                                                                                                     \
    {                                                                                                                                      \
        .count = 0                                                                                                                         \
    }

/**
 * Map a file of `count` rows, whose name ends in its number, and its parts. `seal`, where not NULL, is that of the file that belongs to the
 * index. Nothing but headers and the table of parts is verified. The caller ends with rec_grams_close(). Returns REC_ESTALE (also where it
 * has other than `count` rows, or another seal), REC_EDAMAGED, REC_EIO or REC_ENOMEM as rec_sealed_open says.
 */
REC_CHECKED rec_status rec_grams_open(const char *path, size_t count, const uint8_t *seal, rec_grams *out, rec_error *err);

/**
 * As rec_grams_open for a file that was just written and refers to files of `from`: those are taken over as they are, with what was
 * verified of them, and `from` is closed, whatever the result. It may be REC_GRAMS_INIT.
 */
REC_CHECKED rec_status rec_grams_open_after(const char *path, size_t count, rec_grams *from, rec_grams *out, rec_error *err);

/** The seal of an open file (REC_SEAL_BYTES), which vouches for its parts as well. Borrowed. */
const uint8_t *rec_grams_seal(const rec_grams *grams);

/** Unmap it. Harmless on REC_GRAMS_INIT. */
void rec_grams_close(rec_grams *grams);

/**
 * The numbers of the parts that a file refers to into `sides`, without opening them. Returns what rec_grams_open() does.
 */
REC_CHECKED rec_status rec_grams_sides(const char *path, int64_t sides[REC_GRAM_PARTS], size_t *count, rec_error *err);

/**
 * Verify all of it, on `threads` threads. Memory does not grow with the files: what was read is given back. Returns REC_OK or REC_EDAMAGED.
 */
REC_CHECKED rec_status rec_grams_verify(const rec_grams *grams, unsigned threads, rec_error *err);

/** A row, verified, into `out`; borrowed from the file. Several threads may ask at once. Returns REC_OK or REC_EDAMAGED. */
REC_CHECKED rec_status rec_grams_row(const rec_grams *grams, size_t row, rec_packed *out, rec_error *err);

/** Have the processor fetch the beginning of a row that will be asked for soon. */
void rec_grams_fetch(const rec_grams *grams, size_t row);

/** Give the memory that holds read parts of the files back. They are read again when they are asked for. */
void rec_grams_release(const rec_grams *grams);

/* ---- writing (grams_write.c) --------------------------------------------------------------------------------------- */

/* A file being written: rows in any order, then where each of them stands. */
typedef struct rec_grams_writer rec_grams_writer;

#define REC_GRAM_OWN UINT32_MAX

/* Where a row stands. */
typedef struct rec_gram_place {
    uint64_t start; /* in the words of its part, or in those that the file has itself */
    uint32_t length;
    uint32_t part; /* as rec_grams_keep() numbered it; REC_GRAM_OWN: the row is the file's own */
} rec_gram_place;

/**
 * Begin a file, aside (sealed.h). On success the caller ends with rec_grams_commit() or rec_grams_abort(). Returns REC_EIO
 * or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_grams_create(const char *path, rec_grams_writer **out, rec_error *err);

/** Append a row. `*place` says where it stands. Returns REC_OK, REC_EIO, or REC_EINVAL (longer than 2^32 words). */
REC_CHECKED rec_status rec_grams_put(rec_grams_writer *writer, rec_packed row, rec_gram_place *place, rec_error *err);

/** Words that were put so far. */
uint64_t rec_grams_put_so_far(const rec_grams_writer *writer);

/**
 * Which of `count` files a new one keeps as parts, oldest first: of file i, `words[i]` words, `used[i]` are of rows that stay. `fresh`
 * words are new. Kept is what is mostly used, and, from the newest back, at least twice as long as all that is written: so every word is
 * copied a number of times that grows as the logarithm of the store's size, there are as few parts, and at most half of what lies on the
 * disk is of no use. At most REC_GRAM_PARTS are kept.
 */
void rec_grams_choose(const uint64_t *words, const uint64_t *used, size_t count, uint64_t fresh, bool *kept);

/** Have the new file keep a file of `from`, which lies beside it, as its next part. Returns that part's number. */
uint32_t rec_grams_keep(rec_grams_writer *writer, const rec_grams *from, size_t file);

/** Where a row of an open file stands: in which of its files, and where in that. Returns REC_OK or REC_EDAMAGED. */
REC_CHECKED rec_status rec_grams_find(const rec_grams *grams, size_t row, size_t *file, rec_gram_place *place, rec_error *err);

/**
 * Say where each row stands, `places` (count), and put the file in its place. The writer is gone afterwards. Returns
 * REC_OK, REC_EIO or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_grams_commit(rec_grams_writer *writer, const rec_gram_place *places, size_t count, rec_error *err);

/** Drop what was written. NULL is allowed. */
void rec_grams_abort(rec_grams_writer *writer);

#endif
