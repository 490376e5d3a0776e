/* See readfile.h. */
#include "readfile.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

rec_status read_whole_file(const char *path, rec_buf *out, rec_error *err)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");
    char block[4096];
    size_t n;
    rec_status rc = REC_OK;

    if (!file)
        return rec_fail_errno(err, REC_EIO, errno, "cannot open '%s'", path);
    while (!out->failed && (n = fread(block, 1, sizeof(block), file)) > 0)
        rec_buf_add(out, block, n);
    if (ferror(file))
        rc = rec_fail_errno(err, REC_EIO, errno, "cannot read '%s'", path);
    else if (out->failed)
        rc = rec_fail(err, REC_EFORMAT, "'%s': more than %zu bytes", path, out->maximum);
    if (file != stdin)
        fclose(file);
    return rc;
}
