/* recommend eval: rank for judged queries, or read a ranking, score it, and say what the figures are worth. */
#include "cmd.h"
#include "opt.h"
#include "output.h"
#include "place.h"
#include "responses.h"
#include "say.h"

#include "alloc.h"
#include "buf.h"
#include "file.h"
#include "rec/idlist.h"
#include "rec/judge.h"
#include "rec/pools.h"
#include "rec/run.h"
#include "rec/significance.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

static const struct opt_usage USAGE = { "recommend eval [OPTIONS] --qrels FILE | --feedback",
                                        "Score rankings: nDCG@10, P@10, MAP@100, R@50, with 95 % intervals.",
                                        "recommend eval --qrels qrels.tsv --queries queries.txt --vs bm25.run" };

static const struct measure {
    const char *title, *key;
    size_t offset; /* in rec_measures */
} MEASURES[] = {
    { "nDCG@10", "ndcg@10", offsetof(rec_measures, ndcg) },
    { "P@10", "p@10", offsetof(rec_measures, precision) },
    { "MAP@100", "map@100", offsetof(rec_measures, map) },
    { "R@50", "r@50", offsetof(rec_measures, recall) },
};

#define MEASURE_COUNT (sizeof(MEASURES) / sizeof(MEASURES[0]))

/* What one measure comes to over all queries. */
struct figure {
    double mean;
    rec_interval interval;
};

struct evaluation {
    const char *qrels, *queries_file, *candidates_file, *run_file, *other_file, *write_file;
    bool exact, no_authors, quiet;
    rec_judgements judgements;
    rec_id_list queries; /* those to average over, each once */
    size_t count;        /* of queries, those that are not stored included: they have no answer and score 0 */
    rec_pools pools;
    rec_run run, other;
    rec_file *written;                   /* NULL without --write-run */
    rec_measures *scores, *other_scores; /* (count) */
    struct figure figures[MEASURE_COUNT], other_figures[MEASURE_COUNT], differences[MEASURE_COUNT];
    double p[MEASURE_COUNT];
};

/* ---- queries ------------------------------------------------------------------------------------------------------- */

/* Every judged query once, where no list of queries is given. */
static rec_status queries_of(const rec_judgements *judgements, rec_id_list *out, rec_error *err)
{
    out->docs = rec_alloc_array(judgements->count, sizeof(*out->docs));
    if (!out->docs)
        return rec_fail(err, REC_ENOMEM, "out of memory for the queries");
    for (size_t i = 0; i < judgements->count; i++)
        if (i == 0 || judgements->items[i].query != judgements->items[i - 1].query)
            out->docs[out->count++] = judgements->items[i].query;
    return REC_OK;
}

static void drop_repeated(rec_id_list *list)
{
    size_t kept = 0;

    rec_id_list_sort(list);
    for (size_t i = 0; i < list->count; i++)
        if (i == 0 || list->docs[i] != list->docs[i - 1])
            list->docs[kept++] = list->docs[i];
    list->count = kept;
}

static rec_status load_queries(rec_store *store, struct evaluation *e, rec_error *err)
{
    rec_status rc;

    if (!e->queries_file)
        rc = queries_of(&e->judgements, &e->queries, err);
    else if ((rc = rec_id_list_load(store, e->queries_file, &e->queries, err)) == REC_OK)
        drop_repeated(&e->queries);
    e->count = e->queries.count + e->queries.unknown;
    if (rc == REC_OK && e->count == 0)
        rc = rec_fail(err, REC_EINVAL, "no query is both judged and stored");
    return rc;
}

/* ---- rankings ------------------------------------------------------------------------------------------------------ */

static rec_status write_ranking(rec_engine *engine, struct evaluation *e, rec_doc query, const rec_answer *answer, rec_error *err)
{
    rec_record record = REC_RECORD_INIT;
    rec_buf lines = REC_BUF_INIT(SIZE_MAX / 2);
    rec_status rc = rec_store_get(rec_engine_store(engine), query, REC_GET_CARD, &record, err);

    if (rc == REC_OK)
        rc = put_trec(&lines, record.paper.id.text, answer, err);
    if (rc == REC_OK)
        rc = rec_file_append(e->written, rec_buf_text(&lines), lines.length, err);
    rec_buf_clear(&lines);
    rec_record_clear(&record);
    return rc;
}

static rec_status rank(rec_engine *engine, struct evaluation *e, rec_doc query, rec_doc ranking[REC_MAP_DEPTH], size_t *count,
                       rec_error *err)
{
    rec_request request = { .doc = query,
                            .limit = REC_MAP_DEPTH,
                            .min_score = -1,
                            .keep_versions = true,
                            .without_authors = e->no_authors,
                            .exact = e->exact,
                            .only_candidates = e->candidates_file != NULL };
    rec_answer answer = REC_ANSWER_INIT;
    rec_status rc;

    if (request.only_candidates)
        request.candidates = rec_pools_of(&e->pools, query, &request.candidate_count);
    if ((rc = rec_recommend(engine, &request, &answer, err)) != REC_OK)
        return rc;
    for (*count = 0; *count < answer.count; ++*count)
        ranking[*count] = answer.hits[*count].doc;
    if (e->written)
        rc = write_ranking(engine, e, query, &answer, err);
    rec_answer_clear(&answer);
    return rc;
}

/* What a run ranks for a query: of the candidates alone, where there are some. */
static size_t read_ranking(const struct evaluation *e, const rec_run *run, rec_doc query, rec_doc ranking[REC_MAP_DEPTH])
{
    size_t listed, pool_count = 0, count = 0;
    const rec_run_entry *entries = rec_run_of(run, query, &listed);
    const rec_doc *pool = e->candidates_file ? rec_pools_of(&e->pools, query, &pool_count) : NULL;

    for (size_t i = 0; i < listed && count < REC_MAP_DEPTH; i++)
        if (!e->candidates_file || rec_docs_hold(pool, pool_count, entries[i].doc))
            ranking[count++] = entries[i].doc;
    return count;
}

static rec_status score_queries(rec_engine *engine, struct evaluation *e, rec_error *err)
{
    rec_doc ranking[REC_MAP_DEPTH];
    rec_status rc = REC_OK;

    for (size_t i = 0; i < e->queries.count && rc == REC_OK; i++) {
        rec_doc query = e->queries.docs[i];
        size_t count = 0;

        if (e->run_file)
            count = read_ranking(e, &e->run, query, ranking);
        else
            rc = rank(engine, e, query, ranking, &count, err);
        e->scores[i] = rec_judge(&e->judgements, query, ranking, count);
        if (e->other_file)
            e->other_scores[i] = rec_judge(&e->judgements, query, ranking, read_ranking(e, &e->other, query, ranking));
    }
    return rc;
}

/* ---- figures ------------------------------------------------------------------------------------------------------- */

static double score_of(const rec_measures *scores, const struct measure *measure)
{
    return *(const double *)((const char *)scores + measure->offset);
}

static rec_status make_figure(const double *values, size_t count, struct figure *out, rec_error *err)
{
    out->mean = rec_mean(values, count);
    return rec_bootstrap(values, count, &out->interval, err);
}

static rec_status make_figures(struct evaluation *e, rec_error *err)
{
    double *values = rec_alloc_array(e->count, sizeof(*values));
    rec_status rc = values ? REC_OK : rec_fail(err, REC_ENOMEM, "out of memory for scores");

    for (size_t m = 0; m < MEASURE_COUNT && rc == REC_OK; m++) {
        for (size_t i = 0; i < e->count; i++)
            values[i] = score_of(&e->scores[i], &MEASURES[m]);
        rc = make_figure(values, e->count, &e->figures[m], err);
        if (rc != REC_OK || !e->other_file)
            continue;
        for (size_t i = 0; i < e->count; i++)
            values[i] = score_of(&e->other_scores[i], &MEASURES[m]);
        if ((rc = make_figure(values, e->count, &e->other_figures[m], err)) != REC_OK)
            continue;
        for (size_t i = 0; i < e->count; i++)
            values[i] = score_of(&e->scores[i], &MEASURES[m]) - values[i];
        rc = make_figure(values, e->count, &e->differences[m], err);
        e->p[m] = rec_sign_flip_test(values, e->count);
    }
    rec_free(values);
    return rc;
}

/* ---- output -------------------------------------------------------------------------------------------------------- */

static json_t *interval_to_json(rec_interval interval)
{
    return json_pack("[f, f]", interval.low, interval.high);
}

/* "vs": for each measure the other run's mean and interval, the difference ours - theirs with its interval, and p. */
static json_t *comparison_to_json(const struct evaluation *e)
{
    json_t *object = json_pack("{s:s}", "run", e->other_file);

    for (size_t m = 0; m < MEASURE_COUNT; m++) {
        json_t *row = json_pack("{s:f, s:o, s:f, s:o, s:f}", "mean", e->other_figures[m].mean, "interval",
                                interval_to_json(e->other_figures[m].interval), "difference", e->differences[m].mean, "difference_interval",
                                interval_to_json(e->differences[m].interval), "p", e->p[m]);

        if (json_object_set_new(object, MEASURES[m].key, row) != 0) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

static json_t *figures_to_json(const struct evaluation *e)
{
    json_t *object = json_pack("{s:i, s:I}", "schema_version", 1, "queries", (json_int_t)e->count), *intervals = json_object();
    int failed = 0;

    for (size_t m = 0; m < MEASURE_COUNT; m++) {
        failed |= json_object_set_new(object, MEASURES[m].key, json_real(e->figures[m].mean));
        failed |= json_object_set_new(intervals, MEASURES[m].key, interval_to_json(e->figures[m].interval));
    }
    failed |= json_object_set_new(object, "intervals", intervals);
    if (e->other_file)
        failed |= json_object_set_new(object, "vs", comparison_to_json(e));
    if (failed) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static rec_status print_figures(enum format format, const struct evaluation *e, rec_error *err)
{
    if (format != FORMAT_TEXT)
        return print_json(figures_to_json(e), err);
    printf("queries  %zu\n", e->count);
    if (e->other_file)
        printf("measure  mean    95 %% interval     theirs  difference, 95 %% interval    p\n");
    for (size_t m = 0; m < MEASURE_COUNT; m++) {
        const struct figure *ours = &e->figures[m], *theirs = &e->other_figures[m], *difference = &e->differences[m];

        printf("%-7s  %.4f  [%.4f, %.4f]", MEASURES[m].title, ours->mean, ours->interval.low, ours->interval.high);
        if (e->other_file)
            printf("  %.4f  %+.4f [%+.4f, %+.4f]  %.4f", theirs->mean, difference->mean, difference->interval.low,
                   difference->interval.high, e->p[m]);
        putchar('\n');
    }
    return REC_OK;
}

/* ---- the verb ------------------------------------------------------------------------------------------------------ */

static void tell_unknown(const struct evaluation *e)
{
    if (e->quiet)
        return;
    if (e->queries.unknown + e->pools.unknown > 0)
        say("%zu queries and %zu candidates are unknown to the store", e->queries.unknown, e->pools.unknown);
    if (e->run.unknown + e->other.unknown > 0)
        say("%zu lines of runs are about queries that are unknown to the store", e->run.unknown + e->other.unknown);
}

static rec_status load(rec_store *store, struct evaluation *e, rec_error *err)
{
    rec_status rc = rec_judgements_load(store, e->qrels, &e->judgements, err);

    if (rc == REC_OK)
        rc = load_queries(store, e, err);
    if (rc == REC_OK && e->candidates_file)
        rc = rec_pools_load(store, e->candidates_file, &e->pools, err);
    if (rc == REC_OK && e->run_file)
        rc = rec_run_load(store, e->run_file, &e->run, err);
    if (rc == REC_OK && e->other_file)
        rc = rec_run_load(store, e->other_file, &e->other, err);
    if (rc != REC_OK)
        return rc;
    e->scores = rec_alloc_array(e->count, sizeof(*e->scores));
    e->other_scores = rec_alloc_array(e->count, sizeof(*e->other_scores));
    return e->scores && e->other_scores ? REC_OK : rec_fail(err, REC_ENOMEM, "out of memory for scores");
}

/* The run takes its place once all of it is there: a failure leaves what was under its name. */
static rec_status evaluate(rec_engine *engine, struct evaluation *e, rec_error *err)
{
    rec_status rc = load(rec_engine_store(engine), e, err);

    if (rc != REC_OK)
        return rc;
    tell_unknown(e);
    if (e->write_file && (rc = rec_file_begin(e->write_file, &e->written, err)) != REC_OK)
        return rc;
    if ((rc = score_queries(engine, e, err)) == REC_OK)
        rc = make_figures(e, err);
    if (rc == REC_OK && e->written)
        return rec_file_commit(e->written, err);
    rec_file_abort(e->written);
    return rc;
}

static void clear(struct evaluation *e)
{
    rec_judgements_clear(&e->judgements);
    rec_id_list_clear(&e->queries);
    rec_pools_clear(&e->pools);
    rec_run_clear(&e->run);
    rec_run_clear(&e->other);
    rec_free(e->scores);
    rec_free(e->other_scores);
}

int cmd_eval(int argc, char **argv)
{
    struct common common = { .db = NULL };
    struct evaluation e = { .judgements = REC_JUDGEMENTS_INIT };
    bool feedback = false;
    const struct opt options[] = {
        { OPT_TEXT, 0, "qrels", &e.qrels, "FILE", "judgements: query, document, grade; or TREC qrels" },
        { OPT_TEXT, 0, "queries", &e.queries_file, "FILE", "the queries to average over (default: all judged)" },
        { OPT_TEXT, 0, "candidates", &e.candidates_file, "FILE", "these papers alone: ids, or 'query<TAB>candidate'" },
        { OPT_TEXT, 0, "write-run", &e.write_file, "FILE", "write our ranking to FILE as a TREC run" },
        { OPT_TEXT, 0, "run", &e.run_file, "FILE", "score the TREC run in FILE instead of ranking" },
        { OPT_FLAG, 0, "feedback", &feedback, NULL, "count what readers did with what was sent" },
        { OPT_TEXT, 0, "vs", &e.other_file, "FILE", "compare with the TREC run in FILE, query by query" },
        { OPT_FLAG, 0, "no-authors", &e.no_authors, NULL, "leave authors in common out of the score" },
        { OPT_FLAG, 0, "exact", &e.exact, NULL, "score every paper instead of the index's candidates" },
        OPT_COMMON(&common),
        { OPT_END, 0, NULL, NULL, NULL, NULL },
    };
    rec_error err = REC_ERROR_INIT;
    rec_engine *engine = NULL;
    enum format format;
    char path[PATH_MAX];
    int operands, status = opt_parse(argc, argv, options, &USAGE, &operands);

    if (status >= 0)
        return status;
    if (operands != 0 || (!e.qrels && !feedback)) {
        say("%s; usage: %s", operands != 0 ? "no operand is wanted" : "no --qrels and no --feedback", USAGE.synopsis);
        return EXIT_USAGE;
    }
    if (feedback && e.qrels) {
        say("--feedback counts what readers did, --qrels judges rankings: one at a time");
        return EXIT_USAGE;
    }
    if (e.run_file && (e.write_file || e.exact)) {
        say("--run scores a ranking that is there: it goes with neither --write-run nor --exact");
        return EXIT_USAGE;
    }
    if (!format_parse(common.format, FORMATS_OBJECT, &format))
        return EXIT_USAGE;
    e.quiet = common.quiet;
    status = EXIT_OK;
    if (place_store(common.db, false, path, &err) != REC_OK || (e.write_file && place_beside_store(e.write_file, path, &err) != REC_OK) ||
        rec_engine_open(path, &engine, &err) != REC_OK)
        return say_error(&err);
    if (common.threads)
        rec_engine_set_threads(engine, (unsigned)common.threads);
    if (feedback)
        status = print_responses(format, rec_engine_store(engine), &err) == REC_OK ? EXIT_OK : say_error(&err);
    else if (evaluate(engine, &e, &err) != REC_OK || print_figures(format, &e, &err) != REC_OK)
        status = say_error(&err);
    clear(&e);
    rec_engine_close(engine);
    return finish_output(status);
}
