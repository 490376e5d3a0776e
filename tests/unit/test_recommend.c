/*
 * Questions and answers. Most tests ask every paper of one store and hold the answer against the longest list there is, cut down by the
 * test itself. That list's scores are test_build.c's.
 */
#include "check.h"

#include "alloc.h"
#include "buf.h"
#include "rec/build.h"
#include "rec/reader.h"
#include "rec/recommend.h"
#include "rec/vector.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char folder[] = "/tmp/rec-recommend-XXXXXX";
static char db[sizeof(folder) + 16];
static rec_engine *engine;

/* ---- papers -------------------------------------------------------------------------------------------------------- */

#define PLAIN 26 /* papers that nothing is special about; they stand first */

/*
 * Behind the plain ones. Title and abstract of s1 come back in s2 and s3, those of d1 in d2 and d3. The papers t-... have the same words
 * but for stop words, which give no n-grams: all score alike.
 */
static const char *const SPECIAL[] = {
    "{\"id\":\"s1\",\"date\":\"2021\",\"title\":\"Shearing the mountain sheep\",\"abstract\":\"A survey of wool and fleece in the highland "
    "pasture.\"}",
    "{\"id\":\"s2\",\"date\":\"2022\",\"title\":\"SHEARING the mountain-sheep!\",\"abstract\":\"An estimate of what one shepherd can do in "
    "a day.\"}",
    "{\"id\":\"s3\",\"date\":\"2023\",\"title\":\"Highland wool\",\"abstract\":\"A survey of wool and fleece, in the highland pasture\"}",
    "{\"id\":\"d1\",\"date\":\"2021\",\"title\":\"The tide in the harbour\",\"abstract\":\"A method to measure the tide where vessels "
    "anchor.\"}",
    "{\"id\":\"d2\",\"date\":\"2022\",\"title\":\"The Tide in the Harbour\",\"abstract\":\"Evidence of sailors and a model of their "
    "cargo.\"}",
    "{\"id\":\"d3\",\"date\":\"2023\",\"title\":\"Measuring the tide\",\"abstract\":\"A METHOD to measure the tide where vessels "
    "anchor.\"}",
    "{\"id\":\"t-b\",\"date\":\"2024\",\"title\":\"Lamb with fleece\"}",
    "{\"id\":\"t-a\",\"date\":\"2024\",\"title\":\"Lamb of fleece\"}",
    "{\"id\":\"t-old\",\"title\":\"Lamb for fleece\"}",
    "{\"id\":\"t-new\",\"date\":\"2025-01-01\",\"title\":\"Lamb in fleece\"}",
    "{\"id\":\"empty\",\"date\":\"2025\"}",
};

#define PAPERS (PLAIN + COUNT(SPECIAL)) /* fewer than a stored list holds */

static void put(rec_store *store, const char *record)
{
    rec_paper paper = REC_PAPER_INIT;
    rec_outcome outcome;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_read_json(record, strlen(record), &paper, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_put(store, &paper, &outcome, &err), &err);
    rec_paper_clear(&paper);
}

static void add_words(rec_buf *out, rec_random *random, size_t topic, int count)
{
    static const char *const WORDS[4][8] = {
        { "sheep", "wool", "shearing", "pasture", "shepherd", "lamb", "fleece", "flock" },
        { "harbour", "vessel", "anchor", "cargo", "sailor", "tide", "lighthouse", "rudder" },
        { "violin", "melody", "orchestra", "rhythm", "soprano", "chord", "tempo", "overture" },
        { "measurement", "model", "comparison", "evidence", "survey", "estimate", "method", "observation" },
    };

    for (int i = 0; i < count; i++)
        rec_buf_printf(out, "%s%s", i ? " " : "", WORDS[topic][rec_random_below(random, 8)]);
}

/* Of one of three topics, with words of the fourth, which all share. */
static void put_plain(rec_store *store, int i)
{
    rec_random random = { (uint64_t)i };
    rec_buf record = REC_BUF_INIT(4096);

    rec_buf_printf(&record, "{\"id\":\"k%02d\",\"doi\":\"10.1000/%d\",\"date\":\"20%02d\",\"title\":\"", i, i, 10 + i % 7);
    add_words(&record, &random, (size_t)i % 3, 4);
    rec_buf_printf(&record, " %d\",\"abstract\":\"", i); /* no two titles are equal */
    add_words(&record, &random, (size_t)i % 3, 12);
    rec_buf_puts(&record, ". ");
    add_words(&record, &random, 3, 8);
    rec_buf_puts(&record, ".\"}");
    put(store, rec_buf_text(&record));
    rec_buf_clear(&record);
}

static void fill_and_build(void)
{
    rec_build_options options = { .threads = 1 };
    rec_build_report report;
    rec_store *store;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_open(db, REC_STORE_CREATE, &store, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_begin(store, &err), &err);
    for (int i = 0; i < PLAIN; i++)
        put_plain(store, i);
    for (size_t i = 0; i < COUNT(SPECIAL); i++)
        put(store, SPECIAL[i]);
    CHECK_STATUS(REC_OK, rec_store_commit(store, true, &err), &err);
    CHECK_STATUS(REC_OK, rec_build(store, &options, &report, &err), &err);
    rec_store_close(store);
}

static int remove_folder(void **state)
{
    struct dirent *entry;
    DIR *dir = opendir(folder);

    (void)state;
    rec_engine_close(engine);
    while (dir && (entry = readdir(dir))) {
        char path[sizeof(folder) + NAME_MAX + 2];

        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        unlink(path); /* not the folder and the one above it, which are no files */
    }
    closedir(dir);
    return rmdir(folder);
}

static int make_store(void **state)
{
    rec_error err = REC_ERROR_INIT;

    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(db, sizeof(db), "%s/store.db", folder);
    fill_and_build();
    return rec_engine_open(db, &engine, &err) == REC_OK ? 0 : -1;
}

/* ---- questions ----------------------------------------------------------------------------------------------------- */

static rec_doc find(const char *id)
{
    rec_error err = REC_ERROR_INIT;
    rec_doc doc = 0;

    if (rec_store_find(rec_engine_store(engine), id, &doc, &err) != REC_OK)
        fail_msg("no paper '%s'", id);
    return doc;
}

/* The caller clears the answer. */
static rec_answer ask(const rec_request *request)
{
    rec_answer answer = REC_ANSWER_INIT;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_recommend(engine, request, &answer, &err), &err);
    return answer;
}

/* Everything that may stand in a paper's list, in order. */
static rec_answer ask_all(rec_doc doc)
{
    rec_request request = REC_REQUEST_INIT;

    request.doc = doc;
    request.limit = 100;
    request.keep_versions = true;
    return ask(&request);
}

static bool are_twins(const rec_record *a, const rec_record *b)
{
    return (a->title_key && a->title_key == b->title_key) || (a->abstract_key && a->abstract_key == b->abstract_key);
}

/* The answer holds these results, the same to the bit, and no others. */
static void check_hits(const rec_answer *answer, const rec_hit *const *expected, size_t count)
{
    CHECK_INT(count, answer->count);
    for (size_t i = 0; i < count; i++) {
        CHECK_STR(expected[i]->record.paper.id.text, answer->hits[i].record.paper.id.text);
        CHECK_INT(expected[i]->doc, answer->hits[i].doc);
        CHECK(expected[i]->score == answer->hits[i].score);
        CHECK_INT(expected[i]->band, answer->hits[i].band);
    }
}

/*
 * The plainest reading of the contract: walk down all there is, leave out and count what the request leaves out, stop when the answer is
 * full. Where it stays short, what stands behind the last place asked for is not counted.
 */
static void check_against_all(const rec_request *request)
{
    rec_answer all = ask_all(request->doc), answer = ask(request);
    const rec_hit *chosen[PAPERS], *expected[PAPERS];
    enum reason { SHOWN, SEEN, BELOW, DUPLICATE } reasons[PAPERS];
    size_t count = 0, shown = 0, met = 0, left_out[DUPLICATE + 1] = { 0 };

    for (; met < all.count && shown < request->limit; met++) {
        const rec_hit *hit = &all.hits[met];
        bool excluded = false, twin = false;

        for (size_t j = 0; j < request->exclude_count; j++)
            excluded |= request->exclude[j] == hit->doc;
        for (size_t j = 0; j < count; j++)
            twin |= are_twins(&chosen[j]->record, &hit->record);
        reasons[met] = excluded                                                           ? SEEN
                       : hit->score < request->min_score || hit->band < request->min_band ? BELOW
                       : twin && !request->keep_versions                                  ? DUPLICATE
                                                                                          : SHOWN;
        if (reasons[met] != SHOWN)
            continue;
        chosen[count++] = hit;
        if (count > request->offset)
            expected[shown++] = hit;
    }
    if (shown < request->limit && met > request->offset + request->limit)
        met = request->offset + request->limit;
    for (size_t i = 0; i < met; i++)
        left_out[reasons[i]]++;
    check_hits(&answer, expected, shown);
    CHECK_INT(left_out[SEEN], answer.seen);
    CHECK_INT(left_out[BELOW], answer.below_threshold);
    CHECK_INT(left_out[DUPLICATE], answer.duplicate);
    CHECK_INT(0, answer.filtered);
    rec_answer_clear(&all);
    rec_answer_clear(&answer);
}

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

/* ---- choosing ------------------------------------------------------------------------------------------------------ */

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

/* ---- texts --------------------------------------------------------------------------------------------------------- */

static rec_answer ask_text(const char *title, const char *abstract)
{
    rec_request request = REC_REQUEST_INIT;

    request.title = title;
    request.abstract = abstract;
    request.keep_versions = true;
    return ask(&request);
}

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

static rec_answer search(const char *query, const rec_request *request)
{
    rec_answer answer = REC_ANSWER_INIT;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_search(engine, query, request, &answer, &err), &err);
    return answer;
}

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

/* ---- papers that are not indexed yet; these tests change the store and stand last ------------------------------------ */

static void change_store(const char *record, bool build)
{
    rec_build_options options = { .threads = 1 };
    rec_build_report report;
    rec_store *store;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_open(db, REC_STORE_WRITE, &store, &err), &err);
    if (record) {
        CHECK_STATUS(REC_OK, rec_store_begin(store, &err), &err);
        put(store, record);
        CHECK_STATUS(REC_OK, rec_store_commit(store, true, &err), &err);
    }
    if (build)
        CHECK_STATUS(REC_OK, rec_build(store, &options, &report, &err), &err);
    rec_store_close(store);
}

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
        cmocka_unit_test(an_offset_goes_on_where_a_shorter_list_ended),
        cmocka_unit_test(excluded_papers_are_left_out_and_counted_up_to_the_last_shown),
        cmocka_unit_test(what_scores_too_low_is_cut_and_counted),
        cmocka_unit_test(what_is_below_the_band_is_cut_and_counted),
        cmocka_unit_test(a_paper_left_out_is_counted_once),
        cmocka_unit_test(scoring_every_paper_gives_the_stored_list),
        cmocka_unit_test(candidates_are_ranked_as_in_the_whole_list_and_nothing_else_is),
        cmocka_unit_test(a_limit_out_of_range_is_refused),
        cmocka_unit_test(an_unknown_number_is_an_answer_not_a_crash),
        cmocka_unit_test(a_text_finds_the_paper_it_is_about),
        cmocka_unit_test(a_text_that_is_stored_has_the_stored_papers_list),
        cmocka_unit_test(papers_whose_title_or_abstract_is_the_text_are_not_listed),
        cmocka_unit_test(a_text_without_a_word_is_like_nothing),
        cmocka_unit_test(threads_change_no_answer),
        cmocka_unit_test(a_title_is_found_whatever_its_case_accents_and_punctuation),
        cmocka_unit_test(a_title_is_found_by_nearly_all_of_its_letters),
        cmocka_unit_test(another_title_is_not_found),
        cmocka_unit_test(a_search_is_the_matches_of_the_words_in_their_order),
        cmocka_unit_test(a_search_leaves_out_near_copies_excluded_papers_and_low_scores),
        cmocka_unit_test(a_search_that_matches_nothing_is_an_empty_answer),
        cmocka_unit_test(without_memory_a_question_fails_cleanly),
        cmocka_unit_test(an_engine_recovers_from_a_question_that_failed),
        cmocka_unit_test(a_paper_that_is_not_indexed_is_answered_as_after_the_build),
        cmocka_unit_test(a_paper_that_is_not_indexed_is_in_no_list),
        cmocka_unit_test(a_changed_paper_is_answered_by_its_new_text),
    };

    return cmocka_run_group_tests(tests, make_store, remove_folder);
}
