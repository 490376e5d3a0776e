/* Bytes as files and strings: see fuzz.h. */
#define _GNU_SOURCE /* memfd_create */
#include "fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void fuzz_refusal(rec_status rc, const rec_error *err)
{
    MUST(rc == REC_OK || (rc == err->code && err->message[0]));
}

const char *fuzz_file(const uint8_t *data, size_t size)
{
    static int fd = -1;
    static char path[32];

    if (fd < 0) {
        MUST((fd = memfd_create("input", MFD_CLOEXEC)) >= 0);
        snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    }
    MUST(ftruncate(fd, 0) == 0);
    for (size_t done = 0; done < size;) {
        ssize_t n = pwrite(fd, data + done, size - done, (off_t)done);

        MUST(n > 0);
        done += (size_t)n;
    }
    return path;
}

char *fuzz_string(const uint8_t *data, size_t size)
{
    char *copy = malloc(size + 1), *text;

    MUST(copy);
    if (size > 0)
        memcpy(copy, data, size);
    copy[size] = '\0';
    text = strdup(copy); /* as long as the string, and no longer */
    MUST(text);
    free(copy);
    return text;
}
