/* Files written whole: see file.h. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int rec_file_write_all(int fd, const void *bytes, size_t length)
{
    const char *at = bytes;

    while (length > 0) {
        ssize_t n = write(fd, at, length);

        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            errno = EIO;
        if (n <= 0)
            return -1;
        at += n;
        length -= (size_t)n;
    }
    return 0;
}

int rec_file_sync_folder_of(const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    int fd, result;

    if (!slash)
        snprintf(folder, sizeof(folder), ".");
    else
        snprintf(folder, sizeof(folder), "%.*s", (int)(slash == path ? 1 : slash - path), path);
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    result = fsync(fd);
    close(fd);
    return result;
}

/* Writes and syncs a new file; 0, or an errno. */
static int write_new(const char *path, const void *bytes, size_t length)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666), cause = 0;

    if (fd < 0)
        return errno;
    if (rec_file_write_all(fd, bytes, length) != 0 || fsync(fd) != 0)
        cause = errno;
    if (close(fd) != 0 && cause == 0)
        cause = errno;
    return cause;
}

rec_status rec_file_write(const char *path, const void *bytes, size_t length, rec_error *err)
{
    char aside[PATH_MAX];
    struct stat there;
    int n = snprintf(aside, sizeof(aside), "%s.tmp", path), cause;

    if (n < 0 || (size_t)n >= sizeof(aside))
        return rec_fail(err, REC_EINVAL, "cannot write '%.60s...': the name is too long", path);
    if (stat(path, &there) == 0 && !S_ISREG(there.st_mode))
        return rec_fail(err, REC_EINVAL, "cannot write '%s': it is no regular file", path);
    cause = write_new(aside, bytes, length);
    if (cause == 0 && (rename(aside, path) != 0 || rec_file_sync_folder_of(path) != 0))
        cause = errno;
    if (cause == 0)
        return REC_OK;
    unlink(aside);
    return rec_fail_errno(err, REC_EIO, cause, "cannot write '%s'", path);
}
