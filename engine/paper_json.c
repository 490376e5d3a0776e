/* See rec/paper_json.h. */
#include "rec/paper_json.h"

#include "json.h"

const char *rec_paper_url(const rec_paper *paper, char room[REC_ID_URL_ROOM])
{
    if (paper->url)
        return paper->url;
    rec_id_url(&paper->id, room, REC_ID_URL_ROOM);
    return room[0] ? room : NULL;
}

void rec_put_flags(rec_buf *out, const char *key, const rec_paper *paper)
{
    rec_put_open(out, key, '[');
    if (paper && paper->flags & REC_FLAG_WITHDRAWN)
        rec_put_text(out, NULL, "withdrawn");
    if (paper && paper->flags & REC_FLAG_RETRACTED)
        rec_put_text(out, NULL, "retracted");
    rec_put_close(out, ']');
}

/* NULL, which is written as null, for no date. */
static const char *set_or_null(const rec_date *date)
{
    return date->text[0] ? date->text : NULL;
}

static void put_originals(rec_buf *out, const rec_paper *paper, bool stored)
{
    rec_put_text(out, "title_original", paper->title_original || stored ? paper->title_original : paper->title);
    rec_put_text(out, "abstract_original", paper->abstract_original || stored ? paper->abstract_original : paper->abstract);
}

/* null where it cannot be read, as lists are empty then: a damaged row of an older store, which has no sums to tell by. */
static void put_extra(rec_buf *out, const char *extra, bool stored)
{
    json_t *tree;

    if (rec_json_read_stored(extra, &tree) != REC_OK)
        out->failed = true;
    else if (tree)
        rec_put_tree(out, "extra", tree, stored ? REC_DIGITS_ALL : REC_DIGITS_FLOAT);
    else if (extra || stored)
        rec_put_text(out, "extra", NULL);
}

void rec_put_paper_members(rec_buf *out, const rec_record *record, rec_paper_form form)
{
    const rec_paper *paper = &record->paper;
    bool stored = form == REC_PAPER_STORED;
    char url[REC_ID_URL_ROOM];

    if (paper->id.version)
        rec_put_integer(out, "version", paper->id.version);
    else
        rec_put_text(out, "version", NULL);
    rec_put_text(out, "title", paper->title);
    rec_put_text(out, "abstract", paper->abstract);
    rec_put_stored_list(out, "authors", paper->authors);
    rec_put_text(out, "published", set_or_null(&paper->date));
    rec_put_text(out, "updated", set_or_null(&paper->updated));
    rec_put_stored_list(out, "categories", paper->categories);
    rec_put_stored_list(out, "keywords", paper->keywords);
    rec_put_text(out, "venue", paper->venue);
    rec_put_text(out, "url", stored ? paper->url : rec_paper_url(paper, url));
    rec_put_flags(out, "flags", paper);
    if (paper->has_upvotes)
        rec_put_real(out, "upvotes", paper->upvotes, stored ? REC_DIGITS_ALL : REC_DIGITS_FLOAT);
    else
        rec_put_text(out, "upvotes", NULL);
    put_originals(out, paper, stored);
    put_extra(out, paper->extra, stored);
}
