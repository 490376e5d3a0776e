/* A consistent copy of the store's file while others write: see rec_store_copy() in rec/store.h. */
#include "store_internal.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

/* Reports the last error of the copy's own handle. */
static rec_status fail(sqlite3 *copy, const char *path, rec_error *err)
{
    int code = sqlite3_errcode(copy) & 0xFF;

    return rec_fail(err, code == SQLITE_NOMEM ? REC_ENOMEM : REC_EIO, "cannot write '%s': %s", path, sqlite3_errmsg(copy));
}

/* All pages in one step: in the caller's read transaction they are of one state, and no writer makes it begin again. */
static rec_status copy_pages(rec_store *store, sqlite3 *copy, const char *path, rec_error *err)
{
    sqlite3_backup *backup = sqlite3_backup_init(copy, "main", store->db, "main");
    int step, finished;

    if (!backup)
        return fail(copy, path, err);
    step = sqlite3_backup_step(backup, -1);
    finished = sqlite3_backup_finish(backup);
    if (step == SQLITE_DONE && finished == SQLITE_OK)
        return REC_OK;
    if ((finished & 0xFF) == SQLITE_CORRUPT)
        return rec_fail(err, REC_EDAMAGED, "cannot copy '%s': it is damaged; 'recommend export --salvage' reads what is left of it",
                        store->path);
    return fail(copy, path, err);
}

/*
 * The copy is of a store at work and says that its journal is a log: it is made a store at rest. Nobody reads it yet, so SQLite need not
 * sync; whoever renames it does.
 */
static rec_status write_copy(rec_store *store, const char *path, rec_error *err)
{
    sqlite3 *copy = NULL;
    rec_status rc;

    if (sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        rc = copy ? fail(copy, path, err) : rec_fail(err, REC_ENOMEM, "out of memory writing '%s'", path);
        sqlite3_close(copy);
        return rc;
    }
    rc = sqlite3_exec(copy, "PRAGMA synchronous = OFF", NULL, NULL, NULL) == SQLITE_OK ? REC_OK : fail(copy, path, err);
    if (rc == REC_OK)
        rc = copy_pages(store, copy, path, err);
    if (rc == REC_OK && sqlite3_exec(copy, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) != SQLITE_OK)
        rc = fail(copy, path, err);
    if (sqlite3_close(copy) != SQLITE_OK && rc == REC_OK)
        rc = rec_fail(err, REC_EIO, "cannot write '%s'", path);
    return rc;
}

rec_status rec_store_copy(rec_store *store, const char *path, rec_error *err)
{
    char name[PATH_MAX];
    rec_status rc = rec_store_plain_name(path, name, err);

    if (rc != REC_OK)
        return rc;
    if (truncate(name, 0) != 0)
        return rec_fail_errno(err, REC_EIO, errno, "cannot write '%s'", path);
    return write_copy(store, name, err);
}
