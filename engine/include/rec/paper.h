/*
 * One paper, as read from a record and as stored.
 */
#ifndef REC_PAPER_H
#define REC_PAPER_H

#include "rec/date.h"
#include "rec/id.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest texts that are accepted, in bytes; a longer field makes the record refused. */
#define REC_MAX_TITLE 4096
#define REC_MAX_ABSTRACT (1 << 20)
#define REC_MAX_FIELD (1 << 16)
#define REC_MAX_LIST 10000 /* authors, keywords, categories of one paper */
#define REC_MAX_ALIASES 8

/* What a paper may be marked with: such a paper is never suggested. */
#define REC_FLAG_WITHDRAWN 1u
#define REC_FLAG_RETRACTED 2u

/*
 * Strings are owned by the paper, NULL where the record has no such field. Lists are JSON arrays of
 * strings, as text: they are stored and printed whole far more often than they are walked.
 */
typedef struct rec_paper {
    rec_id id;                       /* canonical; id.version is the record's version, 0 where it names none */
    rec_id aliases[REC_MAX_ALIASES]; /* the record's other ids, canonical */
    size_t alias_count;
    char *title;          /* clean (clean.h), "" where the record has an empty one, NULL where none */
    char *abstract;       /* the same */
    char *title_original; /* as given, only where cleaning changed it */
    char *abstract_original;
    char *authors;    /* JSON array, names in reading order: "Given Family" */
    char *categories; /* JSON array */
    char *keywords;   /* JSON array */
    char *venue;
    char *url;
    rec_date date;    /* publication; text "" where unknown */
    rec_date updated; /* last revision, where the source tells; text "" where not */
    bool has_upvotes;
    double upvotes;
    unsigned flags;      /* REC_FLAG_... */
    unsigned flags_told; /* those that the record speaks of, to set or to clear; of what is stored, 0 */
    char *extra;         /* JSON object of the record's unknown fields, NULL where there are none */
} rec_paper;

#define REC_PAPER_INIT                                                                                                                     \
    {                                                                                                                                      \
        .alias_count = 0                                                                                                                   \
    }

/** Free what the paper owns and make it empty. */
void rec_paper_clear(rec_paper *paper);

/** Keys of title and abstract (rec_text_key); 0 where there is none. */
uint64_t rec_paper_title_key(const rec_paper *paper);
uint64_t rec_paper_abstract_key(const rec_paper *paper);

#endif
