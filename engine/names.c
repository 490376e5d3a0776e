/* Splitting and turning names: see names.h. */
#include "names.h"

#include <string.h>

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void trim(const char **text, size_t *length)
{
    while (*length > 0 && is_space(**text)) {
        ++*text;
        --*length;
    }
    while (*length > 0 && is_space((*text)[*length - 1]))
        --*length;
}

static bool ends_with(const char *text, size_t length, const char *ending)
{
    size_t n = strlen(ending);

    return length >= n && memcmp(text + length - n, ending, n) == 0;
}

/* Whether " Jr." or the like, and nothing more of that name, is what begins at `at`. */
static bool is_suffix(const char *at, const char *end)
{
    static const char *const suffixes[] = { "Jr.", "Jr", "Sr.", "Sr", "II", "III", "IV" };

    while (at < end && is_space(*at))
        at++;
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        size_t length = strlen(suffixes[i]);

        if ((size_t)(end - at) >= length && memcmp(at, suffixes[i], length) == 0 && (at + length == end || strchr(" ,;", at[length])))
            return true;
    }
    return false;
}

/* "Committee on Seas, Lakes and Rivers" is no family name with given names. */
static bool has_and(const char *at, const char *end)
{
    for (; end - at >= 5; at++)
        if (memcmp(at, " and ", 5) == 0)
            return true;
    return false;
}

void rec_name_in_reading_order(const char *name, size_t length, rec_buf *out)
{
    const char *comma = memchr(name, ',', length), *end = name + length, *given;
    size_t family_length, given_length;

    if (!comma || memchr(comma + 1, ',', (size_t)(end - comma - 1)) || is_suffix(comma + 1, end) || has_and(comma, end)) {
        rec_buf_add(out, name, length);
        return;
    }
    given = comma + 1;
    given_length = (size_t)(end - given);
    family_length = (size_t)(comma - name);
    trim(&given, &given_length);
    trim(&name, &family_length);
    rec_buf_add(out, given, given_length);
    if (given_length > 0 && family_length > 0)
        rec_buf_putc(out, ' ');
    rec_buf_add(out, name, family_length);
}

/* Copies `text` without what stands in parentheses, with blanks for all white space; an unbalanced parenthesis is kept as it is. */
static void drop_parentheses(const char *text, rec_buf *out)
{
    bool balanced = true;

    for (const char *at = text; *at; at++) {
        size_t depth = 0, length = 0;

        if (*at == '(' && balanced)
            do {
                depth += at[length] == '(';
                depth -= at[length] == ')';
                length++;
            } while (depth > 0 && at[length]);
        if (length > 0 && depth == 0) {
            at += length - 1;
            continue;
        }
        balanced &= length == 0; /* looked for once: many that open and never close must not cost their square */
        rec_buf_putc(out, is_space(*at) ? ' ' : *at);
    }
}

/*
 * What parts names whichever way they are written: the length of ";", " and" or " &" that begins here, 0 where none does. The blank behind
 * is left, for it may begin the next one.
 */
static size_t separator_at(const char *at)
{
    if (*at == ';')
        return 1;
    if (strncmp(at, " and ", 5) == 0)
        return 4;
    return strncmp(at, " & ", 3) == 0 ? 2 : 0;
}

/* Behind a last ";", or BibTeX's "and others". */
static bool names_nobody(const char *part)
{
    part += strspn(part, " ");
    return *part == '\0' || strcmp(part, "others") == 0;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* "J. K.", "j.-p.", "R": no two letters stand together. */
static bool is_initials(const char *at, const char *end)
{
    bool any = false;

    for (; at < end; at++) {
        if (is_letter(*at) && at + 1 < end && is_letter(at[1]) && (unsigned char)*at < 0x80)
            return false;
        any |= is_letter(*at);
    }
    return any;
}

static const char *find_comma(const char *at, const char *end)
{
    const char *comma = memchr(at, ',', (size_t)(end - at));

    return comma ? comma : end;
}

/*
 * Whether a part is "Family, Given", or "Family, G., Family, G." where only initials tell the two from each other; `*initials` says that
 * all given names are such. A family name has no full stop: "A. Smith, B. Jones" are two.
 */
static bool is_family_and_given(const char *part, const char *end, bool *initials)
{
    size_t pieces = 0;

    *initials = true;
    for (;; part++) {
        const char *comma = find_comma(part, end), *start = part;

        while (start < comma && *start == ' ')
            start++;
        if (start == comma)
            return false;
        if (pieces % 2 == 0 && memchr(start, '.', (size_t)(comma - start)))
            return false;
        if (pieces % 2 == 1 && is_suffix(start, comma))
            return false;
        *initials &= pieces % 2 == 0 || is_initials(start, comma);
        pieces++;
        part = comma;
        if (comma == end)
            return pieces == 2 || (pieces % 2 == 0 && *initials);
    }
}

/* Whether the text is "Family, Given and Family, Given" or "Family, Given; Family, Given" or "Family, G., Family, G.". */
static bool is_turned(const char *text)
{
    const char *part = text;
    bool certain = false; /* one "Family, Given" alone may as well be two names */

    for (const char *at = text;; at++) {
        size_t length = separator_at(at);
        bool initials;

        if (*at && length == 0)
            continue;
        if (!is_family_and_given(part, at, &initials))
            return certain && *at == '\0' && names_nobody(part);
        certain |= initials || *at;
        if (*at == '\0')
            return certain;
        part = at + length;
        at = part - 1;
    }
}

/* Whether a piece has a given and a family name, or is none at all ("Jr.", "others"). */
static bool is_whole_name(const char *name, size_t length)
{
    const char *end;

    trim(&name, &length);
    end = name + length;
    if (length == 0 || is_suffix(name, end) || names_nobody(name))
        return true;
    if (is_initials(name, end))
        return false;
    for (const char *at = name; at + 1 < end; at++)
        if (*at == ' ' || (*at == '.' && is_letter(at[1])))
            return true;
    return false;
}

/* Whether an entry of a list surely names several: whole names, and more between them than the comma of one "Family, Given". */
static bool holds_several(const char *text)
{
    const char *start = text;
    size_t pieces = 0;
    bool certain = false;

    for (const char *at = text;; at++) {
        size_t length = *at == ',' ? 1 : separator_at(at);

        if (*at && length == 0)
            continue;
        if (!is_whole_name(start, (size_t)(at - start)))
            return false;
        pieces++;
        certain |=
            (*at && *at != ',') || pieces == 3 || (*at && memchr(start, '.', (size_t)(at - start)) && !is_suffix(at + 1, at + strlen(at)));
        if (*at == '\0')
            return certain;
        start = at + length;
        at = start - 1;
    }
}

static bool hand_on(const char *name, size_t length, rec_name_taker take, void *context)
{
    static const char *const endings[] = { " et al.", " et al", " ." }; /* the last: a full stop behind an affiliation */

    trim(&name, &length);
    if (length > 4 && strncmp(name, "and ", 4) == 0) { /* "A, B,and C" */
        name += 4;
        length -= 4;
    }
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
        if (ends_with(name, length, endings[i]))
            length -= strlen(endings[i]);
    trim(&name, &length);
    if (length == 0 || (length == 5 && memcmp(name, "et al", 5) == 0) || (length == 6 && memcmp(name, "et al.", 6) == 0) ||
        (length == 6 && memcmp(name, "others", 6) == 0))
        return true;
    return take(name, length, context);
}

/* Where the name that begins at `start` ends: at a separator, whose length is `*length`, or at the text's end, where that is 0. */
static const char *end_of_name(const char *start, const char *end, bool turned, size_t *length)
{
    size_t commas = 0;

    for (const char *at = start; at < end; at++) {
        *length = separator_at(at);
        if (*at == ',' && (turned ? commas++ > 0 : !is_suffix(at + 1, end))) /* the first comma of a turned name is its own */
            *length = 1;
        if (*length > 0)
            return at;
    }
    *length = 0;
    return end;
}

bool rec_names_split(const char *text, bool listed, rec_name_taker take, void *context)
{
    rec_buf plain = REC_BUF_INIT(strlen(text) + 1);
    const char *start, *end;
    bool turned, taken;

    drop_parentheses(text, &plain);
    taken = !plain.failed;
    start = rec_buf_text(&plain);
    end = start + plain.length;
    turned = is_turned(start);
    if (taken && listed && !turned && !holds_several(start)) {
        taken = take(text, strlen(text), context);
        start = end;
    }
    while (taken && start < end) {
        size_t length;
        const char *at = end_of_name(start, end, turned, &length);

        taken = hand_on(start, (size_t)(at - start), take, context);
        start = at + length;
    }
    rec_buf_clear(&plain);
    return taken;
}
