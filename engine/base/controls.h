/* What steers whatever shows a text: never part of one that is printed. */
#ifndef REC_CONTROLS_H
#define REC_CONTROLS_H

#include <stddef.h>

/** Bytes, in UTF-8, of a C0 or C1 control, DEL or a mark that turns the direction of what stands behind it; 0 for anything else. */
static inline size_t control_length(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;

    if (*at < 0x20 || *at == 0x7F)
        return 1;
    if ((at[0] == 0xC2 && at[1] >= 0x80 && at[1] <= 0x9F) || (at[0] == 0xD8 && at[1] == 0x9C)) /* C1, U+061C */
        return 2;
    if (at[0] != 0xE2)
        return 0;
    if (at[1] == 0x80) /* U+200E, U+200F, U+202A to U+202E */
        return at[2] == 0x8E || at[2] == 0x8F || (at[2] >= 0xAA && at[2] <= 0xAE) ? 3 : 0;
    return at[1] == 0x81 && at[2] >= 0xA6 && at[2] <= 0xA9 ? 3 : 0; /* U+2066 to U+2069 */
}

#endif
