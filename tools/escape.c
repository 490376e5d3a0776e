/* Escaping: see escape.h. */
#include "escape.h"

#include "controls.h"

#include <string.h>
#include <strings.h>

/* Bytes of what must not stand in XML 1.0 although it is UTF-8: U+FFFE and U+FFFF. */
static size_t noncharacter_length(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;

    return *at == 0xEF && at[1] == 0xBF && (at[2] == 0xBE || at[2] == 0xBF) ? 3 : 0;
}

/* Passes over what is never written, with a space for what parted words. Gives whether something was passed over. */
static bool pass_over(const char **at, rec_buf *out)
{
    size_t length = rec_control_length(*at);

    if (length == 1 && strchr("\t\n\v\f\r", **at))
        rec_buf_putc(out, ' ');
    if (length == 0)
        length = noncharacter_length(*at);
    *at += length;
    return length > 0;
}

void escape_text(const char *value, rec_buf *out)
{
    while (*value)
        if (!pass_over(&value, out))
            rec_buf_putc(out, *value++);
}

static const char *html_entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void escape_html(const char *value, rec_buf *out)
{
    while (*value) {
        const char *entity;

        if (pass_over(&value, out))
            continue;
        if ((entity = html_entity(*value)))
            rec_buf_puts(out, entity);
        else
            rec_buf_putc(out, *value);
        value++;
    }
}

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* Whether the number that ends before `at` stands at the value's beginning: "1." and "1)" there begin a list. */
static bool is_list_number(const char *start, const char *at)
{
    if (at == start)
        return false;
    while (at > start && at[-1] >= '0' && at[-1] <= '9')
        at--;
    return at == start;
}

static bool is_markup(const char *start, const char *at)
{
    if (strchr("\\`*[]<>|~&$^", *at))
        return true;
    switch (*at) {
    case '_': /* inside a word it is no emphasis */
        return at == start || !is_letter_or_digit(at[-1]) || !is_letter_or_digit(at[1]);
    case '#':
    case '+':
    case '-':
    case '=':
        return at == start;
    case '.':
    case ')':
        return is_list_number(start, at) || (at - start >= 3 && strncasecmp(at - 3, "www", 3) == 0);
    case ':': /* an address would become a link by itself */
        return at[1] == '/' && at[2] == '/';
    case '@':
        return true;
    case '!':
        return at[1] == '[';
    default:
        return false;
    }
}

void escape_markdown(const char *value, rec_buf *out)
{
    const char *start = value;

    while (*value) {
        if (pass_over(&value, out))
            continue;
        if (is_markup(start, value))
            rec_buf_putc(out, '\\');
        rec_buf_putc(out, *value++);
    }
}

static bool is_plain_in_url(unsigned char c)
{
    return (c < 0x80 && is_letter_or_digit((char)c)) || strchr("-._~:/?#@!$&*+,;=%", c) != NULL;
}

void escape_url(const char *url, bool may_be_mail, rec_buf *out)
{
    bool is_web = strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0;

    if (!is_web && !(may_be_mail && strncasecmp(url, "mailto:", 7) == 0))
        return;
    for (const char *at = url; *at; at++)
        if ((unsigned char)*at <= ' ' || *at == 0x7F)
            return;
    for (; *url; url++) {
        if (is_plain_in_url((unsigned char)*url))
            rec_buf_putc(out, *url);
        else
            rec_buf_printf(out, "%%%02X", (unsigned)(unsigned char)*url);
    }
}
