/*
 * Cleaning of titles and abstracts: see rec/clean.h. This file checks and normalises Unicode and white space; clean_latex.c turns LaTeX
 * into Unicode.
 */
#include "rec/clean.h"

#include "alloc.h"
#include "character.h"
#include "clean_latex.h"

#include <stdbool.h>
#include <string.h>
#include <utf8proc.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define PASSES 8     /* of decoding: each takes off one layer of escapes */
#define MAX_MARKS 30 /* on one letter: the bound of Unicode's stream-safe format (UAX #15); no language needs half of it */

/* ---- checking ------------------------------------------------------------------------------------------------------ */

static rec_status check_utf8(const char *text, size_t length, rec_error *err)
{
    const char *nul = memchr(text, '\0', length);
    size_t end = nul ? (size_t)(nul - text) : length, valid = rec_count_utf8(text, end);

    if (valid < end)
        return rec_fail(err, REC_EFORMAT, "not UTF-8 at byte %zu", valid);
    return nul ? rec_fail(err, REC_EFORMAT, "a NUL at byte %zu", end) : REC_OK;
}

/* Bytes of printable ASCII that LaTeX and HTML have no use for; '-' and a quote count only when doubled. */
static const bool PLAIN[128] = {
    [' '] = true, ['!'] = true, ['"'] = true, ['#'] = true, ['%'] = true, ['\''] = true, ['('] = true, [')'] = true, ['*'] = true,
    ['+'] = true, [','] = true, ['-'] = true, ['.'] = true, ['/'] = true, ['0'] = true,  ['1'] = true, ['2'] = true, ['3'] = true,
    ['4'] = true, ['5'] = true, ['6'] = true, ['7'] = true, ['8'] = true, ['9'] = true,  [':'] = true, [';'] = true, ['<'] = true,
    ['='] = true, ['>'] = true, ['?'] = true, ['@'] = true, ['A'] = true, ['B'] = true,  ['C'] = true, ['D'] = true, ['E'] = true,
    ['F'] = true, ['G'] = true, ['H'] = true, ['I'] = true, ['J'] = true, ['K'] = true,  ['L'] = true, ['M'] = true, ['N'] = true,
    ['O'] = true, ['P'] = true, ['Q'] = true, ['R'] = true, ['S'] = true, ['T'] = true,  ['U'] = true, ['V'] = true, ['W'] = true,
    ['X'] = true, ['Y'] = true, ['Z'] = true, ['['] = true, [']'] = true, ['a'] = true,  ['b'] = true, ['c'] = true, ['d'] = true,
    ['e'] = true, ['f'] = true, ['g'] = true, ['h'] = true, ['i'] = true, ['j'] = true,  ['k'] = true, ['l'] = true, ['m'] = true,
    ['n'] = true, ['o'] = true, ['p'] = true, ['q'] = true, ['r'] = true, ['s'] = true,  ['t'] = true, ['u'] = true, ['v'] = true,
    ['w'] = true, ['x'] = true, ['y'] = true, ['z'] = true, ['|'] = true,
};

/* Printable ASCII with single spaces, none at the ends, and nothing that LaTeX or HTML would write: most texts. */
static bool is_clean_already(const char *text, size_t length)
{
    char previous = ' ';

    for (size_t i = 0; i < length; i++) {
        char c = text[i];

        if ((unsigned char)c >= 128 || !PLAIN[(unsigned char)c] || (c == previous && (c == ' ' || c == '-' || c == '\'')))
            return false;
        previous = c;
    }
    return length == 0 || previous != ' ';
}

/* ---- white space and characters ------------------------------------------------------------------------------------ */

static bool is_dropped(utf8proc_int32_t c)
{
    return c == 0x00AD                      /* soft hyphen */
           || c == 0x061C                   /* direction mark of Arabic */
           || c == 0x200B                   /* zero-width space */
           || c == 0xFEFF                   /* byte-order mark */
           || c == 0x200E || c == 0x200F    /* direction marks */
           || (c >= 0x202A && c <= 0x202E)  /* direction overrides */
           || (c >= 0x2066 && c <= 0x2069); /* direction isolates */
}

static bool is_white(utf8proc_int32_t c)
{
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return true;
    default:
        return c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v' || c == 0x85;
    }
}

/* Blocks in which every character is its own normalisation form C and combines with nothing before it: most texts hold no other. */
static bool is_composed(utf8proc_int32_t c)
{
    return c < 0x300 || (c >= 0x2010 && c <= 0x2027) || (c >= 0x4E00 && c <= 0x9FA5);
}

/* Code points one at a time on their way to UTF-8. */
struct filter {
    rec_buf *out;
    bool space;            /* white space was seen and not yet written */
    bool any;              /* something was written */
    bool composed;         /* all of it is in form C */
    utf8proc_int32_t base; /* what the next mark would stand on */
    size_t marks;          /* on it, as form D counts them, which normalising does not change; 0 where none was written */
};

static bool is_mark(utf8proc_int32_t c)
{
    return c >= 0x300 && utf8proc_get_property(c)->combining_class != 0;
}

/* Marks at the end of a character's decomposition. */
static size_t marks_of(utf8proc_int32_t c)
{
    utf8proc_int32_t parts[24];
    int boundary = 0;
    utf8proc_ssize_t n = utf8proc_decompose_char(c, parts, 24, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE, &boundary);
    size_t marks = 0;

    while (n > 0 && is_mark(parts[--n]))
        marks++;
    return marks;
}

/* Putting marks in order takes the square of their number, so that a letter with a million of them would take hours. */
static bool has_too_many_marks(struct filter *filter, utf8proc_int32_t c)
{
    size_t more;

    if (!is_mark(c)) {
        filter->base = c;
        filter->marks = 0;
        return false;
    }
    if (filter->marks == 0)
        filter->marks = marks_of(filter->base);
    more = marks_of(c);
    if (filter->marks + more > MAX_MARKS)
        return true;
    filter->marks += more;
    return false;
}

static void filter_point(struct filter *filter, utf8proc_int32_t c, const char *bytes, size_t length)
{
    if (is_white(c)) {
        filter->space = filter->any;
        filter->base = ' ';
        filter->marks = 0;
    } else if (!is_dropped(c) && utf8proc_category(c) != UTF8PROC_CATEGORY_CC && !has_too_many_marks(filter, c)) {
        if (filter->space)
            rec_buf_putc(filter->out, ' ');
        filter->space = false;
        filter->any = true;
        filter->composed &= is_composed(c);
        rec_buf_add(filter->out, bytes, length);
    }
}

/* Bytes from `at` on that need no look: ASCII without white space and controls. */
static size_t plain_run(const char *at, const char *end)
{
    const char *start = at;

    while (at<end && * at> ' ' && *at < 0x7F)
        at++;
    return (size_t)(at - start);
}

/* Folds white space, drops controls and invisible direction marks. True where the result is certainly in form C. */
static bool fold_space(const char *text, size_t length, rec_buf *out)
{
    struct filter filter = { .out = out, .composed = true, .base = ' ' };
    const char *at = text, *end = text + length;

    while (at < end && !out->failed) {
        utf8proc_int32_t c = 'x'; /* any plain character stands for a run of them */
        size_t n = plain_run(at, end);

        if (n == 0)
            n = (size_t)utf8proc_iterate((const utf8proc_uint8_t *)at, end - at, &c);
        filter_point(&filter, c, at, n);
        at += n;
    }
    return filter.composed;
}

/* Appends `text` in normalisation form C. */
static rec_status compose(const char *text, size_t length, rec_buf *out, rec_error *err)
{
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text;
    const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    utf8proc_ssize_t room = utf8proc_decompose(bytes, (utf8proc_ssize_t)length, NULL, 0, options), n;
    utf8proc_int32_t *points = room >= 0 ? rec_alloc_array((size_t)room + 1, sizeof(*points)) : NULL;
    rec_status rc = REC_OK;

    if (!points)
        return rec_fail(err, REC_ENOMEM, "out of memory cleaning a text");
    n = utf8proc_decompose(bytes, (utf8proc_ssize_t)length, points, room, options);
    n = n < 0 ? n : utf8proc_reencode(points, n, options); /* in place: the bytes stand where the code points stood */
    if (n >= 0)
        rec_buf_add(out, points, (size_t)n);
    if (n < 0 || out->failed)
        rc = rec_fail(err, REC_ENOMEM, "out of memory cleaning a text");
    rec_free(points);
    return rc;
}

/* Characters and spaces in order, markup untouched; `out` is overwritten, `scratch` is used. Doing it twice changes nothing. */
static rec_status normalise(const char *text, size_t length, rec_buf *scratch, rec_buf *out, rec_error *err)
{
    bool composed;

    rec_buf_reset(scratch);
    rec_buf_reset(out);
    composed = fold_space(text, length, scratch);
    if (scratch->failed)
        return rec_fail(err, REC_ENOMEM, "out of memory cleaning a text");
    if (composed) {
        rec_buf swap = *out;

        *out = *scratch;
        *scratch = swap;
        return REC_OK;
    }
    return compose(rec_buf_text(scratch), scratch->length, out, err);
}

/* ---- all of it ----------------------------------------------------------------------------------------------------- */

static bool same(const rec_buf *a, const rec_buf *b)
{
    return a->length == b->length && memcmp(rec_buf_text(a), rec_buf_text(b), a->length) == 0;
}

/* The texts between which cleaning goes back and forth. */
struct work {
    rec_buf normal;  /* the input with its markup */
    rec_buf now;     /* the result so far */
    rec_buf decoded; /* one layer of markup off, not normalised */
    rec_buf scratch;
};

/*
 * Decoding may uncover more to decode ("&amp;lt;"): it is repeated until it changes nothing. What does not come to rest keeps all of its
 * markup. So the result is either a text that decoding leaves alone or one that always comes out as it went in: cleaning twice is cleaning
 * once.
 */
static rec_status decode(struct work *work, const rec_buf **result, rec_error *err)
{
    *result = &work->normal;
    for (int pass = 0; pass < PASSES; pass++) {
        const rec_buf *from = *result;
        rec_status rc;

        if (is_clean_already(rec_buf_text(from), from->length))
            return REC_OK;
        rec_buf_reset(&work->decoded);
        rec_latex_to_unicode(rec_buf_text(from), from->length, &work->decoded);
        if (work->decoded.failed)
            return rec_fail(err, REC_ENOMEM, "out of memory cleaning a text");
        if (same(&work->decoded, from))
            return REC_OK;
        rc = normalise(rec_buf_text(&work->decoded), work->decoded.length, &work->scratch, &work->now, err);
        if (rc != REC_OK)
            return rc;
        *result = &work->now;
    }
    *result = &work->normal;
    return REC_OK;
}

/* Appends all or nothing. */
static rec_status append(rec_buf *out, const char *text, size_t length, rec_error *err)
{
    bool before = out->failed;

    rec_buf_add(out, text, length);
    if (!out->failed)
        return REC_OK;
    out->failed = before;
    return rec_fail(err, REC_ENOMEM, "out of memory cleaning a text");
}

rec_status rec_clean_text(const char *text, size_t length, rec_buf *out, rec_error *err)
{
    size_t maximum = 4 * length;
    struct work work = { REC_BUF_INIT(maximum), REC_BUF_INIT(maximum), REC_BUF_INIT(maximum), REC_BUF_INIT(maximum) };
    const rec_buf *result = NULL;
    rec_status rc;

    if (is_clean_already(text, length))
        return append(out, text, length, err);
    if ((rc = check_utf8(text, length, err)) != REC_OK)
        return rc;
    if ((rc = normalise(text, length, &work.scratch, &work.normal, err)) == REC_OK && (rc = decode(&work, &result, err)) == REC_OK)
        rc = append(out, rec_buf_text(result), result->length, err);
    rec_buf_clear(&work.normal);
    rec_buf_clear(&work.now);
    rec_buf_clear(&work.decoded);
    rec_buf_clear(&work.scratch);
    return rc;
}

/* ---- keys ---------------------------------------------------------------------------------------------------------- */

/* The folded letters and digits of a text on their way to the hash. */
struct key {
    XXH3_state_t sum;
    utf8proc_uint8_t pending[1024];
    size_t length;
    bool any;
};

static void add_key_point(struct key *key, utf8proc_int32_t c)
{
    utf8proc_category_t category = utf8proc_category(c);

    if ((category < UTF8PROC_CATEGORY_LU || category > UTF8PROC_CATEGORY_LO) &&
        (category < UTF8PROC_CATEGORY_ND || category > UTF8PROC_CATEGORY_NO))
        return;
    if (key->length > sizeof(key->pending) - 4) {
        XXH3_64bits_update(&key->sum, key->pending, key->length);
        key->length = 0;
    }
    key->length += (size_t)utf8proc_encode_char(c, key->pending + key->length);
    key->any = true;
}

uint64_t rec_text_key(const char *text)
{
    size_t length = strlen(text);
    struct key key = { .length = 0 };
    uint64_t hash;

    XXH3_64bits_reset(&key.sum);
    for (size_t i = 0; i < length;) {
        utf8proc_int32_t parts[24];
        utf8proc_ssize_t n;
        size_t bytes;
        int32_t c = rec_character(text + i, length - i, &bytes);
        int boundary = 0;

        if (c == REC_NO_CHARACTER)
            break; /* the caller promised UTF-8 */
        i += bytes;
        n = utf8proc_decompose_char(c, parts, 24, UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD, &boundary);
        for (utf8proc_ssize_t j = 0; j < n && j < 24; j++)
            add_key_point(&key, parts[j]);
    }
    XXH3_64bits_update(&key.sum, key.pending, key.length);
    hash = XXH3_64bits_digest(&key.sum);
    return key.any ? hash + (hash == 0) : 0;
}
