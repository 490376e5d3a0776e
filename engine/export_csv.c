/* A paper as a row of CSV (RFC 4180), under column names that reader_table.c knows. Lists are one cell, parted by semicolons. */
#include "export.h"

#include <string.h>

static void put_as_is(const char *text, rec_buf *out)
{
    rec_buf_puts(out, text);
}

/* A cell is put between quotation marks where it holds what parts cells or rows, or blanks that a reader may take off. */
static void put_cell(const char *text, rec_buf *out)
{
    size_t length = text ? strlen(text) : 0;
    bool quoted;

    if (length == 0)
        return;
    quoted = strpbrk(text, ",;\t\"\r\n") || text[0] == ' ' || text[length - 1] == ' ';
    rec_buf_puts(out, quoted ? "\"" : "");
    while (*text) {
        if (*text == '"')
            rec_buf_putc(out, '"');
        text += rec_export_character(text, out);
    }
    rec_buf_puts(out, quoted ? "\"" : "");
}

static void put_next(const char *text, rec_buf *out)
{
    rec_buf_putc(out, ',');
    put_cell(text, out);
}

static rec_status put_list(const char *array, rec_buf *out, rec_error *err)
{
    rec_buf cell = REC_BUF_INIT(out->maximum);
    rec_status rc = rec_export_list(array, "; ", put_as_is, &cell, err);

    put_next(rec_buf_text(&cell), out);
    out->failed |= cell.failed;
    rec_buf_clear(&cell);
    return rc;
}

/* An id without the prefix that its column says. */
static void put_id(const rec_record *record, rec_id_kind kind, rec_buf *out)
{
    const char *colon;
    rec_id id;

    rec_export_id(record, kind, &id);
    colon = strchr(id.text, ':');
    put_next(colon ? colon + 1 : "", out);
}

static rec_status append_csv(const rec_record *record, rec_buf *out, rec_error *err)
{
    const rec_paper *paper = &record->paper;
    rec_status rc;

    put_cell(paper->id.text, out);
    put_id(record, REC_ID_ARXIV, out);
    put_id(record, REC_ID_DOI, out);
    put_id(record, REC_ID_PMID, out);
    put_next(paper->title, out);
    put_next(paper->abstract, out);
    if ((rc = put_list(paper->authors, out, err)) != REC_OK)
        return rc;
    put_next(paper->date.text, out);
    put_next(paper->updated.text, out);
    if ((rc = put_list(paper->categories, out, err)) != REC_OK || (rc = put_list(paper->keywords, out, err)) != REC_OK)
        return rc;
    put_next(paper->venue, out);
    put_next(paper->url, out);
    rec_buf_puts(out, ",");
    if (paper->has_upvotes)
        rec_buf_printf(out, "%.17g", paper->upvotes);
    put_next(paper->flags & REC_FLAG_WITHDRAWN ? "true" : "false", out);
    put_next(paper->flags & REC_FLAG_RETRACTED ? "true" : "false", out);
    rec_buf_putc(out, '\n');
    return REC_OK;
}

const struct rec_export_writer rec_export_csv = {
    "id,arxiv,doi,pmid,title,abstract,authors,date,updated,categories,keywords,venue,url,upvotes,withdrawn,retracted\n", append_csv
};
