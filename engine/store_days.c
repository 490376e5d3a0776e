/* The papers of a day: see rec/store.h. */
#include "store_internal.h"

#include <stdio.h>

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

/* The date that a statement finds beside `first`, "" where there is none. */
static rec_status near_day(rec_store *store, rec_statement which, int32_t first, char out[REC_DATE_CHARS], rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, which, &stmt, err);
    int step;

    out[0] = '\0';
    if (rc != REC_OK)
        return rc;
    sqlite3_bind_int64(stmt, 1, first);
    if ((step = sqlite3_step(stmt)) == SQLITE_ROW)
        snprintf(out, REC_DATE_CHARS, "%s", rec_column_text(stmt, 0));
    else if (step != SQLITE_DONE)
        rc = rec_store_fail(store, "read store", err);
    sqlite3_reset(stmt);
    return rc;
}

rec_status rec_store_near_days(rec_store *store, const rec_date *day, char before[REC_DATE_CHARS], char after[REC_DATE_CHARS],
                               rec_error *err)
{
    rec_status rc = near_day(store, REC_SQL_DAY_BEFORE, day->first, before, err);

    return rc == REC_OK ? near_day(store, REC_SQL_DAY_AFTER, day->first, after, err) : rc;
}
