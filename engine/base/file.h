/* Whole files that replace others: a reader sees the old one or the new one, also after a crash. */
#ifndef REC_FILE_H
#define REC_FILE_H

#include "status.h"

#include <stddef.h>

/**
 * Write `length` bytes to `path`: aside under `path` + ".tmp", synced, renamed, and the folder synced. On failure the aside file is removed
 * and what was under `path` is untouched. Returns REC_OK, REC_EINVAL (there is something under `path` that is no regular file, or the
 * name is too long) or REC_EIO.
 */
REC_CHECKED rec_status rec_file_write(const char *path, const void *bytes, size_t length, rec_error *err);

/* A file that is written aside, piece by piece. */
typedef struct rec_file rec_file;

/**
 * Begin to write `path`: the bytes go to `path` + ".tmp" until they are committed. On success the caller ends with rec_file_commit() or
 * rec_file_abort(). Returns REC_OK, REC_EINVAL (as rec_file_write), REC_EIO or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_file_begin(const char *path, rec_file **out, rec_error *err);

/** Append bytes, which are gathered and written in blocks. Returns REC_OK or REC_EIO. */
REC_CHECKED rec_status rec_file_append(rec_file *file, const void *bytes, size_t length, rec_error *err);

/**
 * Write what was gathered, sync, rename, and sync the folder. The handle is gone afterwards, whatever the result; on failure the aside file
 * is removed and what was under the name is untouched.
 */
REC_CHECKED rec_status rec_file_commit(rec_file *file, rec_error *err);

/**
 * Give the file `aside`, which another has written whole and closed, the name `path`: sync, rename, sync the folder. On failure `aside` is
 * removed. Returns REC_OK or REC_EIO.
 */
REC_CHECKED rec_status rec_file_place(const char *aside, const char *path, rec_error *err);

/** Drop what was written. NULL is allowed. */
void rec_file_abort(rec_file *file);

/** Write all of `bytes` to a file descriptor. Returns 0, or -1 with errno set. */
int rec_file_write_all(int fd, const void *bytes, size_t length);

/** Make a rename durable: it is once the folder that holds the name is. Returns 0, or -1 with errno set. */
int rec_file_sync_folder_of(const char *path);

#endif
