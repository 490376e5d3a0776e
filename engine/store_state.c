/*
 * What the store says of itself, and its transactions: see store.h.
 */
#include "store_internal.h"

#include <stdio.h>
#include <string.h>

static rec_status run(rec_store *store, rec_statement which, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, which, &stmt, err);

    return rc == REC_OK ? rec_store_run(store, stmt, err) : rc;
}

static void copy_column(sqlite3_stmt *stmt, int column, char *out, size_t size)
{
    const char *text = rec_column_text(stmt, column);

    snprintf(out, size, "%s", text ? text : "");
}

#define STATE_SUM 9 /* the column */

/* A name of side files is made of it. */
static bool is_fingerprint(const char *text)
{
    size_t length = text ? strlen(text) : 0;

    return length == 0 || (length == REC_FINGERPRINT_CHARS - 1 && strspn(text, "0123456789abcdef") == length);
}

/* Answers must not be made of another state: of one without a model, say. A writer takes it as it is, or none could write it anew. */
static rec_status read_state(rec_store *store, rec_store_state *out, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    bool is_as_stored;
    rec_status rc = rec_store_prepare(store, REC_SQL_STATE, &stmt, err);

    if (rc != REC_OK)
        return rc;
    if (sqlite3_step(stmt) != SQLITE_ROW)
        return sqlite3_errcode(store->db) == SQLITE_DONE
                   ? rec_fail(err, REC_EDAMAGED, "cannot read store '%s': its state is missing", store->path)
                   : rec_store_fail(store, "read store", err);
    out->generation = sqlite3_column_int64(stmt, 0);
    out->papers = sqlite3_column_int64(stmt, 1);
    copy_column(stmt, 2, out->max_date, sizeof(out->max_date));
    copy_column(stmt, 3, out->fingerprint, sizeof(out->fingerprint));
    out->side = sqlite3_column_int64(stmt, 4);
    out->rows = sqlite3_column_int64(stmt, 5);
    out->score_middle = sqlite3_column_double(stmt, 6);
    out->score_deviation = sqlite3_column_double(stmt, 7);
    out->recall = sqlite3_column_double(stmt, 8);
    is_as_stored =
        sqlite3_column_type(stmt, STATE_SUM) == SQLITE_NULL || sqlite3_column_int(stmt, STATE_SUM); /* an older store has no sums */
    if (!is_fingerprint(rec_column_text(stmt, 3))) {
        out->fingerprint[0] = '\0';
        is_as_stored = false;
    }
    sqlite3_reset(stmt);
    if (is_as_stored || store->lock >= 0)
        return REC_OK;
    return rec_fail(err, REC_EDAMAGED, "store '%s' is damaged: its state is not what was stored; run 'recommend build --refit'",
                    store->path);
}

/* Once in a read transaction, which sees one state. */
rec_status rec_store_get_state(rec_store *store, rec_store_state *out, rec_error *err)
{
    rec_status rc = store->state_known ? REC_OK : read_state(store, &store->state, err);

    if (rc != REC_OK)
        return rc;
    store->state_known = store->reads > 0;
    *out = store->state;
    return REC_OK;
}

static rec_status set_state(rec_store *store, const rec_store_state *state, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, REC_SQL_SET_STATE, &stmt, err);

    if (rc != REC_OK)
        return rc;
    sqlite3_bind_int64(stmt, 1, state->generation);
    sqlite3_bind_int64(stmt, 2, state->papers);
    rec_bind_text(stmt, 3, state->max_date);
    rec_bind_text(stmt, 4, state->fingerprint);
    sqlite3_bind_int64(stmt, 5, state->side);
    sqlite3_bind_int64(stmt, 6, state->rows);
    sqlite3_bind_double(stmt, 7, state->score_middle);
    sqlite3_bind_double(stmt, 8, state->score_deviation);
    sqlite3_bind_double(stmt, 9, state->recall);
    return rec_store_run(store, stmt, err);
}

/* Counting reads the smallest index there is, once a commit; answers then find the numbers ready. */
static rec_status count_papers(rec_store *store, rec_store_state *state, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, REC_SQL_COUNT_PAPERS, &stmt, err);
    int day;

    if (rc != REC_OK)
        return rc;
    if (sqlite3_step(stmt) != SQLITE_ROW)
        return rec_store_fail(store, "read store", err);
    state->papers = sqlite3_column_int64(stmt, 0);
    day = sqlite3_column_int(stmt, 1);
    state->max_date[0] = '\0';
    if (day > 0)
        snprintf(state->max_date, sizeof(state->max_date), "%04d-%02d-%02d", day / 10000 % 10000, day / 100 % 100, day % 100);
    sqlite3_reset(stmt);
    return REC_OK;
}

rec_status rec_store_number(rec_store *store, rec_statement which, int64_t *out, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, which, &stmt, err);

    if (rc != REC_OK)
        return rc;
    if (sqlite3_step(stmt) != SQLITE_ROW)
        return rec_store_fail(store, "read store", err);
    *out = sqlite3_column_int64(stmt, 0);
    sqlite3_reset(stmt);
    return REC_OK;
}

rec_status rec_store_count_indexed(rec_store *store, int64_t *out, rec_error *err)
{
    return rec_store_number(store, REC_SQL_COUNT_INDEXED, out, err);
}

rec_status rec_store_read_begin(rec_store *store, rec_error *err)
{
    rec_status rc = REC_OK;

    if (store->reads == 0) {
        rc = run(store, REC_SQL_BEGIN_READ, err);
        store->in_transaction = rc == REC_OK;
    }
    store->reads += rc == REC_OK;
    return rc;
}

void rec_store_read_end(rec_store *store)
{
    if (--store->reads > 0)
        return;
    store->state_known = false;
    rec_store_rollback(store);
}

rec_status rec_store_begin(rec_store *store, rec_error *err)
{
    rec_status rc = run(store, REC_SQL_BEGIN, err);

    store->in_transaction = rc == REC_OK;
    store->counts_changed = false;
    return rc;
}

rec_status rec_store_commit(rec_store *store, bool changed, rec_error *err)
{
    rec_store_state state;
    rec_status rc;

    if (changed) {
        if ((rc = rec_store_get_state(store, &state, err)) != REC_OK)
            return rc;
        state.generation++;
        if (store->counts_changed && (rc = count_papers(store, &state, err)) != REC_OK)
            return rc;
        if ((rc = set_state(store, &state, err)) != REC_OK)
            return rc;
    }
    if ((rc = run(store, REC_SQL_COMMIT, err)) == REC_OK)
        store->in_transaction = false;
    return rc;
}

void rec_store_rollback(rec_store *store)
{
    if (!store->in_transaction)
        return;
    for (size_t i = 0; i < REC_SQL_COUNT_STATEMENTS; i++)
        if (store->statements[i])
            sqlite3_reset(store->statements[i]);
    /* Where SQLite has rolled back by itself, after a full disk say, this reports that there is nothing to do. */
    run(store, REC_SQL_ROLLBACK, NULL);
    store->in_transaction = false;
}

rec_status rec_store_set_built(rec_store *store, const char *fingerprint, int64_t side, int64_t rows, rec_error *err)
{
    rec_store_state state;
    rec_status rc = rec_store_get_state(store, &state, err);

    if (rc != REC_OK)
        return rc;
    snprintf(state.fingerprint, sizeof(state.fingerprint), "%s", fingerprint);
    state.side = side;
    state.rows = rows;
    return set_state(store, &state, err);
}

rec_status rec_store_set_spread(rec_store *store, double middle, double deviation, rec_error *err)
{
    rec_store_state state;
    rec_status rc = rec_store_get_state(store, &state, err);

    if (rc != REC_OK)
        return rc;
    state.score_middle = middle;
    state.score_deviation = deviation;
    return set_state(store, &state, err);
}

rec_status rec_store_set_recall(rec_store *store, double recall, rec_error *err)
{
    rec_store_state state;
    rec_status rc = rec_store_get_state(store, &state, err);

    if (rc != REC_OK)
        return rc;
    state.recall = recall;
    return set_state(store, &state, err);
}
