/* Wrapping and shortening: see wrap.h. */
#include "wrap.h"

#include "character.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <utf8proc.h>

/* One character of a text. A byte that is no UTF-8 is a character of width 1. */
struct character {
    size_t bytes;
    size_t columns;
};

static struct character read_character(const char *at)
{
    struct character character;
    int32_t c = rec_character(at, strnlen(at, 4), &character.bytes);
    int columns = c == REC_NO_CHARACTER ? 1 : utf8proc_charwidth(c);

    character.columns = columns > 0 ? (size_t)columns : 0;
    return character;
}

size_t text_columns(const char *text)
{
    size_t columns = 0;

    while (*text) {
        struct character c = read_character(text);

        columns += c.columns;
        text += c.bytes;
    }
    return columns;
}

/* ---- wrapping ------------------------------------------------------------------------------------------------------ */

/* A piece of a line that is not broken: a word, or one wide character of it. */
struct word {
    size_t bytes, columns;
};

static struct word read_word(const char *at, const char *end)
{
    struct word word = { 0, 0 };

    while (at + word.bytes < end && at[word.bytes] != ' ') {
        struct character c = read_character(at + word.bytes);

        if (c.columns == 2 && word.columns > 0)
            break;
        word.bytes += c.bytes;
        word.columns += c.columns;
        /* A combining mark stays with the character before it. */
        if (c.columns == 2 && at + word.bytes < end && read_character(at + word.bytes).columns > 0)
            break;
    }
    return word;
}

/* Spaces before the text of the lines that follow. */
static size_t hanging(const char *line, const char *end)
{
    const char *at = line, *digits;

    while (at < end && *at == ' ')
        at++;
    digits = at;
    while (at < end && isdigit((unsigned char)*at))
        at++;
    if (at > digits && end - at >= 2 && at[0] == '.' && at[1] == ' ')
        return (size_t)(at + 2 - line);
    if (at == digits && end - at >= 2 && at[0] == '-' && at[1] == ' ')
        return (size_t)(at + 2 - line);
    return (size_t)(digits - line);
}

static void add_spaces(rec_buf *out, size_t count)
{
    while (count-- > 0)
        rec_buf_putc(out, ' ');
}

static void wrap_line(const char *line, const char *end, size_t columns, rec_buf *out)
{
    size_t indent = hanging(line, end), used = 0;
    bool first = true; /* nothing but indentation stands on the line yet */

    while (line < end && *line == ' ') {
        rec_buf_putc(out, *line++);
        used++;
    }
    while (line < end) {
        size_t gap = 0;
        struct word word;

        for (; line < end && *line == ' '; line++)
            gap++;
        word = read_word(line, end);
        if (word.bytes == 0)
            break; /* spaces at the end */
        if (!first && used + gap + word.columns > columns) {
            rec_buf_putc(out, '\n');
            add_spaces(out, indent);
            used = indent;
            gap = 0;
        }
        add_spaces(out, gap);
        rec_buf_add(out, line, word.bytes);
        used += gap + word.columns;
        line += word.bytes;
        first = false;
    }
}

void wrap_text(const char *text, size_t columns, rec_buf *out)
{
    while (*text) {
        size_t length = strcspn(text, "\n");

        wrap_line(text, text + length, columns, out);
        text += length;
        if (*text == '\n')
            rec_buf_putc(out, *text++);
    }
}

/* ---- shortening ---------------------------------------------------------------------------------------------------- */

/* Bytes of the first `most` characters. */
static size_t prefix(const char *text, size_t most)
{
    size_t bytes = 0;

    while (most-- > 0 && text[bytes])
        bytes += read_character(text + bytes).bytes;
    return bytes;
}

static bool ends_with_abbreviation(const char *text, size_t length)
{
    static const char *const words[] = { "e.g", "i.e", "al", "vs", "cf", "resp", "Fig", "fig", "Eq", "eq", "Sec", "approx", "No", "St" };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        size_t n = strlen(words[i]);

        if (length >= n && memcmp(text + length - n, words[i], n) == 0 && (length == n || !isalnum((unsigned char)text[length - n - 1])))
            return true;
    }
    /* An initial: "J. Doe". */
    return length > 0 && isupper((unsigned char)text[length - 1]) && (length == 1 || text[length - 2] == ' ');
}

/* Whether a sentence ends with the byte before `at`. */
static bool is_sentence_end(const char *text, size_t at)
{
    char last = text[at - 1];

    if (at >= 3 && memcmp(text + at - 3, "\xE3\x80\x82", 3) == 0) /* the ideographic full stop */
        return true;
    if (!strchr(".!?", last) || (text[at] != ' ' && text[at] != '\0'))
        return false;
    if (text[at] == ' ' && islower((unsigned char)text[at + 1]))
        return false;
    return last != '.' || !ends_with_abbreviation(text, at - 1);
}

void shorten_to_word(const char *text, size_t most, rec_buf *out)
{
    size_t bytes = prefix(text, most), end;

    if (most == 0)
        return;
    if (text[bytes] == '\0') {
        rec_buf_puts(out, text);
        return;
    }
    end = bytes = prefix(text, most - 1); /* room for the ellipsis */
    while (end > 0 && text[end] != ' ')
        end--;
    /* A text without spaces, or with one at its start alone, is cut anywhere. */
    if (end < bytes / 2)
        end = bytes;
    while (end > 0 && strchr(" ,;:", text[end - 1]))
        end--;
    rec_buf_add(out, text, end);
    rec_buf_puts(out, "\xE2\x80\xA6");
}

void shorten_to_sentence(const char *text, size_t most, rec_buf *out)
{
    size_t bytes = prefix(text, most);

    if (text[bytes] != '\0')
        for (size_t end = bytes; end > bytes / 2; end--)
            if (is_sentence_end(text, end)) {
                rec_buf_add(out, text, end);
                return;
            }
    shorten_to_word(text, most, out);
}
