/* The store's path: see place.h. */
#include "place.h"

#include "rec/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* An empty variable counts as unset, as the XDG Base Directory Specification says. */
static const char *environment(const char *name)
{
    const char *value = getenv(name);

    return value && *value ? value : NULL;
}

static rec_status make_folders(const char *path, rec_error *err)
{
    char part[PATH_MAX];

    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return rec_fail_errno(err, REC_EIO, errno, "cannot make folder '%s'", part);
    }
    return REC_OK;
}

rec_status place_store(const char *db, bool make_folder, char out[PATH_MAX], rec_error *err)
{
    const char *data = environment("XDG_DATA_HOME"), *home = environment("HOME");
    int n;

    if (db)
        n = snprintf(out, PATH_MAX, "%s", db);
    else if (data && data[0] == '/') /* the specification has relative paths ignored */
        n = snprintf(out, PATH_MAX, "%s/recommend/papers.db", data);
    else if (home)
        n = snprintf(out, PATH_MAX, "%s/.local/share/recommend/papers.db", home);
    else
        return rec_fail(err, REC_EINVAL, "cannot tell where the store is: set --db, RECOMMEND_DB or HOME");
    if (n <= 0 || n >= PATH_MAX)
        return rec_fail(err, REC_EINVAL, "the store's name is empty or too long");
    return make_folder && !db ? make_folders(out, err) : REC_OK;
}

rec_status place_beside_store(const char *path, const char *store, rec_error *err)
{
    return rec_store_uses(store, path) ? rec_fail(err, REC_EINVAL, "cannot write '%s': it is the store, or a file of it", path) : REC_OK;
}
