/* The shipped table: see shipped.h. */
#include "shipped.h"

#include "beside.h"

#include <limits.h>

rec_status rec_shipped_table(rec_table **out, rec_error *err)
{
    char path[PATH_MAX];
    rec_status rc = rec_find_beside("share/recommend", REC_INSTALLED_DATA_DIR, "ngrams.table", path, err);

    return rc == REC_OK ? rec_table_open(path, out, err) : rc;
}
