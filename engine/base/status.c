/* Fills the caller's error: see status.h. */
#include "status.h"

#include <stdio.h>
#include <string.h>

/* A cut message must not end inside a UTF-8 character: drop the bytes of an unfinished one. */
static void trim_to_character(char *text, size_t length)
{
    size_t start = length;

    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0)
        return;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t want = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (length - (start - 1) < want)
        text[start - 1] = '\0';
}

static void fill(rec_error *err, rec_status code, const char *format, va_list args)
{
    int n;

    err->code = code;
    n = vsnprintf(err->message, sizeof(err->message), format, args);
    if (n < 0)
        err->message[0] = '\0';
    else if ((size_t)n >= sizeof(err->message))
        trim_to_character(err->message, sizeof(err->message) - 1);
}

rec_status rec_fail(rec_error *err, rec_status code, const char *format, ...)
{
    va_list args;

    if (err) {
        va_start(args, format);
        fill(err, code, format, args);
        va_end(args);
    }
    return code;
}

rec_status rec_fail_errno(rec_error *err, rec_status code, int errno_value, const char *format, ...)
{
    va_list args;
    char reason[128];
    size_t used;

    if (!err)
        return code;
    va_start(args, format);
    fill(err, code, format, args);
    va_end(args);
    /* XSI strerror_r: the feature macros of this project ask for POSIX, not GNU. */
    if (strerror_r(errno_value, reason, sizeof(reason)) != 0)
        snprintf(reason, sizeof(reason), "error %d", errno_value);
    used = strlen(err->message);
    snprintf(err->message + used, sizeof(err->message) - used, ": %s", reason);
    return code;
}
