/* Naming and clearing away side files: see sidefiles.h. */
#include "sidefiles.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fits(int length)
{
    return length > 0 && (size_t)length <= PATH_MAX - sizeof(REC_ASIDE_ENDING);
}

static rec_status too_long(const rec_store *store, rec_error *err)
{
    return rec_fail(err, REC_EINVAL, "cannot name the side files of '%.60s...': the name is too long", rec_store_path(store));
}

rec_status rec_side_table(const rec_store *store, char out[PATH_MAX], rec_error *err)
{
    return fits(snprintf(out, PATH_MAX, "%s-table", rec_store_path(store))) ? REC_OK : too_long(store, err);
}

rec_status rec_side_name(const rec_store *store, const char *fingerprint, int64_t side, rec_side_paths *out, rec_error *err)
{
    const char *path = rec_store_path(store);

    if (!fits(snprintf(out->model, sizeof(out->model), "%s-model.%.16s", path, fingerprint)) ||
        !fits(snprintf(out->index, sizeof(out->index), "%s-index.%lld", path, (long long)side)) ||
        !fits(snprintf(out->ngrams, sizeof(out->ngrams), "%s-ngrams.%lld", path, (long long)side)) ||
        !fits(snprintf(out->words, sizeof(out->words), "%s-words.%lld", path, (long long)side)) ||
        !fits(snprintf(out->map, sizeof(out->map), "%s-map.%lld", path, (long long)side)))
        return too_long(store, err);
    return REC_OK;
}

rec_status rec_side_part(const rec_store *store, int64_t side, char out[PATH_MAX], rec_error *err)
{
    return fits(snprintf(out, PATH_MAX, "%s-ngrams.%lld", rec_store_path(store), (long long)side)) ? REC_OK : too_long(store, err);
}

rec_status rec_side_begin(const rec_store *store, const char *path, rec_aside *out, rec_error *err)
{
    struct stat of_store;
    rec_status rc = rec_aside_open(path, out, err);

    if (rc != REC_OK)
        return rc;
    if (stat(rec_store_path(store), &of_store) == 0 && fchmod(out->fd, of_store.st_mode & 0666) == 0)
        return REC_OK;
    rc = rec_fail_errno(err, REC_EIO, errno, "cannot write '%s'", path);
    rec_aside_abort(out);
    return rc;
}

rec_status rec_side_prepare(const rec_store *store, const char *path, rec_error *err)
{
    rec_aside aside;
    rec_status rc = rec_side_begin(store, path, &aside, err);

    if (rc == REC_OK)
        close(aside.fd);
    return rc;
}

/* Nothing, or the ending of a file that is being written, in this release or an older one. */
static bool is_end(const char *rest)
{
    return *rest == '\0' || strcmp(rest, REC_ASIDE_ENDING) == 0 || strcmp(rest, ".tmp") == 0;
}

/*
 * Only names that rec_side_name can have made, in this release or an older one ("-vectors"), or such with the ending of a file that is
 * being written: "papers-index.html" is somebody else's.
 */
static bool is_side_file(const char *name, const char *store_name)
{
    static const struct {
        const char *kind, *characters;
        size_t least, most;
    } kinds[] = { { "-model.", "0123456789abcdef", 16, 16 }, { "-vectors.", "0123456789", 1, 19 }, { "-index.", "0123456789", 1, 19 },
                  { "-ngrams.", "0123456789", 1, 19 },       { "-words.", "0123456789", 1, 19 },   { "-map.", "0123456789", 1, 19 } };
    size_t length = strlen(store_name);

    if (strncmp(name, store_name, length) != 0)
        return false;
    name += length;
    if (strncmp(name, "-table.", 7) == 0 && is_end(name + 6))
        return true;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        size_t kind = strlen(kinds[i].kind), n;

        if (strncmp(name, kinds[i].kind, kind) != 0)
            continue;
        n = strspn(name + kind, kinds[i].characters);
        return n >= kinds[i].least && n <= kinds[i].most && is_end(name + kind + n);
    }
    return false;
}

/* ---- what others must not write ------------------------------------------------------------------------------------ */

static bool is_same_file(const char *a, const char *b)
{
    struct stat first, second;

    return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

/* The folder of a path, "." where it names none, into `out` (PATH_MAX); returns the name in it. */
static const char *split(const char *path, char *out)
{
    const char *slash = strrchr(path, '/');

    snprintf(out, PATH_MAX, "%.*s", slash ? (int)(slash - path + 1) : 1, slash ? path : ".");
    return slash ? slash + 1 : path;
}

/* A file that the store has beside its own for good or for a while, whichever name the state mentions. */
static bool is_beside(const char *name, const char *store_name)
{
    static const char *const ends[] = { "-lock", "-wal", "-shm", "-journal", "-table" };
    size_t length = strlen(store_name);

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        if (strncmp(name, store_name, length) == 0 && strcmp(name + length, ends[i]) == 0)
            return true;
    return is_side_file(name, store_name);
}

bool rec_store_uses(const char *store, const char *path)
{
    char real[PATH_MAX], folder[PATH_MAX], store_folder[PATH_MAX];
    const char *name = split(path, folder), *store_name;

    if (is_same_file(store, path))
        return true;
    store_name = split(realpath(store, real) ? real : store, store_folder); /* a link's side files are those of what it leads to */
    return is_same_file(folder, store_folder) && is_beside(name, store_name);
}

/* ---- clearing away ------------------------------------------------------------------------------------------------- */

static bool is_part(const char *full, const rec_store *store, const int64_t *parts, size_t count)
{
    char path[PATH_MAX];

    for (size_t i = 0; i < count; i++)
        if (rec_side_part(store, parts[i], path, NULL) == REC_OK && strcmp(full, path) == 0)
            return true;
    return false;
}

void rec_side_sweep(const rec_store *store, const rec_side_paths *keep, const int64_t *parts, size_t part_count)
{
    const char *path = rec_store_path(store);
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    char folder[PATH_MAX], full[PATH_MAX + NAME_MAX + 2];
    struct dirent *entry;
    DIR *dir;

    snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path + 1) : 2, slash ? path : "./");
    if (!(dir = opendir(folder)))
        return;
    while ((entry = readdir(dir)))
        if (is_side_file(entry->d_name, name)) {
            snprintf(full, sizeof(full), "%s%s", slash ? folder : "", entry->d_name);
            if (strcmp(full, keep->model) != 0 && strcmp(full, keep->index) != 0 && strcmp(full, keep->ngrams) != 0 &&
                strcmp(full, keep->words) != 0 && strcmp(full, keep->map) != 0 && !is_part(full, store, parts, part_count))
                remove(full); /* unlike unlink, an empty folder too */
        }
    closedir(dir);
}
