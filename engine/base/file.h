/* Whole files that replace others: a reader sees the old one or the new one, also after a crash. */
#ifndef REC_FILE_H
#define REC_FILE_H

#include "status.h"

#include <stddef.h>
#include <sys/types.h>

/**
 * Write `length` bytes to `path`: aside (aside.h), synced, renamed, and the folder synced. On failure the aside file is removed
 * and what was under `path` is untouched. Returns REC_OK, REC_EINVAL (there is something under `path` that is no regular file, or the
 * name is too long), REC_EBUSY (another process is writing it), REC_EIO or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_file_write(const char *path, const void *bytes, size_t length, rec_error *err);

/* A file that is written aside, piece by piece. */
typedef struct rec_file rec_file;

/**
 * Begin to write `path`: the bytes go to a file aside until they are committed. On success the caller ends with rec_file_commit() or
 * rec_file_abort(). Returns what rec_file_write() does.
 */
REC_CHECKED rec_status rec_file_begin(const char *path, rec_file **out, rec_error *err);

/** Give it these permissions. Returns REC_OK or REC_EIO. */
REC_CHECKED rec_status rec_file_permit(const rec_file *file, mode_t mode, rec_error *err);

/** Append bytes, which are gathered and written in blocks. Returns REC_OK or REC_EIO. */
REC_CHECKED rec_status rec_file_append(rec_file *file, const void *bytes, size_t length, rec_error *err);

/**
 * Write what was gathered, sync, rename, and sync the folder. The handle is gone afterwards, whatever the result; on failure the aside file
 * is removed and what was under the name is untouched.
 */
REC_CHECKED rec_status rec_file_commit(rec_file *file, rec_error *err);

/** Drop what was written. NULL is allowed. */
void rec_file_abort(rec_file *file);

/** Write all of `bytes` to a file descriptor. Returns 0, or -1 with errno set. */
int rec_file_write_all(int fd, const void *bytes, size_t length);

/** Make a rename durable: it is once the folder that holds the name is. Returns 0, or -1 with errno set. */
int rec_file_sync_folder_of(const char *path);

#endif
