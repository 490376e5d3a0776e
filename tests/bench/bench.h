/*
 * What the parts of the benchmark share: its settings, the files it works on, and the table it prints.
 */
#ifndef REC_BENCH_H
#define REC_BENCH_H

#include "limits.h"
#include "samples.h"
#include "status.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bench {
    const char *program;  /* recommend */
    char *const *sources; /* (source_count) files of real papers */
    size_t source_count;
    size_t size, threads, questions;
    uint64_t seed;
    struct limits limits;
    char corpus[PATH_MAX], store[PATH_MAX]; /* corpus: what the store is made of */
    char day[PATH_MAX], next_day[PATH_MAX]; /* 1,000 papers each that come later */
    char texts[PATH_MAX];                   /* papers that never come: questions */
    char ids[PATH_MAX], many_ids[PATH_MAX]; /* 100 and 10,000 ids of the store */
    char filters[PATH_MAX];                 /* categories with the share of the papers that has each */
};

#define DAY_PAPERS 1000
#define EDITION_SEEDS 100
#define MANY_SEEDS 10000

/* One line of the table. What is negative or empty is not printed. */
struct row {
    const char *path;
    size_t threads, count; /* runs */
    double p50, p99;       /* seconds */
    double cpu;            /* seconds a run */
    double peak;           /* MiB */
    double recall;         /* of the first ten, against --exact */
    double limit;          /* seconds that the machine's limit allows */
    const char *limited_by;
    double rival; /* seconds, median, measured in turn with ours */
    const char *rival_name;
};

#define ROW_INIT                                                                                                                           \
    {                                                                                                                                      \
        .recall = -1, .limit = -1, .rival = -1, .peak = -1, .cpu = -1                                                                      \
    }

/** Print the head of the table, and a line. */
void report_head(const struct bench *bench);
void report_row(const struct row *row);

/** A line from samples: runs, quantiles, processor time, peak. */
struct row row_of(const char *path, size_t threads, struct samples *samples);

/** Components of a vector in a store of so many papers: what the limits of scans and products follow from. */
double vector_dim(const struct bench *bench);

/** Print sizes of the store's files. */
void report_disk(const struct bench *bench);

/* ---- phases: each in a process of its own, so that what one holds is not part of what another's children are said to hold ------------ */

/** Make the corpus, the later days, the questions and the lists of ids, unless they are there. */
REC_CHECKED rec_status make_corpora(const struct bench *bench, rec_error *err);

/** Import and build, unless the store is there. */
REC_CHECKED rec_status measure_making(const struct bench *bench, rec_error *err);

/** One call, an edition, many answers, a text, filters: whole processes. */
REC_CHECKED rec_status measure_calls(const struct bench *bench, rec_error *err);

/** Texts to vectors. */
REC_CHECKED rec_status measure_embedding(const struct bench *bench, rec_error *err);

/** Questions inside one process, and their recall against exact answers. */
REC_CHECKED rec_status measure_inside(const struct bench *bench, rec_error *err);

/** A day's papers, and readers beside an import. */
REC_CHECKED rec_status measure_growing(const struct bench *bench, rec_error *err);

#endif
