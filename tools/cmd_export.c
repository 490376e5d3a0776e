/* recommend export: papers, their vectors and their neighbours out of the store, for other programs and other stores. */
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
#include <string.h>

#define LOSSES_SHOWN 20 /* the rest are counted */
#define IDS_END ".ids"  /* what the name of a file of ids has behind that of the file of vectors */

static const struct opt_usage USAGE = { "recommend export [OPTIONS] [ID...]", "Papers out of the store, their vectors or their neighbours.",
                                        "recommend export --format bibtex --since 2024 -o papers.bib" };

/* What is exported. */
enum subject { PAPERS, SALVAGED, VECTORS, GRAPH };

struct exporter {
    struct asking asking; /* of which the common options and the filter are used */
    const char *output, *vectors, *faiss;
    bool damaged, graph;
    size_t neighbours; /* of each paper, at most */
    enum subject subject;
    rec_engine *engine;
    rec_store *store; /* the engine's */
    rec_export_choice choice;
    rec_id_list named;
    enum format format;
    int64_t written;
    rec_graph_report graph_report;
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

/* The name of the file of ids that goes with a file of vectors. */
static rec_status ids_of(const char *vectors, char out[PATH_MAX], rec_error *err)
{
    int n = snprintf(out, PATH_MAX, "%s" IDS_END, vectors);

    if (n < 0 || n >= PATH_MAX)
        return rec_fail(err, REC_EINVAL, "cannot write '%.60s...': the name is too long", vectors);
    return REC_OK;
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

static rec_export_format format_of_papers(const struct exporter *ex)
{
    return ex->format == FORMAT_BIBTEX ? REC_EXPORT_BIBTEX : ex->format == FORMAT_CSV ? REC_EXPORT_CSV : REC_EXPORT_JSONL;
}

static rec_status write_papers(struct exporter *ex, const rec_export_sink *sink, rec_error *err)
{
    return rec_export_papers(ex->store, &ex->choice, format_of_papers(ex), sink, &ex->written, err);
}

static int export_papers(struct exporter *ex)
{
    rec_error err = REC_ERROR_INIT;

    if (write_output(ex, write_papers, &err) != REC_OK)
        return say_error(&err);
    if (!ex->asking.common.quiet)
        say("exported %lld paper%s", (long long)ex->written, ex->written == 1 ? "" : "s");
    return EXIT_OK;
}

/* ---- vectors ------------------------------------------------------------------------------------------------------- */

/* Both files are written aside, and put in place one right after the other, once both are whole. */
static rec_status write_vectors(struct exporter *ex, const char *ids_path, rec_vectors_report *report, rec_error *err)
{
    rec_vectors_format format = ex->format == FORMAT_FAISS   ? REC_VECTORS_FAISS
                                : ex->format == FORMAT_FVECS ? REC_VECTORS_FVECS
                                                             : REC_VECTORS_NPY;
    rec_file *file = NULL, *ids = NULL;
    rec_status rc = rec_file_begin(ex->vectors, &file, err);

    if (rc == REC_OK)
        rc = rec_file_begin(ids_path, &ids, err);
    if (rc == REC_OK)
        rc = rec_export_vectors(ex->engine, &ex->choice, format, &(rec_export_sink){ to_file, file }, &(rec_export_sink){ to_file, ids },
                                report, err);
    if (rc == REC_OK) {
        rc = rec_file_commit(ids, err);
        ids = NULL;
    }
    if (rc == REC_OK)
        return rec_file_commit(file, err);
    rec_file_abort(ids);
    rec_file_abort(file);
    return rc;
}

static int export_vectors(struct exporter *ex)
{
    char ids_path[PATH_MAX];
    rec_vectors_report report = { 0 };
    rec_error err = REC_ERROR_INIT;

    if (ids_of(ex->vectors, ids_path, &err) != REC_OK || write_vectors(ex, ids_path, &report, &err) != REC_OK)
        return say_error(&err);
    if (ex->asking.common.quiet)
        return EXIT_OK;
    say("exported %lld vector%s of %zu components, their ids in '%s'", (long long)report.rows, report.rows == 1 ? "" : "s", report.dim,
        ids_path);
    if (report.without > 0)
        say("left out: %lld paper%s without a vector (not indexed, or without a known word)", (long long)report.without,
            report.without == 1 ? "" : "s");
    return EXIT_OK;
}

/* ---- neighbours ---------------------------------------------------------------------------------------------------- */

static rec_status write_graph(struct exporter *ex, const rec_export_sink *sink, rec_error *err)
{
    return rec_export_graph(ex->store, &ex->choice, ex->format == FORMAT_GRAPHML ? REC_GRAPH_GRAPHML : REC_GRAPH_TSV, ex->neighbours, sink,
                            &ex->graph_report, err);
}

static int export_graph(struct exporter *ex)
{
    const rec_graph_report *report = &ex->graph_report;
    rec_error err = REC_ERROR_INIT;

    if (write_output(ex, write_graph, &err) != REC_OK)
        return say_error(&err);
    if (ex->asking.common.quiet)
        return EXIT_OK;
    say("exported %lld neighbour%s of %lld paper%s", (long long)report->edges, report->edges == 1 ? "" : "s", (long long)report->papers,
        report->papers == 1 ? "" : "s");
    if (report->without > 0)
        say("%lld of them %s no neighbours yet; run 'recommend build'", (long long)report->without, report->without == 1 ? "has" : "have");
    return EXIT_OK;
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
    return rec_salvage(ex->path, &ex->choice.filter, format_of_papers(ex), sink, tell_lost, ex, &ex->salvaged, err);
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

    if (rec_engine_open(ex->path, &ex->engine, &err) != REC_OK)
        return say_error(&err);
    ex->store = rec_engine_store(ex->engine);
    if ((status = find_named(ex, ids, count)) != EXIT_OK)
        return status;
    return ex->subject == VECTORS ? export_vectors(ex) : ex->subject == GRAPH ? export_graph(ex) : export_papers(ex);
}

/* ---- the verb ------------------------------------------------------------------------------------------------------ */

/* What each subject has: formats, and the one that is meant where neither option nor name says it. */
static const struct {
    unsigned formats;
    const char *otherwise;
} SUBJECTS[] = {
    [PAPERS] = { FORMATS_PAPERS, "jsonl" },
    [SALVAGED] = { FORMATS_PAPERS, "jsonl" },
    [VECTORS] = { FORMATS_VECTORS, NULL },
    [GRAPH] = { FORMATS_GRAPH, "tsv" },
};

/* Two subjects, or an option that belongs to another one, are a mistake. */
static bool read_subject(struct exporter *ex, int operands)
{
    int subjects = (ex->vectors != NULL) + (ex->faiss != NULL) + ex->graph + ex->damaged;

    if (subjects > 1) {
        say("--vectors, --faiss, --graph and --salvage exclude each other");
        return false;
    }
    ex->subject = ex->damaged ? SALVAGED : ex->graph ? GRAPH : subjects == 1 ? VECTORS : PAPERS;
    if (ex->subject == SALVAGED && operands > 0) {
        say("--salvage reads all papers and takes no id");
        return false;
    }
    if (ex->subject == VECTORS && ex->output) {
        say("--output is for papers and --graph: --%s names its file itself", ex->vectors ? "vectors" : "faiss");
        return false;
    }
    if (ex->subject != GRAPH && ex->neighbours != REC_LIST_LENGTH) {
        say("--neighbours is for --graph");
        return false;
    }
    if (ex->neighbours == 0 || ex->neighbours > REC_LIST_LENGTH) {
        say("--neighbours must be 1 to %d, not %zu", REC_LIST_LENGTH, ex->neighbours);
        return false;
    }
    return true;
}

/* The format that the end of a file's name says; NULL where it says none of vectors or graphs. */
static const char *format_of_name(const char *path)
{
    static const char *const ends[] = { ".npy", ".fvecs", ".faiss", ".graphml" };
    size_t length = path ? strlen(path) : 0;

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        if (length > strlen(ends[i]) && strcmp(path + length - strlen(ends[i]), ends[i]) == 0)
            return ends[i] + 1;
    return NULL;
}

static bool read_format(struct exporter *ex)
{
    const char *name = ex->asking.common.format;

    if (!name && ex->subject == VECTORS)
        name = ex->faiss ? "faiss" : format_of_name(ex->vectors);
    else if (!name && ex->subject == GRAPH)
        name = format_of_name(ex->output);
    if (!name)
        name = SUBJECTS[ex->subject].otherwise;
    if (!name) {
        say("cannot tell the format of '%s': its name ends in none of .npy, .fvecs, .faiss; or say --format", ex->vectors);
        return false;
    }
    if (!format_parse(name, SUBJECTS[ex->subject].formats, &ex->format))
        return false;
    if (ex->faiss && ex->format != FORMAT_FAISS) {
        say("--faiss and --format %s exclude each other", name);
        return false;
    }
    if (ex->faiss)
        ex->vectors = ex->faiss;
    return true;
}

/* No file that is written may be the store. */
static rec_status check_places(struct exporter *ex, rec_error *err)
{
    char ids[PATH_MAX];
    rec_status rc = place_store(ex->asking.common.db, false, ex->path, err);

    if (rc == REC_OK && ex->output)
        rc = place_beside_store(ex->output, ex->path, err);
    if (rc == REC_OK && ex->vectors && (rc = place_beside_store(ex->vectors, ex->path, err)) == REC_OK &&
        (rc = ids_of(ex->vectors, ids, err)) == REC_OK)
        rc = place_beside_store(ids, ex->path, err);
    return rc;
}

int cmd_export(int argc, char **argv)
{
    struct exporter ex = { .asking = ASKING_INIT, .neighbours = REC_LIST_LENGTH, .named = REC_ID_LIST_INIT };
    const struct opt options[] = {
        { OPT_TEXT, 'o', "output", &ex.output, "FILE", "write to FILE instead of standard output" },
        { OPT_TEXT, 0, "vectors", &ex.vectors, "FILE", "vectors, as .npy or .fvecs; their ids in FILE.ids" },
        { OPT_TEXT, 0, "faiss", &ex.faiss, "FILE", "vectors as an index of FAISS; their ids in FILE.ids" },
        { OPT_FLAG, 0, "graph", &ex.graph, NULL, "neighbours: tsv (an edge a line) or graphml" },
        { OPT_COUNT, 0, "neighbours", &ex.neighbours, "N", "with --graph: at most N of each paper (default 50)" },
        { OPT_FLAG, 0, "salvage", &ex.damaged, NULL, "read what can be read of a damaged store" },
        OPT_FILTER(&ex.asking),
        OPT_COMMON(&ex.asking.common),
        { OPT_END, 0, NULL, NULL, NULL, NULL },
    };
    rec_error err = REC_ERROR_INIT;
    int operands, status = opt_parse(argc, argv, options, &USAGE, &operands);

    if (status >= 0)
        return status;
    if (!read_subject(&ex, operands) || !read_format(&ex) || !asking_filter(&ex.asking, &ex.choice.filter))
        return EXIT_USAGE;
    if (check_places(&ex, &err) != REC_OK)
        return say_error(&err);
    status = ex.subject == SALVAGED ? salvage(&ex) : run(&ex, argv + 1, operands);
    rec_id_list_clear(&ex.named);
    rec_engine_close(ex.engine);
    return finish_output(status);
}
