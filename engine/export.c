/* Choosing papers and handing them to a writer: see rec/export.h and export.h. */
#include "export.h"
#include "character.h"
#include "controls.h"
#include "json.h"

#include <jansson.h>
#include <string.h>

#define MAX_PAPER ((size_t)1 << 28) /* bytes of one paper as it is written: its texts, as escapes in the worst case */

const struct rec_export_writer *rec_export_writer(rec_export_format format)
{
    static const struct rec_export_writer *const writers[] = {
        [REC_EXPORT_JSONL] = &rec_export_jsonl,
        [REC_EXPORT_BIBTEX] = &rec_export_bibtex,
        [REC_EXPORT_CSV] = &rec_export_csv,
    };

    return writers[format];
}

/* ---- which papers -------------------------------------------------------------------------------------------------- */

struct walk {
    const rec_filter *filter;
    rec_export_visitor visit;
    void *context;
};

static rec_status visit_if_taken(const rec_text *text, void *context, rec_error *err)
{
    const struct walk *walk = context;

    if (!rec_filter_takes_date(walk->filter, (int32_t)text->date, (int32_t)text->last_day) ||
        !rec_filter_takes_categories(walk->filter, text->categories))
        return REC_OK;
    return walk->visit(walk->context, text, err);
}

rec_status rec_export_walk(rec_store *store, const rec_export_choice *choice, rec_export_visitor visit, void *context, rec_error *err)
{
    struct walk walk = { &choice->filter, visit, context };
    rec_status rc = REC_OK;

    if (!choice->docs)
        return rec_store_scan(store, false, visit_if_taken, &walk, err);
    for (size_t i = 0; i < choice->doc_count && rc == REC_OK; i++)
        if (i == 0 || choice->docs[i] != choice->docs[i - 1])
            rc = rec_store_text(store, choice->docs[i], visit_if_taken, &walk, err);
    return rc;
}

/* ---- papers -------------------------------------------------------------------------------------------------------- */

struct exporting {
    rec_store *store;
    const struct rec_export_writer *writer;
    const rec_export_sink *sink;
    rec_buf line;
    int64_t count;
};

rec_status rec_export_record(const struct rec_export_writer *writer, const rec_record *record, const rec_export_sink *sink, rec_buf *line,
                             rec_error *err)
{
    rec_status rc;

    rec_buf_reset(line);
    if ((rc = writer->append(record, line, err)) != REC_OK)
        return rc;
    if (line->failed)
        return rec_fail(err, REC_ENOMEM, "out of memory writing paper '%s'", record->paper.id.text);
    return sink->take(sink->context, rec_buf_text(line), line->length, err);
}

static rec_status export_paper(void *context, const rec_text *text, rec_error *err)
{
    struct exporting *ex = context;
    rec_record record = REC_RECORD_INIT;
    rec_status rc = rec_store_get(ex->store, text->doc, REC_EXPORT_GET, &record, err);

    if (rc == REC_OK)
        rc = rec_export_record(ex->writer, &record, ex->sink, &ex->line, err);
    ex->count += rc == REC_OK;
    rec_record_clear(&record);
    return rc;
}

rec_status rec_export_papers(rec_store *store, const rec_export_choice *choice, rec_export_format format, const rec_export_sink *sink,
                             int64_t *count, rec_error *err)
{
    struct exporting ex = { .store = store, .writer = rec_export_writer(format), .sink = sink, .line = REC_BUF_INIT(MAX_PAPER) };
    rec_status rc = rec_store_read_begin(store, err);

    if (rc != REC_OK)
        return rc;
    if (ex.writer->head)
        rc = sink->take(sink->context, ex.writer->head, strlen(ex.writer->head), err);
    if (rc == REC_OK)
        rc = rec_export_walk(store, choice, export_paper, &ex, err);
    rec_store_read_end(store);
    rec_buf_clear(&ex.line);
    *count = ex.count;
    return rc;
}

/* ---- what writers share -------------------------------------------------------------------------------------------- */

void rec_export_id(const rec_record *record, rec_id_kind kind, rec_id *out)
{
    json_t *also = rec_json_stored(record->also), *entry;
    size_t i;

    *out = record->paper.id;
    if (out->kind != kind)
        out->text[0] = '\0';
    json_array_foreach(also, i, entry)
    {
        rec_id id;

        if (!out->text[0] && json_is_string(entry) && rec_id_parse(json_string_value(entry), &id, NULL) == REC_OK && id.kind == kind)
            *out = id;
    }
    json_decref(also);
}

size_t rec_export_character(const char *text, rec_buf *out)
{
    size_t control = rec_control_length(text);
    size_t bytes;

    if (control > 0 && !strchr("\t\n", *text))
        return control;
    if (rec_character(text, strnlen(text, 4), &bytes) != REC_NO_CHARACTER)
        rec_buf_add(out, text, bytes);
    else
        rec_buf_puts(out, "\xEF\xBF\xBD");
    return bytes;
}

rec_status rec_export_list(const char *array, const char *between, void (*entry)(const char *text, rec_buf *out), rec_buf *out,
                           rec_error *err)
{
    json_t *list, *value;
    rec_status rc = rec_json_read_stored(array, &list);
    size_t i, count = 0;

    if (rc != REC_OK)
        return rec_fail(err, rc, "out of memory for a list of names");
    if (array && !json_is_array(list)) {
        json_decref(list);
        return rec_fail(err, REC_EDAMAGED, "the store is damaged: a list of names is none; " REC_WAY_OUT);
    }
    json_array_foreach(list, i, value)
    {
        if (!json_is_string(value))
            continue;
        rec_buf_puts(out, count++ > 0 ? between : "");
        entry(json_string_value(value), out);
    }
    json_decref(list);
    return REC_OK;
}
