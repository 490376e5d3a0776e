/*
 * Which trained table (table.h) the models of a store are fitted with: its own, FILE-table, where the user gave it one, else the one that
 * is installed with the program.
 */
#ifndef REC_TABLES_H
#define REC_TABLES_H

#include "rec/store.h"
#include "rec/table.h"
#include "status.h"

#include <stdbool.h>

#define REC_TABLE_SHIPPED "shipped" /* the name of the installed table */

/**
 * Open a table by name: REC_TABLE_SHIPPED, or the path of a file. On success the caller ends with rec_table_close(). Returns REC_EIO (no
 * such file, or it cannot be read), REC_EDAMAGED (no table, cut or altered), REC_ESTALE (of another release; the installed one is missing)
 * or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_tables_open(const char *name, rec_table **out, rec_error *err);

/** Open the table that `store` has; `*shipped` says whether it is the installed one. Otherwise as rec_tables_open. */
REC_CHECKED rec_status rec_tables_of_store(const rec_store *store, rec_table **out, bool *shipped, rec_error *err);

/**
 * Give `store`, open for writing, a table of its own: a copy, written aside and renamed. NULL takes its own away. Its model is not fitted
 * again by this: that is rec_build's, which calls it. Returns REC_OK, REC_EINVAL (the name is too long), REC_EIO or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_tables_give(const rec_store *store, const rec_table *table, rec_error *err);

#endif
