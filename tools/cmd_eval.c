/* recommend eval: rank for judged queries and score the rankings. */
#include "cmd.h"
#include "opt.h"
#include "output.h"
#include "place.h"
#include "say.h"

#include "alloc.h"
#include "rec/idlist.h"
#include "rec/judge.h"

#include <stdio.h>

static const struct opt_usage USAGE = { "recommend eval [OPTIONS] --qrels FILE",
                                        "Rank for the queries and score the rankings: nDCG@10, P@10, MAP@100, R@50.",
                                        "recommend eval --qrels qrels.tsv --queries queries.txt --candidates pool.txt" };

struct evaluation {
    rec_judgements judgements;
    rec_id_list queries;    /* those to average over */
    rec_id_list candidates;
    bool has_candidates, exact;
    rec_measures mean;
};

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

static rec_status score_query(rec_engine *engine, struct evaluation *e, rec_doc query, rec_error *err)
{
    rec_request request = { .doc = query, .limit = REC_MAP_DEPTH, .min_score = -1, .keep_versions = true, .exact = e->exact,
                            .only_candidates = e->has_candidates, .candidates = e->candidates.docs, .candidate_count = e->candidates.count };
    rec_answer answer = REC_ANSWER_INIT;
    rec_doc ranking[REC_MAP_DEPTH];
    rec_measures m;
    rec_status rc = rec_recommend(engine, &request, &answer, err);

    if (rc != REC_OK)
        return rc;
    for (size_t i = 0; i < answer.count; i++)
        ranking[i] = answer.hits[i].doc;
    m = rec_judge(&e->judgements, query, ranking, answer.count);
    e->mean.ndcg += m.ndcg;
    e->mean.precision += m.precision;
    e->mean.map += m.map;
    e->mean.recall += m.recall;
    rec_answer_clear(&answer);
    return REC_OK;
}

/* A query that the store does not hold has no answer and scores 0: it counts in the mean. */
static rec_status score_queries(rec_engine *engine, struct evaluation *e, rec_error *err)
{
    double n = (double)(e->queries.count + e->queries.unknown);
    rec_status rc = REC_OK;

    for (size_t i = 0; i < e->queries.count && rc == REC_OK; i++)
        rc = score_query(engine, e, e->queries.docs[i], err);
    if (rc == REC_OK && n == 0)
        rc = rec_fail(err, REC_EINVAL, "no query is both judged and stored");
    e->mean.ndcg /= n;
    e->mean.precision /= n;
    e->mean.map /= n;
    e->mean.recall /= n;
    return rc;
}

static rec_status print_means(enum format format, const struct evaluation *e, rec_error *err)
{
    json_int_t queries = (json_int_t)(e->queries.count + e->queries.unknown);

    if (format != FORMAT_TEXT)
        return print_json(json_pack("{s:I, s:f, s:f, s:f, s:f}", "queries", queries, "ndcg@10", e->mean.ndcg, "p@10", e->mean.precision, "map@100",
                                    e->mean.map, "r@50", e->mean.recall),
                          err);
    printf("queries  %lld\nnDCG@10  %.4f\nP@10     %.4f\nMAP@100  %.4f\nR@50     %.4f\n", (long long)queries, e->mean.ndcg, e->mean.precision,
           e->mean.map, e->mean.recall);
    return REC_OK;
}

static rec_status evaluate(rec_engine *engine, struct evaluation *e, const char *qrels, const char *queries, const char *candidates,
                           rec_error *err)
{
    rec_store *store = rec_engine_store(engine);
    rec_status rc = rec_judgements_load(store, qrels, &e->judgements, err);

    if (rc == REC_OK)
        rc = queries ? rec_id_list_load(store, queries, &e->queries, err) : queries_of(&e->judgements, &e->queries, err);
    if (rc == REC_OK && candidates)
        rc = rec_id_list_load(store, candidates, &e->candidates, err);
    if (rc != REC_OK)
        return rc;
    e->has_candidates = candidates != NULL;
    if (e->queries.unknown + e->candidates.unknown > 0)
        say("%zu queries and %zu candidates are unknown to the store", e->queries.unknown, e->candidates.unknown);
    return score_queries(engine, e, err);
}

int cmd_eval(int argc, char **argv)
{
    struct common common = { .db = NULL };
    struct evaluation e = { .judgements = REC_JUDGEMENTS_INIT };
    const char *qrels = NULL, *queries = NULL, *candidates = NULL;
    const struct opt options[] = {
        { OPT_TEXT, 0, "qrels", &qrels, "FILE", "judgements: query, document, grade; or TREC qrels" },
        { OPT_TEXT, 0, "queries", &queries, "FILE", "the queries to average over (default: all judged)" },
        { OPT_TEXT, 0, "candidates", &candidates, "FILE", "rank these papers and no others" },
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
    if (operands != 0 || !qrels) {
        say("%s; usage: %s", qrels ? "no operand is wanted" : "no --qrels", USAGE.synopsis);
        return EXIT_USAGE;
    }
    if (!format_parse(common.format, FORMATS_OBJECT, &format))
        return EXIT_USAGE;
    status = EXIT_OK;
    if (place_store(common.db, false, path, &err) != REC_OK || rec_engine_open(path, &engine, &err) != REC_OK ||
        evaluate(engine, &e, qrels, queries, candidates, &err) != REC_OK || print_means(format, &e, &err) != REC_OK)
        status = say_error(&err);
    rec_judgements_clear(&e.judgements);
    rec_id_list_clear(&e.queries);
    rec_id_list_clear(&e.candidates);
    rec_engine_close(engine);
    return finish_output(status);
}
