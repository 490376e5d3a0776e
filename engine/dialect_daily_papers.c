/*
 * Hugging Face's daily papers: {"paper": {"id", "title", "summary", "authors": [{"name"}], "upvotes", "publishedAt", ...}, "title", ...},
 * and the inner object alone, as the same service gives a single paper.
 *
 * What stands outside `paper` is about the listing, not the paper: it repeats title, summary and date, and is taken where `paper` lacks
 * them.
 */
#include "dialects.h"

static const struct rec_field_name FIELDS[] = {
    { "id", "id" },           { "title", "title" },      { "abstract", "summary" },     { "authors", "authors" },
    { "upvotes", "upvotes" }, { "date", "publishedAt" }, { "keywords", "ai_keywords" }, { NULL, NULL },
};

static const struct rec_field_name REPEATED[] = {
    { "title", "title" },
    { "abstract", "summary" },
    { "date", "publishedAt" },
    { NULL, NULL },
};

static bool is_listed(const json_t *record)
{
    return json_object_get(json_object_get(record, "paper"), "id") && !json_object_get(record, "id");
}

static bool is_daily_paper(const json_t *record)
{
    return is_listed(record) || (json_object_get(record, "summary") && json_object_get(record, "publishedAt"));
}

static bool translate(json_t *record, json_t *own, rec_error *refusal)
{
    json_t *paper = json_object_get(record, "paper");

    (void)refusal;
    if (!is_listed(record))
        return rec_move_fields(record, FIELDS, own);
    if (!rec_move_fields(paper, FIELDS, own) || !rec_move_fields(record, REPEATED, own))
        return false;
    for (const struct rec_field_name *field = REPEATED; field->ours; field++)
        if (json_equal(json_object_get(record, field->theirs), json_object_get(own, field->ours)))
            json_object_del(record, field->theirs);
    if (json_object_size(paper) == 0)
        json_object_del(record, "paper");
    return true;
}

const struct rec_dialect rec_dialect_daily_papers = { "Hugging Face daily papers", is_daily_paper, translate, FIELDS };
