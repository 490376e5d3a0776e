/* The JSON dialects, and what they share: see dialects.h. To add one: a file, a row here, a test, a section in docs/formats.md. */
#include "dialects.h"

#include "rec/id.h"

#include <stdio.h>

static const struct rec_dialect *const DIALECTS[] = {
    &rec_dialect_export,
    &rec_dialect_daily_papers,
    &rec_dialect_semantic_scholar,
    &rec_dialect_openalex,
    &rec_dialect_csl,
    &rec_dialect_failure,
};

const struct rec_dialect *rec_find_dialect(const json_t *record)
{
    for (size_t i = 0; i < sizeof(DIALECTS) / sizeof(DIALECTS[0]); i++)
        if (DIALECTS[i]->recognise(record))
            return DIALECTS[i];
    return NULL;
}

bool rec_add_further_id(json_t *own, const char *prefix, const json_t *id)
{
    char text[REC_ID_MAX + 1];

    if (json_is_integer(id))
        snprintf(text, sizeof(text), "%s%lld", prefix, (long long)json_integer_value(id));
    else if (json_is_string(id) && json_string_length(id) + sizeof("CorpusId:") < sizeof(text))
        snprintf(text, sizeof(text), "%s%s", prefix, json_string_value(id));
    else
        return true;
    return rec_append_text(own, "also", text);
}
