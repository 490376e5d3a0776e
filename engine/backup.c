/* A store and its side files to another place: see rec/backup.h. */
#include "rec/backup.h"

#include "alloc.h"
#include "file.h"
#include "grams.h"
#include "sidefiles.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIDES (6 + REC_GRAM_PARTS)
#define BLOCK ((size_t)1 << 20)

/* A side file of the state. */
struct side {
    int fd;         /* open: a build may take its name away */
    char ends[128]; /* what its name has behind the store's */
};

struct backup {
    rec_store *store;
    const char *path;         /* where the copy goes */
    rec_aside aside;          /* its file until it is whole */
    struct side sides[SIDES]; /* (side_count) */
    size_t side_count;
    rec_store_state state;
    bool complete;
};

/* ---- side files ---------------------------------------------------------------------------------------------------- */

/* Whether it is there. */
static bool open_side(struct backup *b, const char *path)
{
    struct side *side = &b->sides[b->side_count];

    snprintf(side->ends, sizeof(side->ends), "%s", path + strlen(rec_store_path(b->store)));
    side->fd = open(path, O_RDONLY | O_CLOEXEC);
    b->side_count += side->fd >= 0;
    return side->fd >= 0;
}

/* N-grams that cannot be read are copied as they are, like any other damaged file: a check of the copy tells. */
static rec_status open_ngrams(struct backup *b, const char *path, rec_error *err)
{
    int64_t parts[REC_GRAM_PARTS];
    char part[PATH_MAX];
    size_t count = 0;
    rec_status rc = REC_OK;

    b->complete &= open_side(b, path) && rec_grams_sides(path, parts, &count, NULL) == REC_OK;
    for (size_t i = 0; i < count && rc == REC_OK; i++)
        if ((rc = rec_side_part(b->store, parts[i], part, err)) == REC_OK)
            b->complete &= open_side(b, part);
    return rc;
}

/* Opens those of the state. The words, the map and the table are no part of every store. */
static rec_status open_sides(struct backup *b, rec_error *err)
{
    rec_side_paths names;
    char table[PATH_MAX];
    rec_status rc = rec_side_table(b->store, table, err);

    if (rc == REC_OK)
        rc = rec_side_name(b->store, b->state.fingerprint, b->state.side, &names, err);
    if (rc != REC_OK)
        return rc;
    b->complete = b->state.fingerprint[0] != '\0';
    b->complete &= open_side(b, names.model);
    b->complete &= open_side(b, names.index);
    (void)open_side(b, names.words);
    (void)open_side(b, names.map);
    (void)open_side(b, table);
    return open_ngrams(b, names.ngrams, err);
}

static void close_sides(struct backup *b)
{
    while (b->side_count > 0)
        close(b->sides[--b->side_count].fd);
}

/* Copies what is open as `in` to `path`. */
static rec_status copy_file(int in, const char *path, mode_t mode, char *block, rec_error *err)
{
    rec_file *out = NULL;
    rec_status rc = rec_file_begin(path, &out, err);
    ssize_t n = 1;

    if (rc != REC_OK)
        return rc;
    rc = rec_file_permit(out, mode, err);
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
    struct stat copy; /* of the store, whose permissions all of it gets */
    rec_status rc = block ? REC_OK : rec_fail(err, REC_ENOMEM, "out of memory copying '%s'", rec_store_path(b->store));

    if (rc == REC_OK && fstat(b->aside.fd, &copy) != 0)
        rc = rec_fail_errno(err, REC_EIO, errno, "cannot write '%s'", b->path);
    for (size_t i = 0; i < b->side_count && rc == REC_OK; i++) {
        int n = snprintf(path, sizeof(path), "%s%s", b->path, b->sides[i].ends);

        if (n < 0 || (size_t)n >= sizeof(path))
            rc = rec_fail(err, REC_EINVAL, "cannot write '%.60s...': the name is too long", b->path);
        else
            rc = copy_file(b->sides[i].fd, path, copy.st_mode & 0666, block, err);
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
        rc = rec_store_copy(b->store, b->aside.name, err);
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
static rec_status check_place(const char *path, rec_error *err)
{
    static const char *const taken[] = { "", "-wal", "-journal", "-shm" };
    char name[PATH_MAX];
    struct stat there;

    for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
        int n = snprintf(name, sizeof(name), "%s%s", path, taken[i]);

        if (!path[0] || n < 0 || (size_t)n >= sizeof(name) - 64) /* room for what side files end in */
            return rec_fail(err, REC_EINVAL, "cannot write '%.60s': the name is %s", path, path[0] ? "too long" : "empty");
        if (lstat(name, &there) == 0)
            return rec_fail(err, REC_EINVAL, "cannot write '%s': it is there already, and a backup replaces nothing", name);
    }
    return REC_OK;
}

rec_status rec_backup(rec_store *store, const char *path, rec_backup_report *report, rec_error *err)
{
    struct backup b = { .store = store, .path = path };
    rec_status rc = check_place(path, err);

    if (rc != REC_OK || (rc = rec_side_begin(store, path, &b.aside, err)) != REC_OK)
        return rc;
    if ((rc = take_state_with_its_sides(&b, err)) == REC_OK)
        rc = copy_sides(&b, err);
    if (rc == REC_OK)
        rc = rec_aside_commit(&b.aside, err);
    else
        rec_aside_abort(&b.aside);
    close_sides(&b);
    *report = (rec_backup_report){ b.state.papers, b.complete };
    return rc;
}
