/* recommend pretrain: train a table of n-gram vectors on the papers of a store. */
#include "cmd.h"
#include "opt.h"
#include "output.h"
#include "place.h"
#include "progress.h"
#include "say.h"

#include "rec/pretrain.h"

static const struct opt_usage USAGE = { "recommend pretrain [OPTIONS] --output FILE",
                                        "Train a table of n-gram vectors on the papers of a store.",
                                        "recommend pretrain -o my.table && recommend build --model my.table" };

static int pretrain(rec_store *store, rec_pretrain_options *options, const char *output, bool quiet)
{
    struct progress_bar bar;
    rec_pretrain_report report;
    rec_error err = REC_ERROR_INIT;
    rec_status rc;

    progress_start(&bar, quiet);
    options->progress = progress_listener(&bar);
    rc = rec_pretrain(store, options, output, &report, &err);
    progress_end(&bar);
    if (rc != REC_OK)
        return say_error(&err);
    if (!quiet)
        say("trained on %llu of %llu papers in %llu steps; wrote '%s', fingerprint %s", (unsigned long long)report.usable,
            (unsigned long long)report.papers, (unsigned long long)report.steps, output, report.fingerprint);
    return EXIT_OK;
}

int cmd_pretrain(int argc, char **argv)
{
    struct common common = { .db = NULL };
    rec_pretrain_options settings = REC_PRETRAIN_DEFAULTS;
    const char *output = NULL;
    size_t seed = (size_t)settings.seed;
    const struct opt options[] = {
        { OPT_TEXT, 'o', "output", &output, "FILE", "where the table goes" },
        { OPT_COUNT, 0, "passes", &settings.passes, "N", "passes over the papers (default 6)" },
        { OPT_COUNT, 0, "batch", &settings.batch, "N", "pairs a step (default 1024)" },
        { OPT_NUMBER, 0, "temperature", &settings.temperature, "T", "what cosines are divided by (default 0.07)" },
        { OPT_NUMBER, 0, "rate", &settings.rate, "R", "rate of learning, at first (default 0.1)" },
        { OPT_NUMBER, 0, "title-share", &settings.title_share, "S", "steps that pair title and abstract (default 0.45)" },
        { OPT_NUMBER, 0, "author-share", &settings.author_share, "S", "steps that pair papers of one author (default 0.1)" },
        { OPT_COUNT, 0, "seed", &seed, "N", "of all that is random (default 7)" },
        OPT_COMMON(&common),
        { OPT_END, 0, NULL, NULL, NULL, NULL },
    };
    rec_error err = REC_ERROR_INIT;
    rec_store *store = NULL;
    enum format format;
    char path[PATH_MAX];
    int operands, status = opt_parse(argc, argv, options, &USAGE, &operands);

    if (status >= 0)
        return status;
    if (operands != 0) {
        say("'%s' is not wanted; usage: %s", argv[1], USAGE.synopsis);
        return EXIT_USAGE;
    }
    if (!output || !*output) {
        say("no --output; usage: %s", USAGE.synopsis);
        return EXIT_USAGE;
    }
    if (!format_parse(common.format, FORMATS_WORDS, &format))
        return EXIT_USAGE;
    if (place_store(common.db, false, path, &err) != REC_OK || rec_store_open(path, REC_STORE_READ, &store, &err) != REC_OK)
        return say_error(&err);
    settings.seed = seed;
    settings.threads = (unsigned)common.threads;
    status = pretrain(store, &settings, output, common.quiet);
    rec_store_close(store);
    return finish_output(status);
}
