/*
 * Stores of earlier releases.
 *
 * Version 1 had neither works, flags, ledger nor feedback. A writer brings such a store to the present version in one transaction: killed
 * half-way it is still of version 1. The table of papers is written anew, because a column that is added stands behind the long ones, and
 * every card would pay for that. A reader, who never writes, sees the old table through a view of its own connection.
 */
#include "store_internal.h"

#define PAPER_1                                                                                                                            \
    "doc, id, version, title, date, date_first, date_last, updated, title_key, abstract_key, authors, categories, venue, url, upvotes,"    \
    " keywords, abstract, title_original, abstract_original, extra"

/* The view hides main.paper, and the tables, empty, stand in for those that are missing: every statement of a reader runs unchanged. */
static const char LOOK[] = "PRAGMA temp_store = MEMORY;"
                           "CREATE TEMP VIEW paper AS SELECT " PAPER_1 ", 0 AS flags, NULL AS work FROM main.paper;"
                           "CREATE TEMP VIEW state AS SELECT *, 1 AS recall FROM main.state;"
                           "CREATE TEMP TABLE gone(doc INTEGER PRIMARY KEY);"
                           "CREATE TEMP TABLE unsettled(doc INTEGER PRIMARY KEY);"
                           "CREATE TEMP TABLE work_key(key INTEGER, doc INTEGER);"
                           "CREATE TEMP TABLE sent(edition, seed, paper, day, rank, band, title_key);"
                           "CREATE TEMP TABLE feedback(seed, paper, action, day, edition);";

rec_status rec_schema_look_at_older(rec_store *store, rec_error *err)
{
    return sqlite3_exec(store->db, LOOK, NULL, NULL, NULL) == SQLITE_OK ? REC_OK : rec_store_fail(store, "read store", err);
}

rec_status rec_schema_migrate(rec_store *store, rec_error *err)
{
    char *sql = sqlite3_mprintf("BEGIN IMMEDIATE;"
                                "DROP INDEX paper_title; DROP INDEX paper_date; ALTER TABLE paper RENAME TO paper_1; %s %s"
                                "INSERT INTO paper(" PAPER_1 ", flags) SELECT " PAPER_1 ", 0 FROM paper_1 ORDER BY doc;"
                                "DROP TABLE paper_1;"
                                "INSERT INTO unsettled SELECT doc FROM paper;"
                                "ALTER TABLE state ADD COLUMN recall REAL NOT NULL DEFAULT 1;"
                                "UPDATE state SET generation = generation + 1;"
                                "PRAGMA user_version = %d; COMMIT;",
                                REC_SCHEMA_PAPER, REC_SCHEMA_SINCE_2, REC_SCHEMA_VERSION);
    rec_status rc = REC_OK;

    if (!sql)
        return rec_fail(err, REC_ENOMEM, "out of memory opening '%s'", store->path);
    if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK) {
        store->version = REC_SCHEMA_VERSION;
    } else {
        rc = rec_store_fail(store, "migrate store", err);
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    }
    sqlite3_free(sql);
    return rc;
}
