/* Answers of services that hold no paper but say why: saved by a script that did not look at the status of HTTP. */
#include "dialects.h"

#include "quote.h"

/* Semantic Scholar, OpenAlex and Hugging Face have one of these, the first with more to say. */
static const char *words_of(const json_t *record)
{
    const char *message = json_string_value(json_object_get(record, "message"));

    return message ? message : json_string_value(json_object_get(record, "error"));
}

/* Nothing in it could be a paper. */
static bool is_failure(const json_t *record)
{
    static const char *const names[] = { "id",   "title", "arxiv", "arxiv_id", "doi",      "DOI",
                                         "pmid", "also",  "paper", "paperId",  "corpusid", "externalIds" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (json_object_get(record, names[i]))
            return false;
    return words_of(record) != NULL;
}

static bool translate(json_t *record, json_t *own, rec_error *refusal)
{
    char quoted[REC_QUOTE_ROOM];

    (void)own;
    (void)rec_fail(refusal, REC_EFORMAT, "the service answered with an error: %s", rec_quote(words_of(record), quoted));
    return true;
}

const struct rec_dialect rec_dialect_failure = { "failure", is_failure, translate, NULL };
