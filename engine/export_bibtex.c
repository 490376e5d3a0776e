/*
 * A paper as an entry of BibTeX that BibTeX, BibLaTeX and reader_bibtex.c read. Text is UTF-8; what TeX would take for a command is
 * escaped.
 */
#include "export.h"
#include "json.h"

#include <jansson.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyz"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* ---- values -------------------------------------------------------------------------------------------------------- */

/* Braces as commands: BibTeX counts them also behind a backslash. */
static void put_text(const char *text, rec_buf *out)
{
    for (; *text; text++)
        switch (*text) {
        case '\\':
            rec_buf_puts(out, "\\textbackslash{}");
            break;
        case '{':
            rec_buf_puts(out, "\\textbraceleft{}");
            break;
        case '}':
            rec_buf_puts(out, "\\textbraceright{}");
            break;
        case '~':
            rec_buf_puts(out, "\\textasciitilde{}");
            break;
        case '^':
            rec_buf_puts(out, "\\textasciicircum{}");
            break;
        case '$':
        case '&':
        case '%':
        case '#':
        case '_':
            rec_buf_putc(out, '\\');
            rec_buf_putc(out, *text);
            break;
        default:
            text += rec_export_character(text, out) - 1;
        }
}

/* A name of which BibTeX would make two, or turn the parts, is held together. */
static void put_name(const char *name, rec_buf *out)
{
    bool held = strchr(name, ',') || strstr(name, " and ");

    rec_buf_puts(out, held ? "{" : "");
    put_text(name, out);
    rec_buf_puts(out, held ? "}" : "");
}

static void open_field(const char *name, rec_buf *out)
{
    rec_buf_printf(out, ",\n  %s = {", name);
}

static void put_field(const char *name, const char *text, rec_buf *out)
{
    if (!text || !text[0])
        return;
    open_field(name, out);
    put_text(text, out);
    rec_buf_putc(out, '}');
}

static bool is_balanced(const char *text)
{
    size_t depth = 0;

    for (; *text; text++) {
        if (*text == '}' && depth-- == 0)
            return false;
        depth += *text == '{';
    }
    return depth == 0;
}

/* A value that is no text, such as an address, or one that is TeX already. Its braces must not end the entry. */
static void put_raw(const char *name, const char *value, rec_buf *out)
{
    if (!value || !value[0] || !is_balanced(value))
        return;
    open_field(name, out);
    while (*value)
        value += rec_export_character(value, out);
    rec_buf_putc(out, '}');
}

static rec_status put_list(const char *name, const char *array, const char *between, void (*entry)(const char *, rec_buf *), rec_buf *out,
                           rec_error *err)
{
    rec_status rc;

    if (!array)
        return REC_OK;
    open_field(name, out);
    rc = rec_export_list(array, between, entry, out, err);
    rec_buf_putc(out, '}');
    return rc;
}

/* ---- type and key -------------------------------------------------------------------------------------------------- */

/* The type that the entry had where the paper came from BibTeX; else what its venue suggests. */
static const char *type_of(const rec_paper *paper, const json_t *extra)
{
    const char *type = json_string_value(json_object_get(extra, "ENTRYTYPE"));

    if (type && type[0] && strspn(type, LETTERS) == strlen(type))
        return type;
    return paper->venue ? "article" : "misc";
}

static const char *venue_field(const char *type)
{
    static const char *const collected[] = { "inproceedings", "incollection", "conference", "inbook" };

    for (size_t i = 0; i < sizeof(collected) / sizeof(collected[0]); i++)
        if (strcmp(type, collected[i]) == 0)
            return "booktitle";
    return "journal";
}

/*
 * The id, as far as a key may hold it. One that is changed ends in its hash, so that different papers keep different keys, and is read back
 * as a key, never as a DOI or an address that there is not: those have a colon or a slash.
 */
static void put_key(const char *id, rec_buf *out)
{
    static const char plain[] = LETTERS CAPITALS DIGITS ".+-_";

    if (id[strspn(id, LETTERS CAPITALS DIGITS ".+-_:/")] == '\0') {
        rec_buf_puts(out, id);
        return;
    }
    for (const char *at = id; *at; at++)
        rec_buf_putc(out, strchr(plain, *at) ? *at : '-');
    rec_buf_printf(out, "-%08x", (unsigned)(XXH3_64bits(id, strlen(id)) & 0xFFFFFFFF));
}

/* ---- fields -------------------------------------------------------------------------------------------------------- */

/* BibLaTeX's date, and the year and month of BibTeX. */
static void put_date(const rec_date *date, rec_buf *out)
{
    static const char *const months[] = { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec" };
    int month = strlen(date->text) > 4 ? date->first / 100 % 100 : 0;

    if (!date->text[0])
        return;
    put_raw("date", date->text, out);
    rec_buf_printf(out, ",\n  year = {%d}", date->first / 10000);
    if (month >= 1 && month <= 12)
        rec_buf_printf(out, ",\n  month = %s", months[month - 1]);
}

/* arXiv's own way: the archive, and the first category. */
static void put_eprint(const rec_record *record, rec_buf *out)
{
    json_t *categories = rec_json_stored(record->paper.categories);
    rec_id id;

    rec_export_id(record, REC_ID_ARXIV, &id);
    if (id.text[0]) {
        put_raw("eprint", strchr(id.text, ':') + 1, out);
        put_raw("archiveprefix", "arXiv", out);
        put_field("primaryclass", json_string_value(json_array_get(categories, 0)), out);
    }
    json_decref(categories);
}

static void put_other_ids(const rec_record *record, rec_buf *out)
{
    rec_id id;

    rec_export_id(record, REC_ID_DOI, &id);
    put_raw("doi", id.text[0] ? strchr(id.text, ':') + 1 : "", out);
    rec_export_id(record, REC_ID_PMID, &id);
    put_raw("pmid", id.text[0] ? strchr(id.text, ':') + 1 : "", out);
}

/* Fields of an entry that we know no use for, volume and pages among them, as they stood in it. */
static void put_unknown(const json_t *extra, rec_buf *out)
{
    static const char *const written[] = { "date", "year", "month", "archiveprefix", "primaryclass" };
    const char *name;
    json_t *value;

    if (!json_object_get(extra, "ENTRYTYPE"))
        return;
    json_object_foreach((json_t *)extra, name, value)
    {
        bool ours = strspn(name, LETTERS "-_") != strlen(name);

        for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++)
            ours |= strcmp(name, written[i]) == 0;
        if (!ours && json_is_string(value))
            put_raw(name, json_string_value(value), out);
    }
}

static rec_status append_bibtex(const rec_record *record, rec_buf *out, rec_error *err)
{
    const rec_paper *paper = &record->paper;
    json_t *extra = rec_json_stored(paper->extra);
    const char *type = type_of(paper, extra);
    rec_status rc;

    rec_buf_printf(out, "@%s{", type);
    put_key(paper->id.text, out);
    put_field("title", paper->title, out);
    if ((rc = put_list("author", paper->authors, " and ", put_name, out, err)) != REC_OK)
        goto done;
    put_date(&paper->date, out);
    put_field(venue_field(type), paper->venue, out);
    put_eprint(record, out);
    put_other_ids(record, out);
    put_raw("url", paper->url, out);
    if ((rc = put_list("keywords", paper->keywords, ", ", put_text, out, err)) != REC_OK)
        goto done;
    put_field("abstract", paper->abstract, out);
    put_unknown(extra, out);
    rec_buf_puts(out, "\n}\n\n");

done:
    json_decref(extra);
    return rc;
}

const struct rec_export_writer rec_export_bibtex = { NULL, append_bibtex };
