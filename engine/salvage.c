/*
 * Papers out of a damaged store: see rec/salvage.h.
 *
 * Rows of papers are told by their shape, wherever they lie. Their ids stand in two indexes as well (each id with the paper's number),
 * which gives the other ids of a paper, and the ids of papers whose row is lost. A row must agree with itself: the keys of title and
 * abstract that it holds are those of its title and abstract.
 */
#include "rec/salvage.h"

#include "alloc.h"
#include "export.h"
#include "json.h"
#include "pages.h"
#include "record.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PAPER ((size_t)1 << 28) /* bytes of one paper as it is written */

/* Columns of a paper's row; one of the first schema lacks the two that came with the second, one of the second the sum at the end. */
enum { ID = 1, VERSION, TITLE, DATE, UPDATED = 7, TITLE_KEY, ABSTRACT_KEY, FLAGS, WORK, AUTHORS };
enum { CATEGORIES = 1, VENUE, URL, UPVOTES, KEYWORDS, ABSTRACT, TITLE_ORIGINAL, ABSTRACT_ORIGINAL, EXTRA }; /* behind authors */
#define COLUMNS 23
#define COLUMNS_OF_2 22
#define COLUMNS_OF_1 20

/* Where something about a paper lies. */
struct place {
    int64_t doc;
    uint32_t page;
    uint16_t entry;
    bool of_past; /* on a page that stands in no table, though others with the same row may */
};

struct places {
    struct place *items;
    size_t count, room;
};

struct salvage {
    rec_pages pages;
    rec_row row;
    struct places papers, names; /* by rising number once sorted */
    int64_t papers_told;         /* how many papers the state says there are, -1 where it cannot be read */
    const rec_filter *filter;
    const struct rec_export_writer *writer;
    const rec_export_sink *sink;
    rec_buf line;
    void (*lost)(void *context, const char *id);
    void *context;
    rec_salvage_report report;
};

/* ---- looking through the pages ------------------------------------------------------------------------------------- */

static bool is_number_of_paper(int64_t number)
{
    return number >= 1 && number <= UINT32_MAX;
}

static bool is_paper(const rec_row *row)
{
    return (row->count == COLUMNS || row->count == COLUMNS_OF_2 || row->count == COLUMNS_OF_1) && row->columns[0].kind == REC_VALUE_NULL &&
           row->columns[ID].kind == REC_VALUE_TEXT && row->columns[TITLE_KEY].kind == REC_VALUE_INTEGER &&
           row->columns[ABSTRACT_KEY].kind == REC_VALUE_INTEGER && is_number_of_paper(row->number);
}

static bool is_state(const rec_row *row)
{
    return row->number == 1 && row->count >= 9 && row->count <= 11 && row->columns[2].kind == REC_VALUE_INTEGER &&
           row->columns[3].kind == REC_VALUE_TEXT && row->columns[4].kind == REC_VALUE_TEXT;
}

/* An id and a number, or the two the other way round: a paper's own id or an alias, which since the third schema has its sum behind it. */
static bool is_name(const rec_row *row, const rec_value **id, int64_t *doc)
{
    bool first = row->columns[0].kind == REC_VALUE_TEXT, sum = first && row->count == 3 && row->columns[2].kind == REC_VALUE_INTEGER;

    if ((row->count != 2 && !sum) || row->columns[first ? 0 : 1].kind != REC_VALUE_TEXT ||
        row->columns[first ? 1 : 0].kind != REC_VALUE_INTEGER)
        return false;
    *id = &row->columns[first ? 0 : 1];
    *doc = row->columns[first ? 1 : 0].integer;
    /* What FTS5 notes of its own version has the same shape. */
    return is_number_of_paper(*doc) && (*id)->length <= REC_ID_MAX && !((*id)->length == 7 && memcmp((*id)->text, "version", 7) == 0);
}

static rec_status note(struct places *places, int64_t doc, uint32_t page, size_t entry, bool of_past, rec_error *err)
{
    if (places->count == places->room) {
        size_t room = places->room ? 2 * places->room : 1024;
        struct place *items = rec_resize_array(places->items, room, sizeof(*items));

        if (!items)
            return rec_fail(err, REC_ENOMEM, "out of memory for %zu papers", room);
        places->items = items;
        places->room = room;
    }
    places->items[places->count++] = (struct place){ doc, page, (uint16_t)entry, of_past };
    return REC_OK;
}

static rec_status note_row(struct salvage *s, uint32_t page, size_t entry, bool of_index, rec_error *err)
{
    const rec_value *id;
    int64_t doc;

    if (of_index)
        return is_name(&s->row, &id, &doc) ? note(&s->names, doc, page, entry, false, err) : REC_OK;
    if (is_state(&s->row))
        s->papers_told = s->row.columns[2].integer;
    return is_paper(&s->row) ? note(&s->papers, s->row.number, page, entry, !rec_pages_is_below(&s->pages, page), err) : REC_OK;
}

static int by_doc(const void *left, const void *right)
{
    const struct place *a = left, *b = right;

    if (a->doc != b->doc)
        return a->doc < b->doc ? -1 : 1;
    if (a->of_past != b->of_past)
        return a->of_past ? 1 : -1;
    if (a->page != b->page)
        return a->page < b->page ? -1 : 1;
    return (a->entry > b->entry) - (a->entry < b->entry);
}

static void sort(struct places *places)
{
    if (places->count > 1)
        qsort(places->items, places->count, sizeof(*places->items), by_doc);
}

static rec_status look_through(struct salvage *s, rec_error *err)
{
    rec_status rc = REC_OK;

    for (uint32_t page = 1; page <= s->pages.count && rc == REC_OK; page++) {
        bool of_index, is_row;
        size_t entries = rec_pages_entries(&s->pages, page, &of_index);

        for (size_t entry = 0; entry < entries && rc == REC_OK; entry++) {
            rc = rec_pages_read(&s->pages, page, entry, &s->row, &is_row, err);
            if (rc == REC_OK && is_row)
                rc = note_row(s, page, entry, of_index, err);
        }
    }
    sort(&s->papers);
    sort(&s->names);
    return rc;
}

/* ---- one paper ----------------------------------------------------------------------------------------------------- */

struct field {
    bool failed;  /* memory is out */
    bool damaged; /* not what it should be, and left out */
};

/* A copy of a text; NULL where there is none. */
static char *copy_text(const rec_value *value, struct field *field)
{
    char *copy;

    if (value->kind == REC_VALUE_NULL)
        return NULL;
    if (value->kind != REC_VALUE_TEXT || !rec_is_text("", value->text, value->length, NULL)) {
        field->damaged = true;
        return NULL;
    }
    copy = rec_strndup(value->text, value->length);
    field->failed |= !copy;
    return copy;
}

/* The same of JSON: a list of texts, or an object. */
static char *copy_json(const rec_value *value, bool list, struct field *field)
{
    char *text = copy_text(value, field);
    json_t *json = NULL, *entry;
    json_error_t why;
    bool good;
    size_t i;

    if (text && rec_json_read(text, strlen(text), 0, &json, &why) == REC_ENOMEM) {
        field->failed = true;
        rec_free(text);
        return NULL;
    }
    good = list ? json_is_array(json) : json_is_object(json);
    json_array_foreach(json, i, entry) good &= json_is_string(entry);
    json_decref(json);
    if (!text || good)
        return text;
    field->damaged = true;
    rec_free(text);
    return NULL;
}

static void copy_date(const rec_value *value, rec_date *out, struct field *field)
{
    char *text = copy_text(value, field);

    if (text && text[0] && rec_date_parse(text, out, NULL) != REC_OK)
        field->damaged = true;
    rec_free(text);
}

/* The column of the authors, before which the schemas differ. */
static const rec_value *authors_of(const rec_row *row)
{
    return row->columns + (row->count > COLUMNS_OF_1 ? AUTHORS : FLAGS);
}

static void copy_fields(const rec_row *row, rec_paper *paper, struct field *field)
{
    const rec_value *columns = row->columns, *authors = authors_of(row);

    paper->id.version = (unsigned)columns[VERSION].integer;
    copy_date(&columns[DATE], &paper->date, field);
    copy_date(&columns[UPDATED], &paper->updated, field);
    paper->flags = row->count > COLUMNS_OF_1 ? (unsigned)columns[FLAGS].integer & (REC_FLAG_WITHDRAWN | REC_FLAG_RETRACTED) : 0;
    paper->authors = copy_json(&authors[0], true, field);
    paper->categories = copy_json(&authors[CATEGORIES], true, field);
    paper->venue = copy_text(&authors[VENUE], field);
    paper->url = copy_text(&authors[URL], field);
    paper->has_upvotes = authors[UPVOTES].kind == REC_VALUE_REAL || authors[UPVOTES].kind == REC_VALUE_INTEGER;
    paper->upvotes = authors[UPVOTES].kind == REC_VALUE_REAL ? authors[UPVOTES].real : (double)authors[UPVOTES].integer;
    paper->keywords = copy_json(&authors[KEYWORDS], true, field);
    paper->title_original = copy_text(&authors[TITLE_ORIGINAL], field);
    paper->abstract_original = copy_text(&authors[ABSTRACT_ORIGINAL], field);
    paper->extra = copy_json(&authors[EXTRA], false, field);
}

/* Makes a record of the row; `*good` is false where it is not that of a paper, whole. */
static rec_status make_record(const rec_row *row, rec_record *out, struct field *field, bool *good, rec_error *err)
{
    const rec_value *columns = row->columns;
    rec_paper *paper = &out->paper;
    struct field texts = { false, false };
    char *id = copy_text(&columns[ID], &texts);

    *good = id && rec_id_parse(id, &paper->id, NULL) == REC_OK && strcmp(id, paper->id.text) == 0;
    rec_free(id);
    paper->title = copy_text(&columns[TITLE], &texts);
    paper->abstract = copy_text(&authors_of(row)[ABSTRACT], &texts);
    *good = *good && !texts.damaged && rec_paper_title_key(paper) == (uint64_t)columns[TITLE_KEY].integer &&
            rec_paper_abstract_key(paper) == (uint64_t)columns[ABSTRACT_KEY].integer;
    copy_fields(row, paper, field);
    return texts.failed || field->failed ? rec_fail(err, REC_ENOMEM, "out of memory reading a paper") : REC_OK;
}

/* ---- ids ----------------------------------------------------------------------------------------------------------- */

/* The ids that the indexes give to a paper, each once, as a JSON list without its own. */
static rec_status gather_ids(struct salvage *s, const struct place *names, size_t count, const char *own, json_t *out, rec_error *err)
{
    json_t *seen = json_object();
    rec_status rc = seen ? REC_OK : rec_fail(err, REC_ENOMEM, "out of memory reading ids");

    for (size_t i = 0; i < count && rc == REC_OK; i++) {
        char text[REC_ID_MAX + 1];
        const rec_value *id;
        int64_t doc;
        bool is_row;
        rec_id parsed;

        rc = rec_pages_read(&s->pages, names[i].page, names[i].entry, &s->row, &is_row, err);
        if (rc != REC_OK || !is_row || !is_name(&s->row, &id, &doc) || !rec_is_text("", id->text, id->length, NULL))
            continue;
        memcpy(text, id->text, id->length);
        text[id->length] = '\0';
        if (strcmp(text, own) == 0 || json_object_get(seen, text) || rec_id_parse(text, &parsed, NULL) != REC_OK)
            continue;
        if (json_object_set_new(seen, text, json_true()) != 0 || json_array_append_new(out, json_string(text)) != 0)
            rc = rec_fail(err, REC_ENOMEM, "out of memory reading ids");
    }
    json_decref(seen);
    return rc;
}

static int by_text(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* As the store gives them: in the order of the alphabet. */
static rec_status put_ids(const json_t *ids, char **also, rec_error *err)
{
    size_t count = json_array_size(ids);
    const char **texts = rec_alloc_array(count, sizeof(*texts));
    json_t *sorted = json_array();
    char *text = NULL;
    bool made = texts && sorted;

    for (size_t i = 0; i < count && made; i++)
        texts[i] = json_string_value(json_array_get(ids, i));
    if (made && count > 1)
        qsort(texts, count, sizeof(*texts), by_text);
    for (size_t i = 0; i < count && made; i++)
        made = json_array_append_new(sorted, json_string(texts[i])) == 0;
    if (made && count > 0) {
        text = json_dumps(sorted, JSON_COMPACT);
        *also = text ? rec_strdup(text) : NULL;
        made = *also != NULL;
    }
    free(text); /* jansson's, not ours */
    json_decref(sorted);
    rec_free(texts);
    return made ? REC_OK : rec_fail(err, REC_ENOMEM, "out of memory reading ids");
}

/* ---- all papers ---------------------------------------------------------------------------------------------------- */

static rec_status write_paper(struct salvage *s, rec_record *record, const struct place *names, size_t count, rec_error *err)
{
    json_t *ids = json_array();
    rec_status rc =
        ids ? gather_ids(s, names, count, record->paper.id.text, ids, err) : rec_fail(err, REC_ENOMEM, "out of memory reading ids");

    if (rc == REC_OK)
        rc = put_ids(ids, &record->also, err);
    if (rc == REC_OK)
        rc = rec_export_record(s->writer, record, s->sink, &s->line, err);
    json_decref(ids);
    return rc;
}

/* Writes the paper of the row at `place`; `*good` is false where that is none. */
static rec_status try_row(struct salvage *s, const struct place *place, const struct place *names, size_t count, bool *good, rec_error *err)
{
    struct field field = { false, false };
    rec_record record = REC_RECORD_INIT;
    bool is_row;
    rec_status rc = rec_pages_read(&s->pages, place->page, place->entry, &s->row, &is_row, err);

    *good = false;
    if (rc == REC_OK && is_row)
        rc = make_record(&s->row, &record, &field, good, err);
    if (rc == REC_OK && *good) {
        s->report.saved++;
        s->report.incomplete += field.damaged;
        if (rec_filter_takes(s->filter, &record.paper))
            rc = write_paper(s, &record, names, count, err);
    }
    rec_record_clear(&record);
    return rc;
}

static rec_status tell_lost(struct salvage *s, const struct place *names, size_t count, rec_error *err)
{
    json_t *ids = json_array();
    rec_status rc = ids ? gather_ids(s, names, count, "", ids, err) : rec_fail(err, REC_ENOMEM, "out of memory reading ids");

    s->report.lost++;
    if (rc == REC_OK && s->lost && json_array_size(ids) > 0)
        s->lost(s->context, json_string_value(json_array_get(ids, 0)));
    json_decref(ids);
    return rc;
}

static size_t count_of(const struct places *places, size_t from, int64_t doc)
{
    size_t to = from;

    while (to < places->count && places->items[to].doc == doc)
        to++;
    return to - from;
}

/* Every number that a row or an index has, rising. Of several rows the first that is whole. */
static rec_status write_all(struct salvage *s, rec_error *err)
{
    size_t paper = 0, name = 0;
    rec_status rc = REC_OK;

    while (rc == REC_OK && (paper < s->papers.count || name < s->names.count)) {
        const struct place *rows = s->papers.items + paper, *names = s->names.items + name;
        int64_t doc = paper == s->papers.count || (name < s->names.count && names->doc < rows->doc) ? names->doc : rows->doc;
        size_t row_count = count_of(&s->papers, paper, doc), name_count = count_of(&s->names, name, doc);
        bool good = false;

        for (size_t i = 0; i < row_count && rc == REC_OK && !good; i++)
            rc = try_row(s, rows + i, names, name_count, &good, err);
        if (rc == REC_OK && !good)
            rc = tell_lost(s, names, name_count, err);
        paper += row_count;
        name += name_count;
    }
    return rc;
}

rec_status rec_salvage(const char *path, const rec_filter *filter, rec_export_format format, const rec_export_sink *sink,
                       void (*lost)(void *context, const char *id), void *context, rec_salvage_report *report, rec_error *err)
{
    struct salvage s = { .pages = REC_PAGES_INIT,
                         .row = REC_ROW_INIT,
                         .papers_told = -1,
                         .filter = filter,
                         .writer = rec_export_writer(format),
                         .sink = sink,
                         .line = REC_BUF_INIT(MAX_PAPER),
                         .lost = lost,
                         .context = context };
    rec_status rc = rec_pages_open(path, &s.pages, err);

    if (rc != REC_OK)
        return rc;
    if ((rc = look_through(&s, err)) == REC_OK && s.papers.count == 0)
        rc = rec_fail(err, REC_EDAMAGED, "cannot salvage '%s': it holds no paper that can be read", path);
    if (rc == REC_OK && s.writer->head)
        rc = sink->take(sink->context, s.writer->head, strlen(s.writer->head), err);
    if (rc == REC_OK)
        rc = write_all(&s, err);
    if (s.papers_told - s.report.saved > s.report.lost)
        s.report.lost = s.papers_told - s.report.saved;
    s.report.perhaps_of_past = !s.pages.freed_known;
    *report = s.report;
    rec_free(s.papers.items);
    rec_free(s.names.items);
    rec_row_clear(&s.row);
    rec_buf_clear(&s.line);
    rec_pages_close(&s.pages);
    return rc;
}
