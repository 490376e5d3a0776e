/* Errors and remarks: see say.h. */
#include "say.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Names of files and ids come from outside and may hold what would steer a terminal. C1 controls are two bytes in UTF-8: 0xC2 0x80 to 0x9F.
 */
static void disarm(char *text)
{
    for (unsigned char *at = (unsigned char *)text; *at; at++) {
        if (*at < 0x20 || *at == 0x7F)
            *at = '?';
        else if (*at == 0xC2 && at[1] >= 0x80 && at[1] <= 0x9F)
            at[0] = at[1] = '?';
    }
}

void say(const char *format, ...)
{
    char text[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    disarm(text);
    fprintf(stderr, "recommend: %s\n", text);
}

int exit_status(rec_status status)
{
    switch (status) {
    case REC_OK:
        return EXIT_OK;
    case REC_EINVAL:
        return EXIT_USAGE;
    case REC_ENOTFOUND:
        return EXIT_NO_PAPER;
    case REC_EDAMAGED:
    case REC_ESTALE:
    case REC_EVERSION:
        return EXIT_STORE;
    case REC_ENOMEM:
    case REC_EIO:
    case REC_EFORMAT:
    case REC_EBUSY:
        break;
    }
    return EXIT_FAILED;
}

int say_error(const rec_error *err)
{
    say("%s", err->message);
    return exit_status(err->code);
}

int finish_output(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    say("cannot write the output: %s", strerror(errno));
    return EXIT_FAILED;
}
