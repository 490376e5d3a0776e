/* PubMed: articles as its E-utilities (efetch) and its baseline files give them. */
#include "xml_vocabulary.h"

#include "buf.h"
#include "format.h"

#include <stdio.h>
#include <string.h>

#define DIGITS "0123456789"

static const struct rec_field_name NAMES[] = {
    { "pmid", "PMID" },   { "title", "ArticleTitle" }, { "abstract", "AbstractText" }, { "authors", "Author" },
    { "venue", "Title" }, { "date", "PubDate" },       { "keywords", "Keyword" },      { NULL, NULL },
};

/* ---- text ---------------------------------------------------------------------------------------------------------- */

/* Structured abstracts have several parts, each with a label. */
static bool put_abstract(struct rec_xml_node *article, json_t *own)
{
    struct rec_xml_node *part = rec_xml_find(article, "Abstract/AbstractText");
    rec_buf text = REC_BUF_INIT(REC_MAX_RECORD);
    json_t *piece = NULL;
    bool made = true;

    for (; part && made; part = rec_xml_next(part)) {
        const char *label = rec_xml_attribute(part, "Label");

        if ((made = (piece = json_object()) && rec_xml_put(piece, "text", part)) && json_object_size(piece) > 0)
            rec_buf_printf(&text, "%s%s%s%s", text.length > 0 ? " " : "", label ? label : "", label ? ": " : "",
                           json_string_value(json_object_get(piece, "text")));
        json_decref(piece);
    }
    made = made && !text.failed && (text.length == 0 || json_object_set_new(own, "abstract", json_string(rec_buf_text(&text))) == 0);
    rec_buf_clear(&text);
    return made;
}

/* ---- dates --------------------------------------------------------------------------------------------------------- */

/* The first four digits in a row, as a text; false where there are none. */
static bool find_year(const char *words, char year[5])
{
    for (words += strcspn(words, DIGITS); *words; words += strcspn(words, DIGITS)) {
        size_t length = strspn(words, DIGITS);

        if (length == 4) {
            snprintf(year, 5, "%.4s", words);
            return true;
        }
        words += length;
    }
    return false;
}

/* "1998 Dec-1999 Jan" and "Winter 1998" are dates of issues: the first year. What has none is refused as a date. */
static bool put_date(struct rec_xml_node *date, json_t *own)
{
    const char *year = rec_xml_word(rec_xml_child(date, "Year")), *words = rec_xml_word(rec_xml_child(date, "MedlineDate"));
    char first_year[5];

    if (!year && words)
        year = find_year(words, first_year) ? first_year : words;
    return rec_put_date(own, year, rec_xml_word(rec_xml_child(date, "Month")), rec_xml_word(rec_xml_child(date, "Day")));
}

/* ---- lists --------------------------------------------------------------------------------------------------------- */

static bool append_authors(struct rec_xml_node *article, json_t *own)
{
    struct rec_xml_node *author = rec_xml_find(article, "AuthorList/Author");

    for (; author; author = rec_xml_next(author)) {
        const char *given = rec_xml_word(rec_xml_child(author, "ForeName")), *initials = rec_xml_word(rec_xml_child(author, "Initials"));

        if (!rec_append_name(own, "authors", given ? given : initials, rec_xml_word(rec_xml_child(author, "LastName")),
                             rec_xml_word(rec_xml_child(author, "Suffix"))) ||
            !rec_xml_append(own, "authors", rec_xml_child(author, "CollectiveName")))
            return false;
    }
    return true;
}

/* What the authors say it is about, then the headings of MeSH. */
static bool append_keywords(struct rec_xml_node *citation, json_t *own)
{
    struct rec_xml_node *keyword = rec_xml_find(citation, "KeywordList/Keyword"),
                        *heading = rec_xml_find(citation, "MeshHeadingList/MeshHeading");

    for (; keyword; keyword = rec_xml_next(keyword))
        if (!rec_xml_append(own, "keywords", keyword))
            return false;
    for (; heading; heading = rec_xml_next(heading)) {
        struct rec_xml_node *descriptor = rec_xml_child(heading, "DescriptorName");

        if (!rec_append_text(own, "keywords", rec_xml_word(descriptor)))
            return false;
    }
    return true;
}

static bool put_ids(struct rec_xml_node *record, json_t *own)
{
    struct rec_xml_node *id = rec_xml_find(record, "PubmedData/ArticleIdList/ArticleId");
    struct rec_xml_node *place = rec_xml_find(record, "MedlineCitation/Article/ELocationID");

    if (!rec_xml_put(own, "pmid", rec_xml_find(record, "MedlineCitation/PMID")))
        return false;
    for (; id; id = rec_xml_next(id)) {
        const char *kind = rec_xml_attribute(id, "IdType");

        if (kind && strcmp(kind, "pubmed") == 0)
            id->used = true; /* the same again */
        else if (kind && strcmp(kind, "doi") == 0 && !rec_xml_put(own, "doi", id))
            return false;
    }
    for (; place; place = rec_xml_next(place)) {
        const char *kind = rec_xml_attribute(place, "EIdType");

        if (kind && strcmp(kind, "doi") == 0 && !rec_xml_put(own, "doi", place))
            return false;
    }
    return true;
}

/* The notice that retracts is a "Retraction of Publication", and is no retracted paper itself. */
static bool note_retraction(struct rec_xml_node *article, json_t *own)
{
    struct rec_xml_node *type = rec_xml_find(article, "PublicationTypeList/PublicationType");
    bool retracted = false;

    for (; type; type = rec_xml_next(type)) {
        bool used = type->used;
        const char *name = rec_xml_word(type);

        retracted |= name && strcmp(name, "Retracted Publication") == 0;
        type->used = used; /* only looked at */
    }
    return !retracted || json_object_set_new(own, "retracted", json_true()) == 0;
}

static bool translate(struct rec_xml_node *record, json_t *own, rec_error *refusal)
{
    struct rec_xml_node *citation = rec_xml_child(record, "MedlineCitation"), *article = rec_xml_child(citation, "Article");

    (void)refusal;
    return put_ids(record, own) && rec_xml_put(own, "title", rec_xml_child(article, "ArticleTitle")) && put_abstract(article, own) &&
           append_authors(article, own) && rec_xml_put(own, "venue", rec_xml_find(article, "Journal/Title")) &&
           put_date(rec_xml_find(article, "Journal/JournalIssue/PubDate"), own) && put_date(rec_xml_child(article, "ArticleDate"), own) &&
           append_keywords(citation, own) && note_retraction(article, own);
}

const struct rec_xml_vocabulary rec_xml_pubmed = {
    "PubMed", "PubmedArticleSet", "PubmedArticle", NULL, translate, NAMES, NULL, NULL, NULL
};
