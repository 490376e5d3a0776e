/* Errors and remarks: see say.h. */
#include "say.h"

#include "controls.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void disarm(char *text)
{
    while (*text) {
        size_t length = rec_control_length(text);

        memset(text, '?', length);
        text += length > 0 ? length : 1;
    }
}

/* What this thread said last. */
static _Thread_local char last[1024];

void say(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(last, sizeof(last), format, args);
    va_end(args);
    disarm(last);
    fprintf(stderr, "recommend: %s\n", last);
}

const char *said(void)
{
    return last;
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
    if (status != EXIT_FAILED) /* a verb that failed has told why */
        say("cannot write the output: %s", strerror(errno));
    return EXIT_FAILED;
}
