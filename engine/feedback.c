/* Files of feedback into the store: see rec/feedback.h. */
#include "rec/feedback.h"

#include "quote.h"
#include "rec/ledger.h"
#include "rec/source.h"
#include "store_feedback.h"
#include "json.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define BATCH 1000 /* lines of one transaction */
#define FIELDS 5

static const char *const NAMES[FIELDS] = { "seed", "paper", "action", "day", "edition" };

struct reading {
    rec_store *store;
    const char *path;
    const rec_feedback_options *options;
    rec_feedback_report *report;
    enum { UNTOLD, JSON, TABLE } format;
    size_t in_batch;
    bool changed;
};

/* ---- one line ------------------------------------------------------------------------------------------------------- */

static rec_status read_id(const char *field, const char *text, rec_id *out, rec_error *err)
{
    rec_error reason = REC_ERROR_INIT;

    return rec_id_parse(text, out, &reason) == REC_OK ? REC_OK : rec_fail(err, REC_EFORMAT, "field '%s': %s", field, reason.message);
}

static rec_status read_action(const char *text, const char **out, rec_error *err)
{
    static const char *const actions[] = { "click", "save", "hide" };
    char quoted[REC_QUOTE_ROOM];

    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
        if (strcmp(text, actions[i]) == 0) {
            *out = actions[i];
            return REC_OK;
        }
    return rec_fail(err, REC_EFORMAT, "field 'action': '%s' is not click, save or hide", rec_quote(text, quoted));
}

static rec_status read_day(const char *text, int32_t *out, rec_error *err)
{
    rec_error reason = REC_ERROR_INIT;
    char quoted[REC_QUOTE_ROOM];
    rec_date date;

    if (rec_date_parse(text, &date, &reason) != REC_OK)
        return rec_fail(err, REC_EFORMAT, "field 'day': %s", reason.message);
    if (date.first != date.last)
        return rec_fail(err, REC_EFORMAT, "field 'day': '%s' is not one day", rec_quote(text, quoted));
    *out = date.first;
    return REC_OK;
}

/* Fields in the order of NAMES; NULL or "" where one is missing. */
static rec_status read_fields(const char *const fields[FIELDS], rec_feedback *out, rec_error *err)
{
    rec_error reason = REC_ERROR_INIT;
    rec_status rc;

    for (size_t i = 0; i < FIELDS - 1; i++)
        if (!fields[i] || !fields[i][0])
            return rec_fail(err, REC_EFORMAT, "field '%s': missing", NAMES[i]);
    out->edition = fields[4] ? fields[4] : "";
    if (out->edition[0] && (rc = rec_edition_check(out->edition, &reason)) != REC_OK)
        return rec_fail(err, rc == REC_ENOMEM ? rc : REC_EFORMAT, "field 'edition': %s", reason.message);
    if ((rc = read_id(NAMES[0], fields[0], &out->seed, err)) != REC_OK || (rc = read_id(NAMES[1], fields[1], &out->paper, err)) != REC_OK)
        return rc;
    if ((rc = read_action(fields[2], &out->action, err)) != REC_OK)
        return rc;
    return read_day(fields[3], &out->day, err);
}

/* Cuts a line at tabs, empty columns kept. */
static rec_status cut_table(char *line, const char *fields[FIELDS], rec_error *err)
{
    size_t n = 0;

    for (char *at = line; at; n++) {
        char *tab = strchr(at, '\t');

        if (n == FIELDS)
            return rec_fail(err, REC_EFORMAT, "more than %d columns", FIELDS);
        if (tab)
            *tab++ = '\0';
        fields[n] = at;
        at = tab;
    }
    return n < FIELDS - 1 ? rec_fail(err, REC_EFORMAT, "%zu columns: seed, paper, action and day are needed", n) : REC_OK;
}

static rec_status pick_members(const json_t *object, const char *fields[FIELDS], rec_error *err)
{
    if (!json_is_object(object))
        return rec_fail(err, REC_EFORMAT, "expected a JSON object");
    for (size_t i = 0; i < FIELDS; i++) {
        const json_t *value = json_object_get(object, NAMES[i]);

        if (value && !json_is_null(value) && !json_is_string(value))
            return rec_fail(err, REC_EFORMAT, "field '%s': expected a string", NAMES[i]);
        fields[i] = json_string_value(value);
    }
    return REC_OK;
}

/* ---- into the store ------------------------------------------------------------------------------------------------- */

static rec_status commit(struct reading *r, rec_error *err)
{
    rec_status rc = r->in_batch > 0 ? rec_store_commit(r->store, false, err) : REC_OK; /* no answer shows it */

    r->in_batch = 0;
    return rc;
}

static rec_status count_unknown(struct reading *r, const rec_feedback *feedback, rec_error *err)
{
    rec_doc doc;
    rec_status rc = rec_store_find(r->store, feedback->seed.text, &doc, err);

    if (rc == REC_OK)
        rc = rec_store_find(r->store, feedback->paper.text, &doc, err);
    r->report->unknown += rc == REC_ENOTFOUND;
    return rc == REC_ENOTFOUND ? REC_OK : rc;
}

static rec_status store(struct reading *r, const rec_feedback *feedback, rec_error *err)
{
    bool added = false;
    rec_status rc = r->in_batch == 0 ? rec_store_begin(r->store, err) : REC_OK;

    if (rc == REC_OK)
        rc = rec_store_add_feedback(r->store, feedback, &added, err);
    if (rc == REC_OK)
        rc = count_unknown(r, feedback, err);
    if (rc != REC_OK)
        return rc;
    r->in_batch++;
    r->report->lines++;
    r->report->added += added;
    r->report->known += !added;
    return r->in_batch == BATCH ? commit(r, err) : REC_OK;
}

static rec_status refuse(struct reading *r, uint64_t line, const rec_error *reason, rec_error *err)
{
    char message[PATH_MAX + sizeof(reason->message) + 32];

    r->report->lines++;
    r->report->refused++;
    snprintf(message, sizeof(message), "%s:%llu: %s", r->path, (unsigned long long)line, reason->message);
    if (r->options->refused)
        r->options->refused(r->options->context, message);
    return r->options->strict ? rec_fail(err, REC_EFORMAT, "%s", message) : REC_OK;
}

/* Reads one line, which it may cut. What it points at in `out` lives as long as the line and `*object`. */
static rec_status read_line(const struct reading *r, const rec_line *line, json_t **object, rec_feedback *out, rec_error *err)
{
    const char *fields[FIELDS] = { NULL };
    char quoted[REC_QUOTE_ROOM];
    json_error_t why;
    rec_status rc;

    if (memchr(line->text, '\0', line->length))
        return rec_fail(err, REC_EFORMAT, "the line holds a NUL");
    if (r->format == TABLE) {
        rc = cut_table((char *)line->text, fields, err);
    } else {
        if ((rc = rec_json_read(line->text, line->length, JSON_REJECT_DUPLICATES, object, &why)) == REC_ENOMEM)
            return rec_fail(err, REC_ENOMEM, "out of memory reading feedback");
        if (rc != REC_OK)
            return rec_fail(err, REC_EFORMAT, "not a JSON object: %s (column %d)", rec_quote(why.text, quoted), why.column);
        rc = pick_members(*object, fields, err);
    }
    return rc == REC_OK ? read_fields(fields, out, err) : rc;
}

static rec_status take_line(struct reading *r, const rec_line *line, rec_error *err)
{
    rec_error reason = REC_ERROR_INIT;
    json_t *object = NULL;
    rec_feedback feedback;
    rec_status rc;

    if (line->length == 0 || line->text[0] == '#')
        return REC_OK;
    if (r->format == UNTOLD)
        r->format = line->text[0] == '{' ? JSON : TABLE;
    rc = read_line(r, line, &object, &feedback, &reason);
    if (rc == REC_OK)
        rc = store(r, &feedback, err);
    else if (rc == REC_EFORMAT)
        rc = refuse(r, line->number, &reason, err);
    else
        rc = rec_fail(err, rc, "%s", reason.message);
    json_decref(object);
    return rc;
}

rec_status rec_feedback_import(rec_store *store_, const char *path, const rec_feedback_options *options, rec_feedback_report *report,
                               rec_error *err)
{
    struct reading r = { .store = store_, .path = path, .options = options, .report = report };
    rec_source *source = NULL;
    rec_status rc = rec_source_open(path, &source, err), committed;
    rec_error reason = REC_ERROR_INIT;
    rec_line line;

    while (rc == REC_OK) {
        rec_status read = rec_source_next(source, &line, &reason);

        if (read == REC_EFORMAT)
            rc = refuse(&r, line.number, &reason, err);
        else if (read != REC_OK)
            rc = rec_fail(err, read, "%s", reason.message);
        else if (!line.text)
            break;
        else
            rc = take_line(&r, &line, err);
    }
    /* Good lines before a bad one are kept. */
    committed = rc == REC_OK || rc == REC_EFORMAT ? commit(&r, &reason) : REC_OK;
    rec_store_rollback(store_);
    rec_source_close(source);
    return committed == REC_OK ? rc : rec_fail(err, committed, "%s", reason.message);
}
