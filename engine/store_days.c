/* The papers of a day: see rec/store.h. */
#include "store_internal.h"

rec_status rec_store_scan_day(rec_store *store, const rec_date *day, rec_day_visitor visit, void *context, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, REC_SQL_SCAN_DAY, &stmt, err);
    int step;

    if (rc != REC_OK)
        return rc;
    sqlite3_bind_int64(stmt, 1, day->first);
    sqlite3_bind_int64(stmt, 2, day->last);
    while ((step = sqlite3_step(stmt)) == SQLITE_ROW && rc == REC_OK)
        rc = visit(sqlite3_column_int64(stmt, 0), sqlite3_column_int(stmt, 1) != 0, context, err);
    if (rc == REC_OK && step != SQLITE_DONE)
        rc = rec_store_fail(store, "read store", err);
    sqlite3_reset(stmt);
    return rc;
}
