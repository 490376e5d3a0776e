/* Inside one process: questions of a long-lived caller, their recall, and embedding. See bench.h. */
#include "bench.h"
#include "pool.h"

#include "rec/recommend.h"

#include <string.h>
#include <sys/resource.h>

#define FIRST 10            /* results that recall is measured on */
#define EXACT_QUESTIONS 100 /* an exact answer scores every paper */

static double peak_mebibytes(void)
{
    struct rusage used;

    getrusage(RUSAGE_SELF, &used);
    return (double)used.ru_maxrss / 1024;
}

static rec_status ask(rec_engine *engine, const struct bench_paper *text, bool exact, rec_answer *out, struct usage *usage, rec_error *err)
{
    rec_request request = REC_REQUEST_INIT;
    double wall = seconds(), cpu = processor_seconds();
    rec_status rc;

    request.title = text->title;
    request.abstract = text->abstract;
    request.limit = FIRST;
    request.exact = exact;
    rc = rec_recommend(engine, &request, out, err);
    *usage = (struct usage){ .wall = seconds() - wall, .cpu = processor_seconds() - cpu };
    return rc;
}

static size_t shared(const rec_answer *a, const rec_answer *b)
{
    size_t n = 0;

    for (size_t i = 0; i < a->count; i++)
        for (size_t j = 0; j < b->count; j++)
            n += a->hits[i].doc == b->hits[j].doc;
    return n;
}

struct recall {
    size_t found, wanted;
};

static rec_status ask_exactly(rec_engine *engine, const struct bench_paper *text, const rec_answer *fast, struct recall *recall,
                              struct samples *exact, rec_error *err)
{
    rec_answer answer = REC_ANSWER_INIT;
    struct usage usage;
    rec_status rc = ask(engine, text, true, &answer, &usage, err);

    if (rc == REC_OK) {
        samples_add(exact, &usage);
        recall->found += shared(fast, &answer);
        recall->wanted += answer.count;
    }
    rec_answer_clear(&answer);
    return rc;
}

/* A scan of the sign codes touches a bit a component; of the byte codes, a byte. */
static void report_questions(const struct bench *bench, struct samples *fast, struct samples *exact, struct samples *search,
                             const struct recall *recall)
{
    struct row row = row_of("a text, in a long-lived process", 1, fast), all = row_of("the same, `--exact`", 1, exact);

    row.recall = recall->wanted ? (double)recall->found / (double)recall->wanted : -1;
    row.peak = all.peak = peak_mebibytes();
    row.rival = samples_quantile(search, 0.5);
    row.rival_name = "word search for its title (FTS5)";
    row.limit = (double)bench->size * vector_dim(bench) / 8 / bench->limits.bytes;
    row.limited_by = "reading the sign codes";
    all.limit = (double)bench->size * vector_dim(bench) / bench->limits.bytes;
    all.limited_by = "reading the byte codes";
    report_row(&row);
    report_row(&all);
}

static rec_status search_title(rec_engine *engine, const char *title, struct samples *search, rec_error *err)
{
    rec_request options = REC_REQUEST_INIT;
    rec_answer answer = REC_ANSWER_INIT;
    double wall = seconds();
    rec_status rc = rec_search(engine, title, &options, &answer, err);

    if (rc == REC_OK)
        samples_add(search, &(struct usage){ .wall = seconds() - wall });
    rec_answer_clear(&answer);
    return rc;
}

static rec_status questions(const struct bench *bench, rec_engine *engine, const struct pool *texts, rec_error *err)
{
    struct samples fast = { .count = 0 }, exact = { .count = 0 }, search = { .count = 0 };
    struct recall recall = { 0, 0 };
    rec_status rc = REC_OK;

    for (size_t i = 0; i < pool_count(texts) && rc == REC_OK; i++) {
        const struct bench_paper *text = pool_paper(texts, i);
        rec_answer answer = REC_ANSWER_INIT;
        struct usage usage;

        rc = ask(engine, text, false, &answer, &usage, err);
        if (rc == REC_OK && i > 0) /* the first loads what the rest use */
            samples_add(&fast, &usage);
        if (rc == REC_OK && i < EXACT_QUESTIONS)
            rc = ask_exactly(engine, text, &answer, &recall, &exact, err);
        if (rc == REC_OK)
            rc = search_title(engine, text->title, &search, err);
        rec_answer_clear(&answer);
    }
    if (rc == REC_OK)
        report_questions(bench, &fast, &exact, &search, &recall);
    return rc;
}

rec_status measure_inside(const struct bench *bench, rec_error *err)
{
    char *files[] = { (char *)bench->texts };
    struct pool *texts = NULL;
    rec_engine *engine = NULL;
    rec_status rc = pool_read(files, 1, bench->questions, &texts, err);

    if (rc == REC_OK)
        rc = rec_engine_open(bench->store, &engine, err);
    if (rc == REC_OK)
        rc = questions(bench, engine, texts, err);
    rec_engine_close(engine);
    pool_free(texts);
    return rc;
}
