/* The data of templates: see sheet.h. Names and types as docs/digest.md gives them; a value that is not there is null. */
#include "sheet.h"

#include "escape.h"
#include "json_make.h"
#include "output.h"
#include "sealed.h"
#include "wrap.h"

#include "buf.h"
#include "json.h"

#include <stdio.h>
#include <string.h>

#define AUTHORS_SHOWN 3
#define CATEGORIES_SHOWN 3
#define URL_MAX 2048 /* bytes of an address that is shown */

static const char *const MONTHS[] = { "January", "February", "March",     "April",   "May",      "June",
                                      "July",    "August",   "September", "October", "November", "December" };

void date_in_words(const char *date, char *out, size_t size)
{
    int year, month, day;

    if (strlen(date) == 10 && sscanf(date, "%4d-%2d-%2d", &year, &month, &day) == 3 && month >= 1 && month <= 12)
        snprintf(out, size, "%d %s %d", day, MONTHS[month - 1], year);
    else
        snprintf(out, size, "%s", date);
}

/* Hands over what a buffer holds; null where that is nothing. */
static json_t *from_buf(rec_buf *buf)
{
    json_t *value = buf->failed ? NULL : buf->length > 0 ? make_text(buf->data, buf->length) : json_null();

    rec_buf_clear(buf);
    return value;
}

static json_t *shortened(const char *text, size_t most, void (*shorten)(const char *, size_t, rec_buf *))
{
    rec_buf buf = REC_BUF_INIT(4 * REC_MAX_ABSTRACT);

    if (text)
        shorten(text, most, &buf);
    return from_buf(&buf);
}

/* The first items of a stored JSON array as "A, B, C and 4 more". */
static json_t *joined(const char *array, size_t shown, const char *more)
{
    json_t *list, *item;
    rec_status rc = rec_json_read_stored(array, &list);
    size_t i, count = json_array_size(list);
    rec_buf buf = REC_BUF_INIT(REC_MAX_FIELD);

    if (rc != REC_OK)
        return NULL;
    if (count == shown + 1) /* "and 1 more" would be as long as the one */
        shown++;
    json_array_foreach(list, i, item)
    {
        if (i == shown || !json_is_string(item))
            break;
        rec_buf_puts(&buf, i > 0 ? ", " : "");
        shorten_to_word(json_string_value(item), 60, &buf);
    }
    if (count > shown)
        rec_buf_printf(&buf, more, count - shown);
    json_decref(list);
    return from_buf(&buf);
}

static json_t *safe_url(const char *url, bool may_be_mail)
{
    rec_buf buf = REC_BUF_INIT(3 * REC_MAX_FIELD);

    if (url && strlen(url) <= URL_MAX)
        escape_url(url, may_be_mail, &buf);
    return from_buf(&buf);
}

static json_t *paper_url(const rec_paper *paper)
{
    char url[REC_ID_URL_ROOM];

    if (paper->url)
        return safe_url(paper->url, false);
    rec_id_url(&paper->id, url, sizeof(url));
    return safe_url(url, false);
}

/* A name-based UUID (version 8 of RFC 9562: 128 bits of our own) as a URN: an id that a feed may keep for ever. */
static json_t *urn(const char *key, const char *id)
{
    char hex[REC_FINGERPRINT_CHARS], text[64];
    rec_buf both = REC_BUF_INIT(REC_MAX_FIELD);

    rec_buf_printf(&both, "%s\n%s", key, id);
    if (both.failed) {
        rec_buf_clear(&both);
        return NULL;
    }
    rec_fingerprint(both.data, both.length, hex);
    rec_buf_clear(&both);
    snprintf(text, sizeof(text), "urn:uuid:%.8s-%.4s-8%.3s-%c%.3s-%.12s", hex, hex + 8, hex + 13, "89ab"[hex[16] & 3], hex + 17, hex + 20);
    return json_string(text);
}

/* One line under a title: up to three parts, those that are null left out, with a middle dot between; null where there is nothing. */
static json_t *byline(const json_t *first, const char *second, const char *third)
{
    const char *const parts[] = { json_string_value(first), second, third };
    rec_buf buf = REC_BUF_INIT(REC_MAX_FIELD);

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        if (parts[i] && parts[i][0]) {
            rec_buf_puts(&buf, buf.length > 0 ? " · " : "");
            rec_buf_puts(&buf, parts[i]);
        }
    return from_buf(&buf);
}

static json_t *flag_of(const rec_paper *paper)
{
    if (paper->flags & REC_FLAG_RETRACTED)
        return json_string("RETRACTED");
    return paper->flags & REC_FLAG_WITHDRAWN ? json_string("WITHDRAWN") : json_null();
}

/* Title, authors and what else is shown of a paper. Papers without a title go by their id. */
static void set_paper(json_t **object, const rec_record *record, const struct sheet *sheet)
{
    const rec_paper *paper = &record->paper;

    set_key(object, "id", json_string(paper->id.text));
    set_key(object, "title",
            paper->title && paper->title[0] ? shortened(paper->title, sheet->title_length, shorten_to_word) : json_string(paper->id.text));
    set_key(object, "url", paper_url(paper));
    set_key(object, "authors", joined(paper->authors, AUTHORS_SHOWN, " and %zu more"));
    set_key(object, "categories", joined(paper->categories, CATEGORIES_SHOWN, ", …"));
    set_key(object, "published", paper->date.text[0] ? json_string(paper->date.text) : json_null());
    set_key(object, "flag", flag_of(paper));
    set_key(object, "venue", shortened(paper->venue, 80, shorten_to_word));
}

static json_t *suggestion(const rec_hit *hit, size_t rank, const struct sheet *sheet)
{
    const char *worth = hit->band > REC_BAND_WEAK ? NULL : "a loose match";
    json_t *object = json_object();
    char published[DATE_WORDS];

    date_in_words(hit->record.paper.date.text, published, sizeof(published));
    set_key(&object, "rank", json_integer((json_int_t)rank));
    set_paper(&object, &hit->record, sheet);
    set_key(&object, "band", json_string(rec_band_name(hit->band)));
    set_key(&object, "byline", byline(json_object_get(object, "authors"), published, worth));
    set_key(&object, "reason", hit->reason && hit->reason->count > 0 ? json_string(hit->reason->text) : json_null());
    return object;
}

static json_t *suggestions(const struct sheet_item *item, const struct sheet *sheet)
{
    json_t *list = json_array();

    for (size_t i = 0; i < item->answer->count; i++)
        add_item(&list, suggestion(&item->answer->hits[i], i + 1, sheet));
    return list;
}

static json_t *headline(const struct sheet *sheet, size_t at)
{
    const struct sheet_item *item = &sheet->items[at];
    json_t *object = json_object();
    char upvotes[32] = "";

    set_key(&object, "number", json_integer((json_int_t)at + 1));
    if (item->record) {
        set_paper(&object, item->record, sheet);
        if (item->record->paper.has_upvotes)
            snprintf(upvotes, sizeof(upvotes), "%.15g", item->record->paper.upvotes);
    } else {
        static const char *const absent[] = { "id", "url", "authors", "categories", "published", "venue", "flag" };

        for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
            set_key(&object, absent[i], json_null());
        set_key(&object, "title", shortened(item->title, sheet->title_length, shorten_to_word));
    }
    set_key(&object, "abstract",
            shortened(item->record ? item->record->paper.abstract : NULL, sheet->abstract_length, shorten_to_sentence));
    set_key(&object, "byline", byline(json_object_get(object, "authors"), json_string_value(json_object_get(object, "categories")), NULL));
    set_key(&object, "upvotes", upvotes[0] ? json_string(upvotes) : json_null());
    set_key(&object, "urn", urn(sheet->key, item->record ? item->record->paper.id.text : ""));
    set_key(&object, "note", item->note ? json_string(item->note) : json_null());
    set_key(&object, "suggestions", suggestions(item, sheet));
    return object;
}

json_t *sheet_to_json(const struct sheet *sheet)
{
    json_t *object = json_object(), *headlines = json_array();
    /* A feed needs a time; a sheet without a date has none of its own. */
    const char *updated = sheet->date[0] ? sheet->date : "1970-01-01";
    char time[32], words[DATE_WORDS];

    for (size_t i = 0; i < sheet->count; i++)
        add_item(&headlines, headline(sheet, i));
    date_in_words(sheet->date, words, sizeof(words));
    snprintf(time, sizeof(time), "%sT00:00:00Z", updated);
    set_key(&object, "title", json_string(sheet->title));
    set_key(&object, "date", sheet->date[0] ? json_string(sheet->date) : json_null());
    set_key(&object, "date_in_words", sheet->date[0] ? json_string(words) : json_null());
    set_key(&object, "updated", json_string(time));
    set_key(&object, "urn", urn(sheet->key, ""));
    set_key(&object, "archive", safe_url(sheet->archive, false));
    set_key(&object, "unsubscribe", safe_url(sheet->unsubscribe, true));
    set_key(&object, "headlines", headlines);
    return object;
}
