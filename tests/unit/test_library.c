/* The public library, through its header alone: handles, options, answers, changes. The store is made of the shipped sample. */
#include "check.h"
#include "folder.h"

#include "recommend.h"

#include "alloc.h"

#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SAMPLE REC_SOURCE_DIR "/tools/sample/papers.jsonl"
#define PAPERS 72

/* A call that gives this status; else the handle's sentence is printed. */
#define CHECK_CALL(expected, call, handle)                                                                                                 \
    do {                                                                                                                                   \
        recommend_status check_got = (call);                                                                                               \
        if (check_got != (expected))                                                                                                       \
            fail_msg("%s:%d: %s: status %d, expected %d: %s", __FILE__, __LINE__, #call, (int)check_got, (int)(expected),                  \
                     recommend_message(handle));                                                                                           \
    } while (0)

static recommend *open_for(recommend_mode mode)
{
    recommend *handle = NULL;

    CHECK_CALL(RECOMMEND_OK, recommend_open(db, mode, &handle), handle);
    return handle;
}

static int make_store(void **state)
{
    recommend *writer;

    CHECK_INT(0, make_folder(state));
    writer = open_for(RECOMMEND_WRITE);
    CHECK_CALL(RECOMMEND_OK, recommend_import(writer, SAMPLE, NULL, NULL), writer);
    CHECK_CALL(RECOMMEND_OK, recommend_build(writer, 0), writer);
    recommend_close(writer);
    return 0;
}

static int remove_store(void **state)
{
    remove_files();
    return remove_folder(state);
}

static int64_t number(recommend *handle, recommend_number which)
{
    int64_t value = -1;

    CHECK_CALL(RECOMMEND_OK, recommend_get_number(handle, which, &value), handle);
    return value;
}

static recommend_answer *similar(recommend *handle, const char *id, const recommend_options *options)
{
    recommend_answer *answer = NULL;

    CHECK_CALL(RECOMMEND_OK, recommend_similar(handle, id, options, &answer), handle);
    return answer;
}

/* ---- opening -------------------------------------------------------------------------------------------------------- */

static void a_store_that_is_not_there_is_told_and_the_handle_refuses_everything(void **state)
{
    recommend *handle = NULL;
    recommend_answer *answer = (recommend_answer *)&handle;
    int64_t value;

    (void)state;
    CHECK_CALL(RECOMMEND_STALE, recommend_open("/nowhere/store.db", RECOMMEND_READ, &handle), handle);
    CHECK_CONTAINS("/nowhere/store.db", recommend_message(handle));
    CHECK_INT(RECOMMEND_STALE, recommend_similar(handle, "smp:0001", NULL, &answer));
    CHECK(answer == NULL);
    CHECK_INT(RECOMMEND_STALE, recommend_get_number(handle, RECOMMEND_PAPERS, &value));
    CHECK_INT(RECOMMEND_STALE, recommend_import(handle, SAMPLE, NULL, NULL));
    CHECK_INT(RECOMMEND_STALE, recommend_build(handle, 0));
    CHECK_CONTAINS("/nowhere/store.db", recommend_message(handle));
    recommend_close(handle);
}

static void what_makes_no_sense_is_refused_in_words(void **state)
{
    recommend *handle = NULL;

    (void)state;
    CHECK_INT(RECOMMEND_INVALID, recommend_open(NULL, RECOMMEND_READ, &handle));
    CHECK_CONTAINS("no path", recommend_message(handle));
    recommend_close(handle);
    CHECK_INT(RECOMMEND_INVALID, recommend_open(db, (recommend_mode)7, &handle));
    CHECK_CONTAINS("mode 7", recommend_message(handle));
    recommend_close(handle);
    CHECK_INT(RECOMMEND_DAMAGED, recommend_open(SAMPLE, RECOMMEND_READ, &handle));
    CHECK_CONTAINS("papers.jsonl", recommend_message(handle));
    recommend_close(handle);
    recommend_close(NULL);
    CHECK_CONTAINS("memory", recommend_message(NULL));
}

static void a_reader_is_no_writer(void **state)
{
    recommend *handle = open_for(RECOMMEND_READ);

    (void)state;
    CHECK_INT(RECOMMEND_INVALID, recommend_import(handle, SAMPLE, NULL, NULL));
    CHECK_CONTAINS("not open for writing", recommend_message(handle));
    CHECK_INT(RECOMMEND_INVALID, recommend_build(handle, 0));
    recommend_close(handle);
}

/* ---- questions ------------------------------------------------------------------------------------------------------ */

static void papers_like_a_paper_come_best_first_with_all_that_is_said_of_them(void **state)
{
    recommend *handle = open_for(RECOMMEND_READ);
    recommend_answer *answer = similar(handle, "smp:0001", NULL);
    size_t count = recommend_answer_count(answer);

    (void)state;
    CHECK_INT(10, count);
    for (size_t i = 0; i < count; i++) {
        CHECK_INT(i + 1, recommend_result_rank(answer, i));
        CHECK(recommend_result_score(answer, i) > 0 && recommend_result_score(answer, i) <= 1);
        CHECK(i == 0 || recommend_result_score(answer, i) <= recommend_result_score(answer, i - 1));
        CHECK(recommend_result_text(answer, i, RECOMMEND_ID) && recommend_result_text(answer, i, RECOMMEND_TITLE));
        CHECK(strcmp(recommend_result_text(answer, i, RECOMMEND_ID), "smp:0001") != 0);
        CHECK(recommend_result_text(answer, i, RECOMMEND_REASON) == NULL);
        CHECK(recommend_result_text(answer, i, RECOMMEND_STANDING) == NULL);
    }
    CHECK_STR("reef-cloud-2024", recommend_result_text(answer, 0, RECOMMEND_ID));
    CHECK_STR("2024-05", recommend_result_text(answer, 0, RECOMMEND_DATE));
    CHECK_STR("strong", recommend_result_text(answer, 0, RECOMMEND_BAND));
    CHECK(recommend_result_text(answer, 0, RECOMMEND_URL) == NULL);
    CHECK_STR("doi:10.5555/jie.2025.0031", recommend_result_text(answer, 1, RECOMMEND_ID));
    CHECK_STR("https://doi.org/10.5555/jie.2025.0031", recommend_result_text(answer, 1, RECOMMEND_URL));
    CHECK(recommend_result_text(answer, count, RECOMMEND_ID) == NULL);
    CHECK(recommend_result_text(answer, 0, (recommend_text)99) == NULL);
    CHECK_INT(0, recommend_result_rank(answer, count));
    recommend_close(handle);
    CHECK_STR("reef-cloud-2024", recommend_result_text(answer, 0, RECOMMEND_ID)); /* answers outlive their handle */
    recommend_answer_free(answer);
}

static void an_unknown_paper_is_told_by_its_id(void **state)
{
    recommend *handle = open_for(RECOMMEND_READ);
    recommend_answer *answer = NULL;

    (void)state;
    CHECK_INT(RECOMMEND_NOT_FOUND, recommend_similar(handle, "smp:none", NULL, &answer));
    CHECK_CONTAINS("smp:none", recommend_message(handle));
    CHECK_INT(RECOMMEND_INVALID, recommend_similar(handle, NULL, NULL, &answer));
    CHECK_INT(RECOMMEND_INVALID, recommend_similar(handle, "", NULL, &answer));
    CHECK_INT(RECOMMEND_NOT_FOUND, recommend_explain(handle, "smp:0001", "smp:none", &answer));
    CHECK_INT(RECOMMEND_INVALID, recommend_explain(handle, "smp:0001", NULL, &answer));
    CHECK(answer == NULL);
    recommend_close(handle);
}

static void a_text_is_answered_and_a_stored_title_is_that_paper(void **state)
{
    recommend *handle = open_for(RECOMMEND_READ);
    recommend_answer *by_id = similar(handle, "smp:0001", NULL), *answer = NULL;

    (void)state;
    CHECK_CALL(RECOMMEND_OK, recommend_similar_text(handle, NULL, "Corals bleach in warm summers.", NULL, &answer), handle);
    CHECK_CONTAINS("bleach", recommend_result_text(answer, 0, RECOMMEND_TITLE));
    recommend_answer_free(answer);
    CHECK_CALL(RECOMMEND_OK,
               recommend_similar_text(handle, "degree heating weeks OVERESTIMATE bleaching on reefs with a history of warm summers", NULL,
                                      NULL, &answer),
               handle);
    CHECK_INT(recommend_answer_count(by_id), recommend_answer_count(answer));
    for (size_t i = 0; i < recommend_answer_count(answer); i++)
        CHECK_STR(recommend_result_text(by_id, i, RECOMMEND_ID), recommend_result_text(answer, i, RECOMMEND_ID));
    recommend_answer_free(answer);
    CHECK_INT(RECOMMEND_INVALID, recommend_similar_text(handle, NULL, NULL, NULL, &answer));
    CHECK_INT(RECOMMEND_INVALID, recommend_similar_text(handle, NULL, " \n", NULL, &answer));
    CHECK_INT(RECOMMEND_INVALID, recommend_similar_text(handle, NULL, "\xff\xfe", NULL, &answer));
    CHECK_CONTAINS("the text", recommend_message(handle));
    recommend_answer_free(by_id);
    recommend_close(handle);
}

static void words_are_searched_for(void **state)
{
    recommend *handle = open_for(RECOMMEND_READ);
    recommend_answer *answer = NULL;

    (void)state;
    CHECK_CALL(RECOMMEND_OK, recommend_search(handle, "coral bleaching", NULL, &answer), handle);
    CHECK(recommend_answer_count(answer) > 0);
    recommend_answer_free(answer);
    CHECK_CALL(RECOMMEND_OK, recommend_search(handle, "xyzzy", NULL, &answer), handle);
    CHECK_INT(0, recommend_answer_count(answer));
    recommend_answer_free(answer);
    CHECK_INT(RECOMMEND_INVALID, recommend_search(handle, NULL, NULL, &answer));
    recommend_close(handle);
}

static void an_explanation_tells_score_standing_and_reason(void **state)
{
    recommend *handle = open_for(RECOMMEND_READ);
    recommend_answer *list = similar(handle, "smp:0001", NULL), *answer = NULL;

    (void)state;
    CHECK_CALL(RECOMMEND_OK, recommend_explain(handle, "smp:0001", "reef-cloud-2024", &answer), handle);
    CHECK_INT(1, recommend_answer_count(answer));
    CHECK_INT(1, recommend_result_rank(answer, 0));
    CHECK_STR("listed", recommend_result_text(answer, 0, RECOMMEND_STANDING));
    CHECK_NEAR(recommend_result_score(list, 0), recommend_result_score(answer, 0), 1e-6);
    CHECK_CONTAINS("bleaching", recommend_result_text(answer, 0, RECOMMEND_REASON));
    recommend_answer_free(answer);
    CHECK_CALL(RECOMMEND_OK, recommend_explain(handle, "smp:0001", "smp:0001", &answer), handle);
    CHECK_STR("seed", recommend_result_text(answer, 0, RECOMMEND_STANDING));
    CHECK_INT(0, recommend_result_rank(answer, 0));
    recommend_answer_free(answer);
    recommend_answer_free(list);
    recommend_close(handle);
}

/* ---- options -------------------------------------------------------------------------------------------------------- */

static void options_choose_papers(void **state)
{
    recommend *handle = open_for(RECOMMEND_READ);
    recommend_options *options = recommend_options_new();
    recommend_answer *all = similar(handle, "smp:0001", NULL), *answer;

    (void)state;
    CHECK_INT(RECOMMEND_OK, recommend_options_set(options, "limit", "3"));
    CHECK_INT(RECOMMEND_OK, recommend_options_set(options, "offset", "1"));
    CHECK_INT(RECOMMEND_OK, recommend_options_set(options, "exclude", recommend_result_text(all, 2, RECOMMEND_ID)));
    CHECK_INT(RECOMMEND_OK, recommend_options_set(options, "exclude", "not stored"));
    CHECK_INT(RECOMMEND_OK, recommend_options_set(options, "explain", "yes"));
    answer = similar(handle, "smp:0001", options);
    CHECK_INT(3, recommend_answer_count(answer));
    CHECK_STR(recommend_result_text(all, 1, RECOMMEND_ID), recommend_result_text(answer, 0, RECOMMEND_ID));
    CHECK_STR(recommend_result_text(all, 3, RECOMMEND_ID), recommend_result_text(answer, 1, RECOMMEND_ID));
    CHECK_INT(2, recommend_result_rank(answer, 0));
    CHECK(recommend_result_text(answer, 0, RECOMMEND_REASON) != NULL);
    recommend_answer_free(answer);
    recommend_answer_free(all);
    recommend_options_free(options);
    recommend_close(handle);
}

static void a_window_of_dates_and_a_threshold_hold(void **state)
{
    recommend *handle = open_for(RECOMMEND_READ);
    recommend_options *options = recommend_options_new();
    recommend_answer *answer;

    (void)state;
    CHECK_INT(RECOMMEND_OK, recommend_options_set(options, "since", "2025"));
    CHECK_INT(RECOMMEND_OK, recommend_options_set(options, "min-score", "0.2"));
    CHECK_INT(RECOMMEND_OK, recommend_options_set(options, "min-band", "weak"));
    answer = similar(handle, "smp:0001", options);
    CHECK(recommend_answer_count(answer) > 0);
    for (size_t i = 0; i < recommend_answer_count(answer); i++) {
        CHECK(strncmp(recommend_result_text(answer, i, RECOMMEND_DATE), "2025", 4) == 0);
        CHECK(recommend_result_score(answer, i) >= 0.2);
    }
    recommend_answer_free(answer);
    recommend_options_free(options);
    recommend_close(handle);
}

static void seeds_are_liked_and_unliked(void **state)
{
    recommend *handle = open_for(RECOMMEND_READ);
    recommend_options *options = recommend_options_new();
    recommend_answer *answer = NULL;

    (void)state;
    CHECK_INT(RECOMMEND_OK, recommend_options_set(options, "like", "reef-cloud-2024"));
    CHECK_INT(RECOMMEND_OK, recommend_options_set(options, "unlike", "doi:10.5555/bfs.2025.314"));
    answer = similar(handle, "smp:0001", options);
    CHECK(recommend_answer_count(answer) > 0);
    for (size_t i = 0; i < recommend_answer_count(answer); i++) {
        CHECK(strcmp("reef-cloud-2024", recommend_result_text(answer, i, RECOMMEND_ID)) != 0);
        CHECK(strcmp("doi:10.5555/bfs.2025.314", recommend_result_text(answer, i, RECOMMEND_ID)) != 0);
    }
    recommend_answer_free(answer);
    CHECK_INT(RECOMMEND_OK, recommend_options_set(options, "like", "nobody's paper"));
    CHECK_INT(RECOMMEND_NOT_FOUND, recommend_similar(handle, "smp:0001", options, &answer));
    CHECK_CONTAINS("nobody's paper", recommend_message(handle));
    recommend_options_free(options);
    recommend_close(handle);
}

static void a_bad_option_is_refused_and_remembered(void **state)
{
    static const struct {
        const char *name, *value;
    } BAD[] = { { "limit", "-1" },
                { "limit", "" },
                { "limit", "99999999999" },
                { "min-score", "0,2" },
                { "min-score", "high" },
                { "diversity", "" },
                { "min-band", "great" },
                { "versions", "all" },
                { "authors", "true" },
                { "exact", "" },
                { "category", "a\"b" },
                { "colour", "blue" },
                { "", "" },
                { NULL, "1" },
                { "limit", NULL } };
    recommend *handle = open_for(RECOMMEND_READ);
    recommend_answer *answer = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
        recommend_options *options = recommend_options_new();

        CHECK_INT(RECOMMEND_INVALID, recommend_options_set(options, BAD[i].name, BAD[i].value));
        CHECK_INT(RECOMMEND_OK, recommend_options_set(options, "limit", "3"));
        CHECK_INT(RECOMMEND_INVALID, recommend_similar(handle, "smp:0001", options, &answer));
        CHECK_CONTAINS("option", recommend_message(handle));
        recommend_options_free(options);
    }
    CHECK_INT(RECOMMEND_INVALID, recommend_options_set(NULL, "limit", "3"));
    recommend_close(handle);
}

static void what_is_out_of_range_or_wrong_together_is_refused_by_the_question(void **state)
{
    static const char *const BAD[][2] = { { "limit", "0" }, { "limit", "10001" }, { "diversity", "1.5" }, { "since", "yesterday" } };
    recommend *handle = open_for(RECOMMEND_READ);
    recommend_answer *answer = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
        recommend_options *options = recommend_options_new();

        CHECK_INT(RECOMMEND_OK, recommend_options_set(options, BAD[i][0], BAD[i][1]));
        CHECK_INT(RECOMMEND_INVALID, recommend_similar(handle, "smp:0001", options, &answer));
        recommend_options_free(options);
    }
    recommend_close(handle);
}

static void an_option_is_repeated_64_times_at_most(void **state)
{
    recommend_options *options = recommend_options_new();

    (void)state;
    for (int i = 0; i < 64; i++)
        CHECK_INT(RECOMMEND_OK, recommend_options_set(options, "exclude", "smp:0001"));
    CHECK_INT(RECOMMEND_INVALID, recommend_options_set(options, "exclude", "smp:0001"));
    recommend_options_free(options);
}

/* Any locale whose decimal mark is a comma; where the machine has none, the C locale, in which nothing could go wrong. */
static void numbers_are_read_the_same_in_any_locale(void **state)
{
    static const char *const COMMAS[] = { "de_DE.UTF-8", "fr_FR.UTF-8", "nl_NL.UTF-8", "de_DE", "fr_FR" };
    recommend_options *options = recommend_options_new();
    bool found = false;

    (void)state;
    for (size_t i = 0; i < sizeof(COMMAS) / sizeof(COMMAS[0]) && !found; i++)
        found = setlocale(LC_ALL, COMMAS[i]) != NULL;
    if (!found)
        print_message("SKIPPED: numbers where the decimal mark is a comma: this machine has no such locale\n");
    CHECK_INT(RECOMMEND_OK, recommend_options_set(options, "min-score", "0.25"));
    CHECK_INT(RECOMMEND_INVALID, recommend_options_set(options, "min-score", "0,25"));
    setlocale(LC_ALL, "C");
    recommend_options_free(options);
}

/* ---- changing ------------------------------------------------------------------------------------------------------- */

/* Every text of a result is what `show` has of that paper; one of the sample has a further id. */
static void a_result_has_its_authors_categories_and_further_ids(void **state)
{
    recommend *handle = open_for(RECOMMEND_READ);
    recommend_options *options = recommend_options_new();
    recommend_answer *answer;
    bool found_authors = false, found_categories = false, found_also = false;

    (void)state;
    CHECK_INT(RECOMMEND_OK, recommend_options_set(options, "limit", "50"));
    answer = similar(handle, "smp:0001", options);
    for (size_t i = 0; i < recommend_answer_count(answer); i++) {
        const char *authors = recommend_result_text(answer, i, RECOMMEND_AUTHORS);
        const char *categories = recommend_result_text(answer, i, RECOMMEND_CATEGORIES);
        const char *also = recommend_result_text(answer, i, RECOMMEND_ALSO);

        found_authors |= authors && strncmp(authors, "[\"", 2) == 0;
        found_categories |= categories && strncmp(categories, "[\"", 2) == 0;
        found_also |= also && strstr(also, "smp:") != NULL;
    }
    CHECK(found_authors && found_categories && found_also);
    CHECK(recommend_result_text(answer, 0, (recommend_text)1000) == NULL);
    CHECK(recommend_result_text(answer, 1000, RECOMMEND_AUTHORS) == NULL);
    CHECK_NEAR(0, recommend_result_score(answer, 1000), 0);
    recommend_answer_free(answer);
    recommend_options_free(options);
    recommend_close(handle);
}

static void any_number_of_threads_gives_the_same_answer(void **state)
{
    recommend *handle = open_for(RECOMMEND_READ);
    recommend_answer *one, *two;

    (void)state;
    recommend_set_threads(NULL, 1);
    recommend_set_threads(handle, 1);
    one = similar(handle, "smp:0001", NULL);
    recommend_set_threads(handle, 2); /* now the handle has an engine */
    two = similar(handle, "smp:0001", NULL);
    CHECK_INT(recommend_answer_count(one), recommend_answer_count(two));
    for (size_t i = 0; i < recommend_answer_count(one); i++)
        CHECK_STR(recommend_result_text(one, i, RECOMMEND_ID), recommend_result_text(two, i, RECOMMEND_ID));
    recommend_answer_free(one);
    recommend_answer_free(two);
    recommend_close(handle);
}

static void a_library_without_a_handle_or_with_plain_options_is_no_crash(void **state)
{
    recommend *handle = open_for(RECOMMEND_READ);
    recommend_options *options = recommend_options_new();
    recommend_answer *answer = NULL;

    (void)state;
    CHECK(strspn(recommend_version(), "0123456789") > 0);
    CHECK_INT(RECOMMEND_INVALID, recommend_similar(NULL, "smp:0001", NULL, &answer));
    CHECK(answer == NULL);
    CHECK_INT(RECOMMEND_OK, recommend_options_set(options, "min-band", "none"));
    CHECK_INT(RECOMMEND_OK, recommend_options_set(options, "versions", "keep"));
    CHECK_INT(RECOMMEND_OK, recommend_options_set(options, "category", "no-such-category"));
    answer = similar(handle, "smp:0001", options);
    CHECK_INT(0, recommend_answer_count(answer));
    recommend_answer_free(answer);
    recommend_options_free(options);
    recommend_close(handle);
}

static void count_refusal(void *context, const char *message)
{
    CHECK_CONTAINS("records.jsonl:2", message);
    ++*(int *)context;
}

static void records_come_in_are_counted_and_answered(void **state)
{
    char path[PATH_MAX];
    int refused = 0;
    recommend *writer = open_for(RECOMMEND_WRITE), *reader = open_for(RECOMMEND_READ);
    int64_t before = number(reader, RECOMMEND_GENERATION);
    FILE *file;

    (void)state;
    snprintf(path, sizeof(path), "%s/records.jsonl", folder);
    file = fopen(path, "w");
    fprintf(file, "{\"id\":\"new-1\",\"title\":\"Bleaching of corals in warm summers\"}\n{\"title\":7}\n{\"id\":\"smp:0001\"}\n");
    fclose(file);
    CHECK_CALL(RECOMMEND_OK, recommend_import(writer, path, count_refusal, &refused), writer);
    CHECK_INT(1, refused);
    CHECK_INT(3, number(writer, RECOMMEND_RECORDS));
    CHECK_INT(1, number(writer, RECOMMEND_ADDED));
    CHECK_INT(0, number(writer, RECOMMEND_UPDATED));
    CHECK_INT(1, number(writer, RECOMMEND_UNCHANGED));
    CHECK_INT(1, number(writer, RECOMMEND_REFUSED));
    CHECK_INT(PAPERS + 1, number(reader, RECOMMEND_PAPERS));
    CHECK_INT(PAPERS, number(reader, RECOMMEND_INDEXED));
    recommend_answer_free(similar(reader, "new-1", NULL));
    recommend_answer_free(similar(writer, "new-1", NULL));
    CHECK_CALL(RECOMMEND_OK, recommend_build(writer, 0), writer);
    CHECK_INT(PAPERS + 1, number(reader, RECOMMEND_INDEXED));
    CHECK(number(reader, RECOMMEND_GENERATION) > before);
    CHECK_INT(RECOMMEND_INVALID, recommend_build(writer, 8));
    CHECK_INT(RECOMMEND_INVALID, recommend_import(writer, NULL, NULL, NULL));
    CHECK_INT(RECOMMEND_IO, recommend_import(writer, "/nowhere/records.jsonl", NULL, NULL));
    CHECK_INT(RECOMMEND_INVALID, recommend_get_number(writer, (recommend_number)99, &before));
    recommend_close(reader);
    recommend_close(writer);
    remove(path);
    CHECK(access(db, R_OK) == 0);
}

/* Each of the first requests, and ever fewer of the later ones: loading a model takes hundreds that are alike. */
static void a_failed_request_for_memory_is_told(void **state)
{
    (void)state;
    for (long allowed = 0;; allowed += 1 + allowed / 16) {
        recommend *handle = NULL;
        recommend_options *options = NULL;
        recommend_answer *answer = NULL;
        recommend_status rc;

        CHECK(allowed < 100000);
        rec_alloc_fail_after(allowed);
        rc = recommend_open(db, RECOMMEND_READ, &handle);
        if (rc == RECOMMEND_OK && !(options = recommend_options_new()))
            rc = RECOMMEND_NO_MEMORY;
        if (rc == RECOMMEND_OK)
            rc = recommend_options_set(options, "like", "reef-cloud-2024");
        if (rc == RECOMMEND_OK)
            rc = recommend_similar_text(handle, "Corals", "Corals bleach in warm summers.", options, &answer);
        recommend_answer_free(answer);
        answer = NULL;
        if (rc == RECOMMEND_OK)
            rc = recommend_explain(handle, "smp:0001", "reef-cloud-2024", &answer);
        rec_alloc_fail_after(-1);
        recommend_answer_free(answer);
        recommend_options_free(options);
        if (rc != RECOMMEND_OK)
            CHECK_INT(RECOMMEND_NO_MEMORY, rc);
        recommend_close(handle);
        if (rc == RECOMMEND_OK)
            break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_store_that_is_not_there_is_told_and_the_handle_refuses_everything),
        cmocka_unit_test(what_makes_no_sense_is_refused_in_words),
        cmocka_unit_test(a_reader_is_no_writer),
        cmocka_unit_test(papers_like_a_paper_come_best_first_with_all_that_is_said_of_them),
        cmocka_unit_test(a_result_has_its_authors_categories_and_further_ids),
        cmocka_unit_test(any_number_of_threads_gives_the_same_answer),
        cmocka_unit_test(a_library_without_a_handle_or_with_plain_options_is_no_crash),
        cmocka_unit_test(an_unknown_paper_is_told_by_its_id),
        cmocka_unit_test(a_text_is_answered_and_a_stored_title_is_that_paper),
        cmocka_unit_test(words_are_searched_for),
        cmocka_unit_test(an_explanation_tells_score_standing_and_reason),
        cmocka_unit_test(options_choose_papers),
        cmocka_unit_test(a_window_of_dates_and_a_threshold_hold),
        cmocka_unit_test(seeds_are_liked_and_unliked),
        cmocka_unit_test(a_bad_option_is_refused_and_remembered),
        cmocka_unit_test(what_is_out_of_range_or_wrong_together_is_refused_by_the_question),
        cmocka_unit_test(an_option_is_repeated_64_times_at_most),
        cmocka_unit_test(numbers_are_read_the_same_in_any_locale),
        cmocka_unit_test(a_failed_request_for_memory_is_told),
        cmocka_unit_test(records_come_in_are_counted_and_answered),
    };

    return cmocka_run_group_tests(tests, make_store, remove_store);
}
