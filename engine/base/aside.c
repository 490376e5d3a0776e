/* Files that are written aside: see aside.h. */
#include "aside.h"

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_TRIES 100 /* each means that another process finished or gave up the same file in between */

static rec_status fail(const rec_aside *aside, int cause, rec_error *err)
{
    return rec_fail_errno(err, REC_EIO, cause, "cannot write '%s'", aside->path);
}

/* A second name, or another owner, tells of somebody who wants to have another file overwritten, or to read along. */
static bool can_be_ours(const struct stat *file)
{
    return S_ISREG(file->st_mode) && file->st_nlink == 1 && file->st_uid == geteuid();
}

/*
 * Opens and locks the file under the name, making it where there is none. `*gone` where it was renamed or removed in between. A file system
 * without locks has none to ask.
 */
static rec_status open_locked(rec_aside *aside, bool *gone, rec_error *err)
{
    struct stat opened, named;

    *gone = false;
    aside->fd = open(aside->name, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666);
    if (aside->fd < 0)
        return fail(aside, errno, err);
    if (flock(aside->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return rec_fail(err, REC_EBUSY, "cannot write '%s': another process is writing it", aside->path);
    if (fstat(aside->fd, &opened) != 0)
        return fail(aside, errno, err);
    *gone = lstat(aside->name, &named) != 0 || named.st_dev != opened.st_dev || named.st_ino != opened.st_ino;
    if (!*gone && !can_be_ours(&opened))
        return rec_fail(err, REC_EIO, "cannot write '%s': '%s' is in the way, and not a file of ours", aside->path, aside->name);
    return REC_OK;
}

/* Empties what was left, and takes over the permissions of what is replaced. */
static rec_status make_ready(const rec_aside *aside, rec_error *err)
{
    struct stat replaced;

    if (ftruncate(aside->fd, 0) != 0)
        return fail(aside, errno, err);
    if (stat(aside->path, &replaced) == 0 && S_ISREG(replaced.st_mode) && fchmod(aside->fd, replaced.st_mode & 0777) != 0)
        return fail(aside, errno, err);
    return REC_OK;
}

rec_status rec_aside_open(const char *path, rec_aside *out, rec_error *err)
{
    bool gone = true;
    rec_status rc = REC_OK;

    if (!*path || strlen(path) + sizeof(REC_ASIDE_ENDING) > PATH_MAX)
        return rec_fail(err, REC_EINVAL, "cannot write '%.60s': the name is %s", path, *path ? "too long" : "empty");
    out->fd = -1;
    snprintf(out->path, sizeof(out->path), "%s", path);
    snprintf(out->name, sizeof(out->name), "%.*s" REC_ASIDE_ENDING, (int)(PATH_MAX - sizeof(REC_ASIDE_ENDING)), path);
    for (int i = 0; gone && rc == REC_OK && i < MOST_TRIES; i++) {
        if (out->fd >= 0)
            close(out->fd);
        rc = open_locked(out, &gone, err);
    }
    if (rc == REC_OK)
        rc = gone ? rec_fail(err, REC_EBUSY, "cannot write '%s': other processes are writing it", path) : make_ready(out, err);
    if (rc != REC_OK && out->fd >= 0)
        close(out->fd);
    return rc;
}

/* An empty folder in the file's place keeps nothing, and must not keep the file from being made again. */
static int put_in_place(const rec_aside *aside)
{
    if (rename(aside->name, aside->path) == 0)
        return 0;
    return errno == EISDIR && rmdir(aside->path) == 0 ? rename(aside->name, aside->path) : -1;
}

/* Renamed before it is closed: until then the lock tells others that the name is taken. */
rec_status rec_aside_commit(rec_aside *aside, rec_error *err)
{
    rec_status rc = REC_OK;

    if (fsync(aside->fd) != 0 || put_in_place(aside) != 0) {
        rc = fail(aside, errno, err);
        unlink(aside->name);
    } else if (rec_file_sync_folder_of(aside->path) != 0) {
        rc = fail(aside, errno, err);
    }
    close(aside->fd);
    return rc;
}

void rec_aside_abort(rec_aside *aside)
{
    unlink(aside->name);
    close(aside->fd);
}
