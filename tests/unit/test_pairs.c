/* Pairs drawn from papers without labels: who stands in a batch, what each side of a pair holds, and that it is the same on any number of
 * threads. */
#include "check.h"

#include "alloc.h"
#include "pairs.h"
#include "weight.h"

#include <stdbool.h>

/*
 * Papers whose features tell where they come from: token t of paper p is the word 100 p + t and, with the token before it, the pair 32768
 * higher. Titles are tokens 0 to 9, abstracts those from 10 on.
 */
#define PAPERS 60u
#define PER_PAPER 100u
#define TITLE 3u
#define ABSTRACT_AT 10u
#define PAIR 32768u
#define BATCH 16u
#define SENTENCE 6u /* tokens */

static rec_token tokens[PAPERS * PER_PAPER];
static uint64_t offsets[2 * PAPERS + 1];
static uint32_t authors[PAPERS];
static float idf[REC_BLOCK_BUCKETS];
static rec_training texts = { tokens, offsets, authors, PAPERS };

static size_t title_length(unsigned paper)
{
    return paper % 11 == 5 ? 1 : TITLE; /* one token is too few */
}

static size_t abstract_length(unsigned paper)
{
    return paper % 7 == 3 ? 19 : 20 + paper % 30; /* 19 are too few */
}

static bool has_abstract(unsigned paper)
{
    return paper % 7 != 3;
}

static bool has_both(unsigned paper)
{
    return has_abstract(paper) && paper % 11 != 5;
}

static size_t add_tokens(size_t at, unsigned paper, unsigned first, size_t length)
{
    for (unsigned t = first; t < first + length; t++) {
        bool sentence = t > first && (t - first) % SENTENCE == 0;
        uint16_t word = (uint16_t)(paper * PER_PAPER + t);

        tokens[at++] = (rec_token){ word, (uint16_t)(word + PAIR),
                                    (uint16_t)(REC_TOKEN_WORD | (sentence    ? REC_TOKEN_SENTENCE
                                                                 : t > first ? REC_TOKEN_PAIR
                                                                             : 0)) };
    }
    return at;
}

static int make_papers(void **state)
{
    size_t at = 0;

    (void)state;
    for (unsigned paper = 0; paper < PAPERS; paper++) {
        offsets[2 * paper] = at;
        at = add_tokens(at, paper, 0, title_length(paper));
        offsets[2 * paper + 1] = at;
        at = add_tokens(at, paper, ABSTRACT_AT, abstract_length(paper));
        authors[paper] = paper % 10 == 9 ? 0 : 1 + paper % 25; /* most have two papers or three, some are not known */
    }
    offsets[2 * PAPERS] = at;
    for (size_t i = 0; i < REC_BLOCK_BUCKETS; i++)
        idf[i] = 1;
    return 0;
}

static rec_pairs *begin(const rec_training *of, unsigned threads, uint64_t seed)
{
    rec_pairs *pairs = NULL;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_pairs_new(of, idf, BATCH, threads, seed, &pairs, &err), &err);
    return pairs;
}

struct batch {
    const rec_side *left, *right;
    size_t count;
};

static struct batch draw(rec_pairs *pairs, rec_pair_kind kind)
{
    struct batch batch;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_pairs_draw(pairs, kind, &batch.left, &batch.right, &batch.count, &err), &err);
    CHECK(batch.count > 0 && batch.count <= BATCH);
    return batch;
}

static unsigned paper_of(const rec_side *side)
{
    CHECK(side->length > 0);
    return side->features[0] % PAIR / PER_PAPER;
}

/* What a side holds, in numbers; all of it must be one paper's. */
struct contents {
    size_t title_words, abstract_words, pairs;
    unsigned first, last; /* tokens of the abstract */
    double title_square, abstract_square;
};

static struct contents look_into(const rec_side *side)
{
    struct contents in = { .first = PER_PAPER };
    unsigned paper = paper_of(side);

    for (size_t i = 0; i < side->length; i++) {
        unsigned feature = side->features[i], token = feature % PAIR % PER_PAPER;
        double square = (double)side->weights[i] * (double)side->weights[i];

        CHECK_INT(paper, feature % PAIR / PER_PAPER);
        *(token < ABSTRACT_AT ? &in.title_square : &in.abstract_square) += square;
        if (feature >= PAIR) {
            in.pairs++;
            continue;
        }
        in.title_words += token < ABSTRACT_AT;
        in.abstract_words += token >= ABSTRACT_AT;
        if (token >= ABSTRACT_AT) {
            in.first = token < in.first ? token : in.first;
            in.last = token > in.last ? token : in.last;
        }
    }
    return in;
}

/* Pairs inside `length` tokens, of which the first has none, nor has one that begins a sentence. */
static size_t pairs_within(size_t length)
{
    return length - (length + SENTENCE - 1) / SENTENCE;
}

/* ---- who stands in a batch ------------------------------------------------------------------------------------------ */

static void no_paper_stands_twice_in_a_batch(void **state)
{
    rec_pairs *pairs = begin(&texts, 1, 1);

    (void)state;
    for (int round = 0; round < 60; round++) {
        rec_pair_kind kind = (rec_pair_kind)(round % 3);
        struct batch batch = draw(pairs, kind);
        int seen[PAPERS] = { 0 };

        for (size_t i = 0; i < batch.count; i++) {
            CHECK_INT(0, seen[paper_of(&batch.left[i])]++);
            CHECK_INT(kind == REC_PAIR_AUTHOR ? 0 : 1, seen[paper_of(&batch.right[i])]++);
        }
    }
    rec_pairs_free(pairs);
}

static void no_author_stands_twice_in_a_batch(void **state)
{
    rec_pairs *pairs = begin(&texts, 1, 2);

    (void)state;
    for (int round = 0; round < 20; round++) {
        struct batch batch = draw(pairs, REC_PAIR_AUTHOR);
        int seen[PAPERS] = { 0 };

        for (size_t i = 0; i < batch.count; i++)
            CHECK_INT(0, seen[authors[paper_of(&batch.left[i])]]++);
    }
    rec_pairs_free(pairs);
}

/* With batches that divide the papers, and all serving, a round is a permutation. */
static void batches_go_round_all_papers(void **state)
{
    rec_training some = texts;
    rec_pairs *pairs = NULL;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    some.count = 3; /* 0, 1 and 2 serve */
    CHECK_STATUS(REC_OK, rec_pairs_new(&some, idf, 1, 1, 3, &pairs, &err), &err);
    for (int round = 0; round < 30; round++) {
        unsigned seen = 0;

        for (int i = 0; i < 3; i++)
            seen |= 1U << paper_of(draw(pairs, REC_PAIR_TITLE).left);
        CHECK_INT(7, seen);
    }
    rec_pairs_free(pairs);
}

/* 60 papers leave a rest behind the last whole batch of a round, another one each time. */
static void every_paper_that_serves_comes_and_no_other(void **state)
{
    rec_pairs *pairs = begin(&texts, 1, 3);
    int came[PAPERS] = { 0 };

    (void)state;
    for (int i = 0; i < 60; i++) {
        struct batch batch = draw(pairs, REC_PAIR_TITLE);

        for (size_t j = 0; j < batch.count; j++)
            came[paper_of(&batch.left[j])]++;
    }
    for (unsigned paper = 0; paper < PAPERS; paper++)
        if (has_both(paper) != (came[paper] > 0))
            fail_msg("paper %u came %d times", paper, came[paper]);
    rec_pairs_free(pairs);
}

static void usable_papers_have_a_title_and_an_abstract_long_enough(void **state)
{
    size_t expected = 0;

    (void)state;
    for (unsigned paper = 0; paper < PAPERS; paper++)
        expected += has_both(paper);
    CHECK(expected > 0 && expected < PAPERS);
    CHECK_INT(expected, rec_training_usable(&texts));
}

static void halves_need_no_title(void **state)
{
    rec_pairs *pairs = begin(&texts, 1, 4);
    bool without_title = false;

    (void)state;
    for (int round = 0; round < 20; round++) {
        struct batch batch = draw(pairs, REC_PAIR_HALVES);

        for (size_t i = 0; i < batch.count; i++) {
            CHECK(has_abstract(paper_of(&batch.left[i])));
            without_title |= !has_both(paper_of(&batch.left[i]));
        }
    }
    CHECK(without_title);
    rec_pairs_free(pairs);
}

static void halves_are_drawn_where_no_author_is_known(void **state)
{
    rec_training nameless = texts;
    rec_pairs *pairs;
    struct batch batch;

    (void)state;
    nameless.authors = NULL;
    pairs = begin(&nameless, 1, 5);
    batch = draw(pairs, REC_PAIR_AUTHOR);
    for (size_t i = 0; i < batch.count; i++)
        CHECK_INT(paper_of(&batch.left[i]), paper_of(&batch.right[i]));
    rec_pairs_free(pairs);
}

static void a_batch_larger_than_the_corpus_is_all_of_it(void **state)
{
    rec_training few = texts;
    rec_pairs *pairs;

    (void)state;
    few.count = 9; /* of which 3 has no abstract and 5 no title */
    pairs = begin(&few, 1, 6);
    for (int round = 0; round < 5; round++)
        CHECK_INT(7, draw(pairs, REC_PAIR_TITLE).count);
    rec_pairs_free(pairs);
}

/* ---- what the sides hold --------------------------------------------------------------------------------------------- */

static void a_title_stands_against_its_whole_abstract(void **state)
{
    rec_pairs *pairs = begin(&texts, 1, 7);
    struct batch batch = draw(pairs, REC_PAIR_TITLE);

    (void)state;
    for (size_t i = 0; i < batch.count; i++) {
        struct contents left = look_into(&batch.left[i]), right = look_into(&batch.right[i]);
        size_t length = abstract_length(paper_of(&batch.left[i]));

        CHECK_INT(paper_of(&batch.left[i]), paper_of(&batch.right[i]));
        CHECK_INT(TITLE, left.title_words);
        CHECK_INT(0, left.abstract_words);
        CHECK_INT(TITLE - 1, left.pairs);
        CHECK_INT(0, right.title_words);
        CHECK_INT(length, right.abstract_words);
        CHECK_INT(pairs_within(length), right.pairs);
        CHECK_NEAR(1, left.title_square, 1e-5);
        CHECK_NEAR(1, right.abstract_square, 1e-5);
    }
    rec_pairs_free(pairs);
}

static void halves_are_the_two_ends_of_an_abstract_cut_where_a_sentence_begins(void **state)
{
    rec_pairs *pairs = begin(&texts, 1, 8);
    size_t titles_left = 0, titles_right = 0;

    (void)state;
    for (int round = 0; round < 12; round++) {
        struct batch batch = draw(pairs, REC_PAIR_HALVES);

        for (size_t i = 0; i < batch.count; i++) {
            struct contents left = look_into(&batch.left[i]), right = look_into(&batch.right[i]);
            size_t length = abstract_length(paper_of(&batch.left[i])), cut = left.abstract_words;

            CHECK_INT(length, left.abstract_words + right.abstract_words);
            CHECK_INT(ABSTRACT_AT, left.first);
            CHECK_INT(left.last + 1, right.first);
            CHECK(cut >= length * 3 / 10 - length / 8 && cut <= length * 7 / 10 + length / 8);
            CHECK(cut % SENTENCE == 0 || length / 8 < SENTENCE / 2); /* a short abstract may have no sentence within reach */
            CHECK(left.title_words == 0 || right.title_words == 0);
            CHECK_INT(title_length(paper_of(&batch.left[i])), left.title_words + right.title_words);
            CHECK_NEAR(1, left.abstract_square, 1e-5);
            CHECK_NEAR(1, right.abstract_square, 1e-5);
            CHECK_NEAR(.25, left.title_square + right.title_square, 1e-5);
            titles_left += left.title_words > 0;
            titles_right += right.title_words > 0;
        }
    }
    CHECK(titles_left > 40 && titles_right > 40);
    rec_pairs_free(pairs);
}

static void authors_pair_two_whole_papers_of_one_hand(void **state)
{
    rec_pairs *pairs = begin(&texts, 1, 9);

    (void)state;
    for (int round = 0; round < 12; round++) {
        struct batch batch = draw(pairs, REC_PAIR_AUTHOR);

        for (size_t i = 0; i < batch.count; i++) {
            unsigned papers[] = { paper_of(&batch.left[i]), paper_of(&batch.right[i]) };
            struct contents sides[] = { look_into(&batch.left[i]), look_into(&batch.right[i]) };

            CHECK(papers[0] != papers[1]);
            CHECK(authors[papers[0]] != 0);
            CHECK_INT(authors[papers[0]], authors[papers[1]]);
            for (size_t s = 0; s < 2; s++) {
                CHECK_INT(TITLE, sides[s].title_words);
                CHECK_INT(abstract_length(papers[s]), sides[s].abstract_words);
                CHECK_NEAR(1, sides[s].abstract_square, 1e-5);
                CHECK_NEAR(.25, sides[s].title_square, 1e-5);
            }
        }
    }
    rec_pairs_free(pairs);
}

/* A word three times weighs 1 + ln 3 of one that stands once; what has no idf is left out. */
static void a_word_stands_once_with_its_tfidf(void **state)
{
    static float weighed[REC_BLOCK_BUCKETS];
    static rec_token repeated[2 * 22];
    const uint64_t where[] = { 0, 2, 22, 24, 44 };
    const rec_training two = { repeated, where, NULL, 2 };
    rec_pairs *pairs = NULL;
    rec_error err = REC_ERROR_INIT;
    const rec_side *left, *right;
    size_t count;

    (void)state;
    for (uint16_t i = 0; i < 44; i++)
        repeated[i] = (rec_token){ i % 22 < 2 ? 900 : i % 22 < 5 ? 7 : i % 22 < 6 ? 8 : 9, 0, REC_TOKEN_WORD };
    weighed[7] = 2;
    weighed[8] = 3; /* and 9 and 900: nothing */
    CHECK_STATUS(REC_OK, rec_pairs_new(&two, weighed, 2, 1, 1, &pairs, &err), &err);
    CHECK_STATUS(REC_OK, rec_pairs_draw(pairs, REC_PAIR_TITLE, &left, &right, &count, &err), &err);
    CHECK_INT(2, count);
    CHECK_INT(0, left[0].length);
    CHECK_INT(2, right[0].length);
    CHECK_INT(7, right[0].features[0]);
    CHECK_INT(8, right[0].features[1]);
    CHECK_NEAR(2 * (1 + log(3)) / 3, (double)(right[0].weights[0] / right[0].weights[1]), 1e-5);
    rec_pairs_free(pairs);
}

/* ---- determinism and memory ------------------------------------------------------------------------------------------ */

static void check_same_side(const rec_side *a, const rec_side *b)
{
    CHECK_INT(a->length, b->length);
    CHECK(memcmp(a->features, b->features, a->length * sizeof(*a->features)) == 0);
    CHECK(memcmp(a->weights, b->weights, a->length * sizeof(*a->weights)) == 0);
}

static void threads_do_not_change_a_pair(void **state)
{
    (void)state;
    for (unsigned threads = 2; threads <= 3; threads++) {
        rec_pairs *one = begin(&texts, 1, 10), *several = begin(&texts, threads, 10);

        for (int round = 0; round < 30; round++) {
            struct batch a = draw(one, (rec_pair_kind)(round % 3)), b = draw(several, (rec_pair_kind)(round % 3));

            CHECK_INT(a.count, b.count);
            for (size_t i = 0; i < a.count; i++) {
                check_same_side(&a.left[i], &b.left[i]);
                check_same_side(&a.right[i], &b.right[i]);
            }
        }
        rec_pairs_free(one);
        rec_pairs_free(several);
    }
}

static void another_seed_draws_other_pairs(void **state)
{
    rec_pairs *one = begin(&texts, 1, 11), *other = begin(&texts, 1, 12);
    struct batch a = draw(one, REC_PAIR_TITLE), b = draw(other, REC_PAIR_TITLE);
    size_t same = 0;

    (void)state;
    for (size_t i = 0; i < a.count && i < b.count; i++)
        same += paper_of(&a.left[i]) == paper_of(&b.left[i]);
    CHECK(same < BATCH / 2);
    rec_pairs_free(one);
    rec_pairs_free(other);
}

static void memory_running_out_is_reported(void **state)
{
    long allowed = 0;

    (void)state;
    for (;; allowed++) {
        rec_pairs *pairs = NULL;
        rec_error err = REC_ERROR_INIT;
        rec_status rc;

        rec_alloc_fail_after(allowed);
        rc = rec_pairs_new(&texts, idf, BATCH, 1, 1, &pairs, &err);
        rec_alloc_fail_after(-1);
        rec_pairs_free(pairs);
        if (rc == REC_OK)
            break;
        CHECK_STATUS(REC_ENOMEM, rc, &err);
        CHECK_CONTAINS("out of memory", err.message);
    }
    CHECK(allowed > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_paper_stands_twice_in_a_batch),
        cmocka_unit_test(no_author_stands_twice_in_a_batch),
        cmocka_unit_test(batches_go_round_all_papers),
        cmocka_unit_test(every_paper_that_serves_comes_and_no_other),
        cmocka_unit_test(usable_papers_have_a_title_and_an_abstract_long_enough),
        cmocka_unit_test(halves_need_no_title),
        cmocka_unit_test(halves_are_drawn_where_no_author_is_known),
        cmocka_unit_test(a_batch_larger_than_the_corpus_is_all_of_it),
        cmocka_unit_test(a_title_stands_against_its_whole_abstract),
        cmocka_unit_test(halves_are_the_two_ends_of_an_abstract_cut_where_a_sentence_begins),
        cmocka_unit_test(authors_pair_two_whole_papers_of_one_hand),
        cmocka_unit_test(a_word_stands_once_with_its_tfidf),
        cmocka_unit_test(threads_do_not_change_a_pair),
        cmocka_unit_test(another_seed_draws_other_pairs),
        cmocka_unit_test(memory_running_out_is_reported),
    };

    return cmocka_run_group_tests(tests, make_papers, NULL);
}
