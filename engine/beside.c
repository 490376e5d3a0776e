/* Finding installed files: see beside.h. */
#include "beside.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* "" where the system does not say which file is running, or the name is too long. */
static void path_beside_program(const char *folder, const char *name, char out[PATH_MAX])
{
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
    char *slash;
    int n;

    out[0] = '\0';
    if (length < 0)
        return;
    program[length] = '\0';
    if (!(slash = strrchr(program, '/')))
        return;
    *slash = '\0';
    n = snprintf(out, PATH_MAX, "%s/../%s/%s", program, folder, name);
    if (n < 0 || n >= PATH_MAX)
        out[0] = '\0';
}

rec_status rec_find_beside(const char *folder, const char *installed, const char *name, char out[PATH_MAX], rec_error *err)
{
    char beside[PATH_MAX];

    path_beside_program(folder, name, out);
    if (access(out, F_OK) == 0)
        return REC_OK;
    memcpy(beside, out, sizeof(beside));
    snprintf(out, PATH_MAX, "%s/%s", installed, name);
    if (access(out, F_OK) == 0)
        return REC_OK;
    return rec_fail(err, REC_ESTALE, "neither '%s' nor '%s' is there; install it again", beside, out);
}
