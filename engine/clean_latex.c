/*
 * LaTeX to Unicode: see clean_latex.h.
 *
 * A scan from left to right that looks at most a group ahead. Rules that could change plain text are written so that they need evidence of
 * LaTeX; when in doubt the text stays.
 */
#include "clean_latex.h"

#include "alloc.h"
#include "latex_tables.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define MAX_DEPTH 16
#define MAX_GROUP 500 /* bytes that are searched for a group's or a formula's end */

#define MAX_OPTION 100 /* bytes between brackets */
#define RING 512       /* a power of two above MAX_GROUP */

struct scan {
    const char *at;
    const char *end;
    const char *start; /* of this part: what stands before `at` */
    rec_buf *out;
    const char *text; /* the whole text, of which this is a part */
    const uint16_t
        *groups;       /* by offset in `text`: how far behind a '{' its '}' stands, 0 where it is too far or missing; NULL: no braces */
    const char *quote; /* the last '' that was looked for, so that it is not looked for again */
    int quotes;        /* that are open */
    int depth;
    bool math;
    bool latex; /* the text shows LaTeX: a backslash or a dollar */
};

static void convert(struct scan *scan);
static bool take_over(struct scan *scan);

/* Converts a part of the text as if it stood alone, in its surroundings' mode. */
static void convert_part(const struct scan *parent, const char *from, const char *to, bool math, rec_buf *out)
{
    struct scan part = *parent;

    part.at = part.start = from;
    part.end = to;
    part.out = out;
    part.quote = NULL;
    part.quotes = 0;
    part.math = math;
    part.depth++;
    if (part.depth > MAX_DEPTH)
        rec_buf_add(out, from, (size_t)(to - from));
    else if (!math || !take_over(&part))
        convert(&part);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char before(const struct scan *scan)
{
    return scan->at > scan->start ? scan->at[-1] : ' ';
}

static size_t left(const struct scan *scan)
{
    return (size_t)(scan->end - scan->at);
}

/*
 * Which '}' closes which '{', in one walk: looking ahead at each '{' would take quadratic time. A ring in place of a stack will do: what
 * was pushed over it lies too far back to be closed within MAX_GROUP.
 */
static void match_groups(const char *text, size_t length, uint16_t *groups)
{
    size_t open[RING], depth = 0;

    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\\') {
            i++;
        } else if (text[i] == '{') {
            open[depth++ % RING] = i;
        } else if (text[i] == '}' && depth > 0) {
            size_t from = open[--depth % RING];

            if (i - from < MAX_GROUP)
                groups[from] = (uint16_t)(i - from);
        }
    }
}

/* The '}' that closes the '{' at `open`; NULL where it is further than MAX_GROUP or not there. */
static const char *closing(const struct scan *scan, const char *open)
{
    size_t distance = scan->groups ? scan->groups[open - scan->text] : 0;

    return distance > 0 && distance < (size_t)(scan->end - open) ? open + distance : NULL;
}

static const char *skip_spaces(const char *at, const char *end)
{
    while (at < end && *at == ' ')
        at++;
    return at;
}

/* ---- arguments ----------------------------------------------------------------------------------------------------- */

/* What a command or script applies to: a group's inside, a command, or one character. */
struct argument {
    const char *from, *to;
    const char *next; /* behind it */
};

static size_t character_length(const char *at, const char *end)
{
    unsigned char c = (unsigned char)*at;
    size_t length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;

    return length > (size_t)(end - at) ? (size_t)(end - at) : length;
}

static bool read_argument(const struct scan *scan, const char *at, struct argument *out)
{
    const char *end = scan->end;

    at = skip_spaces(at, end);
    if (at >= end || *at == '}' || *at == '$')
        return false;
    if (*at == '{') {
        const char *close = closing(scan, at);

        if (!close)
            return false;
        *out = (struct argument){ at + 1, close, close + 1 };
        return true;
    }
    out->from = at;
    if (*at == '\\') {
        at++;
        if (at < end && is_letter(*at))
            while (at < end && is_letter(*at))
                at++;
        else if (at < end)
            at += character_length(at, end);
        out->to = out->next = at;
        return out->to - out->from > 1;
    }
    out->to = out->next = at + character_length(at, end);
    return true;
}

/* ---- commands ------------------------------------------------------------------------------------------------------ */

/* The letter that an accent stands on: one letter, or a dotless i or j, for which the dotted one serves. */
static size_t accent_base(const struct argument *argument, char *base)
{
    size_t length = (size_t)(argument->to - argument->from);

    if (length == 2 && argument->from[0] == '\\' && (argument->from[1] == 'i' || argument->from[1] == 'j')) {
        base[0] = argument->from[1];
        return 1;
    }
    if (length == 0 || length > 4 || length != character_length(argument->from, argument->to) ||
        (length == 1 && !is_letter(argument->from[0])))
        return 0;
    memcpy(base, argument->from, length);
    return length;
}

/* One character carries both: "\'t" is no accent but somebody's escaped apostrophe. */
static bool composes(const char *base, size_t length, const char *mark)
{
    utf8proc_int32_t points[8];
    utf8proc_ssize_t n = utf8proc_decompose((const utf8proc_uint8_t *)base, (utf8proc_ssize_t)length, points, 6, UTF8PROC_STABLE);

    if (n <= 0 || n > 6 || utf8proc_iterate((const utf8proc_uint8_t *)mark, -1, &points[n]) <= 0)
        return false;
    return utf8proc_normalize_utf32(points, n + 1, UTF8PROC_STABLE | UTF8PROC_COMPOSE) == 1;
}

/* "it\'s", "we\'ll": an apostrophe that was escaped for a programming language is as likely as a Polish name. */
static bool is_contraction(const struct scan *scan)
{
    static const char *const ENDINGS[] = { "ll", "m", "re", "s", NULL };
    struct rec_latex_name name = { scan->at + 2, 0 };

    while (name.text + name.length < scan->end && is_letter(name.text[name.length]))
        name.length++;
    return scan->at[1] == '\'' && is_letter(before(scan)) && rec_latex_is_one_of(ENDINGS, name);
}

/* \'e, \"{u}, \v{s}, \c c. A command that is a letter needs a brace or a space: "\vec" is another command. */
static bool take_accent(struct scan *scan)
{
    const char *mark = left(scan) > 2 ? rec_latex_accent(scan->at[1]) : NULL;
    struct argument argument;
    char base[4];
    size_t length;

    if (!mark || (is_letter(scan->at[1]) && scan->at[2] != '{' && scan->at[2] != ' '))
        return false;
    if ((!is_letter(scan->at[1]) && scan->at[2] == ' ') || is_contraction(scan))
        return false;
    if (!read_argument(scan, scan->at + 2, &argument) || (length = accent_base(&argument, base)) == 0 || !composes(base, length, mark))
        return false;
    rec_buf_add(scan->out, base, length);
    rec_buf_puts(scan->out, mark);
    scan->at = argument.next;
    return true;
}

/* "10\,GeV", "H\ II": a space where something that ends a word stands before it. */
static bool is_spacing(const struct scan *scan, char c)
{
    char previous = before(scan);

    if (scan->math)
        return strchr(",;: >", c) != NULL;
    return (c == ',' && previous == ' ' && scan->at > scan->start) ||
           ((c == ',' || c == ' ') && (is_letter(previous) || is_digit(previous) || strchr(".)}$", previous) != NULL));
}

/* "{\em word\/}"; but not "and\/or", which somebody escaped. */
static bool is_italic_correction(const struct scan *scan, char c)
{
    char next = left(scan) > 2 ? scan->at[2] : ' ';

    return c == '/' && (scan->math || (is_letter(before(scan)) && !is_letter(next) && !is_digit(next) && next != '/'));
}

/* \& \% \$ \# \_ \{ \}, and spaces: "\\", "\ ", "\,". */
static bool take_escape(struct scan *scan)
{
    char c = left(scan) > 1 ? scan->at[1] : '\0';

    if (c == '\0')
        return false;
    if (strchr("&%$#_{}", c))
        rec_buf_putc(scan->out, c);
    else if (is_spacing(scan, c) || (c == '\\' && !is_letter(left(scan) > 2 ? scan->at[2] : ' ')))
        rec_buf_putc(scan->out, ' ');
    else if (scan->math && c == '|')
        rec_buf_puts(scan->out, "‖");
    else if (c != '-' && !(scan->math && c == '!') && !is_italic_correction(scan, c))
        return false;
    scan->at += 2;
    return true;
}

static void put_parenthesised(rec_buf *out, const rec_buf *text)
{
    size_t length = text->length;
    bool simple = true;

    while (length > 0 && text->data[length - 1] == ' ')
        length--;
    for (size_t i = 0; i < length; i++)
        simple &= is_letter(text->data[i]) || is_digit(text->data[i]) || (unsigned char)text->data[i] >= 0x80;
    rec_buf_puts(out, simple ? "" : "(");
    rec_buf_add(out, rec_buf_text(text), length);
    rec_buf_puts(out, simple ? "" : ")");
}

static void put_argument(const struct scan *scan, const struct argument *argument, bool parenthesised)
{
    rec_buf part = REC_BUF_INIT(scan->out->maximum);

    convert_part(scan, argument->from, argument->to, scan->math, &part);
    if (parenthesised)
        put_parenthesised(scan->out, &part);
    else
        rec_buf_add(scan->out, rec_buf_text(&part), part.length);
    scan->out->failed |= part.failed;
    rec_buf_clear(&part);
}

/* {a\over b}: the old way to write a fraction. It takes all of a group or formula. */
static bool take_over(struct scan *scan)
{
    static const char OVER[] = "\\over";
    const size_t length = sizeof(OVER) - 1;

    for (const char *at = scan->at; at < scan->end; at++) {
        const char *inner = *at == '{' ? closing(scan, at) : NULL;

        if (inner) {
            at = inner;
        } else if ((size_t)(scan->end - at) > length && memcmp(at, OVER, length) == 0 && !is_letter(at[length])) {
            put_argument(scan, &(struct argument){ skip_spaces(scan->at, at), at, NULL }, true);
            rec_buf_putc(scan->out, '/');
            put_argument(scan, &(struct argument){ skip_spaces(at + length, scan->end), scan->end, NULL }, true);
            scan->at = scan->end;
            return true;
        }
    }
    return false;
}

/* \frac{a}{b} and \sqrt{x}. */
static bool take_fraction_or_root(struct scan *scan, struct rec_latex_name name, const char *behind)
{
    struct argument first, second;
    bool fraction = rec_latex_is_named(name, "frac") || (name.length == 5 && strncmp(name.text + 1, "frac", 4) == 0);
    bool root = rec_latex_is_named(name, "sqrt");

    if ((!fraction && !root) || behind >= scan->end || *behind == '[' || (!scan->math && *behind != '{') ||
        !read_argument(scan, behind, &first))
        return false;
    if (fraction && !read_argument(scan, first.next, &second))
        return false;
    if (root)
        rec_buf_puts(scan->out, "√");
    put_argument(scan, &first, true);
    if (fraction) {
        rec_buf_putc(scan->out, '/');
        put_argument(scan, &second, true);
    }
    scan->at = fraction ? second.next : first.next;
    return true;
}

static bool take_math_accent(struct scan *scan, struct rec_latex_name name, const char *behind)
{
    const char *mark = rec_latex_math_accent(name);
    struct argument argument;
    rec_buf base = REC_BUF_INIT(scan->out->maximum);
    bool single, taken;

    if (!mark || behind >= scan->end || (!scan->math && *behind != '{') || !read_argument(scan, behind, &argument))
        return false;
    convert_part(scan, argument.from, argument.to, scan->math, &base);
    single = base.length > 0 && base.length == character_length(base.data, base.data + base.length);
    taken = single || !rec_latex_is_named(name, "not"); /* a hat may be lost, a negation not */
    if (taken) {
        rec_buf_add(scan->out, rec_buf_text(&base), base.length);
        rec_buf_puts(scan->out, single ? mark : "");
        scan->at = argument.next;
    }
    scan->out->failed |= base.failed;
    rec_buf_clear(&base);
    return taken;
}

/* \href{address}{text}, \textcolor{red}{text}: the text. */
static bool take_second(struct scan *scan, struct rec_latex_name name, const char *behind)
{
    struct argument first, text;

    if ((!rec_latex_is_named(name, "href") && !rec_latex_is_named(name, "textcolor")) || !read_argument(scan, behind, &first) ||
        !read_argument(scan, first.next, &text))
        return false;
    put_argument(scan, &text, false);
    scan->at = text.next;
    return true;
}

/* A number, decimal or with an x before it hexadecimal, and `close`: what stands behind, NULL where it is no character for a text. */
static const char *read_number(const char *at, const char *end, char close, utf8proc_int32_t *out)
{
    int base = at < end && (*at == 'x' || *at == 'X') ? 16 : 10, digits = 0;

    at += base == 16;
    for (*out = 0; at < end && digits < 7; at++, digits++) {
        const char *hex = "0123456789abcdef0123456789ABCDEF", *digit = strchr(hex, *at);

        if (!digit || (digit - hex) % 16 >= base)
            break;
        *out = *out * base + (utf8proc_int32_t)((digit - hex) % 16);
    }
    return digits > 0 && at < end && *at == close && *out >= ' ' && utf8proc_codepoint_valid(*out) ? at + 1 : NULL;
}

/* Puts the character that a number stands for. */
static bool take_number(struct scan *scan, const char *at, char close)
{
    utf8proc_int32_t c;
    utf8proc_uint8_t bytes[4];
    const char *behind = read_number(at, scan->end, close, &c);

    if (!behind)
        return false;
    rec_buf_add(scan->out, bytes, (size_t)utf8proc_encode_char(c, bytes));
    scan->at = behind;
    return true;
}

/* \unicode{x2013}, of MathJax. */
static bool take_unicode(struct scan *scan, struct rec_latex_name name, const char *behind)
{
    return rec_latex_is_named(name, "unicode") && behind < scan->end && *behind == '{' && take_number(scan, behind + 1, '}');
}

/* \mathbb{R}: the letters that Unicode's terminals have; the others lose the double stroke. */
static void put_double_struck(const struct scan *scan, const struct argument *argument)
{
    const char *struck = rec_latex_double_struck(((struct rec_latex_name){ argument->from, (size_t)(argument->to - argument->from) }));

    if (struck)
        rec_buf_puts(scan->out, struck);
    else
        put_argument(scan, argument, false);
}

static void put_script(struct scan *scan, bool super, const struct argument *argument);

/* Behind "[...]" where that stands at `at`. */
static const char *skip_option(const struct scan *scan, const char *at)
{
    size_t room = (size_t)(scan->end - at);
    const char *close = room > 0 && *at == '[' ? memchr(at, ']', room < MAX_OPTION ? room : MAX_OPTION) : NULL;

    return close ? close + 1 : at;
}

/* \cite[p. 3]{x} goes, and the space before it where only punctuation follows. */
static bool take_reference(struct scan *scan, struct rec_latex_name name, const char *behind)
{
    rec_buf *out = scan->out;
    struct argument argument;

    if (!rec_latex_is_one_of(REC_LATEX_REFERENCES, name))
        return false;
    behind = skip_option(scan, behind);
    if (behind >= scan->end || *behind != '{' || !read_argument(scan, behind, &argument))
        return false;
    if ((before(scan) == '~' || (before(scan) == ' ' && scan->at > scan->start)) && out->length > 0 && out->data[out->length - 1] == ' ' &&
        (argument.next == scan->end || strchr(".,;:)", *argument.next)))
        out->data[--out->length] = '\0';
    scan->at = argument.next;
    return true;
}

static bool take_argument_command(struct scan *scan, struct rec_latex_name name, const char *behind)
{
    struct argument argument;

    if (behind + 1 < scan->end && behind[0] == '*' && behind[1] == '{')
        behind++; /* "\operatorname*{...}" */
    if (behind >= scan->end || (*behind != '{' && !(scan->math && strchr(" \\", *behind))) || !read_argument(scan, behind, &argument))
        return false;
    if (rec_latex_is_named(name, "mathbb") || rec_latex_is_named(name, "Bbb") || rec_latex_is_named(name, "mathds"))
        put_double_struck(scan, &argument);
    else if (rec_latex_is_named(name, "textsuperscript") || rec_latex_is_named(name, "textsubscript"))
        put_script(scan, name.text[5] == 'u' && name.text[6] == 'p', &argument);
    else if (rec_latex_is_named(name, "url"))
        rec_buf_add(scan->out, argument.from, (size_t)(argument.to - argument.from));
    else if (rec_latex_is_one_of(REC_LATEX_DRESS, name))
        put_argument(scan, &argument, false);
    else
        return false;
    scan->at = argument.next;
    return true;
}

/* Behind a command: "{}" only ends it, and behind a letter outside mathematics a space does too. */
static const char *skip_end_of_command(const struct scan *scan, const char *behind, bool word_letter)
{
    if (behind + 1 < scan->end && behind[0] == '{' && behind[1] == '}')
        return behind + 2;
    if (word_letter && !scan->math && behind + 1 < scan->end && behind[0] == ' ' && is_letter(behind[1]))
        return behind + 1;
    return behind;
}

static bool take_symbol(struct scan *scan, struct rec_latex_name name, const char *behind)
{
    const char *text = rec_latex_symbol(name);
    bool word_letter = rec_latex_is_one_of(REC_LATEX_WORD_LETTERS, name), free = scan->math || !is_letter(before(scan));
    bool ended = behind + 1 < scan->end && behind[0] == '{' && behind[1] == '}'; /* "m\textasciicircum{}2": written as a command */

    if (text && (free || word_letter || ended)) {
        rec_buf_puts(scan->out, text);
    } else if (rec_latex_is_one_of(REC_LATEX_WORDS, name) && free) {
        rec_buf_add(scan->out, name.text, name.length);
    } else if (rec_latex_is_one_of(REC_LATEX_NOTHING, name) && (free || rec_latex_is_named(name, "xspace"))) {
        scan->at = skip_spaces(skip_end_of_command(scan, behind, false), scan->end);
        if (scan->math && scan->at < scan->end && *scan->at == '.' &&
            (rec_latex_is_named(name, "left") || rec_latex_is_named(name, "right")))
            scan->at++; /* an invisible bracket */
        return true;
    } else if (scan->math && (rec_latex_is_named(name, "quad") || rec_latex_is_named(name, "qquad"))) {
        rec_buf_putc(scan->out, ' ');
    } else {
        return false;
    }
    scan->at = skip_end_of_command(scan, behind, word_letter);
    return true;
}

/* A command that is not known keeps its name and its braces; what stands in these is converted. */
static bool take_unknown(struct scan *scan, const char *behind)
{
    const char *close;

    behind = skip_option(scan, behind);
    rec_buf_add(scan->out, scan->at, (size_t)(behind - scan->at));
    scan->at = behind;
    while (scan->at < scan->end && *scan->at == '{' && (close = closing(scan, scan->at)) != NULL) {
        rec_buf_putc(scan->out, '{');
        convert_part(scan, scan->at + 1, close, scan->math, scan->out);
        rec_buf_putc(scan->out, '}');
        scan->at = close + 1;
    }
    return true;
}

static bool take_named(struct scan *scan)
{
    struct rec_latex_name name = { scan->at + 1, 0 };
    const char *behind;

    while (scan->at + 1 + name.length < scan->end && is_letter(name.text[name.length]))
        name.length++;
    if (name.length == 0)
        return false;
    behind = name.text + name.length;
    return take_fraction_or_root(scan, name, behind) || take_math_accent(scan, name, behind) || take_second(scan, name, behind) ||
           take_unicode(scan, name, behind) || take_reference(scan, name, behind) || take_argument_command(scan, name, behind) ||
           take_symbol(scan, name, behind) || take_unknown(scan, behind);
}

/* ---- scripts, groups, formulas ------------------------------------------------------------------------------------- */

/* "90^\circ", "f^\prime", "5^{th}": scripts that have a plain spelling. */
static const char *plain_superscript(const struct scan *scan, const rec_buf *part)
{
    const char *text = rec_buf_text(part);
    char previous = scan->out->length > 0 ? scan->out->data[scan->out->length - 1] : ' ';

    if (strcmp(text, "∘") == 0)
        return "°";
    if (strcmp(text, "′") == 0 || strcmp(text, "″") == 0 || strcmp(text, "†") == 0)
        return text;
    if (strcmp(text, "th") == 0 && (is_letter(previous) || is_digit(previous)))
        return text;
    return is_digit(previous) && (strcmp(text, "st") == 0 || strcmp(text, "nd") == 0 || strcmp(text, "rd") == 0) ? text : NULL;
}

/* Raised or lowered characters where Unicode has every one; else the mark stays, with braces around more than one character. */
static void put_raised(struct scan *scan, bool super, const rec_buf *part)
{
    bool single = part->length > 0 && part->length == character_length(part->data, part->data + part->length), all = part->length > 0;
    const char *plain = super ? plain_superscript(scan, part) : NULL;

    for (size_t i = 0; i < part->length; i++)
        all &= rec_latex_script(part->data[i], super) != NULL;
    if (plain) {
        rec_buf_puts(scan->out, plain);
    } else if (all) {
        for (size_t i = 0; i < part->length; i++)
            rec_buf_puts(scan->out, rec_latex_script(part->data[i], super));
    } else if (part->length > 0) {
        rec_buf_putc(scan->out, super ? '^' : '_');
        rec_buf_puts(scan->out, single ? "" : "{");
        rec_buf_add(scan->out, rec_buf_text(part), part->length);
        rec_buf_puts(scan->out, single ? "" : "}");
    }
}

static void put_script(struct scan *scan, bool super, const struct argument *argument)
{
    rec_buf part = REC_BUF_INIT(scan->out->maximum);

    convert_part(scan, argument->from, argument->to, true, &part);
    put_raised(scan, super, &part);
    scan->out->failed |= part.failed;
    rec_buf_clear(&part);
}

static const char *skip_groups(const struct scan *scan, const char *at)
{
    const char *close;

    while (at < scan->end && *at == '{' && (close = closing(scan, at)) != NULL)
        at = close + 1;
    return at;
}

/* x^2, H_{2}. */
static bool take_script(struct scan *scan)
{
    bool super = *scan->at == '^';
    struct argument argument;

    if (!read_argument(scan, scan->at + 1, &argument))
        return false;
    if (*argument.from == '\\' && argument.to == argument.next &&
        !rec_latex_symbol(((struct rec_latex_name){ argument.from + 1, (size_t)(argument.to - argument.from - 1) })))
        argument.to = argument.next = skip_groups(scan, argument.next); /* "x^\mathrm{T}" */
    put_script(scan, super, &argument);
    scan->at = argument.next;
    return true;
}

/* "{BERT}", "{B}ayes", "Erd{ő}s": braces that keep a bibliography program from lower case. "{x}" and "{a, b}" may be sets. */
static bool protects(const struct scan *scan, const char *from, const char *to)
{
    bool capital = false, inner = is_letter(before(scan)) || (to + 1 < scan->end && is_letter(to[1]));
    size_t letters = 0;

    for (const char *at = from; at < to; at++) {
        if (!is_letter(*at) && !is_digit(*at) && *at != '-' && (unsigned char)*at < 0x80)
            return false;
        capital |= (*at >= 'A' && *at <= 'Z') || (unsigned char)*at >= 0x80;
        letters++;
    }
    if (strchr("^_,)]}", before(scan)) || !capital)
        return false;
    return letters == character_length(from, to) ? inner : letters > 1;
}

/* "{\it ...}", "{\'e}", "{\alpha}": a group that holds a command of which nothing will be left. */
static bool scopes(const char *from, const char *to)
{
    struct rec_latex_name name = { from + 1, 0 };

    if (*from != '\\' || to - from < 2)
        return false;
    while (name.text + name.length < to && is_letter(name.text[name.length]))
        name.length++;
    return (name.length == 0 && rec_latex_accent(from[1])) || rec_latex_is_one_of(REC_LATEX_NOTHING, name) ||
           rec_latex_is_one_of(REC_LATEX_DRESS, name) || rec_latex_is_one_of(REC_LATEX_WORD_LETTERS, name) || rec_latex_symbol(name) ||
           (name.length == 1 && rec_latex_accent(from[1]));
}

static bool take_group(struct scan *scan)
{
    const char *close = closing(scan, scan->at), *from = scan->at + 1;

    if (!close)
        return false;
    if (!scan->math && !protects(scan, from, close) && (strchr("^_", before(scan)) || !scopes(from, close)))
        return false;
    convert_part(scan, from, close, scan->math, scan->out);
    scan->at = close + 1;
    return true;
}

/* Whether what stands between two dollars is a formula and not the words between two prices. */
static bool is_formula(const char *from, const char *to, const char *end)
{
    bool price = from < to && is_digit(*from) && (to[-1] == ' ' || (to + 1 < end && is_digit(to[1])));
    size_t run = 0;

    if (from == to)
        return false;
    for (const char *at = from; at < to; at++)
        if (strchr("\\^_", *at) || (!price && strchr("{}=<>|", *at)))
            return true;
    if (*from == ' ' || to[-1] == ' ' || to - from > 24 || (to + 1 < end && is_digit(to[1])))
        return false;
    for (const char *at = from; at < to; at++) {
        run = is_letter(*at) ? run + 1 : 0;
        if (run > 3)
            return false;
    }
    return true;
}

/* $...$ and $$...$$, \(...\) and \[...\]. */
static bool take_formula(struct scan *scan)
{
    bool dollar = *scan->at == '$';
    size_t mark = !dollar || (left(scan) > 1 && scan->at[1] == '$') ? 2 : 1;
    const char *from = scan->at + mark, *to;
    char close = dollar ? '$' : left(scan) > 1 && scan->at[1] == '(' ? ')' : ']';

    if (!dollar && (left(scan) < 2 || (scan->at[1] != '(' && scan->at[1] != '[')))
        return false;
    for (to = from; to < scan->end && to - from < MAX_GROUP; to++) {
        if (*to == '\\' && to + 1 < scan->end) {
            if (!dollar && strchr("()[]", to[1]))
                break; /* another that opens ends the search: formulas do not nest, and the search stays linear */
            to++;
        } else if (dollar && *to == '$') {
            break;
        }
    }
    if (to >= scan->end || to - from >= MAX_GROUP || (size_t)(scan->end - to) < mark || (mark == 2 && to[1] != close))
        return false;
    if (dollar && !is_formula(from, to, scan->end))
        return false;
    convert_part(scan, from, to, true, scan->out);
    scan->at = to + mark;
    return true;
}

/* ---- punctuation --------------------------------------------------------------------------------------------------- */

static bool starts_with(const struct scan *scan, const char *text)
{
    size_t length = strlen(text);

    return left(scan) >= length && memcmp(scan->at, text, length) == 0;
}

/* &lt;, &#233;, &#xE9;, and, escaped again and again, &amp;amp;lt;. */
static bool take_entity(struct scan *scan)
{
    const char *at = scan->at + 1, *text = NULL;
    struct rec_latex_name name;

    while (scan->end - at > 4 && memcmp(at, "amp;", 4) == 0 && (at[4] == '#' || is_letter(at[4])))
        at += 4;
    name = (struct rec_latex_name){ at, 0 };
    while (at + name.length < scan->end && name.length < 8 && is_letter(at[name.length]))
        name.length++;
    if (at < scan->end && *at == '#' && take_number(scan, at + 1, ';'))
        return true;
    if (at + name.length < scan->end && at[name.length] == ';') {
        text = rec_html_entity(name);
    }
    if (text)
        rec_buf_puts(scan->out, text);
    else if (at > scan->at + 1)
        rec_buf_putc(scan->out, '&'); /* "&amp;c" */
    else
        return false;
    scan->at = text ? at + name.length + 1 : at;
    return true;
}

/* "---" and "--" between words or numbers are dashes; before a word with none in front they are an option ("--help"). */
static bool take_dash(struct scan *scan)
{
    size_t length = starts_with(scan, "---") ? 3 : 2;
    char previous = before(scan), next = left(scan) > length ? scan->at[length] : ' ';

    if (!starts_with(scan, "--") || next == '-' || previous == '-' || next == '>' || previous == '<' || previous == '!')
        return false;
    if (previous == ' ' && next != ' ')
        return false;
    rec_buf_puts(scan->out, length == 3 ? "—" : "–");
    scan->at += length;
    return true;
}

/* A '' stands further on. */
static bool has_closing_quotes(struct scan *scan)
{
    if (!scan->quote || (scan->quote < scan->at && scan->quote < scan->end)) {
        const char *at = scan->at;

        while ((at = memchr(at, '\'', (size_t)(scan->end - at))) != NULL && !(at + 1 < scan->end && at[1] == '\''))
            at++;
        scan->quote = at ? at : scan->end;
    }
    return scan->quote < scan->end;
}

/* ``x'' in pairs; alone, '' may be a second derivative and `` code. */
static bool take_quotes(struct scan *scan)
{
    if (starts_with(scan, "``") && before(scan) != '`' && !starts_with(scan, "```") && has_closing_quotes(scan)) {
        rec_buf_puts(scan->out, "“");
        scan->quotes++;
    } else if (starts_with(scan, "''") && scan->quotes > 0) {
        rec_buf_puts(scan->out, "”");
        scan->quotes--;
    } else {
        return false;
    }
    scan->at += 2;
    return true;
}

/* A tie is a space where the text is LaTeX and it stands between two words. */
static bool take_tie(struct scan *scan)
{
    char previous = before(scan), next = left(scan) > 1 ? scan->at[1] : ' ';

    if (!scan->math && (!scan->latex || strchr(" /~(=<>", previous) || strchr(" /~", next)))
        return false;
    rec_buf_putc(scan->out, ' ');
    scan->at++;
    return true;
}

static bool take_special(struct scan *scan)
{
    switch (*scan->at) {
    case '\\':
        return take_formula(scan) || take_accent(scan) || take_escape(scan) || take_named(scan);
    case '$':
        return !scan->math && take_formula(scan);
    case '{':
        return take_group(scan);
    case '^':
    case '_':
        return scan->math && take_script(scan);
    case '&':
        return take_entity(scan);
    case '-':
        return !scan->math && take_dash(scan);
    case '`':
    case '\'':
        return !scan->math && take_quotes(scan);
    case '~':
        return take_tie(scan);
    default:
        return false;
    }
}

/* Bytes that start markup. */
static const bool SPECIAL[256] = {
    ['\\'] = true, ['$'] = true, ['{'] = true, ['^'] = true,  ['_'] = true,
    ['&'] = true,  ['-'] = true, ['`'] = true, ['\''] = true, ['~'] = true,
};

static void convert(struct scan *scan)
{
    while (scan->at < scan->end && !scan->out->failed) {
        const char *plain = scan->at;

        while (scan->at < scan->end && !SPECIAL[(unsigned char)*scan->at])
            scan->at++;
        rec_buf_add(scan->out, plain, (size_t)(scan->at - plain));
        if (scan->at < scan->end && !take_special(scan))
            rec_buf_putc(scan->out, *scan->at++);
    }
}

void rec_latex_to_unicode(const char *text, size_t length, rec_buf *out)
{
    struct scan scan = { .at = text, .end = text + length, .start = text, .out = out, .text = text };
    uint16_t *groups = NULL;

    if (memchr(text, '{', length)) {
        groups = rec_alloc_array(length, sizeof(*groups));
        if (!groups) {
            out->failed = true;
            return;
        }
        match_groups(text, length, groups);
    }
    scan.groups = groups;
    scan.latex = memchr(text, '\\', length) != NULL || memchr(text, '$', length) != NULL;
    convert(&scan);
    rec_free(groups);
}
