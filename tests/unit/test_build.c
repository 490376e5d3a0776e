/*
 * From stored papers to a store that answers: the lists against a loop that is too plain to be wrong, the rule for refitting, and builds
 * that are cut off or find their files damaged.
 */
#include "check.h"
#include "folder.h"
#include "put_record.h"

#include "alloc.h"
#include "buf.h"
#include "grams.h"
#include "rec/backup.h"
#include "rec/build.h"
#include "rec/reader.h"
#include "rec/recommend.h"
#include "rec/vector.h"
#include "sidefiles.h"

#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static rec_store *store;

static void clear_folder(void)
{
    rec_store_close(store);
    store = NULL;
    remove_files();
}

static int make_store(void **state)
{
    rec_error err = REC_ERROR_INIT;

    (void)state;
    clear_folder();
    CHECK_STATUS(REC_OK, rec_store_open(db, REC_STORE_CREATE, &store, &err), &err);
    return 0;
}

static int end_store(void **state)
{
    (void)state;
    rec_alloc_fail_after(-1);
    clear_folder();
    return 0;
}

/* ---- papers and builds --------------------------------------------------------------------------------------------- */

static void begin(void)
{
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_begin(store, &err), &err);
}

static void commit(void)
{
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_commit(store, true, &err), &err);
}

static void add_words(rec_buf *out, rec_random *random, size_t topic, int count)
{
    static const char *const WORDS[5][8] = {
        { "sheep", "wool", "shearing", "pasture", "shepherd", "lamb", "fleece", "flock" },
        { "harbour", "vessel", "anchor", "cargo", "sailor", "tide", "lighthouse", "rudder" },
        { "violin", "melody", "orchestra", "rhythm", "soprano", "chord", "tempo", "overture" },
        { "glacier", "avalanche", "summit", "moraine", "crevasse", "ridge", "altitude", "snowfield" },
        { "measurement", "model", "comparison", "evidence", "survey", "estimate", "method", "observation" },
    };

    for (int i = 0; i < count; i++)
        rec_buf_printf(out, "%s%s", i ? " " : "", WORDS[topic][rec_random_below(random, 8)]);
}

/* Paper `i`: of one of four topics, with words of the fifth, which all share. The same number gives the same paper. */
static void put_paper(int i)
{
    rec_random random = { (uint64_t)i };
    rec_buf record = REC_BUF_INIT(4096);

    rec_buf_printf(&record, "{\"id\":\"k%02d\",\"date\":\"20%02d\",\"title\":\"", i, 10 + i % 7);
    add_words(&record, &random, (size_t)i % 4, 4);
    rec_buf_printf(&record, " %d\",\"abstract\":\"", i); /* no two titles are equal */
    add_words(&record, &random, (size_t)i % 4, 12);
    rec_buf_puts(&record, ". ");
    add_words(&record, &random, 4, 8);
    rec_buf_puts(&record, ".\"}");
    put_record(store, rec_buf_text(&record));
    rec_buf_clear(&record);
}

static void put_papers(int from, int to)
{
    begin();
    for (int i = from; i < to; i++)
        put_paper(i);
    commit();
}

/* Papers of an id alone: in the store, and in nobody's way. */
static void put_empty(int from, int to)
{
    begin();
    for (int i = from; i < to; i++) {
        char record[32];

        snprintf(record, sizeof(record), "{\"id\":\"e%d\"}", i);
        put_record(store, record);
    }
    commit();
}

static rec_build_report build_with(rec_build_options options)
{
    rec_build_report report;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_build(store, &options, &report, &err), &err);
    return report;
}

static rec_build_report build(void)
{
    return build_with((rec_build_options){ .threads = 1 });
}

static rec_store_state state_now(void)
{
    rec_store_state now;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_get_state(store, &now, &err), &err);
    return now;
}

static rec_side_paths side_paths(void)
{
    rec_store_state now = state_now();
    rec_side_paths paths;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_side_name(store, now.fingerprint, now.side, &paths, &err), &err);
    return paths;
}

static rec_buf read_file(const char *path)
{
    rec_buf content = REC_BUF_INIT(1 << 26);
    char block[1 << 16];
    FILE *file = fopen(path, "rb");
    size_t n;

    if (!file)
        fail_msg("cannot open '%s'", path);
    while ((n = fread(block, 1, sizeof(block), file)) > 0)
        rec_buf_add(&content, block, n);
    fclose(file);
    CHECK(!content.failed);
    return content;
}

static void write_file(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");

    CHECK(file != NULL);
    CHECK(fwrite(bytes, 1, length, file) == length);
    CHECK(fclose(file) == 0);
}

static rec_status add_list(rec_doc doc, const rec_list *list, void *context, rec_error *err)
{
    (void)err;
    rec_buf_printf(context, "%d %.9g:", (int)doc, (double)list->reach);
    rec_buf_add(context, list->items, list->count * sizeof(list->items[0]));
    return REC_OK;
}

#define DIGEST_ROOM (4 * REC_FINGERPRINT_CHARS + 64)

/* What a build has made, to the bit: both side files and all lists, as fingerprints. */
static void digest(char out[DIGEST_ROOM])
{
    rec_side_paths paths = side_paths();
    const char *const names[] = { paths.model, paths.index };
    rec_buf lists = REC_BUF_INIT(1 << 26);
    char print[REC_FINGERPRINT_CHARS];
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_scan_lists(store, add_list, &lists, &err), &err);
    CHECK(!lists.failed);
    rec_fingerprint(rec_buf_text(&lists), lists.length, print);
    rec_buf_clear(&lists);
    snprintf(out, DIGEST_ROOM, "lists %s", print);
    for (size_t i = 0; i < COUNT(names); i++) {
        rec_buf content = read_file(names[i]);

        rec_fingerprint(content.data, content.length, print);
        snprintf(out + strlen(out), DIGEST_ROOM - strlen(out), " %s", print);
        rec_buf_clear(&content);
    }
}

/* ---- questions ----------------------------------------------------------------------------------------------------- */

static rec_engine *open_engine(void)
{
    rec_engine *engine = NULL;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_engine_open(db, &engine, &err), &err);
    return engine;
}

/* How many papers like paper `doc` come back, at most `limit`. */
static size_t ask(rec_engine *engine, rec_doc doc, size_t limit)
{
    rec_request request = REC_REQUEST_INIT;
    rec_answer answer = REC_ANSWER_INIT;
    rec_error err = REC_ERROR_INIT;
    size_t count;

    request.doc = doc;
    request.limit = limit;
    CHECK_STATUS(REC_OK, rec_recommend(engine, &request, &answer, &err), &err);
    count = answer.count;
    rec_answer_clear(&answer);
    return count;
}

/* The store passes its check, its side files pass theirs, and a stored list and a text are answered. */
static void check_answers(void)
{
    rec_engine *engine = open_engine();
    rec_request request = REC_REQUEST_INIT;
    rec_answer answer = REC_ANSWER_INIT;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_check(rec_engine_store(engine), &err), &err);
    CHECK_STATUS(REC_OK, rec_engine_check(engine, &err), &err);
    CHECK_INT(3, ask(engine, 1, 3));
    request.title = "Shearing sheep";
    CHECK_STATUS(REC_OK, rec_recommend(engine, &request, &answer, &err), &err);
    CHECK(answer.count > 0);
    rec_answer_clear(&answer);
    rec_engine_close(engine);
}

static void stores_of_few_papers_build_and_answer(void **state)
{
    static const int COUNTS[] = { 0, 1, 2, 3, 30 };

    for (size_t i = 0; i < COUNT(COUNTS); i++) {
        int n = COUNTS[i];
        rec_build_report report;
        rec_engine *engine;
        rec_request request = REC_REQUEST_INIT;
        rec_answer answer = REC_ANSWER_INIT;
        rec_error err = REC_ERROR_INIT;

        make_store(state);
        put_papers(0, n);
        report = build();
        CHECK_INT(REC_REFIT_FIRST, report.refit);
        CHECK_INT(n, report.papers);
        CHECK_INT(n, report.added);
        CHECK_INT(n, report.lists);
        engine = open_engine();
        CHECK_STATUS(REC_OK, rec_engine_check(engine, &err), &err);
        for (int doc = 1; doc <= n; doc++)
            CHECK_INT(n - 1, ask(engine, doc, 100));
        request.title = "A measurement";
        CHECK_STATUS(REC_OK, rec_recommend(engine, &request, &answer, &err), &err);
        CHECK_INT(n < 10 ? n : 10, answer.count);
        rec_answer_clear(&answer);
        rec_engine_close(engine);
    }
}

static void a_refit_makes_the_same_bytes_on_any_number_of_threads(void **state)
{
    char one[DIGEST_ROOM], two[DIGEST_ROOM];
    rec_build_report report;

    (void)state;
    put_papers(0, 40);
    build_with((rec_build_options){ .threads = 1 });
    digest(one);
    report = build_with((rec_build_options){ .threads = 2, .refit = true });
    CHECK_INT(REC_REFIT_ASKED, report.refit);
    CHECK(!report.nothing);
    digest(two);
    CHECK_STR(one, two);
}

/* ---- lists against brute force ------------------------------------------------------------------------------------- */

#define MOST 80

/* All papers with text, as the model sees them, computed here from their texts. */
struct brute {
    rec_model *model;
    rec_ngrams *ngrams;
    rec_query *query;
    size_t count, dim;
    struct brute_paper {
        rec_doc doc;
        uint64_t title_key, abstract_key;
        int32_t date;
        char id[REC_ID_MAX + 1];
        rec_counts counts;
        uint16_t words[2048];
        rec_packed packed;
        float scales[REC_BLOCKS];
        int8_t dense_items[REC_DIM_MAX], smooth_items[REC_DIM_MAX];
        rec_code dense, smooth;
    } papers[MOST];
};

struct scored {
    const struct brute_paper *paper;
    float score;
};

static int best_first(const void *left, const void *right)
{
    const struct scored *a = left, *b = right;

    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    if (a->paper->date != b->paper->date)
        return a->paper->date > b->paper->date ? -1 : 1;
    return strcmp(a->paper->id, b->paper->id);
}

static rec_status take_text(const rec_text *text, void *context, rec_error *err)
{
    struct brute *brute = context;
    struct brute_paper *paper = &brute->papers[brute->count];
    float vector[REC_DIM_MAX];
    rec_status rc;

    if (!text->title && !text->abstract)
        return REC_OK;
    CHECK(brute->count++ < MOST);
    paper->doc = text->doc;
    paper->title_key = text->title_key;
    paper->abstract_key = text->abstract_key;
    paper->date = (int32_t)text->date;
    if ((rc = rec_ngrams_count(brute->ngrams, text->title, text->abstract, &paper->counts, err)) != REC_OK)
        return rc;
    CHECK(rec_pack_room(paper->counts.length) <= COUNT(paper->words));
    paper->packed = (rec_packed){ paper->words, rec_pack(paper->counts.items, paper->counts.length, paper->words) };
    rec_model_block_scales(brute->model, paper->counts.items, paper->counts.length, paper->scales);
    rec_model_embed(brute->model, paper->counts.items, paper->counts.length, vector);
    paper->dense = (rec_code){ paper->dense_items, rec_codes_round(vector, brute->dim, paper->dense_items) };
    return REC_OK;
}

/* Over the paper itself and its nearest four. */
static void smooth(struct brute *brute, struct brute_paper *paper)
{
    struct scored others[MOST];
    rec_code vectors[REC_SMOOTH_NEIGHBOURS] = { paper->dense };
    float vector[REC_DIM_MAX], likeness[REC_SMOOTH_NEIGHBOURS] = { 1 };
    size_t n = 0, taken = 1;

    for (size_t i = 0; i < brute->count; i++)
        if (&brute->papers[i] != paper)
            others[n++] = (struct scored){ &brute->papers[i], rec_codes_cosine(paper->dense, brute->papers[i].dense, brute->dim) };
    qsort(others, n, sizeof(*others), best_first);
    for (size_t i = 0; i < n && taken < REC_SMOOTH_NEIGHBOURS; i++, taken++) {
        vectors[taken] = others[i].paper->dense;
        likeness[taken] = others[i].score;
    }
    rec_smooth(vectors, likeness, taken, brute->dim, vector);
    paper->smooth = (rec_code){ paper->smooth_items, rec_codes_round(vector, brute->dim, paper->smooth_items) };
}

static void read_brute(struct brute *brute)
{
    rec_side_paths paths = side_paths();
    rec_error err = REC_ERROR_INIT;

    *brute = (struct brute){ .count = 0 };
    CHECK_STATUS(REC_OK, rec_model_load(paths.model, state_now().fingerprint, &brute->model, &err), &err);
    CHECK_STATUS(REC_OK, rec_ngrams_new(&brute->ngrams, &err), &err);
    CHECK_STATUS(REC_OK, rec_query_new(brute->model, &brute->query, &err), &err);
    brute->dim = rec_model_dim(brute->model);
    CHECK_STATUS(REC_OK, rec_store_scan(store, false, take_text, brute, &err), &err);
    for (size_t i = 0; i < brute->count; i++) {
        rec_record record = REC_RECORD_INIT;

        CHECK_STATUS(REC_OK, rec_store_get(store, brute->papers[i].doc, REC_GET_CARD, &record, &err), &err);
        snprintf(brute->papers[i].id, sizeof(brute->papers[i].id), "%s", record.paper.id.text);
        rec_record_clear(&record);
        smooth(brute, &brute->papers[i]);
    }
}

static void brute_clear(struct brute *brute)
{
    for (size_t i = 0; i < brute->count; i++)
        rec_counts_clear(&brute->papers[i].counts);
    rec_query_free(brute->query);
    rec_ngrams_free(brute->ngrams);
    rec_model_free(brute->model);
}

static rec_view view_of(const struct brute *brute, const struct brute_paper *paper)
{
    return (rec_view){
        paper->packed, paper->scales, paper->dense, rec_model_is_small(brute->model) ? paper->smooth : (rec_code){ NULL, 0 }, { NULL, 0 }
    };
}

/* The stored list of one paper holds the papers and scores that comparing it with every other gives. */
static void check_list(const struct brute *brute, const struct brute_paper *seed)
{
    struct scored others[MOST];
    rec_view self = view_of(brute, seed);
    rec_error err = REC_ERROR_INIT;
    size_t n = 0;
    rec_list list;

    rec_query_set(brute->query, &self);
    for (size_t i = 0; i < brute->count; i++) {
        const struct brute_paper *other = &brute->papers[i];
        rec_view view = view_of(brute, other);

        if (other != seed && other->title_key != seed->title_key && other->abstract_key != seed->abstract_key)
            others[n++] = (struct scored){ other, rec_query_score(brute->query, &view).total };
    }
    qsort(others, n, sizeof(*others), best_first);
    CHECK_STATUS(REC_OK, rec_store_get_list(store, seed->doc, &list, &err), &err);
    CHECK_INT(n < REC_LIST_LENGTH ? n : REC_LIST_LENGTH, list.count);
    for (size_t i = 0; i < list.count; i++) {
        CHECK_INT(others[i].paper->doc, list.items[i].doc);
        CHECK(others[i].score == list.items[i].score);
    }
}

static void check_all_lists(void)
{
    struct brute *brute = rec_alloc(sizeof(*brute));

    CHECK(brute != NULL);
    read_brute(brute);
    for (size_t i = 0; i < brute->count; i++)
        check_list(brute, &brute->papers[i]);
    brute_clear(brute);
    rec_free(brute);
}

/* More papers than a list holds, two of them with equal titles, two with equal abstracts, and some without text. */
static void lists_are_what_comparing_every_pair_gives(void **state)
{
    (void)state;
    put_papers(0, 60);
    put_empty(0, 2);
    begin();
    put_record(store,
               "{\"id\":\"t1\",\"title\":\"The wool survey\",\"abstract\":\"An estimate of the lamb and the flock by observation.\"}");
    put_record(store,
               "{\"id\":\"t2\",\"title\":\"The Wool Survey.\",\"abstract\":\"A method for the fleece model: evidence from the pasture.\"}");
    put_record(store,
               "{\"id\":\"t3\",\"title\":\"Tide and anchor\",\"abstract\":\"Evidence of cargo, a survey of the harbour, a model of the "
               "rudder.\"}");
    put_record(
        store,
        "{\"id\":\"t4\",\"title\":\"Rudder and tide\",\"abstract\":\"EVIDENCE of cargo; a survey of the harbour; a model of the rudder\"}");
    commit();
    CHECK_INT(66, build().lists);
    check_all_lists();
}

/* Ten papers come and one becomes another: what is built then depends on what is stored alone. */
static void a_store_that_grew_is_built_as_a_new_one(void **state)
{
    static const char CHANGED[] =
        "{\"id\":\"k00\",\"title\":\"Glacier ridge moraine\",\"abstract\":\"Avalanche, crevasse and summit: a survey.\"}";
    char grown[DIGEST_ROOM], anew[DIGEST_ROOM];
    rec_build_report report;

    put_papers(0, 20);
    build();
    put_papers(20, 30);
    begin();
    put_record(store, CHANGED);
    commit();
    report = build();
    CHECK_INT(REC_REFIT_GROWN, report.refit);
    CHECK_INT(11, report.added);
    CHECK_INT(30, report.lists);
    digest(grown);
    make_store(state);
    put_papers(0, 30);
    begin();
    put_record(store, CHANGED);
    commit();
    build();
    digest(anew);
    CHECK_STR(anew, grown);
}

/* ---- the rule for refitting ---------------------------------------------------------------------------------------- */

/* Rows of counts, one behind the other. */
struct counted {
    rec_ngrams *ngrams;
    rec_count *items;
    uint64_t *offsets;
    size_t count;
};

static void add_row(struct counted *rows, const rec_count *items, size_t length)
{
    size_t used = (size_t)rows->offsets[rows->count];

    rows->items = rec_resize_array(rows->items, used + length + 1, sizeof(*rows->items));
    rows->offsets = rec_resize_array(rows->offsets, rows->count + 2, sizeof(*rows->offsets));
    CHECK(rows->items && rows->offsets);
    if (length > 0)
        memcpy(rows->items + used, items, length * sizeof(*items));
    rows->offsets[++rows->count] = used + length;
}

static rec_status count_text(const rec_text *text, void *context, rec_error *err)
{
    struct counted *rows = context;
    rec_counts counts = REC_COUNTS_INIT;
    rec_status rc = rec_ngrams_count(rows->ngrams, text->title, text->abstract, &counts, err);

    if (rc == REC_OK)
        add_row(rows, counts.items, counts.length);
    rec_counts_clear(&counts);
    return rc;
}

/* The rows that were fitted last and their model: most tests begin from the same papers, and to fit these takes longer than the rest. */
static struct {
    struct counted rows;
    rec_model *model;
} last_fit;

static void forget_fit(void)
{
    rec_model_free(last_fit.model);
    rec_free(last_fit.rows.items);
    rec_free(last_fit.rows.offsets);
    last_fit.model = NULL;
}

static bool rows_equal(const struct counted *a, const struct counted *b)
{
    return a->count == b->count && memcmp(a->offsets, b->offsets, (a->count + 1) * sizeof(*a->offsets)) == 0 &&
           memcmp(a->items, b->items, (size_t)a->offsets[a->count] * sizeof(*a->items)) == 0;
}

/* Of rows, which it takes over. The model is the memo's. */
static const rec_model *fit_rows(struct counted *rows)
{
    rec_fit fit = { .threads = 1, .rows = { rows->items, rows->offsets, rows->count } };
    rec_error err = REC_ERROR_INIT;

    if (last_fit.model && rows_equal(&last_fit.rows, rows)) {
        rec_free(rows->items);
        rec_free(rows->offsets);
        return last_fit.model;
    }
    forget_fit();
    CHECK_STATUS(REC_OK, rec_model_fit(&fit, &last_fit.model, &err), &err);
    last_fit.rows = *rows;
    return last_fit.model;
}

static int remove_folder_and_fit(void **state)
{
    forget_fit();
    return remove_folder(state);
}

/*
 * Makes a model the one in force that was fitted on `extra` invented papers beside those in the store. Its index is missing, so that
 * a build makes it.
 */
static void place_model(size_t extra)
{
    struct counted rows = { .offsets = rec_alloc_array(1, sizeof(uint64_t)) };
    rec_side_paths paths;
    const rec_model *model;
    rec_error err = REC_ERROR_INIT;

    CHECK(rows.offsets != NULL);
    CHECK_STATUS(REC_OK, rec_ngrams_new(&rows.ngrams, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_scan(store, false, count_text, &rows, &err), &err);
    for (size_t i = 0; i < extra; i++) {
        rec_count item = ((REC_BLOCK_BUCKETS + (uint32_t)i % 50) << REC_TF_BITS) | 1;
        add_row(&rows, &item, 1);
    }
    rec_ngrams_free(rows.ngrams);
    model = fit_rows(&rows);
    CHECK_STATUS(REC_OK, rec_side_name(store, rec_model_fingerprint(model), 1, &paths, &err), &err);
    CHECK_STATUS(REC_OK, rec_model_save(model, paths.model, &err), &err);
    begin();
    CHECK_STATUS(REC_OK, rec_store_set_built(store, rec_model_fingerprint(model), 1, 0, &err), &err);
    commit();
}

static void run_out_of_memory(void *context, const char *phase, uint64_t done, uint64_t total)
{
    (void)context;
    (void)phase;
    (void)done;
    (void)total;
    rec_alloc_fail_after(0);
}

/* The build is stopped once it has decided: comparing ten thousand papers would tell no more. */
static void a_model_is_refitted_when_the_rule_says_so(void **state)
{
    static const struct {
        int fitted, papers;
        rec_refit expected;
    } CASES[] = {
        { 999, REC_REFIT_ALWAYS, REC_REFIT_GROWN },
        { 1000, REC_REFIT_ALWAYS + 1, REC_REFIT_NO },
        { 1000, 1499, REC_REFIT_NO },
        { 1000, 1500, REC_REFIT_GROWN },
        { 9000, REC_SMALL_STORE, REC_REFIT_NO },
        { 9000, REC_SMALL_STORE + 1, REC_REFIT_GROWN },
        { REC_SMALL_STORE + 1, REC_SMALL_STORE + 2, REC_REFIT_NO },
        { REC_SMALL_STORE + 1, 15000, REC_REFIT_NO },
        { REC_SMALL_STORE + 1, 15001, REC_REFIT_GROWN },
    };

    for (size_t i = 0; i < COUNT(CASES); i++) {
        rec_build_options options = { .threads = 1, .progress = { run_out_of_memory, NULL } };
        rec_build_report report;
        rec_error err = REC_ERROR_INIT;

        make_store(state);
        place_model((size_t)CASES[i].fitted);
        put_empty(0, CASES[i].papers);
        CHECK_STATUS(REC_ENOMEM, rec_build(store, &options, &report, &err), &err);
        rec_alloc_fail_after(-1);
        if (report.refit != CASES[i].expected)
            fail_msg("fitted on %d, now %d: refit %d, expected %d", CASES[i].fitted, CASES[i].papers, (int)report.refit,
                     (int)CASES[i].expected);
    }
}

/* ---- adding to a large store --------------------------------------------------------------------------------------- */

#define TEXTS 60   /* papers at first, more than a list holds, */
#define ENTRANTS 8 /* and papers that come later */
#define EMPTY 1000 /* past the size up to which every build refits */

static void change_two(void)
{
    begin();
    put_record(store, "{\"id\":\"k03\",\"title\":\"Sheep and wool in the pasture\"}");
    put_record(store, "{\"id\":\"k17\",\"abstract\":\"The soprano, the violin and the overture: a comparison and a survey.\"}");
    commit();
}

/* The same n-grams, so the same likeness to every other paper: one that was there, one newer and one older that come. */
static void put_tied(bool texts)
{
    begin();
    put_record(store, "{\"id\":\"t1\",\"date\":\"2015\",\"title\":\"Lamb with fleece\"}");
    put_record(store, texts ? "{\"id\":\"t2\",\"date\":\"2020\",\"title\":\"Lamb of fleece\"}" : "{\"id\":\"t2\"}");
    put_record(store, texts ? "{\"id\":\"t3\",\"date\":\"2005\",\"title\":\"Lamb in fleece\"}" : "{\"id\":\"t3\"}");
    commit();
}

static void copy_lists(rec_buf *out)
{
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_scan_lists(store, add_list, out, &err), &err);
}

/* With the model kept, mending the lists that new papers, and changed ones, enter or leave is as good as making all of them again. */
static void check_extension(bool change)
{
    rec_build_report report;
    rec_buf model, grown = REC_BUF_INIT(1 << 26), anew = REC_BUF_INIT(1 << 26);
    rec_store_state placed;
    rec_error err = REC_ERROR_INIT;

    make_store(NULL);
    put_papers(0, TEXTS + ENTRANTS);
    put_tied(true);
    place_model(REC_SMALL_STORE);
    model = read_file(side_paths().model);
    placed = state_now();
    put_empty(0, EMPTY);
    if (change)
        change_two();
    report = build();
    CHECK(report.remade);
    CHECK_INT(REC_REFIT_NO, report.refit);
    CHECK_INT(TEXTS + ENTRANTS + 3 + EMPTY, report.lists);
    copy_lists(&anew);

    /* The same papers under the same numbers, but the text of the last of them and the changes after a first build. */
    make_store(NULL);
    put_papers(0, TEXTS);
    begin();
    for (int i = TEXTS; i < TEXTS + ENTRANTS; i++) {
        char record[32];

        snprintf(record, sizeof(record), "{\"id\":\"k%02d\"}", i);
        put_record(store, record);
    }
    CHECK_STATUS(REC_OK, rec_store_set_built(store, placed.fingerprint, 1, 0, &err), &err);
    commit();
    put_tied(false);
    write_file(side_paths().model, model.data, model.length);
    put_empty(0, EMPTY);
    CHECK_INT(REC_REFIT_NO, build().refit);
    put_papers(TEXTS, TEXTS + ENTRANTS);
    put_tied(true);
    if (change)
        change_two();
    report = build();
    CHECK_INT(REC_REFIT_NO, report.refit);
    CHECK(!report.remade);
    CHECK_INT(ENTRANTS + 2 + (change ? 2 : 0), report.added);
    CHECK(report.lists < EMPTY); /* else all were made again, and there is nothing to compare */
    copy_lists(&grown);
    CHECK_INT(anew.length, grown.length);
    CHECK(memcmp(anew.data, grown.data, anew.length) == 0);
    rec_buf_clear(&model);
    rec_buf_clear(&anew);
    rec_buf_clear(&grown);
}

static void papers_added_to_a_large_store_stand_where_a_whole_build_puts_them(void **state)
{
    (void)state;
    check_extension(false);
}

static void papers_changed_in_a_large_store_do_too(void **state)
{
    (void)state;
    check_extension(true);
}

/* What a build that adds leaves behind: FILE-ngrams of the state, and the older ones that it refers to. */
static size_t check_ngram_files(void)
{
    rec_side_paths paths = side_paths();
    int64_t sides[REC_GRAM_PARTS];
    size_t count, there = 0;
    char names[1024];
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_grams_sides(paths.ngrams, sides, &count, &err), &err);
    snprintf(names, sizeof(names), "%s", list_files());
    for (const char *at = names; (at = strstr(at, "-ngrams.")); at++)
        there++;
    CHECK_INT(count + 1, there);
    return there;
}

static void remove_paper(const char *id)
{
    rec_doc doc;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_find(store, id, &doc, &err), &err);
    begin();
    CHECK_STATUS(REC_OK, rec_store_remove(store, &doc, 1, &err), &err);
    commit();
}

/* All lists made again with the same model are those that are stored. */
static void check_against_whole_build(void)
{
    rec_buf grown = REC_BUF_INIT(1 << 26), anew = REC_BUF_INIT(1 << 26);
    rec_build_report report;

    copy_lists(&grown);
    CHECK(unlink(side_paths().index) == 0);
    report = build();
    CHECK(report.remade);
    CHECK_INT(REC_REFIT_NO, report.refit);
    copy_lists(&anew);
    CHECK_INT(grown.length, anew.length);
    CHECK(memcmp(grown.data, anew.data, grown.length) == 0);
    rec_buf_clear(&grown);
    rec_buf_clear(&anew);
}

static void make_large(void)
{
    make_store(NULL);
    put_papers(0, 40);
    put_empty(0, EMPTY);
    place_model(REC_SMALL_STORE);
    CHECK(build().remade);
    CHECK_INT(1, check_ngram_files());
}

static void a_store_that_grows_again_and_again_is_as_if_built_at_once(void **state)
{
    size_t most = 0;

    (void)state;
    make_large();
    for (int step = 0; step < 12; step++) {
        int from = 40 + step * 3;
        size_t files;

        put_papers(from, from + (step % 4 == 1 ? 1 : 3));
        if (step == 5)
            change_two();
        if (step == 7)
            remove_paper("k21");
        CHECK(build().lists < EMPTY);
        files = check_ngram_files();
        most = files > most ? files : most;
    }
    CHECK(most >= 3);
    check_against_whole_build();
    CHECK_INT(1, check_ngram_files());
}

static void a_backup_holds_all_that_a_grown_store_answers_from(void **state)
{
    char copy[sizeof(db) + 16];
    rec_backup_report report;
    rec_engine *engine;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    make_large();
    put_papers(40, 43);
    build();
    CHECK(check_ngram_files() >= 2);
    snprintf(copy, sizeof(copy), "%s-copy", db);
    CHECK_STATUS(REC_OK, rec_backup(store, copy, &report, &err), &err);
    CHECK(report.complete);
    CHECK_STATUS(REC_OK, rec_engine_open(copy, &engine, &err), &err);
    CHECK_STATUS(REC_OK, rec_engine_check(engine, &err), &err);
    rec_engine_close(engine);
}

/* Whichever of the files it is: refused by a check, and all made again by the next build, be there papers to add or not. */
static void damage_to_any_file_of_ngrams_is_refused_and_mended(void **state)
{
    (void)state;
    for (int oldest = 0; oldest < 2; oldest++)
        for (int pending = 0; pending < 2; pending++) {
            char path[PATH_MAX];
            rec_engine *engine;
            rec_buf content;
            rec_error err = REC_ERROR_INIT;

            make_large();
            put_papers(40, 43);
            build();
            CHECK(check_ngram_files() >= 2);
            snprintf(path, sizeof(path), "%s", side_paths().ngrams);
            if (oldest)
                *strrchr(path, '.') = '\0', strncat(path, ".2", sizeof(path) - strlen(path) - 1);
            content = read_file(path);
            content.data[130] ^= 1;
            write_file(path, content.data, content.length);
            rec_buf_clear(&content);
            CHECK_STATUS(REC_OK, rec_engine_open(db, &engine, &err), &err);
            CHECK_STATUS(REC_EDAMAGED, rec_engine_check(engine, &err), &err);
            CHECK_CONTAINS(path, err.message);
            rec_engine_close(engine);
            if (pending)
                put_papers(43, 44);
            CHECK(build().remade);
            CHECK_INT(1, check_ngram_files());
            check_answers();
        }
}

/* ---- builds that are cut off --------------------------------------------------------------------------------------- */

#define BEFORE 8                       /* papers with text that are built, */
#define AFTER 12                       /* and how many there are when the next build begins */
#define FIRST_NEW (BEFORE + EMPTY + 1) /* number of the first of those that came between */

/*
 * Ready for a build that keeps the model, which is the quick kind: fitting one that knows the shipped table takes a quarter of a second.
 * With a model that was fitted on `extra` more papers than there are: where these make a large store, the build adds to it; else it makes
 * all again.
 */
static void make_half_built_of(size_t extra)
{
    make_store(NULL);
    put_papers(0, BEFORE);
    put_empty(0, EMPTY);
    place_model(extra);
    CHECK_INT(REC_REFIT_NO, build().refit);
    put_papers(BEFORE, AFTER);
}

static void make_half_built(void)
{
    make_half_built_of(0);
}

static void make_reference_of(size_t extra, char out[DIGEST_ROOM])
{
    rec_build_report report;

    make_half_built_of(extra);
    report = build();
    CHECK_INT(REC_REFIT_NO, report.refit);
    CHECK((report.lists < EMPTY) == (extra > 0));
    digest(out);
}

static void make_reference(char out[DIGEST_ROOM])
{
    make_reference_of(0, out);
}

static void die_at(void *context, const char *phase, uint64_t done, uint64_t total)
{
    (void)phase;
    (void)done;
    (void)total;
    if ((*(int *)context)-- == 0)
        raise(SIGKILL);
}

/* Builds in a child that is killed at the `at`-th sign of progress, or when a file grows to `bytes`; whether it was. */
static bool build_and_die(int at, rlim_t bytes)
{
    int ended;
    pid_t child;

    rec_store_close(store);
    store = NULL;
    CHECK((child = fork()) >= 0);
    if (child == 0) {
        rec_build_options options = { .threads = 1, .progress = { die_at, &at } };
        struct rlimit none = { 0, 0 }, most = { bytes, bytes };
        rec_build_report report;
        rec_store *mine;

        setrlimit(RLIMIT_CORE, &none);
        if (rec_store_open(db, REC_STORE_WRITE, &mine, NULL) != REC_OK || setrlimit(RLIMIT_FSIZE, &most) != 0)
            _exit(1);
        _exit(rec_build(mine, &options, &report, NULL) == REC_OK ? 0 : 1);
    }
    CHECK(waitpid(child, &ended, 0) == child);
    CHECK(WIFSIGNALED(ended) || ended == 0);
    return WIFSIGNALED(ended);
}

/* After a build was cut off: the old state answers, with `indexed` papers, and the next build ends where the first would have. */
static void check_recovery(int64_t indexed, const char *reference)
{
    rec_error err = REC_ERROR_INIT;
    char again[DIGEST_ROOM];
    int64_t now;

    check_answers();
    CHECK_STATUS(REC_OK, rec_store_open(db, REC_STORE_WRITE, &store, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_count_indexed(store, &now, &err), &err);
    CHECK_INT(indexed, now);
    build();
    digest(again);
    CHECK_STR(reference, again);
    check_answers();
}

static const size_t SIZES[] = { 0, REC_SMALL_STORE }; /* of the two ways to build */

static void a_build_that_is_killed_at_any_step_is_done_by_the_next(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(SIZES); i++) {
        char reference[DIGEST_ROOM];
        int at = 0;

        make_reference_of(SIZES[i], reference);
        for (make_half_built_of(SIZES[i]); build_and_die(at, RLIM_INFINITY); make_half_built_of(SIZES[i]), at++)
            check_recovery(BEFORE + EMPTY, reference);
        CHECK(at >= 4); /* reading, embedding, indexing, comparing */
    }
}

/* The limit on a file's size kills with the file half written. */
static void a_build_that_is_killed_while_writing_is_done_by_the_next(void **state)
{
    static const rlim_t ROOM[] = { 0, 100, 5000, 70000 };

    (void)state;
    for (size_t i = 0; i < COUNT(SIZES); i++) {
        char reference[DIGEST_ROOM];

        make_reference_of(SIZES[i], reference);
        for (size_t j = 0; j < COUNT(ROOM); j++) {
            make_half_built_of(SIZES[i]);
            CHECK(build_and_die(-1, ROOM[j]));
            check_recovery(BEFORE + EMPTY, reference);
        }
    }
}

static void a_build_that_is_killed_while_writing_a_new_model_is_done_by_the_next(void **state)
{
    char reference[DIGEST_ROOM];

    (void)state;
    put_papers(0, AFTER);
    build();
    digest(reference);
    make_store(NULL);
    put_papers(0, BEFORE);
    build();
    put_papers(BEFORE, AFTER);
    CHECK(build_and_die(-1, 1000000));
    check_recovery(BEFORE, reference);
}

static void check_without_memory(size_t extra)
{
    char before[DIGEST_ROOM], after[DIGEST_ROOM], reference[DIGEST_ROOM];
    rec_build_options options = { .threads = 1 };
    rec_status rc = REC_ENOMEM;
    long allowed = 0;

    make_reference_of(extra, reference);
    make_half_built_of(extra);
    digest(before);
    for (; rc != REC_OK; allowed += 1 + allowed / 40) {
        rec_build_report report;
        rec_error err = REC_ERROR_INIT;

        rec_alloc_fail_after(allowed);
        rc = rec_build(store, &options, &report, &err);
        rec_alloc_fail_after(-1);
        if (rc == REC_OK)
            break;
        CHECK_STATUS(REC_ENOMEM, rc, &err);
        digest(after);
        CHECK_STR(before, after);
    }
    CHECK(allowed > 50);
    digest(after);
    CHECK_STR(reference, after);
}

static void without_memory_a_build_fails_and_changes_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(SIZES); i++)
        check_without_memory(SIZES[i]);
}

/* ---- beside a build ------------------------------------------------------------------------------------------------ */

static void a_build_of_a_current_store_writes_nothing(void **state)
{
    char names[1024];
    rec_build_report report;
    long long generation;

    (void)state;
    make_half_built();
    CHECK(!build().nothing);
    generation = state_now().generation;
    snprintf(names, sizeof(names), "%s", list_files());
    report = build();
    CHECK(report.nothing);
    CHECK_INT(REC_REFIT_NO, report.refit);
    CHECK_INT(0, report.lists);
    CHECK_INT(generation, state_now().generation);
    CHECK_STR(names, list_files());
}

struct asking {
    rec_engine *engine;
    int64_t generation; /* before the build */
    size_t asked;
};

static void ask_meanwhile(void *context, const char *phase, uint64_t done, uint64_t total)
{
    struct asking *asking = context;
    rec_store_state seen;
    rec_error err = REC_ERROR_INIT;

    (void)phase;
    (void)done;
    (void)total;
    CHECK_STATUS(REC_OK, rec_store_get_state(rec_engine_store(asking->engine), &seen, &err), &err);
    CHECK_INT(asking->generation, seen.generation);
    CHECK_INT(BEFORE - 1, ask(asking->engine, 1, 50));
    CHECK_INT(BEFORE, ask(asking->engine, FIRST_NEW, 50)); /* not indexed, and answered from the old vectors */
    asking->asked++;
}

static void readers_see_the_old_state_until_a_build_ends(void **state)
{
    struct asking asking = { .asked = 0 };

    (void)state;
    make_half_built();
    asking.engine = open_engine();
    asking.generation = state_now().generation;
    build_with((rec_build_options){ .threads = 1, .progress = { ask_meanwhile, &asking } });
    CHECK(asking.asked >= 4);
    CHECK(state_now().generation > asking.generation);
    CHECK_INT(AFTER - 1, ask(asking.engine, 1, 50));
    CHECK_INT(AFTER - 1, ask(asking.engine, FIRST_NEW, 50));
    rec_engine_close(asking.engine);
}

static void old_side_files_are_swept_and_nothing_else(void **state)
{
    static const char *const LEFT[] = { "-vectors.99", "-index.7.tmp", "-model.0123456789abcdef", "-ngrams.1.tmp", "-words.99" };
    static const char *const KEPT[] = { "-notes", "-modelling", "2-index.1", ".bak-vectors.1" };
    char expected[1024];
    rec_side_paths paths;

    (void)state;
    make_half_built();
    for (size_t i = 0; i < COUNT(LEFT) + COUNT(KEPT); i++) {
        char path[sizeof(db) + 64];

        snprintf(path, sizeof(path), "%s%s", db, i < COUNT(LEFT) ? LEFT[i] : KEPT[i - COUNT(LEFT)]);
        write_file(path, "x", 1);
    }
    build();
    paths = side_paths();
    rec_store_close(store);
    store = NULL;
    snprintf(expected, sizeof(expected),
             "store.db %s store.db-lock %s %s store.db-modelling %s store.db-notes store.db.bak-vectors.1 store.db2-index.1",
             strrchr(paths.index, '/') + 1, strrchr(paths.map, '/') + 1, strrchr(paths.model, '/') + 1, strrchr(paths.ngrams, '/') + 1);
    CHECK_STR(expected, list_files());
}

/* ---- damaged side files -------------------------------------------------------------------------------------------- */

enum damage {
    MISSING,
    EMPTIED,
    CUT_IN_THE_HEADER,
    CUT_IN_HALF,
    CUT_BY_A_BYTE,
    WRONG_MAGIC,
    WRONG_VERSION,
    WRONG_PRINT,
    WRONG_CONTENT,
    WRONG_END,
    DAMAGES
};

/* The path of side file `which` of the four. */
static void side_path(size_t which, char out[PATH_MAX])
{
    rec_side_paths paths = side_paths();

    snprintf(out, PATH_MAX, "%s", which == 0 ? paths.model : which == 1 ? paths.index : which == 2 ? paths.ngrams : paths.words);
}

static void do_damage(const char *path, enum damage damage, const rec_buf *content)
{
    size_t length = content->length, at;

    switch (damage) {
    case MISSING:
        CHECK(unlink(path) == 0);
        return;
    case EMPTIED:
    case CUT_IN_THE_HEADER:
    case CUT_IN_HALF:
    case CUT_BY_A_BYTE:
        write_file(path, content->data,
                   damage == EMPTIED             ? 0
                   : damage == CUT_IN_THE_HEADER ? 60
                   : damage == CUT_IN_HALF       ? length / 2
                                                 : length - 1);
        return;
    default:
        at = damage == WRONG_MAGIC     ? 0
             : damage == WRONG_VERSION ? 16
             : damage == WRONG_PRINT   ? 45
             : damage == WRONG_CONTENT ? length / 2
                                       : length - 1;
        content->data[at] ^= 0x10;
        write_file(path, content->data, length);
        content->data[at] ^= 0x10;
    }
}

/* Loading it fails with this status and a sentence that names the file and the way out; what is stored as a list is answered. */
static void check_refused(const char *path, rec_status status)
{
    rec_engine *engine = open_engine();
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(status, rec_engine_check(engine, &err), &err);
    CHECK_CONTAINS(path, err.message);
    CHECK_CONTAINS("recommend build", err.message);
    for (int doc = 1; doc <= BEFORE; doc++)
        CHECK_INT(AFTER - 1, ask(engine, doc, 50));
    rec_engine_close(engine);
}

static void a_damaged_side_file_is_refused_and_stored_lists_still_answer(void **state)
{
    char original[DIGEST_ROOM];

    (void)state;
    make_reference(original);
    for (size_t which = 0; which < 3; which++) {
        char path[PATH_MAX];
        rec_buf content;

        side_path(which, path);
        content = read_file(path);
        for (int damage = MISSING; damage < DAMAGES; damage++) {
            do_damage(path, (enum damage)damage, &content);
            check_refused(path, damage == MISSING ? REC_ESTALE : REC_EDAMAGED);
        }
        write_file(path, content.data, content.length);
        rec_buf_clear(&content);
    }
}

static void a_damaged_index_and_damaged_ngrams_are_made_again(void **state)
{
    char original[DIGEST_ROOM], mended[DIGEST_ROOM];

    (void)state;
    make_reference(original);
    for (size_t which = 1; which < 3; which++)
        for (int damage = MISSING; damage < DAMAGES; damage++) {
            char path[PATH_MAX];
            rec_buf content;
            rec_build_report report;

            side_path(which, path);
            content = read_file(path);
            do_damage(path, (enum damage)damage, &content);
            rec_buf_clear(&content);
            report = build();
            CHECK(report.remade);
            CHECK_INT(REC_REFIT_NO, report.refit);
            digest(mended);
            CHECK_STR(original, mended);
        }
}

/* A large store has words too. What else there is stays as it is. */
static void damaged_words_are_refused_and_made_again(void **state)
{
    char path[PATH_MAX];
    rec_buf words, mended;
    rec_build_report report;

    make_store(state);
    put_papers(0, AFTER);
    place_model(REC_SMALL_STORE);
    put_empty(0, EMPTY);
    CHECK_INT(REC_REFIT_NO, build().refit);
    side_path(3, path);
    words = read_file(path);
    for (int damage = MISSING; damage < DAMAGES; damage++) {
        rec_engine *engine;
        rec_error err = REC_ERROR_INIT;

        do_damage(path, (enum damage)damage, &words);
        engine = open_engine();
        CHECK_STATUS(damage == MISSING ? REC_ESTALE : REC_EDAMAGED, rec_engine_check(engine, &err), &err);
        CHECK_CONTAINS(path, err.message);
        CHECK_CONTAINS("recommend build", err.message);
        CHECK_INT(AFTER - 1, ask(engine, 1, 50));
        rec_engine_close(engine);
        report = build();
        CHECK(report.remade);
        CHECK_INT(0, report.lists);
        mended = read_file(path);
        CHECK_INT(words.length, mended.length);
        CHECK(memcmp(words.data, mended.data, words.length) == 0);
        rec_buf_clear(&mended);
    }
    CHECK(build().nothing);
    rec_buf_clear(&words);
}

static void a_damaged_model_is_fitted_again(void **state)
{
    static const enum damage DAMAGE[] = { MISSING, WRONG_CONTENT };
    char original[DIGEST_ROOM], mended[DIGEST_ROOM];

    (void)state;
    put_papers(0, AFTER);
    build();
    digest(original);
    for (size_t i = 0; i < COUNT(DAMAGE); i++) {
        char path[PATH_MAX];
        rec_buf content;

        side_path(0, path);
        content = read_file(path);
        do_damage(path, DAMAGE[i], &content);
        rec_buf_clear(&content);
        CHECK_INT(REC_REFIT_DAMAGED, build().refit);
        digest(mended);
        CHECK_STR(original, mended);
    }
}

/* A side file of another store, whole and of the same shape: nothing but its fingerprint tells. */
static void a_side_file_of_another_model_is_refused_naming_both(void **state)
{
    char original[DIGEST_ROOM], foreign_print[REC_FINGERPRINT_CHARS];
    rec_buf foreign[3];

    (void)state;
    put_papers(100, 100 + BEFORE);
    put_empty(0, EMPTY);
    place_model(0);
    put_papers(100 + BEFORE, 100 + AFTER);
    build();
    snprintf(foreign_print, sizeof(foreign_print), "%s", state_now().fingerprint);
    for (size_t which = 0; which < 2; which++) {
        char path[PATH_MAX];

        side_path(which, path);
        foreign[which] = read_file(path);
    }
    make_reference(original);
    for (size_t which = 0; which < 2; which++) {
        char path[PATH_MAX];
        rec_buf own;
        rec_engine *engine;
        rec_error err = REC_ERROR_INIT;

        side_path(which, path);
        own = read_file(path);
        write_file(path, foreign[which].data, foreign[which].length);
        check_refused(path, REC_ESTALE);
        engine = open_engine();
        CHECK_STATUS(REC_ESTALE, rec_engine_check(engine, &err), &err);
        CHECK_CONTAINS(foreign_print, err.message);
        CHECK_CONTAINS(state_now().fingerprint, err.message);
        rec_engine_close(engine);
        write_file(path, own.data, own.length);
        rec_buf_clear(&own);
        rec_buf_clear(&foreign[which]);
    }
}

/* A paper that is not indexed cannot be answered without the files, and says so. */
static void a_question_that_needs_a_damaged_file_is_refused(void **state)
{
    rec_request request = REC_REQUEST_INIT;
    rec_answer answer = REC_ANSWER_INIT;
    char path[PATH_MAX];
    rec_engine *engine;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    make_half_built();
    side_path(1, path);
    write_file(path, "x", 1);
    engine = open_engine();
    request.doc = FIRST_NEW;
    CHECK_STATUS(REC_EDAMAGED, rec_recommend(engine, &request, &answer, &err), &err);
    CHECK_CONTAINS("recommend build", err.message);
    CHECK(answer.hits == NULL);
    CHECK_INT(3, ask(engine, 1, 3));
    rec_engine_close(engine);
}

static void a_store_that_was_never_built_says_what_to_run(void **state)
{
    rec_engine *engine;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    put_papers(0, 2);
    engine = open_engine();
    CHECK_STATUS(REC_ESTALE, rec_engine_check(engine, &err), &err);
    CHECK_CONTAINS("run 'recommend build'", err.message);
    rec_engine_close(engine);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, make_store, end_store)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(stores_of_few_papers_build_and_answer),
        CASE(a_refit_makes_the_same_bytes_on_any_number_of_threads),
        CASE(lists_are_what_comparing_every_pair_gives),
        CASE(a_store_that_grew_is_built_as_a_new_one),
        CASE(a_model_is_refitted_when_the_rule_says_so),
        CASE(papers_added_to_a_large_store_stand_where_a_whole_build_puts_them),
        CASE(papers_changed_in_a_large_store_do_too),
        CASE(a_store_that_grows_again_and_again_is_as_if_built_at_once),
        CASE(a_backup_holds_all_that_a_grown_store_answers_from),
        CASE(damage_to_any_file_of_ngrams_is_refused_and_mended),
        CASE(a_build_that_is_killed_at_any_step_is_done_by_the_next),
        CASE(a_build_that_is_killed_while_writing_is_done_by_the_next),
        CASE(a_build_that_is_killed_while_writing_a_new_model_is_done_by_the_next),
        CASE(without_memory_a_build_fails_and_changes_nothing),
        CASE(a_build_of_a_current_store_writes_nothing),
        CASE(readers_see_the_old_state_until_a_build_ends),
        CASE(old_side_files_are_swept_and_nothing_else),
        CASE(a_damaged_side_file_is_refused_and_stored_lists_still_answer),
        CASE(a_damaged_index_and_damaged_ngrams_are_made_again),
        CASE(damaged_words_are_refused_and_made_again),
        CASE(a_damaged_model_is_fitted_again),
        CASE(a_side_file_of_another_model_is_refused_naming_both),
        CASE(a_question_that_needs_a_damaged_file_is_refused),
        CASE(a_store_that_was_never_built_says_what_to_run),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder_and_fit);
}
