/* Editions in every format: see edition_output.h. */
#include "edition_output.h"

#include "alloc.h"
#include "rec/json_text.h"
#include "rec/mail.h"

#include <stdlib.h>

#define NOTE_MAX 512 /* more than all reasons take: a note that fails is one for which there is no memory */

/* ---- why a list is short ------------------------------------------------------------------------------------------- */

struct reason {
    size_t count;
    const char *one, *more;
};

/* "one" or "more" by number, with the number; nothing for none. */
static void add_reason(rec_buf *note, const struct reason *reason, size_t *said)
{
    if (reason->count == 0)
        return;
    rec_buf_puts(note, (*said)++ == 0 ? ": of the next best, " : ", ");
    rec_buf_printf(note, "%zu %s", reason->count, reason->count == 1 ? reason->one : reason->more);
}

/* Tells readers why there are fewer than `limit` suggestions; nothing where there are not. */
static void write_note(const rec_edition_item *item, size_t limit, rec_buf *note)
{
    const rec_answer *answer = &item->answer;
    const struct reason reasons[] = {
        { answer->seen, "was sent before or left out", "were sent before or left out" },
        { item->elsewhere, "stands under another headline", "stand under other headlines" },
        { answer->duplicate, "is a work that is shown already", "are works that are shown already" },
        { answer->filtered, "is of another field or time", "are of other fields or times" },
        { answer->below_threshold, "is not alike enough", "are not alike enough" },
    };
    size_t said = 0;

    if (answer->count >= limit)
        return;
    if (answer->count == 0)
        rec_buf_puts(note, "No suggestion");
    else
        rec_buf_printf(note, "Only %zu suggestion%s", answer->count, answer->count == 1 ? "" : "s");
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
        add_reason(note, &reasons[i], &said);
    rec_buf_puts(note, said > 0 ? "." : ": there is no other paper like it.");
}

/* ---- JSON ---------------------------------------------------------------------------------------------------------- */

static void put_item(rec_buf *out, const rec_edition_item *item, const struct edition_dress *dress)
{
    const struct asked asked = { item->record.paper.id.text, &item->record, NULL, dress->limit };
    rec_buf note = REC_BUF_INIT(NOTE_MAX);

    write_note(item, dress->limit, &note);
    rec_put_open(out, NULL, '{');
    put_answer_members(out, &asked, &item->answer, &item->elsewhere);
    rec_put_text(out, "note", note.length > 0 ? note.data : NULL);
    rec_put_close(out, '}');
    out->failed |= note.failed;
    rec_buf_clear(&note);
}

/* Without the store's generation: marking an edition as sent raises it, and the edition stays the same. */
static rec_status write_json(const rec_edition *edition, const struct edition_dress *dress, rec_buf *out, rec_error *err)
{
    rec_put_open(out, NULL, '{');
    rec_put_integer(out, "schema_version", JSON_SCHEMA_VERSION);
    rec_put_text(out, "date", dress->day.text);
    rec_put_text(out, "title", dress->title);
    rec_put_text(out, "status", edition->count > 0 ? "ok" : "none");
    rec_put_open(out, "headlines", '[');
    for (size_t i = 0; i < edition->count; i++)
        put_item(out, &edition->items[i], dress);
    rec_put_close(out, ']');
    put_index(out, "index", &edition->state, false);
    rec_put_close(out, '}');
    return end_line(out, err);
}

/* ---- sheets -------------------------------------------------------------------------------------------------------- */

/* A sheet of the edition, with memory of its own. */
struct edition_sheet {
    struct sheet sheet;
    struct sheet_item *items;
    rec_buf *notes;
    size_t count;
    rec_buf key;
};

static void sheet_clear(struct edition_sheet *s)
{
    for (size_t i = 0; s->notes && i < s->count; i++)
        rec_buf_clear(&s->notes[i]);
    rec_free(s->notes);
    rec_free(s->items);
    rec_buf_clear(&s->key);
}

static rec_status sheet_make(const rec_edition *edition, const struct edition_dress *dress, struct edition_sheet *out, rec_error *err)
{
    bool failed;

    *out = (struct edition_sheet){ .count = edition->count, .key = REC_BUF_INIT(REC_MAX_FIELD) };
    out->items = rec_alloc_array(edition->count, sizeof(*out->items));
    out->notes = rec_alloc_array(edition->count, sizeof(*out->notes));
    rec_buf_printf(&out->key, "%s\n%s", dress->day.text, dress->title);
    failed = !out->items || !out->notes || out->key.failed;
    for (size_t i = 0; i < edition->count && !failed; i++) {
        const rec_edition_item *item = &edition->items[i];

        out->notes[i] = (rec_buf)REC_BUF_INIT(NOTE_MAX);
        write_note(item, dress->limit, &out->notes[i]);
        out->items[i] = (struct sheet_item){ &item->record, NULL, &item->answer, out->notes[i].length > 0 ? out->notes[i].data : NULL };
        failed = out->notes[i].failed;
    }
    if (failed) {
        sheet_clear(out);
        return rec_fail(err, REC_ENOMEM, "out of memory for the edition");
    }
    out->sheet = (struct sheet){
        .title = dress->title,
        .date = dress->day.text,
        .key = out->key.data,
        .archive = dress->archive,
        .unsubscribe = dress->unsubscribe,
        .items = out->items,
        .count = edition->count,
        .abstract_length = SHEET_ABSTRACT,
        .title_length = SHEET_TITLE,
    };
    return REC_OK;
}

/* ---- messages ------------------------------------------------------------------------------------------------------ */

/* What tells this message from any other: all that it is made of but its dress. */
static void write_key(const rec_edition *edition, const struct edition_dress *dress, rec_buf *out)
{
    rec_buf_printf(out, "%s\n%s\n%s\n", dress->day.text, dress->title, dress->from ? dress->from : "");
    for (size_t i = 0; i < edition->count; i++) {
        rec_buf_printf(out, "%s\n", edition->items[i].record.paper.id.text);
        for (size_t j = 0; j < edition->items[i].answer.count; j++)
            rec_buf_printf(out, " %s\n", edition->items[i].answer.hits[j].record.paper.id.text);
    }
}

static rec_status write_message_once(const struct sheet *sheet, const struct edition_dress *dress, const char *key, rec_buf *out,
                                     rec_error *err)
{
    rec_buf text = REC_BUF_INIT(RENDER_MAX), html = REC_BUF_INIT(RENDER_MAX);
    rec_status rc = render(FORMAT_TEXT, sheet, NULL, &text, err);

    if (rc == REC_OK)
        rc = render(FORMAT_HTML, sheet, dress->own, &html, err);
    if (rc == REC_OK) {
        const rec_mail mail = { dress->from,         dress->to,          dress->title,   key,       rec_buf_text(&text),
                                rec_buf_text(&html), dress->unsubscribe, dress->archive, dress->day };

        rc = rec_mail_write(&mail, out, err);
    }
    rec_buf_clear(&text);
    rec_buf_clear(&html);
    return rc;
}

static rec_status write_message(const rec_edition *edition, struct sheet *sheet, const struct edition_dress *dress, rec_buf *out,
                                rec_error *err)
{
    static const struct {
        size_t abstract_length, title_length;
    } levels[] = { { SHEET_ABSTRACT, SHEET_TITLE }, { 240, 200 }, { 160, 160 }, { 100, 120 }, { 0, 100 }, { 0, 70 } };
    rec_buf key = REC_BUF_INIT(RENDER_MAX);
    rec_status rc = REC_OK;

    write_key(edition, dress, &key);
    if (key.failed)
        rc = rec_fail(err, REC_ENOMEM, "out of memory for the message");
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]) && rc == REC_OK; i++) {
        rec_buf_reset(out);
        sheet->abstract_length = levels[i].abstract_length;
        sheet->title_length = levels[i].title_length;
        rc = write_message_once(sheet, dress, rec_buf_text(&key), out, err);
        if (out->length <= EDITION_MAIL_MAX)
            break;
    }
    rec_buf_clear(&key);
    return rc;
}

rec_status edition_write(enum format format, const rec_edition *edition, const struct edition_dress *dress, rec_buf *out, rec_error *err)
{
    struct edition_sheet made;
    rec_status rc;

    if (format == FORMAT_JSON)
        return write_json(edition, dress, out, err);
    if ((rc = sheet_make(edition, dress, &made, err)) != REC_OK)
        return rc;
    if (format == FORMAT_EML)
        rc = write_message(edition, &made.sheet, dress, out, err);
    else
        rc = render(format, &made.sheet, dress->own, out, err);
    sheet_clear(&made);
    return rc;
}
