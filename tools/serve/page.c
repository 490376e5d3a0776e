/* What all pages share: see page.h. */
#include "page.h"

#include "escape.h"
#include "json_make.h"
#include "template.h"
#include "templates.h"
#include "json.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#define PAGE_MAX (8 << 20) /* bytes */

/* No inline script or style, nothing from elsewhere, in nobody's frame. The empty icon is a data: address. */
#define POLICY                                                                                                                             \
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri "     \
    "'none'; "                                                                                                                             \
    "frame-ancestors 'none'"

void page_text(json_t **page, const char *name, const char *text)
{
    set_key(page, name, text && *text ? make_text(text, strlen(text)) : json_null());
}

void page_format(json_t **page, const char *name, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    set_key(page, name, json_vsprintf(format, arguments));
    va_end(arguments);
}

json_t *page_new(const struct call *call, const char *title, const char *query)
{
    json_t *page = json_object();

    page_format(&page, "title", "%s · recommend", title);
    page_text(&page, "heading", title);
    page_text(&page, "query", query);
    page_format(&page, "papers", "%lld", (long long)call->state.papers);
    page_text(&page, "newest", call->state.max_date[0] ? call->state.max_date : "no date");
    return page;
}

void page_encode(rec_buf *out, const char *text)
{
    for (; *text; text++)
        if (isalnum((unsigned char)*text) || strchr("-._~", *text))
            rec_buf_putc(out, *text);
        else
            rec_buf_printf(out, "%%%02X", (unsigned)(unsigned char)*text);
}

void page_query(rec_buf *out, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    rec_buf_printf(out, "&%s=", name);
    page_encode(out, value);
}

/* ---- papers -------------------------------------------------------------------------------------------------------- */

/* A stored JSON array of strings as "a, b, c"; NULL where it has none. */
static json_t *joined(const char *array)
{
    json_t *list = rec_json_stored(array), *item, *text;
    rec_buf words = REC_BUF_INIT(REC_MAX_LIST * (REC_MAX_FIELD + 2));
    size_t i;

    json_array_foreach(list, i, item)
    {
        rec_buf_puts(&words, i > 0 ? ", " : "");
        rec_buf_puts(&words, json_string_value(item) ? json_string_value(item) : "");
    }
    text = words.length > 0 ? json_string(rec_buf_text(&words)) : json_null();
    rec_buf_clear(&words);
    json_decref(list);
    return text;
}

/* The address of the paper's source, and the name of its host. */
static void set_source(json_t **page, const rec_paper *paper)
{
    char made[REC_ID_URL_ROOM] = "";
    rec_buf url = REC_BUF_INIT(4 * REC_MAX_FIELD);
    const char *host;

    if (!paper->url)
        rec_id_url(&paper->id, made, sizeof(made));
    escape_url(paper->url ? paper->url : made, false, &url);
    page_text(page, "url", rec_buf_text(&url));
    host = strstr(rec_buf_text(&url), "://");
    page_format(page, "host", "%.*s", host ? (int)strcspn(host + 3, "/?#") : 0, host ? host + 3 : "");
    rec_buf_clear(&url);
}

static const char *flag_of(const rec_paper *paper)
{
    if (paper->flags & REC_FLAG_RETRACTED)
        return "retracted";
    return paper->flags & REC_FLAG_WITHDRAWN ? "withdrawn" : NULL;
}

json_t *page_paper(const rec_record *record)
{
    const rec_paper *paper = &record->paper;
    rec_buf page = REC_BUF_INIT(4 * REC_ID_MAX + 16);
    json_t *item = json_object();

    rec_buf_puts(&page, "/papers/");
    page_encode(&page, paper->id.text);
    page_text(&item, "page", rec_buf_text(&page));
    rec_buf_clear(&page);
    page_text(&item, "id", paper->id.text);
    page_text(&item, "title", paper->title && *paper->title ? paper->title : paper->id.text);
    set_key(&item, "authors", joined(paper->authors));
    page_text(&item, "date", paper->date.text);
    set_key(&item, "categories", joined(paper->categories));
    page_text(&item, "venue", paper->venue);
    page_text(&item, "abstract", paper->abstract);
    page_text(&item, "flag", flag_of(paper));
    if (paper->has_upvotes)
        page_format(&item, "votes", "%.0f", paper->upvotes);
    else
        page_text(&item, "votes", NULL);
    set_source(&item, paper);
    return item;
}

/* ---- replies ------------------------------------------------------------------------------------------------------- */

rec_status page_reply(struct call *call, const char *name, json_t *page, rec_error *err)
{
    static const struct template_ways ways = { escape_html, shipped_template };
    rec_status rc;

    if (!page)
        return rec_fail(err, REC_ENOMEM, "out of memory for a page");
    call->reply->type = "text/html; charset=utf-8";
    call->reply->body.maximum = PAGE_MAX;
    rc = template_fill(name, shipped_template(name), &ways, page, &call->reply->body, err);
    json_decref(page);
    http_reply_header(call->reply, "Content-Security-Policy", "%s", POLICY);
    http_reply_header(call->reply, "Referrer-Policy", "same-origin");
    return rc;
}

void page_error(struct call *call, const rec_error *error)
{
    rec_error err = REC_ERROR_INIT;
    json_t *page;

    problem_of_error(call->reply, error); /* its status, and what is left if there is no memory for a page */
    page = page_new(call, error->code == REC_ENOTFOUND ? "No such paper" : "That did not work", NULL);
    page_text(&page, "detail", error->message);
    if (!page)
        return;
    rec_buf_reset(&call->reply->body);
    if (page_reply(call, "page.error", page, &err) != REC_OK)
        problem_of_error(call->reply, error);
}
