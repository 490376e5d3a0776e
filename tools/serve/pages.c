/* The pages for people: a day's papers, a paper, a search, the map, and how to have it all mailed. */
#include "routes.h"

#include "json_make.h"
#include "opt.h"
#include "page.h"

#include <string.h>

#define DAY_PAPERS 30 /* of one page */
#define LIKE_PAPERS 10
#define FOUND_PAPERS 20
#define CLIPPED 420 /* characters of an abstract in a list of suggestions */

/* ---- parameters ---------------------------------------------------------------------------------------------------- */

/* A filter as the forms send it: an empty field is none. */
struct narrowing {
    const char *since, *until, *category;
    rec_filter filter;
};

static const char *filled(const struct call *call, const char *name)
{
    const char *value = call_parameter(call, name);

    return value && *value ? value : NULL;
}

static rec_status read_narrowing(const struct call *call, struct narrowing *out, rec_error *err)
{
    *out = (struct narrowing){ filled(call, "since"), filled(call, "until"), filled(call, "category"), { 0 } };
    if (out->category) {
        out->filter.categories = &out->category;
        out->filter.category_count = 1;
    }
    return out->since || out->until ? rec_filter_set_window(&out->filter, out->since, out->until, err) : REC_OK;
}

static void set_narrowing(json_t **page, const struct narrowing *narrowing)
{
    page_text(page, "since", narrowing->since);
    page_text(page, "until", narrowing->until);
    page_text(page, "category", narrowing->category);
    set_key(page, "narrowed", json_boolean(narrowing->since || narrowing->until || narrowing->category));
}

/* How many results to pass over, 0 where that is no number. */
static size_t offset_of(const struct call *call)
{
    const char *text = filled(call, "offset");
    size_t value;

    return text && opt_read_count(text, &value) && value < REC_MAX_LIMIT - SERVICE_MAX_LIMIT ? value : 0;
}

/* ---- a day --------------------------------------------------------------------------------------------------------- */

struct day {
    struct call *call;
    const rec_filter *filter;
    size_t passed, offset; /* papers before the page's first */
    size_t shown;
    bool more;
    json_t *items;
};

static rec_status take_paper(rec_doc doc, bool has_votes, void *context, rec_error *err)
{
    struct day *day = context;
    rec_record record = REC_RECORD_INIT;
    rec_status rc = rec_store_get(rec_engine_store(day->call->engine), doc, REC_GET_ABSTRACT, &record, err);

    (void)has_votes;
    if (rc == REC_OK && rec_filter_takes(day->filter, &record.paper)) {
        if (day->passed < day->offset)
            day->passed++;
        else if (day->shown < DAY_PAPERS) {
            add_item(&day->items, page_paper(&record));
            day->shown++;
        } else
            day->more = true;
    }
    rec_record_clear(&record);
    return rc;
}

static void set_days(json_t **page, rec_store *store, const rec_date *date)
{
    char before[REC_DATE_CHARS], after[REC_DATE_CHARS];

    if (rec_store_near_days(store, date, before, after, NULL) != REC_OK)
        before[0] = after[0] = '\0';
    page_text(page, "before", before);
    page_text(page, "after", after);
}

/* The link to the rest of a list, null where there is none. */
static void set_more(json_t **page, bool more, const char *path, const char *name, const char *value, const struct narrowing *narrowing,
                     size_t offset)
{
    rec_buf link = REC_BUF_INIT(8 * HTTP_MAX_HEADERS);

    rec_buf_printf(&link, "%s?offset=%zu", path, offset);
    page_query(&link, name, value);
    page_query(&link, "since", narrowing->since);
    page_query(&link, "until", narrowing->until);
    page_query(&link, "category", narrowing->category);
    page_text(page, "more", more ? rec_buf_text(&link) : NULL);
    rec_buf_clear(&link);
}

/* GET /: the papers of a day, the newest unless another is asked for. */
rec_status answer_day_page(struct call *call, rec_error *err)
{
    const char *asked = filled(call, "date");
    struct day day = { .call = call, .offset = offset_of(call), .items = json_array() };
    rec_buf filter = REC_BUF_INIT(8 * HTTP_MAX_HEADERS);
    struct narrowing narrowing;
    rec_date date = { .text = "" };
    json_t *page;
    rec_status rc = read_narrowing(call, &narrowing, err);

    if (rc == REC_OK && (asked || call->state.max_date[0]))
        rc = rec_date_parse(asked ? asked : call->state.max_date, &date, err);
    day.filter = &narrowing.filter;
    if (rc == REC_OK && date.text[0])
        rc = rec_store_scan_day(rec_engine_store(call->engine), &date, take_paper, &day, err);
    if (rc != REC_OK) {
        json_decref(day.items);
        return rc;
    }
    page = page_new(call, date.text[0] ? date.text : "Papers", NULL);
    if (date.text[0])
        page_format(&page, "heading", "Papers of %s", date.text);
    page_text(&page, "date", date.text);
    set_key(&page, "items", day.items);
    page_query(&filter, "category", narrowing.category);
    page_text(&page, "filter", rec_buf_text(&filter));
    rec_buf_clear(&filter);
    set_narrowing(&page, &narrowing);
    set_days(&page, rec_engine_store(call->engine), &date);
    set_more(&page, day.more, "/", "date", date.text, &narrowing, day.offset + DAY_PAPERS);
    return page_reply(call, "page.day", page, err);
}

/* ---- a paper ------------------------------------------------------------------------------------------------------- */

/* Cuts an abstract at a blank, with an ellipsis. */
static void clip(char *text)
{
    size_t characters = 0, at = 0, blank = 0;

    if (!text)
        return;
    for (; text[at] && characters < CLIPPED; at++) {
        characters += ((unsigned char)text[at] & 0xC0) != 0x80;
        blank = text[at] == ' ' ? at : blank;
    }
    /* The ellipsis has three bytes and goes where the text is: a blank and a single letter at its end are shorter, and stay. */
    if (text[at] && blank > 0 && text[blank + 2])
        strcpy(text + blank, "…");
}

static const char *band_words(rec_band band)
{
    static const char *const words[] = {
        [REC_BAND_NONE] = "hardly alike", [REC_BAND_WEAK] = "somewhat alike", [REC_BAND_FAIR] = "alike", [REC_BAND_STRONG] = "much alike"
    };

    return words[band];
}

static rec_status like_items(struct call *call, const rec_answer *found, json_t **items, rec_error *err)
{
    rec_status rc = REC_OK;

    *items = json_array();
    for (size_t i = 0; i < found->count && rc == REC_OK; i++) {
        const rec_hit *hit = &found->hits[i];
        rec_record record = REC_RECORD_INIT;
        json_t *item;

        if ((rc = rec_store_get(rec_engine_store(call->engine), hit->doc, REC_GET_ABSTRACT, &record, err)) != REC_OK)
            break;
        clip(record.paper.abstract);
        item = page_paper(&record);
        page_text(&item, "band", rec_band_name(hit->band));
        page_text(&item, "band_words", band_words(hit->band));
        page_text(&item, "reason", hit->reason && hit->reason->count > 0 ? hit->reason->text : NULL);
        add_item(items, item);
        rec_record_clear(&record);
    }
    return rc;
}

static void set_left_out(json_t **page, const rec_answer *found)
{
    if (found->filtered > 0 || found->duplicate > 0)
        page_format(page, "left_out", "Left out above: %zu by the filters, %zu as near-copies.", found->filtered, found->duplicate);
    else
        page_text(page, "left_out", NULL);
}

/* Papers like it, with reasons where model and index are at hand; stored neighbours without them are better than no page. */
static rec_status find_like(struct call *call, rec_doc doc, const struct narrowing *narrowing, rec_answer *out, rec_error *err)
{
    rec_request request = REC_REQUEST_INIT;
    rec_status rc;

    request.doc = doc;
    request.limit = LIKE_PAPERS;
    request.filter = narrowing->filter;
    request.explain = true;
    rc = rec_recommend(call->engine, &request, out, err);
    if (rc != REC_ESTALE && rc != REC_EDAMAGED)
        return rc;
    request.explain = false;
    return rec_recommend(call->engine, &request, out, err);
}

static rec_status show_paper(struct call *call, rec_doc doc, const struct narrowing *narrowing, rec_error *err)
{
    rec_record record = REC_RECORD_INIT;
    rec_answer found = REC_ANSWER_INIT;
    json_t *page, *items = NULL;
    rec_status rc = rec_store_get(rec_engine_store(call->engine), doc, REC_GET_ALL | REC_GET_VERIFIED, &record, err);
    rec_error reason = REC_ERROR_INIT;

    if (rc != REC_OK)
        return rc;
    /* A store that was never built has its papers to show. */
    if (find_like(call, doc, narrowing, &found, &reason) == REC_OK)
        rc = like_items(call, &found, &items, err);
    page = page_new(call, record.paper.title && *record.paper.title ? record.paper.title : record.paper.id.text, NULL);
    set_key(&page, "paper", page_paper(&record));
    page_text(&page, "here", json_string_value(json_object_get(json_object_get(page, "paper"), "page")));
    set_key(&page, "items", items ? items : json_array());
    page_text(&page, "nothing", reason.code != REC_OK ? reason.message : "No paper here is like it under these filters.");
    set_narrowing(&page, narrowing);
    set_left_out(&page, &found);
    rec_answer_clear(&found);
    rec_record_clear(&record);
    if (rc == REC_OK)
        return page_reply(call, "page.paper", page, err);
    json_decref(page);
    return rc;
}

/* GET /papers/{id} */
rec_status answer_paper_page(struct call *call, rec_error *err)
{
    struct narrowing narrowing;
    rec_doc doc;
    rec_status rc = call_find_paper(call, &doc, err);

    if (rc == REC_OK)
        rc = read_narrowing(call, &narrowing, err);
    return rc == REC_OK ? show_paper(call, doc, &narrowing, err) : rc;
}

/* ---- a search ------------------------------------------------------------------------------------------------------ */

static rec_status found_items(struct call *call, const rec_answer *found, json_t **items, rec_error *err)
{
    rec_status rc = REC_OK;

    *items = json_array();
    for (size_t i = 0; i < found->count && rc == REC_OK; i++) {
        rec_record record = REC_RECORD_INIT;

        if ((rc = rec_store_get(rec_engine_store(call->engine), found->hits[i].doc, REC_GET_ABSTRACT, &record, err)) != REC_OK)
            break;
        clip(record.paper.abstract);
        add_item(items, page_paper(&record));
        rec_record_clear(&record);
    }
    return rc;
}

/* GET /search?q=WORDS. An id in place of words opens the paper's page. */
rec_status answer_search_page(struct call *call, rec_error *err)
{
    const char *words = filled(call, "q");
    rec_request request = REC_REQUEST_INIT;
    rec_answer found = REC_ANSWER_INIT;
    struct narrowing narrowing;
    json_t *page, *items = NULL;
    rec_status rc = read_narrowing(call, &narrowing, err);

    request.limit = FOUND_PAPERS;
    request.offset = offset_of(call);
    request.filter = narrowing.filter;
    if (rc == REC_OK && words)
        rc = rec_search(call->engine, words, &request, &found, err);
    if (rc == REC_OK)
        rc = found_items(call, &found, &items, err);
    if (rc != REC_OK) {
        json_decref(items);
        rec_answer_clear(&found);
        return rc;
    }
    page = page_new(call, "Search", words);
    if (words)
        page_format(&page, "heading", "Papers with “%s”", words);
    set_key(&page, "items", items);
    set_narrowing(&page, &narrowing);
    set_more(&page, found.count == FOUND_PAPERS, "/search", "q", words, &narrowing, request.offset + FOUND_PAPERS);
    rec_answer_clear(&found);
    return page_reply(call, "page.search", page, err);
}

/* ---- the rest ------------------------------------------------------------------------------------------------------ */

/* GET /map */
rec_status answer_map_page(struct call *call, rec_error *err)
{
    json_t *page = page_new(call, "Map", NULL);

    size_t step = map_step((size_t)call->state.papers);

    if (step > 1)
        page_format(&page, "shown", "%zu%s", step, step == 2 ? "nd" : step == 3 ? "rd" : "th");
    else
        page_text(&page, "shown", NULL);
    return page_reply(call, "page.map", page, err);
}

/* GET /mail */
rec_status answer_mail_page(struct call *call, rec_error *err)
{
    return page_reply(call, "page.mail", page_new(call, "By mail", NULL), err);
}
