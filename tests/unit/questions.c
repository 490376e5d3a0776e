/* The store that questions are asked of: see questions.h. */
#include "put_record.h"
#include "questions.h"

#include "buf.h"
#include "rec/build.h"
#include "rec/reader.h"
#include "rec/vector.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/rec-recommend-XXXXXX";
char db[64];
rec_engine *engine;

/* ---- papers -------------------------------------------------------------------------------------------------------- */

/*
 * Behind the plain ones. Title and abstract of s1 come back in s2 and s3, those of d1 in d2 and d3. The papers t-... have the same words
 * but for stop words, which give no n-grams: all score alike.
 */
static const char *const RECORDS[SPECIAL] = {
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
    static const char *const MONTHS[] = { "", "-06", "-06-15", "-12-31" }, *const CATEGORIES[] = { "farm.WOOL", "sea.SHIP", "farm.MUSIC" };
    rec_random random = { (uint64_t)i };
    rec_buf record = REC_BUF_INIT(4096);

    rec_buf_printf(&record, "{\"id\":\"k%02d\",\"doi\":\"10.1000/%d\",\"date\":\"20%02d%s\",\"categories\":[\"%s\"%s],\"title\":\"", i, i,
                   10 + i % 7, MONTHS[i % 4], CATEGORIES[i % 3], i % 5 ? "" : ",\"stat\"");
    add_words(&record, &random, (size_t)i % 3, 4);
    rec_buf_printf(&record, " %d\",\"abstract\":\"", i); /* no two titles are equal */
    add_words(&record, &random, (size_t)i % 3, 12);
    rec_buf_puts(&record, ". ");
    add_words(&record, &random, 3, 8);
    rec_buf_puts(&record, ".\"}");
    put_record(store, rec_buf_text(&record));
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
    for (size_t i = 0; i < SPECIAL; i++)
        put_record(store, RECORDS[i]);
    CHECK_STATUS(REC_OK, rec_store_commit(store, true, &err), &err);
    CHECK_STATUS(REC_OK, rec_build(store, &options, &report, &err), &err);
    rec_store_close(store);
}

int questions_close(void **state)
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

int questions_open(void **state)
{
    rec_error err = REC_ERROR_INIT;

    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(db, sizeof(db), "%s/store.db", folder);
    fill_and_build();
    return rec_engine_open(db, &engine, &err) == REC_OK ? 0 : -1;
}

void change_store(const char *record, bool build)
{
    rec_build_options options = { .threads = 1 };
    rec_build_report report;
    rec_store *store;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_open(db, REC_STORE_WRITE, &store, &err), &err);
    if (record) {
        CHECK_STATUS(REC_OK, rec_store_begin(store, &err), &err);
        put_record(store, record);
        CHECK_STATUS(REC_OK, rec_store_commit(store, true, &err), &err);
    }
    if (build)
        CHECK_STATUS(REC_OK, rec_build(store, &options, &report, &err), &err);
    rec_store_close(store);
}

/* ---- questions ----------------------------------------------------------------------------------------------------- */

rec_doc find(const char *id)
{
    rec_error err = REC_ERROR_INIT;
    rec_doc doc = 0;

    if (rec_store_find(rec_engine_store(engine), id, &doc, &err) != REC_OK)
        fail_msg("no paper '%s'", id);
    return doc;
}

rec_answer ask(const rec_request *request)
{
    rec_answer answer = REC_ANSWER_INIT;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_recommend(engine, request, &answer, &err), &err);
    return answer;
}

rec_answer ask_all(rec_doc doc)
{
    rec_request request = REC_REQUEST_INIT;

    request.doc = doc;
    request.limit = 100;
    request.keep_versions = true;
    return ask(&request);
}

bool are_twins(const rec_record *a, const rec_record *b)
{
    return (a->title_key && a->title_key == b->title_key) || (a->abstract_key && a->abstract_key == b->abstract_key);
}

void check_hits(const rec_answer *answer, const rec_hit *const *expected, size_t count)
{
    CHECK_INT(count, answer->count);
    for (size_t i = 0; i < count; i++) {
        CHECK_STR(expected[i]->record.paper.id.text, answer->hits[i].record.paper.id.text);
        CHECK_INT(expected[i]->doc, answer->hits[i].doc);
        CHECK(expected[i]->score == answer->hits[i].score);
        CHECK_INT(expected[i]->band, answer->hits[i].band);
    }
}

void check_against(const rec_answer *all, const rec_request *request)
{
    rec_answer answer = ask(request);
    const rec_hit *chosen[PAPERS], *expected[PAPERS];
    enum reason { SHOWN, SEEN, FILTERED, BELOW, DUPLICATE } reasons[PAPERS];
    size_t count = 0, shown = 0, met = 0, left_out[DUPLICATE + 1] = { 0 };

    for (; met < all->count && shown < request->limit; met++) {
        const rec_hit *hit = &all->hits[met];
        bool excluded = false, twin = false;

        for (size_t j = 0; j < request->exclude_count; j++)
            excluded |= request->exclude[j] == hit->doc;
        for (size_t j = 0; j < count; j++)
            twin |= are_twins(&chosen[j]->record, &hit->record);
        reasons[met] = excluded                                                           ? SEEN
                       : !rec_filter_takes(&request->filter, &hit->record.paper)          ? FILTERED
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
    CHECK_INT(left_out[FILTERED], answer.filtered);
    CHECK_INT(left_out[BELOW], answer.below_threshold);
    CHECK_INT(left_out[DUPLICATE], answer.duplicate);
    rec_answer_clear(&answer);
}

void check_against_all(const rec_request *request)
{
    rec_answer all = ask_all(request->doc);

    check_against(&all, request);
    rec_answer_clear(&all);
}

rec_answer ask_text(const char *title, const char *abstract)
{
    rec_request request = REC_REQUEST_INIT;

    request.title = title;
    request.abstract = abstract;
    request.keep_versions = true;
    return ask(&request);
}

rec_answer search(const char *query, const rec_request *request)
{
    rec_answer answer = REC_ANSWER_INIT;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_search(engine, query, request, &answer, &err), &err);
    return answer;
}
