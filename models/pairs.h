/*
 * Pairs of texts that should be alike, drawn from papers without labels: what the table is trained on (contrast.h).
 */
#ifndef REC_PAIRS_H
#define REC_PAIRS_H

#include "rec/table.h"
#include "rec/vector.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the two texts of a pair have in common. */
typedef enum rec_pair_kind {
    REC_PAIR_TITLE,  /* a title, and its abstract */
    REC_PAIR_HALVES, /* two parts of an abstract, the title with one of them */
    REC_PAIR_AUTHOR  /* two papers of one first author */
} rec_pair_kind;

/* A text as a weighted set of features of block W. */
typedef struct rec_side {
    uint16_t *features; /* (room) rising within each of its parts */
    float *weights;
    size_t length;
} rec_side;

typedef struct rec_pairs rec_pairs;

/**
 * Begin to draw. `idf` (REC_BLOCK_BUCKETS) and `texts` are borrowed. The caller ends with rec_pairs_free(). Returns REC_OK or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_pairs_new(const rec_training *texts, const float *idf, size_t batch, unsigned threads, uint64_t seed,
                                     rec_pairs **out, rec_error *err);

/**
 * Draw a batch of one kind. No paper, and no author, stands in two of its pairs. Papers, and authors, come in rounds, each in a new
 * order: none twice in a round, and in each those behind its last whole batch not at all. `*count` may be less than the batch where not
 * as many can serve. Where no author is known halves are drawn instead. The sides, `*left` and `*right`, are the pairs' own until the
 * next call. The same for any number of threads.
 */
REC_CHECKED rec_status rec_pairs_draw(rec_pairs *pairs, rec_pair_kind kind, const rec_side **left, const rec_side **right, size_t *count,
                                      rec_error *err);

/** Free it. NULL is allowed. */
void rec_pairs_free(rec_pairs *pairs);

#endif
