/*
 * Cleaning of titles and abstracts: see rec/clean.h. This file checks and normalises Unicode and white space; clean_latex.c turns LaTeX into
 * Unicode.
 */
#include "rec/clean.h"

#include "alloc.h"
#include "clean_latex.h"

#include <stdbool.h>
#include <string.h>
#include <utf8proc.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define PASSES 8 /* of decoding: each takes off one layer of escapes; text that still changes then is left as it stands */

/* ---- checking ------------------------------------------------------------------------------------------------------ */

static rec_status check_utf8(const char *text, size_t length, rec_error *err)
{
    utf8proc_int32_t c;

    for (size_t i = 0; i < length;) {
        utf8proc_ssize_t n = 1;

        if (text[i] == '\0')
            return rec_fail(err, REC_EFORMAT, "a NUL at byte %zu", i);
        if ((unsigned char)text[i] >= 0x80)
            n = utf8proc_iterate((const utf8proc_uint8_t *)text + i, (utf8proc_ssize_t)(length - i), &c);
        if (n <= 0)
            return rec_fail(err, REC_EFORMAT, "not UTF-8 at byte %zu", i);
        i += (size_t)n;
    }
    return REC_OK;
}

/* Printable ASCII with single spaces, none at the ends, and nothing that LaTeX or HTML would write: most texts. */
static bool is_clean_already(const char *text, size_t length)
{
    bool after_space = true;

    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c < 0x20 || c >= 0x7F || (c == ' ' && after_space) || strchr("\\${}`&~^_", c) != NULL)
            return false;
        if ((c == '-' || c == '\'') && i + 1 < length && text[i + 1] == (char)c)
            return false;
        after_space = c == ' ';
    }
    return length == 0 || !after_space;
}

/* ---- white space and characters ------------------------------------------------------------------------------------ */

static bool is_dropped(utf8proc_int32_t c)
{
    return c == 0x00AD                       /* soft hyphen */
           || c == 0x200B                    /* zero-width space */
           || c == 0xFEFF                    /* byte-order mark */
           || c == 0x200E || c == 0x200F     /* direction marks */
           || (c >= 0x202A && c <= 0x202E)   /* direction overrides */
           || (c >= 0x2066 && c <= 0x2069);  /* direction isolates */
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

/* Folds white space, drops controls and invisible direction marks; what is left goes to `out` (as many at most as there were). */
static size_t filter(const utf8proc_int32_t *in, size_t length, utf8proc_int32_t *out)
{
    size_t n = 0;
    bool space = false;

    for (size_t i = 0; i < length; i++) {
        if (is_white(in[i])) {
            space = n > 0;
        } else if (!is_dropped(in[i]) && utf8proc_category(in[i]) != UTF8PROC_CATEGORY_CC) {
            if (space)
                out[n++] = ' ';
            space = false;
            out[n++] = in[i];
        }
    }
    return n;
}

/* Appends the filtered text as UTF-8. */
static rec_status fold_space(const char *text, size_t length, rec_buf *out, rec_error *err)
{
    utf8proc_int32_t *points = rec_alloc_array(length + 1, sizeof(*points));
    size_t count = 0;

    if (!points)
        return rec_fail(err, REC_ENOMEM, "out of memory cleaning a text");
    for (size_t i = 0; i < length; count++)
        i += (size_t)utf8proc_iterate((const utf8proc_uint8_t *)text + i, (utf8proc_ssize_t)(length - i), &points[count]);
    count = filter(points, count, points);
    for (size_t i = 0; i < count; i++) {
        utf8proc_uint8_t bytes[4];

        rec_buf_add(out, bytes, (size_t)utf8proc_encode_char(points[i], bytes));
    }
    rec_free(points);
    return out->failed ? rec_fail(err, REC_ENOMEM, "out of memory cleaning a text") : REC_OK;
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

/* ---- all of it ----------------------------------------------------------------------------------------------------- */

/* One layer of markup off, then characters and spaces; `out` is overwritten. */
static rec_status clean_once(const char *text, size_t length, rec_buf *scratch, rec_buf *out, rec_error *err)
{
    rec_status rc;

    rec_buf_reset(scratch);
    rec_buf_reset(out);
    rec_latex_to_unicode(text, length, out);
    if (out->failed)
        return rec_fail(err, REC_ENOMEM, "out of memory cleaning a text");
    if ((rc = fold_space(rec_buf_text(out), out->length, scratch, err)) != REC_OK)
        return rc;
    rec_buf_reset(out);
    return compose(rec_buf_text(scratch), scratch->length, out, err);
}

/* Decoding may uncover more to decode ("&amp;lt;"): it is repeated until nothing changes, so that cleaning twice is cleaning once. */
static rec_status clean_until_stable(const char *text, size_t length, rec_buf *out, rec_error *err)
{
    size_t maximum = 4 * length + 64;
    rec_buf scratch = REC_BUF_INIT(2 * maximum), now = REC_BUF_INIT(2 * maximum), next = REC_BUF_INIT(2 * maximum);
    rec_status rc;

    rc = clean_once(text, length, &scratch, &now, err);
    for (int pass = 1; pass < PASSES && rc == REC_OK; pass++) {
        rec_buf swap = now;

        rc = clean_once(rec_buf_text(&now), now.length, &scratch, &next, err);
        if (rc != REC_OK || (next.length == now.length && memcmp(rec_buf_text(&next), rec_buf_text(&now), now.length) == 0))
            break;
        now = next;
        next = swap;
    }
    if (rc == REC_OK && now.length > 4 * length)
        rc = rec_fail(err, REC_ENOMEM, "a text that grows more than fourfold when it is cleaned");
    if (rc == REC_OK)
        rec_buf_add(out, rec_buf_text(&now), now.length);
    rec_buf_clear(&scratch);
    rec_buf_clear(&now);
    rec_buf_clear(&next);
    return rc;
}

rec_status rec_clean_text(const char *text, size_t length, rec_buf *out, rec_error *err)
{
    size_t before = out->length;
    rec_status rc;

    if (is_clean_already(text, length)) {
        rec_buf_add(out, text, length);
        rc = REC_OK;
    } else if ((rc = check_utf8(text, length, err)) == REC_OK) {
        rc = clean_until_stable(text, length, out, err);
    }
    if (rc == REC_OK && out->failed) {
        out->length = before;
        if (out->data)
            out->data[before] = '\0';
        rc = rec_fail(err, REC_ENOMEM, "out of memory cleaning a text");
    }
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
        utf8proc_int32_t c, parts[24];
        utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text + i, (utf8proc_ssize_t)(length - i), &c);
        int boundary = 0;

        if (n <= 0)
            break; /* the caller promised UTF-8 */
        i += (size_t)n;
        n = utf8proc_decompose_char(c, parts, 24, UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD, &boundary);
        for (utf8proc_ssize_t j = 0; j < n && j < 24; j++)
            add_key_point(&key, parts[j]);
    }
    XXH3_64bits_update(&key.sum, key.pending, key.length);
    hash = XXH3_64bits_digest(&key.sum);
    return key.any ? hash + (hash == 0) : 0;
}
