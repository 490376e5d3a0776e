/*
 * Marks that a paper was withdrawn or retracted, in the ways that sources make them: fields of their own, a status, arXiv's comments, the
 * beginning of a title or of an abstract.
 */
#include "record.h"

#include <string.h>
#include <strings.h>

static bool begins_with(const char *text, const char *beginning)
{
    return strncasecmp(text, beginning, strlen(beginning)) == 0;
}

static void tell(struct rec_reading *r, unsigned flag, bool is_so)
{
    r->paper.flags_told |= flag;
    r->paper.flags = is_so ? r->paper.flags | flag : r->paper.flags & ~flag;
}

/* true, false, or a text that says why, which stays among the extras. */
static rec_status read_own(struct rec_reading *r, const char *field, unsigned flag)
{
    const json_t *value = rec_reading_field(r, field);

    if (!value)
        return REC_OK;
    if (!json_is_boolean(value) && !json_is_string(value))
        return rec_reading_refuse(r, field, "true, false or a string", value);
    if (json_is_string(value) && json_string_length(value) == 0)
        return REC_OK;
    tell(r, flag, !json_is_false(value));
    if (json_is_boolean(value))
        json_object_del(r->record, field);
    return REC_OK;
}

/* A status that means something else, and comments of any kind, are the source's business and stay among the extras. */
static void read_status(struct rec_reading *r)
{
    const char *status = json_string_value(rec_reading_field(r, "status"));

    if (status && strcasecmp(status, "withdrawn") == 0)
        tell(r, REC_FLAG_WITHDRAWN, true);
    if (status && strcasecmp(status, "retracted") == 0)
        tell(r, REC_FLAG_RETRACTED, true);
}

/* "This paper has been withdrawn by the author due to ...", as arXiv's comments and the abstracts of withdrawn versions begin. */
static bool says_withdrawn(const char *text)
{
    static const char *const things[] = { "paper", "submission", "article", "manuscript", "work", "preprint", "version" };

    text += strspn(text, " \t\r\n[(*");
    if (begins_with(text, "withdrawn"))
        return true;
    if (!begins_with(text, "this ") && !begins_with(text, "the "))
        return begins_with(text, "paper withdrawn") || begins_with(text, "article withdrawn");
    text = strchr(text, ' ') + 1;
    for (size_t i = 0; i < sizeof(things) / sizeof(things[0]); i++)
        if (begins_with(text, things[i])) {
            text += strlen(things[i]);
            return begins_with(text, " has been withdrawn") || begins_with(text, " is withdrawn") || begins_with(text, " was withdrawn") ||
                   begins_with(text, " has been temporarily withdrawn");
        }
    return false;
}

/* "RETRACTED: ...", "Retracted article: ...", "[WITHDRAWN] ...", "Withdrawn", "Paper retracted by ...": the word with at most one noun, and
 * behind it a colon, a bracket, the end or who did it. "Retracted citations in retracted articles" is about others. */
static bool title_is_marked(const char *title, const char *word)
{
    static const char *const nouns[] = { "article", "paper", "chapter" };
    const char *at = title + strspn(title, "[(* ");

    for (size_t i = 0; i < sizeof(nouns) / sizeof(nouns[0]); i++)
        if (begins_with(at, nouns[i]) && at[strlen(nouns[i])] == ' ')
            at += strlen(nouns[i]) + 1;
    if (!begins_with(at, word))
        return false;
    at += strlen(word);
    for (size_t i = 0; i < sizeof(nouns) / sizeof(nouns[0]); i++)
        if (*at == ' ' && begins_with(at + 1, nouns[i]))
            at += strlen(nouns[i]) + 1;
    return *at == '\0' || *at == ':' || *at == ']' || *at == ')' || begins_with(at, " by ");
}

rec_status rec_reading_flags(struct rec_reading *r)
{
    const char *title = r->paper.title, *abstract = r->paper.abstract;
    const char *comments = json_string_value(rec_reading_field(r, "comments")),
               *comment = json_string_value(rec_reading_field(r, "comment"));
    rec_status rc;

    if (title && title_is_marked(title, "retracted"))
        tell(r, REC_FLAG_RETRACTED, true);
    if ((title && title_is_marked(title, "withdrawn")) || (abstract && says_withdrawn(abstract)) ||
        (comments && says_withdrawn(comments)) || (comment && says_withdrawn(comment)))
        tell(r, REC_FLAG_WITHDRAWN, true);
    read_status(r);
    /* Last: what a record says outright decides. */
    if ((rc = read_own(r, "withdrawn", REC_FLAG_WITHDRAWN)) == REC_OK)
        rc = read_own(r, "retracted", REC_FLAG_RETRACTED);
    return rc;
}
