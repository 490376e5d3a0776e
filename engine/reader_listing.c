/* Listings of titles and abstracts: see reader_listing.h for the rules. */
#include "reader_listing.h"

#include "alloc.h"
#include "format.h"
#include "rec/clean.h"

#include <string.h>

static const char BUTTON[] = "Subscribe";

/* The button's length where the line begins with it and a title goes on at once; "Subscribers and churn" is a title. */
static size_t glued_button(const char *text, size_t length)
{
    size_t button = sizeof(BUTTON) - 1;
    unsigned char next;

    if (length <= button || memcmp(text, BUTTON, button) != 0)
        return 0;
    next = (unsigned char)text[button];
    return (next >= 'A' && next <= 'Z') || (next >= '0' && next <= '9') || next >= 0x80 || strchr("\"'([$\\", next) ? button : 0;
}

/* ---- one record ---------------------------------------------------------------------------------------------------- */

static rec_status clean_field(const char *field, const char *text, size_t length, size_t maximum, char **out, char **original,
                              rec_error *err)
{
    rec_buf clean = REC_BUF_INIT(4 * maximum + 16);
    rec_error reason = REC_ERROR_INIT;
    rec_status rc;

    if (length > maximum)
        return rec_fail(err, REC_EFORMAT, "field '%s': %zu bytes, at most %zu are allowed", field, length, maximum);
    if ((rc = rec_clean_text(text, length, &clean, &reason)) != REC_OK) {
        rc = rec_fail(err, rc, "field '%s': %s", field, reason.message);
    } else if ((clean.length != length || memcmp(rec_buf_text(&clean), text, length) != 0) && !(*original = rec_strndup(text, length))) {
        rc = rec_fail(err, REC_ENOMEM, "out of memory reading a record");
    } else if (!(*out = rec_buf_detach(&clean))) {
        rc = rec_fail(err, REC_ENOMEM, "out of memory reading a record");
    }
    rec_buf_clear(&clean);
    return rc;
}

rec_status rec_read_listing(const char *title, size_t title_length, const char *abstract, size_t abstract_length, bool first,
                            rec_paper *out, rec_error *err)
{
    size_t button = first ? glued_button(title, title_length) : 0;
    rec_paper paper = REC_PAPER_INIT;
    rec_error reason = REC_ERROR_INIT;
    rec_status rc;

    if ((rc = clean_field("title", title + button, title_length - button, REC_MAX_TITLE, &paper.title, &paper.title_original, err)) !=
        REC_OK)
        goto done;
    if ((rc = clean_field("abstract", abstract, abstract_length, REC_MAX_ABSTRACT, &paper.abstract, &paper.abstract_original, err)) !=
        REC_OK)
        goto done;
    if ((rc = rec_id_from_title(paper.title, &paper.id, &reason)) != REC_OK) {
        rc = rec_fail(err, REC_EFORMAT, "field 'title': %s", paper.title[0] ? reason.message : "missing before this abstract");
        goto done;
    }
    *out = paper;
    paper = (rec_paper)REC_PAPER_INIT;

done:
    rec_paper_clear(&paper);
    return rc;
}

/* ---- titles and abstracts in turn ---------------------------------------------------------------------------------- */

struct held_line {
    char *text; /* NULL: none */
    uint64_t number;
};

struct rec_listing {
    rec_listing_taker take;
    void *context;
    bool in_body; /* the first long line, or too many short ones, have been seen */
    bool any;     /* a pair was given */
    struct held_line leading[REC_LISTING_LEADING];
    size_t leading_count;
    struct held_line title;
    struct held_line short_line; /* behind the title: its abstract, or the next title */
};

rec_status rec_listing_new(rec_listing_taker take, void *context, rec_listing **out, rec_error *err)
{
    rec_listing *listing = rec_alloc(sizeof(*listing));

    if (!listing)
        return rec_fail(err, REC_ENOMEM, "out of memory reading a listing");
    listing->take = take;
    listing->context = context;
    *out = listing;
    return REC_OK;
}

static void drop(struct held_line *line)
{
    rec_free(line->text);
    *line = (struct held_line){ NULL, 0 };
}

void rec_listing_free(rec_listing *listing)
{
    if (!listing)
        return;
    for (size_t i = 0; i < listing->leading_count; i++)
        drop(&listing->leading[i]);
    drop(&listing->title);
    drop(&listing->short_line);
    rec_free(listing);
}

/* Gives the held title with `abstract` and forgets it. */
static rec_status give(rec_listing *listing, const char *abstract, uint64_t line, rec_error *err)
{
    rec_status rc = listing->take(listing->title.text ? listing->title.text : "", abstract,
                                  listing->title.text ? listing->title.number : line, !listing->any, listing->context, err);

    listing->any = true;
    drop(&listing->title);
    return rc;
}

/* One line of the body; takes `line` over. */
static rec_status take_body(rec_listing *listing, struct held_line line, rec_error *err)
{
    bool is_long = strlen(line.text) >= REC_LISTING_LONG;
    rec_status rc = REC_OK;

    if (!is_long && !listing->title.text) {
        listing->title = line;
        return REC_OK;
    }
    if (!is_long && !listing->short_line.text) {
        listing->short_line = line;
        return REC_OK;
    }
    if (is_long && listing->short_line.text) { /* the short line was its title: the one before has no abstract */
        rc = give(listing, "", 0, err);
        listing->title = listing->short_line;
        listing->short_line = (struct held_line){ NULL, 0 };
    }
    if (rc == REC_OK && is_long) {
        rc = give(listing, line.text, line.number, err);
        drop(&line);
    } else if (rc == REC_OK) { /* three short lines: a pair, and the next title */
        rc = give(listing, listing->short_line.text, 0, err);
        drop(&listing->short_line);
        listing->title = line;
    } else {
        drop(&line);
    }
    return rc;
}

/* Which of the short lines before the first long one is the first title: the one with the button, else the last. */
static size_t first_title(const rec_listing *listing)
{
    for (size_t i = 0; i < listing->leading_count; i++)
        if (glued_button(listing->leading[i].text, strlen(listing->leading[i].text)) > 0)
            return i;
    return listing->leading_count > 0 ? listing->leading_count - 1 : 0;
}

/* Feeds the leading lines from number `first` on to the body; those before it were banners. */
static rec_status enter_body(rec_listing *listing, size_t first, rec_error *err)
{
    rec_status rc = REC_OK;

    listing->in_body = true;
    for (size_t i = 0; i < listing->leading_count; i++) {
        if (i >= first && rc == REC_OK)
            rc = take_body(listing, listing->leading[i], err);
        else
            drop(&listing->leading[i]);
    }
    listing->leading_count = 0;
    return rc;
}

static rec_status end(rec_listing *listing, rec_error *err)
{
    rec_status rc = listing->in_body ? REC_OK : enter_body(listing, 0, err);

    if (rc == REC_OK && listing->title.text)
        rc = give(listing, listing->short_line.text ? listing->short_line.text : "", 0, err);
    return rc;
}

rec_status rec_listing_feed(rec_listing *listing, const char *text, size_t length, uint64_t line, rec_error *err)
{
    struct held_line held = { NULL, line };
    rec_status rc = REC_OK;

    if (!text)
        return end(listing, err);
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
        length--;
    if (length == 0)
        return REC_OK;
    if (memchr(text, '\0', length))
        return rec_fail(err, REC_EFORMAT, "the line holds a NUL");
    if (!(held.text = rec_strndup(text, length)))
        return rec_fail(err, REC_ENOMEM, "out of memory reading a listing");
    if (!listing->in_body) {
        if (length >= REC_LISTING_LONG)
            rc = enter_body(listing, first_title(listing), err);
        else if (listing->leading_count == REC_LISTING_LEADING)
            rc = enter_body(listing, 0, err);
        else {
            listing->leading[listing->leading_count++] = held;
            return REC_OK;
        }
    }
    if (rc == REC_OK)
        return take_body(listing, held, err);
    drop(&held);
    return rc;
}

/* ---- the format ---------------------------------------------------------------------------------------------------- */

struct reading {
    const rec_record_taker *taker;
    rec_listing *listing;
};

static rec_status take_pair(const char *title, const char *abstract, uint64_t line, bool first, void *context, rec_error *err)
{
    struct reading *r = context;
    rec_position at = { line, 0 };
    rec_paper paper = REC_PAPER_INIT;
    rec_error reason = REC_ERROR_INIT;
    rec_status parsed = rec_read_listing(title, strlen(title), abstract, strlen(abstract), first, &paper, &reason);

    return rec_hand_on(r->taker, parsed, &paper, &at, &reason, err);
}

static rec_status take_line(void *context, const rec_line *line, rec_error *err)
{
    struct reading *r = context;
    rec_position at = { line->number, 0 };

    if (memchr(line->text, '\0', line->length)) {
        rec_error reason = { REC_EFORMAT, "the line holds a NUL" };
        return r->taker->refuse(r->taker->context, &at, &reason, err);
    }
    return rec_listing_feed(r->listing, line->text, line->length, line->number, err);
}

static rec_status read_listing(rec_source *source, const rec_record_taker *taker, rec_error *err)
{
    struct reading r = { taker, NULL };
    rec_status rc = rec_listing_new(take_pair, &r, &r.listing, err);

    if (rc == REC_OK)
        rc = rec_read_lines(source, taker, take_line, &r, err);
    if (rc == REC_OK)
        rc = rec_listing_feed(r.listing, NULL, 0, 0, err);
    rec_listing_free(r.listing);
    return rc;
}

static bool is_listing(const char *head, size_t length)
{
    (void)head, (void)length;
    return true;
}

const struct rec_format rec_format_listing = { "listing", is_listing, read_listing };
