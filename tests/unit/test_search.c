/* Papers that match words, and the paper that a title names. */
#include "questions.h"

/* ---- titles -------------------------------------------------------------------------------------------------------- */

/* The id of the paper that a title finds, "" where it finds none. */
static void find_title(const char *title, const char *expected)
{
    rec_doc doc = 0;
    rec_error err = REC_ERROR_INIT;
    rec_status rc = rec_find_by_title(engine, title, &doc, &err);

    CHECK(rc == REC_OK || rc == REC_ENOTFOUND);
    if (rc == REC_ENOTFOUND) {
        CHECK_INT(0, doc);
        CHECK_STR("", err.message);
    }
    if ((rc == REC_OK) != (expected[0] != '\0') || (rc == REC_OK && doc != find(expected)))
        fail_msg("'%s' finds paper %d, expected '%s'", title, (int)doc, expected);
}

static void a_title_is_found_whatever_its_case_accents_and_punctuation(void **state)
{
    (void)state;
    find_title("Highland wool", "s3");
    find_title("HIGHLAND W\xC3\x96OL?", "s3");
    find_title("  highland -- wool.", "s3");
    find_title("The tide in the harbour", "d1"); /* of two, the one that was stored first */
}

static void a_title_is_found_by_nearly_all_of_its_letters(void **state)
{
    (void)state;
    find_title("Shearing mountain sheeps", "s1");
    find_title("Measuring tides", "d3");
}

static void another_title_is_not_found(void **state)
{
    (void)state;
    find_title("Wool of the highland, and of the lowland, and of goats", "");
    find_title("Mountain", "");
    find_title("Xyzzy", "");
    find_title("?!", "");
    find_title("", "");
    find_title("\" OR title:*", "");
}

/* ---- searching ----------------------------------------------------------------------------------------------------- */

static void a_search_is_the_matches_of_the_words_in_their_order(void **state)
{
    rec_request request = REC_REQUEST_INIT;
    rec_word_hit matches[PAPERS];
    rec_answer answer;
    size_t count;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, rec_store_search(rec_engine_store(engine), "wool survey", PAPERS, matches, &count, &err), &err);
    CHECK(count > 10);
    request.limit = 100;
    request.keep_versions = true;
    answer = search("wool survey", &request);
    CHECK_INT(count, answer.count);
    for (size_t i = 0; i < count; i++) {
        CHECK_INT(matches[i].doc, answer.hits[i].doc);
        CHECK_NEAR(matches[i].score / (matches[i].score + 10), answer.hits[i].score, 1e-6);
    }
    rec_answer_clear(&answer);
    request.limit = 3;
    request.offset = 4;
    answer = search("wool survey", &request);
    CHECK_INT(3, answer.count);
    for (size_t i = 0; i < 3; i++)
        CHECK_INT(matches[i + 4].doc, answer.hits[i].doc);
    rec_answer_clear(&answer);
}

static void a_search_leaves_out_near_copies_excluded_papers_and_low_scores(void **state)
{
    rec_request request = REC_REQUEST_INIT;
    rec_doc exclude[1] = { find("d3") };
    rec_answer all, answer;

    (void)state;
    request.limit = 100;
    request.keep_versions = true;
    all = search("measure tide vessels", &request);
    CHECK(all.count > 3);
    request.keep_versions = false;
    answer = search("measure tide vessels", &request);
    CHECK_INT(all.count, answer.count + answer.duplicate);
    CHECK_INT(1, answer.duplicate); /* d1 and d3 have one abstract; d2 has the title of whichever of them is listed, or of none */
    rec_answer_clear(&answer);
    request.exclude = exclude;
    request.exclude_count = 1;
    answer = search("measure tide vessels", &request);
    CHECK_INT(1, answer.seen);
    for (size_t i = 0; i < answer.count; i++)
        CHECK(answer.hits[i].doc != exclude[0]);
    rec_answer_clear(&answer);
    request.exclude_count = 0;
    request.keep_versions = true;
    request.min_score = all.hits[1].score;
    answer = search("measure tide vessels", &request);
    CHECK(answer.count >= 2 && answer.count < all.count);
    CHECK_INT(all.count - answer.count, answer.below_threshold);
    rec_answer_clear(&answer);
    rec_answer_clear(&all);
}

/* Titles of three words, of which two are asked for: all are worth the same. */
static void matches_that_are_worth_the_same_are_ordered_by_date_then_id(void **state)
{
    static const char *const ORDER[] = { "t-new", "t-a", "t-b", "t-old" };
    rec_request request = REC_REQUEST_INIT;
    rec_answer answer;
    size_t found = 0;

    (void)state;
    request.limit = 100;
    request.keep_versions = true;
    answer = search("lamb fleece", &request);
    for (size_t i = 0; i < answer.count; i++)
        if (strncmp(answer.hits[i].record.paper.id.text, "t-", 2) == 0) {
            CHECK(found < COUNT(ORDER));
            CHECK_STR(ORDER[found++], answer.hits[i].record.paper.id.text);
        }
    CHECK_INT(COUNT(ORDER), found);
    rec_answer_clear(&answer);
}

/* Nearly all match: only with more matches than were asked for at first can a strict filter be filled. */
static void a_search_is_filtered_and_filled(void **state)
{
    static const char *const SEA[] = { "sea" };
    rec_request request = REC_REQUEST_INIT;
    rec_answer all, answer;
    size_t passing = 0, failing = 0, shown = 0;

    (void)state;
    request.limit = 100;
    request.keep_versions = true;
    all = search("survey model method wool tide chord", &request);
    request.filter = (rec_filter){ .categories = SEA, .category_count = 1 };
    request.limit = 4;
    answer = search("survey model method wool tide chord", &request);
    for (size_t i = 0; i < all.count && shown < 4; i++)
        if (rec_filter_takes(&request.filter, &all.hits[i].record.paper)) {
            CHECK_INT(all.hits[i].doc, answer.hits[shown].doc);
            shown++;
        } else {
            failing++;
        }
    CHECK_INT(4, answer.count);
    CHECK_INT(failing, answer.filtered);
    rec_answer_clear(&answer);
    request.limit = 100;
    answer = search("survey model method wool tide chord", &request);
    for (size_t i = 0; i < all.count; i++)
        passing += rec_filter_takes(&request.filter, &all.hits[i].record.paper);
    CHECK_INT(passing, answer.count);
    CHECK_INT(all.count - passing, answer.filtered);
    rec_answer_clear(&answer);
    rec_answer_clear(&all);
}

static void a_search_that_matches_nothing_is_an_empty_answer(void **state)
{
    static const char *const QUERIES[] = { "", "xyzzy", "\"*" };
    rec_request request = REC_REQUEST_INIT;

    (void)state;
    for (size_t i = 0; i < COUNT(QUERIES); i++) {
        rec_answer answer = search(QUERIES[i], &request);

        CHECK_INT(0, answer.count);
        CHECK_INT(PAPERS, answer.state.papers);
        rec_answer_clear(&answer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_title_is_found_whatever_its_case_accents_and_punctuation),
        cmocka_unit_test(a_title_is_found_by_nearly_all_of_its_letters),
        cmocka_unit_test(another_title_is_not_found),
        cmocka_unit_test(a_search_is_the_matches_of_the_words_in_their_order),
        cmocka_unit_test(a_search_leaves_out_near_copies_excluded_papers_and_low_scores),
        cmocka_unit_test(matches_that_are_worth_the_same_are_ordered_by_date_then_id),
        cmocka_unit_test(a_search_is_filtered_and_filled),
        cmocka_unit_test(a_search_that_matches_nothing_is_an_empty_answer),
    };

    return cmocka_run_group_tests(tests, questions_open, questions_close);
}
