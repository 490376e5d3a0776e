/*
 * Which records are of one work: see rec/works.h.
 */
#include "store_internal.h"

rec_status rec_store_get_work(rec_store *store, rec_doc work, rec_doc *out, size_t limit, size_t *count, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, REC_SQL_GET_WORK, &stmt, err);
    int step = SQLITE_DONE;

    *count = 0;
    if (rc != REC_OK)
        return rc;
    sqlite3_bind_int64(stmt, 1, work);
    sqlite3_bind_int64(stmt, 2, (sqlite3_int64)limit);
    while (*count < limit && (step = sqlite3_step(stmt)) == SQLITE_ROW)
        out[(*count)++] = sqlite3_column_int64(stmt, 0);
    if (step != SQLITE_ROW && step != SQLITE_DONE)
        return rec_store_fail(store, "read store", err);
    sqlite3_reset(stmt);
    return REC_OK;
}
