/*
 * A growable byte string with a stated maximum.
 *
 * Errors are sticky: once an append does not fit or memory is out, the buffer is `failed`, later
 * appends do nothing, and the caller checks once at the end. `data` is NULL until the first append, then
 * always terminated. The owner ends with rec_buf_clear().
 */
#ifndef REC_BUF_H
#define REC_BUF_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct rec_buf {
    char *data; /* `length` bytes and a NUL, or NULL while empty */
    size_t length;
    size_t room;    /* bytes allocated */
    size_t maximum; /* `length` never passes this */
    bool failed;
} rec_buf;

#define REC_BUF_INIT(max)                                                                                                                  \
    {                                                                                                                                      \
        NULL, 0, 0, (max), false                                                                                                           \
    }

/** Append `length` bytes. */
void rec_buf_add(rec_buf *buf, const void *bytes, size_t length);

/** Append a terminated string. */
void rec_buf_puts(rec_buf *buf, const char *text);

/** Append one byte. */
void rec_buf_putc(rec_buf *buf, char byte);

/** Append formatted text. */
void rec_buf_printf(rec_buf *buf, const char *format, ...) REC_PRINTF(2, 3);

/** Make it empty, keep the memory, and forget a failure. */
void rec_buf_reset(rec_buf *buf);

/** Free the memory; the buffer is empty and usable again. */
void rec_buf_clear(rec_buf *buf);

/** The text, "" while nothing was appended. Borrowed until the next append. */
const char *rec_buf_text(const rec_buf *buf);

/** Hand the memory over to the caller, who ends with rec_free(); the buffer is empty again. NULL when it failed or memory is out. */
char *rec_buf_detach(rec_buf *buf);

#endif
