/*
 * CSV and TSV: RFC 4180 with a header line, cells parted by commas, semicolons or tabs; columns are known by the names that spreadsheets
 * and reference managers give them. What is no column of ours is kept under its own name.
 *
 * A quotation mark that opens a cell and is not closed would swallow rows up to the next mark, or the file. Its row is refused instead, and
 * reading begins again with the next line. Where tabs part the cells many programs quote nothing: there the mark is then taken as text.
 */
#include "format.h"

#include "buf.h"
#include "json.h"

#include <string.h>
#include <strings.h>

#define MAX_COLUMNS 1000
#define MAX_NAME 256 /* bytes of a column's name */

/* Names in small letters without blanks and signs; of two columns that mean the same the one that stands first here counts. */
static const struct rec_field_name COLUMNS[] = {
    { "id", "id" },
    { "id", "key" },
    { "id", "paperid" },
    { "arxiv", "arxiv" },
    { "arxiv", "arxivid" },
    { "doi", "doi" },
    { "pmid", "pmid" },
    { "pmid", "pubmedid" },
    { "title", "title" },
    { "title", "articletitle" },
    { "title", "documenttitle" },
    { "abstract", "abstract" },
    { "abstract", "abstractnote" },
    { "abstract", "summary" },
    { "authors", "authorfullnames" },
    { "authors", "authors" },
    { "authors", "author" },
    { "date", "date" },
    { "date", "published" },
    { "date", "publicationdate" },
    { "date", "publicationyear" },
    { "date", "pubyear" },
    { "date", "year" },
    { "updated", "updated" },
    { "categories", "categories" },
    { "categories", "category" },
    { "keywords", "keywords" },
    { "keywords", "authorkeywords" },
    { "venue", "venue" },
    { "venue", "journal" },
    { "venue", "sourcetitle" },
    { "venue", "publicationtitle" },
    { "url", "url" },
    { "url", "link" },
    { "upvotes", "upvotes" },
    { "withdrawn", "withdrawn" },
    { "retracted", "retracted" },
    /* Web of Science, tab-delimited */
    { "id", "ut" },
    { "doi", "di" },
    { "pmid", "pm" },
    { "title", "ti" },
    { "abstract", "ab" },
    { "authors", "af" },
    { "authors", "au" },
    { "date", "py" },
    { "keywords", "de" },
    { "venue", "so" },
    { NULL, NULL },
};

struct reading {
    const rec_record_taker *taker;
    char delimiter;
    json_t *header; /* list of names, NULL while the header was not read */
    bool family_first;
    json_t *row; /* list of cells */
    rec_buf cell;
    bool quoted;     /* inside quotation marks */
    bool closed;     /* behind the mark that closes a cell */
    uint64_t opened; /* line of the mark that opened it */
    bool rereading;  /* what a cell was made of that was none */
    bool doubtful;   /* this row began there: it may be a piece of a text */
    bool skipping;   /* what is left of the line */
    bool any;        /* a byte of this row was read */
    bool hopeless;   /* the header cannot be read */
    size_t bytes;    /* of this row */
    uint64_t line;
    rec_position at; /* of this row */
    rec_error refusal;
};

/* ---- names --------------------------------------------------------------------------------------------------------- */

/* "Abstract Note" as "abstractnote"; "" for a name that is too long. */
static void fold_name(const char *name, size_t length, char folded[MAX_NAME])
{
    size_t n = 0;

    for (size_t i = 0; i < length && n < MAX_NAME - 1; i++) {
        char c = name[i];

        if (c >= 'A' && c <= 'Z')
            folded[n++] = (char)(c - 'A' + 'a');
        else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            folded[n++] = c;
    }
    folded[n] = '\0';
}

static const char *find_field(const char *folded)
{
    for (const struct rec_field_name *column = COLUMNS; column->ours; column++)
        if (strcmp(column->theirs, folded) == 0)
            return column->ours;
    return NULL;
}

/* ---- recognising --------------------------------------------------------------------------------------------------- */

/* How many columns of ours a header has where cells are parted by `delimiter`; 0 if there is no title among them. */
static size_t count_known(const char *line, size_t length, char delimiter)
{
    size_t known = 0, start = 0;
    bool has_title = false;

    for (size_t i = 0; i <= length; i++) {
        char folded[MAX_NAME];
        const char *field;

        if (i < length && line[i] != delimiter)
            continue;
        fold_name(line + start, i - start, folded);
        field = find_field(folded);
        known += field != NULL;
        has_title |= field && strcmp(field, "title") == 0;
        start = i + 1;
    }
    return has_title ? known : 0;
}

/* Bytes of a line like "sep=;" before the header, by which spreadsheets are told the delimiter; 0 where there is none. */
static size_t hint_length(const char *head, size_t length)
{
    const char *feed = memchr(head, '\n', length);
    size_t line = feed ? (size_t)(feed - head) : 0;

    if (line > 0 && head[line - 1] == '\r')
        line--;
    return line == 5 && strncasecmp(head, "sep=", 4) == 0 ? (size_t)(feed - head) + 1 : 0;
}

/* The delimiter of a header line, '\0' where it is none: it needs a title and another column of ours. */
static char find_delimiter(const char *head, size_t length)
{
    static const char delimiters[] = { '\t', ',', ';' };
    size_t hint = hint_length(head, length), line, most = 1;
    const char *feed;
    char found = '\0';

    head += hint;
    length -= hint;
    feed = memchr(head, '\n', length);
    line = feed ? (size_t)(feed - head) : length;

    for (size_t i = 0; i < sizeof(delimiters); i++) {
        size_t known = count_known(head, line, delimiters[i]);

        if (known > most) {
            most = known;
            found = delimiters[i];
        }
    }
    return found;
}

static bool is_table(const char *head, size_t length)
{
    return find_delimiter(head, length) != '\0';
}

/* ---- rows ---------------------------------------------------------------------------------------------------------- */

static const char *column_name(const struct reading *r, size_t i)
{
    return json_string_value(json_array_get(r->header, i));
}

/* The first cell of the row under each of the names for a field of ours, in their order. */
static bool move_cells(json_t *own, json_t *rest)
{
    for (const struct rec_field_name *column = COLUMNS; column->ours; column++) {
        const char *name;
        json_t *value;
        void *next;

        if (json_object_get(own, column->ours))
            continue;
        json_object_foreach_safe(rest, next, name, value)
        {
            char folded[MAX_NAME];
            rec_date parsed;

            fold_name(name, strlen(name), folded);
            if (strcmp(folded, column->theirs) != 0 || !json_is_string(value))
                continue;
            /* A spreadsheet's date may be written in any way; the year beside it will do. */
            if (strcmp(column->ours, "date") == 0 && rec_date_parse(json_string_value(value), &parsed, NULL) != REC_OK)
                continue;
            if (json_object_set(own, column->ours, value) != 0)
                return false;
            json_object_del(rest, name);
            break;
        }
    }
    return true;
}

/* Votes are a number, which a cell does not say. One that is none is refused as such. */
static bool read_votes(json_t *own)
{
    const char *text = json_string_value(json_object_get(own, "upvotes"));
    json_t *number = NULL;
    json_error_t why;
    bool read = !text || rec_json_read(text, strlen(text), JSON_DECODE_ANY, &number, &why) != REC_ENOMEM;

    if (number)
        read = json_object_set(own, "upvotes", number) == 0;
    json_decref(number);
    return read;
}

/* Whether the table is one of those that write "Family, Given": Zotero's, Scopus's and Web of Science's. */
static bool has_family_first(const json_t *header)
{
    static const char *const theirs[] = { "itemtype", "authorfullnames", "af" };
    const json_t *name;
    size_t i;

    json_array_foreach(header, i, name)
    {
        char folded[MAX_NAME];

        fold_name(json_string_value(name), json_string_length(name), folded);
        for (size_t j = 0; j < sizeof(theirs) / sizeof(theirs[0]); j++)
            if (strcmp(folded, theirs[j]) == 0)
                return true;
    }
    return false;
}

/* A semicolon behind one "Family, Given" alone says that it is not two names. */
static bool end_name(json_t *own)
{
    const char *authors = json_string_value(json_object_get(own, "authors"));

    if (!authors || strchr(authors, ';'))
        return true;
    return json_object_set_new(own, "authors", json_sprintf("%s;", authors)) == 0;
}

/* A mark of a paper is true or false, or a text that says why (record_flags.c). */
static bool read_mark(json_t *own, const char *field)
{
    const char *text = json_string_value(json_object_get(own, field));

    if (!text || (strcasecmp(text, "true") != 0 && strcasecmp(text, "false") != 0))
        return true;
    return json_object_set_new(own, field, json_boolean(strcasecmp(text, "true") == 0)) == 0;
}

/* Cells under the names of their columns, without those that are empty. */
static bool name_cells(const struct reading *r, json_t *rest)
{
    json_t *cell;
    size_t i;

    json_array_foreach(r->row, i,
                       cell) if (json_string_length(cell) > 0 && !rec_put_beside(rest, column_name(r, i), json_incref(cell))) return false;
    return true;
}

static rec_status take_row(struct reading *r, rec_error *err)
{
    size_t cells = json_array_size(r->row), columns = json_array_size(r->header);
    json_t *own = json_object(), *rest = json_object();
    rec_status rc;
    bool made;

    if (r->refusal.code == REC_OK && cells != columns)
        (void)rec_fail(&r->refusal, REC_EFORMAT, "%zu cells, the header has %zu", cells, columns);
    made = own && rest &&
           (r->refusal.code != REC_OK || (name_cells(r, rest) && move_cells(own, rest) && (!r->family_first || end_name(own)) &&
                                          read_votes(own) && read_mark(own, "withdrawn") && read_mark(own, "retracted")));
    rc = rec_hand_on_fields(r->taker, made, own, rest, NULL, &r->refusal, &r->at, err);
    json_decref(own);
    json_decref(rest);
    return rc;
}

static rec_status end_cell(struct reading *r, rec_error *err)
{
    size_t column = json_array_size(r->row);
    const char *name = r->header && column_name(r, column) ? column_name(r, column) : "header";
    bool made = !r->cell.failed;

    if (made && column >= MAX_COLUMNS && r->refusal.code == REC_OK)
        (void)rec_fail(&r->refusal, REC_EFORMAT, "more than %d cells", MAX_COLUMNS);
    if (made && r->refusal.code == REC_OK && rec_is_text(name, rec_buf_text(&r->cell), r->cell.length, &r->refusal))
        made = json_array_append_new(r->row, json_string(rec_buf_text(&r->cell))) == 0;
    rec_buf_reset(&r->cell);
    r->quoted = r->closed = false;
    return made ? REC_OK : rec_fail(err, REC_ENOMEM, "out of memory reading a record");
}

/* The header, or a row; an empty line is neither. */
static rec_status end_row(struct reading *r, rec_error *err)
{
    rec_status rc = REC_OK;

    if (r->any && (rc = end_cell(r, err)) == REC_OK) {
        if (r->header && r->doubtful && json_array_size(r->row) != json_array_size(r->header)) {
            rc = REC_OK; /* a part of the row that was refused */
        } else if (r->header) {
            r->at.item++;
            rc = take_row(r, err);
        } else if (r->refusal.code != REC_OK) {
            r->hopeless = true;
            rc = r->taker->refuse(r->taker->context, &r->at, &r->refusal, err);
        } else {
            r->header = json_incref(r->row);
            r->family_first = has_family_first(r->header);
        }
        json_decref(r->row);
        r->row = json_array();
        if (rc == REC_OK && !r->row)
            rc = rec_fail(err, REC_ENOMEM, "out of memory reading a record");
    }
    r->any = false;
    r->bytes = 0;
    r->refusal = (rec_error)REC_ERROR_INIT;
    return rc;
}

/* ---- bytes --------------------------------------------------------------------------------------------------------- */

static void refuse_row(struct reading *r, const char *why)
{
    if (r->refusal.code == REC_OK)
        (void)rec_fail(&r->refusal, REC_EFORMAT, "%s", why);
}

static void add_byte(struct reading *r, char c)
{
    if (r->bytes <= REC_MAX_RECORD) /* a row that is longer is refused */
        rec_buf_putc(&r->cell, c);
}

static rec_status read_byte(struct reading *r, char c, rec_error *err);
static rec_status reopen(struct reading *r, const char *why, rec_error *err);

/* Behind a mark that closed a cell there is text. Where the cell spans lines, that mark is rather the first of another cell. */
static rec_status read_behind(struct reading *r, char c, rec_error *err)
{
    bool spans = r->opened < r->line;
    rec_status rc;

    if (spans || r->delimiter == '\t') {
        if ((rc = reopen(r, "a quotation mark opens a cell here and is not closed as one", err)) != REC_OK)
            return rc;
        if ((rc = read_byte(r, '"', err)) != REC_OK)
            return rc;
        return read_byte(r, c, err);
    }
    refuse_row(r, "text behind the quotation mark that closes a cell");
    r->closed = false; /* marks that follow in this cell open nothing */
    add_byte(r, c);
    return REC_OK;
}

/* A byte of a cell that is not what parts cells or rows. */
static rec_status read_in_cell(struct reading *r, char c, rec_error *err)
{
    if (r->quoted && c == '"') {
        r->quoted = false;
        r->closed = true;
    } else if (r->closed && c == '"') { /* two marks inside a cell are one */
        r->closed = false;
        r->quoted = true;
        add_byte(r, c);
    } else if (r->closed && c == ' ' && r->delimiter != '\t') {
        return REC_OK; /* blanks before what parts the cells do no harm */
    } else if (r->closed && c != '\r') {
        return read_behind(r, c, err);
    } else if (c == '"' && r->cell.length == 0) {
        r->quoted = true;
        r->opened = r->line;
    } else if (c != '\r' || r->quoted) { /* a CR outside of quotes is a part of the line's ending */
        add_byte(r, c);
    }
    return REC_OK;
}

static rec_status read_byte(struct reading *r, char c, rec_error *err)
{
    if (!r->any) {
        r->at.line = r->line;
        r->doubtful = r->rereading;
    }
    r->line += c == '\n';
    if (r->skipping) {
        r->skipping = c != '\n';
        return REC_OK;
    }
    if (c == '\n' && !r->quoted)
        return end_row(r, err);
    if (++r->bytes > REC_MAX_RECORD && r->quoted) {
        rec_status rc = reopen(r, "a quotation mark opens a cell here that is longer than 16777216 bytes", err);

        return rc == REC_OK ? read_byte(r, c, err) : rc;
    }
    if (r->bytes > REC_MAX_RECORD)
        refuse_row(r, "the row is longer than 16777216 bytes");
    r->any |= c != '\r';
    if (c == r->delimiter && !r->quoted)
        return end_cell(r, err);
    return read_in_cell(r, c, err);
}

/* Reads what a quoted cell was made of once more; the marks in it had been doubled, so none of it can be left open again. */
static rec_status read_again(struct reading *r, const char *bytes, size_t length, rec_error *err)
{
    rec_status rc = REC_OK;

    for (size_t i = 0; i < length && rc == REC_OK; i++) {
        rc = read_byte(r, bytes[i], err);
        if (rc == REC_OK && bytes[i] == '"')
            rc = read_byte(r, bytes[i], err);
    }
    return rc;
}

/* Takes the mark that opened the cell for none: as text, or by refusing its row and reading on with the next line. */
static rec_status reopen(struct reading *r, const char *why, rec_error *err)
{
    rec_buf cell = r->cell;
    const char *feed = memchr(rec_buf_text(&cell), '\n', cell.length), *from = rec_buf_text(&cell), *end = from + cell.length;
    rec_status rc = REC_OK;

    r->cell = (rec_buf)REC_BUF_INIT(REC_MAX_RECORD);
    r->quoted = r->closed = false;
    r->bytes = 0;
    r->line = r->opened;
    if (r->delimiter == '\t') {
        rec_buf_putc(&r->cell, '"');
    } else {
        refuse_row(r, why);
        r->at.line = r->opened;
        from = feed ? feed + 1 : end;
        r->line += feed != NULL;
        r->skipping = !feed;
        rc = end_row(r, err);
    }
    r->rereading = true;
    if (rc == REC_OK && !r->hopeless)
        rc = read_again(r, from, (size_t)(end - from), err);
    r->rereading = false;
    rec_buf_clear(&cell);
    return rc;
}

static rec_status read_table(rec_source *source, const rec_record_taker *taker, rec_error *err)
{
    struct reading r = { .taker = taker, .row = json_array(), .cell = REC_BUF_INIT(REC_MAX_RECORD), .line = rec_source_lines(source) + 1 };
    const char *bytes;
    size_t length;
    rec_line hint;
    rec_status rc = rec_source_peek(source, &bytes, &length, err);

    if (rc == REC_OK && !r.row)
        rc = rec_fail(err, REC_ENOMEM, "out of memory reading a record");
    if (rc == REC_OK)
        r.delimiter = find_delimiter(bytes, length);
    if (rc == REC_OK && hint_length(bytes, length) > 0 && (rc = rec_source_next(source, &hint, err)) == REC_OK)
        r.line++;
    while (rc == REC_OK && length > 0 && !r.hopeless && (rc = rec_source_read(source, &bytes, &length, err)) == REC_OK)
        for (size_t i = 0; i < length && rc == REC_OK && !r.hopeless; i++)
            rc = read_byte(&r, bytes[i], err);
    if (rc == REC_OK && r.quoted)
        rc = reopen(&r, "a quotation mark opens a cell here and is never closed", err);
    if (rc == REC_OK && !r.hopeless)
        rc = end_row(&r, err);
    json_decref(r.header);
    json_decref(r.row);
    rec_buf_clear(&r.cell);
    return rc;
}

const struct rec_format rec_format_table = { "CSV or TSV", is_table, read_table };
