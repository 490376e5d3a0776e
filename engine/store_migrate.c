/*
 * Stores of earlier releases.
 *
 * Version 1 had neither works, flags, ledger nor feedback, version 2 no sums of rows. A writer brings such a store to the present version
 * in one transaction: killed half-way it is still of the version it was. Of version 1 the table of papers is written anew, because flags
 * and works would stand behind the long columns, and every card would pay for that. A sum may stand there, and is added to the rows where
 * they are: written anew, the file would keep the room of the old rows. A reader, who never writes, sees the old tables through views of
 * its own connection.
 *
 * What a row is when it is migrated is what its sum is made of: earlier damage is not found later.
 */
#include "store_internal.h"
#include "store_sums.h"

#define PAPER_1                                                                                                                            \
    "doc, id, version, title, date, date_first, date_last, updated, title_key, abstract_key, authors, categories, venue, url, upvotes,"    \
    " keywords, abstract, title_original, abstract_original, extra"

/* A view hides the table of the same name in main, and tables, empty, stand in for those that are missing: every statement of a reader runs
 * unchanged. */
static const char LOOK_AT_1[] = "PRAGMA temp_store = MEMORY;"
                                "CREATE TEMP VIEW paper AS SELECT " PAPER_1 ", 0 AS flags, NULL AS work FROM main.paper;"
                                "CREATE TEMP VIEW state AS SELECT *, 1 AS recall, NULL AS sum FROM main.state;"
                                "CREATE TEMP TABLE gone(doc INTEGER PRIMARY KEY);"
                                "CREATE TEMP TABLE unsettled(doc INTEGER PRIMARY KEY);"
                                "CREATE TEMP TABLE work_key(key INTEGER, doc INTEGER);"
                                "CREATE TEMP TABLE sent(edition, seed, paper, day, rank, band, title_key);"
                                "CREATE TEMP TABLE feedback(seed, paper, action, day, edition);";
static const char LOOK_AT_2[] = "PRAGMA temp_store = MEMORY;"
                                "CREATE TEMP VIEW IF NOT EXISTS state AS SELECT *, NULL AS sum FROM main.state;" /* version 1 has one */
                                "CREATE TEMP VIEW list AS SELECT *, NULL AS sum FROM main.list;";

static rec_status look(rec_store *store, const char *sql, rec_error *err)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK ? REC_OK : rec_store_fail(store, "read store", err);
}

rec_status rec_schema_look_at_older(rec_store *store, rec_error *err)
{
    rec_status rc = store->version < REC_SCHEMA_WITH_WORKS ? look(store, LOOK_AT_1, err) : REC_OK;

    return rc == REC_OK ? look(store, LOOK_AT_2, err) : rc;
}

#define ADD_SUMS(table, columns) "ALTER TABLE " table " ADD COLUMN " REC_SCHEMA_SUM "; UPDATE " table " SET sum = row_sum(" columns ");"

/* For the tables that are the same in versions 1 and 2, and for the others. */
static const char SUMS[] = ADD_SUMS("state", REC_SUMMED_STATE) ADD_SUMS("list", REC_SUMMED_LIST) ADD_SUMS("alias", REC_SUMMED_ALIAS);
static const char SUMS_OF_2[] =
    ADD_SUMS("paper", REC_SUMMED_PAPER) ADD_SUMS("sent", REC_SUMMED_SENT) ADD_SUMS("feedback", REC_SUMMED_FEEDBACK);

/* The tables of papers, of works, and of what was sent as the present version has them. */
static char *from_version_1(void)
{
    return sqlite3_mprintf("DROP INDEX paper_title; DROP INDEX paper_date; ALTER TABLE paper RENAME TO paper_1; %s %s"
                           "INSERT INTO paper(doc, " REC_SUMMED_PAPER ", sum)"
                           " SELECT doc, " REC_SUMMED_PAPER ", row_sum(" REC_SUMMED_PAPER ")"
                           " FROM (SELECT *, 0 AS flags FROM paper_1) ORDER BY doc;"
                           "DROP TABLE paper_1;"
                           "INSERT INTO unsettled SELECT doc FROM paper;"
                           "ALTER TABLE state ADD COLUMN recall REAL NOT NULL DEFAULT 1;",
                           REC_SCHEMA_PAPER, REC_SCHEMA_SINCE_2);
}

rec_status rec_schema_migrate(rec_store *store, rec_error *err)
{
    char *tables = store->version < REC_SCHEMA_WITH_WORKS ? from_version_1() : sqlite3_mprintf("%s", SUMS_OF_2);
    char *sql = tables ? sqlite3_mprintf("BEGIN IMMEDIATE; %s UPDATE state SET generation = generation + 1; %s"
                                         "PRAGMA user_version = %d; COMMIT;",
                                         tables, SUMS, REC_SCHEMA_VERSION)
                       : NULL;
    rec_status rc = REC_OK;

    sqlite3_free(tables);
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
