/* Running a build and telling of it: see building.h. */
#include "building.h"

#include "progress.h"
#include "say.h"

#include "rec/tables.h"

static const char *reason(rec_refit refit)
{
    switch (refit) {
    case REC_REFIT_FIRST:
        return "fitted the model on the papers of this store";
    case REC_REFIT_ASKED:
        return "fitted the model again, as asked";
    case REC_REFIT_GROWN:
        return "fitted the model again: the store has outgrown it";
    case REC_REFIT_DAMAGED:
        return "fitted the model again: its file was missing or damaged";
    case REC_REFIT_NO:
        break;
    }
    return "kept the model";
}

int check_table(const char *table)
{
    rec_error err = REC_ERROR_INIT;
    rec_table *opened = NULL;

    if (table && rec_tables_open(table, &opened, &err) != REC_OK)
        return say_error(&err);
    rec_table_close(opened);
    return EXIT_OK;
}

int build_store(rec_store *store, const struct common *common, const struct build_wishes *wishes)
{
    struct progress_bar bar;
    rec_build_options options = {
        .refit = wishes->refit, .table = wishes->table, .without_table = wishes->without_table, .threads = (unsigned)common->threads
    };
    rec_build_report report;
    rec_error err = REC_ERROR_INIT;
    rec_status rc;

    progress_start(&bar, common->quiet);
    options.progress = progress_listener(&bar);
    rc = rec_build(store, &options, &report, &err);
    progress_end(&bar);
    if (rc != REC_OK)
        return say_error(&err);
    if (common->quiet)
        return EXIT_OK;
    if (report.nothing)
        say("everything is indexed");
    else
        say("indexed %lld paper%s of %lld; %s; wrote %lld neighbour lists%s", (long long)report.added, report.added == 1 ? "" : "s",
            (long long)report.papers, reason(report.refit), (long long)report.lists,
            report.remade ? "; made damaged or missing side files again" : "");
    return EXIT_OK;
}
