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

void rec_name_in_reading_order(const char *name, size_t length, rec_buf *out)
{
    const char *comma = memchr(name, ',', length), *given;
    size_t family_length, given_length;

    if (!comma || memchr(comma + 1, ',', (size_t)(name + length - comma - 1))) {
        rec_buf_add(out, name, length);
        return;
    }
    given = comma + 1;
    given_length = (size_t)(name + length - given);
    family_length = (size_t)(comma - name);
    trim(&given, &given_length);
    trim(&name, &family_length);
    rec_buf_add(out, given, given_length);
    if (given_length > 0 && family_length > 0)
        rec_buf_putc(out, ' ');
    rec_buf_add(out, name, family_length);
}

/* The length of an " and " (or " & ") that begins here, 0 where none does. */
static size_t and_at(const char *at)
{
    if (strncmp(at, " and ", 5) == 0)
        return 5;
    return strncmp(at, " & ", 3) == 0 ? 3 : 0;
}

/* Copies `text` without what stands in parentheses; an unbalanced one is kept as it is. */
static void drop_parentheses(const char *text, rec_buf *out)
{
    for (const char *at = text; *at; at++) {
        size_t depth = 0, length = 0;

        if (*at == '(')
            do {
                depth += at[length] == '(';
                depth -= at[length] == ')';
                length++;
            } while (depth > 0 && at[length]);
        if (length > 0 && depth == 0) {
            at += length - 1;
            continue;
        }
        rec_buf_putc(out, *at);
    }
}

/* Whether the text is "Last, First and Last, First": parts parted by "and" alone, each with one comma. */
static bool is_turned(const char *text)
{
    bool any_and = false;
    size_t commas = 0;

    for (const char *at = text;; at++) {
        size_t and_length = and_at(at);

        if (*at == ';')
            return false;
        if (*at == '\0' || and_length > 0) {
            if (commas != 1)
                return false;
            commas = 0;
        }
        if (*at == '\0')
            return any_and;
        commas += *at == ',';
        any_and |= and_length > 0;
        at += and_length > 0 ? and_length - 2 : 0; /* the last space may begin the next one */
    }
}

static bool is_et_al(const char *name, size_t length)
{
    return (length == 5 && strncmp(name, "et al", 5) == 0) || (length == 6 && strncmp(name, "et al.", 6) == 0) ||
           (length == 6 && strncmp(name, "others", 6) == 0);
}

static bool hand_on(const char *name, size_t length, rec_name_taker take, void *context)
{
    trim(&name, &length);
    if (length > 4 && strncmp(name, "and ", 4) == 0) { /* "A, B, and C" */
        name += 4;
        length -= 4;
        trim(&name, &length);
    }
    if (length == 0 || is_et_al(name, length))
        return true;
    return take(name, length, context);
}

bool rec_names_split(const char *text, rec_name_taker take, void *context)
{
    rec_buf plain = REC_BUF_INIT(strlen(text) + 1);
    const char *start, *at;
    bool turned, taken = true, ended = false;

    drop_parentheses(text, &plain);
    taken = !plain.failed;
    start = at = rec_buf_text(&plain);
    turned = is_turned(start);
    while (taken && !ended) {
        size_t and_length = and_at(at);

        ended = *at == '\0';
        if (!ended && *at != ';' && and_length == 0 && (*at != ',' || turned)) {
            at++;
            continue;
        }
        taken = hand_on(start, (size_t)(at - start), take, context);
        start = at += and_length > 0 ? and_length - 1 : !ended; /* the last space may begin the next "and" */
    }
    rec_buf_clear(&plain);
    return taken;
}
