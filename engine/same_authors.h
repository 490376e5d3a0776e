/* Naming the authors that two papers share, for a reader. */
#ifndef REC_SAME_AUTHORS_H
#define REC_SAME_AUTHORS_H

#include "buf.h"
#include "rec/model.h"
#include "status.h"

/* The names of a paper's authors, and their keys (facets.h). Owned by whoever filled it: rec_author_names_clear(). */
typedef struct rec_author_names {
    void *list;     /* a JSON array, which the names are borrowed from; NULL where there is none */
    uint32_t *keys; /* (count) */
    size_t count;
} rec_author_names;

void rec_author_names_clear(rec_author_names *names);

/** Read a JSON array of names in reading order; NULL, and what is no such array, has none. Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_author_names_read(const char *array, rec_author_names *out, rec_error *err);

/** The keys, as the score takes them. Borrowed. */
rec_authors rec_author_names_keys(const rec_author_names *names);

/**
 * Append "also by ", and the authors of `other` that seem to be authors of `seed` as well: two, and how many more. Nothing where there is
 * none. Names seem to be one author's where their keys are equal and their first names do not contradict each other: an initial may stand
 * for any name, "Ann" is not "Amy".
 */
void rec_same_authors(const rec_author_names *seed, const rec_author_names *other, rec_buf *out);

#endif
