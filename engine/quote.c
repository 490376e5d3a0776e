/* Foreign text inside an error message: see quote.h. */
#include "quote.h"

#include "character.h"
#include "controls.h"

#include <string.h>

#define MOST 64 /* bytes; a character that passes it is left out */

bool rec_holds_control(const char *text)
{
    for (size_t bytes; *text; text += bytes) {
        int32_t c = rec_character(text, strnlen(text, 4), &bytes);

        if (c != REC_NO_CHARACTER && rec_is_control(c))
            return true;
    }
    return false;
}

const char *rec_quote(const char *text, char out[REC_QUOTE_ROOM])
{
    size_t written = 0;

    while (*text) {
        size_t bytes;
        int32_t c = rec_character(text, strnlen(text, 4), &bytes);

        if (written + bytes > MOST) {
            memcpy(out + written, "...", 3);
            written += 3;
            break;
        }
        if (c == REC_NO_CHARACTER || rec_is_control(c))
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
