/* Editions over HTTP: a day's papers, each with papers like it, in every format; and the newest as a feed. */
#include "routes.h"

#include "edition_output.h"
#include "opt.h"
#include "parameters.h"
#include "request.h"

#include "rec/edition.h"

#include <string.h>

#define HEADLINES 10
#define HEADLINES_MAX 100
#define SUGGESTIONS 3
#define SUGGESTIONS_MAX 20

static const struct {
    const char *name, *type;
    enum format format;
} FORMATS[] = {
    { "json", "application/json", FORMAT_JSON },
    { "html", "text/html; charset=utf-8", FORMAT_HTML },
    { "atom", "application/atom+xml; charset=utf-8", FORMAT_ATOM },
    { "jsonfeed", "application/feed+json; charset=utf-8", FORMAT_JSONFEED },
    { "markdown", "text/markdown; charset=utf-8", FORMAT_MARKDOWN },
    { "text", "text/plain; charset=utf-8", FORMAT_TEXT },
};

/* What an edition is made of besides the day. */
struct wish {
    size_t format; /* place in FORMATS */
    size_t headlines;
    struct request request; /* its choices */
};

static rec_status read_format(const char *name, size_t *out, rec_error *err)
{
    for (size_t i = 0; name && i < sizeof(FORMATS) / sizeof(FORMATS[0]); i++)
        if (strcmp(FORMATS[i].name, name) == 0) {
            *out = i;
            return REC_OK;
        }
    return name ? rec_fail(err, REC_EINVAL, "member 'format': '%s' is not one of json, html, atom, jsonfeed, markdown, text", name)
                : REC_OK;
}

static rec_status read_headlines(const char *text, size_t *out, rec_error *err)
{
    size_t value;

    if (!text)
        return REC_OK;
    if (!opt_read_count(text, &value) || value < 1 || value > HEADLINES_MAX)
        return rec_fail(err, REC_EINVAL, "member 'trending': expected a whole number from 1 to %d", HEADLINES_MAX);
    *out = value;
    return REC_OK;
}

/* The choices are read as those of a search; a digest cuts at `weak` unless it is told otherwise. */
static rec_status read_choices(struct call *call, struct request *out, rec_error *err)
{
    struct asking asking = ASKING_INIT;
    struct asking_papers papers = ASKING_PAPERS_INIT;
    rec_request choices = REC_REQUEST_INIT;
    const struct request_defaults defaults = { &asking, &choices, &papers };
    json_t *object = parameters_to_json(call->request->parameters, call->request->parameter_count);
    rec_status rc;

    if (!object)
        return rec_fail(err, REC_ENOMEM, "out of memory for a request");
    json_object_del(object, "format");
    json_object_del(object, "trending");
    choices.limit = SUGGESTIONS;
    choices.min_band = REC_BAND_WEAK;
    choices.explain = true;
    rc = request_read_search(call->engine, &defaults, object, out, err);
    if (rc == REC_OK && out->request.limit > SUGGESTIONS_MAX)
        rc = rec_fail(err, REC_EINVAL, "member 'limit': at most %d under a headline, not %zu", SUGGESTIONS_MAX, out->request.limit);
    return rc;
}

static rec_status compose(struct call *call, const rec_date *day, const struct wish *wish, rec_edition *out, rec_error *err)
{
    rec_doc docs[HEADLINES_MAX];
    rec_headline headlines[HEADLINES_MAX];
    size_t count = 0, by_votes;
    rec_status rc = rec_headlines_of_day(call->engine, day, &wish->request.request.filter, wish->headlines, docs, &count, &by_votes, err);

    for (size_t i = 0; i < count && rc == REC_OK; i++)
        headlines[i] = (rec_headline){ docs[i], NULL };
    return rc == REC_OK ? rec_edition_compose(call->engine, headlines, count, &wish->request.request, out, err) : rc;
}

static rec_status write_edition(struct call *call, const rec_date *day, const struct wish *wish, rec_error *err)
{
    rec_edition edition = REC_EDITION_INIT;
    char title[64];
    const struct edition_dress dress = { .day = *day, .limit = wish->request.request.limit, .title = title };
    rec_status rc = compose(call, day, wish, &edition, err);

    snprintf(title, sizeof(title), "Papers of %s", day->text);
    if (rc == REC_OK)
        rc = edition_write(FORMATS[wish->format].format, &edition, &dress, &call->reply->body, err);
    rec_edition_clear(&edition);
    call->reply->type = FORMATS[wish->format].type;
    if (FORMATS[wish->format].format == FORMAT_HTML) /* a mail's page has its style inside */
        http_reply_header(call->reply, "Content-Security-Policy",
                          "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'");
    return rc;
}

static rec_status answer_edition(struct call *call, const char *date, struct wish *wish, rec_error *err)
{
    rec_date day;
    rec_status rc = rec_date_parse(date, &day, err);

    if (rc == REC_OK && day.first != day.last)
        rc = rec_fail(err, REC_EINVAL, "'%s' is not a day (YYYY-MM-DD)", date);
    if (rc == REC_OK)
        rc = read_headlines(call_parameter(call, "trending"), &wish->headlines, err);
    if (rc == REC_OK)
        rc = read_choices(call, &wish->request, err);
    if (rc == REC_OK && !call_not_modified(call))
        rc = write_edition(call, &day, wish, err);
    request_clear(&wish->request);
    return rc;
}

/* GET /v1/digest/{date} */
rec_status answer_digest(struct call *call, rec_error *err)
{
    struct wish wish = { .headlines = HEADLINES, .request = REQUEST_INIT };
    rec_status rc = read_format(call_parameter(call, "format"), &wish.format, err);

    return rc == REC_OK ? answer_edition(call, call->id, &wish, err) : rc;
}

/* GET /feeds/digest.atom: the edition of the newest day. A store without a date has an empty one, of the calendar's first day. */
rec_status answer_feed(struct call *call, rec_error *err)
{
    struct wish wish = { .headlines = HEADLINES, .request = REQUEST_INIT };
    rec_status rc = read_format("atom", &wish.format, err);

    return rc == REC_OK ? answer_edition(call, call->state.max_date[0] ? call->state.max_date : "1000-01-01", &wish, err) : rc;
}
