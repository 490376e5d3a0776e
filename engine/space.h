/*
 * The space that papers are compared in: for each indexed paper, a row, its vectors and what decides ties and twins. In memory while a
 * store is built, a mapped file afterwards.
 *
 * The file is sealed, of kind "vectors", dim the vectors' and count the rows. Its payload, every section padded to 64 bytes:
 *   docs           uint32 (count)   paper numbers, rising
 *   precedence     uint32 (count)   place in the order that breaks ties, lower first
 *   title_keys     uint64 (count)   rec_text_key of the title, 0 where there is none
 *   abstract_keys  uint64 (count)
 *   scales         float (count, REC_BLOCKS)  of the n-gram rows: rec_model_block_scales
 *   dense          float (count, dim)  unit vectors; all zero for a paper without a known n-gram
 *   smooth         float (count, dim)  smoothed vectors; in small stores alone
 */
#ifndef REC_SPACE_H
#define REC_SPACE_H

#include "rec/model.h"
#include "sealed.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REC_SPACE_VERSION 1u
#define REC_NO_PAPER_ROW SIZE_MAX

typedef struct rec_space {
    size_t count, dim;
    uint32_t *docs;
    uint32_t *precedence;
    uint64_t *title_keys;
    uint64_t *abstract_keys;
    float *scales;     /* (count, REC_BLOCKS) */
    float *dense;      /* (count, dim) */
    float *smooth;     /* (count, dim), NULL in a large store */
    rec_sealed sealed; /* where it is a mapped file: nothing above may be written then */
} rec_space;

#define REC_SPACE_INIT                                                                                                                     \
    {                                                                                                                                      \
        .count = 0                                                                                                                         \
    }

/** Room for `count` rows, all zero. The caller ends with rec_space_close(). Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_space_new(size_t count, size_t dim, bool smooth, rec_space *out, rec_error *err);

/** Write it to `path` as a sealed file. Returns REC_OK, REC_EIO or REC_ENOMEM. */
REC_CHECKED rec_status rec_space_save(const rec_space *space, const char *path, const char *fingerprint, rec_error *err);

/** Map what was saved. `model` and `count` are what the store has: REC_ESTALE where they differ, REC_EDAMAGED, REC_EIO as rec_sealed_open
 * says. */
REC_CHECKED rec_status rec_space_load(const char *path, const rec_model *model, size_t count, rec_space *out, rec_error *err);

/** Free or unmap it. */
void rec_space_close(rec_space *space);

/** The row of a paper, REC_NO_PAPER_ROW where it has none. */
size_t rec_space_row(const rec_space *space, int64_t doc);

/** Whether a dense vector is that of a text without a known n-gram. */
bool rec_space_is_zero(const float *vector, size_t dim);

/** Whether a row is a text that anything can be like. */
bool rec_space_has_vector(const rec_space *space, size_t row);

#endif
