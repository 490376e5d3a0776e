/* Finding installed files: see beside.h. */
#define _GNU_SOURCE /* secure_getenv */
#include "beside.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where each kind lies, below the tree and where it was installed to. The build tree has the shape of the installed one. */
static const struct place {
    const char *below, *installed;
} PLACES[] = {
    [REC_INSTALLED_MODULE] = { "/" REC_LIBDIR "/recommend", REC_INSTALLED_MODULE_DIR },
    [REC_INSTALLED_DATA] = { "/" REC_DATADIR "/recommend", REC_INSTALLED_DATA_DIR },
};

/* Where a file with this code in it lies below its tree: a module of another program, the library, the program. */
static const char *const HOMES[] = { "/" REC_LIBDIR "/recommend", "/" REC_LIBDIR, "/" REC_BINDIR };

/*
 * The file that this code was mapped from, as the kernel knows it. dladdr() would give the name that it was loaded by, which means another
 * file once the process has changed its folder, and for a program is whatever its starter called it. "" where the kernel does not say.
 */
static void path_of_this_code(char out[PATH_MAX])
{
    uintptr_t here = (uintptr_t)&rec_find_beside, from, to;
    char line[PATH_MAX + 128];
    FILE *maps = fopen("/proc/self/maps", "re");
    const char *path;

    out[0] = '\0';
    while (maps && fgets(line, sizeof(line), maps)) {
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR, &from, &to) != 2 || here < from || here >= to)
            continue;
        line[strcspn(line, "\n")] = '\0';
        if ((path = strchr(line, '/')) && strlen(path) < PATH_MAX)
            strcpy(out, path);
        break;
    }
    if (maps)
        fclose(maps);
}

/* The tree that this code runs in, without a slash at its end; false where its file lies in none. */
static bool find_tree(char out[PATH_MAX])
{
    char *slash;
    size_t length;

    path_of_this_code(out);
    if (!(slash = strrchr(out, '/')))
        return false;
    *slash = '\0';
    length = strlen(out);
    for (size_t i = 0; i < sizeof(HOMES) / sizeof(HOMES[0]); i++) {
        size_t home = strlen(HOMES[i]);

        if (length >= home && strcmp(out + length - home, HOMES[i]) == 0) {
            out[length - home] = '\0';
            return true;
        }
    }
    return false;
}

/* Whether there is such a file: its path is in `out` if so. */
static bool is_there(const char *tree, const char *folder, const char *name, char out[PATH_MAX])
{
    int n = snprintf(out, PATH_MAX, "%s%s/%s", tree, folder, name);

    return n >= 0 && n < PATH_MAX && access(out, F_OK) == 0;
}

rec_status rec_find_beside(rec_installed kind, const char *name, char out[PATH_MAX], rec_error *err)
{
    const struct place *place = &PLACES[kind];
    const char *data = secure_getenv("RECOMMEND_DATA");
    char tree[PATH_MAX];
    bool in_tree;

    if (data && data[0] && data[0] != '/')
        return rec_fail(err, REC_EINVAL, "RECOMMEND_DATA is '%s', which is not an absolute path", data);
    if (data && data[0] && is_there("", data, name, out))
        return REC_OK;
    in_tree = find_tree(tree);
    if ((in_tree && is_there(tree, place->below, name, out)) || is_there("", place->installed, name, out))
        return REC_OK;
    if (data && data[0])
        return rec_fail(err, REC_ESTALE, "'%s' is neither in '%s', which RECOMMEND_DATA names, nor in '%s'; install it again", name, data,
                        place->installed);
    if (!in_tree)
        return rec_fail(err, REC_ESTALE, "'%s/%s' is not there; install it again", place->installed, name);
    return rec_fail(err, REC_ESTALE, "neither '%s%s/%s' nor '%s/%s' is there; install it again", tree, place->below, name, place->installed,
                    name);
}
