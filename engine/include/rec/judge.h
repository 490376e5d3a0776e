/*
 * Scoring rankings against relevance judgements: the measures of the field, as trec_eval and the papers named define them.
 */
#ifndef REC_JUDGE_H
#define REC_JUDGE_H

#include "rec/store.h"
#include "status.h"

#include <stddef.h>

/* One judgement: `doc` is relevant to `query` by `grade`, 0 not at all. Numbers are the store's; 0 for a paper it does not hold. */
typedef struct rec_judgement {
    rec_doc query;
    rec_doc doc;
    unsigned grade;
} rec_judgement;

#define REC_MAX_GRADE 15

typedef struct rec_judgements {
    rec_judgement *items; /* (count) by query, then falling grade, then document */
    size_t count;
} rec_judgements;

#define REC_JUDGEMENTS_INIT                                                                                                                \
    {                                                                                                                                      \
        NULL, 0                                                                                                                            \
    }

/**
 * Read judgements: lines of `query<TAB>document<TAB>grade`, or TREC qrels (`query 0 document grade`, separated by white space); "-", .gz
 * and .zst as everywhere. A document that is its own query is left out, and so is a line whose query is not stored. On success the caller
 * ends with rec_judgements_clear(). Returns REC_EFORMAT (file and line named), REC_ENOMEM, or what source and store report.
 */
REC_CHECKED rec_status rec_judgements_load(rec_store *store, const char *path, rec_judgements *out, rec_error *err);

void rec_judgements_clear(rec_judgements *judgements);

/* Depth of each measure. */
#define REC_NDCG_DEPTH 10
#define REC_PRECISION_DEPTH 10
#define REC_MAP_DEPTH 100
#define REC_RECALL_DEPTH 50

/* One query's scores, or their means. */
typedef struct rec_measures {
    double ndcg;      /* at 10: gain 2^grade - 1, discount log2(rank + 1), ideal over all judged papers (Burges et al., ICML 2005) */
    double precision; /* at 10: share of relevant papers, any grade above 0 */
    double map;       /* at 100: average precision over min(relevant, 100) */
    double recall;    /* at 50: share of the relevant papers found */
} rec_measures;

/**
 * Score one ranking (`count` papers, best first) of `query`. A query without a relevant paper scores 0 everywhere, as does an empty
 * ranking.
 */
rec_measures rec_judge(const rec_judgements *judgements, rec_doc query, const rec_doc *ranking, size_t count);

#endif
