/*
 * Errors: a status code that every fallible function returns, and a sentence for the user.
 *
 * Nothing here allocates, so an error can be reported when memory is gone, and nothing is global, so
 * every thread has its own. Only tools/ prints an error or ends the process.
 */
#ifndef REC_STATUS_H
#define REC_STATUS_H

#include <stdarg.h>

#define REC_CHECKED __attribute__((warn_unused_result))
#define REC_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

typedef enum rec_status {
    REC_OK = 0,
    REC_EINVAL,    /* the caller asked for something that makes no sense: an option out of range */
    REC_ENOTFOUND, /* no such paper */
    REC_ENOMEM,    /* out of memory, or a stated maximum would be passed */
    REC_EIO,       /* the operating system refused: open, read, write, sync, rename */
    REC_EFORMAT,   /* an input record is malformed */
    REC_EDAMAGED,  /* a file of ours is cut, altered, or not ours */
    REC_ESTALE,    /* files of ours do not belong together, or are missing: a build is needed */
    REC_EBUSY,     /* another process holds the store */
    REC_EVERSION   /* written by a newer release */
} rec_status;

typedef struct rec_error {
    rec_status code;
    char message[512]; /* one sentence: lower case, no full stop, what failed first; always terminated */
} rec_error;

#define REC_ERROR_INIT                                                                                                                     \
    {                                                                                                                                      \
        REC_OK, ""                                                                                                                         \
    }

/**
 * Put a message into `err` (which may be NULL) and return `code`, so that a failing
 * function ends with `return rec_fail(err, REC_EINVAL, "...")`. A message longer than the field is
 * cut at a character's end. Allocates nothing.
 */
rec_status rec_fail(rec_error *err, rec_status code, const char *format, ...) REC_PRINTF(3, 4);

/** Like rec_fail, with the operating system's words for `errno_value` appended after a colon. */
rec_status rec_fail_errno(rec_error *err, rec_status code, int errno_value, const char *format, ...) REC_PRINTF(4, 5);

#endif
