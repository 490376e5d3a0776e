/* A bounded byte string: see buf.h. */
#include "buf.h"

#include "alloc.h"

#include <stdio.h>
#include <string.h>

/* Makes room for `extra` bytes and a NUL; false, and sticky, when they may not or cannot be had. */
static bool make_room(rec_buf *buf, size_t extra)
{
    size_t want, room;
    char *data;

    if (buf->failed)
        return false;
    if (extra > buf->maximum || buf->length > buf->maximum - extra) {
        buf->failed = true;
        return false;
    }
    want = buf->length + extra + 1;
    if (want <= buf->room)
        return true;
    room = buf->room ? buf->room : 64;
    while (room < want)
        room += room / 2 + 64;
    data = rec_resize_array(buf->data, room, 1);
    if (!data) {
        buf->failed = true;
        return false;
    }
    buf->data = data;
    buf->room = room;
    return true;
}

void rec_buf_add(rec_buf *buf, const void *bytes, size_t length)
{
    if (!make_room(buf, length))
        return;
    if (length > 0)
        memcpy(buf->data + buf->length, bytes, length);
    buf->length += length;
    buf->data[buf->length] = '\0';
}

void rec_buf_puts(rec_buf *buf, const char *text)
{
    rec_buf_add(buf, text, strlen(text));
}

void rec_buf_putc(rec_buf *buf, char byte)
{
    rec_buf_add(buf, &byte, 1);
}

void rec_buf_printf(rec_buf *buf, const char *format, ...)
{
    va_list args, again;
    int n;

    va_start(args, format);
    va_copy(again, args);
    n = vsnprintf(NULL, 0, format, args);
    if (n < 0)
        buf->failed = true;
    else if (make_room(buf, (size_t)n)) {
        vsnprintf(buf->data + buf->length, (size_t)n + 1, format, again);
        buf->length += (size_t)n;
    }
    va_end(again);
    va_end(args);
}

void rec_buf_reset(rec_buf *buf)
{
    buf->length = 0;
    buf->failed = false;
    if (buf->data)
        buf->data[0] = '\0';
}

void rec_buf_clear(rec_buf *buf)
{
    rec_free(buf->data);
    *buf = (rec_buf)REC_BUF_INIT(buf->maximum);
}

const char *rec_buf_text(const rec_buf *buf)
{
    return buf->data ? buf->data : "";
}

char *rec_buf_detach(rec_buf *buf)
{
    char *data;

    if (!make_room(buf, 0))
        return NULL;
    buf->data[buf->length] = '\0';
    data = buf->data;
    *buf = (rec_buf)REC_BUF_INIT(buf->maximum);
    return data;
}
