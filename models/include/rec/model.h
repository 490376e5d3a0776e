/*
 * The fitted model: n-gram counts in, unit vectors and likeness out. Knows neither store nor index.
 *
 * Part S is the exact cosine of idf-weighted n-gram rows; part L a projection of those rows to a few hundred dense dimensions,
 * fitted on the user's own papers by randomised truncated singular value decomposition (latent semantic analysis: Deerwester et al., 1990;
 * Halko, Martinsson and Tropp, SIAM Review 2011); part I the sum of the rows of a trained table (table.h), adapted to those papers. L and
 * I, one behind the other, are a paper's dense vector. docs/how-it-works.md has the formulas.
 *
 * A model never changes once it is made, and may be used from several threads at once.
 */
#ifndef REC_MODEL_H
#define REC_MODEL_H

#include "rec/codes.h"
#include "rec/ngram.h"
#include "rec/packed.h"
#include "rec/table.h"
#include "sealed.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REC_MODEL_VERSION 3u
#ifndef REC_FIT_DIM
#define REC_FIT_DIM 256 /* components of part L, at most; a multiple of 16 */
#endif
#define REC_DIM_MAX (REC_FIT_DIM + REC_TABLE_DIM)

/* Stores of up to this many papers are "small": see rec_model_is_small(). */
#define REC_SMALL_STORE 10000u

/* A large store's projection is fitted on this many of its papers, and its table is adapted to so many texts. */
#define REC_FIT_SAMPLE 25000u
#define REC_ADAPT_SAMPLE 100000u

/* The n-gram counts of many papers, one behind the other. Borrowed by whoever is given it. */
typedef struct rec_rows {
    const rec_count *items;
    const uint64_t *offsets; /* (count + 1): row i is items[offsets[i]] to items[offsets[i + 1] - 1] */
    size_t count;
} rec_rows;

/* Authors, each as a key of the name; 0: a name that says nothing. Borrowed. */
typedef struct rec_authors {
    const uint32_t *keys; /* (count) */
    size_t count;
} rec_authors;

typedef struct rec_model rec_model;

/* What is known of all papers of a store. Borrowed. */
typedef struct rec_census {
    uint64_t papers;             /* those without text included: a store of up to REC_SMALL_STORE is small */
    uint64_t with_text;          /* those with n-grams, which document frequencies are shares of */
    const uint32_t *papers_with; /* (REC_FEATURES) how many have each feature */
} rec_census;

/* What a model is fitted on. All borrowed. */
typedef struct rec_fit {
    rec_rows rows;          /* the papers that the projection is fitted on: all of a small store, a sample of a large one */
    rec_census census;      /* `papers_with` NULL: the rows are all papers */
    rec_training texts;     /* papers for the table; count 0: it is taken as it is */
    rec_authors authors;    /* of all papers, one behind the other: which names are common */
    const rec_table *table; /* NULL: a model without part I */
    unsigned threads;
} rec_fit;

/**
 * Fit a model: document frequencies, the projection on the rows, the table adapted to the texts. Any number of rows will do, 0 included;
 * rows without features are passed over.
 *
 * The same papers in the same order give the same model, bit for bit, for any number of threads. On success the caller ends with
 * rec_model_free(). Returns REC_OK or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_model_fit(const rec_fit *fit, rec_model **out, rec_error *err);

/** Write it as a sealed file of kind "model". Returns REC_OK, REC_EIO or REC_ENOMEM. */
REC_CHECKED rec_status rec_model_save(const rec_model *model, const char *path, rec_error *err);

/**
 * Map a saved model. `fingerprint`, where not NULL, is the one the store expects. The rows that vectors are made of are most of the file,
 * and are not verified: whoever embeds a paper with a mapped model calls rec_model_touch() or, once, rec_model_verify() first.
 *
 * Returns REC_ESTALE (missing, another layout, or another fingerprint: both are named), REC_EDAMAGED, REC_EIO or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_model_load(const char *path, const char *fingerprint, rec_model **out, rec_error *err);

/** Verify all of a mapped model. Returns REC_OK or REC_EDAMAGED. */
REC_CHECKED rec_status rec_model_verify(const rec_model *model, rec_error *err);

/** Verify the rows that embedding this paper reads. Cheap where it was done before. Returns REC_OK or REC_EDAMAGED. */
REC_CHECKED rec_status rec_model_touch(const rec_model *model, const rec_count *items, size_t length, rec_error *err);

/** Free or unmap it. NULL is allowed. */
void rec_model_free(rec_model *model);

/** 32 hexadecimal digits over everything that shapes a vector or a score. Borrowed from the model. */
const char *rec_model_fingerprint(const rec_model *model);

/** Components of its vectors: a multiple of 16, at most REC_DIM_MAX. Positions a small corpus cannot fill are zero. */
size_t rec_model_dim(const rec_model *model);

/** Papers that it was fitted on, those without text included. */
uint64_t rec_model_papers(const rec_model *model);

/** Whether it was fitted on a small store: then vectors are also smoothed over their neighbours (rec_smooth). */
bool rec_model_is_small(const rec_model *model);

/**
 * The dense vector of one paper, unit length, into `out` (dim); all zero where none of its n-grams is known.
 * The order of additions is fixed: the same bits on every machine.
 */
void rec_model_embed(const rec_model *model, const rec_count *items, size_t length, float *out);

/** Reciprocal lengths of the paper's weighted blocks W and C, each times its share of the row; 0 for an empty block. */
void rec_model_block_scales(const rec_model *model, const rec_count *items, size_t length, float scales[REC_BLOCKS]);

/** Neighbours a smoothed vector is made of, the paper itself included. */
#define REC_SMOOTH_NEIGHBOURS 5

/**
 * Smooth a vector over its nearest neighbours: out = normalise(sum over i of max(likeness[i], 0)^3 * vectors[i]), in the order given (the
 * paper itself first, with likeness 1). Database-side feature augmentation: Turcot and Lowe, ICCV workshops 2009; the weights: Gordo et
 * al., IJCV 2017.
 */
void rec_smooth(const rec_code *vectors, const float *likeness, size_t count, size_t dim, float *out);

/* One paper as the score sees it. All borrowed; there is no `smooth` in a large store. */
typedef struct rec_view {
    rec_packed packed;
    const float *scales; /* (REC_BLOCKS) of rec_model_block_scales */
    rec_code dense;      /* (dim) */
    rec_code smooth;     /* (dim) */
    rec_authors authors; /* none: the part of the authors is 0 */
} rec_view;

/*
 * The parts of a likeness; each lies in -1 to 1. With t as the sum that the model's weights make of S, the dense and the smoothed cosine,
 * `total` is t + share * authors * (1 - t).
 */
typedef struct rec_parts {
    float sparse;  /* S: cosine of the n-gram rows */
    float dense;   /* cosine of the dense vectors, L and I together */
    float smooth;  /* cosine of the smoothed dense vectors; 0 in a large store */
    float authors; /* what the authors share, 0 to 1 */
    float total;
} rec_parts;

/* What the parts are made of, and what each adds to the whole. S is the sum of its blocks; the dense cosine that of its two halves. */
typedef struct rec_detail {
    float words;         /* block W's part of S */
    float characters;    /* block C's */
    float fitted;        /* L's part of the dense cosine */
    float trained;       /* I's */
    float weights[3];    /* of S, the dense and the smoothed cosine in the total */
    float author_weight; /* of the authors' part in it: a share of what the texts leave to 1 */
} rec_detail;

/* A paper that others are compared with: its row is spread out once. One thread at a time. */
typedef struct rec_query rec_query;

/** Make an empty query for `model`, which must outlive it. The caller ends with rec_query_free(). Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_query_new(const rec_model *model, rec_query **out, rec_error *err);

/** Free it. NULL is allowed. */
void rec_query_free(rec_query *query);

/** Compare with this paper from now on. What `view` points to must live as long as it is used. */
void rec_query_set(rec_query *query, const rec_view *view);

/** The likeness of the query's paper and `other`. */
rec_parts rec_query_score(const rec_query *query, const rec_view *other);

/** What authors in common have added to a likeness whose total is `total`. */
float rec_model_authors_add(const rec_model *model, rec_authors a, rec_authors b, float total);

/** What that likeness is made of. */
rec_detail rec_query_detail(const rec_query *query, const rec_view *other);

/**
 * What the n-grams of a paper, whose row has `scales`, are guessed to add to the likeness's total, from its words alone: a tenth of the
 * work of scoring it, good enough to tell which of many papers are worth that.
 */
float rec_query_guess(const rec_query *query, rec_packed packed, const float *scales);

/** What a cosine of dense vectors is multiplied with in the total. */
float rec_query_dense_share(const rec_query *query);

/** What S is multiplied with in it. */
float rec_query_sparse_share(const rec_query *query);

/* A feature of block W in the query's row. */
typedef struct rec_gain {
    uint16_t bucket;
    float gain;  /* what it adds to S for a paper that has it once, but for that paper's scale of the block */
    float share; /* of the papers have it, as its idf tells */
} rec_gain;

/** The features of block W in the query's row into `out` (rec_packed_features() of that row at most). Returns how many they are. */
size_t rec_query_words(const rec_query *query, rec_gain *out);

#endif
