/* Where a file is written until it is whole: beside its place, under a name of ours, and locked. */
#ifndef REC_ASIDE_H
#define REC_ASIDE_H

#include "status.h"

#include <limits.h>

/** What is put behind the name of a file for the one that it is written in: a name that nobody would give a file of his own. */
#define REC_ASIDE_ENDING ".recommend.tmp"

/* A file that is written and not in its place yet. */
typedef struct rec_aside {
    int fd;              /* to write to */
    char path[PATH_MAX]; /* where it goes */
    char name[PATH_MAX]; /* where it is */
} rec_aside;

/**
 * Begin a file that goes to `path`. What a process that was killed has left there is emptied; what another process is writing is left to
 * it, and what cannot have come from us (a link, a file of two names or of another user) is never written into. The file is given the
 * permissions of the one that it replaces; else it keeps those of what was left, or gets what the umask leaves of 0666. On success the
 * caller ends with rec_aside_commit() or rec_aside_abort(). Returns REC_EINVAL (the name is empty or too long), REC_EBUSY (another process
 * is writing it) or REC_EIO.
 */
REC_CHECKED rec_status rec_aside_open(const char *path, rec_aside *out, rec_error *err);

/**
 * Sync, rename to its place, where an empty folder makes room, and sync the folder. On failure what was written is removed, and what is in
 * the place is untouched. Returns REC_OK or REC_EIO.
 */
REC_CHECKED rec_status rec_aside_commit(rec_aside *aside, rec_error *err);

/** Drop what was written. */
void rec_aside_abort(rec_aside *aside);

#endif
