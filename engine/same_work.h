/*
 * One work, several records: a preprint beside the published version, one paper from two sources. Whether two records are of one work is
 * decided by the two alone (rec_works_compare), so the order in which they came does not matter. Keys find the few records that are worth
 * comparing: minima of hashed words of the title and of hashed triples of words of the abstract (Broder, "On the resemblance and
 * containment of documents", 1997), each together with the first author.
 */
#ifndef REC_SAME_WORK_H
#define REC_SAME_WORK_H

#include "rec/paper.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REC_WORK_KEYS 6 /* of a record, at most */

/**
 * The keys of a record with this title, abstract and authors (a JSON array of names); each may be NULL. Records of one work that differ in
 * title share at least one nearly always. Returns how many there are; 0 where the texts are too short to tell anything.
 */
size_t rec_works_keys(const char *title, const char *abstract, const char *authors, uint64_t out[REC_WORK_KEYS]);

/* What two records have in common, and what follows. */
typedef struct rec_work_evidence {
    bool same_title;    /* but for case, accents, punctuation */
    bool same_markers;  /* numbers, numerals and words such as "part", "reply", "erratum" of the titles */
    bool rivals;        /* two different arXiv ids: mostly two works */
    bool siblings;      /* two preprints, or two that are none: where titles differ, mostly one group's next paper */
    double title_alike; /* share of the titles' words that are in both, 0 to 1 */
    double abstract_in; /* share of the shorter abstract's triples of words that are in the other; -1 where one has too few, or where
                           titles and authors have decided */
    size_t authors[2];  /* how many each has */
    size_t shared;      /* family names in both */
    bool same_work;
} rec_work_evidence;

/** Compare two records, each with its abstract. Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_works_compare(const rec_paper *a, const rec_paper *b, rec_work_evidence *out, rec_error *err);

#endif
