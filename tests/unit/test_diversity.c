/* Maximal marginal relevance, against its definition. */
#include "questions.h"

#include <math.h>

static float likeness[PAPERS + 1][PAPERS + 1]; /* 0 where one is not in the other's list */

static int measure(void **state)
{
    int status = questions_open(state);

    for (rec_doc doc = 1; status == 0 && doc <= (rec_doc)PAPERS; doc++) {
        rec_answer all = ask_all(doc);

        for (size_t i = 0; i < all.count; i++)
            likeness[doc][all.hits[i].doc] = all.hits[i].score;
        rec_answer_clear(&all);
    }
    return status;
}

/* The papers of `all` in the order that the definition gives, into `order`. */
static void put_in_order(const rec_answer *all, float diversity, const rec_hit **order)
{
    bool taken[PAPERS] = { false };

    for (size_t n = 0; n < all->count; n++) {
        size_t best = all->count;
        float most = 0;

        for (size_t i = 0; i < all->count; i++) {
            float nearest = -2, worth;

            for (size_t j = 0; j < n; j++)
                if (likeness[order[j]->doc][all->hits[i].doc] > nearest)
                    nearest = likeness[order[j]->doc][all->hits[i].doc];
            worth = (1 - diversity) * all->hits[i].score - diversity * nearest;
            if (!taken[i] && (best == all->count || worth > most)) {
                best = i;
                most = worth;
            }
        }
        taken[best] = true;
        order[n] = &all->hits[best];
    }
}

static void results_are_in_the_order_of_marginal_relevance(void **state)
{
    static const float DIVERSITIES[] = { 0.1f, 0.3f, 0.5f, 0.9f, 1 };

    (void)state;
    for (rec_doc seed = 1; seed <= (rec_doc)PAPERS; seed++)
        for (size_t i = 0; i < COUNT(DIVERSITIES); i++) {
            const rec_hit *order[PAPERS];
            rec_request request = REC_REQUEST_INIT;
            rec_answer all, answer;
            size_t count;

            request.doc = seed;
            request.limit = 100;
            all = ask(&request); /* without copies: each is in the list of each */
            put_in_order(&all, DIVERSITIES[i], order);
            request.diversity = DIVERSITIES[i];
            answer = ask(&request);
            check_hits(&answer, order, all.count);
            CHECK_INT(all.duplicate, answer.duplicate);
            rec_answer_clear(&answer);
            request.limit = 4;
            request.offset = 3;
            answer = ask(&request);
            count = all.count < 7 ? 0 : 4;
            check_hits(&answer, order + 3, count);
            rec_answer_clear(&answer);
            rec_answer_clear(&all);
        }
}

/* What would have stood before the least like paper that is shown is counted, wherever diversity put that. */
static void what_is_left_out_is_counted_by_likeness(void **state)
{
    rec_doc exclude[] = { 2, 5, 8, 11, 14, 17 };

    (void)state;
    for (rec_doc seed = 1; seed <= PLAIN; seed++) {
        rec_request request = REC_REQUEST_INIT;
        rec_answer all = ask_all(seed), answer;
        size_t worst = 0, expected = 0;

        request.doc = seed;
        request.limit = 5;
        request.diversity = 0.6f;
        request.keep_versions = true;
        request.exclude = exclude;
        request.exclude_count = COUNT(exclude);
        answer = ask(&request);
        CHECK_INT(5, answer.count);
        for (size_t i = 0; i < all.count; i++)
            for (size_t j = 0; j < answer.count; j++)
                if (all.hits[i].doc == answer.hits[j].doc)
                    worst = i;
        for (size_t i = 0; i < worst; i++)
            for (size_t j = 0; j < COUNT(exclude); j++)
                expected += all.hits[i].doc == exclude[j];
        CHECK_INT(expected, answer.seen);
        rec_answer_clear(&answer);
        rec_answer_clear(&all);
    }
}

static void a_diversity_out_of_range_is_refused(void **state)
{
    static const struct {
        float diversity;
        size_t limit;
    } CASES[] = { { -0.01f, 10 }, { 1.01f, 10 }, { NAN, 10 }, { 0.5f, REC_MAX_DIVERSE + 1 } };

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        rec_request request = REC_REQUEST_INIT;
        rec_answer answer = REC_ANSWER_INIT;
        rec_error err = REC_ERROR_INIT;

        request.doc = 1;
        request.diversity = CASES[i].diversity;
        request.limit = CASES[i].limit;
        CHECK_STATUS(REC_EINVAL, rec_recommend(engine, &request, &answer, &err), &err);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_are_in_the_order_of_marginal_relevance),
        cmocka_unit_test(what_is_left_out_is_counted_by_likeness),
        cmocka_unit_test(a_diversity_out_of_range_is_refused),
    };

    return cmocka_run_group_tests(tests, measure, questions_close);
}
