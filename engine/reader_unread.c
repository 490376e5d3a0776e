/*
 * Files that people have and that no reader is for: told by what they are, and by what is read instead, where they would make strange
 * listings.
 */
#include "format.h"

#include <string.h>

static const struct unread {
    const char *mark; /* what it begins with */
    size_t length;    /* of the mark */
    const char *words;
} UNREAD[] = {
    { "\xFF\xFE", 2, "UTF-16 is not read: make it UTF-8, as by 'iconv -f UTF-16 -t UTF-8'" },
    { "\xFE\xFF", 2, "UTF-16 is not read: make it UTF-8, as by 'iconv -f UTF-16 -t UTF-8'" },
    { "PMID- ", 6, "PubMed's own format (MEDLINE, .nbib) is not read: XML of PubMed is, and RIS" },
    { "%0 ", 3, "EndNote's own format (.enw) is not read: export RIS or BibTeX" },
    { "FN Clarivate", 12, "plain text of Web of Science is not read: export RIS, BibTeX or tab-delimited" },
    { "%PDF-", 5, "a PDF is not read: import what a reference manager or a service knows of it" },
    { "SQLite format 3", 16, "a database of SQLite is not read; of a store 'recommend export' makes a file that is" },
    { "\0", 1, "not a text: it begins with a byte 0" },
};

static const struct unread *find_unread(const char *head, size_t length)
{
    for (size_t i = 0; i < sizeof(UNREAD) / sizeof(UNREAD[0]); i++)
        if (length >= UNREAD[i].length && memcmp(head, UNREAD[i].mark, UNREAD[i].length) == 0)
            return &UNREAD[i];
    return NULL;
}

static bool is_unread(const char *head, size_t length)
{
    return find_unread(head, length) != NULL;
}

static rec_status refuse_all(rec_source *source, const rec_record_taker *taker, rec_error *err)
{
    rec_position at = { rec_source_lines(source) + 1, 0 };
    rec_error reason = REC_ERROR_INIT;
    const struct unread *unread;
    const char *head;
    size_t length;
    rec_status rc = rec_source_peek(source, &head, &length, err);

    if (rc != REC_OK || !(unread = find_unread(head, length)))
        return rc;
    (void)rec_fail(&reason, REC_EFORMAT, "%s", unread->words);
    return taker->refuse(taker->context, &at, &reason, err);
}

const struct rec_format rec_format_unread = { "none that is read", is_unread, refuse_all };
