/* What steers whatever shows a text: never part of one that is printed. */
#ifndef REC_CONTROLS_H
#define REC_CONTROLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Whether a character is such: C0 and C1 controls, DEL, and the marks that turn the direction of the text behind them. */
static inline bool rec_is_control(int32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

/** Bytes, in UTF-8, of such a character at the start of `text`, which may be of any bytes; 0 for anything else. */
static inline size_t rec_control_length(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    int32_t c;

    if (*at < 0x80)
        return rec_is_control(*at) ? 1 : 0;
    if ((at[0] & 0xE0) == 0xC0 && at[0] >= 0xC2 && (at[1] & 0xC0) == 0x80)
        return rec_is_control((at[0] & 0x1F) << 6 | (at[1] & 0x3F)) ? 2 : 0;
    if (at[0] != 0xE2 || (at[1] & 0xC0) != 0x80 || (at[2] & 0xC0) != 0x80) /* no other three bytes make one */
        return 0;
    c = 0x2000 | (at[1] & 0x3F) << 6 | (at[2] & 0x3F);
    return rec_is_control(c) ? 3 : 0;
}

#endif
