/* recommend backup FILE: a copy of the store, and of what it answers from, while others write. */
#include "cmd.h"
#include "opt.h"
#include "output.h"
#include "place.h"
#include "say.h"

#include "rec/backup.h"

static const struct opt_usage USAGE = { "recommend backup [OPTIONS] FILE", "Copy the store and its side files, also while an import runs.",
                                        "recommend backup papers-2025-03-14.db" };

static int copy(rec_store *store, const char *path, const struct common *common)
{
    rec_error err = REC_ERROR_INIT;
    rec_backup_report report;

    if (rec_backup(store, path, &report, &err) != REC_OK)
        return say_error(&err);
    if (!common->quiet)
        say("copied %lld paper%s to '%s'%s", (long long)report.papers, report.papers == 1 ? "" : "s", path,
            report.complete ? "" : "; it has no index yet: 'recommend build' makes one");
    return EXIT_OK;
}

int cmd_backup(int argc, char **argv)
{
    struct common common = { .db = NULL };
    const struct opt options[] = { OPT_COMMON(&common), { OPT_END, 0, NULL, NULL, NULL, NULL } };
    rec_error err = REC_ERROR_INIT;
    rec_store *store = NULL;
    enum format format;
    char path[PATH_MAX];
    int operands, status = opt_parse(argc, argv, options, &USAGE, &operands);

    if (status >= 0)
        return status;
    if (operands != 1) {
        say("%s; usage: %s", operands == 0 ? "no file" : "one file at a time", USAGE.synopsis);
        return EXIT_USAGE;
    }
    if (!format_parse(common.format, FORMATS_WORDS, &format))
        return EXIT_USAGE;
    if (place_store(common.db, false, path, &err) != REC_OK || rec_store_open(path, REC_STORE_READ, &store, &err) != REC_OK)
        return say_error(&err);
    status = copy(store, argv[1], &common);
    rec_store_close(store);
    return finish_output(status);
}
