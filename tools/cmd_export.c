/* recommend export: papers out of the store, for other programs and other stores. */
#include "asking.h"
#include "cmd.h"
#include "missing.h"
#include "place.h"
#include "say.h"

#include "file.h"
#include "rec/export.h"
#include "rec/id.h"
#include "rec/salvage.h"

#include <errno.h>
#include <stdio.h>

#define LOSSES_SHOWN 20 /* the rest are counted */

static const struct opt_usage USAGE = { "recommend export [OPTIONS] [ID...]", "Papers out of the store: all, those named, those that pass.",
                                        "recommend export --format bibtex --since 2024 -o papers.bib" };

struct exporter {
    struct asking asking; /* of which the common options and the filter are used */
    const char *output;
    rec_store *store;
    rec_export_choice choice;
    rec_id_list named;
    rec_export_format format;
    int64_t written;
    char path[PATH_MAX]; /* of the store */
    rec_salvage_report salvaged;
    size_t told; /* papers that are lost */
};

/* ---- where it goes ------------------------------------------------------------------------------------------------- */

static rec_status to_standard_output(void *context, const char *bytes, size_t length, rec_error *err)
{
    (void)context;
    if (fwrite(bytes, 1, length, stdout) == length)
        return REC_OK;
    return rec_fail_errno(err, REC_EIO, errno, "cannot write the output");
}

static rec_status to_file(void *context, const char *bytes, size_t length, rec_error *err)
{
    return rec_file_append(context, bytes, length, err);
}

/* Runs `write` with the output as its sink; a file is there once all of it is written. */
static rec_status write_output(struct exporter *ex, rec_status (*write)(struct exporter *ex, const rec_export_sink *sink, rec_error *err),
                               rec_error *err)
{
    rec_export_sink sink = { to_standard_output, NULL };
    rec_file *file = NULL;
    rec_status rc;

    if (!ex->output)
        return write(ex, &sink, err);
    if ((rc = rec_file_begin(ex->output, &file, err)) != REC_OK)
        return rc;
    sink = (rec_export_sink){ to_file, file };
    if ((rc = write(ex, &sink, err)) == REC_OK)
        return rec_file_commit(file, err);
    rec_file_abort(file);
    return rc;
}

static rec_status write_papers(struct exporter *ex, const rec_export_sink *sink, rec_error *err)
{
    return rec_export_papers(ex->store, &ex->choice, ex->format, sink, &ex->written, err);
}

/* ---- what is left of a damaged store ------------------------------------------------------------------------------- */

static void tell_lost(void *context, const char *id)
{
    struct exporter *ex = context;

    if (ex->told++ < LOSSES_SHOWN)
        say("lost: '%s'", id);
}

static rec_status write_salvaged(struct exporter *ex, const rec_export_sink *sink, rec_error *err)
{
    return rec_salvage(ex->path, &ex->choice.filter, ex->format, sink, tell_lost, ex, &ex->salvaged, err);
}

static int salvage(struct exporter *ex)
{
    const rec_salvage_report *report = &ex->salvaged;
    rec_error err = REC_ERROR_INIT;

    if (write_output(ex, write_salvaged, &err) != REC_OK)
        return say_error(&err);
    if (ex->told > LOSSES_SHOWN)
        say("%zu more are lost", ex->told - LOSSES_SHOWN);
    say("read %lld papers of '%s', %lld lost", (long long)report->saved, ex->path, (long long)report->lost);
    if (report->incomplete > 0)
        say("%lld of them lack a field that cannot be read", (long long)report->incomplete);
    if (report->perhaps_of_past)
        say("which pages are in use cannot be told: papers that were changed or removed may be as they once were");
    return report->lost > 0 || report->incomplete > 0 ? EXIT_SOME_FAILED : EXIT_OK;
}

/* ---- which papers -------------------------------------------------------------------------------------------------- */

/* Looks every id up before anything is written. An exit status. */
static int find_named(struct exporter *ex, char **ids, int count)
{
    rec_error err = REC_ERROR_INIT;
    int status = EXIT_OK;

    for (int i = 0; i < count; i++) {
        size_t unknown = ex->named.unknown;

        if (rec_id_list_add(ex->store, ids[i], &ex->named, &err) != REC_OK)
            return say_error(&err);
        if (ex->named.unknown > unknown)
            status = say_no_such_paper(ex->store, ids[i]);
    }
    rec_id_list_sort(&ex->named);
    if (count > 0) {
        ex->choice.docs = ex->named.docs;
        ex->choice.doc_count = ex->named.count;
    }
    return status;
}

static int run(struct exporter *ex, char **ids, int count)
{
    rec_error err = REC_ERROR_INIT;
    int status;

    if (rec_store_open(ex->path, REC_STORE_READ, &ex->store, &err) != REC_OK)
        return say_error(&err);
    if ((status = find_named(ex, ids, count)) != EXIT_OK)
        return status;
    if (write_output(ex, write_papers, &err) != REC_OK)
        return say_error(&err);
    if (!ex->asking.common.quiet)
        say("exported %lld paper%s", (long long)ex->written, ex->written == 1 ? "" : "s");
    return EXIT_OK;
}

/* ---- the verb ------------------------------------------------------------------------------------------------------ */

static bool read_format(struct exporter *ex)
{
    enum format format;

    if (!format_parse(ex->asking.common.format ? ex->asking.common.format : "jsonl", FORMATS_PAPERS, &format))
        return false;
    ex->format = format == FORMAT_BIBTEX ? REC_EXPORT_BIBTEX : format == FORMAT_CSV ? REC_EXPORT_CSV : REC_EXPORT_JSONL;
    return true;
}

int cmd_export(int argc, char **argv)
{
    struct exporter ex = { .asking = ASKING_INIT, .named = REC_ID_LIST_INIT };
    bool damaged = false;
    const struct opt options[] = {
        { OPT_TEXT, 'o', "output", &ex.output, "FILE", "write to FILE instead of standard output" },
        { OPT_FLAG, 0, "salvage", &damaged, NULL, "read what can be read of a damaged store" },
        OPT_FILTER(&ex.asking),
        OPT_COMMON(&ex.asking.common),
        { OPT_END, 0, NULL, NULL, NULL, NULL },
    };
    rec_error err = REC_ERROR_INIT;
    int operands, status = opt_parse(argc, argv, options, &USAGE, &operands);

    if (status >= 0)
        return status;
    if (damaged && operands > 0) {
        say("--salvage reads all papers and takes no id");
        return EXIT_USAGE;
    }
    if (!read_format(&ex) || !asking_filter(&ex.asking, &ex.choice.filter))
        return EXIT_USAGE;
    if (place_store(ex.asking.common.db, false, ex.path, &err) != REC_OK ||
        (ex.output && place_beside_store(ex.output, ex.path, &err) != REC_OK))
        return say_error(&err);
    status = damaged ? salvage(&ex) : run(&ex, argv + 1, operands);
    rec_id_list_clear(&ex.named);
    rec_store_close(ex.store);
    return finish_output(status);
}
