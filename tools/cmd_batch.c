/*
 * recommend batch [FILE]: a request a line in, an answer a line out, in the same order. One line is held in memory at a time; with
 * --unique-across the lines are read twice, first for their seeds, and a bit for each paper of the store says that it is taken.
 */
#include "asking.h"
#include "cmd.h"
#include "place.h"
#include "request.h"
#include "say.h"
#include "twice.h"

#include "rec/source.h"

#include <stdio.h>

static const struct opt_usage USAGE = { "recommend batch [OPTIONS] [FILE]",
                                        "Answer each line (an id or a JSON object) of FILE or standard input.",
                                        "recommend batch -k 5 ids.txt >answers.jsonl" };

#define FAILURES_SHOWN 20 /* the rest are counted: a wrong file has one a line */

struct batch {
    rec_engine *engine;
    struct asking asking;
    rec_request choices;
    struct asking_papers papers;
    enum format format;
    const char *path;
    uint64_t requests, failures;
    size_t unknown; /* ids of the requests' own lists */
    bool unique_across;
    rec_doc_set taken; /* seeds of the batch and what was suggested, where none may be suggested any more, nor records of their works */
};

/* A run has no place for an error: there it is told on standard error alone. */
static rec_status print_failure(struct batch *b, uint64_t line, const struct request *request, const rec_error *reason, rec_error *err)
{
    if (!b->asking.common.quiet && b->failures < FAILURES_SHOWN)
        say("%s:%llu: %s", b->path, (unsigned long long)line, reason->message);
    b->failures++;
    if (b->format == FORMAT_TREC)
        return REC_OK;
    return print_json(failure_to_json(request->asked, request->id, failure_code(reason->code), reason->message), err);
}

static rec_status print_found(struct batch *b, uint64_t line, const struct request *request, const rec_answer *found,
                              const rec_record *seed, rec_error *err)
{
    struct asked asked = { request->asked, request->request.doc ? seed : NULL, request->request.title, request->request.limit };
    char number[32];

    if (b->format == FORMAT_TREC && !request->asked) { /* a text without a title: a run needs some name for it */
        snprintf(number, sizeof(number), "line-%llu", (unsigned long long)line);
        asked.request = number;
    }
    return print_answer(b->format, &asked, found, err);
}

static rec_status find(struct batch *b, const struct request *request, rec_answer *found, rec_record *seed, rec_error *err)
{
    rec_status rc = rec_recommend(b->engine, &request->request, found, err);

    if (rc == REC_OK && request->request.doc)
        rc = rec_store_get(rec_engine_store(b->engine), request->request.doc, REC_GET_CARD, seed, err);
    return rc;
}

/* What was suggested is not suggested again. */
static rec_status take_results(struct batch *b, const rec_answer *found, rec_error *err)
{
    rec_status rc = REC_OK;

    for (size_t i = 0; b->unique_across && i < found->count && rc == REC_OK; i++)
        rc = rec_doc_set_add(&b->taken, found->hits[i].doc, err);
    return rc;
}

/* Answers one line; fails only where the output does. `unread` is why the line could not be read, NULL where it was. */
static rec_status answer_line(struct batch *b, const rec_line *line, const rec_error *unread, rec_error *err)
{
    const struct request_defaults defaults = { &b->asking, &b->choices, &b->papers };
    struct request request = REQUEST_INIT;
    rec_answer found = REC_ANSWER_INIT;
    rec_record seed = REC_RECORD_INIT;
    rec_error reason = unread ? *unread : (rec_error)REC_ERROR_INIT;
    rec_status rc = reason.code;

    b->requests++;
    if (rc == REC_OK)
        rc = request_read(b->engine, &defaults, line->text, line->length, &request, &reason);
    b->unknown += request.unknown;
    if (rc == REC_OK)
        rc = find(b, &request, &found, &seed, &reason);
    if (rc == REC_OK)
        rc = take_results(b, &found, &reason);
    if (rc == REC_OK)
        rc = print_found(b, line->number, &request, &found, &seed, err);
    else
        rc = print_failure(b, line->number, &request, &reason, err);
    rec_answer_clear(&found);
    rec_record_clear(&seed);
    request_clear(&request);
    return rc;
}

/* Each answer goes out at once: whoever feeds us through a pipe may wait for it before asking on. */
static rec_status answer_lines(struct batch *b, rec_source *source, rec_error *err)
{
    rec_error reason = REC_ERROR_INIT;
    rec_line line;
    rec_status rc;

    while ((rc = rec_source_next(source, &line, &reason)) == REC_OK || rc == REC_EFORMAT) {
        if (rc == REC_OK && !line.text)
            return REC_OK;
        if ((rc = answer_line(b, &line, rc == REC_OK ? NULL : &reason, err)) != REC_OK)
            return rc;
        if (fflush(stdout) != 0)
            return REC_OK; /* finish_output tells */
    }
    return rec_fail(err, rc, "%s", reason.message);
}

/* The seeds of a line, liked and unliked ones; a line that cannot be read has none, and says so when it is answered. */
static rec_status take_seeds(struct batch *b, const rec_line *line, rec_error *err)
{
    const struct request_defaults defaults = { &b->asking, &b->choices, &b->papers };
    struct request request = REQUEST_INIT;
    rec_error ignored = REC_ERROR_INIT;
    rec_status rc = REC_OK;

    if (request_read(b->engine, &defaults, line->text, line->length, &request, &ignored) == REC_OK) {
        const rec_request *asked = &request.request;

        if (asked->doc)
            rc = rec_doc_set_add(&b->taken, asked->doc, err);
        for (size_t i = 0; i < asked->like_count && rc == REC_OK; i++)
            rc = rec_doc_set_add(&b->taken, asked->like[i], err);
        for (size_t i = 0; i < asked->unlike_count && rc == REC_OK; i++)
            rc = rec_doc_set_add(&b->taken, asked->unlike[i], err);
    }
    request_clear(&request);
    return rc;
}

static rec_status take_all_seeds(struct batch *b, const char *path, rec_error *err)
{
    rec_error reason = REC_ERROR_INIT;
    rec_source *source = NULL;
    rec_line line;
    rec_status rc = rec_source_open(path, &source, err);

    if (rc != REC_OK)
        return rc;
    while ((rc = rec_source_next(source, &line, &reason)) == REC_OK || rc == REC_EFORMAT) {
        if (rc == REC_OK && !line.text)
            break;
        if (rc == REC_OK && (rc = take_seeds(b, &line, err)) != REC_OK)
            goto done;
    }
    if (rc != REC_OK)
        rc = rec_fail(err, rc, "%s", reason.message);

done:
    rec_source_close(source);
    return rc;
}

static rec_status answer_file(struct batch *b, const char *path, rec_error *err)
{
    rec_source *source = NULL;
    rec_status rc = rec_source_open(path, &source, err);

    if (rc == REC_OK)
        rc = answer_lines(b, source, err);
    rec_source_close(source);
    return rc;
}

static rec_status answer_uniquely(struct batch *b, rec_error *err)
{
    struct twice twice;
    rec_status rc = twice_begin(&twice, b->path, err);

    b->choices.exclude_set = &b->taken;
    if (rc == REC_OK)
        rc = take_all_seeds(b, twice.path, err);
    if (rc == REC_OK)
        rc = answer_file(b, twice.path, err);
    twice_end(&twice);
    return rc;
}

static void tell_report(const struct batch *b)
{
    if (b->unknown > 0)
        say("%zu ids in the requests' lists are unknown to the store", b->unknown);
    if (b->failures > 0)
        say("%llu of %llu requests failed", (unsigned long long)b->failures, (unsigned long long)b->requests);
}

static int run(struct batch *b)
{
    rec_error err = REC_ERROR_INIT;
    int status = EXIT_OK;

    if (asking_papers_find(b->engine, &b->asking, &b->papers, &err) != REC_OK)
        return say_papers_error(b->engine, &b->papers, &err);
    use_papers(&b->papers, &b->choices);
    if ((b->unique_across ? answer_uniquely(b, &err) : answer_file(b, b->path, &err)) != REC_OK)
        status = say_error(&err);
    else if (b->failures > 0)
        status = EXIT_SOME_FAILED;
    if (!b->asking.common.quiet)
        tell_report(b);
    return status;
}

int cmd_batch(int argc, char **argv)
{
    struct batch b = { .asking = ASKING_INIT, .choices = REC_REQUEST_INIT, .papers = ASKING_PAPERS_INIT };
    struct asking *asking = &b.asking;
    const struct opt options[] = {
        { OPT_COUNT, 'k', "limit", &asking->limit, "N", "how many papers a request (default 10)" },
        { OPT_FLAG, 0, "unique-across", &b.unique_across, NULL, "no paper twice in the batch, and none of its seeds" },
        OPT_FILTER(asking),
        OPT_CHOOSING(asking),
        OPT_LIKENESS(asking),
        OPT_CANDIDATES(asking),
        OPT_COMMON(&asking->common),
        { OPT_END, 0, NULL, NULL, NULL, NULL },
    };
    rec_error err = REC_ERROR_INIT;
    char path[PATH_MAX];
    int operands, status = opt_parse(argc, argv, options, &USAGE, &operands);

    if (status >= 0)
        return status;
    if (operands > 1) {
        say("one file at a time; usage: %s", USAGE.synopsis);
        return EXIT_USAGE;
    }
    b.path = operands == 1 ? argv[1] : "-";
    if (!format_parse(asking->common.format ? asking->common.format : "jsonl", FORMATS_LINES, &b.format) ||
        !asking_choices(asking, &b.choices))
        return EXIT_USAGE;
    if (place_store(asking->common.db, false, path, &err) != REC_OK || rec_engine_open(path, &b.engine, &err) != REC_OK)
        return say_error(&err);
    if (asking->common.threads)
        rec_engine_set_threads(b.engine, (unsigned)asking->common.threads);
    status = run(&b);
    asking_papers_clear(&b.papers);
    rec_doc_set_clear(&b.taken);
    rec_engine_close(b.engine);
    return finish_output(status);
}
