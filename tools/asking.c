/* Asking for papers: see asking.h. */
#include "asking.h"

#include "missing.h"
#include "place.h"
#include "say.h"

#include "rec/clean.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* ---- values -------------------------------------------------------------------------------------------------------- */

rec_status band_parse(const char *name, rec_band *out, rec_error *err)
{
    for (rec_band band = REC_BAND_NONE; band <= REC_BAND_STRONG; band++)
        if (strcmp(name, rec_band_name(band)) == 0) {
            *out = band;
            return REC_OK;
        }
    return rec_fail(err, REC_EINVAL, "'%s' is not one of none, weak, fair, strong", name);
}

rec_status versions_parse(const char *name, bool *keep, rec_error *err)
{
    *keep = strcmp(name, "keep") == 0;
    if (*keep || strcmp(name, "collapse") == 0)
        return REC_OK;
    return rec_fail(err, REC_EINVAL, "'%s' is not one of collapse, keep", name);
}

static rec_status clean(const char *name, const char *text, size_t length, size_t maximum, rec_buf *out, rec_error *err)
{
    rec_error reason = REC_ERROR_INIT;
    rec_status rc;

    if (length > maximum)
        return rec_fail(err, REC_EINVAL, "%s: more than %zu bytes", name, maximum);
    rc = rec_clean_text(text, length, out, &reason);
    return rc == REC_OK ? REC_OK : rec_fail(err, rc == REC_EFORMAT ? REC_EINVAL : rc, "%s: %s", name, reason.message);
}

rec_status text_seed_use(rec_engine *engine, struct text_seed *seed, const char *title, size_t title_length, const char *text,
                         size_t text_length, rec_request *request, rec_error *err)
{
    rec_status rc = REC_OK;

    if (title)
        rc = clean(seed->title_name, title, title_length, REC_MAX_TITLE, &seed->title, err);
    if (rc == REC_OK && text)
        rc = clean(seed->text_name, text, text_length, REC_MAX_ABSTRACT, &seed->text, err);
    if (rc != REC_OK)
        return rc;
    if (seed->title.length + seed->text.length == 0)
        return rec_fail(err, REC_EINVAL, "the text is empty");
    if (!text) {
        rc = rec_find_by_title(engine, rec_buf_text(&seed->title), &request->doc, err);
        if (rc != REC_OK && rc != REC_ENOTFOUND)
            return rc;
    }
    request->title = seed->title.length > 0 ? rec_buf_text(&seed->title) : NULL;
    request->abstract = seed->text.length > 0 ? rec_buf_text(&seed->text) : NULL;
    return REC_OK;
}

void text_seed_clear(struct text_seed *seed)
{
    rec_buf_clear(&seed->title);
    rec_buf_clear(&seed->text);
}

/* ---- options ------------------------------------------------------------------------------------------------------- */

bool asking_choices(const struct asking *asking, rec_request *request)
{
    rec_error err = REC_ERROR_INIT;

    if (versions_parse(asking->versions, &request->keep_versions, &err) != REC_OK) {
        say("option '--versions': %s", err.message);
        return false;
    }
    if (asking->min_band && band_parse(asking->min_band, &request->min_band, &err) != REC_OK) {
        say("option '--min-band': %s", err.message);
        return false;
    }
    request->limit = asking->limit;
    request->offset = asking->offset;
    request->min_score = (float)asking->min_score;
    request->exact = asking->exact;
    return true;
}

static void tell_unknown(const struct asking *asking, const char *path, size_t unknown)
{
    if (unknown > 0 && !asking->common.quiet)
        say("'%s': %zu id%s unknown to the store", path, unknown, unknown == 1 ? " is" : "s are");
}

rec_status asking_exclusions(rec_engine *engine, const struct asking *asking, rec_id_list *out, rec_error *err)
{
    rec_status rc = REC_OK;

    if (asking->exclude_file)
        rc = rec_id_list_load(rec_engine_store(engine), asking->exclude_file, out, err);
    for (size_t i = 0; i < asking->exclude.count && rc == REC_OK; i++)
        rc = rec_id_list_add(rec_engine_store(engine), asking->exclude.items[i], out, err);
    if (rc == REC_OK) {
        tell_unknown(asking, asking->exclude_file ? asking->exclude_file : "--exclude", out->unknown);
        rec_id_list_sort(out);
    }
    return rc;
}

rec_status asking_pools(rec_engine *engine, const struct asking *asking, rec_pools *out, rec_error *err)
{
    rec_status rc = REC_OK;

    if (asking->candidates)
        rc = rec_pools_load(rec_engine_store(engine), asking->candidates, out, err);
    if (rc == REC_OK)
        tell_unknown(asking, asking->candidates, out->unknown);
    return rc;
}

void use_pool(const struct asking *asking, const rec_pools *pools, rec_request *request)
{
    request->only_candidates = asking->candidates != NULL;
    if (request->only_candidates)
        request->candidates = rec_pools_of(pools, request->doc, &request->candidate_count);
}

/* ---- one question -------------------------------------------------------------------------------------------------- */

/* Every candidate that is left behind the offset; a limit is at least 1. */
static void set_limit(rec_request *request)
{
    if (request->limit == NO_LIMIT)
        request->limit = request->candidate_count > request->offset ? request->candidate_count - request->offset : 1;
}

static int answer(rec_engine *engine, const struct asking *asking, enum format format, rec_request *request, const char *asked_for)
{
    rec_id_list exclude = REC_ID_LIST_INIT;
    rec_pools pools = REC_POOLS_INIT;
    rec_record seed = REC_RECORD_INIT;
    rec_answer found = REC_ANSWER_INIT;
    rec_error err = REC_ERROR_INIT;
    int status = EXIT_OK;

    if (asking_exclusions(engine, asking, &exclude, &err) != REC_OK || asking_pools(engine, asking, &pools, &err) != REC_OK)
        goto failed;
    request->exclude = exclude.docs;
    request->exclude_count = exclude.count;
    use_pool(asking, &pools, request);
    set_limit(request);
    if (rec_recommend(engine, request, &found, &err) != REC_OK)
        goto failed;
    if (request->doc && rec_store_get(rec_engine_store(engine), request->doc, REC_GET_CARD, &seed, &err) != REC_OK)
        goto failed;
    struct asked asked = { asked_for, request->doc ? &seed : NULL, request->title, request->limit };
    if (print_answer(format, &asked, &found, &err) != REC_OK)
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
    rec_pools_clear(&pools);
    return status;
}

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

static int answer_text(rec_engine *engine, const struct asking *asking, enum format format, rec_request *request)
{
    struct text_seed seed = TEXT_SEED_INIT("option '--title'", asking->text);
    rec_buf raw = REC_BUF_INIT(REC_MAX_ABSTRACT);
    rec_error err = REC_ERROR_INIT;
    rec_status rc = REC_OK;
    int status;

    if (asking->text)
        rc = read_all(asking->text, &raw, &err);
    if (rc == REC_OK)
        rc = text_seed_use(engine, &seed, asking->title, asking->title ? strlen(asking->title) : 0,
                           asking->text ? rec_buf_text(&raw) : NULL, raw.length, request, &err);
    if (rc == REC_OK)
        status = answer(engine, asking, format, request, asking->title ? asking->title : asking->text);
    else
        status = say_error(&err);
    text_seed_clear(&seed);
    rec_buf_clear(&raw);
    return status;
}

static int answer_id(rec_engine *engine, const struct asking *asking, enum format format, rec_request *request, const char *asked_for)
{
    rec_error err = REC_ERROR_INIT;
    rec_id id;
    rec_status rc;

    if (rec_id_parse(asked_for, &id, &err) != REC_OK)
        return say_error(&err);
    rc = rec_store_find(rec_engine_store(engine), id.text, &request->doc, &err);
    if (rc == REC_ENOTFOUND)
        return say_no_such_paper(rec_engine_store(engine), id.text);
    return rc == REC_OK ? answer(engine, asking, format, request, asked_for) : say_error(&err);
}

int ask(struct asking *asking, const struct opt_usage *usage, int operands, char **argv)
{
    bool from_text = asking->title || asking->text;
    rec_request request = REC_REQUEST_INIT;
    rec_error err = REC_ERROR_INIT;
    rec_engine *engine = NULL;
    enum format format;
    char path[PATH_MAX];
    int status;

    if (operands != (from_text ? 0 : 1)) {
        say("%s; usage: %s",
            from_text       ? "an id goes with neither --title nor --text"
            : operands == 0 ? "no id"
                            : "one id at a time",
            usage->synopsis);
        return EXIT_USAGE;
    }
    if (!format_parse(asking->common.format, FORMATS_ANSWER, &format) || !asking_choices(asking, &request))
        return EXIT_USAGE;
    if (place_store(asking->common.db, false, path, &err) != REC_OK || rec_engine_open(path, &engine, &err) != REC_OK)
        return say_error(&err);
    if (asking->common.threads)
        rec_engine_set_threads(engine, (unsigned)asking->common.threads);
    if (from_text)
        status = answer_text(engine, asking, format, &request);
    else
        status = answer_id(engine, asking, format, &request, argv[1]);
    rec_engine_close(engine);
    return finish_output(status);
}
