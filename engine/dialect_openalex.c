/*
 * OpenAlex: works of its API and its snapshot. An abstract comes as an inverted index, {"word": [places], ...}.
 */
#include "dialects.h"

#include "alloc.h"
#include "buf.h"
#include "rec/paper.h"

#include <string.h>

#define ADDRESS "https://openalex.org/"
#define MAX_WORDS (REC_MAX_ABSTRACT / 2) /* as many as an abstract has room for */

static const struct rec_field_name FIELDS[] = {
    { "id", "id" },
    { "doi", "doi" },
    { "title", "title" },
    { "title", "display_name" },
    { "date", "publication_date" },
    { "date", "publication_year" },
    { "retracted", "is_retracted" },
    { NULL, NULL },
};

static const struct rec_field_name NAMES[] = {
    /* where two may be meant, the one that is mostly there */
    { "date", "publication_date" },
    { "authors", "authorships" },
    { "abstract", "abstract_inverted_index" },
    { "pmid", "ids.pmid" },
    { "venue", "primary_location.source.display_name" },
    { "url", "primary_location.landing_page_url" },
    { "categories", "topics" },
    { "retracted", "is_retracted" },
    { NULL, NULL },
};

static bool is_work(const json_t *record)
{
    const char *id = json_string_value(json_object_get(record, "id"));

    return id && strncmp(id, ADDRESS "W", strlen(ADDRESS) + 1) == 0;
}

/* ---- the abstract -------------------------------------------------------------------------------------------------- */

/* Puts every word at its places and finds how many there are; false where a place is none. `words` has room for MAX_WORDS. */
static bool place_words(const json_t *index, const char **words, size_t *count)
{
    const char *word;
    json_t *places, *place;
    size_t i;

    *count = 0;
    json_object_foreach((json_t *)index, word, places)
    {
        if (!json_is_array(places))
            return false;
        json_array_foreach(places, i, place)
        {
            json_int_t at = json_integer_value(place);

            if (!json_is_integer(place) || at < 0 || at >= MAX_WORDS)
                return false;
            words[at] = word;
            if ((size_t)at >= *count)
                *count = (size_t)at + 1;
        }
    }
    return true;
}

static bool put_abstract(json_t *record, json_t *own, rec_error *refusal)
{
    const json_t *index = json_object_get(record, "abstract_inverted_index");
    rec_buf text = REC_BUF_INIT(REC_MAX_ABSTRACT + 1); /* one more, so that one that is too long is refused as such */
    const char **words;
    size_t count, bytes = 0;
    bool made;

    if (!json_is_object(index))
        return true;
    words = rec_alloc_array(MAX_WORDS, sizeof(*words));
    if (!words)
        return false;
    if (!place_words(index, words, &count))
        (void)rec_fail(refusal, REC_EFORMAT, "field 'abstract_inverted_index': expected lists of places from 0 to %d", MAX_WORDS - 1);
    /* Counted apart: that the text has failed would not tell a long abstract from a lack of memory. */
    for (size_t i = 0; i < count && bytes <= text.maximum; i++)
        if (words[i] && (bytes += strlen(words[i]) + 1) <= text.maximum) {
            rec_buf_putc(&text, ' ');
            rec_buf_puts(&text, words[i]);
        }
    if (bytes > text.maximum)
        (void)rec_fail(refusal, REC_EFORMAT, "field 'abstract_inverted_index': more than %d bytes of words", REC_MAX_ABSTRACT);
    made = !text.failed && json_object_set_new(own, "abstract", json_string(rec_buf_text(&text))) == 0;
    rec_buf_clear(&text);
    rec_free(words);
    json_object_del(record, "abstract_inverted_index");
    return made;
}

/* ---- lists --------------------------------------------------------------------------------------------------------- */

/* Appends `member` of each object of a list, which stays where it is: it holds more than that. */
static bool append_each(const json_t *record, const char *list, const char *member, json_t *own, const char *ours)
{
    const json_t *entries = json_object_get(record, list);
    json_t *entry;
    size_t i;

    json_array_foreach((json_t *)entries, i,
                       entry) if (!rec_append_text(own, ours, json_string_value(json_object_get(entry, member)))) return false;
    return true;
}

static bool append_authors(const json_t *record, json_t *own)
{
    json_t *authorships = json_object_get(record, "authorships"), *authorship;
    size_t i;

    json_array_foreach(authorships, i, authorship)
    {
        const char *name = json_string_value(json_object_get(json_object_get(authorship, "author"), "display_name"));

        if (!rec_append_text(own, "authors", name ? name : json_string_value(json_object_get(authorship, "raw_author_name"))))
            return false;
    }
    return true;
}

static bool translate(json_t *record, json_t *own, rec_error *refusal)
{
    const char *id = json_string_value(json_object_get(record, "id"));
    json_t *ids = json_object_get(record, "ids"), *place = json_object_get(record, "primary_location");

    /* "W123" alone is how people write it. */
    if (!rec_append_text(own, "also", id + strlen(ADDRESS)) || !rec_move_fields(record, FIELDS, own) ||
        !rec_move_field(ids, "pmid", own, "pmid"))
        return false;
    if (!put_abstract(record, own, refusal) || !append_authors(record, own) ||
        !append_each(record, "topics", "display_name", own, "categories") ||
        !append_each(record, "keywords", "display_name", own, "keywords"))
        return false;
    if (!json_object_get(own, "categories") && !append_each(record, "concepts", "display_name", own, "categories"))
        return false;
    return rec_move_field(place, "landing_page_url", own, "url") &&
           rec_move_field(json_object_get(place, "source"), "display_name", own, "venue");
}

const struct rec_dialect rec_dialect_openalex = { "OpenAlex", is_work, translate, NAMES };
