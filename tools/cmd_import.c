/* recommend import FILE...: papers into the store, and a store that answers. */
#include "building.h"
#include "cmd.h"
#include "output.h"
#include "place.h"
#include "progress.h"
#include "say.h"

#include "rec/import.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define REFUSALS_SHOWN 20 /* the rest are counted: a wrong file has a bad record a line */

static const struct opt_usage USAGE = {
    "recommend import [OPTIONS] FILE...",
    "Read papers: JSON, XML, BibTeX, RIS, CSV, listings; .gz .zst .xz .zip; '-' too.",
    "recommend import papers.jsonl.zst"
};

struct telling {
    struct progress_bar bar;
    uint64_t refusals;
    bool all; /* of them are told */
    bool quiet;
};

static void tell_refused(void *context, const char *message)
{
    struct telling *telling = context;

    if (telling->refusals++ >= REFUSALS_SHOWN && !telling->all)
        return;
    progress_end(&telling->bar);
    say("%s", message);
}

static void tell_remark(void *context, const char *message)
{
    struct telling *telling = context;

    if (telling->quiet)
        return;
    progress_end(&telling->bar);
    say("%s", message);
}

static void tell_progress(void *context, const char *path, uint64_t done, uint64_t total, uint64_t records)
{
    struct telling *telling = context;

    (void)path;
    progress_draw(&telling->bar, "importing", total ? done : records, total);
}

static void tell_report(const rec_import_report *report)
{
    say("read %llu records: %llu added, %llu updated, %llu unchanged, %llu older than what is stored, %llu refused",
        (unsigned long long)report->records, (unsigned long long)report->added, (unsigned long long)report->updated,
        (unsigned long long)report->unchanged, (unsigned long long)report->older, (unsigned long long)report->refused);
    if (report->empty > 0)
        say("%llu of them have neither title nor abstract: stored, never suggested", (unsigned long long)report->empty);
    if (report->passed_over > 0)
        say("%llu file%s of the archive %s in no known format: passed over", (unsigned long long)report->passed_over,
            report->passed_over == 1 ? "" : "s", report->passed_over == 1 ? "is" : "are");
}

/* Imports every file; an exit status. What was committed before a failure stays. */
static int import_files(rec_store *store, char **files, int count, bool strict, const struct common *common, rec_import_report *report)
{
    struct telling telling = { .all = common->verbose, .quiet = common->quiet };
    rec_import_options options = { strict, tell_refused, tell_remark, tell_progress, &telling };
    rec_error err = REC_ERROR_INIT;
    rec_status rc = REC_OK;

    progress_start(&telling.bar, common->quiet);
    for (int i = 0; i < count && rc == REC_OK; i++)
        rc = rec_import(store, files[i], &options, report, &err);
    progress_end(&telling.bar);
    if (telling.refusals > REFUSALS_SHOWN && !telling.all)
        say("%llu more records were refused", (unsigned long long)(telling.refusals - REFUSALS_SHOWN));
    if (!common->quiet)
        tell_report(report);
    if (rc == REC_EFORMAT && strict) {
        say("stopped at the first bad record, as --strict asks");
        return EXIT_SOME_FAILED;
    }
    return rc == REC_OK ? EXIT_OK : say_error(&err);
}

/* Before a store is made for files that are not there. */
static bool are_there(char **files, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(files[i], "-") != 0 && access(files[i], R_OK) != 0) {
            say("cannot read '%s': %s", files[i], strerror(errno));
            return false;
        }
    return true;
}

int cmd_import(int argc, char **argv)
{
    struct common common = { .db = NULL };
    bool strict = false, no_build = false;
    struct build_wishes wishes = { .refit = false };
    const struct opt options[] = {
        { OPT_FLAG, 0, "strict", &strict, NULL, "stop at the first bad record" },
        { OPT_FLAG, 0, "no-build", &no_build, NULL, "store only; 'recommend build' indexes later" },
        { OPT_TEXT, 0, "model", &wishes.table, "FILE", "fit with this trained table from now on" },
        OPT_COMMON(&common),
        { OPT_END, 0, NULL, NULL, NULL, NULL },
    };
    rec_import_report report = { .records = 0 };
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
    if (wishes.table && no_build) {
        say("--model needs the build that --no-build puts off");
        return EXIT_USAGE;
    }
    if (!format_parse(common.format, FORMATS_WORDS, &format))
        return EXIT_USAGE;
    if (!are_there(argv + 1, operands))
        return EXIT_FAILED;
    if ((status = check_table(wishes.table)) != EXIT_OK)
        return status;
    if (place_store(common.db, true, path, &err) != REC_OK || rec_store_open(path, REC_STORE_CREATE, &store, &err) != REC_OK)
        return say_error(&err);
    status = import_files(store, argv + 1, operands, strict, &common, &report);
    /* What came in is worth indexing although something behind it failed. */
    if (!no_build && (status == EXIT_OK || status == EXIT_SOME_FAILED || report.added + report.updated > 0)) {
        int built = build_store(store, &common, &wishes);
        if (status == EXIT_OK)
            status = built;
    }
    if (status == EXIT_OK && report.refused > 0)
        status = EXIT_SOME_FAILED;
    rec_store_close(store);
    return finish_output(status);
}
