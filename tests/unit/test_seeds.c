/* Several seeds: what a paper is worth that is to be like some papers and unlike others. */
#include "questions.h"

static float score_in(const rec_answer *answer, rec_doc doc)
{
    for (size_t i = 0; i < answer->count; i++)
        if (answer->hits[i].doc == doc)
            return answer->hits[i].score;
    fail_msg("paper %d is not listed", (int)doc);
    return 0;
}

static bool is_listed(const rec_answer *answer, rec_doc doc)
{
    for (size_t i = 0; i < answer->count; i++)
        if (answer->hits[i].doc == doc)
            return true;
    return false;
}

static rec_answer ask_with(rec_doc doc, const rec_doc *like, size_t like_count, const rec_doc *unlike, size_t unlike_count)
{
    rec_request request = REC_REQUEST_INIT;

    request.doc = doc;
    request.like = like;
    request.like_count = like_count;
    request.unlike = unlike;
    request.unlike_count = unlike_count;
    request.limit = 100;
    request.keep_versions = true;
    return ask(&request);
}

/* Each paper that all lists have is in the answer, at the mean of its scores, less a share of that to the unliked. */
static void a_score_is_the_mean_over_the_seeds_less_a_share_of_the_unliked(void **state)
{
    (void)state;
    for (rec_doc first = 1; first <= 6; first++) {
        const rec_doc like[] = { first + 7, first + 12 }, unlike[] = { first + 14, first + 18 };
        rec_answer answer = ask_with(first, like, 2, unlike, 2);
        rec_answer lists[] = { ask_all(first), ask_all(like[0]), ask_all(like[1]), ask_all(unlike[0]), ask_all(unlike[1]) };
        size_t expected = 0;

        for (rec_doc doc = 1; doc <= (rec_doc)PAPERS; doc++) {
            bool in_all = true;
            double score;

            for (size_t i = 0; i < COUNT(lists); i++)
                in_all &= is_listed(&lists[i], doc);
            expected += in_all;
            if (!in_all)
                continue;
            score = ((double)score_in(&lists[0], doc) + (double)score_in(&lists[1], doc) + (double)score_in(&lists[2], doc)) / 3 -
                    (double)REC_UNLIKE * ((double)score_in(&lists[3], doc) + (double)score_in(&lists[4], doc)) / 2;
            CHECK_NEAR(score, (double)score_in(&answer, doc), 1e-6);
        }
        CHECK_INT(expected, answer.count);
        for (size_t i = 1; i < answer.count; i++)
            CHECK(answer.hits[i].score <= answer.hits[i - 1].score);
        rec_answer_clear(&answer);
        for (size_t i = 0; i < COUNT(lists); i++)
            rec_answer_clear(&lists[i]);
    }
}

static void no_seed_and_no_twin_of_one_is_listed(void **state)
{
    rec_doc like[] = { find("s1") }, unlike[] = { find("d1") };
    const rec_doc never[] = { 1, find("s1"), find("s2"), find("s3"), find("d1"), find("d2"), find("d3") };
    rec_answer answer = ask_with(1, like, 1, unlike, 1);

    (void)state;
    CHECK(answer.count > 10);
    for (size_t i = 0; i < COUNT(never); i++)
        CHECK(!is_listed(&answer, never[i]));
    rec_answer_clear(&answer);
}

static void a_seed_that_is_named_twice_counts_once(void **state)
{
    const rec_doc twice[] = { 5, 1, 5, 9 }, once[] = { 5, 9 };
    rec_answer expected = ask_with(1, once, COUNT(once), NULL, 0), answer = ask_with(1, twice, COUNT(twice), NULL, 0);

    (void)state;
    CHECK_INT(expected.count, answer.count);
    for (size_t i = 0; i < expected.count; i++) {
        CHECK_INT(expected.hits[i].doc, answer.hits[i].doc);
        CHECK(expected.hits[i].score == answer.hits[i].score);
    }
    rec_answer_clear(&expected);
    rec_answer_clear(&answer);
}

/* A paper without a word says nothing of what is wanted. */
static void a_seed_without_text_changes_no_score(void **state)
{
    const rec_doc like[] = { find("empty") };
    rec_answer expected = ask_all(1), answer = ask_with(1, like, 1, NULL, 0), none = ask_with(find("empty"), NULL, 0, NULL, 0);

    (void)state;
    CHECK_INT(expected.count, answer.count);
    for (size_t i = 0; i < expected.count; i++)
        CHECK(expected.hits[i].doc == answer.hits[i].doc && expected.hits[i].score == answer.hits[i].score);
    CHECK_INT(0, none.count);
    rec_answer_clear(&none);
    none = ask_with(find("empty"), NULL, 0, like, 0);
    CHECK_INT(0, none.count);
    rec_answer_clear(&none);
    rec_answer_clear(&expected);
    rec_answer_clear(&answer);
}

static void a_text_takes_further_seeds_too(void **state)
{
    const rec_doc like[] = { 3 };
    rec_request request = REC_REQUEST_INIT;
    rec_answer text, paper, both;

    (void)state;
    request.title = "A violin in the harbour";
    request.limit = 100;
    request.keep_versions = true;
    text = ask(&request);
    paper = ask_all(3);
    request.like = like;
    request.like_count = 1;
    both = ask(&request);
    CHECK(!both.seed_indexed);
    CHECK(both.count > 10);
    for (size_t i = 0; i < both.count; i++)
        CHECK_NEAR((score_in(&text, both.hits[i].doc) + score_in(&paper, both.hits[i].doc)) / 2, both.hits[i].score, 1e-6);
    rec_answer_clear(&text);
    rec_answer_clear(&paper);
    rec_answer_clear(&both);
}

static void seeds_that_cannot_be_are_refused(void **state)
{
    rec_doc many[REC_MAX_SEEDS], one[] = { 2 }, unknown[] = { PAPERS + 5 }, self[] = { 1 };
    const struct {
        const rec_doc *like;
        size_t like_count;
        const rec_doc *unlike;
        size_t unlike_count;
        rec_status expected;
    } CASES[] = { { many, REC_MAX_SEEDS, NULL, 0, REC_EINVAL },
                  { one, 1, one, 1, REC_EINVAL },
                  { NULL, 0, self, 1, REC_EINVAL },
                  { unknown, 1, NULL, 0, REC_ENOTFOUND },
                  { NULL, 0, unknown, 1, REC_ENOTFOUND } };

    (void)state;
    for (size_t i = 0; i < COUNT(many); i++)
        many[i] = 2;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        rec_request request = REC_REQUEST_INIT;
        rec_answer answer = REC_ANSWER_INIT;
        rec_error err = REC_ERROR_INIT;

        request.doc = 1;
        request.like = CASES[i].like;
        request.like_count = CASES[i].like_count;
        request.unlike = CASES[i].unlike;
        request.unlike_count = CASES[i].unlike_count;
        CHECK_STATUS(CASES[i].expected, rec_recommend(engine, &request, &answer, &err), &err);
        CHECK(answer.hits == NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_score_is_the_mean_over_the_seeds_less_a_share_of_the_unliked),
        cmocka_unit_test(no_seed_and_no_twin_of_one_is_listed),
        cmocka_unit_test(a_seed_that_is_named_twice_counts_once),
        cmocka_unit_test(a_seed_without_text_changes_no_score),
        cmocka_unit_test(a_text_takes_further_seeds_too),
        cmocka_unit_test(seeds_that_cannot_be_are_refused),
    };

    return cmocka_run_group_tests(tests, questions_open, questions_close);
}
