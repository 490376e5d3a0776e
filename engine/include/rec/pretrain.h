/*
 * Training a table (table.h) on the papers of a store, without labels: what ships with the program was made by this.
 */
#ifndef REC_PRETRAIN_H
#define REC_PRETRAIN_H

#include "rec/progress.h"
#include "rec/store.h"
#include "sealed.h"
#include "status.h"

#include <stddef.h>
#include <stdint.h>

#define REC_PRETRAIN_LEAST 100      /* usable papers: with fewer there is nothing to learn */
#define REC_PRETRAIN_MAX_BATCH 8192 /* memory and time of a step grow with its square */
#define REC_PRETRAIN_MAX_PASSES 1000

typedef struct rec_pretrain_options {
    size_t passes;       /* over the usable papers, 1 to REC_PRETRAIN_MAX_PASSES */
    size_t batch;        /* pairs a step, 2 to REC_PRETRAIN_MAX_BATCH; a quarter of the usable papers where that is less */
    double temperature;  /* REC_TEMPERATURE_MIN to 10 */
    double rate;         /* of learning, at first; above 0, to 10 */
    double title_share;  /* of the steps that pair titles with abstracts, 0 to 1 */
    double author_share; /* of the steps that pair papers of one first author; both together at most 1 */
    uint64_t seed;
    unsigned threads; /* 0: as many as there are processors */
    rec_progress progress;
} rec_pretrain_options;

/* What the shipped table was made with. */
#define REC_PRETRAIN_DEFAULTS                                                                                                              \
    {                                                                                                                                      \
        .passes = 6, .batch = 1024, .temperature = .07, .rate = .1, .title_share = .45, .author_share = .10, .seed = 7                     \
    }

typedef struct rec_pretrain_report {
    uint64_t papers; /* with text, which the document frequencies count */
    uint64_t usable; /* with a title of 2 tokens and an abstract of 20: what pairs are made of */
    uint64_t steps;
    char fingerprint[REC_FINGERPRINT_CHARS]; /* of the table */
} rec_pretrain_report;

/**
 * Train a table on the papers of `store` and write it to `path`, aside and renamed. Same store, same settings, same file, for any `threads`
 * and on any machine. Needs 6 kB of memory a paper and 150 MB. After a failure `path` is as it was.
 *
 * Returns REC_EINVAL (a setting out of range; `path` is the store, or a file of it), REC_EFORMAT (fewer than REC_PRETRAIN_LEAST usable papers),
 * REC_EIO (`path` cannot be written; told before the training where that can be known), REC_ENOMEM, or what the store reports.
 */
REC_CHECKED rec_status rec_pretrain(rec_store *store, const rec_pretrain_options *options, const char *path, rec_pretrain_report *report,
                                    rec_error *err);

#endif
