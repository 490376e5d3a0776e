/* Characters in text that may be of any bytes: see character.h. */
#include "character.h"

#include <utf8proc.h>

int32_t rec_character(const char *text, size_t length, size_t *bytes)
{
    utf8proc_int32_t c = (unsigned char)*text;
    utf8proc_ssize_t n = c < 0x80 ? 1 : utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)length, &c);

    *bytes = n > 0 ? (size_t)n : 1;
    return n > 0 ? c : REC_NO_CHARACTER;
}

size_t rec_count_utf8(const char *text, size_t length)
{
    size_t at = 0, bytes;

    while (at < length && rec_character(text + at, length - at, &bytes) != REC_NO_CHARACTER)
        at += bytes;
    return at;
}
