/* Lines of the tables that scores and candidates come in: cut into columns, and their ids looked up. */
#ifndef REC_COLUMNS_H
#define REC_COLUMNS_H

#include "rec/source.h"
#include "rec/store.h"

/** Cut `line` at tabs, or at blanks where it has no tab; runs of them count once. Returns how many columns there are, at most `limit`. */
size_t rec_columns(char *line, char **columns, size_t limit);

/** The paper that an id in any spelling names; 0 where it is not stored, or is no id at all. Returns what the store reports. */
REC_CHECKED rec_status rec_find_paper(rec_store *store, const char *id, rec_doc *out, rec_error *err);

/* Looks papers up and remembers the last: lines of one query mostly stand together. Begins with all but the store zero. */
struct rec_finder {
    rec_store *store;
    char *id;
    rec_doc doc;
};

/** As rec_find_paper; REC_ENOMEM as well. */
REC_CHECKED rec_status rec_finder_find(struct rec_finder *finder, const char *id, rec_doc *out, rec_error *err);

void rec_finder_clear(struct rec_finder *finder);

/**
 * Where the rows of `query` begin among `count` rows of `size` bytes, each of which begins with the rec_doc of its query, by rising query;
 * `*found` is how many they are.
 */
size_t rec_rows_of(const void *rows, size_t size, size_t count, rec_doc query, size_t *found);

/* Takes one line that is not empty, in a copy that it may cut; messages begin with "FILE:LINE: ". */
typedef rec_status (*rec_row_taker)(char *line, const char *path, uint64_t number, void *context, rec_error *err);

/** Read every line of `path`. Returns what source and `take` report; REC_EFORMAT for a line that is too long or holds a NUL. */
REC_CHECKED rec_status rec_read_rows(const char *path, rec_row_taker take, void *context, rec_error *err);

#endif
