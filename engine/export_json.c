/*
 * A paper as a line of JSON: all that the store has of it, under the names that `show` prints. dialect_export.c reads it back.
 */
#include "export.h"
#include "json.h"

#include "rec/paper_json.h"

static void begin_paper(const rec_paper *paper, rec_buf *out)
{
    rec_put_open(out, NULL, '{');
    rec_put_integer(out, "schema_version", REC_EXPORT_SCHEMA);
    rec_put_text(out, "id", paper->id.text);
}

static void end_paper(rec_buf *out)
{
    rec_put_close(out, '}');
    rec_buf_putc(out, '\n');
}

/* Other ids from `first`, as many as a record may bring. */
static void put_ids(const json_t *also, size_t first, rec_buf *out)
{
    rec_put_open(out, "also", '[');
    for (size_t i = first; i < first + REC_MAX_ALIASES && i < json_array_size(also); i++)
        rec_put_text(out, NULL, json_string_value(json_array_get(also, i)));
    rec_put_close(out, ']');
}

/* A paper that gathered more ids from several records than one may bring has lines for the rest. */
static rec_status append_json(const rec_record *record, rec_buf *out, rec_error *err)
{
    json_t *also;
    rec_status rc = rec_json_read_stored(record->also, &also);

    if (rc != REC_OK)
        return rec_fail(err, rc, "out of memory writing paper '%s'", record->paper.id.text);
    if (record->also && !also)
        return rec_fail(err, REC_EDAMAGED, "the store is damaged: another id of paper '%s' is none; " REC_WAY_OUT, record->paper.id.text);
    begin_paper(&record->paper, out);
    put_ids(also, 0, out);
    rec_put_paper_members(out, record, REC_PAPER_STORED);
    end_paper(out);
    for (size_t first = REC_MAX_ALIASES; first < json_array_size(also); first += REC_MAX_ALIASES) {
        begin_paper(&record->paper, out);
        put_ids(also, first, out);
        end_paper(out);
    }
    json_decref(also);
    return REC_OK;
}

const struct rec_export_writer rec_export_jsonl = { NULL, append_json };
