/* Files written whole: see file.h. */
#include "file.h"

#include "alloc.h"
#include "aside.h"

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

/* ---- aside and renamed --------------------------------------------------------------------------------------------- */

#define GATHERED 65536

struct rec_file {
    rec_aside aside;
    size_t length; /* bytes gathered */
    char bytes[GATHERED];
};

rec_status rec_file_begin(const char *path, rec_file **out, rec_error *err)
{
    struct stat there;
    rec_file *file;
    rec_status rc;

    if (stat(path, &there) == 0 && !S_ISREG(there.st_mode))
        return rec_fail(err, REC_EINVAL, "cannot write '%s': it is no regular file", path);
    if (!(file = rec_alloc(sizeof(*file))))
        return rec_fail(err, REC_ENOMEM, "out of memory writing '%s'", path);
    if ((rc = rec_aside_open(path, &file->aside, err)) != REC_OK)
        rec_free(file);
    else
        *out = file;
    return rc;
}

rec_status rec_file_permit(const rec_file *file, mode_t mode, rec_error *err)
{
    return fchmod(file->aside.fd, mode) == 0 ? REC_OK : rec_fail_errno(err, REC_EIO, errno, "cannot write '%s'", file->aside.path);
}

static rec_status write_now(const rec_file *file, const void *bytes, size_t length, rec_error *err)
{
    if (rec_file_write_all(file->aside.fd, bytes, length) != 0)
        return rec_fail_errno(err, REC_EIO, errno, "cannot write '%s'", file->aside.path);
    return REC_OK;
}

static rec_status write_gathered(rec_file *file, rec_error *err)
{
    rec_status rc = write_now(file, file->bytes, file->length, err);

    file->length = 0;
    return rc;
}

rec_status rec_file_append(rec_file *file, const void *bytes, size_t length, rec_error *err)
{
    rec_status rc = REC_OK;

    if (file->length + length > sizeof(file->bytes))
        rc = write_gathered(file, err);
    if (rc == REC_OK && length > sizeof(file->bytes))
        return write_now(file, bytes, length, err);
    if (rc == REC_OK && length > 0) {
        memcpy(file->bytes + file->length, bytes, length);
        file->length += length;
    }
    return rc;
}

rec_status rec_file_commit(rec_file *file, rec_error *err)
{
    rec_status rc = write_gathered(file, err);

    if (rc == REC_OK)
        rc = rec_aside_commit(&file->aside, err);
    else
        rec_aside_abort(&file->aside);
    rec_free(file);
    return rc;
}

void rec_file_abort(rec_file *file)
{
    if (!file)
        return;
    rec_aside_abort(&file->aside);
    rec_free(file);
}

rec_status rec_file_write(const char *path, const void *bytes, size_t length, rec_error *err)
{
    rec_file *file = NULL;
    rec_status rc = rec_file_begin(path, &file, err);

    if (rc != REC_OK)
        return rc;
    if ((rc = rec_file_append(file, bytes, length, err)) == REC_OK)
        return rec_file_commit(file, err);
    rec_file_abort(file);
    return rc;
}
