/* Asking for papers: see asking.h. */
#include "asking.h"

#include "missing.h"
#include "place.h"
#include "readfile.h"
#include "say.h"

#include <string.h>

/* ---- options ------------------------------------------------------------------------------------------------------- */

bool asking_filter(const struct asking *asking, rec_filter *filter)
{
    const struct opt_list *lists[] = { &asking->category, &asking->not_category };
    rec_error err = REC_ERROR_INIT;

    if (rec_filter_set_window(filter, asking->since, asking->until, &err) != REC_OK) {
        say("%s", err.message);
        return false;
    }
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        for (size_t j = 0; j < lists[i]->count; j++)
            if (rec_filter_check_category(lists[i]->items[j], &err) != REC_OK) {
                say("%s", err.message);
                return false;
            }
    filter->categories = asking->category.items;
    filter->category_count = asking->category.count;
    filter->not_categories = asking->not_category.items;
    filter->not_category_count = asking->not_category.count;
    return true;
}

bool asking_choices(const struct asking *asking, rec_request *request)
{
    rec_error err = REC_ERROR_INIT;

    if (rec_versions_parse(asking->versions, &request->keep_versions, &err) != REC_OK) {
        say("option '--versions': %s", err.message);
        return false;
    }
    if (asking->min_band && rec_band_parse(asking->min_band, &request->min_band, &err) != REC_OK) {
        say("option '--min-band': %s", err.message);
        return false;
    }
    request->limit = asking->limit;
    request->offset = asking->offset;
    request->min_score = (float)asking->min_score;
    request->diversity = (float)asking->diversity;
    request->without_authors = asking->no_authors;
    request->exact = asking->exact;
    request->explain = asking->explain;
    return asking_filter(asking, &request->filter);
}

/* ---- papers that options name -------------------------------------------------------------------------------------- */

void asking_papers_clear(struct asking_papers *papers)
{
    rec_id_list_clear(&papers->exclude);
    rec_id_list_clear(&papers->like);
    rec_id_list_clear(&papers->unlike);
    rec_pools_clear(&papers->pools);
}

static void tell_unknown(const struct asking *asking, const char *path, size_t unknown)
{
    if (unknown > 0 && !asking->common.quiet)
        say("'%s': %zu id%s unknown to the store", path, unknown, unknown == 1 ? " is" : "s are");
}

static rec_status find_exclusions(rec_engine *engine, const struct asking *asking, rec_id_list *out, rec_error *err)
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

static rec_status find_seeds(rec_engine *engine, const struct opt_list *ids, rec_id_list *out, char *missing, rec_error *err)
{
    rec_id failed;
    rec_status rc = rec_find_seeds(engine, ids->items, ids->count, out, &failed, err);

    if (rc == REC_ENOTFOUND)
        snprintf(missing, REC_ID_MAX + 1, "%s", failed.text);
    return rc;
}

rec_status asking_papers_find(rec_engine *engine, const struct asking *asking, struct asking_papers *out, rec_error *err)
{
    rec_status rc = find_exclusions(engine, asking, &out->exclude, err);

    if (rc == REC_OK)
        rc = find_seeds(engine, &asking->like, &out->like, out->missing, err);
    if (rc == REC_OK)
        rc = find_seeds(engine, &asking->unlike, &out->unlike, out->missing, err);
    if (rc == REC_OK && asking->candidates)
        rc = rec_pools_load(rec_engine_store(engine), asking->candidates, &out->pools, err);
    if (rc == REC_OK)
        tell_unknown(asking, asking->candidates, out->pools.unknown);
    return rc;
}

int say_papers_error(rec_engine *engine, const struct asking_papers *papers, const rec_error *err)
{
    return err->code == REC_ENOTFOUND && papers->missing[0] ? say_no_such_paper(rec_engine_store(engine), papers->missing) : say_error(err);
}

void use_papers(const struct asking_papers *papers, rec_request *request)
{
    request->exclude = papers->exclude.docs;
    request->exclude_count = papers->exclude.count;
    request->like = papers->like.docs;
    request->like_count = papers->like.count;
    request->unlike = papers->unlike.docs;
    request->unlike_count = papers->unlike.count;
}

void use_pool(const struct asking *asking, const rec_pools *pools, rec_request *request)
{
    request->only_candidates = asking->candidates != NULL;
    if (request->only_candidates)
        request->candidates = rec_pools_of(pools, request->doc, &request->candidate_count);
}

/* ---- what is said of an answer ------------------------------------------------------------------------------------- */

void say_left_out(const rec_answer *answer, size_t limit)
{
    const struct {
        size_t count;
        const char *what;
    } reasons[] = { { answer->seen, "excluded" },
                    { answer->filtered, "filtered" },
                    { answer->below_threshold, "below the threshold" },
                    { answer->duplicate, "near-copies" } };
    rec_buf text = REC_BUF_INIT(256);

    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
        if (reasons[i].count > 0)
            rec_buf_printf(&text, "%s%zu %s", text.length > 0 ? ", " : "; left out: ", reasons[i].count, reasons[i].what);
    if (answer->count < limit)
        say("%zu of %zu papers%s", answer->count, limit, text.length > 0 ? rec_buf_text(&text) : "; no other can be listed");
    else if (text.length > 0)
        say("%zu paper%s%s", answer->count, answer->count == 1 ? "" : "s", rec_buf_text(&text));
    rec_buf_clear(&text);
}

int answer_status(const rec_request *request, const rec_answer *answer)
{
    return answer->count == 0 && (request->min_score >= 0 || request->min_band > REC_BAND_NONE) ? EXIT_NONE_LEFT : EXIT_OK;
}

/* ---- one question -------------------------------------------------------------------------------------------------- */

/* Every candidate that is left behind the offset; a limit is at least 1. */
static void set_limit(rec_request *request)
{
    if (request->limit == NO_LIMIT)
        request->limit = request->candidate_count > request->offset ? request->candidate_count - request->offset : 1;
}

static int answer(rec_engine *engine, const struct asking *asking, const struct asking_papers *papers, enum format format,
                  rec_request *request, const char *asked_for)
{
    bool has_limit = request->limit != NO_LIMIT;
    rec_record seed = REC_RECORD_INIT;
    rec_answer found = REC_ANSWER_INIT;
    rec_error err = REC_ERROR_INIT;
    int status;

    use_pool(asking, &papers->pools, request);
    set_limit(request);
    if (rec_recommend(engine, request, &found, &err) != REC_OK)
        goto failed;
    if (request->doc && rec_store_get(rec_engine_store(engine), request->doc, REC_GET_ABSTRACT, &seed, &err) != REC_OK)
        goto failed;
    struct asked asked = { asked_for, request->doc ? &seed : NULL, request->title, request->limit };
    if (print_answer(format, &asked, &found, &err) != REC_OK)
        goto failed;
    if (!asking->common.quiet && format == FORMAT_TEXT)
        say_left_out(&found, has_limit ? request->limit : found.count);
    status = answer_status(request, &found);
    goto done;

failed:
    status = say_error(&err);

done:
    rec_answer_clear(&found);
    rec_record_clear(&seed);
    return status;
}

rec_status text_seed_read(rec_engine *engine, rec_text_seed *seed, const char *title, const char *path, rec_request *request,
                          rec_error *err)
{
    rec_buf raw = REC_BUF_INIT(REC_MAX_ABSTRACT);
    rec_status rc = path ? read_whole_file(path, &raw, err) : REC_OK;

    if (rc == REC_OK)
        rc = rec_text_seed_use(engine, seed, title, title ? strlen(title) : 0, path ? rec_buf_text(&raw) : NULL, raw.length, request, err);
    rec_buf_clear(&raw);
    return rc;
}

static int answer_text(rec_engine *engine, const struct asking *asking, const struct asking_papers *papers, enum format format,
                       rec_request *request)
{
    rec_text_seed seed = REC_TEXT_SEED_INIT("option '--title'", asking->text);
    rec_error err = REC_ERROR_INIT;
    int status;

    if (text_seed_read(engine, &seed, asking->title, asking->text, request, &err) == REC_OK)
        status = answer(engine, asking, papers, format, request, asking->title ? asking->title : asking->text);
    else
        status = say_error(&err);
    rec_text_seed_clear(&seed);
    return status;
}

static int answer_id(rec_engine *engine, const struct asking *asking, const struct asking_papers *papers, enum format format,
                     rec_request *request, const char *asked_for)
{
    rec_error err = REC_ERROR_INIT;
    rec_id id;
    rec_status rc = rec_find_seed(engine, asked_for, &id, &request->doc, &err);

    if (rc == REC_ENOTFOUND)
        return say_no_such_paper(rec_engine_store(engine), id.text);
    return rc == REC_OK ? answer(engine, asking, papers, format, request, asked_for) : say_error(&err);
}

/* With the store open. `id` is NULL for a text. */
static int answer_any(rec_engine *engine, const struct asking *asking, enum format format, rec_request *request, const char *id)
{
    struct asking_papers papers = ASKING_PAPERS_INIT;
    rec_error err = REC_ERROR_INIT;
    int status;

    if (asking_papers_find(engine, asking, &papers, &err) != REC_OK) {
        status = say_papers_error(engine, &papers, &err);
    } else {
        use_papers(&papers, request);
        status = id ? answer_id(engine, asking, &papers, format, request, id) : answer_text(engine, asking, &papers, format, request);
    }
    asking_papers_clear(&papers);
    return status;
}

/* The operands behind the first are liked as well. */
static bool take_operands(struct asking *asking, const struct opt_usage *usage, bool from_text, int operands, char **argv)
{
    if (from_text ? operands > 0 : operands == 0) {
        say("%s; usage: %s", from_text ? "an id goes with neither --title nor --text: --like takes more seeds" : "no id", usage->synopsis);
        return false;
    }
    for (int i = 2; i <= operands; i++) {
        if (asking->like.count == OPT_LIST_MAX) {
            say("%d further seeds at most", OPT_LIST_MAX);
            return false;
        }
        asking->like.items[asking->like.count++] = argv[i];
    }
    return true;
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

    if (!take_operands(asking, usage, from_text, operands, argv))
        return EXIT_USAGE;
    if (!format_parse(asking->common.format, FORMATS_ANSWER, &format) || !asking_choices(asking, &request))
        return EXIT_USAGE;
    if (place_store(asking->common.db, false, path, &err) != REC_OK || rec_engine_open(path, &engine, &err) != REC_OK)
        return say_error(&err);
    if (asking->common.threads)
        rec_engine_set_threads(engine, (unsigned)asking->common.threads);
    status = answer_any(engine, asking, format, &request, from_text ? NULL : argv[1]);
    rec_engine_close(engine);
    return finish_output(status);
}
