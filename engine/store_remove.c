/*
 * Taking papers out of the store. The ledger is left alone; lists and vectors that still name a paper are the next build's to mend, and
 * until then the table `gone` says that it is missing with good reason.
 */
#include "store_internal.h"

#include "alloc.h"

static rec_status remove_one(rec_store *store, rec_doc doc, rec_error *err)
{
    static const rec_statement steps[] = { REC_SQL_DELETE_ALIASES, REC_SQL_DROP_LIST, REC_SQL_FORGET_UNSETTLED, REC_SQL_ADD_GONE,
                                           REC_SQL_DELETE_PAPER };
    rec_record record = REC_RECORD_INIT;
    rec_status rc = rec_store_get(store, doc, REC_GET_ABSTRACT, &record, err);

    if (rc != REC_OK)
        return rc == REC_ENOTFOUND ? REC_OK : rc;
    if ((rc = rec_store_unsettle(store, &record, err)) == REC_OK)
        rc = rec_store_run_words(store, REC_SQL_DROP_WORDS, doc, &record.paper, err);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && rc == REC_OK; i++)
        rc = rec_store_run_doc(store, steps[i], doc, err);
    store->counts_changed = true;
    rec_record_clear(&record);
    return rc;
}

rec_status rec_store_remove(rec_store *store, const rec_doc *docs, size_t count, rec_error *err)
{
    rec_status rc = REC_OK;

    for (size_t i = 0; i < count && rc == REC_OK; i++)
        rc = remove_one(store, docs[i], err);
    return rc;
}

rec_status rec_store_clear_gone(rec_store *store, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, REC_SQL_CLEAR_GONE, &stmt, err);

    return rc == REC_OK ? rec_store_run(store, stmt, err) : rc;
}

rec_status rec_store_get_gone(rec_store *store, rec_doc **out, size_t *count, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, REC_SQL_SCAN_GONE, &stmt, err);

    *out = NULL;
    *count = 0;
    return rc == REC_OK ? rec_store_read_docs(store, stmt, out, count, err) : rc;
}

rec_status rec_store_is_gone(rec_store *store, rec_doc doc, bool *out, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, REC_SQL_IS_GONE, &stmt, err);
    int step;

    if (rc != REC_OK)
        return rc;
    sqlite3_bind_int64(stmt, 1, doc);
    step = sqlite3_step(stmt);
    if (step != SQLITE_ROW && step != SQLITE_DONE)
        return rec_store_fail(store, "read store", err);
    *out = step == SQLITE_ROW;
    sqlite3_reset(stmt);
    return REC_OK;
}
