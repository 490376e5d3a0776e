/*
 * Each row of the store's tables holds a sum of what it was when it was written; SQLite keeps none, and a bit that turns within a row is
 * a row like any other to it. The sum is made by a function of SQL, row_sum(...), in the statement that writes the row, and made again by
 * `check`. A plain sqlite3 shell, which has no such function, reads the tables all the same: nothing in the schema names it.
 */
#ifndef REC_STORE_SUMS_H
#define REC_STORE_SUMS_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>

/*
 * What a table's sums are made of, in this order. Not in it: paper.doc, which SQLite gives out when the row is stored, and compares with
 * the index of ids itself; paper.work, which moves by the statements of store_works.c, and which `check` knows by its own rules.
 */
#define REC_SUMMED_PAPER                                                                                                                   \
    "id, version, title, date, date_first, date_last, updated, title_key, abstract_key, authors, categories, venue, url, upvotes,"         \
    " keywords, abstract, title_original, abstract_original, extra, flags"
#define REC_SUMMED_ALIAS "alias, doc"
#define REC_SUMMED_LIST "doc, reach, near"
#define REC_SUMMED_SENT "edition, seed, paper, day, rank, band, title_key"
#define REC_SUMMED_FEEDBACK "seed, paper, action, day, edition"
#define REC_SUMMED_STATE "generation, papers, max_date, fingerprint, side, rows, score_middle, score_deviation, recall"

/* The column. It stands last in a table: nothing that an answer reads lies behind it, and ALTER TABLE puts it there in older stores. A row
 * that was put there without us has 0. */
#define REC_SCHEMA_SUM "sum INTEGER NOT NULL DEFAULT 0"

struct sqlite3;

/** Make row_sum() known to a connection: the sum of any number of values. Returns REC_OK, or REC_ENOMEM without words. */
REC_CHECKED rec_status rec_sums_register(struct sqlite3 *db);

/** What row_sum() is of the row of a neighbour list. Answers are made of several lists each, and a call by SQL would cost twice as
 * much. `bytes` is at most the size of the longest list. */
int64_t rec_sums_of_list(int64_t doc, double reach, const void *near, size_t bytes);

#endif
