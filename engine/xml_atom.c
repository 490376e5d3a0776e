/* Atom (RFC 4287) as arXiv's API writes it, with the elements it adds; entries of any other feed are read as far as they go. */
#include "xml_vocabulary.h"

#include "quote.h"

#include <string.h>

static const struct rec_field_name NAMES[] = {
    { "abstract", "summary" },  { "date", "published" }, { "authors", "author" }, { "categories", "category" },
    { "venue", "journal_ref" }, { "url", "link" },       { NULL, NULL },
};

/* Category elements hold their content in attributes. */
static bool add_categories(struct rec_xml_node *entry, const char *element, json_t *own)
{
    for (struct rec_xml_node *category = rec_xml_child(entry, element); category; category = rec_xml_next(category)) {
        category->used = true;
        if (!rec_append_text(own, "categories", rec_xml_attribute(category, "term")))
            return false;
    }
    return true;
}

/* Only names: what else stands in an author is left where it is. */
static bool add_authors(struct rec_xml_node *entry, json_t *own)
{
    for (struct rec_xml_node *author = rec_xml_child(entry, "author"); author; author = rec_xml_next(author))
        if (!rec_xml_append(own, "authors", rec_xml_child(author, "name")))
            return false;
    return true;
}

/* The page of the paper, not its PDF. A link without a relation is one (RFC 4287, 4.2.7.2). */
static bool put_address(struct rec_xml_node *entry, json_t *own)
{
    for (struct rec_xml_node *link = rec_xml_child(entry, "link"); link; link = rec_xml_next(link)) {
        const char *relation = rec_xml_attribute(link, "rel"), *address = rec_xml_attribute(link, "href");

        if (!address || (relation && strcmp(relation, "alternate") != 0) || json_object_get(own, "url"))
            continue;
        link->used = true;
        if (json_object_set_new(own, "url", json_string(address)) != 0)
            return false;
    }
    return true;
}

/* arXiv's API answers a bad request with an entry that tells of it. */
static void look_for_error(const json_t *own, rec_error *refusal)
{
    const char *id = json_string_value(json_object_get(own, "id")), *what = json_string_value(json_object_get(own, "abstract"));
    char quoted[REC_QUOTE_ROOM];

    if (id && strstr(id, "arxiv.org/api/errors"))
        (void)rec_fail(refusal, REC_EFORMAT, "the service answered with an error: %s", rec_quote(what ? what : "", quoted));
}

static bool translate(struct rec_xml_node *entry, json_t *own, rec_error *refusal)
{
    static const struct rec_field_name TEXTS[] = {
        /* the comment, which is none of our fields, becomes an extra */
        { "id", "id" },           { "title", "title" }, { "abstract", "summary" },  { "abstract", "content" }, { "date", "published" },
        { "updated", "updated" }, { "doi", "doi" },     { "venue", "journal_ref" }, { "comment", "comment" },  { NULL, NULL },
    };

    for (const struct rec_field_name *text = TEXTS; text->ours; text++)
        if (!rec_xml_put(own, text->ours, rec_xml_child(entry, text->theirs)))
            return false;
    look_for_error(own, refusal);
    /* The primary category stands first; the list names it again, which does no harm. */
    return add_authors(entry, own) && add_categories(entry, "primary_category", own) && add_categories(entry, "category", own) &&
           put_address(entry, own);
}

const struct rec_xml_vocabulary rec_xml_atom = { "Atom", "feed", "entry", NULL, translate, NAMES, NULL, NULL, NULL };
