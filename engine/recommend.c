/*
 * Answering: the stored list where it serves, else candidates from the index, scored and put in order. See rec/recommend.h.
 */
#include "rec/recommend.h"

#include "alloc.h"
#include "lists.h"
#include "live.h"
#include "rec/clean.h"
#include "rec/idlist.h"

#include <stdlib.h>
#include <string.h>

struct rec_engine {
    rec_store *store;
    rec_live live;
};

/* ---- opening ------------------------------------------------------------------------------------------------------- */

rec_status rec_engine_open(const char *path, rec_engine **out, rec_error *err)
{
    rec_engine *engine = rec_alloc(sizeof(*engine));
    rec_status rc;

    if (!engine)
        return rec_fail(err, REC_ENOMEM, "out of memory opening '%s'", path);
    if ((rc = rec_store_open(path, REC_STORE_READ, &engine->store, err)) != REC_OK) {
        rec_free(engine);
        return rc;
    }
    engine->live = (rec_live){ .store = engine->store, .threads = 1 };
    *out = engine;
    return REC_OK;
}

void rec_engine_close(rec_engine *engine)
{
    if (!engine)
        return;
    rec_live_close(&engine->live);
    rec_store_close(engine->store);
    rec_free(engine);
}

void rec_engine_set_threads(rec_engine *engine, unsigned threads)
{
    engine->live.threads = threads ? threads : 1;
}

rec_store *rec_engine_store(rec_engine *engine)
{
    return engine->store;
}

void rec_answer_clear(rec_answer *answer)
{
    for (size_t i = 0; i < answer->count; i++)
        rec_record_clear(&answer->hits[i].record);
    rec_free(answer->hits);
    *answer = (rec_answer)REC_ANSWER_INIT;
}

/* ---- bands --------------------------------------------------------------------------------------------------------- */

const char *rec_band_name(rec_band band)
{
    static const char *const names[] = { "none", "weak", "fair", "strong" };

    return names[band];
}

/*
 * A score is measured in deviations from the middle of the store's random pairs: precision at such a height is nearly the same in
 * collections of different fields, and a small store, whose scores are low, has bands as well (docs/evaluation.md).
 */
rec_band rec_band_of(const rec_store_state *state, float score)
{
    static const struct {
        rec_band band;
        double height, score;
    } borders[] = { { REC_BAND_STRONG, REC_STRONG, REC_STRONG_SCORE },
                    { REC_BAND_FAIR, REC_FAIR, REC_FAIR_SCORE },
                    { REC_BAND_WEAK, REC_WEAK, REC_WEAK_SCORE } };
    double height = state->score_deviation > 0 ? ((double)score - state->score_middle) / state->score_deviation : 0;

    for (size_t i = 0; i < sizeof(borders) / sizeof(borders[0]); i++)
        if (height >= borders[i].height || (double)score >= borders[i].score)
            return borders[i].band;
    return REC_BAND_NONE;
}

/* ---- choosing from an ordered list --------------------------------------------------------------------------------- */

struct choosing {
    rec_engine *engine;
    const rec_request *request;
    rec_answer *answer;
    size_t passed; /* results before the offset */
    size_t met;    /* papers met, those that were left out included */
    struct {
        size_t seen, duplicate, below_threshold;
    } early; /* left out at a place before the last one asked for: what a list that stays short counts */
    struct {
        uint64_t title, abstract;
    } * kept; /* (kept_count) keys of the results so far, those before the offset included */
    size_t kept_count;
};

static bool is_duplicate(const struct choosing *c, const rec_record *record)
{
    for (size_t i = 0; i < c->kept_count; i++)
        if ((record->title_key && record->title_key == c->kept[i].title) ||
            (record->abstract_key && record->abstract_key == c->kept[i].abstract))
            return true;
    return false;
}

static bool is_full(const struct choosing *c)
{
    return c->answer->count == c->request->limit;
}

static bool is_below(const rec_request *request, float score, rec_band band)
{
    return score < request->min_score || band < request->min_band;
}

static void leave_out(struct choosing *c, size_t *count, size_t *early)
{
    ++*count;
    *early += c->met <= c->request->offset + c->request->limit;
}

/* Takes the next best paper into the answer, or says in the answer why not. */
static rec_status choose(struct choosing *c, rec_doc doc, float score, rec_band band, rec_error *err)
{
    rec_answer *answer = c->answer;
    rec_hit hit = { doc, score, band, REC_RECORD_INIT };
    rec_status rc;

    c->met++;
    if (rec_docs_hold(c->request->exclude, c->request->exclude_count, doc)) {
        leave_out(c, &answer->seen, &c->early.seen);
        return REC_OK;
    }
    if (is_below(c->request, score, band)) {
        leave_out(c, &answer->below_threshold, &c->early.below_threshold);
        return REC_OK;
    }
    if ((rc = rec_store_get(c->engine->store, doc, REC_GET_CARD | REC_GET_ALSO, &hit.record, err)) != REC_OK)
        return rc == REC_ENOTFOUND
                   ? rec_fail(err, REC_EDAMAGED,
                              "store '%s' is damaged: a list names paper %lld, which is gone; run 'recommend build --refit'",
                              rec_store_path(c->engine->store), (long long)doc)
                   : rc;
    if (!c->request->keep_versions && is_duplicate(c, &hit.record)) {
        leave_out(c, &answer->duplicate, &c->early.duplicate);
        rec_record_clear(&hit.record);
        return REC_OK;
    }
    c->kept[c->kept_count].title = hit.record.title_key;
    c->kept[c->kept_count++].abstract = hit.record.abstract_key;
    if (c->passed < c->request->offset) {
        c->passed++;
        rec_record_clear(&hit.record);
        return REC_OK;
    }
    answer->hits[answer->count++] = hit;
    return REC_OK;
}

/* A short list has no last place: it counts what would have stood before the one that was asked for. */
static void count_short_list(struct choosing *c)
{
    if (is_full(c))
        return;
    c->answer->seen = c->early.seen;
    c->answer->duplicate = c->early.duplicate;
    c->answer->below_threshold = c->early.below_threshold;
}

/* Hands the answer over, or takes it back. */
static rec_status finish(struct choosing *c, rec_status rc, rec_answer *out)
{
    rec_free(c->kept);
    if (rc == REC_OK) {
        count_short_list(c);
        *out = *c->answer;
    } else {
        rec_answer_clear(c->answer);
    }
    return rc;
}

/* Begins with an empty answer again. */
static rec_status start_choosing(struct choosing *c, rec_error *err)
{
    rec_store_state state = c->answer->state;
    size_t room = c->request->limit + c->request->offset;

    rec_answer_clear(c->answer);
    c->answer->state = state;
    rec_free(c->kept);
    c->kept_count = c->passed = c->met = 0;
    memset(&c->early, 0, sizeof(c->early));
    c->kept = rec_alloc_array(room, sizeof(*c->kept));
    c->answer->hits = rec_alloc_array(c->request->limit, sizeof(*c->answer->hits));
    if (!c->kept || !c->answer->hits)
        return rec_fail(err, REC_ENOMEM, "out of memory for an answer");
    return REC_OK;
}

/* ---- the two ways to an ordered list ------------------------------------------------------------------------------- */

/* From the stored list; `*served` is false where there is none, or it ran out before the answer was full. */
static rec_status answer_stored(struct choosing *c, bool *served, rec_error *err)
{
    rec_list list;
    rec_status rc = rec_store_get_list(c->engine->store, c->request->doc, &list, err);

    *served = false;
    if (rc != REC_OK)
        return rc == REC_ENOTFOUND ? REC_OK : rc;
    for (size_t i = 0; i < list.count && !is_full(c) && rc == REC_OK; i++)
        rc = choose(c, list.items[i].doc, list.items[i].score, rec_band_of(&c->answer->state, list.items[i].score), err);
    c->answer->seed_indexed = true;
    /* A list shorter than it may be holds everything there is. */
    *served = is_full(c) || list.count < REC_LIST_LENGTH ||
              is_below(c->request, list.items[list.count - 1].score, rec_band_of(&c->answer->state, list.items[list.count - 1].score));
    return rc;
}

struct candidates {
    uint32_t *rows;
    size_t count;
};

static rec_status all_rows(const rec_live *live, struct candidates *out, rec_error *err)
{
    out->rows = rec_alloc_array(live->space.count, sizeof(*out->rows));
    if (!out->rows)
        return rec_fail(err, REC_ENOMEM, "out of memory for a question");
    for (out->count = 0; out->count < live->space.count; out->count++)
        out->rows[out->count] = (uint32_t)out->count;
    return REC_OK;
}

static int by_row(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

    return (a > b) - (a < b);
}

/* A paper that is named twice is ranked once. */
static rec_status given_rows(const rec_live *live, const rec_request *request, struct candidates *out, rec_error *err)
{
    size_t distinct = 0;

    out->rows = rec_alloc_array(request->candidate_count, sizeof(*out->rows));
    if (!out->rows)
        return rec_fail(err, REC_ENOMEM, "out of memory for a question");
    for (size_t i = 0; i < request->candidate_count; i++) {
        size_t row = rec_space_row(&live->space, request->candidates[i]);
        if (row != REC_NO_PAPER_ROW)
            out->rows[out->count++] = (uint32_t)row;
    }
    qsort(out->rows, out->count, sizeof(*out->rows), by_row);
    for (size_t i = 0; i < out->count; i++)
        if (i == 0 || out->rows[i] != out->rows[i - 1])
            out->rows[distinct++] = out->rows[i];
    out->count = distinct;
    return REC_OK;
}

static rec_status proposed_rows(rec_live *live, const rec_request *request, const float *vector, struct candidates *out, rec_error *err)
{
    size_t wanted = rec_candidates(live->space.count), asked = 2 * (request->limit + request->offset + request->exclude_count);
    rec_near *near;
    rec_status rc;

    if (wanted < asked)
        wanted = asked;
    if (wanted > REC_INDEX_MAX_K)
        wanted = REC_INDEX_MAX_K;
    if (wanted == 0)
        return REC_OK;
    near = rec_alloc_array(wanted, sizeof(*near));
    out->rows = rec_alloc_array(wanted, sizeof(*out->rows));
    if (near && out->rows)
        rc = rec_index_search(live->index, vector, 1, wanted, live->threads, near, &out->count, err);
    else
        rc = rec_fail(err, REC_ENOMEM, "out of memory for a question");
    for (size_t i = 0; rc == REC_OK && i < out->count; i++)
        out->rows[i] = near[i].row;
    rec_free(near);
    return rc;
}

static rec_status find_candidates(struct choosing *c, const rec_live_seed *seed, struct candidates *out, rec_error *err)
{
    rec_live *live = &c->engine->live;
    rec_status rc;

    if (c->request->only_candidates)
        return given_rows(live, c->request, out, err);
    if (c->request->exact)
        return all_rows(live, out, err);
    if ((rc = rec_live_index(live, &c->answer->state, err)) != REC_OK)
        return rc;
    return proposed_rows(live, c->request, seed->seed.view.dense, out, err);
}

static rec_status answer_live(struct choosing *c, rec_error *err)
{
    rec_live *live = &c->engine->live;
    const rec_request *request = c->request;
    rec_live_seed seed = { .counts = REC_COUNTS_INIT };
    struct candidates candidates = { NULL, 0 };
    rec_ranked *ranked = NULL;
    rec_counts_source source;
    size_t count;
    rec_status rc;

    if ((rc = rec_live_open(live, &c->answer->state, err)) != REC_OK)
        return rc;
    if ((rc = rec_live_make_seed(live, &c->answer->state, request->doc, request->title, request->abstract, &seed, err)) != REC_OK)
        return rc;
    if ((rc = find_candidates(c, &seed, &candidates, err)) != REC_OK)
        goto done;
    if (!(ranked = rec_alloc_array(candidates.count, sizeof(*ranked)))) {
        rc = rec_fail(err, REC_ENOMEM, "out of memory for a question");
        goto done;
    }
    source = rec_text_source_counts(live->texts);
    rc = rec_rank(&live->space, &seed.seed, &source, live->query, candidates.rows, candidates.count, ranked, &count, err);
    for (size_t i = 0; rc == REC_OK && i < count && !is_full(c); i++)
        rc = choose(c, live->space.docs[ranked[i].row], ranked[i].parts.total, rec_band_of(&c->answer->state, ranked[i].parts.total), err);
    c->answer->seed_indexed = seed.indexed;

done:
    rec_query_set(live->query, &(rec_view){ .items = NULL }); /* it must not outlive the seed */
    rec_live_seed_clear(&seed);
    rec_free(candidates.rows);
    rec_free(ranked);
    return rc;
}

static rec_status check_request(const rec_request *request, rec_error *err)
{
    /* All of the candidates may be asked for, however many they are. */
    size_t most = request->only_candidates && request->candidate_count > REC_MAX_LIMIT ? request->candidate_count : REC_MAX_LIMIT;

    if (request->limit == 0 || request->limit > most)
        return rec_fail(err, REC_EINVAL, "limit must be 1 to %zu, not %zu", most, request->limit);
    if (request->offset > most - request->limit)
        return rec_fail(err, REC_EINVAL, "limit and offset together must be at most %zu, not %zu", most, request->limit + request->offset);
    return REC_OK;
}

static rec_status answer_once(struct choosing *c, rec_error *err)
{
    bool served = false;
    rec_status rc;

    if ((rc = rec_store_get_state(c->engine->store, &c->answer->state, err)) != REC_OK)
        return rc;
    if ((rc = start_choosing(c, err)) != REC_OK)
        return rc;
    if (c->request->doc && !c->request->exact && !c->request->only_candidates)
        rc = answer_stored(c, &served, err);
    if (rc != REC_OK || served)
        return rc;
    if ((rc = start_choosing(c, err)) != REC_OK)
        return rc;
    return answer_live(c, err);
}

/* Runs `once` on a fixed state of the store. */
static rec_status in_one_state(struct choosing *c, rec_status (*once)(struct choosing *, rec_error *), rec_error *err)
{
    rec_status rc = rec_store_read_begin(c->engine->store, err);

    if (rc != REC_OK)
        return rc;
    rc = once(c, err);
    rec_store_read_end(c->engine->store);
    return rc;
}

rec_status rec_recommend(rec_engine *engine, const rec_request *request, rec_answer *out, rec_error *err)
{
    rec_answer answer = REC_ANSWER_INIT;
    struct choosing choosing = { .engine = engine, .request = request, .answer = &answer };
    int64_t side;
    rec_status rc;

    if ((rc = check_request(request, err)) != REC_OK)
        return rc;
    rc = in_one_state(&choosing, answer_once, err);
    side = answer.state.side;
    /* A build that ended between reading the state and opening its files has removed them: the new state's are there. */
    if (rc == REC_ESTALE && rec_store_get_state(engine->store, &answer.state, NULL) == REC_OK && answer.state.side != side)
        rc = in_one_state(&choosing, answer_once, err);
    return finish(&choosing, rc, out);
}

/* ---- words and titles ---------------------------------------------------------------------------------------------- */

#define BM25_HALF 10.0    /* BM25 that is shown as a score of one half */
#define SPARE_MATCHES 100 /* matches beyond those asked for, to fill the places of duplicates */

/* BM25 has no scale that carries over; these halve the range of a score that was made of it. */
static rec_band match_band(float score)
{
    return score >= 0.5f ? REC_BAND_STRONG : score >= 0.25f ? REC_BAND_FAIR : REC_BAND_WEAK;
}

static rec_status choose_matches(struct choosing *c, const char *query, rec_error *err)
{
    size_t wanted = c->request->limit + c->request->offset + c->request->exclude_count + SPARE_MATCHES, count;
    rec_word_hit *matches = rec_alloc_array(wanted, sizeof(*matches));
    rec_status rc;

    if (!matches)
        return rec_fail(err, REC_ENOMEM, "out of memory for a search");
    rc = rec_store_search(c->engine->store, query, wanted, matches, &count, err);
    for (size_t i = 0; rc == REC_OK && i < count && !is_full(c); i++) {
        double b = matches[i].score > 0 ? matches[i].score : 0;
        float score = (float)(b / (b + BM25_HALF));

        rc = choose(c, matches[i].doc, score, match_band(score), err);
    }
    rec_free(matches);
    return rc;
}

rec_status rec_search(rec_engine *engine, const char *query, const rec_request *options, rec_answer *out, rec_error *err)
{
    rec_answer answer = REC_ANSWER_INIT;
    struct choosing choosing = { .engine = engine, .request = options, .answer = &answer };
    rec_status rc;

    if ((rc = check_request(options, err)) != REC_OK)
        return rc;
    if ((rc = rec_store_read_begin(engine->store, err)) != REC_OK)
        return rc;
    if ((rc = rec_store_get_state(engine->store, &answer.state, err)) == REC_OK)
        rc = start_choosing(&choosing, err);
    if (rc == REC_OK)
        rc = choose_matches(&choosing, query, err);
    rec_store_read_end(engine->store);
    return finish(&choosing, rc, out);
}

/* Dice's coefficient of the character n-grams of two counted titles. */
static double dice(const rec_counts *a, const rec_counts *b)
{
    size_t i = 0, j = 0, shared = 0, in_a = 0, in_b = 0;

    for (size_t k = 0; k < a->length; k++)
        in_a += rec_count_feature(a->items[k]) >= REC_BLOCK_BUCKETS;
    for (size_t k = 0; k < b->length; k++)
        in_b += rec_count_feature(b->items[k]) >= REC_BLOCK_BUCKETS;
    while (i < a->length && j < b->length) {
        uint32_t x = rec_count_feature(a->items[i]), y = rec_count_feature(b->items[j]);

        shared += x == y && x >= REC_BLOCK_BUCKETS;
        i += x <= y;
        j += y <= x;
    }
    return in_a + in_b > 0 ? 2.0 * (double)shared / (double)(in_a + in_b) : 0;
}

#define CLOSE_TITLE 0.8
#define TITLES_READ 20

static rec_status closest_title(rec_engine *engine, const char *title, rec_doc *out, rec_error *err)
{
    rec_word_hit matches[TITLES_READ];
    rec_counts asked = REC_COUNTS_INIT, stored = REC_COUNTS_INIT;
    rec_ngrams *ngrams = NULL;
    double best = CLOSE_TITLE;
    size_t count = 0;
    rec_status rc;

    if ((rc = rec_store_search(engine->store, title, TITLES_READ, matches, &count, err)) != REC_OK || count == 0)
        return rc;
    if ((rc = rec_ngrams_new(&ngrams, err)) == REC_OK)
        rc = rec_ngrams_count(ngrams, title, NULL, &asked, err);
    for (size_t i = 0; i < count && rc == REC_OK; i++) {
        rec_record record = REC_RECORD_INIT;

        if ((rc = rec_store_get(engine->store, matches[i].doc, REC_GET_CARD, &record, err)) == REC_OK)
            rc = rec_ngrams_count(ngrams, record.paper.title, NULL, &stored, err);
        if (rc == REC_OK && dice(&asked, &stored) > best) {
            best = dice(&asked, &stored);
            *out = matches[i].doc;
        }
        rec_record_clear(&record);
    }
    rec_counts_clear(&asked);
    rec_counts_clear(&stored);
    rec_ngrams_free(ngrams);
    return rc;
}

rec_status rec_find_by_title(rec_engine *engine, const char *title, rec_doc *out, rec_error *err)
{
    uint64_t key = rec_text_key(title);
    rec_doc doc = 0;
    size_t count = 0;
    rec_status rc;

    if (key && (rc = rec_store_find_title(engine->store, key, &doc, 1, &count, err)) != REC_OK)
        return rc;
    if (count == 0 && (rc = closest_title(engine, title, &doc, err)) != REC_OK)
        return rc;
    if (!doc)
        return REC_ENOTFOUND;
    *out = doc;
    return REC_OK;
}

rec_status rec_engine_check(rec_engine *engine, rec_error *err)
{
    rec_store_state state;
    rec_status rc = rec_store_get_state(engine->store, &state, err);

    return rc == REC_OK ? rec_live_index(&engine->live, &state, err) : rc;
}
