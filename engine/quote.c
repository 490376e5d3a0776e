/* Foreign text inside an error message: see quote.h. */
#include "quote.h"

#include "controls.h"

#include <string.h>
#include <utf8proc.h>

#define MOST 64 /* bytes; a character that passes it is left out */

bool rec_holds_control(const char *text)
{
    utf8proc_int32_t c;
    utf8proc_ssize_t n;

    for (; *text; text += n > 0 ? n : 1) {
        n = utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)strnlen(text, 4), &c);
        if (n > 0 && rec_is_control(c))
            return true;
    }
    return false;
}

const char *rec_quote(const char *text, char out[REC_QUOTE_ROOM])
{
    size_t written = 0;

    while (*text) {
        utf8proc_int32_t c;
        utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)strnlen(text, 4), &c);
        size_t bytes = n > 0 ? (size_t)n : 1;

        if (written + bytes > MOST) {
            memcpy(out + written, "...", 3);
            written += 3;
            break;
        }
        if (n <= 0 || rec_is_control(c))
            out[written++] = '?';
        else {
            memcpy(out + written, text, bytes);
            written += bytes;
        }
        text += bytes;
    }
    out[written] = '\0';
    return out;
}
