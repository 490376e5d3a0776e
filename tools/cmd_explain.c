/* recommend explain ID ID: why two papers are alike. With --title or --text, why a text and a paper are. */
#include "asking.h"
#include "cmd.h"
#include "missing.h"
#include "output_explain.h"
#include "place.h"
#include "say.h"

#include "rec/explain.h"

static const struct opt_usage USAGE = { "recommend explain [OPTIONS] ID ID",
                                        "Why two papers, or a text (--title, --text) and a paper, are alike.",
                                        "recommend explain arXiv:2401.01234 doi:10.1000/x" };

#define SHARED_SHOWN 20 /* n-grams, unless told otherwise */

struct explain {
    struct common common;
    const char *title, *text;
    size_t limit;
    enum format format;
};

static int explain_pair(rec_engine *engine, const struct explain *e, const rec_request *request, rec_doc other)
{
    rec_explanation explanation = REC_EXPLANATION_INIT;
    rec_error err = REC_ERROR_INIT;
    int status = EXIT_OK;

    if (rec_explain(engine, request, other, &explanation, &err) != REC_OK ||
        print_explanation(e->format, request->doc ? NULL : request->title, &explanation, e->limit, &err) != REC_OK)
        status = say_error(&err);
    rec_explanation_clear(&explanation);
    return status;
}

/* Looks a paper up; an exit status where it is not there. */
static int look_up(rec_engine *engine, const char *asked, rec_doc *out)
{
    rec_error err = REC_ERROR_INIT;
    rec_id id;
    rec_status rc = rec_find_seed(engine, asked, &id, out, &err);

    if (rc == REC_ENOTFOUND)
        return say_no_such_paper(rec_engine_store(engine), id.text);
    return rc == REC_OK ? EXIT_OK : say_error(&err);
}

/* With the store open. `ids` are the last operands: one where the seed is a text. */
static int explain(rec_engine *engine, const struct explain *e, char **ids)
{
    bool from_text = e->title || e->text;
    rec_text_seed text = REC_TEXT_SEED_INIT("option '--title'", e->text);
    rec_request request = REC_REQUEST_INIT;
    rec_error err = REC_ERROR_INIT;
    rec_doc other;
    int status;

    if (from_text)
        status = text_seed_read(engine, &text, e->title, e->text, &request, &err) == REC_OK ? EXIT_OK : say_error(&err);
    else
        status = look_up(engine, ids[0], &request.doc);
    if (status == EXIT_OK)
        status = look_up(engine, ids[from_text ? 0 : 1], &other);
    if (status == EXIT_OK)
        status = explain_pair(engine, e, &request, other);
    rec_text_seed_clear(&text);
    return status;
}

int cmd_explain(int argc, char **argv)
{
    struct explain e = { .limit = SHARED_SHOWN };
    const struct opt options[] = {
        { OPT_COUNT, 'k', "limit", &e.limit, "N", "how many shared n-grams (default 20)" },
        { OPT_TEXT, 0, "title", &e.title, "TEXT", "a stored title or a text's, in place of an id" },
        { OPT_TEXT, 0, "text", &e.text, "FILE", "a text, such as an abstract; '-' is standard input" },
        OPT_COMMON(&e.common),
        { OPT_END, 0, NULL, NULL, NULL, NULL },
    };
    rec_error err = REC_ERROR_INIT;
    rec_engine *engine = NULL;
    char path[PATH_MAX];
    int operands, wanted, status = opt_parse(argc, argv, options, &USAGE, &operands);

    if (status >= 0)
        return status;
    wanted = e.title || e.text ? 1 : 2;
    if (operands != wanted) {
        say("%d id%s, not %d; usage: %s", wanted, wanted == 1 ? "" : "s", operands, USAGE.synopsis);
        return EXIT_USAGE;
    }
    if (!format_parse(e.common.format, FORMATS_OBJECT, &e.format))
        return EXIT_USAGE;
    if (place_store(e.common.db, false, path, &err) != REC_OK || rec_engine_open(path, &engine, &err) != REC_OK)
        return say_error(&err);
    status = explain(engine, &e, argv + 1);
    rec_engine_close(engine);
    return finish_output(status);
}
