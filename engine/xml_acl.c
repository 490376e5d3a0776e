/*
 * The ACL Anthology's own files: <collection id="2023.acl"><volume id="long"><meta>...</meta><paper id="1">... What a paper shares with its
 * volume (book title, year, month) is in the volume's <meta>.
 */
#include "xml_vocabulary.h"

#include <stdio.h>
#include <string.h>

#define ADDRESS "https://aclanthology.org/"

static const struct rec_field_name NAMES[] = {
    { "id", "url" }, { "authors", "author" }, { "venue", "booktitle" }, { "date", "year" }, { NULL, NULL },
};

/* <url> is the paper's id, in either of the two ways the Anthology has had of making them. */
static bool put_id(struct rec_xml_node *paper, json_t *own)
{
    struct rec_xml_node *url = rec_xml_child(paper, "url");
    const char *id = rec_xml_word(url);
    char address[256];

    if (!id)
        return true;
    if (strstr(id, "://") || (size_t)snprintf(address, sizeof(address), ADDRESS "%s/", id) >= sizeof(address))
        return rec_xml_put(own, "url", url);
    return json_object_set_new(own, "id", json_string(id)) == 0 && json_object_set_new(own, "url", json_string(address)) == 0;
}

/* Without an <url>: what the newer ids are made of. */
static bool make_id(const struct rec_xml_node *paper, json_t *own)
{
    const struct rec_xml_node *volume = paper->parent, *collection = volume ? volume->parent : NULL;
    const char *number = rec_xml_attribute(paper, "id"), *volume_id = rec_xml_attribute(volume, "id");
    const char *collection_id = rec_xml_attribute(collection, "id");
    char id[256];

    if (json_object_get(own, "id") || !number || !volume_id || !collection_id)
        return true;
    if ((size_t)snprintf(id, sizeof(id), "%s-%s.%s", collection_id, volume_id, number) >= sizeof(id))
        return true;
    return json_object_set_new(own, "id", json_string(id)) == 0;
}

static bool append_authors(struct rec_xml_node *paper, json_t *own)
{
    for (struct rec_xml_node *author = rec_xml_child(paper, "author"); author; author = rec_xml_next(author)) {
        struct rec_xml_node *first = rec_xml_child(author, "first"), *last = rec_xml_child(author, "last");

        if (!rec_append_name(own, "authors", rec_xml_word(first), rec_xml_word(last), NULL))
            return false;
    }
    return true;
}

static bool translate(struct rec_xml_node *paper, json_t *own, rec_error *refusal)
{
    struct rec_xml_node *meta = rec_xml_child(paper->parent, "meta");

    (void)refusal;
    return put_id(paper, own) && make_id(paper, own) && rec_xml_put(own, "title", rec_xml_child(paper, "title")) &&
           rec_xml_put(own, "abstract", rec_xml_child(paper, "abstract")) && rec_xml_put(own, "doi", rec_xml_child(paper, "doi")) &&
           append_authors(paper, own) && rec_xml_put(own, "venue", rec_xml_child(meta, "booktitle")) &&
           rec_put_date(own, rec_xml_word(rec_xml_child(meta, "year")), rec_xml_word(rec_xml_child(meta, "month")), NULL);
}

const struct rec_xml_vocabulary rec_xml_acl = { "ACL Anthology", "collection", "paper", "meta", translate, NAMES, NULL, NULL, NULL };
