/* recommend feedback FILE...: clicks, saves and hidden suggestions into the store; 'eval --feedback' counts them. */
#include "cmd.h"
#include "opt.h"
#include "output.h"
#include "place.h"
#include "say.h"

#include "rec/feedback.h"

#define REFUSALS_SHOWN 20 /* the rest are counted: a wrong file has a bad line a line */

static const struct opt_usage USAGE = { "recommend feedback [OPTIONS] FILE...",
                                        "Take in what readers did: seed, paper, click|save|hide, day, edition.",
                                        "recommend feedback clicks.tsv" };

struct telling {
    uint64_t refusals;
    bool all; /* of them are told */
};

static void tell_refused(void *context, const char *message)
{
    struct telling *telling = context;

    if (telling->refusals++ < REFUSALS_SHOWN || telling->all)
        say("%s", message);
}

static void tell_report(const rec_feedback_report *report)
{
    say("read %llu line%s: %llu added, %llu known already, %llu refused", (unsigned long long)report->lines,
        report->lines == 1 ? "" : "s", (unsigned long long)report->added, (unsigned long long)report->known, (unsigned long long)report->refused);
    if (report->unknown > 0)
        say("%llu of them %s about papers that are not stored", (unsigned long long)report->unknown, report->unknown == 1 ? "is" : "are");
}

static int take_in(rec_store *store, char **files, int count, bool strict, const struct common *common)
{
    struct telling telling = { .all = common->verbose };
    rec_feedback_options options = { strict, tell_refused, &telling };
    rec_feedback_report report = { .lines = 0 };
    rec_error err = REC_ERROR_INIT;
    rec_status rc = REC_OK;

    for (int i = 0; i < count && rc == REC_OK; i++)
        rc = rec_feedback_import(store, files[i], &options, &report, &err);
    if (telling.refusals > REFUSALS_SHOWN && !telling.all)
        say("%llu more lines were refused", (unsigned long long)(telling.refusals - REFUSALS_SHOWN));
    if (!common->quiet)
        tell_report(&report);
    if (rc == REC_EFORMAT && strict) {
        say("stopped at the first bad line, as --strict asks");
        return EXIT_SOME_FAILED;
    }
    if (rc != REC_OK)
        return say_error(&err);
    return report.refused > 0 ? EXIT_SOME_FAILED : EXIT_OK;
}

int cmd_feedback(int argc, char **argv)
{
    struct common common = { .db = NULL };
    bool strict = false;
    const struct opt options[] = {
        { OPT_FLAG, 0, "strict", &strict, NULL, "stop at the first bad line" },
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
    if (operands == 0) {
        say("no file; usage: %s", USAGE.synopsis);
        return EXIT_USAGE;
    }
    if (!format_parse(common.format, FORMATS_WORDS, &format))
        return EXIT_USAGE;
    if (place_store(common.db, false, path, &err) != REC_OK || rec_store_open(path, REC_STORE_WRITE, &store, &err) != REC_OK)
        return say_error(&err);
    status = take_in(store, argv + 1, operands, strict, &common);
    rec_store_close(store);
    return finish_output(status);
}
