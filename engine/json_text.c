/* See rec/json_text.h. */
#include "rec/json_text.h"

#include "character.h"
#include "controls.h"
#include "json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD"

/* ---- between values ------------------------------------------------------------------------------------------------ */

/* What was written last tells whether a comma is due: a value ends with none of these, for a string's last byte is its quote. */
static bool begins(const rec_buf *out)
{
    char last = out->length > 0 ? out->data[out->length - 1] : '\n';

    return last == '{' || last == '[' || last == ':' || last == '\n';
}

static void put_key(rec_buf *out, const char *key)
{
    if (!begins(out))
        rec_buf_putc(out, ',');
    if (!key)
        return;
    rec_buf_putc(out, '"'); /* a constant of ours, without anything to escape */
    rec_buf_puts(out, key);
    rec_buf_add(out, "\":", 2);
}

void rec_put_open(rec_buf *out, const char *key, char bracket)
{
    put_key(out, key);
    rec_buf_putc(out, bracket);
}

void rec_put_close(rec_buf *out, char bracket)
{
    rec_buf_putc(out, bracket);
}

/* ---- strings ------------------------------------------------------------------------------------------------------- */

#define EACH_BYTE(value) (UINT64_C(0x0101010101010101) * (value))

/* Nonzero where a byte of eight is `byte`; bytes with the high bit set are found by who asks. */
static uint64_t holds(uint64_t eight, uint64_t byte)
{
    uint64_t zero = eight ^ EACH_BYTE(byte);

    return (zero - EACH_BYTE(1)) & ~zero & EACH_BYTE(0x80);
}

/* Whether eight bytes are printable ASCII, none of them a quote or a backslash: most of all texts, eight times as fast as one by one. */
static bool are_plain(const char *text)
{
    uint64_t eight;

    memcpy(&eight, text, sizeof(eight));
    return !(((eight | (eight - EACH_BYTE(0x20))) & EACH_BYTE(0x80)) | holds(eight, '"') | holds(eight, '\\') | holds(eight, 0x7F));
}

/* How many bytes from `text` on stand for themselves in a string. */
static size_t count_plain(const char *text, size_t length)
{
    size_t i = 0, bytes;

    while (i < length) {
        int32_t c;

        if (length - i >= 8 && are_plain(text + i)) {
            i += 8;
            continue;
        }
        c = rec_character(text + i, length - i, &bytes);
        if (rec_is_control(c) || c == '"' || c == '\\') /* below 0 as well */
            break;
        i += bytes;
    }
    return i;
}

/* The first character at `text`, which does not stand for itself. Gives its bytes. */
static size_t put_special(rec_buf *out, const char *text, size_t length)
{
    static const char named[] = "\"\"\\\\\bb\ff\nn\rr\tt"; /* pairs: the byte, and what stands behind the backslash for it */
    size_t bytes;
    int32_t c = rec_character(text, length, &bytes);

    if (c < 0) {
        rec_buf_puts(out, REPLACEMENT);
        return bytes;
    }
    for (const char *pair = named; *pair; pair += 2)
        if (*pair == c) {
            rec_buf_putc(out, '\\');
            rec_buf_putc(out, pair[1]);
            return bytes;
        }
    rec_buf_printf(out, "\\u%04X", (unsigned)c);
    return bytes;
}

static void put_string(rec_buf *out, const char *text, size_t length)
{
    rec_buf_putc(out, '"');
    for (size_t i = 0; i < length;) {
        size_t plain = count_plain(text + i, length - i);

        rec_buf_add(out, text + i, plain);
        i += plain;
        if (i < length)
            i += put_special(out, text + i, length - i);
    }
    rec_buf_putc(out, '"');
}

void rec_put_text_part(rec_buf *out, const char *key, const char *text, size_t length)
{
    put_key(out, key);
    put_string(out, text, length);
}

void rec_put_text(rec_buf *out, const char *key, const char *text)
{
    put_key(out, key);
    if (text)
        put_string(out, text, strlen(text));
    else
        rec_buf_puts(out, "null");
}

/* ---- numbers ------------------------------------------------------------------------------------------------------- */

void rec_put_integer(rec_buf *out, const char *key, int64_t value)
{
    char digits[24], *at = digits + sizeof(digits);
    uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;

    put_key(out, key);
    do
        *--at = (char)('0' + left % 10);
    while (left /= 10);
    if (value < 0)
        *--at = '-';
    rec_buf_add(out, at, (size_t)(digits + sizeof(digits) - at));
}

/*
 * A number that is a float of .0001 to 1, as scores are: its nine digits in whole numbers, exactly, and ten times as fast as by printf.
 * False, and nothing written, for any other.
 */
static bool put_score(rec_buf *out, double value)
{
    static const uint64_t powers[] = { 1000000000, 10000000000, 100000000000, 1000000000000 };
    int zeros = value < .001 ? 3 : value < .01 ? 2 : value < .1, exponent, places = REC_DIGITS_FLOAT; /* zeros between the point and the digits */
    uint64_t scaled, digits, rest, half;
    char text[] = "0.000123456789";

    if (!(value >= .0001 && value < 1) || (double)(float)value != value)
        return false;
    scaled = (uint64_t)ldexp(frexp(value, &exponent), 24) * powers[zeros]; /* 24 bits of a float and 40 of the power: 64 */
    digits = scaled >> (24 - exponent);
    rest = scaled & ((UINT64_C(1) << (24 - exponent)) - 1);
    half = UINT64_C(1) << (23 - exponent);
    digits += rest > half || (rest == half && digits % 2 == 1);
    if (digits == powers[0])
        return false;
    for (; digits % 10 == 0; digits /= 10)
        places--;
    for (int i = places; i-- > 0; digits /= 10)
        text[2 + zeros + i] = (char)('0' + digits % 10);
    rec_buf_add(out, text, (size_t)(2 + zeros + places));
    return true;
}

/* As jansson writes it: a real shows that it is one, and an exponent has no '+' and no zeros before it. */
void rec_put_real(rec_buf *out, const char *key, double value, int digits)
{
    char text[40], *exponent;

    if (!isfinite(value)) {
        out->failed = true;
        return;
    }
    put_key(out, key);
    if (digits == REC_DIGITS_FLOAT && put_score(out, value))
        return;
    snprintf(text, sizeof(text), "%.*g", digits, value);
    if ((exponent = strchr(text, 'e'))) {
        char *from = exponent + 2, *to = exponent + 1 + (exponent[1] == '-');

        from += strspn(from, "0");
        memmove(to, from, strlen(from) + 1);
    }
    rec_buf_puts(out, text);
    if (!strpbrk(text, ".e"))
        rec_buf_puts(out, ".0");
}

void rec_put_boolean(rec_buf *out, const char *key, bool value)
{
    put_key(out, key);
    rec_buf_puts(out, value ? "true" : "false");
}

/* ---- what is stored as JSON ---------------------------------------------------------------------------------------- */

/*
 * Whether `array` is an array of strings in just the form that is written here, so that its bytes can be copied. Escapes other than those
 * of a quote and a backslash have several spellings: they are left to jansson.
 */
static bool is_as_written(const char *array, size_t length)
{
    const char *at, *end;

    if (length < 2 || array[0] != '[' || array[length - 1] != ']') /* NULL has no length */
        return false;
    at = array + 1;
    end = array + length - 1;
    while (at < end) {
        if (*at++ != '"')
            return false;
        while (at < end && *at != '"') {
            size_t plain = count_plain(at, (size_t)(end - at));

            if (plain == 0 && (at[0] != '\\' || end - at < 2 || (at[1] != '"' && at[1] != '\\')))
                return false;
            at += plain > 0 ? plain : 2;
        }
        if (at >= end || *at++ != '"')
            return false;
        if (at < end && (*at++ != ',' || at == end))
            return false;
    }
    return true;
}

void rec_put_stored_list(rec_buf *out, const char *key, const char *array)
{
    size_t length;
    json_error_t why;
    json_t *list;

    array = array ? array : "[]";
    length = strlen(array);
    if (is_as_written(array, length)) {
        put_key(out, key);
        rec_buf_add(out, array, length);
        return;
    }
    out->failed |= rec_json_read(array, length, JSON_REJECT_DUPLICATES, &list, &why) == REC_ENOMEM;
    if (!json_is_array(list)) {
        json_decref(list);
        list = json_array();
    }
    rec_put_tree(out, key, list, REC_DIGITS_FLOAT); /* which has no numbers */
}

void rec_put_dumped(rec_buf *out, const char *text, size_t length)
{
    size_t from = 0, bytes;

    for (size_t i = 0; i < length; i += bytes) {
        int32_t c = rec_character(text + i, length - i, &bytes);

        if (c < 0x7F || !rec_is_control(c)) /* line ends and tabs stand between values */
            continue;
        rec_buf_add(out, text + from, i - from);
        rec_buf_printf(out, "\\u%04X", (unsigned)c);
        from = i + bytes;
    }
    rec_buf_add(out, text + from, length - from);
}

/* jansson cuts no character in two. */
static int add_piece(const char *bytes, size_t length, void *context)
{
    rec_put_dumped(context, bytes, length);
    return 0;
}

void rec_put_tree(rec_buf *out, const char *key, json_t *tree, int digits)
{
    put_key(out, key);
    if (!tree || json_dump_callback(tree, add_piece, out, (size_t)(JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(digits))) != 0)
        out->failed = true;
    json_decref(tree);
}
