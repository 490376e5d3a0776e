/* Keys of works and the comparison of two records: see same_work.h. Thresholds and what they cost: docs/evaluation.md. */
#include "same_work.h"

#include "alloc.h"
#include "json.h"
#include "rec/clean.h"
#include "rec/fold.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define MAX_TITLE_WORDS 64
#define MAX_ABSTRACT_WORDS 600 /* what stands behind them tells nothing new */
#define MAX_AUTHORS 128        /* that are compared */
#define LEAST_TITLE_WORDS 3
#define LEAST_TRIPLES 12 /* fewer are no evidence, for or against */
#define LONG_WORD 4      /* bytes: shorter ones ("of", "the") are in too many titles to be keys */
#define KEYS_OF_EACH (REC_WORK_KEYS / 2)

/* ---- words and triples ---------------------------------------------------------------------------------------------- */

static uint64_t hash_of(const rec_word *word)
{
    return XXH3_64bits(word->text, word->length);
}

/* Hashes of the words of a text, in order; `least` is the shortest word that counts, in bytes. */
static size_t hash_words(const char *text, size_t least, uint64_t *out, size_t room)
{
    rec_words words;
    rec_word word;
    size_t n = 0;

    if (!text)
        return 0;
    rec_words_start(&words, text, strlen(text));
    while (n < room && rec_words_next(&words, &word))
        if (word.length >= least)
            out[n++] = hash_of(&word);
    return n;
}

static size_t hash_triples(const char *abstract, uint64_t out[MAX_ABSTRACT_WORDS])
{
    size_t n = hash_words(abstract, 1, out, MAX_ABSTRACT_WORDS), triples = n < 3 ? 0 : n - 2;

    for (size_t i = 0; i < triples; i++)
        out[i] = XXH3_64bits(out + i, 3 * sizeof(*out));
    return triples;
}

static int by_value(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

/* Sorts, and keeps each value once. */
static size_t as_set(uint64_t *values, size_t count)
{
    size_t kept = 0;

    qsort(values, count, sizeof(*values), by_value);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || values[i] != values[i - 1])
            values[kept++] = values[i];
    return kept;
}

static size_t count_shared(const uint64_t *a, size_t in_a, const uint64_t *b, size_t in_b)
{
    size_t i = 0, j = 0, shared = 0;

    while (i < in_a && j < in_b) {
        uint64_t x = a[i], y = b[j];

        shared += x == y;
        i += x <= y;
        j += y <= x;
    }
    return shared;
}

/* ---- names ---------------------------------------------------------------------------------------------------------- */

static bool is_suffix(const rec_word *word)
{
    static const char *const suffixes[] = { "jr", "sr", "ii", "iii", "iv" };

    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
        if (word->length == strlen(suffixes[i]) && memcmp(word->text, suffixes[i], word->length) == 0)
            return true;
    return false;
}

/* Hashes of a name's family name, its last word, and of the letter that it begins with; 0 where it has no such word. */
static uint64_t family_of(const char *name, size_t length, char *initial)
{
    uint64_t family = 0;
    rec_words words;
    rec_word word;

    *initial = '\0';
    rec_words_start(&words, name, length);
    while (rec_words_next(&words, &word)) {
        if (!*initial)
            *initial = word.text[0];
        if (word.characters >= 2 && !is_suffix(&word))
            family = hash_of(&word);
    }
    return family;
}

/* Of the first name in a JSON array. Escapes are left as they stand: the same name gives the same. */
static uint64_t first_author(const char *authors)
{
    const char *from = authors ? strchr(authors, '"') : NULL, *to;
    struct {
        uint64_t family, initial;
    } key = { 0, 0 };
    char initial;

    if (!from)
        return 0;
    for (to = ++from; *to && *to != '"'; to++)
        if (*to == '\\' && to[1])
            to++;
    key.family = family_of(from, (size_t)(to - from), &initial);
    key.initial = (uint8_t)initial;
    return key.family ? XXH3_64bits(&key, sizeof(key)) : 0;
}

/* The set of family names in a JSON array. */
static rec_status families_of(const char *authors, uint64_t out[MAX_AUTHORS], size_t *count, rec_error *err)
{
    json_t *names, *name;
    size_t i, n = 0;

    if (rec_json_read_stored(authors, &names) != REC_OK)
        return rec_fail(err, REC_ENOMEM, "out of memory comparing authors");
    json_array_foreach(names, i, name)
    {
        const char *text = json_string_value(name);
        char initial;
        uint64_t family = text ? family_of(text, strlen(text), &initial) : 0;

        if (family && n < MAX_AUTHORS)
            out[n++] = family;
    }
    json_decref(names);
    *count = as_set(out, n);
    return REC_OK;
}

/* ---- keys ----------------------------------------------------------------------------------------------------------- */

/* For each of a few hash functions the least hash of a set: two sets share it as often as they share their members. */
static void add_least(const uint64_t *values, size_t count, uint64_t author, uint64_t kind, uint64_t *out)
{
    for (uint64_t k = 0; k < KEYS_OF_EACH; k++) {
        struct {
            uint64_t author, kind, least;
        } key = { author, kind + k, UINT64_MAX };

        for (size_t i = 0; i < count; i++) {
            uint64_t mixed = (values[i] ^ (k + 1) * 0x9E3779B97F4A7C15u) * 0xD6E8FEB86659FD93u;

            mixed ^= mixed >> 32;
            if (mixed < key.least)
                key.least = mixed;
        }
        out[k] = XXH3_64bits(&key, sizeof(key));
    }
}

size_t rec_works_keys(const char *title, const char *abstract, const char *authors, uint64_t out[REC_WORK_KEYS])
{
    uint64_t values[MAX_ABSTRACT_WORDS], author = first_author(authors);
    size_t count = hash_words(title, LONG_WORD, values, MAX_TITLE_WORDS), keys = 0;

    if (count >= LEAST_TITLE_WORDS) {
        add_least(values, count, author, 0, out);
        keys += KEYS_OF_EACH;
    }
    count = hash_triples(abstract, values);
    if (count >= LEAST_TRIPLES) {
        add_least(values, count, author, KEYS_OF_EACH, out + keys);
        keys += KEYS_OF_EACH;
    }
    return keys;
}

/* ---- comparing ------------------------------------------------------------------------------------------------------ */

/* Titles that differ in one of these are of different papers, however alike they are: parts of a series, answers, corrections. */
static bool is_marker(const rec_word *word)
{
    static const char *const markers[] = { "part",        "reply",      "response",    "comment",       "comments",
                                           "erratum",     "errata",     "corrigendum", "addendum",      "correction",
                                           "rejoinder",   "discussion", "supplement",  "supplementary", "extended",
                                           "proceedings", "workshop",   "overview",    "survey",        "report",
                                           "revisited",   "first",      "second",      "third",         "volume" };
    bool digit = false, numeral = true;

    for (size_t i = 0; i < word->length; i++) {
        digit |= word->text[i] >= '0' && word->text[i] <= '9';
        numeral &= word->text[i] == 'i' || word->text[i] == 'v' || word->text[i] == 'x';
    }
    if (digit || numeral)
        return true;
    for (size_t i = 0; i < sizeof(markers) / sizeof(markers[0]); i++)
        if (word->length == strlen(markers[i]) && memcmp(word->text, markers[i], word->length) == 0)
            return true;
    return false;
}

struct title {
    uint64_t words[MAX_TITLE_WORDS], markers[MAX_TITLE_WORDS];
    size_t word_count, marker_count; /* of the sets */
};

static void read_title(const char *text, struct title *out)
{
    rec_words words;
    rec_word word;

    out->word_count = out->marker_count = 0;
    if (!text)
        return;
    rec_words_start(&words, text, strlen(text));
    while (out->word_count < MAX_TITLE_WORDS && rec_words_next(&words, &word)) {
        out->words[out->word_count++] = hash_of(&word);
        if (is_marker(&word))
            out->markers[out->marker_count++] = hash_of(&word);
    }
    out->word_count = as_set(out->words, out->word_count);
    out->marker_count = as_set(out->markers, out->marker_count);
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void compare_titles(const rec_paper *a, const rec_paper *b, struct title titles[2], rec_work_evidence *out)
{
    uint64_t key = rec_paper_title_key(a);
    size_t shared, all;

    read_title(a->title, &titles[0]);
    read_title(b->title, &titles[1]);
    shared = count_shared(titles[0].words, titles[0].word_count, titles[1].words, titles[1].word_count);
    all = titles[0].word_count + titles[1].word_count - shared;
    out->same_title = key && key == rec_paper_title_key(b);
    out->title_alike = all ? (double)shared / (double)all : 0;
    out->same_markers =
        titles[0].marker_count == titles[1].marker_count &&
        count_shared(titles[0].markers, titles[0].marker_count, titles[1].markers, titles[1].marker_count) == titles[0].marker_count;
}

static void compare_abstracts(const rec_paper *a, const rec_paper *b, rec_work_evidence *out)
{
    uint64_t first[MAX_ABSTRACT_WORDS], second[MAX_ABSTRACT_WORDS];
    size_t in_first = hash_triples(a->abstract, first), in_second = hash_triples(b->abstract, second), least;

    in_first = as_set(first, in_first);
    in_second = as_set(second, in_second);
    least = smaller(in_first, in_second);
    out->abstract_in = least < LEAST_TRIPLES ? -1 : (double)count_shared(first, in_first, second, in_second) / (double)least;
}

/* Years between two dates; 0 where one is unknown. */
static int years_apart(const rec_paper *a, const rec_paper *b)
{
    if (!a->date.text[0] || !b->date.text[0])
        return 0;
    return abs(a->date.first / 10000 - b->date.first / 10000);
}

#define FAR_YEARS 3 /* further apart, an equal title is no longer enough */

/* Equal titles: the authors decide, and for short titles or rival ids the abstracts as well. */
static bool is_same_by_title(const rec_work_evidence *e, size_t title_words, int years)
{
    double authors = e->authors[0] && e->authors[1] ? (double)e->shared / (double)smaller(e->authors[0], e->authors[1]) : -1;

    if (authors < 0 || e->rivals)
        return e->abstract_in >= .5 && (authors < 0 || authors >= .5);
    if (authors < .5)
        return false;
    if (e->abstract_in >= .3)
        return true;
    return years <= FAR_YEARS && (title_words >= 4 || e->shared >= 3) && (e->abstract_in < 0 || e->shared >= 2 || title_words >= 6);
}

#define SIBLINGS_ALIKE .75 /* least likeness of the titles of two preprints, or of two records that are none */

/* Whether titles that differ, and the authors, leave it to the abstracts. Most pairs that are compared are two papers of one author, and
 * end here, before the dear part. */
static bool may_be_same(const rec_work_evidence *e)
{
    size_t fewer = smaller(e->authors[0], e->authors[1]), more = e->authors[0] + e->authors[1] - fewer;

    return e->same_markers && fewer > 0 && 2 * e->shared >= fewer && (e->shared >= 2 || more == 1) &&
           (!e->siblings || e->title_alike >= SIBLINGS_ALIKE);
}

/* Titles that differ: nearly equal abstracts of the same authors. */
static bool is_same_by_abstract(const rec_work_evidence *e, size_t title_words, int years)
{
    size_t fewer = smaller(e->authors[0], e->authors[1]);

    if (e->abstract_in < 0) /* one has none: the titles must do */
        return !e->rivals && e->title_alike >= .75 && title_words >= 5 && 5 * e->shared >= 4 * fewer && years <= FAR_YEARS;
    if (e->siblings)
        return e->abstract_in >= .9;
    return years <= FAR_YEARS && e->abstract_in >= (e->title_alike >= .5 ? .5 : .75);
}

/* arXiv's, and the prefixes under which servers of preprints give out DOIs: bioRxiv and medRxiv, Research Square, SSRN, ChemRxiv,
 * Preprints.org, OSF, TechRxiv, Authorea. */
static bool is_preprint(const rec_id *id)
{
    static const char *const prefixes[] = { "10.1101/",  "10.21203/", "10.2139/",  "10.26434/", "10.20944/",
                                            "10.31234/", "10.31219/", "10.36227/", "10.22541/" };

    if (id->kind == REC_ID_ARXIV)
        return true;
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]) && id->kind == REC_ID_DOI; i++)
        if (strncmp(id->text + strlen("doi:"), prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

rec_status rec_works_compare(const rec_paper *a, const rec_paper *b, rec_work_evidence *out, rec_error *err)
{
    uint64_t first[MAX_AUTHORS], second[MAX_AUTHORS];
    struct title titles[2];
    size_t words;
    rec_status rc;

    *out = (rec_work_evidence){ .abstract_in = -1,
                                .rivals = a->id.kind == REC_ID_ARXIV && b->id.kind == REC_ID_ARXIV,
                                .siblings = is_preprint(&a->id) == is_preprint(&b->id) };
    if ((rc = families_of(a->authors, first, &out->authors[0], err)) != REC_OK ||
        (rc = families_of(b->authors, second, &out->authors[1], err)) != REC_OK)
        return rc;
    out->shared = count_shared(first, out->authors[0], second, out->authors[1]);
    compare_titles(a, b, titles, out);
    if (!out->same_title && !may_be_same(out))
        return REC_OK;
    compare_abstracts(a, b, out);
    words = smaller(titles[0].word_count, titles[1].word_count);
    out->same_work = out->same_title ? is_same_by_title(out, words, years_apart(a, b)) : is_same_by_abstract(out, words, years_apart(a, b));
    return REC_OK;
}
