/* Lists of papers and of texts, what stands in them and in which order. */
#include "questions.h"

#include "alloc.h"
#include "rec/one_state.h"

/* ---- what stands in a list ----------------------------------------------------------------------------------------- */

static void a_list_holds_every_paper_but_the_seed_and_its_twins(void **state)
{
    rec_error err = REC_ERROR_INIT;

    (void)state;
    for (rec_doc seed = 1; seed <= (rec_doc)PAPERS; seed++) {
        rec_answer all = ask_all(seed);
        rec_record self = REC_RECORD_INIT;

        CHECK_STATUS(REC_OK, rec_store_get(rec_engine_store(engine), seed, REC_GET_CARD, &self, &err), &err);
        for (rec_doc doc = 1; doc <= (rec_doc)PAPERS; doc++) {
            rec_record other = REC_RECORD_INIT;
            bool listed = false, expected;

            CHECK_STATUS(REC_OK, rec_store_get(rec_engine_store(engine), doc, REC_GET_CARD, &other, &err), &err);
            for (size_t i = 0; i < all.count; i++)
                listed |= all.hits[i].doc == doc;
            expected = doc != seed && self.title_key && other.title_key && !are_twins(&self, &other);
            if (listed != expected)
                fail_msg("paper '%s' is %s the list of '%s'", other.paper.id.text, listed ? "in" : "missing from", self.paper.id.text);
            rec_record_clear(&other);
        }
        rec_record_clear(&self);
        rec_answer_clear(&all);
    }
}

static void twins_of_the_seed_are_in_no_list_of_either_mode(void **state)
{
    static const char *const TWINS[][2] = { { "s1", "s2" }, { "s1", "s3" }, { "d1", "d2" }, { "d1", "d3" } };

    (void)state;
    for (size_t i = 0; i < COUNT(TWINS); i++)
        for (unsigned mode = 0; mode < 8; mode++) {
            rec_request request = REC_REQUEST_INIT;
            rec_doc self = find(TWINS[i][mode & 1]), twin = find(TWINS[i][!(mode & 1)]);
            rec_answer answer;

            request.doc = self;
            request.limit = 100;
            request.keep_versions = mode & 2;
            request.exact = mode & 4;
            answer = ask(&request);
            CHECK(answer.count > 10);
            for (size_t j = 0; j < answer.count; j++)
                CHECK(answer.hits[j].doc != self && answer.hits[j].doc != twin);
            rec_answer_clear(&answer);
        }
}

static void near_copies_of_a_better_result_are_dropped_and_counted(void **state)
{
    static const size_t LIMITS[] = { 1, 2, 5, 12, 20, 100 };
    size_t duplicates = 0;

    (void)state;
    for (rec_doc seed = 1; seed <= (rec_doc)PAPERS; seed++)
        for (size_t i = 0; i < COUNT(LIMITS); i++) {
            rec_request request = REC_REQUEST_INIT;
            rec_answer answer;

            request.doc = seed;
            request.limit = LIMITS[i];
            check_against_all(&request);
            answer = ask(&request);
            duplicates += answer.duplicate;
            rec_answer_clear(&answer);
        }
    CHECK(duplicates > 0);
}

/* All three are near-copies of one or the other, but d2 and d3 only of d1: which are dropped depends on which is best. */
static void a_paper_is_a_near_copy_of_what_is_listed_alone(void **state)
{
    rec_request request = REC_REQUEST_INIT;
    rec_doc exclude[1] = { find("d1") };
    rec_answer answer;
    size_t found = 0;

    (void)state;
    request.doc = find("k01");
    request.limit = 100;
    request.exclude = exclude;
    request.exclude_count = 1;
    answer = ask(&request);
    for (size_t i = 0; i < answer.count; i++)
        found += answer.hits[i].doc == find("d2") || answer.hits[i].doc == find("d3");
    CHECK_INT(2, found);
    rec_answer_clear(&answer);
}

static void ties_are_broken_by_newer_date_then_id(void **state)
{
    static const char *const ORDER[] = { "t-new", "t-a", "t-b", "t-old" };

    (void)state;
    for (rec_doc seed = 1; seed <= PLAIN; seed++)
        for (int exact = 0; exact < 2; exact++) {
            rec_request request = REC_REQUEST_INIT;
            rec_answer answer;
            size_t first = 0;

            request.doc = seed;
            request.limit = 100;
            request.exact = exact;
            answer = ask(&request);
            while (first < answer.count && strncmp(answer.hits[first].record.paper.id.text, "t-", 2) != 0)
                first++;
            CHECK(first + COUNT(ORDER) <= answer.count);
            for (size_t i = 0; i < COUNT(ORDER); i++) {
                CHECK_STR(ORDER[i], answer.hits[first + i].record.paper.id.text);
                CHECK(answer.hits[first + i].score == answer.hits[first].score);
            }
            rec_answer_clear(&answer);
        }
}

static void a_result_carries_its_card_its_other_ids_and_its_band(void **state)
{
    rec_answer all = ask_all(find("k00"));
    rec_store_state now;
    rec_error err = REC_ERROR_INIT;
    bool any_alias = false;

    (void)state;
    for (size_t i = 0; i < all.count; i++) {
        const rec_hit *hit = &all.hits[i];

        CHECK_INT(hit->doc, hit->record.doc);
        CHECK_INT(rec_band_of(&all.state, hit->score), hit->band);
        CHECK(hit->record.paper.title && !hit->record.paper.abstract);
        CHECK(i == 0 || hit->score <= all.hits[i - 1].score);
        any_alias |= hit->record.also && strncmp(hit->record.also, "[\"k", 3) == 0; /* the DOI comes first, the source's key second */
    }
    CHECK(any_alias);
    CHECK(all.seed_indexed);
    CHECK_STATUS(REC_OK, rec_store_get_state(rec_engine_store(engine), &now, &err), &err);
    CHECK_INT(PAPERS, all.state.papers);
    CHECK_INT(now.generation, all.state.generation);
    CHECK_STR(now.fingerprint, all.state.fingerprint);
    rec_answer_clear(&all);
    CHECK(all.hits == NULL);
}

static void bands_begin_where_the_manual_says(void **state)
{
    const rec_store_state quiet = { .score_middle = 0.02, .score_deviation = 0.02 },
                          alike = { .score_middle = 0.4, .score_deviation = 0.2 }, unbuilt = { .papers = 1 };

    (void)state;
    CHECK_STR("strong", rec_band_name(rec_band_of(&quiet, 1)));
    CHECK_STR("strong", rec_band_name(rec_band_of(&quiet, 0.171f)));
    CHECK_STR("fair", rec_band_name(rec_band_of(&quiet, 0.169f)));
    CHECK_STR("fair", rec_band_name(rec_band_of(&quiet, 0.131f)));
    CHECK_STR("weak", rec_band_name(rec_band_of(&quiet, 0.129f)));
    CHECK_STR("weak", rec_band_name(rec_band_of(&quiet, 0.101f)));
    CHECK_STR("none", rec_band_name(rec_band_of(&quiet, 0.099f)));
    CHECK_STR("none", rec_band_name(rec_band_of(&quiet, -0.1f)));
    CHECK_STR("strong", rec_band_name(rec_band_of(&alike, 0.551f)));
    CHECK_STR("fair", rec_band_name(rec_band_of(&alike, 0.549f)));
    CHECK_STR("weak", rec_band_name(rec_band_of(&alike, 0.351f)));
    CHECK_STR("none", rec_band_name(rec_band_of(&alike, 0.349f)));
    CHECK_STR("none", rec_band_name(rec_band_of(&unbuilt, 0.3f)));
}

/* ---- texts --------------------------------------------------------------------------------------------------------- */

/* A stored paper's words in another dress: it must come first, and nearly as like as can be. */
static void a_text_finds_the_paper_it_is_about(void **state)
{
    rec_answer answer =
        ask_text("On the shearing of the mountain sheep", "This is a survey of the wool and the fleece in the highland pasture.");

    (void)state;
    CHECK(answer.count == REC_DEFAULT_LIMIT);
    CHECK_STR("s1", answer.hits[0].record.paper.id.text);
    CHECK(answer.hits[0].score > 0.6f);
    CHECK_INT(REC_BAND_STRONG, answer.hits[0].band);
    CHECK(!answer.seed_indexed);
    rec_answer_clear(&answer);
}

/* Title and abstract of a stored paper, as a text: its list is that paper's own, which is not in it. */
static void a_text_that_is_stored_has_the_stored_papers_list(void **state)
{
    rec_doc doc = find("d2");
    rec_record record = REC_RECORD_INIT;
    rec_answer all = ask_all(doc), answer;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, rec_store_get(rec_engine_store(engine), doc, REC_GET_ABSTRACT, &record, &err), &err);
    answer = ask_text(record.paper.title, record.paper.abstract);
    CHECK_INT(REC_DEFAULT_LIMIT, answer.count);
    for (size_t i = 0; i < answer.count; i++) {
        CHECK(answer.hits[i].doc != doc);
        /* The text's smoothed vector counts the stored copy as a neighbour, the paper's own does not: near, not equal. */
        CHECK_NEAR(all.hits[i].score, answer.hits[i].score, 0.05);
    }
    rec_answer_clear(&answer);
    rec_answer_clear(&all);
    rec_record_clear(&record);
}

static void papers_whose_title_or_abstract_is_the_text_are_not_listed(void **state)
{
    rec_answer answer = ask_text("shearing the MOUNTAIN sheep", "A method to measure the tide where vessels anchor");

    (void)state;
    CHECK(answer.count > 0);
    for (size_t i = 0; i < answer.count; i++) {
        const char *id = answer.hits[i].record.paper.id.text;

        CHECK(strcmp(id, "s1") != 0 && strcmp(id, "s2") != 0 && strcmp(id, "d1") != 0 && strcmp(id, "d3") != 0);
    }
    rec_answer_clear(&answer);
}

static void a_text_without_a_word_is_like_nothing(void **state)
{
    static const char *const TITLES[] = { NULL, "", "?!", "the of and" };

    (void)state;
    for (size_t i = 0; i < COUNT(TITLES); i++) {
        rec_answer answer = ask_text(TITLES[i], NULL);

        CHECK_INT(0, answer.count);
        rec_answer_clear(&answer);
    }
}

static void threads_change_no_answer(void **state)
{
    rec_answer one = ask_text("A survey of cargo and wool", NULL), four;
    const rec_hit *expected[REC_DEFAULT_LIMIT];

    (void)state;
    rec_engine_set_threads(engine, 4);
    four = ask_text("A survey of cargo and wool", NULL);
    rec_engine_set_threads(engine, 1);
    CHECK_INT(REC_DEFAULT_LIMIT, one.count);
    for (size_t i = 0; i < one.count; i++)
        expected[i] = &one.hits[i];
    check_hits(&four, expected, one.count);
    rec_answer_clear(&one);
    rec_answer_clear(&four);
}

/* ---- titles -------------------------------------------------------------------------------------------------------- */

/* ---- memory -------------------------------------------------------------------------------------------------------- */

/* A fresh engine each time, so that loading model, vectors and index fails too. */
static void without_memory_a_question_fails_cleanly(void **state)
{
    rec_status rc = REC_ENOMEM;
    rec_answer expected = ask_text("A survey of cargo and wool", NULL);
    long allowed = 0;

    (void)state;
    for (; rc != REC_OK; allowed++) {
        rec_request request = REC_REQUEST_INIT;
        rec_answer answer = REC_ANSWER_INIT;
        rec_engine *fresh = NULL;
        rec_error err = REC_ERROR_INIT;

        CHECK(allowed < 1000);
        request.title = "A survey of cargo and wool";
        request.keep_versions = true;
        rec_alloc_fail_after(allowed);
        if ((rc = rec_engine_open(db, &fresh, &err)) == REC_OK)
            rc = rec_recommend(fresh, &request, &answer, &err);
        rec_alloc_fail_after(-1);
        if (rc != REC_OK) {
            CHECK_STATUS(REC_ENOMEM, rc, &err);
            CHECK(answer.hits == NULL);
        } else {
            CHECK_INT(expected.count, answer.count);
            CHECK_INT(expected.hits[0].doc, answer.hits[0].doc);
        }
        rec_answer_clear(&answer);
        rec_engine_close(fresh);
    }
    CHECK(allowed > 50);
    rec_answer_clear(&expected);
}

/* An engine that ran out of memory once answers when there is some again. */
static void an_engine_recovers_from_a_question_that_failed(void **state)
{
    rec_answer all = ask_all(1);
    const rec_hit *expected[PAPERS];
    rec_status rc = REC_ENOMEM;

    (void)state;
    for (size_t i = 0; i < all.count; i++)
        expected[i] = &all.hits[i];
    for (long allowed = 0; rc != REC_OK; allowed++) {
        rec_request request = REC_REQUEST_INIT;
        rec_answer answer = REC_ANSWER_INIT;
        rec_engine *fresh;
        rec_error err = REC_ERROR_INIT;

        CHECK(allowed < 1000);
        request.doc = 1;
        request.exact = true;
        request.limit = 100;
        request.keep_versions = true;
        CHECK_STATUS(REC_OK, rec_engine_open(db, &fresh, &err), &err);
        rec_alloc_fail_after(allowed);
        rc = rec_recommend(fresh, &request, &answer, &err);
        rec_alloc_fail_after(-1);
        rec_answer_clear(&answer);
        CHECK_STATUS(REC_OK, rec_recommend(fresh, &request, &answer, &err), &err);
        check_hits(&answer, expected, all.count);
        rec_answer_clear(&answer);
        rec_engine_close(fresh);
    }
    rec_answer_clear(&all);
}

/* ---- a build that ends meanwhile ----------------------------------------------------------------------------------- */

/* The first time a side file is missing; `state` is the one that was read then. */
struct asked {
    rec_store_state state;
    int64_t told; /* which side files it says that it read of */
    int times;
};

static rec_status ask_once(void *context, rec_error *err)
{
    struct asked *asked = context;
    rec_status rc = rec_store_get_state(rec_engine_store(engine), &asked->state, err);

    CHECK_STATUS(REC_OK, rc, err);
    if (asked->times++ > 0)
        return REC_OK;
    asked->state.side = asked->told;
    return rec_fail(err, REC_ESTALE, "a side file is missing");
}

static void a_question_is_asked_again_only_where_a_build_has_ended_meanwhile(void **state)
{
    rec_store_state now;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, rec_store_get_state(rec_engine_store(engine), &now, &err), &err);
    for (int64_t ago = 0; ago < 2; ago++) {
        struct asked asked = { .told = now.side - ago };

        CHECK_STATUS(ago ? REC_OK : REC_ESTALE, rec_engine_in_one_state(engine, ask_once, &asked, &asked.state, &err), &err);
        CHECK_INT(1 + ago, asked.times);
    }
}

/* ---- from the stored list alone ------------------------------------------------------------------------------------ */

/* Whether the stored list answers a question; then it is the answer that it would get anyway. */
static bool is_stored(const rec_request *request)
{
    rec_answer stored = REC_ANSWER_INIT;
    rec_error err = REC_ERROR_INIT;
    bool served;

    CHECK_STATUS(REC_OK, rec_recommend_stored(engine, request, &stored, &served, &err), &err);
    if (served) {
        const rec_hit *expected[PAPERS];
        rec_answer answer = ask(request);

        for (size_t i = 0; i < answer.count; i++)
            expected[i] = &answer.hits[i];
        check_hits(&stored, expected, answer.count);
        CHECK_INT(answer.duplicate, stored.duplicate);
        CHECK_INT(answer.seen, stored.seen);
        rec_answer_clear(&answer);
    }
    CHECK(served || (stored.count == 0 && !stored.hits));
    rec_answer_clear(&stored);
    return served;
}

static void a_stored_list_answers_as_any_question_is_answered(void **state)
{
    const rec_doc left_out[] = { 2, 5, 8 };

    (void)state;
    for (rec_doc seed = 1; seed <= (rec_doc)PAPERS; seed++)
        for (size_t limit = 1; limit < 100; limit *= 4)
            for (unsigned mode = 0; mode < 8; mode++) {
                rec_request request = REC_REQUEST_INIT;

                request.doc = seed;
                request.limit = limit;
                request.offset = mode;
                request.keep_versions = mode & 1;
                request.exclude = left_out;
                request.exclude_count = mode & 2 ? COUNT(left_out) : 0;
                request.min_score = mode & 4 ? 0.2f : -1;
                CHECK(is_stored(&request));
            }
}

static void what_no_list_holds_is_not_answered_from_one(void **state)
{
    const rec_doc other[] = { 2 };
    rec_request request = REC_REQUEST_INIT, text = REC_REQUEST_INIT;

    (void)state;
    text.title = "Wool of the lamb";
    CHECK(!is_stored(&text));
    request.doc = 1;
    CHECK(is_stored(&request));
#define CHECK_UNSTORED(member, value, back)                                                                                                \
    request.member = value;                                                                                                                \
    CHECK(!is_stored(&request));                                                                                                           \
    request.member = back
    CHECK_UNSTORED(explain, true, false);
    CHECK_UNSTORED(exact, true, false);
    CHECK_UNSTORED(without_authors, true, false);
    CHECK_UNSTORED(diversity, 0.5f, 0);
    CHECK_UNSTORED(only_candidates, true, false);
    request.like = other;
    CHECK_UNSTORED(like_count, 1, 0);
    CHECK(is_stored(&request));
}

static void a_stored_list_takes_no_limit_that_no_question_takes(void **state)
{
    rec_request request = REC_REQUEST_INIT;
    rec_answer answer = REC_ANSWER_INIT;
    rec_error err = REC_ERROR_INIT;
    bool served = true;

    (void)state;
    request.doc = 1;
    request.limit = 0;
    CHECK_STATUS(REC_EINVAL, rec_recommend_stored(engine, &request, &answer, &served, &err), &err);
    CHECK(!served);
}

/* ---- papers that are not indexed yet; these tests change the store and stand last ------------------------------------ */

/* Before the build with the old model, after it with one that knows the paper: the same papers, at nearly the same scores. */
static void a_paper_that_is_not_indexed_is_answered_as_after_the_build(void **state)
{
    rec_answer before, after;
    size_t common = 0;
    rec_doc doc;

    (void)state;
    change_store("{\"id\":\"new\",\"title\":\"Fleece of the lamb\",\"abstract\":\"Shepherd, sheep and pasture: a survey of shearing, wool "
                 "by wool.\"}",
                 false);
    doc = find("new");
    before = ask_all(doc);
    CHECK(!before.seed_indexed);
    CHECK(!is_stored(&(rec_request){ .doc = doc, .limit = 1, .min_score = -1 }));
    change_store(NULL, true);
    after = ask_all(doc);
    CHECK(after.seed_indexed);
    CHECK_INT(after.count, before.count);
    for (size_t i = 0; i < 10; i++)
        for (size_t j = 0; j < 10; j++)
            if (before.hits[i].doc == after.hits[j].doc) {
                CHECK_NEAR(after.hits[j].score, before.hits[i].score, 0.05);
                common++;
            }
    CHECK(common >= 9);
    rec_answer_clear(&before);
    rec_answer_clear(&after);
}

static void a_paper_that_is_not_indexed_is_in_no_list(void **state)
{
    rec_doc doc;

    (void)state;
    change_store("{\"id\":\"newer\",\"title\":\"Violin and soprano\",\"abstract\":\"An overture of rhythm and chord.\"}", false);
    doc = find("newer");
    for (rec_doc seed = 1; seed <= PLAIN; seed++) {
        rec_answer all = ask_all(seed);

        for (size_t i = 0; i < all.count; i++)
            CHECK(all.hits[i].doc != doc);
        rec_answer_clear(&all);
    }
}

/* How many of the first three are plain papers of the third topic. */
static size_t count_music(const rec_answer *answer)
{
    size_t count = 0;

    CHECK(answer->count >= 3);
    for (size_t i = 0; i < 3; i++)
        count += answer->hits[i].doc <= PLAIN && (answer->hits[i].doc - 1) % 3 == 2;
    return count;
}

/* Its old list and its old vectors are still there, and no longer what it is about. */
static void a_changed_paper_is_answered_by_its_new_text(void **state)
{
    rec_doc doc = find("s3");
    rec_answer answer = ask_all(doc);

    (void)state;
    CHECK_INT(0, count_music(&answer));
    rec_answer_clear(&answer);
    change_store("{\"id\":\"s3\",\"title\":\"Melody of the orchestra\",\"abstract\":\"Tempo, chord, violin and overture.\"}", false);
    answer = ask_all(doc);
    CHECK(!answer.seed_indexed);
    CHECK_INT(3, count_music(&answer));
    for (size_t i = 0; i < answer.count; i++)
        CHECK(answer.hits[i].doc != doc);
    rec_answer_clear(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_holds_every_paper_but_the_seed_and_its_twins),
        cmocka_unit_test(twins_of_the_seed_are_in_no_list_of_either_mode),
        cmocka_unit_test(near_copies_of_a_better_result_are_dropped_and_counted),
        cmocka_unit_test(a_paper_is_a_near_copy_of_what_is_listed_alone),
        cmocka_unit_test(ties_are_broken_by_newer_date_then_id),
        cmocka_unit_test(a_result_carries_its_card_its_other_ids_and_its_band),
        cmocka_unit_test(bands_begin_where_the_manual_says),
        cmocka_unit_test(a_text_finds_the_paper_it_is_about),
        cmocka_unit_test(a_text_that_is_stored_has_the_stored_papers_list),
        cmocka_unit_test(papers_whose_title_or_abstract_is_the_text_are_not_listed),
        cmocka_unit_test(a_text_without_a_word_is_like_nothing),
        cmocka_unit_test(threads_change_no_answer),
        cmocka_unit_test(without_memory_a_question_fails_cleanly),
        cmocka_unit_test(an_engine_recovers_from_a_question_that_failed),
        cmocka_unit_test(a_question_is_asked_again_only_where_a_build_has_ended_meanwhile),
        cmocka_unit_test(a_stored_list_answers_as_any_question_is_answered),
        cmocka_unit_test(what_no_list_holds_is_not_answered_from_one),
        cmocka_unit_test(a_stored_list_takes_no_limit_that_no_question_takes),
        cmocka_unit_test(a_paper_that_is_not_indexed_is_answered_as_after_the_build),
        cmocka_unit_test(a_paper_that_is_not_indexed_is_in_no_list),
        cmocka_unit_test(a_changed_paper_is_answered_by_its_new_text),
    };

    return cmocka_run_group_tests(tests, questions_open, questions_close);
}
