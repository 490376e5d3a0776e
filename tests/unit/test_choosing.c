/* What a request leaves out of a list, and how that is counted. */
#include "questions.h"

#include "alloc.h"
#include "copies.h"

static void an_offset_goes_on_where_a_shorter_list_ended(void **state)
{
    static const size_t OFFSETS[] = { 1, 3, 10, 30, 200 };

    (void)state;
    for (rec_doc seed = 1; seed <= (rec_doc)PAPERS; seed++)
        for (size_t i = 0; i < COUNT(OFFSETS); i++) {
            rec_request request = REC_REQUEST_INIT;

            request.doc = seed;
            request.limit = 4;
            request.offset = OFFSETS[i];
            check_against_all(&request);
            request.exact = true;
            check_against_all(&request);
        }
}

/* Excluded papers that stood behind the last one shown were never met, and are not counted. */
static void excluded_papers_are_left_out_and_counted_up_to_the_last_shown(void **state)
{
    (void)state;
    for (rec_doc seed = 1; seed <= (rec_doc)PAPERS; seed++)
        for (rec_doc step = 1; step <= 7; step += 2) {
            rec_doc exclude[PAPERS];
            rec_request request = REC_REQUEST_INIT;

            request.exclude = exclude;
            for (rec_doc doc = step; doc <= (rec_doc)PAPERS; doc += step)
                exclude[request.exclude_count++] = doc;
            request.doc = seed;
            request.limit = 5;
            request.keep_versions = seed % 2;
            check_against_all(&request);
            request.exact = true;
            check_against_all(&request);
        }
}

static void what_scores_too_low_is_cut_and_counted(void **state)
{
    static const float SCORES[] = { -1, 0, 0.05f, 0.2f, 0.35f, 0.5f, 2 };

    (void)state;
    for (rec_doc seed = 1; seed <= (rec_doc)PAPERS; seed++)
        for (size_t i = 0; i < COUNT(SCORES); i++) {
            rec_request request = REC_REQUEST_INIT;

            request.doc = seed;
            request.limit = i % 2 ? 3 : 100;
            request.min_score = SCORES[i];
            check_against_all(&request);
        }
}

static void what_is_below_the_band_is_cut_and_counted(void **state)
{
    (void)state;
    for (rec_doc seed = 1; seed <= (rec_doc)PAPERS; seed++)
        for (int band = REC_BAND_NONE; band <= REC_BAND_STRONG; band++) {
            rec_request request = REC_REQUEST_INIT;

            request.doc = seed;
            request.limit = seed % 2 ? 3 : 100;
            request.min_band = (rec_band)band;
            check_against_all(&request);
        }
}

static rec_filter window(const char *since, const char *until)
{
    rec_filter filter = { 0 };
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_filter_set_window(&filter, since, until, &err), &err);
    return filter;
}

/* From the stored list, and where it runs out, and by score, and among candidates: always the same. */
static void what_fails_a_filter_is_left_out_and_counted(void **state)
{
    static const char *const FARM[] = { "farm", "sea.SHIP" }, *const STAT[] = { "stat" };
    const rec_filter FILTERS[] = {
        window("2013", NULL),
        window(NULL, "2012-06-15"),
        window("2012-07", "2014"),
        window("2099", NULL),
        { .categories = FARM, .category_count = 1 },
        { .categories = FARM, .category_count = 2 },
        { .not_categories = FARM, .not_category_count = 1 },
        { .since = 20120101, .categories = FARM, .category_count = 1, .not_categories = STAT, .not_category_count = 1 },
    };
    rec_doc candidates[PAPERS], exclude[] = { 3, 7, 11 };

    (void)state;
    for (size_t i = 0; i < PAPERS; i++)
        candidates[i] = (rec_doc)i + 1;
    for (rec_doc seed = 1; seed <= (rec_doc)PAPERS; seed++)
        for (size_t i = 0; i < COUNT(FILTERS); i++) {
            rec_request request = REC_REQUEST_INIT;

            request.doc = seed;
            request.filter = FILTERS[i];
            request.limit = seed % 2 ? 4 : 100;
            request.offset = (size_t)seed % 3;
            request.min_score = seed % 4 ? -1 : 0.1f;
            check_against_all(&request);
            request.exclude = exclude;
            request.exclude_count = COUNT(exclude);
            check_against_all(&request);
            request.exact = true;
            check_against_all(&request);
            request.only_candidates = true;
            request.candidates = candidates;
            request.candidate_count = PAPERS;
            check_against_all(&request);
        }
}

static void a_set_of_excluded_papers_is_like_a_list_of_them(void **state)
{
    rec_doc_set set = REC_DOC_SET_INIT;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    for (rec_doc doc = 2; doc <= (rec_doc)PAPERS; doc += 3)
        CHECK_STATUS(REC_OK, rec_doc_set_add(&set, doc, &err), &err);
    for (rec_doc doc = 0; doc <= 1000; doc++)
        CHECK_INT(doc >= 2 && doc <= (rec_doc)PAPERS && doc % 3 == 2, rec_doc_set_holds(&set, doc));
    for (rec_doc seed = 1; seed <= (rec_doc)PAPERS; seed++)
        for (int exact = 0; exact < 2; exact++) {
            rec_doc exclude[PAPERS];
            rec_request request = REC_REQUEST_INIT, by_set;
            rec_answer expected, answer;
            const rec_hit *hits[PAPERS];

            request.doc = seed;
            request.exact = exact;
            by_set = request;
            by_set.exclude_set = &set;
            request.exclude = exclude;
            for (rec_doc doc = 2; doc <= (rec_doc)PAPERS; doc += 3)
                exclude[request.exclude_count++] = doc;
            expected = ask(&request);
            answer = ask(&by_set);
            for (size_t i = 0; i < expected.count; i++)
                hits[i] = &expected.hits[i];
            check_hits(&answer, hits, expected.count);
            CHECK_INT(expected.seen, answer.seen);
            rec_answer_clear(&expected);
            rec_answer_clear(&answer);
        }
    rec_doc_set_clear(&set);
}

/* With an exclusion, a cut and near-copies at once each paper is counted under one reason. */
static void a_paper_left_out_is_counted_once(void **state)
{
    (void)state;
    for (rec_doc seed = 1; seed <= (rec_doc)PAPERS; seed++) {
        rec_doc exclude[] = { 2, 5, 9, find("d2"), find("d3") };
        rec_request request = REC_REQUEST_INIT;
        rec_answer all = ask_all(seed), answer;

        request.doc = seed;
        request.limit = 100;
        request.min_score = 0.1f;
        request.exclude = exclude;
        request.exclude_count = COUNT(exclude);
        check_against_all(&request);
        answer = ask(&request);
        CHECK_INT(all.count, answer.count + answer.seen + answer.duplicate + answer.below_threshold);
        rec_answer_clear(&answer);
        rec_answer_clear(&all);
    }
}

static void scoring_every_paper_gives_the_stored_list(void **state)
{
    (void)state;
    for (rec_doc seed = 1; seed <= (rec_doc)PAPERS; seed++) {
        rec_request request = REC_REQUEST_INIT;

        request.doc = seed;
        request.limit = 100;
        request.exact = true;
        request.keep_versions = seed % 2;
        check_against_all(&request);
    }
}

/* Given twice, or unknown, or the seed itself: none of it is an error. */
static void candidates_are_ranked_as_in_the_whole_list_and_nothing_else_is(void **state)
{
    (void)state;
    for (rec_doc seed = 1; seed <= (rec_doc)PAPERS; seed++) {
        rec_doc candidates[] = { 12, 3, 999, 20, 3, seed, find("t-old"), find("t-new"), find("empty"), 7 };
        rec_request request = REC_REQUEST_INIT;
        rec_answer all = ask_all(seed), answer;
        const rec_hit *expected[PAPERS];
        size_t count = 0;

        request.doc = seed;
        request.limit = 100;
        request.keep_versions = true;
        request.only_candidates = true;
        answer = ask(&request);
        CHECK_INT(0, answer.count); /* no candidate is not any candidate */
        rec_answer_clear(&answer);
        request.candidates = candidates;
        request.candidate_count = COUNT(candidates);
        for (size_t i = 0; i < all.count; i++) {
            bool given = false;

            for (size_t j = 0; j < COUNT(candidates); j++)
                given |= candidates[j] == all.hits[i].doc;
            if (given)
                expected[count++] = &all.hits[i];
        }
        answer = ask(&request);
        check_hits(&answer, expected, count);
        rec_answer_clear(&answer);
        request.limit = 2;
        answer = ask(&request);
        check_hits(&answer, expected, count < 2 ? count : 2);
        rec_answer_clear(&answer);
        rec_answer_clear(&all);
    }
}

static void a_limit_out_of_range_is_refused(void **state)
{
    static const struct {
        size_t limit, offset;
    } CASES[] = { { 0, 0 }, { REC_MAX_LIMIT + 1, 0 }, { 1, REC_MAX_LIMIT }, { 10, SIZE_MAX }, { SIZE_MAX, 1 } };

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        rec_request request = REC_REQUEST_INIT;
        rec_answer answer = REC_ANSWER_INIT;
        rec_error err = REC_ERROR_INIT;

        request.doc = 1;
        request.limit = CASES[i].limit;
        request.offset = CASES[i].offset;
        CHECK_STATUS(REC_EINVAL, rec_recommend(engine, &request, &answer, &err), &err);
        CHECK_CONTAINS("must be", err.message);
        CHECK(answer.hits == NULL);
        CHECK_STATUS(REC_EINVAL, rec_search(engine, "sheep", &request, &answer, &err), &err);
    }
}

static void an_unknown_number_is_an_answer_not_a_crash(void **state)
{
    static const rec_doc NUMBERS[] = { PAPERS + 1, INT64_MAX, -1 };

    (void)state;
    for (size_t i = 0; i < COUNT(NUMBERS); i++) {
        rec_request request = REC_REQUEST_INIT;
        rec_answer answer = REC_ANSWER_INIT;
        rec_error err = REC_ERROR_INIT;

        request.doc = NUMBERS[i];
        CHECK_STATUS(REC_ENOTFOUND, rec_recommend(engine, &request, &answer, &err), &err);
        CHECK(answer.hits == NULL);
    }
}

#define SHANTY                                                                                                                             \
    "A shanty is sung while the sailors haul at the anchor, and its rhythm is that of the work. We recorded forty of them in six "         \
    "harbours, "                                                                                                                           \
    "measured tempo and melody, and asked the singers where they had learnt them. Songs of one harbour share a melody, songs of one kind " \
    "of "                                                                                                                                  \
    "work share a tempo; what the words tell of wives, cargo and weather is the singer's own, and changes from one voyage to the "
#define SHANTY_TITLE "Tempo and melody in shanties of six harbours"

/* Changes the store: stands last. Neither title nor abstract of two of them is equal. */
static void a_text_that_is_nearly_that_of_a_better_result_is_dropped(void **state)
{
    rec_request request = REC_REQUEST_INIT;
    rec_answer kept, collapsed, other;
    size_t copies = 0;

    (void)state;
    change_store("{\"id\":\"n1\",\"title\":\"" SHANTY_TITLE "\",\"abstract\":\"" SHANTY "next.\"}", false);
    change_store("{\"id\":\"n2\",\"title\":\"" SHANTY_TITLE ", revisited\",\"abstract\":\"" SHANTY "other.\"}", false);
    change_store("{\"id\":\"n3\",\"title\":\"" SHANTY_TITLE ", a comment\"}", true);
    request.title = "Shanties of sailors in a harbour";
    request.limit = 100;
    request.keep_versions = true;
    kept = ask(&request);
    request.keep_versions = false;
    collapsed = ask(&request);
    for (size_t i = 0; i < collapsed.count; i++)
        copies += collapsed.hits[i].doc == find("n1") || collapsed.hits[i].doc == find("n2");
    CHECK_INT(1, copies);
    CHECK_INT(kept.count, collapsed.count + collapsed.duplicate);
    rec_answer_clear(&collapsed);
    rec_answer_clear(&kept);

    /* A copy of the seed is no copy of a better result, and a title alone is no copy of anything. */
    request = (rec_request)REC_REQUEST_INIT;
    request.doc = find("n1");
    other = ask(&request);
    CHECK_STR("n2", other.hits[0].record.paper.id.text);
    CHECK(other.hits[0].score >= REC_NEAR_COPY);
    CHECK_STR("n3", other.hits[1].record.paper.id.text);
    rec_answer_clear(&other);
}

/* ---- what is remembered of near-copies ----------------------------------------------------------------------------- */

static void a_paper_is_known_to_have_no_near_copies_in_one_generation_alone(void **state)
{
    static const rec_doc NEVER[] = { 0, -1, (rec_doc)1 << 22, INT64_MAX }; /* no numbers, and such as are not kept */
    rec_copies copies = REC_COPIES_INIT;

    (void)state;
    rec_copies_note(&copies, 7, 3);
    rec_copies_note(&copies, 7, 3000);
    CHECK(rec_copies_none(&copies, 7, 3) && rec_copies_none(&copies, 7, 3000));
    CHECK(!rec_copies_none(&copies, 7, 4) && !rec_copies_none(&copies, 8, 3));
    for (size_t i = 0; i < COUNT(NEVER); i++) {
        rec_copies_note(&copies, 7, NEVER[i]);
        CHECK(!rec_copies_none(&copies, 7, NEVER[i]));
    }
    rec_copies_note(&copies, 8, 4);
    CHECK(rec_copies_none(&copies, 8, 4) && !rec_copies_none(&copies, 8, 3) && !rec_copies_none(&copies, 8, 3000));
    rec_copies_clear(&copies);
}

static void without_memory_nothing_more_is_remembered(void **state)
{
    rec_copies copies = REC_COPIES_INIT;

    (void)state;
    rec_copies_note(&copies, 7, 3);
    rec_alloc_fail_after(0);
    rec_copies_note(&copies, 7, 3000);
    rec_alloc_fail_after(-1);
    CHECK(rec_copies_none(&copies, 7, 3) && !rec_copies_none(&copies, 7, 3000));
    rec_copies_clear(&copies);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_offset_goes_on_where_a_shorter_list_ended),
        cmocka_unit_test(excluded_papers_are_left_out_and_counted_up_to_the_last_shown),
        cmocka_unit_test(what_scores_too_low_is_cut_and_counted),
        cmocka_unit_test(what_is_below_the_band_is_cut_and_counted),
        cmocka_unit_test(what_fails_a_filter_is_left_out_and_counted),
        cmocka_unit_test(a_set_of_excluded_papers_is_like_a_list_of_them),
        cmocka_unit_test(a_paper_left_out_is_counted_once),
        cmocka_unit_test(scoring_every_paper_gives_the_stored_list),
        cmocka_unit_test(candidates_are_ranked_as_in_the_whole_list_and_nothing_else_is),
        cmocka_unit_test(a_limit_out_of_range_is_refused),
        cmocka_unit_test(an_unknown_number_is_an_answer_not_a_crash),
        cmocka_unit_test(a_text_that_is_nearly_that_of_a_better_result_is_dropped),
        cmocka_unit_test(a_paper_is_known_to_have_no_near_copies_in_one_generation_alone),
        cmocka_unit_test(without_memory_nothing_more_is_remembered),
    };

    return cmocka_run_group_tests(tests, questions_open, questions_close);
}
