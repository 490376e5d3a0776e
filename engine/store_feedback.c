/*
 * The table `feedback`, and what it says of the suggestions in `sent`: see rec/feedback.h.
 */
#include "store_feedback.h"

#include "rec/feedback.h"
#include "store_internal.h"

rec_status rec_store_add_feedback(rec_store *store, const rec_feedback *feedback, bool *added, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, REC_SQL_ADD_FEEDBACK, &stmt, err);

    if (rc != REC_OK)
        return rc;
    rec_bind_text(stmt, 1, feedback->seed.text);
    rec_bind_text(stmt, 2, feedback->paper.text);
    rec_bind_text(stmt, 3, feedback->action);
    sqlite3_bind_int64(stmt, 4, feedback->day);
    rec_bind_text(stmt, 5, feedback->edition);
    rc = rec_store_run(store, stmt, err);
    *added = rc == REC_OK && sqlite3_changes(store->db) > 0;
    return rc;
}

/* Whoever visits takes a band's name from a table. Asked of the whole ledger, so that nothing was told when it is refused. */
static rec_status refuse_other_bands(rec_store *store, rec_error *err)
{
    int64_t others;
    rec_status rc = rec_store_number(store, REC_SQL_COUNT_OTHER_BANDS, &others, err);

    if (rc != REC_OK || others == 0)
        return rc;
    return rec_fail(err, REC_EDAMAGED,
                    "store '%s' is damaged: %lld suggestions were sent with a band that there is not; run 'recommend check'", store->path,
                    (long long)others);
}

rec_status rec_feedback_count(rec_store *store, rec_response_part part, rec_response_visitor visit, void *context, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = refuse_other_bands(store, err);
    int step;

    if (rc != REC_OK || (rc = rec_store_prepare(store, REC_SQL_RESPONSES, &stmt, err)) != REC_OK)
        return rc;
    sqlite3_bind_int64(stmt, 1, part);
    while ((step = sqlite3_step(stmt)) == SQLITE_ROW && rc == REC_OK) {
        int64_t number = sqlite3_column_int64(stmt, 0);
        rec_response response = { part == REC_RESPONSE_BAND ? -number : number, /* best band first */
                                  part == REC_RESPONSE_EDITION ? rec_column_text(stmt, 0) : NULL,
                                  sqlite3_column_int64(stmt, 1),
                                  sqlite3_column_int64(stmt, 2),
                                  sqlite3_column_int64(stmt, 3),
                                  sqlite3_column_int64(stmt, 4) };

        rc = visit(&response, context, err);
    }
    if (rc == REC_OK && step != SQLITE_DONE)
        rc = rec_store_fail(store, "read store", err);
    sqlite3_reset(stmt);
    return rc;
}

rec_status rec_feedback_unmatched(rec_store *store, int64_t *out, rec_error *err)
{
    return rec_store_number(store, REC_SQL_COUNT_UNMATCHED, out, err);
}
