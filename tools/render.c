/* Rendering: see render.h. A format is a template, a way to escape and, for text, a width. */
#include "render.h"

#include "escape.h"
#include "json_make.h"
#include "rec/json_text.h"
#include "template.h"
#include "templates.h"
#include "wrap.h"

#include <stdlib.h>
#include <string.h>

static rec_status out_of_memory(rec_error *err)
{
    return rec_fail(err, REC_ENOMEM, "out of memory for the output");
}

static rec_status fill(const struct own_template *own, const char *shipped, void (*escape)(const char *, rec_buf *), const json_t *data,
                       rec_buf *out, rec_error *err)
{
    const struct template_ways ways = { escape, shipped_template };

    if (own)
        return template_fill(own->path, own->text, &ways, data, out, err);
    return template_fill(shipped, shipped_template(shipped), &ways, data, out, err);
}

static rec_status render_text(const struct own_template *own, const json_t *data, rec_buf *out, rec_error *err)
{
    rec_buf wide = REC_BUF_INIT(RENDER_MAX);
    rec_status rc = fill(own, "text", escape_text, data, &wide, err);

    if (rc == REC_OK)
        wrap_text(rec_buf_text(&wide), RENDER_COLUMNS, out);
    if (rc == REC_OK && out->failed)
        rc = out_of_memory(err);
    rec_buf_clear(&wide);
    return rc;
}

/* ---- JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/) --------------------------------------------------------- */

static json_t *member(const json_t *object, const char *name)
{
    return json_incref(json_object_get(object, name));
}

/* An optional member is absent, not null, in a feed. */
static void set_if_there(json_t **object, const char *key, const json_t *value)
{
    if (!json_is_null(value))
        set_key(object, key, json_incref((json_t *)value));
}

static rec_status feed_item(const json_t *sheet, const json_t *headline, json_t **out, rec_error *err)
{
    rec_buf html = REC_BUF_INIT(RENDER_MAX);
    rec_status rc = fill(NULL, "headline.html", escape_html, headline, &html, err);
    json_t *item = json_object();

    set_key(&item, "id", member(headline, "urn"));
    set_if_there(&item, "url", json_object_get(headline, "url"));
    set_if_there(&item, "title", json_object_get(headline, "title"));
    set_key(&item, "content_html", json_string(rec_buf_text(&html)));
    set_key(&item, "date_published", member(sheet, "updated"));
    rec_buf_clear(&html);
    *out = item;
    return rc == REC_OK && !item ? out_of_memory(err) : rc;
}

static rec_status render_feed(const json_t *sheet, rec_buf *out, rec_error *err)
{
    json_t *feed = json_object(), *items = json_array(), *headline, *item;
    rec_status rc = REC_OK;
    char *text = NULL;
    size_t i;

    json_array_foreach(json_object_get(sheet, "headlines"), i, headline)
    {
        if ((rc = feed_item(sheet, headline, &item, err)) != REC_OK)
            break;
        add_item(&items, item);
    }
    set_key(&feed, "version", json_string("https://jsonfeed.org/version/1.1"));
    set_key(&feed, "title", member(sheet, "title"));
    set_if_there(&feed, "home_page_url", json_object_get(sheet, "archive"));
    set_key(&feed, "items", items);
    if (rc == REC_OK && (!feed || !(text = json_dumps(feed, JSON_INDENT(1)))))
        rc = out_of_memory(err);
    if (rc == REC_OK) {
        rec_put_dumped(out, text, strlen(text));
        rec_buf_putc(out, '\n');
        rc = out->failed ? out_of_memory(err) : REC_OK;
    }
    free(text); /* jansson's, not ours */
    json_decref(feed);
    return rc;
}

rec_status render(enum format format, const struct sheet *sheet, const struct own_template *own, rec_buf *out, rec_error *err)
{
    json_t *data = sheet_to_json(sheet);
    rec_status rc;

    if (!data)
        return out_of_memory(err);
    switch (format) {
    case FORMAT_MARKDOWN:
        rc = fill(own, "markdown", escape_markdown, data, out, err);
        break;
    case FORMAT_HTML:
        rc = fill(own, "html", escape_html, data, out, err);
        break;
    case FORMAT_ATOM:
        rc = fill(own, "atom", escape_html, data, out, err);
        break;
    case FORMAT_JSONFEED:
        rc = render_feed(data, out, err);
        break;
    default:
        rc = render_text(own, data, out, err);
    }
    json_decref(data);
    return rc;
}
