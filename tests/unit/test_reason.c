/*
 * Why two papers are alike, in words. Most tests weigh all n-grams alike (no model), so that a phrase of more words weighs more; the papers
 * are a sentence or two each.
 */
#include "check.h"

#include "alloc.h"
#include "hash.h"
#include "phrase.h"
#include "rec/model.h"
#include "rec/reason.h"

#include <ctype.h>
#include <stdio.h>
#include <utf8proc.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static rec_reasoner *reasoner;

static int setup(void **state)
{
    rec_error err = REC_ERROR_INIT;

    (void)state;
    return rec_reasoner_new(NULL, &reasoner, &err) == REC_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    rec_reasoner_free(reasoner);
    return 0;
}

static rec_reason reason_of(rec_reason_kind kind, rec_prose seed, rec_prose other)
{
    rec_reason reason;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_reasoner_set(reasoner, kind, &seed, &err), &err);
    CHECK_STATUS(REC_OK, rec_reasoner_say(reasoner, &other, 0.5f, &reason, &err), &err);
    return reason;
}

/* Between two papers that are a title each. Valid until the next call. */
static const char *why(const char *seed, const char *other)
{
    static rec_reason reason;

    reason = reason_of(REC_REASON_FOR_PAPER, (rec_prose){ seed, NULL }, (rec_prose){ other, NULL });
    return reason.text;
}

/* ---- phrases ------------------------------------------------------------------------------------------------------- */

static void shared_words_are_said_as_they_stand_in_the_other_text(void **state)
{
    (void)state;
    CHECK_STR("urchins", why("An urchin and its spines", "Where urchins hide"));
    CHECK_STR("larvae", why("Counting LARVAE at night", "Why larvae drift"));
}

static void neighbouring_pairs_join_and_cover_their_words(void **state)
{
    (void)state;
    CHECK_STR("kelp forest canopies", why("Kelp forest canopy in winter", "Loss of kelp forest canopies, as seen by gulls"));
}

/* Every three words of a phrase stand so in both texts. */
static void a_phrase_stands_whole_in_both_texts(void **state)
{
    (void)state;
    CHECK_STR("kelp forest; canopy", why("The kelp forest. A forest canopy", "Below the kelp forest canopy"));
    CHECK_STR("urchins; Kelp", why("Kelp for urchins", "Kelp urchins"));
}

static void phrases_do_not_cross_punctuation(void **state)
{
    (void)state;
    CHECK_STR("tidal pools; limpets", why("tidal pools limpets", "In tidal pools (limpets) at noon"));
    CHECK_STR("tidal pools; Limpets", why("tidal pools limpets", "In tidal pools. Limpets at noon"));
    CHECK_STR("sea-grass meadow", why("the sea-grass meadow", "a sea-grass meadow"));
    CHECK_STR("Stokes' law", why("Stokes' law", "Of Stokes' law"));
}

static void a_heavier_phrase_leads(void **state)
{
    (void)state;
    CHECK_STR("barnacle larvae settle; plankton",
              why("plankton, and how barnacle larvae settle", "Plankton: barnacle larvae settle on plankton"));
}

static void no_stem_is_said_twice(void **state)
{
    (void)state;
    CHECK_STR("graph", why("A graph of graphs", "Graphs and a graph"));
    CHECK_STR("coral reef; fishes", why("coral reef, reef fish", "coral reef, reef fishes"));
    CHECK_STR("symmetric tensors", why("symmetry of symmetric tensors", "symmetric tensors, symmetry"));
    CHECK_STR("DNNs", why("DNN pruning, DNNs", "Sparse DNNs, a DNN"));
}

/* ---- words that are not said --------------------------------------------------------------------------------------- */

static void stop_words_stand_at_no_end(void **state)
{
    (void)state;
    CHECK_STR("roots of unity", why("On the roots of unity and more", "All the roots of unity and others"));
    CHECK_STR("roots; unity", why("roots in unity", "roots in unity"));
    CHECK_STR("human-in-the-loop", why("a human-in-the-loop diver", "a human-in-the-loop sensor"));
}

/* Stop words that name something are part of a name. */
static void things_may_end_a_phrase(void **state)
{
    (void)state;
    CHECK_STR("least squares", why("Fitting by least squares", "A least squares line"));
    CHECK_STR("thin films", why("thin films of algae", "growing thin films"));
}

static void what_any_paper_says_is_no_reason(void **state)
{
    (void)state;
    CHECK_STR("related vocabulary; only common words shared",
              why("In this paper we propose a novel method. Results are shown", "This paper presents new methods and results"));
    CHECK_STR("sponges", why("We propose new sponges", "We propose new sponges"));
    CHECK_STR("related vocabulary; no words shared", why("Sponges filter water", "Basalt cools slowly"));
    CHECK_STR("related vocabulary; no words shared", why("Sponges filter water", ""));
}

static void numbers_and_scraps_are_said_in_phrases_alone(void **state)
{
    (void)state;
    CHECK_STR("sponges", why("sponges 2021, 0.5 pc", "2021: 0.5 pc of sponges"));
    CHECK_STR("type 2 diabetes", why("type 2 diabetes", "type 2 diabetes"));
    CHECK_STR("3-manifolds", why("3-manifolds", "3-manifolds"));
    CHECK_STR("manifolds", why("see 3 manifolds", "have 3 manifolds"));
    CHECK_STR("reef", why("a reef'n fish", "the reef'n eel"));
}

static void markup_and_addresses_are_not_said(void **state)
{
    (void)state;
    CHECK_STR("sponges", why("\\mathcal{N} sponges \\frac{spicule}{ossicle}", "sponges \\mathcal{N} \\frac{spicule}{ossicle}"));
    CHECK_STR("sponges", why("sponges q_{spicule} q^ossicle", "sponges q_{spicule} q^ossicle"));
    CHECK_STR("sponges", why("sponges &nbsp; &hellip;", "sponges: &nbsp; &hellip;"));
    CHECK_STR("sponges", why("sponges at https://spicule.example/ossicle ok", "sponges (https://spicule.example/ossicle ok)"));
    CHECK_STR("sponges", why("sponges, diver@spicule.example", "sponges. diver@spicule.example"));
}

/* Past REC_WORD_CHARS folding reads no further: what is equal need not be the word. */
static void words_that_were_cut_are_not_said(void **state)
{
    static const char strand[] = "acgtacgtacgtacgtacgtacgtacgtacgtacgtacgtacgt";
    char seed[128], other[128];

    (void)state;
    snprintf(seed, sizeof(seed), "sponges %stt", strand);
    snprintf(other, sizeof(other), "sponges %sgg", strand);
    CHECK_STR("sponges", why(seed, other));
}

/* ---- case and scripts ---------------------------------------------------------------------------------------------- */

static void running_text_goes_before_titles_and_acronyms_keep_their_case(void **state)
{
    rec_reason reason = reason_of(REC_REASON_FOR_PAPER, (rec_prose){ "eDNA of kelp forests", "eDNA" },
                                  (rec_prose){ "Kelp Forests of the North", "eDNA in kelp forests. The eDNA of fish, and eDNA." });

    (void)state;
    CHECK_STR("kelp forests; eDNA", reason.text);
    CHECK_STR("Kelp Forests", why("kelp forests", "The Kelp Forests of the North"));
}

static void other_scripts_are_said_in_their_own(void **state)
{
    (void)state;
    CHECK_STR("морские ежи", why("Морские ежи и водоросли", "Где живут морские ежи"));
    CHECK_STR("海洋生态", why("海洋生态模型", "论海洋生态之变"));
    CHECK_STR("θαλάσσια λιβάδια", why("Θαλάσσια λιβάδια", "στα θαλάσσια λιβάδια"));
    CHECK_STR("الشعاب المرجانية", why("الشعاب المرجانية", "حماية الشعاب المرجانية"));
    CHECK_STR("straße", why("STRASSE und", "die straße"));
}

static bool is_mark(const char *at)
{
    utf8proc_int32_t c;

    utf8proc_iterate((const utf8proc_uint8_t *)at, -1, &c);
    return utf8proc_category(c) == UTF8PROC_CATEGORY_MN || utf8proc_category(c) == UTF8PROC_CATEGORY_MC;
}

/* The texts share consonants whose vowel signs differ: a term neither begins with a sign nor ends where one is cut off. */
static void combining_marks_stay_with_their_characters(void **state)
{
    static const char *const seeds[] = { "ปะการังน้ำลึก", "การังน้ำ", "รังนี้", "เปลือกหอย" };
    static const char *const others[] = { "ปะการังน้ำตื้น", "ะการงน้า", "รังนา", "เปลืองหาย" };

    (void)state;
    for (size_t i = 0; i < COUNT(seeds); i++) {
        rec_reason reason = reason_of(REC_REASON_FOR_PAPER, (rec_prose){ seeds[i], NULL }, (rec_prose){ others[i], NULL });

        for (size_t j = 0; j < reason.count; j++) {
            char term[REC_REASON_BYTES];
            const char *found;

            snprintf(term, sizeof(term), "%.*s", (int)reason.terms[j].length, reason.text + reason.terms[j].from);
            found = strstr(others[i], term);
            CHECK(found);
            CHECK(!is_mark(term));
            CHECK(!found[strlen(term)] || !is_mark(found + strlen(term)));
        }
    }
    CHECK_STR("ปะการังน้ำ", why(seeds[0], others[0]));
}

static void a_piece_is_narrowed_to_whole_characters(void **state)
{
    static const struct {
        const char *before, *piece, *after, *narrowed; /* NULL: no two characters are left */
    } cases[] = {
        { "", "กคข", "", "กคข" },
        { "", "กคข", "ต", "กคข" },
        { "", "กคข", "\xE0\xB8\xB1", "กค" }, /* U+0E31 belongs to the last character, which goes with it */
        { "", "กข", "\xE0\xB8\xB1", NULL },
        { "ก", "\xE0\xB8\xB1คข", "", "คข" },
        { "ก", "\xE0\xB8\xB1ค", "", NULL },
        { "", "", "", NULL },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[64];
        const char *from = text + strlen(cases[i].before), *to = from + strlen(cases[i].piece);

        snprintf(text, sizeof(text), "%s%s%s", cases[i].before, cases[i].piece, cases[i].after);
        CHECK_INT(cases[i].narrowed != NULL, rec_phrase_whole(&from, &to));
        if (cases[i].narrowed) {
            CHECK_INT(strlen(cases[i].narrowed), to - from);
            CHECK(memcmp(cases[i].narrowed, from, (size_t)(to - from)) == 0);
        }
    }
}

/* ---- bounds and hostile text --------------------------------------------------------------------------------------- */

static size_t characters(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}

/* Words of three bytes a character, which no two texts part differently. */
static void a_reason_ends_within_its_characters_with_a_whole_term(void **state)
{
    static const char *const letters[] = { "ა", "ბ", "გ", "დ", "ე", "ვ", "ზ", "თ", "ი" };
    char text[4096] = "";
    rec_reason reason;
    size_t end;

    (void)state;
    for (size_t word = 0; word < 9; word++) {
        for (size_t i = 0; i < 38; i++)
            strcat(text, letters[(word * (i + 1) + i / 3) % COUNT(letters)]);
        strcat(text, ". ");
    }
    reason = reason_of(REC_REASON_FOR_PAPER, (rec_prose){ text, NULL }, (rec_prose){ text, NULL });
    CHECK_INT(3, reason.count);
    CHECK_INT(3 * 38 + 2 * 2, characters(reason.text));
    end = reason.terms[2].from + reason.terms[2].length;
    CHECK_INT(strlen(reason.text), end);
    CHECK_INT(38 * 3, reason.terms[2].length);
}

static void a_term_that_does_not_fit_leaves_room_for_one_that_does(void **state)
{
    (void)state;
    CHECK_INT(1, reason_of(REC_REASON_FOR_PAPER, (rec_prose){ "sponges", NULL }, (rec_prose){ "sponges", NULL }).count);
    const char *text =
        why("abcdefghijklmnopqrstuvwxyzabcdefghijkl bcdefghijklmnopqrstuvwxyzabcdefghijklm cdefghijklmnopqrstuvwxyzabcdefghijklmn "
            "defghijklmnopqrstuvwxyzabcdefghijklmno; sponges",
            "abcdefghijklmnopqrstuvwxyzabcdefghijkl bcdefghijklmnopqrstuvwxyzabcdefghijklm cdefghijklmnopqrstuvwxyzabcdefghijklmn "
            "defghijklmnopqrstuvwxyzabcdefghijklmno; sponges");
    CHECK_STR("sponges", text);
}

static void what_cannot_be_seen_never_comes_out(void **state)
{
    static const char *const hostile[] = {
        "sp\x01onges",
        "kelp\x1B[31m forests",
        "kelp\x7F forests",
        "kelp\nforests",
        "ke\xE2\x80\xAElp forests",
        "kelp\xC2\x85 forests",
        "kelp forests\xF3\xA0\x81\x81",
        ("k\xE2\x81\xA0" /* or the next letter would be a digit of the number */
         "elp forests"),
        "kelp\t\r\nforests \xE2\x80\xA8 urchins",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(hostile); i++) {
        const char *text = why(hostile[i], hostile[i]);

        CHECK(text[0]);
        for (const char *at = text; *at; at++)
            CHECK((unsigned char)*at >= ' ' && *at != 0x7F);
        CHECK(!strstr(text, "\xE2\x80\xAE") && !strstr(text, "\xC2\x85") && !strstr(text, "\xF3\xA0") && !strstr(text, "\xE2\x81\xA0") &&
              !strstr(text, "\xE2\x80\xA8"));
    }
}

static void bytes_that_are_no_text_are_passed_over(void **state)
{
    (void)state;
    CHECK_STR("kelp; forests", why("kelp \xFF\xFE forests", "kelp \xFF forests"));
    CHECK_STR("related vocabulary; no words shared", why("\xC3", "\xE2\x80"));
}

/* Linear in the text, which may be all that a record can hold. */
static void a_text_without_end_is_read_to_a_bound(void **state)
{
    size_t words = 100000;
    char *text = rec_alloc(words * 10 + 1);

    (void)state;
    CHECK(text);
    for (size_t i = 0; i < words; i++)
        strcpy(text + 10 * i, i % 2 ? "urchin://@" : "spine^{a} ");
    CHECK(strlen(why(text, text)) > 0);
    rec_free(text);
}

/* ---- weights ------------------------------------------------------------------------------------------------------- */

/* Two words of different stems that fall into one bucket, by trying. */
static void find_collision(char first[16], char second[16])
{
    static uint32_t seen[REC_BLOCK_BUCKETS];

    memset(seen, 0, sizeof(seen));
    for (uint32_t i = 1;; i++) {
        char word[16];
        uint32_t bucket;

        for (uint32_t j = 0, rest = i; j < 5; j++, rest /= 20)
            word[j] = "bcdfghjklmnpqrtvwxzo"[rest % 20];
        word[5] = 'k';
        word[6] = '\0';
        bucket = rec_word_bucket(rec_fnv1a(REC_FNV_BASIS, word, 6));
        if (seen[bucket]) {
            for (uint32_t j = 0, rest = seen[bucket]; j < 5; j++, rest /= 20)
                first[j] = "bcdfghjklmnpqrtvwxzo"[rest % 20];
            strcpy(first + 5, "k");
            strcpy(second, word);
            return;
        }
        seen[bucket] = i;
    }
}

static void words_of_one_bucket_are_not_taken_for_one(void **state)
{
    char first[16], second[16], seed[64], other[64];
    rec_shared_list shared = REC_SHARED_INIT;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    find_collision(first, second);
    CHECK_STR("related vocabulary; no words shared", why(first, second));

    /* Both shared: they divide what the bucket adds. */
    snprintf(seed, sizeof(seed), "%s. %s", first, second);
    snprintf(other, sizeof(other), "%s! %s", second, first);
    CHECK_STATUS(REC_OK, rec_reasoner_set(reasoner, REC_REASON_FOR_PAPER, &(rec_prose){ seed, NULL }, &err), &err);
    CHECK_STATUS(REC_OK, rec_reasoner_shared(reasoner, &(rec_prose){ other, NULL }, &shared, &err), &err);
    CHECK_INT(2, shared.count);
    CHECK_INT(4, shared.items[0].in_seed);
    CHECK_NEAR(shared.items[0].contribution, shared.items[1].contribution, 0);
    rec_shared_clear(&shared);
}

/* A model fitted on a few papers, with their counts. */
struct fitted {
    rec_ngrams *ngrams;
    rec_counts counts[8];
    rec_model *model;
};

static const rec_prose PAPERS[] = {
    { "Kelp forests shrink", "Kelp forests shrink as urchins graze along the coast." },
    { "Urchins graze kelp forests", "Where urchins graze, kelp forests give way to barren rock." },
    { "Glacier melt in spring", "Melt water of the glacier rises in spring." },
    { "Basalt columns", "Columns of basalt cool slowly and crack along the coast." },
};

static void fit(struct fitted *f)
{
    rec_count items[2048];
    uint64_t offsets[COUNT(PAPERS) + 1] = { 0 };
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_ngrams_new(&f->ngrams, &err), &err);
    for (size_t i = 0; i < COUNT(PAPERS); i++) {
        f->counts[i] = (rec_counts)REC_COUNTS_INIT;
        CHECK_STATUS(REC_OK, rec_ngrams_count(f->ngrams, PAPERS[i].title, PAPERS[i].abstract, &f->counts[i], &err), &err);
        CHECK(offsets[i] + f->counts[i].length <= COUNT(items));
        memcpy(items + offsets[i], f->counts[i].items, f->counts[i].length * sizeof(*items));
        offsets[i + 1] = offsets[i] + f->counts[i].length;
    }
    CHECK_STATUS(REC_OK, rec_model_fit(&(rec_fit){ .rows = { items, offsets, COUNT(PAPERS) }, .threads = 1 }, &f->model, &err), &err);
}

static void unfit(struct fitted *f)
{
    for (size_t i = 0; i < COUNT(PAPERS); i++)
        rec_counts_clear(&f->counts[i]);
    rec_model_free(f->model);
    rec_ngrams_free(f->ngrams);
}

/* The parts that reasons are weighed by are the parts of the score: nothing is lost between them. */
static void contributions_add_up_to_the_score(void **state)
{
    struct fitted f;
    rec_error err = REC_ERROR_INIT;
    rec_shared_list shared = REC_SHARED_INIT;
    rec_reason reason;
    double sum = 0, said = 0;
    rec_parts parts;
    rec_detail detail;

    (void)state;
    fit(&f);
    rec_reasoner *weighed;
    CHECK_STATUS(REC_OK, rec_reasoner_new(f.model, &weighed, &err), &err);
    CHECK_STATUS(REC_OK, rec_reasoner_set(weighed, REC_REASON_FOR_PAPER, &PAPERS[0], &err), &err);

    float scales[2][REC_BLOCKS];
    float dense[REC_DIM_MAX];
    int8_t codes[2][REC_DIM_MAX];
    uint16_t words[2][4096];
    rec_view views[2];
    rec_query *query;
    for (size_t i = 0; i < 2; i++) {
        rec_model_block_scales(f.model, f.counts[i].items, f.counts[i].length, scales[i]);
        rec_model_embed(f.model, f.counts[i].items, f.counts[i].length, dense);
        CHECK(rec_pack_room(f.counts[i].length) <= sizeof(words[i]) / sizeof(words[i][0]));
        views[i] = (rec_view){
            { words[i], rec_pack(f.counts[i].items, f.counts[i].length, words[i]) }, scales[i], { codes[i], 0 }, { NULL, 0 }, { NULL, 0 }
        };
        views[i].dense.factor = rec_codes_round(dense, rec_model_dim(f.model), codes[i]);
    }
    CHECK_STATUS(REC_OK, rec_query_new(f.model, &query, &err), &err);
    rec_query_set(query, &views[0]);
    parts = rec_query_score(query, &views[1]);
    detail = rec_query_detail(query, &views[1]);
    CHECK(detail.words > 0 && detail.characters > 0);
    CHECK_NEAR(parts.sparse, detail.words + detail.characters, 1e-6);
    CHECK_NEAR(parts.dense, detail.fitted + detail.trained, 1e-6);
    CHECK_NEAR(parts.total, detail.weights[0] * parts.sparse + detail.weights[1] * parts.dense, 1e-6);

    CHECK_STATUS(REC_OK, rec_reasoner_shared(weighed, &PAPERS[1], &shared, &err), &err);
    for (size_t i = 0; i < shared.count; i++) {
        CHECK(i == 0 || shared.items[i].contribution <= shared.items[i - 1].contribution);
        sum += shared.items[i].contribution;
    }
    CHECK_NEAR(detail.words, sum, 1e-6);

    CHECK_STATUS(REC_OK, rec_reasoner_say(weighed, &PAPERS[1], parts.total, &reason, &err), &err);
    CHECK_STR("kelp forests; urchins graze", reason.text);
    for (size_t i = 0; i < reason.count; i++) {
        CHECK(i == 0 || reason.terms[i].share <= reason.terms[i - 1].share);
        said += (double)reason.terms[i].share;
    }
    CHECK(said > 0.1);
    CHECK(said <= (double)(detail.weights[0] * detail.words / parts.total) + 1e-6);

    /* A score that says nothing has no shares. */
    CHECK_STATUS(REC_OK, rec_reasoner_say(weighed, &PAPERS[1], 0, &reason, &err), &err);
    CHECK_NEAR(0, reason.terms[0].share, 0);
    rec_shared_clear(&shared);
    rec_query_free(query);
    rec_reasoner_free(weighed);
    unfit(&f);
}

/* ---- terms of other kinds ------------------------------------------------------------------------------------------ */

static void another_term_stands_where_its_share_puts_it(void **state)
{
    rec_reason reason = reason_of(REC_REASON_FOR_PAPER, (rec_prose){ "plankton, and how barnacle larvae settle", NULL },
                                  (rec_prose){ "Plankton: barnacle larvae settle on plankton", NULL });
    rec_reason first = reason, last = reason, nothing;

    (void)state;
    rec_reason_insert(&first, "also by Ann Example", 1);
    CHECK_STR("also by Ann Example; barnacle larvae settle; plankton", first.text);
    CHECK_INT(3, first.count);
    CHECK_INT(19, first.terms[0].length);
    CHECK_INT(21, first.terms[1].from);
    rec_reason_insert(&last, "also by Ann\x1B[1m Example", 0);
    CHECK_STR("barnacle larvae settle; plankton; also by Ann[1m Example", last.text);
    nothing = reason_of(REC_REASON_FOR_PAPER, (rec_prose){ "sponges", NULL }, (rec_prose){ "basalt", NULL });
    rec_reason_insert(&nothing, "also by Ann Example", 0.1f);
    CHECK_STR("also by Ann Example", nothing.text);
    CHECK_INT(1, nothing.count);
}

static void what_does_not_fit_behind_another_term_goes(void **state)
{
    rec_reason reason = reason_of(REC_REASON_FOR_PAPER, (rec_prose){ "sponges", NULL }, (rec_prose){ "sponges", NULL }), before = reason;
    char name[130];

    (void)state;
    memset(name, 'x', sizeof(name));
    name[118] = '\0';
    rec_reason_insert(&reason, name, 2);
    CHECK_STR(name, reason.text);
    CHECK_INT(1, reason.count);
    memset(name, 'x', sizeof(name));
    name[121] = '\0';
    reason = before;
    rec_reason_insert(&reason, name, 2);
    CHECK_STR("sponges", reason.text);
}

/* ---- queries ------------------------------------------------------------------------------------------------------- */

static void of_a_query_all_words_count_and_share_the_whole(void **state)
{
    rec_reason reason = reason_of(REC_REASON_FOR_WORDS, (rec_prose){ "the results of new methods in reefs", NULL },
                                  (rec_prose){ "Reef results", "New methods for the reef." });
    double sum = 0;

    (void)state;
    CHECK_CONTAINS("New methods", reason.text);
    CHECK_CONTAINS("results", reason.text);
    for (size_t i = 0; i < reason.count; i++)
        sum += (double)reason.terms[i].share;
    CHECK_NEAR(1, sum, 1e-5);
    CHECK_STR("common words alone",
              reason_of(REC_REASON_FOR_WORDS, (rec_prose){ "the of", NULL }, (rec_prose){ "The reef of", NULL }).text);
}

/* ---- the rest ------------------------------------------------------------------------------------------------------ */

static void places_are_where_the_words_stand(void **state)
{
    static const char text[] = "Kelp, the FORÊT; 海洋生 a\xCC\x81rbol";
    static const char *const words[] = { "Kelp", "the", "FORÊT", "海洋", "洋生", "a\xCC\x81rbol" };
    rec_places places = REC_PLACES_INIT;
    rec_ngrams *ngrams;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, rec_ngrams_new(&ngrams, &err), &err);
    CHECK_STATUS(REC_OK, rec_ngrams_places(ngrams, text, 100, &places, &err), &err);
    CHECK_INT(COUNT(words), places.length);
    for (size_t i = 0; i < COUNT(words); i++) {
        CHECK_INT(strlen(words[i]), places.items[i].to - places.items[i].from);
        CHECK(memcmp(words[i], places.items[i].from, strlen(words[i])) == 0);
        CHECK_INT(i == 1, places.items[i].stop);
        CHECK_INT(i == 0 || i == 3, places.items[i].after_break);
    }
    places.length = 0;
    CHECK_STATUS(REC_OK, rec_ngrams_places(ngrams, text, 2, &places, &err), &err);
    CHECK_INT(2, places.length);
    rec_places_clear(&places);
    rec_ngrams_free(ngrams);
}

static void shared_text_of(const char *seed, const char *other, size_t item, char text[REC_SHARED_BYTES])
{
    rec_shared_list shared = REC_SHARED_INIT;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_reasoner_set(reasoner, REC_REASON_FOR_PAPER, &(rec_prose){ seed, NULL }, &err), &err);
    CHECK_STATUS(REC_OK, rec_reasoner_shared(reasoner, &(rec_prose){ other, NULL }, &shared, &err), &err);
    CHECK(item < shared.count);
    rec_shared_text(&shared.items[item], text);
    rec_shared_clear(&shared);
}

/* Words come first where all weigh alike. Whatever stands between the words of a pair is not shown. */
static void a_shared_pair_is_its_two_words(void **state)
{
    char text[REC_SHARED_BYTES];

    (void)state;
    shared_text_of("kelp forest", "Kelp \x1B[,,,,,, FORESTS", 2, text);
    CHECK_STR("Kelp FORESTS", text);
    shared_text_of("海洋生", "海洋生", 2, text);
    CHECK_STR("海洋生", text);
    shared_text_of("ke\xE2\x80\xAElp", "ke\xE2\x80\xAElp", 0, text);
    CHECK_STR("kelp", text);
}

static void a_long_shared_word_is_cut_at_a_character(void **state)
{
    char word[1024] = "", text[REC_SHARED_BYTES];

    (void)state;
    for (int i = 0; i < 100; i++)
        strcat(word, "\xF0\x90\xA4\x80"); /* four bytes each */
    shared_text_of(word, word, 0, text);
    CHECK_INT(40 * 4 + 3, strlen(text));
    CHECK_STR("\xE2\x80\xA6", text + 160);
    word[0] = '\0';
    for (int i = 0; i < 100; i++)
        strcat(word, "a\xCC\x81"); /* with a mark each */
    shared_text_of(word, word, 0, text);
    CHECK_INT(20 * 3 + 3, strlen(text));
}

static void failures_of_memory_are_errors(void **state)
{
    bool done = false;

    (void)state;
    for (long n = 0; n < 1000 && !done; n++) {
        rec_reasoner *made = NULL;
        rec_shared_list shared = REC_SHARED_INIT;
        rec_reason reason;
        rec_error err = REC_ERROR_INIT;
        rec_status rc;

        rec_alloc_fail_after(n);
        rc = rec_reasoner_new(NULL, &made, &err);
        if (rc == REC_OK)
            rc = rec_reasoner_set(made, REC_REASON_FOR_PAPER, &PAPERS[0], &err);
        if (rc == REC_OK)
            rc = rec_reasoner_say(made, &PAPERS[1], 1, &reason, &err);
        if (rc == REC_OK)
            rc = rec_reasoner_shared(made, &PAPERS[1], &shared, &err);
        rec_alloc_fail_after(-1);
        done = rc == REC_OK;
        if (!done)
            CHECK_STATUS(REC_ENOMEM, rc, &err);
        rec_shared_clear(&shared);
        rec_reasoner_free(made);
    }
    CHECK(done);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shared_words_are_said_as_they_stand_in_the_other_text),
        cmocka_unit_test(neighbouring_pairs_join_and_cover_their_words),
        cmocka_unit_test(a_phrase_stands_whole_in_both_texts),
        cmocka_unit_test(phrases_do_not_cross_punctuation),
        cmocka_unit_test(a_heavier_phrase_leads),
        cmocka_unit_test(no_stem_is_said_twice),
        cmocka_unit_test(stop_words_stand_at_no_end),
        cmocka_unit_test(things_may_end_a_phrase),
        cmocka_unit_test(what_any_paper_says_is_no_reason),
        cmocka_unit_test(numbers_and_scraps_are_said_in_phrases_alone),
        cmocka_unit_test(markup_and_addresses_are_not_said),
        cmocka_unit_test(words_that_were_cut_are_not_said),
        cmocka_unit_test(running_text_goes_before_titles_and_acronyms_keep_their_case),
        cmocka_unit_test(other_scripts_are_said_in_their_own),
        cmocka_unit_test(combining_marks_stay_with_their_characters),
        cmocka_unit_test(a_piece_is_narrowed_to_whole_characters),
        cmocka_unit_test(a_reason_ends_within_its_characters_with_a_whole_term),
        cmocka_unit_test(a_term_that_does_not_fit_leaves_room_for_one_that_does),
        cmocka_unit_test(what_cannot_be_seen_never_comes_out),
        cmocka_unit_test(bytes_that_are_no_text_are_passed_over),
        cmocka_unit_test(a_text_without_end_is_read_to_a_bound),
        cmocka_unit_test(words_of_one_bucket_are_not_taken_for_one),
        cmocka_unit_test(contributions_add_up_to_the_score),
        cmocka_unit_test(another_term_stands_where_its_share_puts_it),
        cmocka_unit_test(what_does_not_fit_behind_another_term_goes),
        cmocka_unit_test(of_a_query_all_words_count_and_share_the_whole),
        cmocka_unit_test(places_are_where_the_words_stand),
        cmocka_unit_test(a_shared_pair_is_its_two_words),
        cmocka_unit_test(a_long_shared_word_is_cut_at_a_character),
        cmocka_unit_test(failures_of_memory_are_errors),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
