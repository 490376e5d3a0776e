/*
 * The space that papers are compared in: for each indexed paper, a row, its vectors, what decides ties and twins, and what it is filtered
 * by. In memory while a store is built, a mapped file afterwards: FILE-index.N.
 *
 * The file is sealed, of kind "index", dim the vectors' and count the rows. Its payload, every section padded to 64 bytes:
 *   head             struct rec_space_head
 *   docs             uint32 (count)      paper numbers, rising
 *   precedence       uint32 (count)      place in the order that breaks ties, lower first
 *   title_keys       uint64 (count)      rec_text_key of the title, 0 where there is none
 *   abstract_keys    uint64 (count)
 *   scales           float (count, REC_BLOCKS)  of the n-gram rows: rec_model_block_scales
 *   first_days       int32 (count)       of the date's span, YYYYMMDD, 0 without a date
 *   last_days        int32 (count)
 *   category_offsets uint32 (count + 1)  into categories
 *   categories       uint32 (head.categories)  numbers of names
 *   author_offsets   uint32 (count + 1)  into authors
 *   authors          uint32 (head.authors)     keys of authors
 *   names            (head.names_bytes)  names of categories, each ended by a NUL
 *   signs            uint64 (count, rec_signs_words(dim))  sign codes of dense
 *   factors          float (count)       of dense; 0 for a paper without a known n-gram
 *   dense            int8 (count, dim)   unit vectors as byte codes (codes.h)
 *   smooth_factors   float (count)       these two in small stores alone
 *   smooth           int8 (count, dim)   smoothed vectors
 *
 * Nothing is verified when the file is opened but its header. Of a mapped space, whoever reads a row calls rec_space_touch() first, and
 * whoever reads a whole column rec_space_touch_column().
 */
#ifndef REC_SPACE_H
#define REC_SPACE_H

#include "facets.h"
#include "rec/codes.h"
#include "rec/model.h"
#include "sealed.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REC_SPACE_VERSION 2u
#define REC_NO_PAPER_ROW SIZE_MAX

struct rec_space_head {
    uint64_t categories, authors, names_bytes;
    uint8_t ngrams[REC_SEAL_BYTES]; /* the seal of the FILE-ngrams that belongs to it */
    uint8_t zero[24];
};

typedef struct rec_space {
    size_t count, dim;
    uint8_t ngrams[REC_SEAL_BYTES]; /* the seal of the file of its papers' n-grams (grams.h) */
    uint32_t *docs;
    uint32_t *precedence;
    uint64_t *title_keys;
    uint64_t *abstract_keys;
    float *scales; /* (count, REC_BLOCKS) */
    rec_facets facets;
    uint64_t *signs;       /* (count, rec_signs_words(dim)) */
    float *factors;        /* (count) */
    int8_t *dense;         /* (count, dim) */
    float *smooth_factors; /* (count), NULL in a large store */
    int8_t *smooth;        /* (count, dim), NULL in a large store */
    rec_sealed sealed;     /* where it is a mapped file: nothing above may be written then */
} rec_space;

#define REC_SPACE_INIT                                                                                                                     \
    {                                                                                                                                      \
        .count = 0                                                                                                                         \
    }

/** Room for `count` rows, all zero, and no facets yet. The caller ends with rec_space_close(). Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_space_new(size_t count, size_t dim, bool smooth, rec_space *out, rec_error *err);

/**
 * Write it as a sealed file; it has as many facets as rows. It gets its name, `path`, when the caller commits `out` (sealed.h). Returns
 * REC_OK, REC_EIO or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_space_write(const rec_space *space, const char *path, const char *fingerprint, rec_sealed_writer **out,
                                       rec_error *err);

/** Write it to `path`. Returns REC_OK, REC_EIO or REC_ENOMEM. */
REC_CHECKED rec_status rec_space_save(const rec_space *space, const char *path, const char *fingerprint, rec_error *err);

/**
 * Map what was saved. `model` and `count` are what the store has: REC_ESTALE where they differ, REC_EDAMAGED, REC_EIO or REC_ENOMEM as
 * rec_sealed_open says.
 */
REC_CHECKED rec_status rec_space_load(const char *path, const rec_model *model, size_t count, rec_space *out, rec_error *err);

/** Free or unmap it. */
void rec_space_close(rec_space *space);

/** Verify all of a mapped space. Returns REC_OK or REC_EDAMAGED. */
REC_CHECKED rec_status rec_space_verify(const rec_space *space, rec_error *err);

/** Verify what is stored of a row, in every column. Cheap where it was done before. Returns REC_OK or REC_EDAMAGED. */
REC_CHECKED rec_status rec_space_touch(const rec_space *space, size_t row, rec_error *err);

/* Bytes of room that rec_space_read_code() wants, at a multiple of 64. */
#define REC_CODE_ROOM REC_SEALED_ROOM(REC_DIM_MAX)

/**
 * The dense code of a row, verified, for a look at a few rows here and there: its items lie in the space or in `room` (see
 * rec_sealed_read). Returns REC_OK, REC_EDAMAGED or REC_EIO.
 */
REC_CHECKED rec_status rec_space_read_code(const rec_space *space, size_t row, void *room, rec_code *out, rec_error *err);

/** Verify `bytes` bytes of a column from `at`, a pointer into the space. Returns REC_OK or REC_EDAMAGED. */
REC_CHECKED rec_status rec_space_touch_part(const rec_space *space, const void *at, size_t bytes, rec_error *err);

/** The row of a paper, REC_NO_PAPER_ROW where it has none, into `out`. Returns REC_OK or REC_EDAMAGED. */
REC_CHECKED rec_status rec_space_row(const rec_space *space, int64_t doc, size_t *out, rec_error *err);

/** Take `vector` (dim) as the dense, or as the smoothed, vector of a row. */
void rec_space_put(rec_space *space, size_t row, const float *vector);
void rec_space_put_smooth(rec_space *space, size_t row, const float *vector);

/** The dense, or the smoothed, vector of a row; `items` is NULL where the space has no smoothed ones. */
rec_code rec_space_code(const rec_space *space, size_t row);
rec_code rec_space_smooth_code(const rec_space *space, size_t row);

/** The authors of a row; none where it has no facets yet. */
rec_authors rec_space_authors(const rec_space *space, size_t row);

/** The dense vectors of `count` rows from `first` into `out` (count, dim). */
void rec_space_restore(const rec_space *space, size_t first, size_t count, float *out);

/** Whether a row is a text that anything can be like. */
bool rec_space_has_vector(const rec_space *space, size_t row);

#endif
