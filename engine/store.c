/*
 * Opening and closing a store, and its prepared statements: see store.h.
 *
 * Journal: write-ahead while a writer is open, so that readers go on; rolled back to the plain journal when the last writer closes, so that
 * a store at rest is one file that can be read from a read-only place and opened without making a shared-memory file.
 */
#define _GNU_SOURCE /* F_OFD_SETLK */
#include "store_internal.h"
#include "store_sums.h"

#include "alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUSY_MS 10000  /* how long a statement waits for another connection */
#define LOCK_TRIES 600 /* how often a second writer asks again before it gives up: a minute */
#define LOCK_PAUSE_US 100000
#define LOG_LOOKS 5 /* how often a log that is not needed is looked at before it is called another's */
#define LOG_PAUSE_US 10000

/*
 * Kilobytes of pages that a connection may keep; SQLite's own 2,000 are too few: with a quarter of a million papers the inner pages of the
 * tables alone have 3 MB, and each answer would read a dozen of them again. It is taken page by page, so a single look-up pays for none of
 * it.
 */
#define CACHE_KB "6144"

#define MAPPED_BYTES "2147418112" /* of the file: as many as SQLite maps at most */

rec_status rec_store_fail(const rec_store *store, const char *doing, rec_error *err)
{
    int code = sqlite3_errcode(store->db) & 0xFF;
    rec_status rc = code == SQLITE_NOTADB || code == SQLITE_CORRUPT ? REC_EDAMAGED
                    : code == SQLITE_NOMEM                          ? REC_ENOMEM
                    : code == SQLITE_BUSY || code == SQLITE_LOCKED  ? REC_EBUSY
                                                                    : REC_EIO;

    return rec_fail(err, rc, "cannot %s '%s': %s%s", doing, store->path, sqlite3_errmsg(store->db),
                    code == SQLITE_CORRUPT ? "; " REC_WAY_OUT : "");
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

rec_status rec_store_read_docs(rec_store *store, sqlite3_stmt *stmt, rec_doc **out, size_t *count, rec_error *err)
{
    rec_doc *docs = NULL;
    size_t n = 0, room = 0;
    rec_status rc = REC_OK;
    int step;

    while ((step = sqlite3_step(stmt)) == SQLITE_ROW && rc == REC_OK) {
        if (n == room) {
            rec_doc *more = rec_resize_array(docs, room = room ? 2 * room : 64, sizeof(*docs));

            if (!more) {
                rc = rec_fail(err, REC_ENOMEM, "out of memory for a list of papers");
                break;
            }
            docs = more;
        }
        docs[n++] = sqlite3_column_int64(stmt, 0);
    }
    if (rc == REC_OK && step != SQLITE_DONE)
        rc = rec_store_fail(store, "read store", err);
    sqlite3_reset(stmt);
    if (rc != REC_OK) {
        rec_free(docs);
        return rc;
    }
    *out = docs;
    *count = n;
    return REC_OK;
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
 * leaves none behind. It belongs to the open file, not to the process, so that it holds between two handles of one program as well.
 */
static rec_status take_lock(rec_store *store, rec_error *err)
{
    struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    char path[PATH_MAX], self[32];
    struct stat status;
    int n = snprintf(path, sizeof(path), "%s-lock", store->path);

    if (n < 0 || (size_t)n >= sizeof(path))
        return rec_fail(err, REC_EINVAL, "cannot open store '%.60s...': the name is too long", store->path);
    store->lock = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666);
    if (store->lock < 0)
        return rec_fail_errno(err, REC_EIO, errno, "cannot write store '%s': cannot open '%s'", store->path, path);
    if (fstat(store->lock, &status) != 0 || !S_ISREG(status.st_mode) || status.st_nlink > 1)
        return rec_fail(err, REC_EIO, "cannot write store '%s': '%s' is in the way, and no lock of ours", store->path, path);
    for (int i = 0; fcntl(store->lock, F_OFD_SETLK, &whole) != 0; i++) {
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

/* Opening a pipe would wait for whoever writes to it; a lock file beside a device is none of our business. */
static rec_status refuse_what_is_no_file(const char *path, rec_error *err)
{
    struct stat status;

    if (stat(path, &status) != 0 || S_ISREG(status.st_mode))
        return REC_OK;
    return rec_fail(err, REC_EDAMAGED, "cannot open store '%s': it is %s", path, S_ISDIR(status.st_mode) ? "a folder" : "no file");
}

/* Whether a log stands beside a file that says of itself that it has none ("file format write version" 1: SQLite's file format, 1.3). */
static bool has_a_log_without_need(const char *path, const char *log)
{
    uint8_t write_version = 0;
    struct stat status;
    int fd;

    if (stat(log, &status) != 0 || status.st_size == 0 || (fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
        return false;
    if (pread(fd, &write_version, 1, 18) != 1)
        write_version = 0;
    close(fd);
    return write_version == 1 && stat(log, &status) == 0 && status.st_size > 0;
}

/*
 * A log is of the file that it was begun for. A store that needs none and has one was put, a backup for instance, in the place of another
 * whose writer was killed: SQLite would write the pages of that one into it. SQLite makes the log after the file says that it needs it, and
 * removes it before the file says that it does not, each of them synced; a writer that comes and goes just now is given the time to.
 */
static rec_status refuse_the_log_of_another(const char *path, rec_error *err)
{
    char log[PATH_MAX];
    int n = snprintf(log, sizeof(log), "%s-wal", path);

    if (n < 0 || (size_t)n >= sizeof(log))
        return REC_OK;
    for (int i = 0; i < LOG_LOOKS; i++) {
        if (!has_a_log_without_need(path, log))
            return REC_OK;
        usleep(LOG_PAUSE_US);
    }
    return rec_fail(err, REC_EDAMAGED,
                    "cannot open store '%s': '%s' is the log of another store, in whose place this one was put; move that file away", path,
                    log);
}

static rec_status open_database(rec_store *store, rec_store_mode mode, rec_error *err)
{
    int flags = mode == REC_STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;

    if (mode != REC_STORE_CREATE && access(store->path, F_OK) != 0)
        return rec_fail(err, REC_ESTALE, "cannot open store '%s': no such file; run 'recommend import FILE'", store->path);
    if (mode == REC_STORE_CREATE)
        flags |= SQLITE_OPEN_CREATE;
    if (sqlite3_open_v2(store->path, &store->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL) != SQLITE_OK) {
        if (!store->db)
            return rec_fail(err, REC_ENOMEM, "out of memory opening '%s'", store->path);
        return rec_store_fail(store, "open store", err);
    }
    sqlite3_busy_timeout(store->db, BUSY_MS);
    /* A damaged or hostile file must not make SQLite run what its schema says; ours has neither views nor triggers. */
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_exec(store->db, "PRAGMA cache_size = -" CACHE_KB, NULL, NULL, NULL);
    if (rec_sums_register(store->db) != REC_OK)
        return rec_fail(err, REC_ENOMEM, "out of memory opening '%s'", store->path);
    if (mode == REC_STORE_READ)
        roll_back_what_a_crash_left(store);
    return REC_OK;
}

/* The journal cannot be switched under a reader, and a backup of a large store reads for a while: it is waited for as for a writer. */
static rec_status write_ahead(rec_store *store, rec_error *err)
{
    rec_status rc = REC_OK;

    sqlite3_busy_timeout(store->db, LOCK_TRIES * (LOCK_PAUSE_US / 1000));
    if (sqlite3_exec(store->db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", NULL, NULL, NULL) != SQLITE_OK)
        rc = rec_store_fail(store, "write store", err);
    sqlite3_busy_timeout(store->db, BUSY_MS);
    return rc;
}

rec_status rec_store_plain_name(const char *path, char *out, rec_error *err)
{
    int n = snprintf(out, PATH_MAX, "%s%s", strncmp(path, "file:", 5) == 0 || path[0] == ':' ? "./" : "", path);

    return n >= 0 && n < PATH_MAX ? REC_OK : rec_fail(err, REC_EINVAL, "the name '%.60s...' is too long", path);
}

/* A link is followed: whoever opens the store under another name must find the same lock, log and side files. */
static rec_status name_of_file(const char *path, char out[PATH_MAX], rec_error *err)
{
    struct stat status;

    if (lstat(path, &status) != 0 || !S_ISLNK(status.st_mode))
        return rec_store_plain_name(path, out, err);
    if (!realpath(path, out))
        return rec_fail_errno(err, errno == ENOENT ? REC_ESTALE : REC_EIO, errno, "cannot open store '%s', which is a link", path);
    return REC_OK;
}

void rec_store_begin_program(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

rec_status rec_store_open(const char *path, rec_store_mode mode, rec_store **out, rec_error *err)
{
    char name[PATH_MAX];
    rec_store *store;
    rec_status rc = name_of_file(path, name, err);

    if (rc != REC_OK)
        return rc;
    if ((store = rec_alloc(sizeof(*store)))) {
        store->lock = -1;
        store->path = rec_strdup(name);
    }
    if (!store || !store->path) {
        rc = rec_fail(err, REC_ENOMEM, "out of memory opening '%s'", path);
        goto done;
    }
    if (mode == REC_STORE_WRITE && access(name, F_OK) != 0) {
        rc = rec_fail(err, REC_ESTALE, "cannot open store '%s': no such file; run 'recommend import FILE'", name);
        goto done;
    }
    if ((rc = refuse_what_is_no_file(name, err)) != REC_OK)
        goto done;
    if (mode != REC_STORE_READ && (rc = take_lock(store, err)) != REC_OK)
        goto done;
    if ((rc = refuse_the_log_of_another(name, err)) != REC_OK)
        goto done;
    if ((rc = open_database(store, mode, err)) != REC_OK)
        goto done;
    if ((rc = rec_schema_open(store, mode == REC_STORE_CREATE, err)) != REC_OK)
        goto done;
    if (mode != REC_STORE_READ && (rc = write_ahead(store, err)) != REC_OK)
        goto done;
    store->write_ahead = mode != REC_STORE_READ;
    /* Behind the log, so that readers go on while an older store is migrated. */
    if (store->version < REC_SCHEMA_VERSION &&
        (rc = mode == REC_STORE_READ ? rec_schema_look_at_older(store, err) : rec_schema_migrate(store, err)) != REC_OK)
        goto done;
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

void rec_store_map_file(rec_store *store)
{
    sqlite3_exec(store->db, "PRAGMA mmap_size = " MAPPED_BYTES, NULL, NULL, NULL);
}

int rec_store_version(const rec_store *store)
{
    return store->version;
}

const char *rec_store_path(const rec_store *store)
{
    return store->path;
}
