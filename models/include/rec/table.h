/*
 * The trained table: a vector for each bucket of hashed words and pairs of words, learnt without labels from what every paper carries:
 * its title, and its abstract, which can be cut in two. Part I of the score.
 *
 * One table is shipped, trained on papers of many fields; fitting a model adapts it, or one of the user's, to the store's papers. Texts
 * become vectors as the weighted sum of their features' rows. Two texts of one paper are trained to be nearer to each other than to the
 * others of their batch (InfoNCE: van den Oord et al., 2018, in both directions: Radford et al., 2021). docs/how-it-works.md has the
 * formulas.
 */
#ifndef REC_TABLE_H
#define REC_TABLE_H

#include "rec/ngram.h"
#include "sealed.h"
#include "status.h"

#include <stddef.h>
#include <stdint.h>

#define REC_TABLE_VERSION 1u
#ifndef REC_TABLE_DIM
#define REC_TABLE_DIM 256u
#endif

#define REC_TRAINING_TOKENS 512   /* of a title or an abstract that training reads */
#define REC_TEMPERATURE_MIN 0.02f /* below, the sum of e^(cosine / temperature) over a batch leaves the range of a float */

/* Texts to train on, all borrowed. No title and no abstract has more than REC_TRAINING_TOKENS. */
typedef struct rec_training {
    const rec_token *tokens;
    const uint64_t *offsets; /* (2 * count + 1): paper i's title is tokens[offsets[2i]] to [offsets[2i + 1] - 1], its abstract follows */
    const uint32_t *authors; /* (count) papers of one first author have one number; 0: not known. NULL: none is known */
    size_t count;
} rec_training;

/* How to train. */
typedef struct rec_training_plan {
    size_t batch;      /* pairs a step, at least 2 */
    float temperature; /* at least REC_TEMPERATURE_MIN */
    float rate;        /* of learning, at first; falls to 0 in a straight line */
    size_t steps;
    size_t warm_up;     /* first steps, over which the rate rises */
    float title_share;  /* of the steps that pair titles with abstracts; the rest pairs halves */
    float author_share; /* of the steps that pair papers of one first author */
    uint64_t seed;
    unsigned threads;
    void (*progress)(void *context, size_t step, size_t steps); /* NULL: none */
    void *context;
} rec_training_plan;

/** Papers that every kind of pair can be made of: with a title of at least 2 tokens and an abstract of at least 20. */
size_t rec_training_usable(const rec_training *texts);

/**
 * Give `plan`, whose batch and warm-up are what is wished for, the steps that draw about `pairs` pairs from `papers`: the batch is at most
 * a quarter of the papers, for partners must differ from pass to pass, and the warm-up about a tenth of the steps.
 */
void rec_training_plan_steps(rec_training_plan *plan, size_t papers, size_t pairs);

/**
 * Train `rows` (REC_BLOCK_BUCKETS, REC_TABLE_DIM) in place. `idf` (REC_BLOCK_BUCKETS) weighs the features, 0 leaves one out. The same
 * bits for any number of threads and on any machine. Returns REC_OK or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_table_train(const rec_training *texts, const float *idf, const rec_training_plan *plan, float *rows,
                                       rec_error *err);

/* A trained table, quantised and mapped from its file. */
typedef struct rec_table rec_table;

/**
 * Write a trained table as a sealed file of kind "table": each row in steps of 4 bits. `papers` is how many it was trained on; their
 * document frequencies made `idf`. Returns REC_OK, REC_EIO or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_table_save(const float *rows, const float *idf, uint64_t papers, const char *path, rec_error *err);

/** Write an open table to another file: the same bytes. Returns REC_OK, REC_EIO or REC_ENOMEM. */
REC_CHECKED rec_status rec_table_copy(const rec_table *table, const char *path, rec_error *err);

/**
 * Map a table. The caller ends with rec_table_close(). Returns REC_ESTALE (missing, or of another layout), REC_EDAMAGED, REC_EIO or
 * REC_ENOMEM; the message does not say what helps, which depends on whose table it is.
 */
REC_CHECKED rec_status rec_table_open(const char *path, rec_table **out, rec_error *err);

/** Unmap it. NULL is allowed. */
void rec_table_close(rec_table *table);

/** 32 hexadecimal digits over all of it. Borrowed from the table. */
const char *rec_table_fingerprint(const rec_table *table);

/** Papers that it was trained on. */
uint64_t rec_table_papers(const rec_table *table);

/** A bucket's inverse document frequency in the papers that it was trained on. */
float rec_table_idf(const rec_table *table, uint32_t bucket);

/** A bucket's row into `out` (REC_TABLE_DIM). */
void rec_table_row(const rec_table *table, uint32_t bucket, float *out);

#endif
