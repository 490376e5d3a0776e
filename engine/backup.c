/* A store and its side files to another place: see rec/backup.h. */
#include "rec/backup.h"

#include "alloc.h"
#include "file.h"
#include "sidefiles.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIDE_FILES 5
#define BLOCK ((size_t)1 << 20)

struct backup {
    rec_store *store;
    const char *path;             /* where the copy goes */
    char aside[PATH_MAX];         /* where its file is until it is whole */
    int sides[SIDE_FILES];        /* side files of the state, open: a build may take their names away; -1 where one is missing */
    const char *ends[SIDE_FILES]; /* what their names have behind the store's */
    rec_side_paths names;
    char table[PATH_MAX];
    rec_store_state state;
    bool complete;
};

/* ---- side files ---------------------------------------------------------------------------------------------------- */

/* Opens those of the state. The map and the table are no part of every store, and answers do without them. */
static rec_status open_sides(struct backup *b, rec_error *err)
{
    const char *const paths[SIDE_FILES] = { b->names.model, b->names.index, b->names.ngrams, b->names.map, b->table };
    size_t length = strlen(rec_store_path(b->store));
    rec_status rc = rec_side_table(b->store, b->table, err);

    if (rc == REC_OK)
        rc = rec_side_name(b->store, b->state.fingerprint, b->state.side, &b->names, err);
    b->complete = rc == REC_OK && b->state.fingerprint[0];
    for (size_t i = 0; i < SIDE_FILES && rc == REC_OK; i++) {
        b->ends[i] = paths[i] + length;
        b->sides[i] = open(paths[i], O_RDONLY | O_CLOEXEC);
        b->complete &= b->sides[i] >= 0 || i >= 3;
    }
    return rc;
}

static void close_sides(struct backup *b)
{
    for (size_t i = 0; i < SIDE_FILES; i++) {
        if (b->sides[i] >= 0)
            close(b->sides[i]);
        b->sides[i] = -1;
    }
}

/* Copies what is open as `in` to `path`. */
static rec_status copy_file(int in, const char *path, char *block, rec_error *err)
{
    rec_file *out = NULL;
    rec_status rc = rec_file_begin(path, &out, err);
    ssize_t n = 1;

    if (rc != REC_OK)
        return rc;
    while (rc == REC_OK && n > 0) {
        n = read(in, block, BLOCK);
        if (n < 0)
            rc = rec_fail_errno(err, REC_EIO, errno, "cannot read a side file for '%s'", path);
        else
            rc = rec_file_append(out, block, (size_t)n, err);
    }
    if (rc == REC_OK)
        return rec_file_commit(out, err);
    rec_file_abort(out);
    return rc;
}

static rec_status copy_sides(struct backup *b, rec_error *err)
{
    char *block = rec_alloc(BLOCK), path[PATH_MAX];
    rec_status rc = block ? REC_OK : rec_fail(err, REC_ENOMEM, "out of memory copying '%s'", rec_store_path(b->store));

    for (size_t i = 0; i < SIDE_FILES && rc == REC_OK; i++) {
        int n = snprintf(path, sizeof(path), "%s%s", b->path, b->ends[i]);

        if (b->sides[i] < 0)
            continue;
        if (n < 0 || (size_t)n >= sizeof(path))
            rc = rec_fail(err, REC_EINVAL, "cannot write '%.60s...': the name is too long", b->path);
        else
            rc = copy_file(b->sides[i], path, block, err);
    }
    rec_free(block);
    return rc;
}

/* ---- all of it ----------------------------------------------------------------------------------------------------- */

/* The state and the store's file, of one transaction, and its side files, which a build that ends just then may have taken away. */
static rec_status take_state(struct backup *b, rec_error *err)
{
    rec_status rc = rec_store_read_begin(b->store, err);

    if (rc != REC_OK)
        return rc;
    if ((rc = rec_store_get_state(b->store, &b->state, err)) == REC_OK && (rc = open_sides(b, err)) == REC_OK)
        rc = rec_store_copy(b->store, b->aside, err);
    rec_store_read_end(b->store);
    return rc;
}

static rec_status take_state_with_its_sides(struct backup *b, rec_error *err)
{
    rec_store_state now;
    rec_status rc = take_state(b, err);

    if (rc == REC_OK && !b->complete && rec_store_get_state(b->store, &now, NULL) == REC_OK && now.side != b->state.side) {
        close_sides(b);
        rc = take_state(b, err);
    }
    return rc;
}

/* Refuses a name that something stands under: a journal that is left there would be taken for the copy's. */
static rec_status check_place(struct backup *b, rec_error *err)
{
    static const char *const taken[] = { "", "-wal", "-journal", "-shm" };
    struct stat there;

    for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
        int n = snprintf(b->aside, sizeof(b->aside), "%s%s", b->path, taken[i]);

        if (!b->path[0] || n < 0 || (size_t)n >= sizeof(b->aside) - 64) /* room for what side files end in */
            return rec_fail(err, REC_EINVAL, "cannot write '%.60s': the name is %s", b->path, b->path[0] ? "too long" : "empty");
        if (lstat(b->aside, &there) == 0)
            return rec_fail(err, REC_EINVAL, "cannot write '%s': it is there already, and a backup replaces nothing", b->aside);
    }
    snprintf(b->aside, sizeof(b->aside), "%.*s.tmp", PATH_MAX - 64, b->path);
    return REC_OK;
}

rec_status rec_backup(rec_store *store, const char *path, rec_backup_report *report, rec_error *err)
{
    struct backup b = { .store = store, .path = path, .sides = { -1, -1, -1, -1, -1 } };
    rec_status rc = check_place(&b, err);

    if (rc != REC_OK)
        return rc;
    if ((rc = take_state_with_its_sides(&b, err)) == REC_OK)
        rc = copy_sides(&b, err);
    if (rc == REC_OK)
        rc = rec_file_place(b.aside, path, err);
    else
        unlink(b.aside);
    close_sides(&b);
    *report = (rec_backup_report){ b.state.papers, b.complete };
    return rc;
}
