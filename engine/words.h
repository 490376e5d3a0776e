/*
 * Which papers have a word: for each bucket of block W (ngram.h) the rows of the space that have it, in a file. What candidates for a
 * text are found by in a large store, without reading the n-grams of any paper: FILE-words.N, made from FILE-ngrams.N.
 *
 * Rows are cut into segments, each with lists of its own: a row is two bytes in them, what a search adds up for a segment stays in the
 * second cache, and a build copies the segments whose papers have not changed.
 *
 * The file is sealed, of kind "words", dim 0, count the rows, of the model that shaped the space. Its payload, every section padded to 64
 * bytes:
 *   head       struct rec_words_head
 *   of each segment in turn:
 *     scales   float (rows)              of block W: space.scales
 *     starts   uint32 (buckets + 1)      into lists: where each bucket's list begins, and behind them the length of all
 *     lists    uint16                    of each bucket that a row has: for each class (below) how many rows, then these, rising in each
 *   segments   uint64 (segments + 1)     where each begins in the payload, and where the last one ends
 * Occurrences of a word in a paper are told apart in REC_WORD_CLASSES classes: once, twice, three, four or five times, more often.
 */
#ifndef REC_WORDS_H
#define REC_WORDS_H

#include "grams.h"
#include "sealed.h"
#include "space.h"
#include "status.h"

#include <stddef.h>
#include <stdint.h>

#define REC_WORDS_VERSION 1u
#define REC_WORDS_SEGMENT 61440 /* rows: two bytes name each, and can count them all */
#define REC_WORD_CLASSES 5

struct rec_words_head {
    uint8_t ngrams[REC_SEAL_BYTES]; /* as the space names them */
    uint8_t zero[48];
};

/* A mapped file. */
typedef struct rec_words {
    size_t count, segment_count;
    const uint64_t *segments; /* (segment_count + 1) verified */
    rec_sealed sealed;
} rec_words;

#define REC_WORDS_INIT                                                                                                                     \
    {                                                                                                                                      \
        .count = 0                                                                                                                         \
    }

/* A segment of an open file. Borrowed; nothing of it is verified. */
typedef struct rec_words_segment {
    size_t first, rows;
    const float *scales;    /* (rows) */
    const uint32_t *starts; /* (REC_BLOCK_BUCKETS + 1) */
    const uint16_t *lists;  /* (length) */
    size_t length;
} rec_words_segment;

/* The rows of a segment that have a word, class by class. */
typedef struct rec_word_list {
    const uint16_t *rows[REC_WORD_CLASSES]; /* from the segment's first on */
    size_t counts[REC_WORD_CLASSES];
} rec_word_list;

/**
 * Map the file of `space`, whose model it is of. Its header, its head and where segments lie are verified. The caller ends with
 * rec_words_close(). Returns REC_ESTALE (also where it is of another model, of other n-grams or of other than the space's rows),
 * REC_EDAMAGED, REC_EIO or REC_ENOMEM as rec_sealed_open says.
 */
REC_CHECKED rec_status rec_words_open(const char *path, const rec_space *space, const rec_model *model, rec_words *out, rec_error *err);

/** Unmap it. Harmless on REC_WORDS_INIT. */
void rec_words_close(rec_words *words);

/** Whether it is open: there is none in a small store. */
static inline bool rec_words_are_open(const rec_words *words)
{
    return words->sealed.map != NULL;
}

/** Verify all of it. Returns REC_OK or REC_EDAMAGED. */
REC_CHECKED rec_status rec_words_verify(const rec_words *words, rec_error *err);

/** The segment of number `i`. */
rec_words_segment rec_words_segment_at(const rec_words *words, size_t i);

/** Verify `bytes` bytes from `at`, a pointer into a segment. Returns REC_OK or REC_EDAMAGED. */
REC_CHECKED rec_status rec_words_touch(const rec_words *words, const void *at, size_t bytes, rec_error *err);

/* Bytes of room that rec_words_list() wants, at a multiple of 64. */
#define REC_WORDS_ROOM REC_SEALED_ROOM((REC_WORDS_SEGMENT + REC_WORD_CLASSES) * sizeof(uint16_t))

/**
 * The list of a bucket, verified, into `out`: its rows lie in the file or in `room` (see rec_sealed_read). It names no more than
 * REC_WORDS_SEGMENT rows. Returns REC_OK, REC_EDAMAGED or REC_EIO.
 */
REC_CHECKED rec_status rec_words_list(const rec_words *words, const rec_words_segment *segment, uint16_t bucket, void *room,
                                      rec_word_list *out, rec_error *err);

/** The class of a count of occurrences (at least 1), and how often a word of a class occurs, for its weight. */
unsigned rec_word_class(uint32_t tf);
float rec_word_class_weight(unsigned class);

/* What the file is made from. All borrowed. */
typedef struct rec_words_source {
    const rec_space *space;
    const rec_grams *grams;
    const char *fingerprint; /* of the model */
    const rec_words *old;    /* the file in force, of the same model, whose first `unchanged` rows are those of the space; NULL: none */
    size_t unchanged;
    unsigned threads;
} rec_words_source;

/** Write the file. The same bytes for any number of threads and whether there was an old one or not. Returns REC_OK, REC_ENOMEM, REC_EIO or
 * REC_EDAMAGED. */
REC_CHECKED rec_status rec_words_write(const char *path, const rec_words_source *source, rec_error *err);

#endif
