/* Trained tables, installed and a store's own: see rec/tables.h. */
#include "rec/tables.h"

#include "beside.h"
#include "sidefiles.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* Opens a table; where it is refused the message ends with what helps. */
static rec_status open_table(const char *path, const char *remedy, rec_table **out, rec_error *err)
{
    rec_error why;
    rec_status rc = rec_table_open(path, out, &why);

    if (rc == REC_EDAMAGED || rc == REC_ESTALE)
        return rec_fail(err, rc, "%s; %s", why.message, remedy);
    return rc == REC_OK ? REC_OK : rec_fail(err, rc, "%s", why.message);
}

static rec_status open_shipped(rec_table **out, rec_error *err)
{
    char path[PATH_MAX];
    rec_status rc = rec_find_beside(REC_INSTALLED_DATA, "ngrams.table", path, err);

    return rc == REC_OK ? open_table(path, "install it again", out, err) : rc;
}

rec_status rec_tables_open(const char *name, rec_table **out, rec_error *err)
{
    if (strcmp(name, REC_TABLE_SHIPPED) == 0)
        return open_shipped(out, err);
    if (access(name, R_OK) != 0)
        return rec_fail_errno(err, REC_EIO, errno, "cannot read '%s'", name);
    return open_table(name, "'recommend pretrain' makes tables", out, err);
}

rec_status rec_tables_of_store(const rec_store *store, rec_table **out, bool *shipped, rec_error *err)
{
    char path[PATH_MAX];
    rec_status rc = rec_side_table(store, path, err);

    if (rc != REC_OK)
        return rc;
    *shipped = access(path, F_OK) != 0;
    if (*shipped)
        return open_shipped(out, err);
    return open_table(path, "run 'recommend build --model FILE', or '--model shipped'", out, err);
}

rec_status rec_tables_give(const rec_store *store, const rec_table *table, rec_error *err)
{
    char path[PATH_MAX];
    rec_status rc = rec_side_table(store, path, err);

    if (rc != REC_OK)
        return rc;
    if (table)
        return (rc = rec_side_prepare(store, path, err)) == REC_OK ? rec_table_copy(table, path, err) : rc;
    if (unlink(path) != 0 && errno != ENOENT)
        return rec_fail_errno(err, REC_EIO, errno, "cannot remove '%s'", path);
    return REC_OK;
}
