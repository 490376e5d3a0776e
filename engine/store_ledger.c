/*
 * The table `sent`: see rec/ledger.h.
 */
#include "quote.h"
#include "store_feedback.h"
#include "store_internal.h"

#include "rec/clean.h"
#include "rec/ledger.h"

#include "alloc.h"

#include <stdio.h>
#include <string.h>

rec_status rec_edition_check(const char *edition, rec_error *err)
{
    rec_error reason = REC_ERROR_INIT;
    rec_buf clean = REC_BUF_INIT(4 * REC_MAX_EDITION + 16);
    size_t length = edition ? strlen(edition) : 0;
    rec_status rc;

    if (length == 0 || length > REC_MAX_EDITION)
        return rec_fail(err, REC_EINVAL, "an edition's name has 1 to %d bytes, not %zu", REC_MAX_EDITION, length);
    if (rec_holds_control(edition))
        return rec_fail(err, REC_EINVAL, "an edition's name is one line without control characters");
    if ((rc = rec_clean_text(edition, length, &clean, &reason)) != REC_OK)
        rc = rec_fail(err, rc == REC_EFORMAT ? REC_EINVAL : rc, "edition: %s", reason.message);
    rec_buf_clear(&clean);
    return rc;
}

static rec_status check_day(int32_t day, rec_error *err)
{
    char text[16];
    rec_date date;

    snprintf(text, sizeof(text), "%04d-%02d-%02d", day / 10000, day / 100 % 100, day % 100);
    if (day <= 0 || rec_date_parse(text, &date, NULL) != REC_OK)
        return rec_fail(err, REC_EINVAL, "%d is not a day (YYYYMMDD)", day);
    return REC_OK;
}

/* The key of a stored paper's title, by which it is known again under another id; 0 where it is not stored. */
static rec_status title_key_of(rec_store *store, const char *id, uint64_t *out, rec_error *err)
{
    rec_record record = REC_RECORD_INIT;
    rec_doc doc;
    rec_status rc = rec_store_find(store, id, &doc, err);

    *out = 0;
    if (rc != REC_OK)
        return rc == REC_ENOTFOUND ? REC_OK : rc;
    if ((rc = rec_store_get(store, doc, REC_GET_CARD, &record, err)) == REC_OK)
        *out = record.title_key;
    rec_record_clear(&record);
    return rc;
}

static rec_status add_row(rec_store *store, const char *edition, int32_t day, const rec_sent *row, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    uint64_t title_key;
    rec_status rc = title_key_of(store, row->paper, &title_key, err);

    if (rc != REC_OK || (rc = rec_store_prepare(store, REC_SQL_ADD_SENT, &stmt, err)) != REC_OK)
        return rc;
    rec_bind_text(stmt, 1, edition);
    rec_bind_text(stmt, 2, row->seed);
    rec_bind_text(stmt, 3, row->paper);
    sqlite3_bind_int64(stmt, 4, day);
    sqlite3_bind_int64(stmt, 5, row->rank);
    sqlite3_bind_int64(stmt, 6, row->band);
    sqlite3_bind_int64(stmt, 7, (sqlite3_int64)title_key);
    return rec_store_run(store, stmt, err);
}

static rec_status drop_edition(rec_store *store, const char *edition, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, REC_SQL_DROP_SENT, &stmt, err);

    if (rc != REC_OK)
        return rc;
    rec_bind_text(stmt, 1, edition);
    return rec_store_run(store, stmt, err);
}

rec_status rec_ledger_mark(rec_store *store, const char *edition, int32_t day, const rec_sent *rows, size_t count, rec_error *err)
{
    rec_status rc;

    if ((rc = rec_edition_check(edition, err)) != REC_OK || (rc = check_day(day, err)) != REC_OK)
        return rc;
    if ((rc = rec_store_begin(store, err)) != REC_OK)
        return rc;
    rc = drop_edition(store, edition, err);
    for (size_t i = 0; i < count && rc == REC_OK; i++)
        rc = add_row(store, edition, day, &rows[i], err);
    if (rc == REC_OK)
        rc = rec_store_commit(store, true, err); /* the next edition's answers depend on it */
    if (rc != REC_OK)
        rec_store_rollback(store);
    return rc;
}

rec_status rec_ledger_sent(rec_store *store, int32_t day, int32_t days, const char *edition, rec_doc **out, size_t *count, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = check_day(day, err);

    *out = NULL;
    *count = 0;
    if (rc == REC_OK && days < 0)
        rc = rec_fail(err, REC_EINVAL, "a window of %d days", days);
    if (rc != REC_OK || (rc = rec_store_prepare(store, REC_SQL_SENT, &stmt, err)) != REC_OK)
        return rc;
    sqlite3_bind_int64(stmt, 1, days == REC_SENT_EVER ? 0 : rec_date_add(day, -days));
    sqlite3_bind_int64(stmt, 2, day);
    rec_bind_text(stmt, 3, edition ? edition : "");
    return rec_store_read_docs(store, stmt, out, count, err);
}

rec_status rec_ledger_count(rec_store *store, const char *edition, int64_t *out, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, REC_SQL_COUNT_SENT, &stmt, err);

    if (rc != REC_OK)
        return rc;
    rec_bind_text(stmt, 1, edition);
    if (sqlite3_step(stmt) != SQLITE_ROW)
        return rec_store_fail(store, "read store", err);
    *out = sqlite3_column_int64(stmt, 0);
    sqlite3_reset(stmt);
    return REC_OK;
}
