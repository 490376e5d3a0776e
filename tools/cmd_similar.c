/* recommend similar ID: also what plain `recommend ID` runs. With --title or --text, papers like a text. */
#include "cmd.h"
#include "opt.h"
#include "output.h"
#include "place.h"
#include "missing.h"
#include "say.h"

#include "alloc.h"
#include "buf.h"
#include "rec/clean.h"
#include "rec/idlist.h"
#include "rec/paper.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct opt_usage USAGE = { "recommend similar [OPTIONS] ID",
                                        "Papers like a stored paper, or like a text (--title, --text).",
                                        "recommend similar -k 5 arXiv:2401.01234" };

struct asking {
    struct common common;
    const char *title, *text, *versions, *min_band, *exclude_file, *candidates;
    struct opt_list exclude;
    size_t limit, offset;
    double min_score;
    bool exact;
    enum format format;
};

/* ---- the seed ------------------------------------------------------------------------------------------------------ */

static rec_status read_all(const char *path, rec_buf *out, rec_error *err)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");
    char block[4096];
    size_t n;
    rec_status rc = REC_OK;

    if (!file)
        return rec_fail_errno(err, REC_EIO, errno, "cannot open '%s'", path);
    while (!out->failed && (n = fread(block, 1, sizeof(block), file)) > 0)
        rec_buf_add(out, block, n);
    if (ferror(file))
        rc = rec_fail_errno(err, REC_EIO, errno, "cannot read '%s'", path);
    else if (out->failed)
        rc = rec_fail(err, REC_EFORMAT, "text '%s': more than %zu bytes", path, out->maximum);
    if (file != stdin)
        fclose(file);
    return rc;
}

/* Cleans a text of the user's as an imported one would be. */
static rec_status clean(const char *what, const char *text, size_t length, rec_buf *out, rec_error *err)
{
    rec_error reason = REC_ERROR_INIT;
    rec_status rc = rec_clean_text(text, length, out, &reason);

    return rc == REC_OK ? REC_OK : rec_fail(err, rc == REC_EFORMAT ? REC_EINVAL : rc, "%s: %s", what, reason.message);
}

static rec_status read_text(const char *path, rec_buf *out, rec_error *err)
{
    rec_buf raw = REC_BUF_INIT(REC_MAX_ABSTRACT);
    rec_status rc = read_all(path, &raw, err);

    if (rc == REC_OK)
        rc = clean(path, rec_buf_text(&raw), raw.length, out, err);
    rec_buf_clear(&raw);
    return rc;
}

/* The stored seed that `id` names; an exit status, or -1 to go on. */
static int find_seed(rec_engine *engine, const char *id, rec_doc *doc)
{
    rec_error err = REC_ERROR_INIT;
    rec_id parsed;
    rec_status rc;

    if (rec_id_parse(id, &parsed, &err) != REC_OK)
        return say_error(&err);
    rc = rec_store_find(rec_engine_store(engine), parsed.text, doc, &err);
    if (rc == REC_ENOTFOUND)
        return say_no_such_paper(rec_engine_store(engine), parsed.text);
    return rc == REC_OK ? -1 : say_error(&err);
}

/* ---- the request --------------------------------------------------------------------------------------------------- */

static bool read_band(const char *name, rec_band *out)
{
    for (rec_band band = REC_BAND_NONE; band <= REC_BAND_STRONG; band++)
        if (strcmp(name, rec_band_name(band)) == 0) {
            *out = band;
            return true;
        }
    say("option '--min-band': '%s' is not one of none, weak, fair, strong", name);
    return false;
}

static bool read_choices(const struct asking *asking, rec_request *request)
{
    if (strcmp(asking->versions, "collapse") != 0 && strcmp(asking->versions, "keep") != 0) {
        say("option '--versions': '%s' is not one of collapse, keep", asking->versions);
        return false;
    }
    if (asking->min_band && !read_band(asking->min_band, &request->min_band))
        return false;
    request->keep_versions = strcmp(asking->versions, "keep") == 0;
    request->limit = asking->limit;
    request->offset = asking->offset;
    request->min_score = (float)asking->min_score;
    request->exact = asking->exact;
    return true;
}

static void tell_unknown(const char *path, const rec_id_list *list, bool quiet)
{
    if (list->unknown > 0 && !quiet)
        say("'%s': %zu id%s unknown to the store", path, list->unknown, list->unknown == 1 ? " is" : "s are");
}

static rec_status read_exclusions(rec_engine *engine, const struct asking *asking, rec_id_list *out, rec_error *err)
{
    rec_status rc = REC_OK;

    if (asking->exclude_file)
        rc = rec_id_list_load(rec_engine_store(engine), asking->exclude_file, out, err);
    for (size_t i = 0; i < asking->exclude.count && rc == REC_OK; i++)
        rc = rec_id_list_add(rec_engine_store(engine), asking->exclude.items[i], out, err);
    if (rc == REC_OK) {
        tell_unknown(asking->exclude_file ? asking->exclude_file : "--exclude", out, asking->common.quiet);
        rec_id_list_sort(out);
    }
    return rc;
}

static int answer(rec_engine *engine, const struct asking *asking, rec_request *request, const char *asked_for)
{
    rec_id_list exclude = REC_ID_LIST_INIT, candidates = REC_ID_LIST_INIT;
    rec_record seed = REC_RECORD_INIT;
    rec_answer found = REC_ANSWER_INIT;
    rec_error err = REC_ERROR_INIT;
    int status = EXIT_OK;

    if (read_exclusions(engine, asking, &exclude, &err) != REC_OK)
        goto failed;
    if (asking->candidates) {
        if (rec_id_list_load(rec_engine_store(engine), asking->candidates, &candidates, &err) != REC_OK)
            goto failed;
        tell_unknown(asking->candidates, &candidates, asking->common.quiet);
        request->only_candidates = true;
    }
    request->exclude = exclude.docs;
    request->exclude_count = exclude.count;
    request->candidates = candidates.docs;
    request->candidate_count = candidates.count;
    if (rec_recommend(engine, request, &found, &err) != REC_OK)
        goto failed;
    if (request->doc && rec_store_get(rec_engine_store(engine), request->doc, REC_GET_CARD, &seed, &err) != REC_OK)
        goto failed;
    struct asked asked = { asked_for, request->doc ? &seed : NULL, request->title, request->limit };
    if (print_answer(asking->format, &asked, &found, &err) != REC_OK)
        goto failed;
    if (found.count == 0 && (request->min_score >= 0 || request->min_band > REC_BAND_NONE))
        status = EXIT_NONE_LEFT;
    goto done;

failed:
    status = say_error(&err);

done:
    rec_answer_clear(&found);
    rec_record_clear(&seed);
    rec_id_list_clear(&exclude);
    rec_id_list_clear(&candidates);
    return status;
}

/* A title that is stored is that paper; any other, and --text, is a text of its own. */
static int answer_text(rec_engine *engine, const struct asking *asking, rec_request *request)
{
    rec_buf title = REC_BUF_INIT(4 * REC_MAX_TITLE), text = REC_BUF_INIT(4 * (size_t)REC_MAX_ABSTRACT);
    rec_error err = REC_ERROR_INIT;
    rec_status rc = REC_OK;
    int status;

    if (asking->title && strlen(asking->title) > REC_MAX_TITLE)
        rc = rec_fail(&err, REC_EINVAL, "option '--title': more than %d bytes", REC_MAX_TITLE);
    if (rc == REC_OK && asking->title)
        rc = clean("option '--title'", asking->title, strlen(asking->title), &title, &err);
    if (rc == REC_OK && asking->text)
        rc = read_text(asking->text, &text, &err);
    if (rc == REC_OK && title.length + text.length == 0)
        rc = rec_fail(&err, REC_EINVAL, "the text is empty");
    if (rc == REC_OK && asking->title && !asking->text) {
        rc = rec_find_by_title(engine, rec_buf_text(&title), &request->doc, &err);
        if (rc == REC_ENOTFOUND)
            rc = REC_OK;
    }
    request->title = title.length > 0 ? rec_buf_text(&title) : NULL;
    request->abstract = text.length > 0 ? rec_buf_text(&text) : NULL;
    if (rc == REC_OK)
        status = answer(engine, asking, request, asking->title ? asking->title : asking->text);
    else
        status = say_error(&err);
    rec_buf_clear(&title);
    rec_buf_clear(&text);
    return status;
}

int cmd_similar(int argc, char **argv)
{
    struct asking asking = { .versions = "collapse", .limit = REC_DEFAULT_LIMIT, .min_score = -1 };
    const struct opt options[] = {
        { OPT_COUNT, 'k', "limit", &asking.limit, "N", "how many papers (default 10)" },
        { OPT_COUNT, 0, "offset", &asking.offset, "N", "pass over the best N" },
        { OPT_TEXT, 0, "title", &asking.title, "TEXT", "a stored title, or the title of a text" },
        { OPT_TEXT, 0, "text", &asking.text, "FILE", "a text, such as an abstract; '-' is standard input" },
        { OPT_NUMBER, 0, "min-score", &asking.min_score, "S", "leave out what scores below S" },
        { OPT_TEXT, 0, "min-band", &asking.min_band, "B", "leave out what is below weak, fair or strong" },
        { OPT_LIST, 0, "exclude", &asking.exclude, "ID", "leave out this paper (may be repeated)" },
        { OPT_TEXT, 0, "exclude-file", &asking.exclude_file, "FILE", "leave out the papers that FILE names, one a line" },
        { OPT_TEXT, 0, "candidates", &asking.candidates, "FILE", "rank the papers that FILE names, and no others" },
        { OPT_TEXT, 0, "versions", &asking.versions, "HOW", "collapse near-copies (default) or keep every record" },
        { OPT_FLAG, 0, "exact", &asking.exact, NULL, "score every paper instead of the index's candidates" },
        OPT_COMMON(&asking.common),
        { OPT_END, 0, NULL, NULL, NULL, NULL },
    };
    rec_request request = REC_REQUEST_INIT;
    rec_error err = REC_ERROR_INIT;
    rec_engine *engine = NULL;
    char path[PATH_MAX];
    int operands, status = opt_parse(argc, argv, options, &USAGE, &operands);
    bool from_text = asking.title || asking.text;

    if (status >= 0)
        return status;
    if (operands != (from_text ? 0 : 1)) {
        say("%s; usage: %s", from_text ? "an id goes with neither --title nor --text" : operands == 0 ? "no id" : "one id at a time",
            USAGE.synopsis);
        return EXIT_USAGE;
    }
    if (!format_parse(asking.common.format, FORMATS_ANSWER, &asking.format) || !read_choices(&asking, &request))
        return EXIT_USAGE;
    if (place_store(asking.common.db, false, path, &err) != REC_OK || rec_engine_open(path, &engine, &err) != REC_OK)
        return say_error(&err);
    if (asking.common.threads)
        rec_engine_set_threads(engine, (unsigned)asking.common.threads);
    if (from_text)
        status = answer_text(engine, &asking, &request);
    else if ((status = find_seed(engine, argv[1], &request.doc)) < 0)
        status = answer(engine, &asking, &request, argv[1]);
    rec_engine_close(engine);
    return finish_output(status);
}
