/*
 * Opening a store, its transactions and its state: see store.h.
 *
 * Journal: write-ahead while a writer is open, so that readers go on; rolled back to the plain journal when the last writer closes, so that
 * a store at rest is one file that can be read from a read-only place and opened without making a shared-memory file.
 */
#include "store_internal.h"

#include "alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUSY_MS 10000  /* how long a statement waits for another connection */
#define LOCK_TRIES 600 /* how often a second writer asks again before it gives up: a minute */
#define LOCK_PAUSE_US 100000

rec_status rec_store_fail(const rec_store *store, const char *doing, rec_error *err)
{
    int code = sqlite3_errcode(store->db) & 0xFF;
    rec_status rc = code == SQLITE_NOTADB || code == SQLITE_CORRUPT ? REC_EDAMAGED
                    : code == SQLITE_NOMEM                          ? REC_ENOMEM
                    : code == SQLITE_BUSY || code == SQLITE_LOCKED  ? REC_EBUSY
                                                                    : REC_EIO;

    return rec_fail(err, rc, "cannot %s '%s': %s", doing, store->path, sqlite3_errmsg(store->db));
}

const char *rec_column_text(sqlite3_stmt *stmt, int column)
{
    return (const char *)sqlite3_column_text(stmt, column);
}

void rec_bind_text(sqlite3_stmt *stmt, int parameter, const char *text)
{
    sqlite3_bind_text(stmt, parameter, text, -1, SQLITE_STATIC);
}

rec_status rec_store_prepare(rec_store *store, rec_statement which, sqlite3_stmt **out, rec_error *err)
{
    sqlite3_stmt **stmt = &store->statements[which];

    if (*stmt) {
        sqlite3_reset(*stmt);
        sqlite3_clear_bindings(*stmt);
    } else if (sqlite3_prepare_v3(store->db, rec_schema_sql(which), -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL) != SQLITE_OK) {
        return rec_store_fail(store, "read store", err);
    }
    *out = *stmt;
    return REC_OK;
}

rec_status rec_store_run(rec_store *store, sqlite3_stmt *stmt, rec_error *err)
{
    int step = sqlite3_step(stmt);
    rec_status rc = step == SQLITE_DONE || step == SQLITE_ROW ? REC_OK : rec_store_fail(store, "write store", err);

    sqlite3_reset(stmt);
    return rc;
}

static rec_status run(rec_store *store, rec_statement which, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, which, &stmt, err);

    return rc == REC_OK ? rec_store_run(store, stmt, err) : rc;
}

/* ---- one writer at a time ------------------------------------------------------------------------------------------ */

static rec_status name_holder(const rec_store *store, rec_error *err)
{
    char holder[32] = "";
    ssize_t n = pread(store->lock, holder, sizeof(holder) - 1, 0);

    holder[n > 0 ? strcspn(holder, "\n") : 0] = '\0';
    return rec_fail(err, REC_EBUSY, "cannot write store '%s': process %s has held it for a minute; try again when it is done", store->path,
                    holder[0] ? holder : "(unknown)");
}

/*
 * SQLite's own lock lasts a transaction; a build is many, and makes side files besides. The lock is the kernel's: a writer that dies
 * leaves none behind.
 */
static rec_status take_lock(rec_store *store, rec_error *err)
{
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    char path[PATH_MAX], self[32];
    int n = snprintf(path, sizeof(path), "%s-lock", store->path);

    if (n < 0 || (size_t)n >= sizeof(path))
        return rec_fail(err, REC_EINVAL, "cannot open store '%s': the name is too long", store->path);
    store->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (store->lock < 0)
        return rec_fail_errno(err, REC_EIO, errno, "cannot write store '%s'", store->path);
    for (int i = 0; fcntl(store->lock, F_SETLK, &whole) != 0; i++) {
        if (errno != EACCES && errno != EAGAIN)
            return rec_fail_errno(err, REC_EIO, errno, "cannot lock store '%s'", store->path);
        if (i == LOCK_TRIES)
            return name_holder(store, err);
        usleep(LOCK_PAUSE_US);
    }
    n = snprintf(self, sizeof(self), "%ld\n", (long)getpid());
    /* Only a courtesy to whoever waits: a failure to say it changes nothing. */
    if (ftruncate(store->lock, 0) != 0 || pwrite(store->lock, self, (size_t)n, 0) != n)
        return REC_OK;
    return REC_OK;
}

/* ---- opening and closing ------------------------------------------------------------------------------------------- */

/*
 * A writer that died while it made the store, or while it changed the journal, left a journal that must be rolled back before anyone reads;
 * that takes the right to write. The only time that a reader writes.
 */
static void roll_back_what_a_crash_left(rec_store *store)
{
    sqlite3 *db = NULL;

    if ((sqlite3_exec(store->db, "PRAGMA schema_version", NULL, NULL, NULL) & 0xFF) != SQLITE_READONLY)
        return;
    if (sqlite3_open_v2(store->path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK) {
        sqlite3_busy_timeout(db, BUSY_MS);
        sqlite3_exec(db, "PRAGMA schema_version", NULL, NULL, NULL);
    }
    sqlite3_close(db);
}

static rec_status open_database(rec_store *store, rec_store_mode mode, rec_error *err)
{
    struct stat status;
    int flags = mode == REC_STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;

    if (mode != REC_STORE_CREATE && access(store->path, F_OK) != 0)
        return rec_fail(err, REC_ESTALE, "cannot open store '%s': no such file; run 'recommend import FILE'", store->path);
    if (stat(store->path, &status) == 0 && S_ISDIR(status.st_mode))
        return rec_fail(err, REC_EDAMAGED, "cannot open store '%s': it is a folder", store->path);
    if (mode == REC_STORE_CREATE)
        flags |= SQLITE_OPEN_CREATE;
    if (sqlite3_open_v2(store->path, &store->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL) != SQLITE_OK) {
        if (!store->db)
            return rec_fail(err, REC_ENOMEM, "out of memory opening '%s'", store->path);
        return rec_store_fail(store, "open store", err);
    }
    sqlite3_busy_timeout(store->db, BUSY_MS);
    /* A damaged or hostile file must not make SQLite run what its schema says. */
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (mode == REC_STORE_READ)
        roll_back_what_a_crash_left(store);
    return REC_OK;
}

rec_status rec_store_open(const char *path, rec_store_mode mode, rec_store **out, rec_error *err)
{
    rec_store *store = rec_alloc(sizeof(*store));
    rec_status rc;

    if (store) {
        store->lock = -1;
        store->path = rec_strdup(path);
    }
    if (!store || !store->path) {
        rc = rec_fail(err, REC_ENOMEM, "out of memory opening '%s'", path);
        goto done;
    }
    if (mode == REC_STORE_WRITE && access(path, F_OK) != 0) {
        rc = rec_fail(err, REC_ESTALE, "cannot open store '%s': no such file; run 'recommend import FILE'", path);
        goto done;
    }
    if (mode != REC_STORE_READ && (rc = take_lock(store, err)) != REC_OK)
        goto done;
    if ((rc = open_database(store, mode, err)) != REC_OK)
        goto done;
    if ((rc = rec_schema_open(store, mode == REC_STORE_CREATE, err)) != REC_OK)
        goto done;
    if (mode != REC_STORE_READ &&
        sqlite3_exec(store->db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", NULL, NULL, NULL) != SQLITE_OK) {
        rc = rec_store_fail(store, "write store", err);
        goto done;
    }
    store->write_ahead = mode != REC_STORE_READ;
    *out = store;
    store = NULL;

done:
    rec_store_close(store);
    return rc;
}

void rec_store_close(rec_store *store)
{
    if (!store)
        return;
    if (store->in_transaction)
        rec_store_rollback(store);
    for (size_t i = 0; i < REC_SQL_COUNT_STATEMENTS; i++)
        sqlite3_finalize(store->statements[i]);
    /* Fails, harmlessly, while a reader is at work: then the next writer does it. */
    if (store->write_ahead)
        sqlite3_exec(store->db, "PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    sqlite3_close(store->db);
    if (store->lock >= 0)
        close(store->lock);
    rec_free(store->path);
    rec_free(store);
}

const char *rec_store_path(const rec_store *store)
{
    return store->path;
}

/* ---- state and transactions ---------------------------------------------------------------------------------------- */

static void copy_column(sqlite3_stmt *stmt, int column, char *out, size_t size)
{
    const char *text = rec_column_text(stmt, column);

    snprintf(out, size, "%s", text ? text : "");
}

rec_status rec_store_get_state(rec_store *store, rec_store_state *out, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
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
    sqlite3_reset(stmt);
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

rec_status rec_store_count_indexed(rec_store *store, int64_t *out, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = rec_store_prepare(store, REC_SQL_COUNT_INDEXED, &stmt, err);

    if (rc != REC_OK)
        return rc;
    if (sqlite3_step(stmt) != SQLITE_ROW)
        return rec_store_fail(store, "read store", err);
    *out = sqlite3_column_int64(stmt, 0);
    sqlite3_reset(stmt);
    return REC_OK;
}

rec_status rec_store_read_begin(rec_store *store, rec_error *err)
{
    rec_status rc = run(store, REC_SQL_BEGIN_READ, err);

    store->in_transaction = rc == REC_OK;
    return rc;
}

void rec_store_read_end(rec_store *store)
{
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
    sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
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

/* ---- checking ------------------------------------------------------------------------------------------------------ */

/* Runs a query whose rows are faults; the first one is reported. */
static rec_status expect_no_rows(rec_store *store, const char *sql, const char *fault, rec_error *err)
{
    sqlite3_stmt *stmt = NULL;
    rec_status rc = REC_OK;
    int step;

    if (sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL) != SQLITE_OK)
        return rec_store_fail(store, "check store", err);
    step = sqlite3_step(stmt);
    if (step == SQLITE_ROW)
        rc = rec_fail(err, REC_EDAMAGED, "store '%s' is damaged: %s: %s", store->path, fault, rec_column_text(stmt, 0));
    else if (step != SQLITE_DONE)
        rc = rec_store_fail(store, "check store", err);
    sqlite3_finalize(stmt);
    return rc;
}

struct checking {
    rec_store *store;
    uint8_t *stored; /* (bytes) a bit for each number that a paper has */
    size_t bytes;
};

static bool is_stored(const struct checking *checking, rec_doc doc)
{
    return doc >= 0 && (size_t)doc / 8 < checking->bytes && checking->stored[doc / 8] >> (doc % 8) & 1;
}

static rec_status note_stored(rec_doc doc, void *context, rec_error *err)
{
    struct checking *checking = context;

    if (doc < 0 || (size_t)doc / 8 >= checking->bytes)
        return rec_fail(err, REC_EDAMAGED, "store '%s' is damaged: a paper has number %lld", checking->store->path, (long long)doc);
    checking->stored[doc / 8] |= (uint8_t)(1u << (doc % 8));
    return REC_OK;
}

static rec_status check_list(rec_doc doc, const rec_list *list, void *context, rec_error *err)
{
    const struct checking *checking = context;

    for (size_t i = 0; i < list->count; i++)
        if (!is_stored(checking, list->items[i].doc))
            return rec_fail(err, REC_EDAMAGED,
                            "store '%s' is damaged: the list of paper %lld names paper %lld, which is gone; run 'recommend build --refit'",
                            checking->store->path, (long long)doc, (long long)list->items[i].doc);
    return REC_OK;
}

static rec_status check_neighbours(rec_store *store, rec_error *err)
{
    struct checking checking = { .store = store };
    sqlite3_int64 last = 0;
    sqlite3_stmt *stmt = NULL;
    rec_status rc;

    if (sqlite3_prepare_v2(store->db, "SELECT max(doc) FROM paper", -1, &stmt, NULL) != SQLITE_OK)
        return rec_store_fail(store, "check store", err);
    if (sqlite3_step(stmt) == SQLITE_ROW)
        last = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    checking.bytes = last > 0 && last <= UINT32_MAX ? (size_t)last / 8 + 1 : 1;
    if (!(checking.stored = rec_alloc_array(checking.bytes, 1)))
        return rec_fail(err, REC_ENOMEM, "out of memory checking '%s'", store->path);
    if ((rc = rec_store_scan_precedence(store, note_stored, &checking, err)) == REC_OK)
        rc = rec_store_scan_lists(store, check_list, &checking, err);
    rec_free(checking.stored);
    return rc;
}

rec_status rec_store_check(rec_store *store, rec_error *err)
{
    static const struct {
        const char *sql, *fault;
    } checks[] = {
        { "SELECT * FROM pragma_integrity_check(1) WHERE integrity_check <> 'ok'", "SQLite finds" },
        { "SELECT alias FROM alias WHERE doc NOT IN (SELECT doc FROM paper)", "an id of no paper" },
        { "SELECT doc FROM list WHERE doc NOT IN (SELECT doc FROM paper)", "a neighbour list of no paper" },
        { "SELECT doc FROM list WHERE length(near) % 8 <> 0", "a neighbour list cut in the middle" },
        { "SELECT id FROM paper WHERE doc NOT IN (SELECT id FROM words_docsize)", "words that are not indexed" },
        { "SELECT 'state says ' || papers FROM state WHERE papers <> (SELECT count(*) FROM paper)", "number of papers" },
    };
    rec_status rc = REC_OK;

    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]) && rc == REC_OK; i++)
        rc = expect_no_rows(store, checks[i].sql, checks[i].fault, err);
    return rc == REC_OK ? check_neighbours(store, err) : rc;
}
