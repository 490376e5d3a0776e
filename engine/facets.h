/*
 * What papers are filtered and grouped by, a row each: the span of the date, categories, authors. Part of the space (space.h): filled row
 * by row while a store is built, mapped afterwards.
 */
#ifndef REC_FACETS_H
#define REC_FACETS_H

#include "rec/store.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct rec_facets {
    size_t count;
    int32_t *first_days, *last_days; /* (count) of the date's span as YYYYMMDD; 0: no date */
    uint32_t *category_offsets;      /* (count + 1): row i has categories[category_offsets[i]] to [category_offsets[i + 1] - 1] */
    uint32_t *categories;            /* numbers of names, from 0, as the paper lists them */
    uint32_t *author_offsets;        /* (count + 1) */
    uint32_t *authors;               /* rec_author_key of each author, as the paper lists them; 0: a name without a letter */
    char *names;                     /* (names_bytes) of categories, each terminated, in the order of their numbers */
    size_t names_bytes;
    size_t categories_room, authors_room; /* items that there is room for, or that are mapped */
    /* While rows are added: room for rows and bytes, and a table that finds a name's number. */
    size_t room, names_room;
    uint32_t *slots;   /* (slot_count) number of a name plus 1, 0 where empty */
    uint32_t *name_at; /* (name_room) where a name begins */
    size_t slot_count, name_count, name_room;
} rec_facets;

#define REC_FACETS_INIT                                                                                                                    \
    {                                                                                                                                      \
        .count = 0                                                                                                                         \
    }

/** Free what was allocated. Not for facets whose arrays are mapped. */
void rec_facets_clear(rec_facets *facets);

/**
 * Add a row for the paper that `text` is; a list that is no JSON array of strings counts as empty. Returns REC_OK, REC_ENOMEM or
 * REC_EINVAL (more names than can be numbered).
 */
REC_CHECKED rec_status rec_facets_add(rec_facets *facets, const rec_text *text, rec_error *err);

/** Give the categories of `from` the numbers they have there; before any row is added. Errors as rec_facets_add. */
REC_CHECKED rec_status rec_facets_adopt_names(rec_facets *facets, const rec_facets *from, rec_error *err);

/** Add a row like `row` of `from`, which was filled row by row, or is mapped and had its names adopted. Errors as rec_facets_add. */
REC_CHECKED rec_status rec_facets_copy(rec_facets *facets, const rec_facets *from, size_t row, rec_error *err);

/** The number of a category's name, compared byte by byte; UINT32_MAX where no row has it. */
uint32_t rec_facets_category(const rec_facets *facets, const char *name);

/**
 * A key of an author's name in reading order, "Given Family": equal where the folded last word and the folded first letter are. Different
 * authors may share one. 0 where there is no letter.
 */
uint32_t rec_author_key(const char *name);

#endif
