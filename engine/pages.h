/*
 * Rows out of the pages of a SQLite file, page by page and without SQLite, which refuses a file whose first page or a page above others is
 * damaged. Layout as in https://www.sqlite.org/fileformat2.html. Nothing that a page says is believed: every offset and length is checked,
 * and what does not fit is no row.
 */
#ifndef REC_PAGES_H
#define REC_PAGES_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REC_ROW_COLUMNS 24

typedef struct rec_pages {
    const uint8_t *bytes; /* the file, mapped */
    size_t length;
    size_t page_size, usable;
    uint32_t count; /* pages, numbered from 1 */
    uint8_t *freed; /* a bit for each: it is on the list of free pages, and what it holds is of the past */
    uint8_t *below; /* a bit for each: a page of a table names it as one below */
    bool freed_known;
} rec_pages;

#define REC_PAGES_INIT                                                                                                                     \
    {                                                                                                                                      \
        .bytes = NULL                                                                                                                      \
    }

typedef enum rec_value_kind { REC_VALUE_NULL, REC_VALUE_INTEGER, REC_VALUE_REAL, REC_VALUE_TEXT, REC_VALUE_BLOB } rec_value_kind;

typedef struct rec_value {
    rec_value_kind kind;
    int64_t integer;
    double real;
    const char *text; /* (length) not terminated; borrowed from the row */
    size_t length;
} rec_value;

typedef struct rec_row {
    int64_t number; /* its rowid; 0 in an index */
    size_t count;   /* columns */
    rec_value columns[REC_ROW_COLUMNS];
    uint8_t *payload; /* (room) where the row did not lie in one piece */
    size_t room;
} rec_row;

#define REC_ROW_INIT                                                                                                                       \
    {                                                                                                                                      \
        .number = 0                                                                                                                        \
    }

/**
 * Map the file. One whose head is damaged is taken to have pages of 4,096 bytes, as a new store has. On success the caller ends with
 * rec_pages_close(). Returns REC_EIO or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_pages_open(const char *path, rec_pages *out, rec_error *err);
void rec_pages_close(rec_pages *pages);

/** Entries of a page that may be rows: 0 where it is freed, or is no page of a table or an index. `*of_index` tells which. */
size_t rec_pages_entries(const rec_pages *pages, uint32_t page, bool *of_index);

/** Whether a page stands in a table, by what the pages above say: of two pages with the same row, one that does not is of the past. */
bool rec_pages_is_below(const rec_pages *pages, uint32_t page);

/**
 * Read an entry of such a page, with all that lies on other pages. `*is_row` is false where it is none. The row is reused from call to call
 * and ends with rec_row_clear(). Returns REC_OK or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_pages_read(const rec_pages *pages, uint32_t page, size_t entry, rec_row *row, bool *is_row, rec_error *err);

void rec_row_clear(rec_row *row);

#endif
