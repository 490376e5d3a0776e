/*
 * Semantic Scholar: papers of its API, alone or as `citedPaper`, `citingPaper` or `paper` of an entry, and lines of its data sets, which
 * write the same names in small letters ("papers" has no abstracts; "abstracts" has nothing else, and finds its paper by the ids).
 */
#include "dialects.h"

/* The corpus id is in every record of the service; the longer paperId is in the API's alone, and is a further id. */
#define CORPUS_ID "CorpusId:"

/* What a paper holds beside its ids; the API's spelling and that of the data sets. */
static const struct rec_field_name FIELDS[] = {
    { "title", "title" },
    { "abstract", "abstract" },
    { "authors", "authors" },
    { "date", "publicationDate" },
    { "date", "publicationdate" },
    { "venue", "venue" },
    { "categories", "fieldsOfStudy" },
    { "url", "url" },
    { NULL, NULL },
};

static const struct rec_field_name EXTERNAL_IDS[] = {
    { "arxiv", "ArXiv" },
    { "doi", "DOI" },
    { "pmid", "PubMed" },
    { NULL, NULL },
};

static const struct rec_field_name NAMES[] = {
    { "date", "publicationDate" },
    { "categories", "fieldsOfStudy" },
    { NULL, NULL },
};

static const char *const WRAPPERS[] = { "citedPaper", "citingPaper", "paper" };

/* A record with an `id` is under our own names, whatever else it keeps. */
static bool is_paper(const json_t *record)
{
    return !json_object_get(record, "id") && (json_object_get(record, "paperId") || json_object_get(record, "corpusid") ||
                                              json_is_object(json_object_get(record, "externalIds")));
}

/* The paper that an entry of an answer is about, or NULL; `*wrapper` is the name of its field. */
static json_t *find_wrapped(const json_t *record, const char **wrapper)
{
    for (size_t i = 0; i < sizeof(WRAPPERS) / sizeof(WRAPPERS[0]); i++) {
        json_t *paper = json_object_get(record, WRAPPERS[i]);

        *wrapper = WRAPPERS[i];
        if (json_is_object(paper) && is_paper(paper))
            return paper;
    }
    return NULL;
}

static bool is_semantic_scholar(const json_t *record)
{
    const char *wrapper;

    return is_paper(record) || find_wrapped(record, &wrapper);
}

static bool move_external_ids(json_t *from, const char *field, json_t *own)
{
    json_t *ids = json_object_get(from, field), *id;
    const char *name;
    void *next;

    if (!json_is_object(ids))
        return true;
    if (!rec_move_fields(ids, EXTERNAL_IDS, own) || !rec_add_further_id(own, CORPUS_ID, json_object_get(ids, "CorpusId")))
        return false;
    json_object_del(ids, "CorpusId");
    json_object_foreach_safe(ids, next, name, id) if (json_is_null(id)) json_object_del(ids, name); /* the data sets name every kind */
    if (json_object_size(ids) == 0)
        json_object_del(from, field);
    return true;
}

static bool move_ids(json_t *paper, json_t *own)
{
    json_t *access = json_object_get(paper, "openaccessinfo"); /* where the data set "abstracts" has them */

    if (!rec_add_further_id(own, CORPUS_ID, json_object_get(paper, "corpusid")) || !move_external_ids(paper, "externalIds", own) ||
        !move_external_ids(paper, "externalids", own) || (access && !move_external_ids(access, "externalids", own)) ||
        !rec_add_further_id(own, CORPUS_ID, json_object_get(paper, "corpusId")) ||
        !rec_add_further_id(own, "", json_object_get(paper, "paperId")))
        return false;
    json_object_del(paper, "corpusid");
    json_object_del(paper, "corpusId");
    json_object_del(paper, "paperId");
    return true;
}

/* Fields of study as [{"category": "...", "source": "..."}]: the same field comes from several sources. */
static bool add_categories(json_t *paper, const char *field, json_t *own)
{
    json_t *studies = json_object_get(paper, field), *study, *categories;
    size_t i;

    if (!json_is_array(studies) || json_object_get(own, "categories"))
        return true;
    if (json_object_set_new(own, "categories", categories = json_array()) != 0)
        return false;
    json_array_foreach(studies, i, study)
    {
        json_t *category = json_object_get(study, "category");

        if (json_is_string(category) && json_array_append(categories, category) != 0)
            return false;
    }
    return true;
}

static bool translate_paper(json_t *paper, json_t *own)
{
    if (!move_ids(paper, own) || !rec_move_fields(paper, FIELDS, own) || !rec_move_field(paper, "year", own, "date"))
        return false;
    if (!add_categories(paper, "s2FieldsOfStudy", own) || !add_categories(paper, "s2fieldsofstudy", own))
        return false;
    if (json_string_length(json_object_get(own, "venue")) > 0)
        return true;
    json_object_del(own, "venue");
    return rec_move_field(json_object_get(paper, "journal"), "name", own, "venue");
}

static bool translate(json_t *record, json_t *own, rec_error *refusal)
{
    const char *wrapper = NULL;
    json_t *paper = is_paper(record) ? NULL : find_wrapped(record, &wrapper);

    (void)refusal;
    if (!translate_paper(paper ? paper : record, own))
        return false;
    if (paper && json_object_size(paper) == 0)
        json_object_del(record, wrapper);
    return true;
}

const struct rec_dialect rec_dialect_semantic_scholar = { "Semantic Scholar", is_semantic_scholar, translate, NAMES };
