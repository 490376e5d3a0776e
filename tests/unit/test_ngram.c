/* Text to hashed n-gram counts. The golden values freeze tokens, stems and hashes: a stored model depends on them. */
#include "check.h"

#include "alloc.h"
#include "rec/fold.h"
#include "hash.h"
#include "rec/ngram.h"
#include "rec/vector.h"
#include "stopwords.h"
#include "weight.h"

#include <stdio.h>
#include <utf8proc.h>

#define REC_GOLDEN_LENGTH 238
#define REC_GOLDEN_HASH 3757510110456435102ULL

static rec_ngrams *ngrams;

static int setup(void **state)
{
    rec_error err = REC_ERROR_INIT;

    (void)state;
    return rec_ngrams_new(&ngrams, &err) == REC_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    rec_ngrams_free(ngrams);
    return 0;
}

static rec_counts count(const char *title, const char *abstract)
{
    rec_counts counts = REC_COUNTS_INIT;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_ngrams_count(ngrams, title, abstract, &counts, &err), &err);
    return counts;
}

static unsigned tf_of(const rec_counts *counts, uint32_t feature)
{
    for (size_t i = 0; i < counts->length; i++)
        if (rec_count_feature(counts->items[i]) == feature)
            return rec_count_tf(counts->items[i]);
    return 0;
}

static uint32_t unigram(const char *stem)
{
    return rec_mix32(rec_fnv1a(REC_FNV_BASIS, stem, strlen(stem))) >> 16;
}

static uint32_t bigram(const char *first, const char *second)
{
    return rec_hash_pair(rec_fnv1a(REC_FNV_BASIS, first, strlen(first)), rec_fnv1a(REC_FNV_BASIS, second, strlen(second))) >> 16;
}

/* Published values: FNV-1a of "foobar" (Noll's test vectors), MurmurHash3's finaliser. */
static void hashes_are_the_published_ones(void **state)
{
    (void)state;
    CHECK(rec_fnv1a(REC_FNV_BASIS, "foobar", 6) == 0xBF9CF968u);
    CHECK(rec_fnv1a(REC_FNV_BASIS, "", 0) == 0x811C9DC5u);
    CHECK(rec_mix32(1) == 0x514E28B7u);
    CHECK(rec_mix32(0) == 0);
}

/* A title counts twice, here and below. */
static void words_are_stemmed_and_paired(void **state)
{
    rec_counts c = count("Neural networks learning", NULL);

    (void)state;
    CHECK_INT(2, tf_of(&c, unigram("neural")));
    CHECK_INT(2, tf_of(&c, unigram("network")));
    CHECK_INT(2, tf_of(&c, unigram("learn")));
    CHECK_INT(2, tf_of(&c, bigram("neural", "network")));
    CHECK_INT(2, tf_of(&c, bigram("network", "learn")));
    CHECK_INT(0, tf_of(&c, bigram("network", "neural")));
    rec_counts_clear(&c);
}

static void stop_words_give_nothing_and_part_pairs(void **state)
{
    rec_counts c = count("theory of numbers", NULL);
    rec_counts none = count("the of and is", NULL);

    (void)state;
    CHECK_INT(0, tf_of(&c, bigram("theori", "number")));
    CHECK_INT(0, tf_of(&c, unigram("of")));
    CHECK_INT(0, none.length);
    rec_counts_clear(&c);
    rec_counts_clear(&none);
}

/* A pointer to none of them is used all the same: NULL and an offset would be undefined. */
static void a_text_without_a_word_has_no_counts_but_a_place_for_them(void **state)
{
    rec_counts counts = REC_COUNTS_INIT;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, rec_ngrams_count(ngrams, ".+", "\x7f:// ", &counts, &err), &err);
    CHECK_INT(0, counts.length);
    CHECK(counts.items != NULL);
    rec_counts_clear(&counts);
}

/* A full stop before a space ends a clause, one inside a number or a name does not; title and abstract are two sentences. */
static void pairs_do_not_cross_sentences(void **state)
{
    rec_counts c = count("deep water. cold currents", "warm rain");
    rec_counts whole = count("version 3.11 kernel", NULL);

    (void)state;
    CHECK_INT(0, tf_of(&c, bigram("water", "cold")));
    CHECK_INT(2, tf_of(&c, bigram("cold", "current")));
    CHECK_INT(0, tf_of(&c, bigram("current", "warm")));
    CHECK_INT(2, tf_of(&whole, bigram("3", "11")));
    rec_counts_clear(&c);
    rec_counts_clear(&whole);
}

static void counts_add_up_over_a_title_twice_and_the_abstract(void **state)
{
    rec_counts c = count("reef", "reef reef. Reefs!");

    (void)state;
    CHECK_INT(5, tf_of(&c, unigram("reef")));
    rec_counts_clear(&c);
}

/* One set of counts for every way to write the same word: case, accents, composed or not, sub- and superscripts, ligatures. */
static void spelling_variants_are_one_word(void **state)
{
    static const char *const same[][2] = {
        { "SCHRÖDINGER EQUATION", "schrodinger equation" },
        { "Schro\xCC\x88"
          "dinger equation",
          "schrödinger equation" },
        { "CO\xE2\x82\x82 uptake", "co2 uptake" },
        { "e\xEF\xAC\x83"
          "cient",
          "efficient" },
        { "STRASSE", "straße" },
        { "ΑΛΦΑ", "αλφα" },
        { "МОСКВА", "москва" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        rec_counts a = count(same[i][0], NULL), b = count(same[i][1], NULL);
        if (a.length == 0 || a.length != b.length || memcmp(a.items, b.items, a.length * sizeof(*a.items)) != 0)
            fail_msg("'%s' and '%s' differ", same[i][0], same[i][1]);
        rec_counts_clear(&a);
        rec_counts_clear(&b);
    }
}

/* Other scripts are read, not dropped: two texts of one script share what they share and no more. */
static void other_scripts_give_words(void **state)
{
    rec_counts han = count("深度学习模型", NULL), more = count("学习模型的训练", NULL), other = count("海洋生态系统", NULL);
    size_t shared = 0, foreign = 0;

    (void)state;
    for (size_t i = 0; i < han.length; i++) {
        shared += tf_of(&more, rec_count_feature(han.items[i])) > 0;
        foreign += tf_of(&other, rec_count_feature(han.items[i])) > 0;
    }
    CHECK(han.length > 0);
    CHECK(shared >= 5);
    CHECK_INT(0, foreign);
    rec_counts_clear(&han);
    rec_counts_clear(&more);
    rec_counts_clear(&other);
}

struct word_case {
    const char *text;
    const char *words; /* separated by '|', a break before a word marked '/' */
};

static void words_are_cut_where_they_should_be(void **state)
{
    static const struct word_case cases[] = {
        { "", "" },
        { "  ... ", "" },
        { "One, two; three", "one|two|/three" },
        { "a.b c. d", "a|b|c|/d" },
        { "don't", "don|t" },
        { "深度学习", "深度|度学|学习" },
        { "深", "深" },
        { "GPT模型x", "gpt|模型|x" },
        { "GPT模x", "gpt|模|x" },
        { "深 学。习", "深|学|/习" },
        { "\xE3\x8D\xA7", "15点" }, /* U+3367 */
        { "\xE3\x8B\x8B\xE3\x8D\xB0深", "12月24点|24点深" },
        { "naïve Bayes", "naive|bayes" },
        { "x²+y²", "x2|y2" },
        { "終わり。次", "終わ|わり|/次" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char got[256] = "";
        rec_words words;
        rec_word word;

        rec_words_start(&words, cases[i].text, strlen(cases[i].text));
        while (rec_words_next(&words, &word))
            snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%s%.*s", got[0] ? "|" : "", word.after_break ? "/" : "",
                     (int)word.length, word.text);
        CHECK_STR(cases[i].words, got);
    }
}

/* What stands in for a character must have room wherever it is kept: each character of Unicode alone, twice, and between others. */
static void every_character_is_cut_into_words_within_their_bounds(void **state)
{
    (void)state;
    for (utf8proc_int32_t c = 1; c <= 0x10FFFF; c++) {
        char text[16];
        utf8proc_uint8_t bytes[4];
        int length;
        rec_words words;
        rec_word word;

        if (!utf8proc_codepoint_valid(c))
            continue;
        length = (int)utf8proc_encode_char(c, bytes);
        length = snprintf(text, sizeof(text), "%.*s深%.*sx", length, (char *)bytes, length, (char *)bytes);
        rec_words_start(&words, text, (size_t)length);
        while (rec_words_next(&words, &word)) {
            CHECK(word.length <= REC_WORD_BYTES && word.characters <= REC_WORD_CHARS);
            CHECK(word.from >= text && word.from < word.to && word.to <= text + length);
        }
    }
}

static void a_long_word_is_cut_at_forty_characters(void **state)
{
    char text[1001];
    rec_words words;
    rec_word word;

    (void)state;
    memset(text, 'x', 1000);
    text[1000] = '\0';
    rec_words_start(&words, text, 1000);
    CHECK(rec_words_next(&words, &word));
    CHECK_INT(40, word.length);
    CHECK(!rec_words_next(&words, &word));
}

/* What was counted before, and an emptied cache, change nothing. */
static void counts_do_not_depend_on_history(void **state)
{
    rec_counts before = count("Coral larvae settle on crustose algae", "Settlement cues differ between species.");
    rec_random random = { 3 };
    static char text[480000];
    size_t at = 0;

    (void)state;
    while (at + 12 < sizeof(text)) { /* 60,000 words, more than the cache holds */
        for (int i = 0; i < 7; i++)
            text[at++] = (char)('a' + rec_random_below(&random, 26));
        text[at++] = ' ';
    }
    text[at] = '\0';
    for (int i = 0; i < 3; i++) {
        rec_counts noise = count(text + 8000 * i, text);
        rec_counts_clear(&noise);
    }
    rec_counts after = count("Coral larvae settle on crustose algae", "Settlement cues differ between species.");
    CHECK_INT(before.length, after.length);
    CHECK(memcmp(before.items, after.items, before.length * sizeof(*before.items)) == 0);
    rec_counts_clear(&before);
    rec_counts_clear(&after);
}

/* The cache compares the first sixteen bytes of a word as numbers, and the rest apart. */
static void words_that_begin_alike_are_told_apart(void **state)
{
    static const char *const words[] = { "zyxwvutsrqponmlk",   "zyxwvutsrqponmlkq", "zyxwvutsrqponmlkx", "zyxwvutsrqponmlkxq",
                                         "zyxwvutsrqponmlkxx", "zyxwvutsrqponml",   "zyxwvutq",          "zyxwvut",
                                         "zyxwvutqr" };
    enum { WORDS = sizeof(words) / sizeof(words[0]) };

    (void)state;
    for (size_t round = 0; round < 2; round++) /* found out first, found again then */
        for (size_t i = 0; i < WORDS; i++) {
            rec_counts c = count(NULL, words[i]);

            for (size_t j = 0; j < WORDS; j++)
                CHECK_INT(i == j, tf_of(&c, unigram(words[j])));
            rec_counts_clear(&c);
        }
}

static void counts_stop_at_the_most_that_fits(void **state)
{
    enum { TIMES = 70000 };
    char *text = rec_alloc_array(TIMES, 3);
    rec_counts c;

    (void)state;
    CHECK(text != NULL);
    for (size_t i = 0; i < TIMES; i++)
        memcpy(text + 3 * i, i + 1 < TIMES ? "xq " : "xq", 3);
    c = count("xq", text);
    CHECK_INT(REC_TF_MAX, tf_of(&c, unigram("xq")));
    CHECK_INT(REC_TF_MAX, tf_of(&c, bigram("xq", "xq")));
    rec_counts_clear(&c);
    c = count("xq", NULL); /* nothing is left of it */
    CHECK_INT(2, tf_of(&c, unigram("xq")));
    rec_counts_clear(&c);
    rec_free(text);
}

static void features_rise_and_stand_once(void **state)
{
    rec_counts c = count("A grammar of graphics for graphics", "Graphics, and graphs of graphs; grammars everywhere.");

    (void)state;
    for (size_t i = 1; i < c.length; i++)
        CHECK(rec_count_feature(c.items[i - 1]) < rec_count_feature(c.items[i]));
    CHECK(rec_count_feature(c.items[c.length - 1]) < REC_FEATURES);
    rec_counts_clear(&c);
}

/* Frozen: hash of all counts of one text. A change here makes every stored model stale: raise REC_NGRAM_VERSION. */
static void golden_counts(void **state)
{
    rec_counts c = count("Minimum spanning trees in random graphs",
                         "We study H₂O clusters, naïve Bayes and 深度学习. Results: 3.5% better; see Erdős–Rényi.");
    uint64_t h = 0;

    (void)state;
    for (size_t i = 0; i < c.length; i++)
        h = (h ^ c.items[i]) * 0x100000001B3ULL;
    CHECK_INT(REC_GOLDEN_LENGTH, c.length);
    CHECK_INT((long long)REC_GOLDEN_HASH, (long long)h);
    rec_counts_clear(&c);
}

static void stop_list_is_what_it_says(void **state)
{
    (void)state;
    CHECK(rec_is_stop_word("a", 1));
    CHECK(rec_is_stop_word("yourselves", 10));
    CHECK(rec_is_stop_word("the", 3));
    CHECK(!rec_is_stop_word("th", 2));
    CHECK(!rec_is_stop_word("theorem", 7));
    CHECK(!rec_is_stop_word("", 0));
}

static void table_of_frequent_counts_is_the_formula(void **state)
{
    (void)state;
    for (uint32_t tf = 1; tf < 100; tf++)
        CHECK_NEAR(1 + log(tf), rec_tf_weight(tf), 1e-6);
}

static void memory_running_out_is_reported(void **state)
{
    rec_error err = REC_ERROR_INIT;
    rec_status rc = REC_ENOMEM;

    (void)state;
    for (long allowed = 0; rc != REC_OK; allowed++) {
        rec_ngrams *mine = NULL;
        rec_counts c = REC_COUNTS_INIT;

        CHECK(allowed < 100);
        rec_alloc_fail_after(allowed);
        rc = rec_ngrams_new(&mine, &err);
        if (rc == REC_OK)
            rc = rec_ngrams_count(mine, "Reef fish", "A long enough abstract about reef fish.", &c, &err);
        rec_alloc_fail_after(-1);
        CHECK(rc == REC_OK || rc == REC_ENOMEM);
        CHECK_INT(rc == REC_OK, c.length > 0);
        rec_counts_clear(&c);
        rec_ngrams_free(mine);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_the_published_ones),
        cmocka_unit_test(words_are_stemmed_and_paired),
        cmocka_unit_test(stop_words_give_nothing_and_part_pairs),
        cmocka_unit_test(a_text_without_a_word_has_no_counts_but_a_place_for_them),
        cmocka_unit_test(pairs_do_not_cross_sentences),
        cmocka_unit_test(counts_add_up_over_a_title_twice_and_the_abstract),
        cmocka_unit_test(spelling_variants_are_one_word),
        cmocka_unit_test(other_scripts_give_words),
        cmocka_unit_test(words_are_cut_where_they_should_be),
        cmocka_unit_test(every_character_is_cut_into_words_within_their_bounds),
        cmocka_unit_test(a_long_word_is_cut_at_forty_characters),
        cmocka_unit_test(counts_do_not_depend_on_history),
        cmocka_unit_test(words_that_begin_alike_are_told_apart),
        cmocka_unit_test(counts_stop_at_the_most_that_fits),
        cmocka_unit_test(features_rise_and_stand_once),
        cmocka_unit_test(golden_counts),
        cmocka_unit_test(stop_list_is_what_it_says),
        cmocka_unit_test(table_of_frequent_counts_is_the_formula),
        cmocka_unit_test(memory_running_out_is_reported),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
