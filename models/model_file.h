/*
 * The payload of a model file, also the model in memory. Little-endian, 64-byte aligned sections in this order:
 *
 *   head      struct rec_model_head, 64 bytes
 *   idf       float (REC_FEATURES)
 *   row_of    uint32 (REC_FEATURES): row of the projection, REC_NO_ROW where a feature has none
 *   scale     float (rows), padded to 64 bytes: what a step of the row's bytes is worth
 *   bytes     int8 (rows, fit_dim): the projection, row by row, rounded to 1/127 of the row's largest component
 *   common_keys     uint32 (common_authors), padded to 64 bytes: names that count for less, rising
 *   common_weights  float (common_authors), padded to 64 bytes
 * and, where the model has part I:
 *   table_idf    float (REC_BLOCK_BUCKETS)
 *   table_scale  float (REC_BLOCK_BUCKETS)
 *   table_bytes  int8 (REC_BLOCK_BUCKETS, REC_TABLE_DIM): the adapted table, rounded like the projection
 */
#ifndef REC_MODEL_FILE_H
#define REC_MODEL_FILE_H

#include "rec/model.h"

#define REC_NO_ROW UINT32_MAX

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "model files are mapped as they are: a big-endian machine needs a conversion here"
#endif

struct rec_model_head {
    uint32_t ngram_version; /* REC_NGRAM_VERSION of the counts it was fitted on */
    uint32_t fit_dim;       /* components of L */
    uint32_t table_dim;     /* components of I: REC_TABLE_DIM, or 0 where there is none */
    uint32_t rows;
    uint64_t papers;
    uint32_t is_small;
    uint32_t blocks;    /* blocks that the projection reads: 1 is W, 2 is W and C */
    float weights[3];   /* of S, the dense and the smoothed cosine in the fused score */
    float fit_share;    /* of L in the square of a dense vector's length; the rest is I's */
    float author_share; /* of what the rest leaves to 1, for papers of the same authors */
    uint32_t common_authors;
    uint8_t zero[8];
};

struct rec_model {
    char fingerprint[REC_FINGERPRINT_CHARS];
    const struct rec_model_head *head;
    const float *idf;
    const uint32_t *row_of;
    const float *scale;
    const int8_t *bytes;
    const uint32_t *common_keys;
    const float *common_weights;
    const float *table_idf; /* these three NULL where there is no part I */
    const float *table_scale;
    const int8_t *table_bytes;
    rec_sealed sealed; /* where it was mapped from a file */
    void *owned;       /* where it was fitted: the payload */
    size_t payload_bytes;
};

/** Bytes of a payload with such a head, 0 where its numbers are out of range. */
size_t rec_model_payload_bytes(const struct rec_model_head *head);

/** Point the sections of `model` into `payload`, whose head is filled in. */
void rec_model_lay_out(struct rec_model *model, const void *payload);

#endif
