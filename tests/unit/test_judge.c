/* The measures on rankings small enough to score by hand; judgements, runs and candidates as files bring them. */
#include "check.h"

#include "alloc.h"
#include "rec/judge.h"
#include "rec/pools.h"
#include "rec/reader.h"
#include "rec/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char folder[] = "/tmp/rec-judge-XXXXXX";
static char path[sizeof(folder) + 16], db[sizeof(folder) + 16];
static rec_store *store;

/* Papers q1, q2, d1, d2, d3 and one with two ids, numbered from 1 in this order. */
static int make_store(void **state)
{
    static const char *const RECORDS[] = { "{\"id\":\"q1\"}", "{\"id\":\"q2\"}", "{\"id\":\"d1\"}",
                                           "{\"id\":\"d2\"}", "{\"id\":\"d3\"}", "{\"id\":\"2401.00001\",\"doi\":\"10.1000/d4\"}" };
    rec_error err = REC_ERROR_INIT;

    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof(path), "%s/qrels", folder);
    snprintf(db, sizeof(db), "%s/store.db", folder);
    if (rec_store_open(db, REC_STORE_CREATE, &store, &err) != REC_OK || rec_store_begin(store, &err) != REC_OK)
        return -1;
    for (size_t i = 0; i < COUNT(RECORDS); i++) {
        rec_paper paper = REC_PAPER_INIT;
        rec_outcome outcome;

        if (rec_read_json(RECORDS[i], strlen(RECORDS[i]), &paper, &err) != REC_OK || rec_store_put(store, &paper, &outcome, &err) != REC_OK)
            return -1;
        rec_paper_clear(&paper);
    }
    return rec_store_commit(store, true, &err) == REC_OK ? 0 : -1;
}

static int remove_store(void **state)
{
    char name[sizeof(db) + 8];

    (void)state;
    rec_store_close(store);
    unlink(path);
    unlink(db);
    snprintf(name, sizeof(name), "%s-lock", db);
    unlink(name);
    return rmdir(folder);
}

/* ---- measures ------------------------------------------------------------------------------------------------------ */

#define CHECK_MEASURES(ndcg_, precision_, map_, recall_, measures)                                                                         \
    do {                                                                                                                                   \
        rec_measures check_m = (measures);                                                                                                 \
        CHECK_NEAR(ndcg_, check_m.ndcg, 1e-9);                                                                                             \
        CHECK_NEAR(precision_, check_m.precision, 1e-9);                                                                                   \
        CHECK_NEAR(map_, check_m.map, 1e-9);                                                                                               \
        CHECK_NEAR(recall_, check_m.recall, 1e-9);                                                                                         \
    } while (0)

/* Grades 3, 2 and 1 for papers 11, 12 and 13 of query 2; the other queries must not be mistaken for it. */
static rec_judgement graded[] = { { 1, 12, 3 }, { 2, 11, 3 }, { 2, 12, 2 }, { 2, 13, 1 }, { 2, 14, 0 }, { 3, 14, 1 } };
static const rec_judgements GRADED = { graded, COUNT(graded) };

/* DCG 3/log2(2) + 7/log2(4) = 6.5; ideal 7/log2(2) + 3/log2(3) + 1/log2(4) = 9.392789; AP (1/1 + 2/3)/3. */
static void a_ranking_scores_what_one_computes_by_hand(void **state)
{
    static const rec_doc RANKING[] = { 12, 14, 11 };

    (void)state;
    CHECK_MEASURES(0.692020210, 0.2, 5.0 / 9, 2.0 / 3, rec_judge(&GRADED, 2, RANKING, COUNT(RANKING)));
}

static void the_ideal_ranking_scores_1_but_for_the_precision(void **state)
{
    static const rec_doc RANKING[] = { 11, 12, 13 };

    (void)state;
    CHECK_MEASURES(1, 0.3, 1, 1, rec_judge(&GRADED, 2, RANKING, COUNT(RANKING)));
}

/* Found, all three, but in the worst order: DCG 1/log2(2) + 3/log2(3) + 7/log2(4) = 6.392789. */
static void a_better_grade_further_down_costs_gain(void **state)
{
    static const rec_doc RANKING[] = { 13, 12, 11 };

    (void)state;
    CHECK_MEASURES(6.392789261 / 9.392789261, 0.3, 1, 1, rec_judge(&GRADED, 2, RANKING, COUNT(RANKING)));
}

static void without_an_answer_or_a_relevant_paper_a_query_scores_0(void **state)
{
    static rec_judgement nothing[] = { { 1, 11, 0 }, { 1, 12, 0 } };
    static const rec_judgements NOTHING = { nothing, COUNT(nothing) };
    static const rec_doc RANKING[] = { 11, 12 };

    (void)state;
    CHECK_MEASURES(0, 0, 0, 0, rec_judge(&GRADED, 2, NULL, 0));
    CHECK_MEASURES(0, 0, 0, 0, rec_judge(&NOTHING, 1, RANKING, COUNT(RANKING)));
    CHECK_MEASURES(0, 0, 0, 0, rec_judge(&GRADED, 9, RANKING, COUNT(RANKING)));
    CHECK_MEASURES(0, 0, 0, 0, rec_judge(&(rec_judgements)REC_JUDGEMENTS_INIT, 1, RANKING, COUNT(RANKING)));
}

/* The one relevant paper at the last rank that each measure sees, and one behind it. */
static void each_measure_looks_down_to_its_depth(void **state)
{
    static const struct {
        size_t rank;
        double ndcg, precision, map, recall;
    } CASES[] = {
        { 10, 0.289064826, 0.1, 0.1, 1 }, /* 1/log2(11) */
        { 11, 0, 0, 1.0 / 11, 1 },        { 50, 0, 0, 1.0 / 50, 1 }, { 51, 0, 0, 1.0 / 51, 0 },
        { 100, 0, 0, 1.0 / 100, 0 },      { 101, 0, 0, 0, 0 },
    };
    static rec_judgement one[] = { { 1, 500, 1 } };
    static const rec_judgements ONE = { one, 1 };

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        rec_doc ranking[120];

        for (size_t j = 0; j < COUNT(ranking); j++)
            ranking[j] = (rec_doc)(j + 1);
        ranking[CASES[i].rank - 1] = 500;
        CHECK_MEASURES(CASES[i].ndcg, CASES[i].precision, CASES[i].map, CASES[i].recall, rec_judge(&ONE, 1, ranking, COUNT(ranking)));
    }
}

/* With 150 relevant papers no ranking of 100 holds them all: average precision divides by 100, recall by 150. */
static void average_precision_divides_by_100_at_most(void **state)
{
    rec_judgement many[150];
    rec_judgements judgements = { many, COUNT(many) };
    rec_doc ranking[150];

    (void)state;
    for (size_t i = 0; i < COUNT(many); i++) {
        many[i] = (rec_judgement){ 1, (rec_doc)(i + 1), 1 };
        ranking[i] = (rec_doc)(i + 1);
    }
    CHECK_MEASURES(1, 1, 1, 50.0 / 150, rec_judge(&judgements, 1, ranking, COUNT(ranking)));
    CHECK_MEASURES(1, 1, 0.5, 50.0 / 150, rec_judge(&judgements, 1, ranking, 50));
}

/* ---- judgements ---------------------------------------------------------------------------------------------------- */

static void write_bytes(const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");

    CHECK(file != NULL);
    CHECK_INT(length, fwrite(bytes, 1, length, file));
    CHECK(fclose(file) == 0);
}

static rec_status load(const char *content, rec_judgements *out, rec_error *err)
{
    write_bytes(content, strlen(content));
    return rec_judgements_load(store, path, out, err);
}

/* Compares what `content` gives with `expected`: "query-document:grade", by blanks. */
static void expect_judgements(const char *content, const char *expected)
{
    rec_judgements judgements = REC_JUDGEMENTS_INIT;
    rec_error err = REC_ERROR_INIT;
    char got[512] = "";

    CHECK_STATUS(REC_OK, load(content, &judgements, &err), &err);
    for (size_t i = 0; i < judgements.count; i++)
        snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%d-%d:%u", i ? " " : "", (int)judgements.items[i].query,
                 (int)judgements.items[i].doc, judgements.items[i].grade);
    CHECK_STR(expected, got);
    rec_judgements_clear(&judgements);
    CHECK(judgements.items == NULL);
}

static void three_columns_and_trec_qrels_are_the_same_judgements(void **state)
{
    (void)state;
    expect_judgements("q1\td1\t2\nq1\td2\t1\n", "1-3:2 1-4:1");
    expect_judgements("q1 0 d1 2\nq1 0 d2 1\n", "1-3:2 1-4:1");
    expect_judgements("q1\t0\td1\t2\r\n\r\nq1   0  d2 1", "1-3:2 1-4:1");
}

static void judgements_stand_by_query_then_falling_grade_then_paper(void **state)
{
    (void)state;
    expect_judgements("q2 0 d2 1\nq1 0 d3 1\nq2 0 d1 3\nq1 0 d2 1\nq1 0 d1 2\n", "1-3:2 1-4:1 1-5:1 2-3:3 2-4:1");
}

static void ids_may_be_in_any_spelling(void **state)
{
    (void)state;
    expect_judgements("q1 0 https://arxiv.org/abs/2401.00001v3 1\nq2 0 doi:10.1000/D4 1\n", "1-6:1 2-6:1");
}

/* A relevant paper that the store lacks is one that no ranking of it finds. */
static void a_judged_paper_that_is_not_stored_still_counts(void **state)
{
    static const rec_doc RANKING[] = { 3 };
    rec_judgements judgements = REC_JUDGEMENTS_INIT;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, load("q1 0 d1 1\nq1 0 elsewhere 1\n", &judgements, &err), &err);
    CHECK_NEAR(0.5, rec_judge(&judgements, 1, RANKING, 1).recall, 1e-9);
    rec_judgements_clear(&judgements);
}

/* Longer than any id may be: no paper has it, and a ranking cannot find it. */
static void what_can_be_no_id_is_judged_like_a_paper_that_is_not_stored(void **state)
{
    static const rec_doc RANKING[] = { 3 };
    char content[700];
    rec_judgements judgements = REC_JUDGEMENTS_INIT;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    snprintf(content, sizeof(content), "q1 0 d1 1\nq1 0 %0300d 1\n%0300d 0 d1 1\n", 1, 1);
    CHECK_STATUS(REC_OK, load(content, &judgements, &err), &err);
    CHECK_INT(2, judgements.count);
    CHECK_NEAR(0.5, rec_judge(&judgements, 1, RANKING, 1).recall, 1e-9);
    rec_judgements_clear(&judgements);
}

static void a_query_that_is_not_stored_or_is_its_own_answer_is_left_out(void **state)
{
    (void)state;
    expect_judgements("q1 0 q1 3\nelsewhere 0 d1 3\nq1 0 d1 1\n", "1-3:1");
    expect_judgements("", "");
}

/* Some collections mark spam by a grade below 0. */
static void a_negative_grade_is_0(void **state)
{
    (void)state;
    expect_judgements("q1 0 d1 -2\nq1 0 d2 15\n", "1-4:15 1-3:0");
}

static void malformed_lines_are_refused_by_line_and_field(void **state)
{
    static const struct {
        const char *content, *expected;
    } CASES[] = {
        { "q1 0 d1 1\nq1\n", ":2: expected 'query document grade'" },
        { "q1 d1\n", ":1: expected 'query document grade'" },
        { "\nq1 0 d1 1 more\n", ":2: expected 'query document grade'" },
        { "q1 0 d1 yes\n", ":1: field 'grade': 'yes' is not" },
        { "q1\td1\t2.5\n", ":1: field 'grade': '2.5' is not" },
        { "q1 0 d1 16\n", ":1: field 'grade': '16' is not" },
        { "q1 0 d1 99999999999999999999\n", ":1: field 'grade': '99999999999999999999' is not" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        rec_judgements judgements = REC_JUDGEMENTS_INIT;
        rec_error err = REC_ERROR_INIT;
        char expected[256];

        CHECK_STATUS(REC_EFORMAT, load(CASES[i].content, &judgements, &err), &err);
        snprintf(expected, sizeof(expected), "%s%s", path, CASES[i].expected);
        CHECK_CONTAINS(expected, err.message);
        CHECK(judgements.items == NULL);
    }
}

static void a_file_that_is_missing_is_named(void **state)
{
    rec_judgements judgements = REC_JUDGEMENTS_INIT;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    unlink(path);
    CHECK_STATUS(REC_EIO, rec_judgements_load(store, path, &judgements, &err), &err);
    CHECK_CONTAINS(path, err.message);
}

/* A NUL would end the line early, and what is behind it would go unread. */
static void a_line_with_a_nul_is_refused(void **state)
{
    static const char BYTES[] = "q1 0 d1 1\nq1 0 d2 1\0 9\n";
    rec_judgements judgements = REC_JUDGEMENTS_INIT;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    write_bytes(BYTES, sizeof(BYTES) - 1);
    CHECK_STATUS(REC_EFORMAT, rec_judgements_load(store, path, &judgements, &err), &err);
    CHECK_CONTAINS(":2: the line holds a NUL", err.message);
}

static void a_line_that_is_too_long_is_refused_by_its_number(void **state)
{
    enum { LONG = 20 << 20 };
    char *content = rec_alloc(LONG + 32);
    size_t length = strlen("q1 0 d1 1\n");
    rec_judgements judgements = REC_JUDGEMENTS_INIT;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK(content != NULL);
    memcpy(content, "q1 0 d1 1\n", length);
    memset(content + length, 'x', LONG);
    write_bytes(content, length + LONG);
    rec_free(content);
    CHECK_STATUS(REC_EFORMAT, rec_judgements_load(store, path, &judgements, &err), &err);
    CHECK_CONTAINS(path, err.message);
    CHECK_CONTAINS(":2: the line is longer than", err.message);
    CHECK_INT(0, judgements.count);
}

/* A file of gzip that holds a line as it is, and lacks what comes behind it. */
static void a_file_that_is_cut_off_is_told(void **state)
{
    static const char BYTES[] = "\x1F\x8B\x08\0\0\0\0\0\0\x03\x01\x0A\x00\xF5\xFFq1 0 d1 1\n";
    rec_judgements judgements = REC_JUDGEMENTS_INIT;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    write_bytes(BYTES, sizeof(BYTES) - 1);
    CHECK_STATUS(REC_EIO, rec_judgements_load(store, path, &judgements, &err), &err);
    CHECK_CONTAINS(path, err.message);
    CHECK_CONTAINS("its compressed data is cut off", err.message);
    CHECK_INT(0, judgements.count);
}

static void without_memory_loading_fails_cleanly(void **state)
{
    rec_status rc = REC_ENOMEM;
    long allowed = 0;

    (void)state;
    for (; rc != REC_OK; allowed++) {
        rec_judgements judgements = REC_JUDGEMENTS_INIT;
        rec_error err = REC_ERROR_INIT;

        CHECK(allowed < 100);
        rec_alloc_fail_after(allowed);
        rc = load("q1 0 d1 1\nq1 0 d2 1\n", &judgements, &err);
        rec_alloc_fail_after(-1);
        if (rc != REC_OK)
            CHECK_STATUS(REC_ENOMEM, rc, &err);
        CHECK_INT(rc == REC_OK ? 2 : 0, judgements.count);
        rec_judgements_clear(&judgements);
    }
    CHECK(allowed > 3);
}

/* ---- runs ---------------------------------------------------------------------------------------------------------- */

static rec_status load_run(const char *content, rec_run *out, rec_error *err)
{
    write_bytes(content, strlen(content));
    return rec_run_load(store, path, out, err);
}

/* Compares the ranking of query q1 with `expected`: numbers of papers, by blanks. */
static void expect_run(const char *content, const char *expected)
{
    rec_run run = REC_RUN_INIT;
    rec_error err = REC_ERROR_INIT;
    char got[512] = "";
    size_t count;

    CHECK_STATUS(REC_OK, load_run(content, &run, &err), &err);
    const rec_run_entry *entries = rec_run_of(&run, 1, &count);
    for (size_t i = 0; i < count; i++)
        snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%d", i ? " " : "", (int)entries[i].doc);
    CHECK_STR(expected, got);
    rec_run_clear(&run);
    CHECK(run.items == NULL);
}

static void the_scores_of_a_run_decide_and_not_its_ranks(void **state)
{
    (void)state;
    expect_run("q1 Q0 d1 1 0.1 x\nq1 Q0 d2 2 0.3 x\nq1 Q0 d3 3 0.2 x\n", "4 5 3");
    expect_run("q1 Q0 d1 1 -1e2 x\nq1 Q0 d2 2 7 x\nq1 Q0 d3 3 1e-400 x\n", "4 5 3");
}

static void equal_scores_of_a_run_stand_by_rank_and_then_by_id(void **state)
{
    (void)state;
    expect_run("q1 Q0 d1 3 1 x\nq1 Q0 d2 1 1 x\nq1 Q0 d3 2 1.0 x\n", "4 5 3");
    expect_run("q1 Q0 d3 0 1 x\nq1 Q0 d2 0 1 x\nq1 Q0 d1 0 1 x\n", "3 4 5");
}

/* With two queries in one file, in turns, and a last line without a line feed. */
static void each_query_of_a_run_has_a_ranking_of_its_own(void **state)
{
    rec_run run = REC_RUN_INIT;
    rec_error err = REC_ERROR_INIT;
    size_t count;

    (void)state;
    CHECK_STATUS(REC_OK, load_run("q2\tQ0\td1\t1\t5\tx\nq1 Q0  d2 1 4 x\nq2 Q0 d3 2 6 x\nq1 Q0 d1 2 3 x", &run, &err), &err);
    CHECK_INT(5, rec_run_of(&run, 2, &count)[0].doc);
    CHECK_INT(2, count);
    CHECK_INT(4, rec_run_of(&run, 1, &count)[0].doc);
    CHECK_INT(2, count);
    rec_run_of(&run, 3, &count);
    CHECK_INT(0, count);
    rec_run_clear(&run);
}

/* By an alias, too: 6 is d4. Otherwise one paper would be found twice. */
static void a_paper_that_a_run_names_twice_has_the_better_place(void **state)
{
    (void)state;
    expect_run("q1 Q0 10.1000/d4 1 9 x\nq1 Q0 d1 2 8 x\nq1 Q0 arXiv:2401.00001 3 7 x\nq1 Q0 d1 4 6 x\n", "6 3");
}

/* Its lines with one score: that of the better rank counts, and of equal ranks that of the lower id as it is written. */
static void of_a_paper_named_twice_with_one_score_the_better_rank_counts(void **state)
{
    (void)state;
    expect_run("q1 Q0 d1 5 1 x\nq1 Q0 d2 4 1 x\nq1 Q0 d1 3 1 x\n", "3 4");
    expect_run("q1 Q0 d1 3 1 x\nq1 Q0 d2 4 1 x\nq1 Q0 d1 5 1 x\n", "3 4");
    expect_run("q1 Q0 https://doi.org/10.1000/d4 1 1 x\nq1 Q0 d1 1 1 x\nq1 Q0 10.1000/d4 1 1 x\n", "6 3");
    expect_run("q1 Q0 10.1000/d4 1 1 x\nq1 Q0 d1 1 1 x\nq1 Q0 https://doi.org/10.1000/d4 1 1 x\n", "6 3");
}

static void an_unknown_paper_of_a_run_holds_its_place_and_an_unknown_query_is_counted(void **state)
{
    rec_run run = REC_RUN_INIT;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    expect_run("q1 Q0 nobody 1 3 x\nq1 Q0 nowhere 2 2 x\nq1 Q0 d1 3 1 x\n", "-1 -1 3");
    CHECK_STATUS(REC_OK, load_run("none Q0 d1 1 1 x\nnone Q0 d2 2 0 x\nq1 Q0 d1 1 1 x\n", &run, &err), &err);
    CHECK_INT(1, run.count);
    CHECK_INT(2, run.unknown);
    rec_run_clear(&run);
}

/* Neither an unknown paper of the run nor one of the judgements may be taken for the other. */
static void an_unknown_paper_of_a_run_is_relevant_to_nothing(void **state)
{
    rec_judgements judgements = REC_JUDGEMENTS_INIT;
    rec_run run = REC_RUN_INIT;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, load("q1 0 missing 2\nq1 0 d1 1\n", &judgements, &err), &err);
    CHECK_STATUS(REC_OK, load_run("q1 Q0 other 1 3 x\n", &run, &err), &err);
    CHECK_MEASURES(0, 0, 0, 0, rec_judge(&judgements, 1, &run.items[0].doc, 1));
    rec_judgements_clear(&judgements);
    rec_run_clear(&run);
}

static void a_query_is_not_in_its_own_ranking(void **state)
{
    (void)state;
    expect_run("q1 Q0 q1 1 9 x\nq1 Q0 d1 2 8 x\n", "3");
}

static void malformed_lines_of_a_run_are_refused_by_line_and_field(void **state)
{
    static const struct {
        const char *content, *expected;
    } CASES[] = {
        { "q1 Q0 d1 1 0.5 x\nq1 Q0 d1 1 0.5\n", ":2: expected 'query Q0 document rank score tag'" },
        { "q1 Q0 d1 1 0.5 x more\n", ":1: expected 'query Q0 document" },
        { "q1 Q0 d1 first 0.5 x\n", ":1: field 'rank': 'first' is not" },
        { "q1 Q0 d1 1.5 0.5 x\n", ":1: field 'rank': '1.5' is not" },
        { "q1 Q0 d1 99999999999999999999 0.5 x\n", ":1: field 'rank'" },
        { "q1 Q0 d1 1 high x\n", ":1: field 'score': 'high' is not" },
        { "q1 Q0 d1 1 nan x\n", ":1: field 'score': 'nan' is not" },
        { "q1 Q0 d1 1 1e999 x\n", ":1: field 'score': '1e999' is not" },
        { "q1 Q0 d1 1 0,5 x\n", ":1: field 'score': '0,5' is not" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        rec_run run = REC_RUN_INIT;
        rec_error err = REC_ERROR_INIT;
        char expected[256];

        CHECK_STATUS(REC_EFORMAT, load_run(CASES[i].content, &run, &err), &err);
        snprintf(expected, sizeof(expected), "%s%s", path, CASES[i].expected);
        CHECK_CONTAINS(expected, err.message);
        CHECK(run.items == NULL);
    }
}

static void without_memory_a_run_fails_cleanly(void **state)
{
    rec_status rc = REC_ENOMEM;
    long allowed = 0;

    (void)state;
    for (; rc != REC_OK; allowed++) {
        rec_run run = REC_RUN_INIT;
        rec_error err = REC_ERROR_INIT;

        CHECK(allowed < 100);
        rec_alloc_fail_after(allowed);
        rc = load_run("q1 Q0 d1 1 2 x\nq1 Q0 d1 2 1 x\nq2 Q0 d1 1 1 x\n", &run, &err);
        rec_alloc_fail_after(-1);
        if (rc != REC_OK)
            CHECK_STATUS(REC_ENOMEM, rc, &err);
        CHECK_INT(rc == REC_OK ? 2 : 0, run.count);
        rec_run_clear(&run);
    }
    CHECK(allowed > 5);
}

/* ---- candidates ---------------------------------------------------------------------------------------------------- */

static rec_status load_pools(const char *content, rec_pools *out, rec_error *err)
{
    write_bytes(content, strlen(content));
    return rec_pools_load(store, path, out, err);
}

/* Compares the pools of q1, q2 and a request that is not stored with `expected`: "3 4|5|". */
static void expect_pools(const char *content, const char *expected, size_t unknown)
{
    static const rec_doc REQUESTS[] = { 1, 2, 0 };
    rec_pools pools = REC_POOLS_INIT;
    rec_error err = REC_ERROR_INIT;
    char got[512] = "";

    CHECK_STATUS(REC_OK, load_pools(content, &pools, &err), &err);
    for (size_t r = 0; r < COUNT(REQUESTS); r++) {
        size_t count;
        const rec_doc *docs = rec_pools_of(&pools, REQUESTS[r], &count);

        for (size_t i = 0; i < count; i++)
            snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%d", i ? " " : "", (int)docs[i]);
        strcat(got, r + 1 < COUNT(REQUESTS) ? "|" : "");
    }
    CHECK_STR(expected, got);
    CHECK_INT(unknown, pools.unknown);
    rec_pools_clear(&pools);
    CHECK(pools.docs == NULL);
}

static void one_id_a_line_is_a_pool_for_every_request(void **state)
{
    (void)state;
    expect_pools("# papers of today\nd2\n\nd1\nd2\nnobody\n", "3 4|3 4|3 4", 1);
    expect_pools("", "||", 0);
}

static void two_ids_a_line_give_each_request_a_pool_of_its_own(void **state)
{
    (void)state;
    expect_pools("# request\tcandidate\nq1\td2\nq2\tdoi:10.1000/D4\nq1\td1\nq1\td2\n", "3 4|6|", 0);
    expect_pools("q1\td2\nq2\tnobody\nnobody\td1\n", "4||", 2);
}

static void a_file_of_both_kinds_of_candidates_is_refused(void **state)
{
    static const char *const CASES[] = { "d1\nq1\td1\n", "q1\td1\nd1\n" };

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        rec_pools pools = REC_POOLS_INIT;
        rec_error err = REC_ERROR_INIT;

        CHECK_STATUS(REC_EFORMAT, load_pools(CASES[i], &pools, &err), &err);
        CHECK_CONTAINS(":2: expected ", err.message);
        CHECK(pools.docs == NULL);
    }
}

static void without_memory_candidates_fail_cleanly(void **state)
{
    rec_status rc = REC_ENOMEM;
    long allowed = 0;

    (void)state;
    for (; rc != REC_OK; allowed++) {
        rec_pools pools = REC_POOLS_INIT;
        rec_error err = REC_ERROR_INIT;

        CHECK(allowed < 100);
        rec_alloc_fail_after(allowed);
        rc = load_pools("q1\td1\nq2\td1\n", &pools, &err);
        rec_alloc_fail_after(-1);
        if (rc != REC_OK)
            CHECK_STATUS(REC_ENOMEM, rc, &err);
        CHECK_INT(rc == REC_OK ? 2 : 0, pools.count);
        rec_pools_clear(&pools);
    }
    CHECK(allowed > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ranking_scores_what_one_computes_by_hand),
        cmocka_unit_test(the_ideal_ranking_scores_1_but_for_the_precision),
        cmocka_unit_test(a_better_grade_further_down_costs_gain),
        cmocka_unit_test(without_an_answer_or_a_relevant_paper_a_query_scores_0),
        cmocka_unit_test(each_measure_looks_down_to_its_depth),
        cmocka_unit_test(average_precision_divides_by_100_at_most),
        cmocka_unit_test(three_columns_and_trec_qrels_are_the_same_judgements),
        cmocka_unit_test(judgements_stand_by_query_then_falling_grade_then_paper),
        cmocka_unit_test(ids_may_be_in_any_spelling),
        cmocka_unit_test(a_judged_paper_that_is_not_stored_still_counts),
        cmocka_unit_test(what_can_be_no_id_is_judged_like_a_paper_that_is_not_stored),
        cmocka_unit_test(a_query_that_is_not_stored_or_is_its_own_answer_is_left_out),
        cmocka_unit_test(a_negative_grade_is_0),
        cmocka_unit_test(malformed_lines_are_refused_by_line_and_field),
        cmocka_unit_test(a_file_that_is_missing_is_named),
        cmocka_unit_test(a_line_with_a_nul_is_refused),
        cmocka_unit_test(a_line_that_is_too_long_is_refused_by_its_number),
        cmocka_unit_test(a_file_that_is_cut_off_is_told),
        cmocka_unit_test(without_memory_loading_fails_cleanly),
        cmocka_unit_test(the_scores_of_a_run_decide_and_not_its_ranks),
        cmocka_unit_test(equal_scores_of_a_run_stand_by_rank_and_then_by_id),
        cmocka_unit_test(each_query_of_a_run_has_a_ranking_of_its_own),
        cmocka_unit_test(a_paper_that_a_run_names_twice_has_the_better_place),
        cmocka_unit_test(of_a_paper_named_twice_with_one_score_the_better_rank_counts),
        cmocka_unit_test(an_unknown_paper_of_a_run_holds_its_place_and_an_unknown_query_is_counted),
        cmocka_unit_test(an_unknown_paper_of_a_run_is_relevant_to_nothing),
        cmocka_unit_test(a_query_is_not_in_its_own_ranking),
        cmocka_unit_test(malformed_lines_of_a_run_are_refused_by_line_and_field),
        cmocka_unit_test(without_memory_a_run_fails_cleanly),
        cmocka_unit_test(one_id_a_line_is_a_pool_for_every_request),
        cmocka_unit_test(two_ids_a_line_give_each_request_a_pool_of_its_own),
        cmocka_unit_test(a_file_of_both_kinds_of_candidates_is_refused),
        cmocka_unit_test(without_memory_candidates_fail_cleanly),
    };

    return cmocka_run_group_tests(tests, make_store, remove_store);
}
