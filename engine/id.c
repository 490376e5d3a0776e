/*
 * Ids of papers: see rec/id.h. Sources: arxiv.org/help/arxiv_identifier (both schemes), the DOI handbook 2.2, and the forms that people
 * paste.
 */
#include "rec/id.h"

#include "arxiv.h"
#include "character.h"
#include "controls.h"
#include "quote.h"
#include "rec/clean.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

#define SLUG_MAX 80
#define SLUG_SUFFIX 9 /* '-' and 8 hexadecimal digits */

/* ---- small readers ------------------------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t count_digits(const char *at)
{
    size_t n = 0;

    while (is_digit(at[n]))
        n++;
    return n;
}

/* Skips `prefix`, in any case of letters, at `*at`. */
static bool skip(const char **at, const char *prefix)
{
    size_t length = strlen(prefix);

    if (strncasecmp(*at, prefix, length) != 0)
        return false;
    *at += length;
    return true;
}

static bool skip_any(const char **at, const char *const *prefixes)
{
    for (; *prefixes; prefixes++)
        if (skip(at, *prefixes))
            return true;
    return false;
}

/* "v2" at the end of an id; a version of 0 stands for none. */
static bool read_version(const char *at, unsigned *version)
{
    size_t digits;

    *version = 0;
    if (*at == '\0')
        return true;
    if (*at != 'v' && *at != 'V')
        return false;
    at++;
    digits = count_digits(at);
    if (digits == 0 || digits > 3 || at[digits] != '\0')
        return false;
    for (; *at; at++)
        *version = *version * 10 + (unsigned)(*at - '0');
    return *version > 0;
}

/* ---- arXiv --------------------------------------------------------------------------------------------------------- */

/* All but the last row gave out numbers of the old kind. */
static const char *const ARCHIVES[] = {
    "acc-phys", "adap-org", "alg-geom", "ao-sci", "astro-ph", "atom-ph", "bayes-an", "chao-dyn", "chem-ph",  "cmp-lg",
    "comp-gas", "cond-mat", "cs",       "dg-ga",  "funct-an", "gr-qc",   "hep-ex",   "hep-lat",  "hep-ph",   "hep-th",
    "math",     "math-ph",  "mtrl-th",  "nlin",   "nucl-ex",  "nucl-th", "patt-sol", "physics",  "plasm-ph", "q-alg",
    "q-bio",    "quant-ph", "solv-int", "stat",   "supr-con", "econ",    "eess",     "q-fin",
};

#define ALL_ARCHIVES (sizeof(ARCHIVES) / sizeof(ARCHIVES[0]))
#define OLD_ARCHIVES (ALL_ARCHIVES - 3)

/* As arXiv writes it, or NULL where it is none of the first `count`. */
static const char *find_archive(const char *name, size_t length, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(ARCHIVES[i]) == length && strncasecmp(ARCHIVES[i], name, length) == 0)
            return ARCHIVES[i];
    return NULL;
}

bool rec_is_arxiv_archive(const char *name, size_t length)
{
    return find_archive(name, length, ALL_ARCHIVES) != NULL;
}

static bool is_month(const char *two_digits)
{
    int month = (two_digits[0] - '0') * 10 + (two_digits[1] - '0');

    return month >= 1 && month <= 12;
}

/* 0704.0001 to 1412.9999 have four digits, from 1501 on five; both are taken at any time, for people copy them wrongly padded. */
static bool parse_arxiv_new(const char *at, rec_id *out)
{
    size_t digits;
    unsigned version;

    if (count_digits(at) != 4 || at[4] != '.' || !is_month(at + 2))
        return false;
    digits = count_digits(at + 5);
    if (digits < 4 || digits > 5 || !read_version(at + 5 + digits, &version))
        return false;
    out->kind = REC_ID_ARXIV;
    out->version = version;
    memcpy(out->text, "arXiv:", 6);
    memcpy(out->text + 6, at, 5 + digits);
    out->text[6 + 5 + digits] = '\0';
    return true;
}

/* The length of ".GT" or ".supr-con", 0 where none begins here. */
static size_t subject_class(const char *at)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-";
    size_t length = *at == '.' ? strspn(at + 1, letters) : 0;

    return length > 0 ? length + 1 : 0;
}

/* hep-th/9901001, math.GT/0309136: the subject class is no part of the number. */
static bool parse_arxiv_old(const char *at, rec_id *out)
{
    size_t length = strcspn(at, "./");
    const char *archive = find_archive(at, length, OLD_ARCHIVES), *number = at + length + subject_class(at + length);
    unsigned version;

    if (!archive || *number++ != '/')
        return false;
    if (count_digits(number) != 7 || !is_month(number + 2) || !read_version(number + 7, &version))
        return false;
    out->kind = REC_ID_ARXIV;
    out->version = version;
    snprintf(out->text, sizeof(out->text), "arXiv:%s/%.7s", archive, number);
    return true;
}

static bool parse_arxiv_number(const char *at, rec_id *out)
{
    return parse_arxiv_new(at, out) || parse_arxiv_old(at, out);
}

/* An address of a page or file of arXiv's: its query, its fragment and ".pdf" are no part of the id. */
static bool parse_arxiv_address(const char *at, rec_id *out)
{
    static const char *const pages[] = { "abs/", "pdf/", "html/", "format/", "ps/", "src/", "e-print/", NULL };
    char number[64];
    size_t length;

    if (!skip_any(&at, pages))
        return false;
    length = strcspn(at, "?#");
    if (length >= sizeof(number))
        return false;
    memcpy(number, at, length);
    number[length] = '\0';
    if (length > 4 && strcasecmp(number + length - 4, ".pdf") == 0)
        number[length - 4] = '\0';
    else if (length > 1 && number[length - 1] == '/')
        number[length - 1] = '\0';
    return parse_arxiv_number(number, out);
}

/* ---- what any id must be -------------------------------------------------------------------------------------------- */

static rec_status check_text(const char *text, size_t length, rec_error *err)
{
    char quoted[REC_QUOTE_ROOM];

    if (length == 0)
        return rec_fail(err, REC_EINVAL, "the id is empty");
    if (length > REC_ID_MAX)
        return rec_fail(err, REC_EINVAL, "the id '%s' has %zu bytes, at most %d are allowed", rec_quote(text, quoted), length, REC_ID_MAX);
    for (size_t i = 0; i < length;) {
        size_t bytes;
        int32_t c = rec_character(text + i, length - i, &bytes);

        if (c == REC_NO_CHARACTER)
            return rec_fail(err, REC_EINVAL, "the id is not UTF-8 at byte %zu", i);
        if (rec_is_control(c))
            return rec_fail(err, REC_EINVAL, "the id has a control character at byte %zu", i);
        i += bytes;
    }
    return REC_OK;
}

/* ---- DOI and PMID -------------------------------------------------------------------------------------------------- */

static int hex(char c)
{
    return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes %XX in place, but for controls and spaces; an address may carry a DOI's slashes and brackets so. */
static void decode_percent(char *text)
{
    char *to = text;

    for (const char *at = text; *at; at++) {
        int high = *at == '%' ? hex(at[1]) : -1, low = high >= 0 ? hex(at[2]) : -1, byte = high * 16 + low;

        if (low >= 0 && byte > 0x20 && byte != 0x7F) {
            *to++ = (char)byte;
            at += 2;
        } else {
            *to++ = *at;
        }
    }
    *to = '\0';
}

/* 10.1000/x, with a registrant's number of 4 to 9 digits that may have subdivisions. */
static bool parse_doi(const char *doi, rec_id *out)
{
    const char *at = doi;
    size_t registrant;

    if (strlen(doi) > REC_ID_MAX - strlen("doi:") || !skip(&at, "10."))
        return false;
    registrant = count_digits(at);
    if (registrant < 4 || registrant > 9)
        return false;
    at += registrant + strspn(at + registrant, ".0123456789");
    if (at[0] != '/' || at[1] == '\0' || strpbrk(at, " \t"))
        return false;
    at = doi;
    if (skip(&at, "10.48550/arXiv.") && parse_arxiv_number(at, out))
        return true;
    out->kind = REC_ID_DOI;
    out->version = 0;
    snprintf(out->text, sizeof(out->text), "doi:%s", doi);
    for (char *c = out->text; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return true;
}

static bool parse_doi_address(const char *at, rec_id *out)
{
    char doi[REC_ID_MAX + 1]; /* an id is no longer, and decoding makes it shorter */

    snprintf(doi, sizeof(doi), "%s", at);
    decode_percent(doi);
    return check_text(doi, strlen(doi), NULL) == REC_OK && parse_doi(doi, out);
}

/* `after` says which characters may follow the number: those of an address, or none. */
static bool parse_pmid(const char *at, const char *after, rec_id *out)
{
    size_t digits;

    at += strspn(at, " ");
    at += strspn(at, "0");
    digits = count_digits(at);
    if (digits < 1 || digits > 9 || (at[digits] && !strchr(after, at[digits])))
        return false;
    out->kind = REC_ID_PMID;
    out->version = 0;
    snprintf(out->text, sizeof(out->text), "PMID:%.*s", (int)digits, at);
    return true;
}

/* ---- all forms ----------------------------------------------------------------------------------------------------- */

static bool parse_address(const char *at, rec_id *out)
{
    static const char *const schemes[] = { "https://", "http://", NULL };
    static const char *const arxiv[] = { "arxiv.org/", "www.arxiv.org/", "export.arxiv.org/", NULL };
    static const char *const doi[] = { "doi.org/", "dx.doi.org/", "www.doi.org/", NULL };
    static const char *const pubmed[] = { "pubmed.ncbi.nlm.nih.gov/", "www.ncbi.nlm.nih.gov/pubmed/", NULL };

    skip_any(&at, schemes); /* people copy addresses without it */
    if (skip_any(&at, arxiv))
        return parse_arxiv_address(at, out);
    if (skip_any(&at, doi))
        return parse_doi_address(at, out);
    return skip_any(&at, pubmed) && parse_pmid(at, "/?#", out);
}

static bool parse_prefixed(const char *at, rec_id *out)
{
    if (skip(&at, "arXiv:"))
        return parse_arxiv_number(at + strspn(at, " "), out);
    if (skip(&at, "doi:"))
        return parse_doi(at + strspn(at, " "), out);
    if (skip(&at, "PMID:"))
        return parse_pmid(at, "", out);
    return false;
}

rec_status rec_id_parse(const char *text, rec_id *out, rec_error *err)
{
    static const char white[] = " \t\r\n\f\v";
    char trimmed[REC_ID_MAX + 1];
    rec_id id = { REC_ID_LOCAL, 0, "" };
    size_t length;
    rec_status rc;

    text += strspn(text, white);
    length = strlen(text);
    while (length > 0 && strchr(white, text[length - 1]))
        length--;
    if ((rc = check_text(text, length, err)) != REC_OK)
        return rc;
    memcpy(trimmed, text, length);
    trimmed[length] = '\0';
    if (!parse_prefixed(trimmed, &id) && !parse_arxiv_number(trimmed, &id) && !parse_doi(trimmed, &id) && !parse_address(trimmed, &id)) {
        id = (rec_id){ REC_ID_LOCAL, 0, "" };
        memcpy(id.text, trimmed, length + 1);
    }
    *out = id;
    return REC_OK;
}

/* ---- ids from titles ----------------------------------------------------------------------------------------------- */

struct slug {
    char text[SLUG_MAX + 1];
    size_t length;
    bool gap;   /* a hyphen is due before the next character */
    bool lossy; /* a letter was dropped, or the title went on */
};

static void add_to_slug(struct slug *slug, char c)
{
    if (slug->length + 1 + (slug->gap && slug->length > 0) > SLUG_MAX) {
        slug->lossy = true;
        return;
    }
    if (slug->gap && slug->length > 0)
        slug->text[slug->length++] = '-';
    slug->gap = false;
    slug->text[slug->length++] = c;
}

static bool is_letter_or_number(utf8proc_int32_t c)
{
    utf8proc_category_t category = utf8proc_category(c);

    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

/* One code point, decomposed and folded: ASCII letters and digits stay, accents go, everything else is a gap. */
static void slug_code_point(struct slug *slug, utf8proc_int32_t c)
{
    utf8proc_int32_t parts[24];
    int boundary = 0;
    utf8proc_ssize_t n = utf8proc_decompose_char(c, parts, 24, UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD, &boundary);

    for (utf8proc_ssize_t i = 0; i < n && i < 24; i++) {
        if ((parts[i] >= 'a' && parts[i] <= 'z') || (parts[i] >= '0' && parts[i] <= '9'))
            add_to_slug(slug, (char)parts[i]);
        else if (utf8proc_category(parts[i]) != UTF8PROC_CATEGORY_MN && parts[i] != '\'' && parts[i] != 0x2019)
            slug->gap = true;
        slug->lossy |= parts[i] >= 0x80 && is_letter_or_number(parts[i]);
    }
}

rec_status rec_id_from_title(const char *title, rec_id *out, rec_error *err)
{
    struct slug slug = { .length = 0 };
    char quoted[REC_QUOTE_ROOM];
    size_t length = strlen(title), bytes, kept;
    uint64_t key = rec_text_key(title);

    if (key == 0)
        return rec_fail(err, REC_EINVAL, "no id can be made from the title '%s': it has no letter or digit", rec_quote(title, quoted));
    for (size_t at = 0; at < length; at += bytes) {
        int32_t c = rec_character(title + at, length - at, &bytes);

        if (c == REC_NO_CHARACTER)
            return rec_fail(err, REC_EINVAL, "the title is not UTF-8");
        slug_code_point(&slug, c);
    }
    kept = slug.lossy && slug.length > SLUG_MAX - SLUG_SUFFIX ? SLUG_MAX - SLUG_SUFFIX : slug.length;
    while (kept > 0 && slug.text[kept - 1] == '-')
        kept--;
    *out = (rec_id){ REC_ID_LOCAL, 0, "" };
    if (slug.lossy)
        snprintf(out->text, sizeof(out->text), "%.*s-%08" PRIx32, (int)kept, kept > 0 ? slug.text : "", (uint32_t)(key >> 32));
    else
        snprintf(out->text, sizeof(out->text), "%.*s", (int)kept, slug.text);
    if (kept == 0 && slug.lossy)
        memmove(out->text, out->text + 1, strlen(out->text)); /* no word before the digits: no hyphen either */
    return REC_OK;
}

/* ---- addresses ------------------------------------------------------------------------------------------------------ */

/* Whether a path holds a character as it is (RFC 3986, 3.3). */
static bool is_of_path(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || strchr("-._~!$&'()*+,;=:@/", c);
}

/* Appends `text` to `out`, percent-encoding what a path cannot hold; false where it does not fit. */
static bool add_encoded(const char *text, char *out, size_t size)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t used = strlen(out);

    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        bool plain = is_of_path(*text);

        if (used + (plain ? 1 : 3) >= size)
            return false;
        if (plain) {
            out[used++] = *text;
        } else {
            out[used++] = '%';
            out[used++] = digits[byte >> 4];
            out[used++] = digits[byte & 0xF];
        }
        out[used] = '\0';
    }
    return true;
}

void rec_id_url(const rec_id *id, char *out, size_t size)
{
    static const struct {
        const char *page, *prefix, *after; /* the page's address is `page`, the id without `prefix`, `after` */
    } forms[] = {
        [REC_ID_ARXIV] = { "https://arxiv.org/abs/", "arXiv:", "" },
        [REC_ID_DOI] = { "https://doi.org/", "doi:", "" },
        [REC_ID_PMID] = { "https://pubmed.ncbi.nlm.nih.gov/", "PMID:", "/" },
    };

    if (size == 0)
        return;
    out[0] = '\0';
    if (id->kind == REC_ID_LOCAL)
        return;
    if (!add_encoded(forms[id->kind].page, out, size) || !add_encoded(id->text + strlen(forms[id->kind].prefix), out, size) ||
        !add_encoded(forms[id->kind].after, out, size))
        out[0] = '\0'; /* half an address leads nowhere, or to another paper */
}
