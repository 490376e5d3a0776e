/* Reading headlines: see headlines.h. A line is read as one of a batch; a bare paper is brought into that form first. */
#include "headlines.h"

#include "request.h"
#include "say.h"

#include "alloc.h"
#include "json.h"
#include "rec/source.h"

#include <stdlib.h>
#include <string.h>

#define FAILURES_SHOWN 20 /* the rest are counted: a wrong file has one a line */

struct reading {
    rec_engine *engine;
    const char *path;
    struct headline_list list;
    rec_error *err;
};

void headline_list_clear(struct headline_list *list)
{
    for (size_t i = 0; i < list->paper_count; i++) {
        rec_paper_clear(list->papers[i]);
        rec_free(list->papers[i]);
    }
    rec_free(list->papers);
    rec_free(list->items);
    *list = (struct headline_list)HEADLINE_LIST_INIT;
}

/*
 * `{"paper":` and the object, where a line is a paper by itself; `*out` is NULL where it is not. The caller ends with free(): jansson's.
 * Returns REC_OK or REC_ENOMEM.
 */
static rec_status wrap_paper(const char *line, size_t length, char **out, rec_error *err)
{
    json_error_t why;
    json_t *object = NULL, *wrapped;
    rec_status rc = rec_json_read(line, length, JSON_REJECT_DUPLICATES, &object, &why);

    *out = NULL;
    if (json_is_object(object) && !json_object_get(object, "paper") &&
        (json_object_get(object, "title") || json_object_get(object, "abstract"))) {
        wrapped = json_pack("{s:O}", "paper", object);
        *out = wrapped ? json_dumps(wrapped, JSON_COMPACT) : NULL;
        json_decref(wrapped);
        rc = *out ? REC_OK : REC_ENOMEM;
    }
    json_decref(object);
    return rc == REC_ENOMEM ? rec_fail(err, rc, "out of memory for a headline") : REC_OK;
}

/* Takes over the request's paper, or notes its number. */
static rec_status add(struct reading *r, struct request *request)
{
    struct headline_list *list = &r->list;

    if (list->count == REC_MAX_HEADLINES)
        return rec_fail(r->err, REC_EINVAL, "'%s': more than %d headlines", r->path, REC_MAX_HEADLINES);
    if (request->request.doc) {
        list->items[list->count++] = (rec_headline){ request->request.doc, NULL };
        return REC_OK;
    }
    if (!(list->papers[list->paper_count] = rec_alloc(sizeof(rec_paper))))
        return rec_fail(r->err, REC_ENOMEM, "out of memory for a headline");
    *list->papers[list->paper_count] = request->paper;
    request->paper = (rec_paper)REC_PAPER_INIT;
    list->items[list->count++] = (rec_headline){ 0, list->papers[list->paper_count++] };
    return REC_OK;
}

static void tell(struct reading *r, uint64_t line, const char *message)
{
    if (r->list.failures++ < FAILURES_SHOWN)
        say("'%s', line %llu: %s", r->path, (unsigned long long)line, message);
}

static rec_status read_line(struct reading *r, const rec_line *line)
{
    static const struct asking nothing_asked = ASKING_INIT;
    static const rec_request no_choices = REC_REQUEST_INIT;
    static const struct asking_papers no_papers = ASKING_PAPERS_INIT;
    const struct request_defaults defaults = { &nothing_asked, &no_choices, &no_papers };
    struct request request = REQUEST_INIT;
    rec_error reason = REC_ERROR_INIT;
    char *wrapped;
    rec_status rc = wrap_paper(line->text, line->length, &wrapped, r->err);

    if (rc != REC_OK)
        return rc;
    rc = request_read(r->engine, &defaults, wrapped ? wrapped : line->text, wrapped ? strlen(wrapped) : line->length, &request, &reason);
    free(wrapped); /* jansson's, not ours */
    if (rc == REC_OK && !request.request.doc && !request.paper.id.text[0])
        rc = rec_fail(&reason, REC_EINVAL, "expected an id or a paper");
    if (rc == REC_OK) {
        rc = add(r, &request);
    } else if (rc == REC_ENOTFOUND || rc == REC_EINVAL || rc == REC_EFORMAT) {
        tell(r, line->number, reason.message);
        rc = REC_OK;
    } else {
        rc = rec_fail(r->err, rc, "%s", reason.message);
    }
    request_clear(&request);
    return rc;
}

static bool is_blank(const rec_line *line)
{
    size_t spaces = strspn(line->text, " \t\r");

    return spaces == line->length || line->text[spaces] == '#';
}

static rec_status read_lines(struct reading *r, rec_source *source)
{
    rec_error reason = REC_ERROR_INIT;
    rec_line line;
    rec_status rc;

    while ((rc = rec_source_next(source, &line, &reason)) == REC_OK || rc == REC_EFORMAT) {
        if (rc == REC_EFORMAT) {
            tell(r, line.number, reason.message);
            continue;
        }
        if (!line.text)
            return REC_OK;
        if (!is_blank(&line) && (rc = read_line(r, &line)) != REC_OK)
            return rc;
    }
    return rec_fail(r->err, rc, "%s", reason.message);
}

rec_status headline_list_read(rec_engine *engine, const char *path, struct headline_list *out, rec_error *err)
{
    struct reading r = { engine, path, HEADLINE_LIST_INIT, err };
    rec_source *source = NULL;
    rec_status rc;

    r.list.items = rec_alloc_array(REC_MAX_HEADLINES, sizeof(*r.list.items));
    r.list.papers = rec_alloc_array(REC_MAX_HEADLINES, sizeof(rec_paper *));
    if (!r.list.items || !r.list.papers)
        rc = rec_fail(err, REC_ENOMEM, "out of memory for headlines");
    else if ((rc = rec_source_open(path, &source, err)) == REC_OK)
        rc = read_lines(&r, source);
    rec_source_close(source);
    if (r.list.failures > FAILURES_SHOWN)
        say("%zu more lines of '%s' name no paper", r.list.failures - FAILURES_SHOWN, path);
    if (rc == REC_OK)
        *out = r.list;
    else
        headline_list_clear(&r.list);
    return rc;
}
