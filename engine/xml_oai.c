/*
 * OAI-PMH: answers to ListRecords and GetRecord with arXiv's own formats (`arXiv`, `arXivRaw`) or Dublin Core (`oai_dc`), which every
 * repository has.
 */
#include "xml_vocabulary.h"

#include "quote.h"
#include "rec/id.h"

#include <string.h>

static const struct rec_field_name NAMES[] = {
    { "date", "created" },
    { "authors", "author" },
    { "venue", "journal-ref" },
    { NULL, NULL },
};

/* ---- arXiv's formats ----------------------------------------------------------------------------------------------- */

static const struct rec_field_name ARXIV[] = {
    /* the comments, which are none of our fields, become an extra */
    { "id", "id" },           { "title", "title" }, { "abstract", "abstract" }, { "categories", "categories" }, { "date", "created" },
    { "updated", "updated" }, { "doi", "doi" },     { "venue", "journal-ref" }, { "comments", "comments" },     { NULL, NULL },
};

/* One string in `arXivRaw`, elements in `arXiv`. */
static bool put_authors(struct rec_xml_node *paper, json_t *own)
{
    struct rec_xml_node *authors = rec_xml_child(paper, "authors"), *author = rec_xml_child(authors, "author");

    if (!author)
        return rec_xml_put(own, "authors", authors);
    for (; author; author = rec_xml_next(author))
        if (!rec_append_name(own, "authors", rec_xml_word(rec_xml_child(author, "forenames")),
                             rec_xml_word(rec_xml_child(author, "keyname")), rec_xml_word(rec_xml_child(author, "suffix"))))
            return false;
    return true;
}

/* <version version="v2"><date>...</date></version> of `arXivRaw`, as our `versions`. */
static bool put_versions(struct rec_xml_node *paper, json_t *own)
{
    struct rec_xml_node *version = rec_xml_child(paper, "version");
    json_t *versions;

    if (!version)
        return true;
    if (json_object_set_new(own, "versions", versions = json_array()) != 0)
        return false;
    for (; version; version = rec_xml_next(version)) {
        const char *name = rec_xml_attribute(version, "version"), *date = rec_xml_word(rec_xml_child(version, "date"));

        version->used = true;
        if (json_array_append_new(versions, json_pack("{s:s?, s:s?}", "version", name, "created", date)) != 0)
            return false;
    }
    return true;
}

static bool translate_arxiv(struct rec_xml_node *paper, json_t *own)
{
    for (const struct rec_field_name *text = ARXIV; text->ours; text++)
        if (!rec_xml_put(own, text->ours, rec_xml_child(paper, text->theirs)))
            return false;
    return put_authors(paper, own) && put_versions(paper, own);
}

/* ---- Dublin Core --------------------------------------------------------------------------------------------------- */

static bool append_all(struct rec_xml_node *dc, const char *element, json_t *own, const char *field)
{
    for (struct rec_xml_node *node = rec_xml_child(dc, element); node; node = rec_xml_next(node))
        if (!rec_xml_append(own, field, node))
            return false;
    return true;
}

/* Identifiers are of any kind; those that are ids of papers are taken, and the first address. */
static bool put_identifiers(struct rec_xml_node *dc, json_t *own)
{
    for (struct rec_xml_node *node = rec_xml_child(dc, "identifier"); node; node = rec_xml_next(node)) {
        const char *text = rec_xml_word(node);
        rec_id id;

        if (text && rec_id_parse(text, &id, NULL) == REC_OK && id.kind != REC_ID_LOCAL) {
            if (!rec_append_text(own, "also", text))
                return false;
        } else if (text && strncmp(text, "http", 4) == 0 && !json_object_get(own, "url")) {
            if (!rec_xml_put(own, "url", node))
                return false;
        } else {
            node->used = false;
        }
    }
    return true;
}

static bool translate_dc(struct rec_xml_node *dc, json_t *own)
{
    return rec_xml_put(own, "title", rec_xml_child(dc, "title")) && rec_xml_put(own, "abstract", rec_xml_child(dc, "description")) &&
           append_all(dc, "creator", own, "authors") && append_all(dc, "subject", own, "keywords") &&
           rec_xml_put(own, "date", rec_xml_child(dc, "date")) && rec_xml_put(own, "venue", rec_xml_child(dc, "source")) &&
           put_identifiers(dc, own);
}

/* ---- records ------------------------------------------------------------------------------------------------------- */

/* "oai:arXiv.org:2401.01234" is an id of arXiv; that of another repository is a local key. */
static bool put_header(struct rec_xml_node *header, json_t *own)
{
    static const char arxiv[] = "oai:arXiv.org:";
    const char *identifier = rec_xml_word(rec_xml_child(header, "identifier"));

    if (!identifier || json_object_get(own, "id"))
        return true;
    if (strncmp(identifier, arxiv, strlen(arxiv)) == 0)
        identifier += strlen(arxiv);
    return json_object_set_new(own, "id", json_string(identifier)) == 0;
}

/* A repository that deletes a record goes on naming it. */
static bool note_deletion(struct rec_xml_node *header, json_t *own)
{
    const char *status = rec_xml_attribute(header, "status");

    if (!status || strcmp(status, "deleted") != 0)
        return true;
    return json_object_set_new(own, "withdrawn", json_true()) == 0;
}

static bool translate(struct rec_xml_node *record, json_t *own, rec_error *refusal)
{
    struct rec_xml_node *header = rec_xml_child(record, "header"), *metadata = rec_xml_child(record, "metadata");
    struct rec_xml_node *arxiv = rec_xml_child(metadata, "arXiv"), *raw = rec_xml_child(metadata, "arXivRaw");
    struct rec_xml_node *dc = rec_xml_child(metadata, "dc");

    (void)refusal;
    if ((arxiv || raw) && !translate_arxiv(arxiv ? arxiv : raw, own))
        return false;
    return (!dc || translate_dc(dc, own)) && put_header(header, own) && note_deletion(header, own);
}

/* ---- errors -------------------------------------------------------------------------------------------------------- */

/* That no records match is an answer, and an empty one. */
static void read_error(struct rec_xml_node *error, rec_error *refusal)
{
    const char *code = rec_xml_attribute(error, "code"), *words = rec_xml_word(error);
    char quoted_code[REC_QUOTE_ROOM], quoted_words[REC_QUOTE_ROOM];

    if (!code || strcmp(code, "noRecordsMatch") != 0)
        (void)rec_fail(refusal, REC_EFORMAT, "the repository answered with an error: %s%s%s",
                       rec_quote(code ? code : "(no code)", quoted_code), words ? ": " : "", rec_quote(words ? words : "", quoted_words));
}

const struct rec_xml_vocabulary rec_xml_oai = { "OAI-PMH", "OAI-PMH",  "record",         NULL, translate, NAMES,
                                                "error",   read_error, "resumptionToken" };
