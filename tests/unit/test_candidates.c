/*
 * Questions to a store of more papers than are scored for one: which of them are looked at, where some may not be listed, where there are
 * several seeds, and what is said of a paper that was not looked at. Answers are held against those to which every paper was scored.
 */
#include "check.h"
#include "folder.h"
#include "put_record.h"

#include "buf.h"
#include "rec/build.h"
#include "rec/explain.h"
#include "rec/recommend.h"
#include "rec/vector.h"

#include <stdio.h>
#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PAPERS 700
#define TOPICS 8
#define OF_FIRST 20 /* papers of the first topic, the first ones: fewer than a list holds */
#define FEW 10      /* results that are asked for */

static rec_engine *engine;

/* ---- papers -------------------------------------------------------------------------------------------------------- */

static size_t topic_of(size_t paper)
{
    return paper < OF_FIRST ? 0 : 1 + paper % (TOPICS - 1);
}

/* Words of an invented language, 40 for each topic. */
static void add_words(rec_buf *out, rec_random *random, size_t topic, int count)
{
    static const char *const SYLLABLES[] = { "ka", "lo", "mi", "ne", "pu", "ra", "si", "to", "va", "we" };

    for (int i = 0; i < count; i++) {
        size_t word = topic * 40 + (size_t)rec_random_below(random, 40);

        rec_buf_printf(out, "%s%s%s%s", i ? " " : "", SYLLABLES[word % 10], SYLLABLES[word / 10 % 10], SYLLABLES[word / 100 % 10]);
    }
}

/* Paper 0 and one paper of each other topic, the last ones, are by the same two; all others are by nobody. */
static void put_paper(rec_store *store, size_t paper)
{
    bool by_the_two = paper == 0 || paper >= PAPERS - (TOPICS - 1);
    rec_random random = { paper + 1 };
    rec_buf record = REC_BUF_INIT(4096);

    rec_buf_printf(&record, "{\"id\":\"p%zu\",\"categories\":[\"%s\"]%s,\"title\":\"", paper, paper % 2 ? "odd" : "even",
                   by_the_two ? ",\"authors\":[\"Ann Example\",\"Bo Sample\"]" : "");
    add_words(&record, &random, topic_of(paper), 5);
    rec_buf_printf(&record, " %zu\",\"abstract\":\"", paper); /* no two titles are equal */
    add_words(&record, &random, topic_of(paper), 25);
    rec_buf_puts(&record, ".\"}");
    put_record(store, rec_buf_text(&record));
    rec_buf_clear(&record);
}

static int open_engine(void **state)
{
    rec_build_options options = { .threads = 1 };
    rec_build_report report;
    rec_store *store;
    rec_error err = REC_ERROR_INIT;

    if (make_folder(state) != 0)
        return -1;
    CHECK_STATUS(REC_OK, rec_store_open(db, REC_STORE_CREATE, &store, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_begin(store, &err), &err);
    for (size_t paper = 0; paper < PAPERS; paper++)
        put_paper(store, paper);
    put_record(store, "{\"id\":\"wordless\"}");
    CHECK_STATUS(REC_OK, rec_store_commit(store, true, &err), &err);
    CHECK_STATUS(REC_OK, rec_build(store, &options, &report, &err), &err);
    rec_store_close(store);
    return rec_engine_open(db, &engine, &err) == REC_OK ? 0 : -1;
}

static int close_engine(void **state)
{
    rec_engine_close(engine);
    remove_files();
    return remove_folder(state);
}

static rec_doc find(const char *id)
{
    rec_doc doc = 0;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_find(rec_engine_store(engine), id, &doc, &err), &err);
    return doc;
}

static rec_answer ask(const rec_request *request)
{
    rec_answer answer = REC_ANSWER_INIT;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_recommend(engine, request, &answer, &err), &err);
    return answer;
}

/* The answer is the one that scoring every paper gives. */
static void check_as_exact(rec_request request)
{
    rec_answer answer = ask(&request), exact;

    request.exact = true;
    exact = ask(&request);
    CHECK_INT(request.limit, exact.count);
    CHECK_INT(exact.count, answer.count);
    for (size_t i = 0; i < exact.count; i++) {
        CHECK_INT(exact.hits[i].doc, answer.hits[i].doc);
        CHECK(exact.hits[i].score == answer.hits[i].score);
    }
    rec_answer_clear(&answer);
    rec_answer_clear(&exact);
}

static rec_request request_of(rec_doc doc)
{
    rec_request request = REC_REQUEST_INIT;

    request.doc = doc;
    request.limit = FEW;
    return request;
}

/* ---- what may not be listed ---------------------------------------------------------------------------------------- */

static int rising(const void *left, const void *right)
{
    rec_doc a = *(const rec_doc *)left, b = *(const rec_doc *)right;

    return (a > b) - (a < b);
}

/* The best ones of a seed: more than there are in a list, and so many that less are left than are looked at. */
static void where_the_best_are_excluded_the_next_best_are_listed(void **state)
{
    static const size_t EXCLUDED[] = { 60, 80, 520 };

    (void)state;
    for (size_t paper = 50; paper < PAPERS; paper += 97)
        for (size_t i = 0; i < COUNT(EXCLUDED); i++) {
            rec_request request = request_of((rec_doc)paper + 1);
            rec_doc exclude[520];
            rec_answer best;

            request.exact = true;
            request.limit = EXCLUDED[i];
            best = ask(&request);
            CHECK_INT(EXCLUDED[i], best.count);
            for (size_t j = 0; j < best.count; j++)
                exclude[j] = best.hits[j].doc;
            qsort(exclude, best.count, sizeof(*exclude), rising);
            rec_answer_clear(&best);
            request = request_of((rec_doc)paper + 1);
            request.exclude = exclude;
            request.exclude_count = EXCLUDED[i];
            check_as_exact(request);
        }
}

static void what_is_excluded_and_what_fails_the_filter_both_stay_out(void **state)
{
    rec_doc exclude[PAPERS / 2];
    const char *even[] = { "even" };
    size_t count = 0;

    (void)state;
    for (size_t paper = 0; paper < PAPERS; paper++)
        if (paper % 4 == 0)
            exclude[count++] = (rec_doc)paper + 1;
    for (size_t paper = 1; paper < PAPERS; paper += 97) {
        rec_request request = request_of((rec_doc)paper + 1);
        rec_answer answer;

        request.limit = 60; /* more than a stored list has */
        request.exclude = exclude;
        request.exclude_count = count;
        request.filter.categories = even;
        request.filter.category_count = 1;
        answer = ask(&request);
        CHECK_INT(60, answer.count);
        for (size_t i = 0; i < answer.count; i++)
            CHECK_INT(2, (answer.hits[i].doc - 1) % 4);
        rec_answer_clear(&answer);
        check_as_exact(request);
    }
}

/* ---- several seeds ------------------------------------------------------------------------------------------------- */

static void several_seeds_have_the_answer_that_all_papers_give(void **state)
{
    (void)state;
    for (rec_doc doc = 1; doc < PAPERS - 200; doc += 61) {
        const rec_doc like[] = { doc + 50, doc + 101 }, unlike[] = { doc + 151 };
        rec_request request = request_of(doc);

        request.like = like;
        request.like_count = COUNT(like);
        request.unlike = unlike;
        request.unlike_count = COUNT(unlike);
        check_as_exact(request);
    }
}

static void a_seed_without_words_changes_nothing_of_what_is_looked_at(void **state)
{
    const rec_doc like[] = { 200 }, with_wordless[] = { 200, find("wordless") };
    rec_request request = request_of(1);
    rec_answer expected, answer;

    (void)state;
    request.like = like;
    request.like_count = 1;
    expected = ask(&request);
    request.like = with_wordless;
    request.like_count = 2;
    answer = ask(&request);
    CHECK_INT(FEW, expected.count);
    CHECK_INT(FEW, answer.count);
    for (size_t i = 0; i < FEW; i++)
        CHECK(expected.hits[i].doc == answer.hits[i].doc && expected.hits[i].score == answer.hits[i].score);
    rec_answer_clear(&expected);
    rec_answer_clear(&answer);
}

/* ---- what is said of the others ------------------------------------------------------------------------------------ */

/* Of papers that are not in the list: each scores less than the last of it, or it was not looked at. */
static void an_unlisted_paper_is_below_the_last_or_was_not_proposed(void **state)
{
    size_t counts[REC_NOT_PROPOSED + 1] = { 0 }, all = 0;
    rec_request request = request_of(1);

    (void)state;
    for (rec_doc other = 2; other <= PAPERS; other += other < PAPERS - TOPICS ? 3 : 1, all++) {
        rec_explanation x = REC_EXPLANATION_INIT;
        rec_error err = REC_ERROR_INIT;

        CHECK_STATUS(REC_OK, rec_explain(engine, &request, other, &x, &err), &err);
        counts[x.standing]++;
        CHECK_INT(REC_LIST_LENGTH, x.listed);
        CHECK_INT(x.standing == REC_STANDS, x.rank > 0);
        if (x.standing == REC_BELOW_THE_LAST)
            CHECK(x.parts.total <= x.last);
        if (x.standing == REC_NOT_PROPOSED) {
            CHECK(x.parts.total > x.last);
            CHECK(other > PAPERS - (TOPICS - 1)); /* authors alone make it alike, by which nothing is looked for */
        }
        rec_explanation_clear(&x);
    }
    CHECK(counts[REC_STANDS] > 0);
    CHECK(counts[REC_BELOW_THE_LAST] > counts[REC_STANDS]);
    CHECK(counts[REC_NOT_PROPOSED] > 0);
    CHECK_INT(all, counts[REC_STANDS] + counts[REC_BELOW_THE_LAST] + counts[REC_NOT_PROPOSED]);
}

/* ---- files --------------------------------------------------------------------------------------------------------- */

/* What an answer is made of is other than before where a side file is gone, and it can still be told. */
static void a_side_file_that_is_gone_changes_what_the_files_are_told_by(void **state)
{
    char before[REC_FINGERPRINT_CHARS], gone[REC_FINGERPRINT_CHARS], back[REC_FINGERPRINT_CHARS], map[sizeof(db) + 16];
    char aside[sizeof(map) + 8];
    rec_error err = REC_ERROR_INIT;

    (void)state;
    snprintf(map, sizeof(map), "%s-map.1", db);
    snprintf(aside, sizeof(aside), "%s-aside", map);
    CHECK_STATUS(REC_OK, rec_engine_files(engine, before, &err), &err);
    CHECK_STATUS(REC_OK, rec_engine_files(engine, back, &err), &err);
    CHECK_STR(before, back);
    CHECK(rename(map, aside) == 0);
    CHECK_STATUS(REC_OK, rec_engine_files(engine, gone, &err), &err);
    CHECK(rename(aside, map) == 0);
    CHECK(strcmp(before, gone) != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_the_best_are_excluded_the_next_best_are_listed),
        cmocka_unit_test(what_is_excluded_and_what_fails_the_filter_both_stay_out),
        cmocka_unit_test(several_seeds_have_the_answer_that_all_papers_give),
        cmocka_unit_test(a_seed_without_words_changes_nothing_of_what_is_looked_at),
        cmocka_unit_test(an_unlisted_paper_is_below_the_last_or_was_not_proposed),
        cmocka_unit_test(a_side_file_that_is_gone_changes_what_the_files_are_told_by),
    };

    return cmocka_run_group_tests(tests, open_engine, close_engine);
}
