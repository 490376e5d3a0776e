/* What may be shown of a text: see phrase.h. */
#include "phrase.h"

#include "character.h"
#include "rec/fold.h"

#include <string.h>
#include <utf8proc.h>

/* The character at `at`, before `end`; what is none counts as a byte. */
static const char *next_character(const char *at, const char *end, utf8proc_int32_t *c)
{
    size_t bytes;

    *c = rec_character(at, (size_t)(end - at), &bytes);
    if (*c == REC_NO_CHARACTER)
        *c = 0xFFFD;
    return at + bytes;
}

static bool is_letter(utf8proc_int32_t c)
{
    utf8proc_category_t category = utf8proc_category(c);

    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

static bool is_combining(utf8proc_int32_t c)
{
    utf8proc_category_t category = utf8proc_category(c);

    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC || category == UTF8PROC_CATEGORY_ME;
}

/* Controls, and format characters but the two joiners that spell words in some scripts. */
static bool is_invisible(utf8proc_int32_t c)
{
    utf8proc_category_t category = utf8proc_category(c);

    if (c == 0x200C || c == 0x200D)
        return false;
    return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF || category == UTF8PROC_CATEGORY_ZL ||
           category == UTF8PROC_CATEGORY_ZP;
}

/* ---- marks --------------------------------------------------------------------------------------------------------- */

static bool contains(const char *from, const char *to, const char *part)
{
    size_t length = strlen(part);

    for (; to - from >= (ptrdiff_t)length; from++)
        if (memcmp(from, part, length) == 0)
            return true;
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What a phrase may hold between two words. */
static unsigned char gap_marks(const char *from, const char *to)
{
    static const char *const tight[] = { "-", "\xE2\x80\x90", "\xE2\x80\x91", "\xE2\x80\x93", "'", "\xE2\x80\x99", "/" };
    size_t length = to > from ? (size_t)(to - from) : 0;

    if (length == 0)
        return REC_MARK_JOINS | REC_MARK_TIGHT;
    if ((length == 1 && *from == ' ') || (length == 2 && memcmp(from, "' ", 2) == 0) ||
        (length == 4 && memcmp(from, "\xE2\x80\x99 ", 4) == 0))
        return REC_MARK_JOINS;
    if (length == 1 && *from == '.' && is_digit(from[-1]) && is_digit(*to))
        return REC_MARK_JOINS | REC_MARK_TIGHT;
    for (size_t i = 0; i < sizeof(tight) / sizeof(tight[0]); i++)
        if (strlen(tight[i]) == length && memcmp(from, tight[i], length) == 0)
            return REC_MARK_JOINS | REC_MARK_TIGHT;
    return 0;
}

static bool is_apostrophe(const char *from, const char *to)
{
    return contains(from, to, "'") || contains(from, to, "\xE2\x80\x99");
}

/* Commands, sub- and superscripts, arguments and entities. `before` is the byte that stands before the word, 0 where none does. */
static bool is_markup(char before, const rec_place *place, bool lone)
{
    char after = *place->to;

    if (lone && (after == '_' || after == '^'))
        return true;
    return before == '\\' || before == '{' || before == '^' || before == '_' || after == '{' || (before == '&' && after == ';');
}

/* What the word's own characters say. */
static unsigned char word_marks(const rec_place *place)
{
    unsigned char marks = 0;
    size_t characters = 0;

    for (const char *at = place->from; at < place->to && characters <= REC_WORD_CHARS; characters++) {
        utf8proc_int32_t c;

        at = next_character(at, place->to, &c);
        if (is_letter(c))
            marks |= REC_MARK_LETTERS;
    }
    if (characters == 1)
        marks |= REC_MARK_LONE;
    if (characters > REC_WORD_CHARS)
        marks |= REC_MARK_DEBRIS; /* folding cut it: what is shared is its beginning alone */
    return marks;
}

void rec_phrase_mark(const char *text, const rec_place *places, size_t count, unsigned char *marks)
{
    bool address = false; /* until a space ends it */
    size_t chunk = 0;     /* the first word since a space */

    for (size_t i = 0; i < count; i++) {
        const char *from = i > 0 ? places[i - 1].to : text, *to = places[i].from;

        marks[i] = word_marks(&places[i]);
        if (i > 0)
            marks[i] |= gap_marks(from, to);
        if (is_markup(to > from ? to[-1] : 0, &places[i], (marks[i] & REC_MARK_LONE) != 0))
            marks[i] |= REC_MARK_DEBRIS;
        if (is_apostrophe(from, to))
            marks[i] |= REC_MARK_POSSESSED;
        if (contains(from, to, " ")) {
            address = false;
            chunk = i;
        }
        if (!address && (contains(from, to, "://") || contains(from, to, "@"))) {
            address = true;
            for (size_t j = chunk; j < i; j++)
                marks[j] |= REC_MARK_DEBRIS;
        }
        if (address)
            marks[i] |= REC_MARK_DEBRIS;
    }
}

/* ---- pieces -------------------------------------------------------------------------------------------------------- */

bool rec_phrase_whole(const char **from, const char **to)
{
    const char *at = *from, *end = *to, *last = NULL;
    utf8proc_int32_t c, after = 0;
    size_t characters = 0;

    for (const char *next; at < *to; at = next) { /* marks whose character stands before the piece */
        next = next_character(at, *to, &c);
        if (!is_combining(c))
            break;
    }
    *from = at;
    for (; at < *to; characters += !is_combining(c)) {
        const char *next = next_character(at, *to, &c);

        if (!is_combining(c))
            last = at;
        at = next;
    }
    if (*end)
        next_character(end, end + strnlen(end, 4), &after);
    if (last && after && is_combining(after)) {
        *to = last;
        characters--;
    }
    return characters >= 2;
}

size_t rec_phrase_append(const char *from, const char *to, char *out, size_t length, size_t room, size_t most, size_t *characters)
{
    size_t bytes = length, counted = *characters;

    while (from < to) {
        utf8proc_int32_t c;
        const char *next = next_character(from, to, &c);

        if (!is_invisible(c)) {
            if (bytes + (size_t)(next - from) >= room || counted == most) {
                out[length] = '\0';
                return length;
            }
            memcpy(out + bytes, from, (size_t)(next - from));
            bytes += (size_t)(next - from);
            counted++;
        }
        from = next;
    }
    out[bytes] = '\0';
    *characters = counted;
    return bytes;
}

bool rec_phrase_cut(const char *from, const char **to, size_t most)
{
    const char *last = from; /* where the last character begins that is no mark */

    for (size_t characters = 0; from < *to; characters++) {
        utf8proc_int32_t c;
        const char *next = next_character(from, *to, &c);

        if (!is_combining(c))
            last = from;
        if (characters == most) {
            *to = last;
            return true;
        }
        from = next;
    }
    return false;
}

size_t rec_phrase_capitals(const char *from, const char *to)
{
    size_t capitals = 0;

    while (from < to) {
        utf8proc_int32_t c;

        from = next_character(from, to, &c);
        capitals += utf8proc_category(c) == UTF8PROC_CATEGORY_LU;
    }
    return capitals;
}

#define AKIN_STEM 7   /* bytes that words of one family begin with */
#define AKIN_ENDING 4 /* bytes of either behind what they begin with, at most */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool rec_phrase_akin(const rec_place *a, const rec_place *b)
{
    ptrdiff_t a_length = a->to - a->from, b_length = b->to - b->from, same = 0;

    while (same < a_length && same < b_length && lower(a->from[same]) == lower(b->from[same]))
        same++;
    if (same >= 2 && (a_length == same || b_length == same) && a_length - b_length <= 1 && b_length - a_length <= 1)
        return a_length == b_length || lower((a_length > b_length ? a : b)->to[-1]) == 's'; /* a plural that no vowel gives away: DNNs */
    return same >= AKIN_STEM && a_length - same <= AKIN_ENDING && b_length - same <= AKIN_ENDING;
}

bool rec_phrase_is_scrap(const rec_place *place)
{
    for (const char *at = place->from; at < place->to; at++)
        if (!is_digit(*at) && !(*at >= 'a' && *at <= 'z'))
            return false;
    return place->to - place->from <= 2;
}
