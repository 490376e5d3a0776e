/*
 * recommend-bench: what every path costs at a given size, beside the machine's limit and a rival, as a table.
 *
 * It makes its own corpora (pool.h), runs the program as users would, and prints Markdown. docs/performance.md has its tables.
 */
#include "bench.h"

#include "opt.h"
#include "parallel.h"
#include "say.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct opt_usage USAGE = {
    "recommend-bench [OPTIONS] SOURCE...",
    "Measure every path on a store of N papers: those of SOURCE (JSON Lines), and more mixed of their sentences.",
    "recommend-bench --size 100000 --folder /tmp/bench papers.jsonl.zst"
};

typedef rec_status (*phase)(const struct bench *bench, rec_error *err);

/* A process of its own: what it holds would count as the first memory of the programs that it starts. */
static int run_phase(const struct bench *bench, phase run)
{
    rec_error err = REC_ERROR_INIT;
    int status;
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0) {
        status = run(bench, &err) == REC_OK ? EXIT_OK : say_error(&err);
        fflush(NULL);
        _exit(status);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) {
        say("a phase of the benchmark was killed");
        return EXIT_FAILED;
    }
    return WEXITSTATUS(status);
}

static bool name_files(struct bench *bench, const char *folder)
{
    const struct {
        char *out;
        const char *name;
    } files[] = { { bench->corpus, "corpus.jsonl" },     { bench->store, "store.db" },     { bench->day, "day.jsonl" },
                  { bench->next_day, "next-day.jsonl" }, { bench->texts, "texts.jsonl" },  { bench->ids, "ids.txt" },
                  { bench->many_ids, "many-ids.txt" },   { bench->filters, "filters.txt" } };

    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        if (snprintf(files[i].out, PATH_MAX, "%s/%zu-%llu-%s", folder, bench->size, (unsigned long long)bench->seed, files[i].name) >=
            PATH_MAX)
            return false;
    return true;
}

static int run(struct bench *bench)
{
    static const phase phases[] = { measure_making, measure_embedding, measure_calls, measure_inside, measure_growing };
    rec_error err = REC_ERROR_INIT;
    int status = run_phase(bench, make_corpora);

    if (status != EXIT_OK)
        return status;
    if (limits_measure(&bench->limits, &err) != REC_OK)
        return say_error(&err);
    report_head(bench);
    for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]) && status == EXIT_OK; i++)
        status = run_phase(bench, phases[i]);
    if (status == EXIT_OK)
        report_disk(bench);
    return status;
}

int main(int argc, char **argv)
{
    struct bench bench = { .program = BENCH_PROGRAM, .size = 10000, .threads = 2, .questions = 200, .seed = 7 };
    const char *folder = ".";
    size_t seed = 7;
    struct common common = { .db = NULL };
    const struct opt options[] = {
        { OPT_COUNT, 0, "size", &bench.size, "N", "papers of the store (default 10000)" },
        { OPT_COUNT, 0, "seed", &seed, "N", "of all that is drawn (default 7)" },
        { OPT_COUNT, 0, "questions", &bench.questions, "N", "texts asked inside one process, 2 to 1000 (default 200)" },
        { OPT_TEXT, 0, "folder", &folder, "DIR", "where corpora and store are made; what is there is used again (default .)" },
        { OPT_TEXT, 0, "program", &bench.program, "FILE", "the recommend to measure (default: the one built beside)" },
        OPT_COMMON(&common),
        { OPT_END, 0, NULL, NULL, NULL, NULL },
    };
    int operands, status = opt_parse(argc, argv, options, &USAGE, &operands);

    if (status >= 0)
        return status;
    if (operands == 0 || bench.size == 0 || bench.questions < 2 || bench.questions > SAMPLES_MAX || common.threads > REC_MAX_THREADS) {
        say("no SOURCE, or a size or number of questions out of range; usage: %s", USAGE.synopsis);
        return EXIT_USAGE;
    }
    bench.seed = seed;
    bench.threads = common.threads ? common.threads : bench.threads;
    bench.sources = argv + 1;
    bench.source_count = (size_t)operands;
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        say("cannot make folder '%s': %s", folder, strerror(errno));
        return EXIT_FAILED;
    }
    if (!name_files(&bench, folder)) {
        say("the name of folder '%s' is too long", folder);
        return EXIT_USAGE;
    }
    return finish_output(run(&bench));
}
