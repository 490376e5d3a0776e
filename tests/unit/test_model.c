/* The model from fit to score, on papers made of small lists of words: the same bits for any threads, a likeness that means something. */
#include "check.h"

#include "alloc.h"
#include "model_file.h"
#include "parallel.h"
#include "rec/model.h"
#include "rec/vector.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { PAPERS = 116 };

/* Frozen: the fingerprint of a model of that many invented papers, on every machine. */
#define GOLDEN_FINGERPRINT "d1e56e7c55334c91fca28a765dee05d9"

static rec_ngrams *ngrams;
static char folder[] = "/tmp/rec-model-XXXXXX";
static char path[sizeof(folder) + 16]; /* every test writes it anew */

/* ---- papers ----------------------------------------------------------------------------------------------------- */

/* Fields that have no word in common, and no three letters in a row that would matter. */
static const char *const FIELDS[][12] = {
    { "coral", "reef", "larvae", "algae", "bleaching", "fish", "lagoon", "symbiont", "polyp", "tide", "salinity", "grazing" },
    { "quantum", "qubit", "decoherence", "entangled", "photon", "cavity", "gate", "fidelity", "spin", "lattice", "boson", "hamiltonian" },
    { "glacier", "moraine", "permafrost", "snowpack", "melt", "firn", "avalanche", "icecap", "crevasse", "runoff", "albedo", "sediment" },
    { "parser", "grammar", "corpus", "translation", "syntax", "morpheme", "treebank", "dialogue", "phoneme", "speech", "verb", "lexicon" },
};

struct paper {
    char title[128];
    char abstract[1024];
};

static void add_words(char *text, size_t room, size_t words, const char *const *field, rec_random *random)
{
    for (size_t i = 0; i < words; i++)
        snprintf(text + strlen(text), room - strlen(text), "%s%s", field[rec_random_below(random, COUNT(FIELDS[0]))],
                 i % 9 == 8 ? ". " : " ");
}

static size_t field_of(size_t paper)
{
    return paper % COUNT(FIELDS);
}

/* Paper `number`: the same whenever it is asked for. */
static struct paper invent(size_t number)
{
    rec_random random = { 1000 + number };
    struct paper paper = { "", "" };

    add_words(paper.title, sizeof(paper.title), 4, FIELDS[field_of(number)], &random);
    add_words(paper.abstract, sizeof(paper.abstract), 40, FIELDS[field_of(number)], &random);
    return paper;
}

/* Papers as counts, put together for a fit. */
struct corpus {
    rec_count *items;
    uint64_t *offsets;
    rec_rows rows;
};

static rec_counts count(const char *title, const char *abstract)
{
    rec_counts counts = REC_COUNTS_INIT;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_ngrams_count(ngrams, title, abstract, &counts, &err), &err);
    return counts;
}

static void corpus_add(struct corpus *corpus, const char *title, const char *abstract)
{
    size_t papers = corpus->rows.count, before = corpus->offsets ? corpus->offsets[papers] : 0;
    rec_counts counts = count(title, abstract);
    rec_count *items = rec_resize_array(corpus->items, before + counts.length, sizeof(*items));
    uint64_t *offsets = rec_resize_array(corpus->offsets, papers + 2, sizeof(*offsets));

    CHECK(items && offsets);
    if (counts.length > 0)
        memcpy(items + before, counts.items, counts.length * sizeof(*items));
    offsets[papers] = before;
    offsets[papers + 1] = before + counts.length;
    *corpus = (struct corpus){ items, offsets, { items, offsets, papers + 1 } };
    rec_counts_clear(&counts);
}

/* Invented papers 0 to `papers` - 1. */
static struct corpus make_corpus(size_t papers)
{
    struct corpus corpus = { .offsets = rec_alloc_array(1, sizeof(uint64_t)) };

    CHECK(corpus.offsets);
    corpus.rows.offsets = corpus.offsets;
    for (size_t i = 0; i < papers; i++) {
        struct paper paper = invent(i);
        corpus_add(&corpus, paper.title, paper.abstract);
    }
    return corpus;
}

static void corpus_clear(struct corpus *corpus)
{
    rec_free(corpus->items);
    rec_free(corpus->offsets);
}

static rec_model *fit(const struct corpus *corpus, unsigned threads)
{
    rec_fit input = { .rows = corpus->rows, .threads = threads };
    rec_error err = REC_ERROR_INIT;
    rec_model *model = NULL;

    CHECK_STATUS(REC_OK, rec_model_fit(&input, &model, &err), &err);
    return model;
}

static rec_model *fit_and_clear(struct corpus *corpus)
{
    rec_model *model = fit(corpus, 2);

    corpus_clear(corpus);
    return model;
}

static rec_model *fit_papers(size_t papers)
{
    struct corpus corpus = make_corpus(papers);

    return fit_and_clear(&corpus);
}

/* ---- what a model says of papers -------------------------------------------------------------------------------- */

/* A paper with all that a score needs; the dense vector serves as the smoothed one too. */
struct embedded {
    rec_counts counts;
    uint16_t words[4096];
    float scales[REC_BLOCKS];
    float dense[REC_DIM_MAX];
    int8_t code[REC_DIM_MAX];
    rec_view view;
};

static void embed(const rec_model *model, const char *title, const char *abstract, struct embedded *out)
{
    out->counts = count(title, abstract);
    rec_model_block_scales(model, out->counts.items, out->counts.length, out->scales);
    rec_model_embed(model, out->counts.items, out->counts.length, out->dense);
    CHECK(rec_pack_room(out->counts.length) <= COUNT(out->words));
    out->view = (rec_view){ { out->words, rec_pack(out->counts.items, out->counts.length, out->words) },
                            out->scales,
                            { out->code, 0 },
                            { out->code, 0 },
                            { NULL, 0 } };
    out->view.dense.factor = out->view.smooth.factor = rec_codes_round(out->dense, rec_model_dim(model), out->code);
}

static void embed_paper(const rec_model *model, size_t number, struct embedded *out)
{
    struct paper paper = invent(number);

    embed(model, paper.title, paper.abstract, out);
}

static rec_parts score(const rec_model *model, const struct embedded *a, const struct embedded *b)
{
    rec_error err = REC_ERROR_INIT;
    rec_query *query = NULL;
    rec_parts parts;

    CHECK_STATUS(REC_OK, rec_query_new(model, &query, &err), &err);
    rec_query_set(query, &a->view);
    parts = rec_query_score(query, &b->view);
    rec_query_free(query);
    return parts;
}

/* The likeness of two texts, each a title alone. */
static rec_parts score_titles(const rec_model *model, const char *left, const char *right)
{
    struct embedded a, b;
    rec_parts parts;

    embed(model, left, NULL, &a);
    embed(model, right, NULL, &b);
    parts = score(model, &a, &b);
    rec_counts_clear(&a.counts);
    rec_counts_clear(&b.counts);
    return parts;
}

static double length_of(const float *vector, size_t dim)
{
    return sqrt((double)rec_dot(vector, vector, dim));
}

static bool is_hexadecimal(const char *text)
{
    return strlen(text) == 32 && strspn(text, "0123456789abcdef") == 32;
}

/* ---- fitting ---------------------------------------------------------------------------------------------------- */

/* With no paper or one no n-gram is shared, so nothing is projected; the exact part of the score needs no other paper. */
static void any_number_of_papers_makes_a_model(void **state)
{
    static const size_t sizes[] = { 0, 1, 2, 3, PAPERS };

    (void)state;
    for (size_t s = 0; s < COUNT(sizes); s++) {
        rec_model *model = fit_papers(sizes[s]);
        struct embedded paper;

        CHECK_INT(sizes[s], rec_model_papers(model));
        CHECK_INT(0, rec_model_dim(model) % 16);
        CHECK(rec_model_dim(model) > 0 && rec_model_dim(model) <= REC_DIM_MAX);
        CHECK(rec_model_is_small(model));
        CHECK(is_hexadecimal(rec_model_fingerprint(model)));
        embed_paper(model, 0, &paper);
        CHECK_NEAR(sizes[s] >= 2, length_of(paper.dense, rec_model_dim(model)), 1e-6);
        CHECK_NEAR(1, score(model, &paper, &paper).sparse, 1e-6);
        rec_counts_clear(&paper.counts);
        rec_model_free(model);
    }
}

/* All bytes that a model puts into its file; the caller frees them. */
static uint8_t *save_and_read(const rec_model *model, size_t *bytes)
{
    rec_error err = REC_ERROR_INIT;
    struct stat st;
    uint8_t *content;
    FILE *file;

    CHECK_STATUS(REC_OK, rec_model_save(model, path, &err), &err);
    file = fopen(path, "rb");
    CHECK(file != NULL);
    CHECK(fstat(fileno(file), &st) == 0);
    *bytes = (size_t)st.st_size;
    content = rec_alloc_array(*bytes, 1);
    CHECK(content != NULL);
    CHECK_INT(*bytes, fread(content, 1, *bytes, file));
    fclose(file);
    return content;
}

static void threads_and_repetition_do_not_change_a_byte(void **state)
{
    static const unsigned threads[] = { 1, 1, 2, 5 };
    struct corpus corpus = make_corpus(PAPERS);
    uint8_t *first = NULL;
    size_t first_bytes = 0;
    char fingerprint[REC_FINGERPRINT_CHARS] = "";

    (void)state;
    for (size_t t = 0; t < COUNT(threads); t++) {
        rec_model *model = fit(&corpus, threads[t]);
        size_t bytes;
        uint8_t *content = save_and_read(model, &bytes);

        if (!first) {
            first = content;
            first_bytes = bytes;
            memcpy(fingerprint, rec_model_fingerprint(model), sizeof(fingerprint));
        } else {
            CHECK_STR(fingerprint, rec_model_fingerprint(model));
            CHECK_INT(first_bytes, bytes);
            CHECK(memcmp(first, content, bytes) == 0);
            rec_free(content);
        }
        rec_model_free(model);
    }
    rec_free(first);
    corpus_clear(&corpus);
}

/* A change here is a change of every vector and score, or a machine that computes differently. */
static void a_known_corpus_has_a_known_fingerprint(void **state)
{
    rec_model *model = fit_papers(PAPERS);

    (void)state;
    CHECK_STR(GOLDEN_FINGERPRINT, rec_model_fingerprint(model));
    rec_model_free(model);
}

static void a_fingerprint_tells_corpora_apart(void **state)
{
    enum { VARIANTS = 6, SIZE = 12 };
    char fingerprints[VARIANTS][REC_FINGERPRINT_CHARS];

    (void)state;
    for (size_t v = 0; v < VARIANTS; v++) {
        struct corpus corpus = make_corpus(SIZE);
        struct paper last = invent(SIZE);
        rec_model *model;

        if (v == 1)
            corpus_add(&corpus, last.title, last.abstract);
        else if (v == 2) /* a title counts twice */
            corpus_add(&corpus, last.abstract, last.title);
        else if (v == 3)
            corpus_add(&corpus, last.title, strchr(last.abstract, ' '));
        else if (v == 4)
            corpus_add(&corpus, last.title, NULL);
        else if (v == 5)
            corpus_add(&corpus, "coral", NULL);
        model = fit_and_clear(&corpus);
        memcpy(fingerprints[v], rec_model_fingerprint(model), sizeof(fingerprints[v]));
        rec_model_free(model);
        for (size_t other = 0; other < v; other++)
            if (strcmp(fingerprints[v], fingerprints[other]) == 0)
                fail_msg("corpora %zu and %zu have one fingerprint, %s", other, v, fingerprints[v]);
    }
}

/* Nothing to read: no text at all, white space, marks, and words that are passed over. */
static const char *const SILENT[][2] = { { NULL, NULL }, { "", "" }, { " \t", NULL }, { "?! --", "..." }, { "The of and", "is to be" } };

static void check_same_vectors(const rec_model *expected, const rec_model *actual)
{
    CHECK_INT(rec_model_dim(expected), rec_model_dim(actual));
    for (size_t i = 0; i < 20; i++) {
        struct paper paper = invent(i);
        rec_counts counts = count(paper.title, paper.abstract);
        float want[REC_DIM_MAX], have[REC_DIM_MAX];

        rec_model_embed(expected, counts.items, counts.length, want);
        rec_model_embed(actual, counts.items, counts.length, have);
        CHECK(memcmp(want, have, rec_model_dim(expected) * sizeof(*want)) == 0);
        rec_counts_clear(&counts);
    }
}

/* They count as papers, for the store grows by them, and shape nothing. */
static void papers_without_a_word_are_passed_over(void **state)
{
    struct corpus plain = make_corpus(0), sprinkled = make_corpus(0), silent = make_corpus(0);
    rec_model *expected, *actual;

    (void)state;
    for (size_t i = 0; i < 20; i++) {
        struct paper paper = invent(i);

        corpus_add(&plain, paper.title, paper.abstract);
        corpus_add(&sprinkled, SILENT[i % COUNT(SILENT)][0], SILENT[i % COUNT(SILENT)][1]);
        corpus_add(&sprinkled, paper.title, paper.abstract);
        corpus_add(&silent, SILENT[i % COUNT(SILENT)][0], SILENT[i % COUNT(SILENT)][1]);
    }
    expected = fit_and_clear(&plain);
    actual = fit_and_clear(&sprinkled);
    CHECK_INT(40, rec_model_papers(actual));
    check_same_vectors(expected, actual);
    rec_model_free(expected);
    rec_model_free(actual);

    expected = fit_papers(0);
    actual = fit_and_clear(&silent);
    CHECK_INT(20, rec_model_papers(actual));
    check_same_vectors(expected, actual);
    rec_model_free(expected);
    rec_model_free(actual);
}

static void upper_case_makes_the_same_model(void **state)
{
    struct corpus shouting = make_corpus(0);
    rec_model *expected = fit_papers(20), *actual;

    (void)state;
    for (size_t i = 0; i < 20; i++) {
        struct paper paper = invent(i);

        for (char *c = paper.title; *c; c++)
            *c = (char)toupper(*c);
        for (char *c = paper.abstract; *c; c++)
            *c = (char)toupper(*c);
        corpus_add(&shouting, paper.title, paper.abstract);
    }
    actual = fit_and_clear(&shouting);
    CHECK_STR(rec_model_fingerprint(expected), rec_model_fingerprint(actual));
    rec_model_free(expected);
    rec_model_free(actual);
}

/* A paper of block W alone, cut out of `counts`, whose features rise. */
static size_t words_alone(const rec_counts *counts)
{
    size_t length = 0;

    while (length < counts->length && rec_count_feature(counts->items[length]) < REC_BLOCK_BUCKETS)
        length++;
    return length;
}

/*
 * How far apart the vectors of one paper are with its characters' n-grams and without. A long word has more of them than a short one, so
 * that the blocks do not say the same.
 */
static double weight_of_characters(const rec_model *model)
{
    float whole[REC_DIM_MAX], words[REC_DIM_MAX];
    rec_counts counts = count("permafrost", "verb");
    size_t length = words_alone(&counts);
    double cosine;

    CHECK(length > 0 && length < counts.length);
    rec_model_embed(model, counts.items, counts.length, whole);
    rec_model_embed(model, counts.items, length, words);
    cosine = (double)rec_dot(whole, words, rec_model_dim(model));
    rec_counts_clear(&counts);
    return 1 - cosine;
}

static void a_store_of_one_paper_more_than_small_is_projected_by_words_alone(void **state)
{
    static const char *const words[] = { "coral", "qubit", "permafrost", "verb" };

    (void)state;
    for (size_t papers = REC_SMALL_STORE; papers <= REC_SMALL_STORE + 1; papers++) {
        struct corpus corpus = make_corpus(0);
        struct embedded paper;
        rec_model *model;

        for (size_t i = 0; i < papers; i++)
            corpus_add(&corpus, words[i % COUNT(words)], NULL);
        model = fit_and_clear(&corpus);
        CHECK_INT(papers, rec_model_papers(model));
        CHECK_INT(papers <= REC_SMALL_STORE, rec_model_is_small(model));
        if (papers > REC_SMALL_STORE)
            CHECK_NEAR(0, weight_of_characters(model), 1e-5);
        else
            CHECK(weight_of_characters(model) > 1e-4);
        embed(model, "coral", NULL, &paper);
        if (papers > REC_SMALL_STORE)
            paper.view.smooth.items = NULL;
        CHECK_NEAR(1, score(model, &paper, &paper).total, 1e-6);
        rec_counts_clear(&paper.counts);
        rec_model_free(model);
    }
}

static void memory_running_out_while_fitting_is_reported(void **state)
{
    struct corpus corpus = make_corpus(3);
    rec_model *expected = fit(&corpus, 1);
    long allowed = 0;

    (void)state;
    for (;; allowed++) {
        rec_fit input = { .rows = corpus.rows, .threads = 2 };
        rec_error err = REC_ERROR_INIT;
        rec_model *model = NULL;
        rec_status rc;

        rec_alloc_fail_after(allowed);
        rc = rec_model_fit(&input, &model, &err);
        rec_alloc_fail_after(-1);
        if (rc == REC_OK) {
            CHECK_STR(rec_model_fingerprint(expected), rec_model_fingerprint(model));
            rec_model_free(model);
            break;
        }
        CHECK_STATUS(REC_ENOMEM, rc, &err);
        CHECK_CONTAINS("out of memory", err.message);
        CHECK(model == NULL);
    }
    CHECK(allowed > 10);
    rec_model_free(expected);
    corpus_clear(&corpus);
}

/* ---- vectors and scores ----------------------------------------------------------------------------------------- */

static rec_model *fitted; /* on all invented papers, for the tests that only read */

static void vectors_have_unit_length(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * PAPERS; i++) { /* the second half was not fitted on */
        struct embedded paper;

        embed_paper(fitted, i, &paper);
        CHECK_NEAR(1, length_of(paper.dense, rec_model_dim(fitted)), 1e-6);
        rec_counts_clear(&paper.counts);
    }
}

static void a_paper_of_a_title_or_an_abstract_alone_has_a_vector_near_the_whole(void **state)
{
    struct paper paper = invent(7);
    struct embedded whole, title, abstract, foreign;

    (void)state;
    embed(fitted, paper.title, paper.abstract, &whole);
    embed(fitted, paper.title, NULL, &title);
    embed(fitted, NULL, paper.abstract, &abstract);
    embed_paper(fitted, 8, &foreign);
    CHECK_NEAR(1, length_of(title.dense, rec_model_dim(fitted)), 1e-6);
    CHECK_NEAR(1, length_of(abstract.dense, rec_model_dim(fitted)), 1e-6);
    CHECK(score(fitted, &whole, &title).total > 0.3f);
    CHECK(score(fitted, &whole, &abstract).total > 0.8f);
    CHECK(score(fitted, &foreign, &title).total < 0.05f);
    CHECK(score(fitted, &foreign, &abstract).total < 0.05f);
    rec_counts_clear(&whole.counts);
    rec_counts_clear(&title.counts);
    rec_counts_clear(&abstract.counts);
    rec_counts_clear(&foreign.counts);
}

static void a_paper_without_a_word_is_like_nothing_not_even_itself(void **state)
{
    struct embedded other;

    (void)state;
    embed_paper(fitted, 0, &other);
    for (size_t i = 0; i < COUNT(SILENT); i++) {
        struct embedded silent;

        embed(fitted, SILENT[i][0], SILENT[i][1], &silent);
        CHECK_NEAR(0, length_of(silent.dense, rec_model_dim(fitted)), 0);
        CHECK(silent.scales[0] == 0 && silent.scales[1] == 0);
        CHECK_NEAR(0, score(fitted, &silent, &silent).total, 0);
        CHECK_NEAR(0, score(fitted, &silent, &other).total, 0);
        CHECK_NEAR(0, score(fitted, &other, &silent).total, 0);
        rec_counts_clear(&silent.counts);
    }
    rec_counts_clear(&other.counts);
}

static void a_likeness_is_one_for_the_same_text_and_the_same_both_ways(void **state)
{
    static struct embedded papers[PAPERS];

    (void)state;
    for (size_t i = 0; i < PAPERS; i++)
        embed_paper(fitted, i, &papers[i]);
    for (size_t i = 0; i < PAPERS; i++)
        for (size_t j = 0; j <= i; j++) {
            rec_parts there = score(fitted, &papers[i], &papers[j]), back = score(fitted, &papers[j], &papers[i]);

            CHECK_NEAR(there.total, back.total, 1e-6);
            CHECK(there.sparse >= 0 && there.sparse <= 1 + 1e-6f);
            CHECK(fabsf(there.dense) <= 1 + 1e-6f);
            CHECK(fabsf(there.total) <= 1 + 1e-6f);
            if (i == j)
                CHECK_NEAR(1, there.total, 1e-6);
            else if (field_of(i) == field_of(j))
                CHECK(there.total > 0.3f);
            else
                CHECK_NEAR(0, there.total, 0.05);
        }
    for (size_t i = 0; i < PAPERS; i++)
        rec_counts_clear(&papers[i].counts);
}

static void case_does_not_change_a_likeness(void **state)
{
    rec_parts lower = score_titles(fitted, "coral reef fish", "reef larvae");
    rec_parts upper = score_titles(fitted, "CORAL REEF FISH", "Reef Larvae");

    (void)state;
    CHECK(lower.total > 0.1f);
    CHECK(memcmp(&lower, &upper, sizeof(lower)) == 0);
}

/* Fields of one script each, whose papers share words inside a field alone. */
static void other_scripts_are_told_apart_and_found_alike(void **state)
{
    static const char *const titles[3][3] = {
        { "η θερμοκρασία της θάλασσας", "η θερμοκρασία του ωκεανού και της θάλασσας", "ρεύματα του ωκεανού και θερμοκρασία" },
        { "深度学习模型的训练", "学习模型与训练数据", "训练深度模型" },
        { "تلوث مياه البحر", "مياه البحر المالحة", "تلوث البحر والمياه" },
    };
    static struct embedded papers[9];
    struct corpus corpus = make_corpus(0);
    rec_model *model;

    (void)state;
    for (size_t i = 0; i < 9; i++)
        corpus_add(&corpus, titles[i / 3][i % 3], NULL);
    model = fit_and_clear(&corpus);
    for (size_t i = 0; i < 9; i++) {
        embed(model, titles[i / 3][i % 3], NULL, &papers[i]);
        CHECK_NEAR(1, length_of(papers[i].dense, rec_model_dim(model)), 1e-6);
        for (size_t j = 0; j < i; j++) {
            float likeness = score(model, &papers[i], &papers[j]).total;

            if (i / 3 == j / 3 ? likeness < 0.15f : fabsf(likeness) > 0.05f)
                fail_msg("'%s' and '%s' are alike by %g", titles[i / 3][i % 3], titles[j / 3][j % 3], (double)likeness);
        }
    }
    for (size_t i = 0; i < 9; i++)
        rec_counts_clear(&papers[i].counts);
    rec_model_free(model);
}

/* A query is used for one paper after another: nothing of the first may be left in the second's scores. */
static void a_query_forgets_the_paper_before(void **state)
{
    struct embedded first, second, other;
    rec_error err = REC_ERROR_INIT;
    rec_query *query = NULL;
    rec_parts expected, actual;

    (void)state;
    embed(fitted, "coral reef", "qubit photon", &first);
    embed_paper(fitted, 1, &second);
    embed_paper(fitted, 4, &other);
    expected = score(fitted, &second, &other);
    CHECK_STATUS(REC_OK, rec_query_new(fitted, &query, &err), &err);
    rec_query_set(query, &first.view);
    CHECK(rec_query_score(query, &other.view).sparse > expected.sparse);
    rec_query_set(query, &second.view);
    actual = rec_query_score(query, &other.view);
    CHECK(memcmp(&expected, &actual, sizeof(expected)) == 0);
    rec_query_free(query);
    rec_query_free(NULL);
    rec_counts_clear(&first.counts);
    rec_counts_clear(&second.counts);
    rec_counts_clear(&other.counts);
}

static void smoothing_weighs_by_the_cube_and_leaves_out_what_is_unlike(void **state)
{
    static const int8_t self[16] = { 127 }, near[16] = { 0, 127 }, unlike[16] = { 0, 0, 127 };
    static const float expected[16] = { 1 }, zero[16];
    const rec_code vectors[] = { { self, 1 / 127.0f }, { near, 1 / 127.0f }, { unlike, 1 / 127.0f } };
    const float likeness[] = { 1, 0.5f, -0.9f };
    float out[16];

    (void)state;
    rec_smooth(vectors, likeness, 3, 16, out);
    CHECK_NEAR(8 / sqrt(65), out[0], 1e-6);
    CHECK_NEAR(1 / sqrt(65), out[1], 1e-6);
    CHECK_NEAR(0, out[2], 0);
    rec_smooth(vectors, likeness, 1, 16, out);
    CHECK(memcmp(expected, out, sizeof(out)) == 0);
    rec_smooth(vectors + 2, likeness + 2, 1, 16, out);
    CHECK(memcmp(zero, out, sizeof(out)) == 0);
}

struct shared {
    struct embedded papers[PAPERS];
    float again[PAPERS][REC_DIM_MAX];
    rec_parts scores[PAPERS];
};

static rec_status embed_and_score(size_t task, unsigned thread, void *context, rec_error *err)
{
    struct shared *shared = context;
    const struct embedded *paper = &shared->papers[task];
    rec_query *query;
    rec_status rc;

    (void)thread;
    rec_model_embed(fitted, paper->counts.items, paper->counts.length, shared->again[task]);
    if ((rc = rec_query_new(fitted, &query, err)) != REC_OK)
        return rc;
    rec_query_set(query, &paper->view);
    shared->scores[task] = rec_query_score(query, &shared->papers[0].view);
    rec_query_free(query);
    return REC_OK;
}

static void threads_share_a_model(void **state)
{
    static struct shared shared;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    for (size_t i = 0; i < PAPERS; i++)
        embed_paper(fitted, i, &shared.papers[i]);
    CHECK_STATUS(REC_OK, rec_parallel(PAPERS, 4, embed_and_score, &shared, &err), &err);
    for (size_t i = 0; i < PAPERS; i++) {
        rec_parts expected = score(fitted, &shared.papers[i], &shared.papers[0]);

        CHECK(memcmp(shared.papers[i].dense, shared.again[i], rec_model_dim(fitted) * sizeof(float)) == 0);
        CHECK(memcmp(&expected, &shared.scores[i], sizeof(expected)) == 0);
    }
    for (size_t i = 0; i < PAPERS; i++)
        rec_counts_clear(&shared.papers[i].counts);
}

static void memory_running_out_for_a_query_is_reported(void **state)
{
    long allowed = 0;

    (void)state;
    for (;; allowed++) {
        rec_error err = REC_ERROR_INIT;
        rec_query *query = NULL;
        rec_status rc;

        rec_alloc_fail_after(allowed);
        rc = rec_query_new(fitted, &query, &err);
        rec_alloc_fail_after(-1);
        if (rc == REC_OK) {
            rec_query_free(query);
            break;
        }
        CHECK_STATUS(REC_ENOMEM, rc, &err);
        CHECK(query == NULL);
    }
    CHECK(allowed > 0);
}

/* ---- files ------------------------------------------------------------------------------------------------------ */

static void save(const rec_model *model)
{
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_model_save(model, path, &err), &err);
}

/* Loading gives `expected`, and a sentence with the file's name and `part` in it. */
static void check_refused(rec_status expected, const char *fingerprint, const char *part)
{
    rec_error err = REC_ERROR_INIT;
    rec_model *model = NULL;

    CHECK_STATUS(expected, rec_model_load(path, fingerprint, &model, &err), &err);
    CHECK_CONTAINS(path, err.message);
    CHECK_CONTAINS(part, err.message);
    CHECK(model == NULL);
}

static void a_loaded_model_is_the_saved_one_bit_for_bit(void **state)
{
    static const size_t sizes[] = { 0, 1, 3, PAPERS };

    (void)state;
    for (size_t s = 0; s < COUNT(sizes); s++) {
        rec_model *model = fit_papers(sizes[s]), *loaded = NULL;
        struct embedded before[2], after[2];
        rec_error err = REC_ERROR_INIT;

        save(model);
        CHECK_STATUS(REC_OK, rec_model_load(path, rec_model_fingerprint(model), &loaded, &err), &err);
        CHECK_STR(rec_model_fingerprint(model), rec_model_fingerprint(loaded));
        CHECK_INT(rec_model_dim(model), rec_model_dim(loaded));
        CHECK_INT(rec_model_papers(model), rec_model_papers(loaded));
        CHECK_INT(rec_model_is_small(model), rec_model_is_small(loaded));
        for (size_t i = 0; i < 40; i++) {
            rec_parts expected, actual;

            for (size_t side = 0; side < 2; side++) {
                embed_paper(model, (1 + 4 * side) * i, &before[side]);
                embed_paper(loaded, (1 + 4 * side) * i, &after[side]);
                CHECK(memcmp(before[side].dense, after[side].dense, rec_model_dim(model) * sizeof(float)) == 0);
                CHECK(memcmp(before[side].scales, after[side].scales, sizeof(after[side].scales)) == 0);
            }
            expected = score(model, &before[0], &before[1]);
            actual = score(loaded, &after[0], &after[1]);
            CHECK(memcmp(&expected, &actual, sizeof(expected)) == 0);
            for (size_t side = 0; side < 2; side++) {
                rec_counts_clear(&before[side].counts);
                rec_counts_clear(&after[side].counts);
            }
        }
        rec_model_free(model);
        rec_model_free(loaded);
    }
}

static void a_loaded_model_saves_the_same_file(void **state)
{
    rec_error err = REC_ERROR_INIT;
    rec_model *loaded = NULL;
    size_t bytes, again_bytes;
    uint8_t *content = save_and_read(fitted, &bytes), *again;

    (void)state;
    CHECK_STATUS(REC_OK, rec_model_load(path, NULL, &loaded, &err), &err);
    again = save_and_read(loaded, &again_bytes);
    CHECK_INT(bytes, again_bytes);
    CHECK(memcmp(content, again, bytes) == 0);
    rec_model_free(loaded);
    rec_free(content);
    rec_free(again);
}

static void a_model_of_another_fingerprint_is_stale_and_both_are_named(void **state)
{
    static const char other[] = "00112233445566778899aabbccddeeff";
    char both[128];

    (void)state;
    save(fitted);
    snprintf(both, sizeof(both), "fingerprint %s, store has %s; run 'recommend build'", rec_model_fingerprint(fitted), other);
    check_refused(REC_ESTALE, other, both);
}

static void a_missing_model_is_stale(void **state)
{
    (void)state;
    unlink(path);
    check_refused(REC_ESTALE, NULL, "run 'recommend build'");
}

static void a_cut_model_is_refused(void **state)
{
    size_t bytes;
    uint8_t *content = save_and_read(fitted, &bytes);

    (void)state;
    rec_free(content);
    for (size_t cut = 0; cut <= 40; cut++) { /* from the end, for truncating makes no file longer */
        CHECK(truncate(path, (off_t)(cut == 0 ? bytes - 1 : bytes - bytes * cut / 40)) == 0);
        check_refused(REC_EDAMAGED, NULL, "run 'recommend build'");
    }
}

static void flip(FILE *file, size_t at, uint8_t bit)
{
    int byte;

    CHECK(fseek(file, (long)at, SEEK_SET) == 0);
    byte = fgetc(file);
    CHECK(byte != EOF);
    CHECK(fseek(file, (long)at, SEEK_SET) == 0);
    CHECK(fputc(byte ^ bit, file) != EOF);
    CHECK(fflush(file) == 0);
}

/* It is not opened, or it is and does not stand up to being read whole. */
static void check_noticed(void)
{
    rec_error err = REC_ERROR_INIT;
    rec_model *model = NULL;
    rec_status rc = rec_model_load(path, NULL, &model, &err);

    if (rc == REC_OK)
        rc = rec_model_verify(model, &err);
    CHECK_STATUS(REC_EDAMAGED, rc, &err);
    CHECK_CONTAINS(path, err.message);
    CHECK_CONTAINS("run 'recommend build'", err.message);
    rec_model_free(model);
}

/* Papers whose vectors are made of an altered row are refused, and others have the vectors that they had. */
static void an_altered_row_is_met_by_the_papers_that_need_it(void **state)
{
    size_t bytes, refused = 0;
    uint8_t *content = save_and_read(fitted, &bytes);
    struct rec_model_head head;
    rec_counts strange = count("xyzzyq", NULL);
    FILE *file = fopen(path, "r+b");
    rec_error err = REC_ERROR_INIT;
    rec_model *model = NULL;

    (void)state;
    memcpy(&head, content + REC_SEALED_HEADER, sizeof(head));
    rec_free(content);
    CHECK(file != NULL);
    flip(file,
         REC_SEALED_HEADER + sizeof(head) + REC_FEATURES * 8 + (head.rows * sizeof(float) + 63) / 64 * 64 + head.rows / 2 * head.fit_dim,
         0x40);
    fclose(file);
    CHECK_STATUS(REC_OK, rec_model_load(path, NULL, &model, &err), &err);
    for (size_t i = 0; i < PAPERS; i++) {
        struct embedded expected, actual;

        embed_paper(fitted, i, &expected);
        if (rec_model_touch(model, expected.counts.items, expected.counts.length, &err) == REC_OK) {
            embed_paper(model, i, &actual);
            CHECK(memcmp(expected.dense, actual.dense, rec_model_dim(model) * sizeof(float)) == 0);
            rec_counts_clear(&actual.counts);
        } else {
            CHECK_INT(REC_EDAMAGED, err.code);
            CHECK_CONTAINS(path, err.message);
            refused++;
        }
        rec_counts_clear(&expected.counts);
    }
    CHECK(refused > 0);
    CHECK_STATUS(REC_OK, rec_model_touch(model, strange.items, strange.length, &err), &err);
    rec_counts_clear(&strange);
    rec_model_free(model);
}

/* All of both heads, and places all over the rest. */
static void a_model_with_a_bit_flipped_is_refused(void **state)
{
    const size_t heads = REC_SEALED_HEADER + sizeof(struct rec_model_head);
    rec_random random = { 20 };
    size_t bytes;
    uint8_t *content = save_and_read(fitted, &bytes);
    rec_error err = REC_ERROR_INIT;
    rec_model *model = NULL;
    FILE *file = fopen(path, "r+b");

    (void)state;
    rec_free(content);
    CHECK(file != NULL);
    for (size_t i = 0; i < heads + 100; i++) {
        size_t at = i < heads ? i : (size_t)rec_random_below(&random, bytes);
        uint8_t bit = (uint8_t)(1U << rec_random_below(&random, 8));

        flip(file, at, bit);
        check_noticed();
        flip(file, at, bit);
    }
    fclose(file);
    CHECK_STATUS(REC_OK, rec_model_load(path, rec_model_fingerprint(fitted), &model, &err), &err);
    rec_model_free(model);
}

/* The checksums are right, so that the contents alone can give it away. */
static void write_model(uint32_t version, const void *payload, size_t bytes)
{
    const rec_sealed_info info = { "model", version, 16, 1, "00112233445566778899aabbccddeeff" };
    rec_sealed_writer *writer = NULL;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_sealed_create(path, &info, &writer, &err), &err);
    CHECK_STATUS(REC_OK, rec_sealed_write(writer, payload, bytes, &err), &err);
    CHECK_STATUS(REC_OK, rec_sealed_commit(writer, &err), &err);
}

static void a_whole_file_that_contradicts_itself_is_refused(void **state)
{
    size_t bytes;
    uint8_t *content = save_and_read(fitted, &bytes), *payload = content + REC_SEALED_HEADER;
    struct rec_model_head *head = (void *)payload, good = *head;
    const uint32_t shapes[][2] = { { 0, good.rows },
                                   { good.fit_dim - 8, good.rows },
                                   { good.fit_dim + 16, good.rows },
                                   { REC_FIT_DIM + 16, good.rows },
                                   { UINT32_MAX, good.rows },
                                   { good.fit_dim, 0 },
                                   { good.fit_dim, REC_FEATURES + 1 },
                                   { good.fit_dim, UINT32_MAX } };
    uint32_t *row_of = (void *)(payload + sizeof(*head) + REC_FEATURES * sizeof(float));

    (void)state;
    memcpy(&bytes, content + 32, sizeof(bytes)); /* of the payload alone */
    for (size_t i = 0; i < COUNT(shapes); i++) {
        head->fit_dim = shapes[i][0];
        head->rows = shapes[i][1];
        write_model(REC_MODEL_VERSION, payload, bytes);
        check_refused(REC_EDAMAGED, NULL, "sizes contradict");
    }
    *head = good;
    write_model(REC_MODEL_VERSION, payload, bytes - 64);
    check_refused(REC_EDAMAGED, NULL, "sizes contradict");
    write_model(REC_MODEL_VERSION, payload, 40);
    check_refused(REC_EDAMAGED, NULL, "too short");
    row_of[77] = good.rows;
    write_model(REC_MODEL_VERSION, payload, bytes);
    check_refused(REC_EDAMAGED, NULL, "feature 77 names row");
    rec_free(content);
}

static void a_model_of_another_release_is_stale(void **state)
{
    size_t bytes;
    uint8_t *content = save_and_read(fitted, &bytes), *payload = content + REC_SEALED_HEADER;
    struct rec_model_head *head = (void *)payload;

    (void)state;
    memcpy(&bytes, content + 32, sizeof(bytes)); /* of the payload alone */
    write_model(REC_MODEL_VERSION + 1, payload, bytes);
    check_refused(REC_ESTALE, NULL, "run 'recommend build'");
    head->ngram_version++;
    write_model(REC_MODEL_VERSION, payload, bytes);
    check_refused(REC_ESTALE, NULL, "run 'recommend build --refit'");
    rec_free(content);
}

static void a_model_that_cannot_be_written_leaves_the_old_file(void **state)
{
    rec_error err = REC_ERROR_INIT;
    rec_model *small = fit_papers(3), *loaded = NULL;
    char nowhere[sizeof(path) + 16];

    (void)state;
    save(small);
    snprintf(nowhere, sizeof(nowhere), "%s/model", path);
    CHECK_STATUS(REC_EIO, rec_model_save(fitted, nowhere, &err), &err);
    CHECK_CONTAINS(nowhere, err.message);
    CHECK_STATUS(REC_OK, rec_model_load(path, rec_model_fingerprint(small), &loaded, &err), &err);
    rec_model_free(loaded);
    rec_model_free(small);
}

static void memory_running_out_over_a_file_is_reported(void **state)
{
    long allowed = 0;

    (void)state;
    for (;; allowed++) {
        rec_error err = REC_ERROR_INIT;
        rec_model *model = NULL;
        rec_status rc;

        rec_alloc_fail_after(allowed);
        if ((rc = rec_model_save(fitted, path, &err)) == REC_OK)
            rc = rec_model_load(path, NULL, &model, &err);
        rec_alloc_fail_after(-1);
        if (rc == REC_OK) {
            rec_model_free(model);
            break;
        }
        CHECK_STATUS(REC_ENOMEM, rc, &err);
        CHECK_CONTAINS(path, err.message);
        CHECK(model == NULL);
    }
    CHECK(allowed > 1);
}

/* ---- all together ----------------------------------------------------------------------------------------------- */

static int setup(void **state)
{
    rec_error err = REC_ERROR_INIT;

    (void)state;
    if (!mkdtemp(folder) || rec_ngrams_new(&ngrams, &err) != REC_OK)
        return -1;
    snprintf(path, sizeof(path), "%s/model", folder);
    fitted = fit_papers(PAPERS);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    rec_model_free(fitted);
    rec_ngrams_free(ngrams);
    unlink(path);
    return rmdir(folder); /* fails, and says so, when a test left anything else behind */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_papers_makes_a_model),
        cmocka_unit_test(threads_and_repetition_do_not_change_a_byte),
        cmocka_unit_test(a_known_corpus_has_a_known_fingerprint),
        cmocka_unit_test(a_fingerprint_tells_corpora_apart),
        cmocka_unit_test(papers_without_a_word_are_passed_over),
        cmocka_unit_test(upper_case_makes_the_same_model),
        cmocka_unit_test(a_store_of_one_paper_more_than_small_is_projected_by_words_alone),
        cmocka_unit_test(memory_running_out_while_fitting_is_reported),
        cmocka_unit_test(vectors_have_unit_length),
        cmocka_unit_test(a_paper_of_a_title_or_an_abstract_alone_has_a_vector_near_the_whole),
        cmocka_unit_test(a_paper_without_a_word_is_like_nothing_not_even_itself),
        cmocka_unit_test(a_likeness_is_one_for_the_same_text_and_the_same_both_ways),
        cmocka_unit_test(case_does_not_change_a_likeness),
        cmocka_unit_test(other_scripts_are_told_apart_and_found_alike),
        cmocka_unit_test(a_query_forgets_the_paper_before),
        cmocka_unit_test(smoothing_weighs_by_the_cube_and_leaves_out_what_is_unlike),
        cmocka_unit_test(threads_share_a_model),
        cmocka_unit_test(memory_running_out_for_a_query_is_reported),
        cmocka_unit_test(a_loaded_model_is_the_saved_one_bit_for_bit),
        cmocka_unit_test(a_loaded_model_saves_the_same_file),
        cmocka_unit_test(a_model_of_another_fingerprint_is_stale_and_both_are_named),
        cmocka_unit_test(a_missing_model_is_stale),
        cmocka_unit_test(a_cut_model_is_refused),
        cmocka_unit_test(a_model_with_a_bit_flipped_is_refused),
        cmocka_unit_test(an_altered_row_is_met_by_the_papers_that_need_it),
        cmocka_unit_test(a_whole_file_that_contradicts_itself_is_refused),
        cmocka_unit_test(a_model_of_another_release_is_stale),
        cmocka_unit_test(a_model_that_cannot_be_written_leaves_the_old_file),
        cmocka_unit_test(memory_running_out_over_a_file_is_reported),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
