/* Reading requests twice: see twice.h. */
#include "twice.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static rec_status copy_all(FILE *from, FILE *to, const char *path, rec_error *err)
{
    char block[1 << 16];
    size_t n;

    while ((n = fread(block, 1, sizeof(block), from)) > 0)
        if (fwrite(block, 1, n, to) != n)
            break;
    if (ferror(from))
        return rec_fail_errno(err, REC_EIO, errno, "cannot read '%s'", path);
    if (ferror(to) || fflush(to) != 0)
        return rec_fail_errno(err, REC_EIO, errno, "cannot keep the requests in a temporary file");
    return REC_OK;
}

rec_status twice_begin(struct twice *twice, const char *path, rec_error *err)
{
    bool is_input = strcmp(path, "-") == 0;
    struct stat info;
    FILE *from;
    rec_status rc;

    *twice = (struct twice){ .copy = NULL };
    snprintf(twice->path, sizeof(twice->path), "%s", path);
    if (!is_input && (stat(path, &info) != 0 || S_ISREG(info.st_mode) || S_ISDIR(info.st_mode)))
        return REC_OK; /* or whoever opens it tells why not */
    if (!(from = is_input ? stdin : fopen(path, "rbe")))
        return rec_fail_errno(err, REC_EIO, errno, "cannot open '%s'", path);
    if ((twice->copy = tmpfile()))
        rc = copy_all(from, twice->copy, path, err);
    else
        rc = rec_fail_errno(err, REC_EIO, errno, "cannot keep the requests in a temporary file");
    if (rc == REC_OK)
        snprintf(twice->path, sizeof(twice->path), "/dev/fd/%d", fileno(twice->copy)); /* opened anew it is read from its start */
    if (!is_input)
        fclose(from);
    return rc;
}

void twice_end(struct twice *twice)
{
    if (twice->copy)
        fclose(twice->copy);
    twice->copy = NULL;
}
