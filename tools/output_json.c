/* The JSON objects of the interface: keys, order and types as docs/interface.md gives them. */
#include "output.h"

#include "json_make.h"
#include "rec/paper_json.h"

#include <math.h>
#include <string.h>

/* NULL, which is written as null, for an empty text. */
static const char *set_or_null(const char *text)
{
    return text[0] ? text : NULL;
}

void put_reason(rec_buf *out, const char *key, const rec_reason *reason)
{
    rec_put_open(out, key, '{');
    rec_put_text(out, "text", reason->text);
    rec_put_open(out, "terms", '[');
    for (size_t i = 0; i < reason->count; i++) {
        const rec_reason_term *term = &reason->terms[i];

        rec_put_open(out, NULL, '[');
        rec_put_text_part(out, NULL, reason->text + term->from, term->length);
        rec_put_real(out, NULL, round((double)term->share * 1e4) / 1e4, REC_DIGITS_FLOAT);
        rec_put_close(out, ']');
    }
    rec_put_close(out, ']');
    rec_put_close(out, '}');
}

static void put_hit(rec_buf *out, const rec_hit *hit, size_t rank)
{
    const rec_paper *paper = &hit->record.paper;
    char url[REC_ID_URL_ROOM];

    rec_put_open(out, NULL, '{');
    rec_put_integer(out, "rank", (int64_t)rank);
    rec_put_text(out, "id", paper->id.text);
    rec_put_real(out, "score", hit->score < 0 ? 0 : hit->score > 1 ? 1 : (double)hit->score, REC_DIGITS_FLOAT);
    rec_put_text(out, "band", rec_band_name(hit->band));
    rec_put_text(out, "title", paper->title);
    rec_put_stored_list(out, "authors", paper->authors);
    rec_put_text(out, "published", set_or_null(paper->date.text));
    rec_put_stored_list(out, "categories", paper->categories);
    rec_put_text(out, "url", rec_paper_url(paper, url));
    rec_put_stored_list(out, "also", hit->record.also);
    if (hit->reason)
        put_reason(out, "reason", hit->reason);
    rec_put_close(out, '}');
}

static void put_seed(rec_buf *out, const char *key, const struct asked *asked, const rec_answer *answer)
{
    const rec_paper *paper = asked->seed ? &asked->seed->paper : NULL;

    rec_put_open(out, key, '{');
    rec_put_text(out, "title", paper ? paper->title : asked->title);
    rec_put_text(out, "published", paper ? set_or_null(paper->date.text) : NULL);
    rec_put_boolean(out, "indexed", answer->seed_indexed);
    rec_put_flags(out, "flags", paper);
    rec_put_close(out, '}');
}

static void put_dropped(rec_buf *out, const char *key, const rec_answer *answer, const size_t *elsewhere)
{
    rec_put_open(out, key, '{');
    rec_put_integer(out, "seen", (int64_t)answer->seen);
    rec_put_integer(out, "duplicate", (int64_t)answer->duplicate);
    rec_put_integer(out, "filtered", (int64_t)answer->filtered);
    rec_put_integer(out, "below_threshold", (int64_t)answer->below_threshold);
    if (elsewhere)
        rec_put_integer(out, "elsewhere", (int64_t)*elsewhere);
    rec_put_close(out, '}');
}

void put_index(rec_buf *out, const char *key, const rec_store_state *state, bool with_generation)
{
    rec_put_open(out, key, '{');
    rec_put_text(out, "fingerprint", set_or_null(state->fingerprint));
    if (with_generation)
        rec_put_integer(out, "generation", state->generation);
    rec_put_integer(out, "papers", state->papers);
    rec_put_text(out, "max_date", set_or_null(state->max_date));
    rec_put_close(out, '}');
}

void put_answer_members(rec_buf *out, const struct asked *asked, const rec_answer *answer, const size_t *elsewhere)
{
    rec_put_text(out, "request", asked->request);
    rec_put_text(out, "id", asked->seed ? asked->seed->paper.id.text : NULL);
    rec_put_text(out, "status", answer->count > 0 ? "ok" : "none");
    rec_put_integer(out, "k", (int64_t)asked->limit);
    put_seed(out, "seed", asked, answer);
    rec_put_open(out, "results", '[');
    for (size_t i = 0; i < answer->count; i++)
        put_hit(out, &answer->hits[i], i + 1);
    rec_put_close(out, ']');
    put_dropped(out, "dropped", answer, elsewhere);
}

/* Ends a line that holds one object. */
static rec_status end_object(rec_buf *out, rec_error *err)
{
    rec_put_close(out, '}');
    return end_line(out, err);
}

rec_status answer_to_text(const struct asked *asked, const rec_answer *answer, rec_buf *out, rec_error *err)
{
    rec_put_open(out, NULL, '{');
    rec_put_integer(out, "schema_version", JSON_SCHEMA_VERSION);
    put_answer_members(out, asked, answer, NULL);
    put_index(out, "index", &answer->state, true);
    return end_object(out, err);
}

/* A message may quote bytes of a bad line that are no text. */
static json_t *text_of(const char *message)
{
    char plain[sizeof(((rec_error *)NULL)->message)];
    json_t *text = json_string(message);

    if (text)
        return text;
    snprintf(plain, sizeof(plain), "%s", message);
    for (char *at = plain; *at; at++)
        if ((unsigned char)*at >= 0x80)
            *at = '?';
    return json_string(plain);
}

const char *failure_code(rec_status status)
{
    switch (status) {
    case REC_ENOTFOUND:
        return "unknown_id";
    case REC_EINVAL:
    case REC_EFORMAT:
        return "bad_request";
    case REC_EDAMAGED:
    case REC_ESTALE:
    case REC_EVERSION:
        return "store_unusable";
    default:
        return "failed";
    }
}

json_t *failure_to_json(const char *request, const char *id, const char *code, const char *message)
{
    json_t *object = json_object(), *error = json_object();

    set_key(&error, "code", json_string(code));
    set_key(&error, "message", text_of(message));
    set_key(&object, "schema_version", json_integer(JSON_SCHEMA_VERSION));
    set_key(&object, "request", request ? json_string(request) : json_null());
    set_key(&object, "id", id[0] ? json_string(id) : json_null());
    set_key(&object, "status", json_string("error"));
    set_key(&object, "error", error);
    return object;
}

json_t *problem_to_json(const char *title, unsigned status, const char *code, const char *detail)
{
    json_t *object = json_object();

    set_key(&object, "type", json_string("about:blank"));
    set_key(&object, "title", json_string(title));
    set_key(&object, "status", json_integer((json_int_t)status));
    set_key(&object, "code", json_string(code));
    set_key(&object, "detail", text_of(detail));
    return object;
}

rec_status paper_to_text(const rec_record *record, bool indexed, rec_buf *out, rec_error *err)
{
    rec_put_open(out, NULL, '{');
    rec_put_integer(out, "schema_version", JSON_SCHEMA_VERSION);
    rec_put_text(out, "id", record->paper.id.text);
    rec_put_stored_list(out, "also", record->also);
    rec_put_paper_members(out, record, REC_PAPER_SHOWN);
    rec_put_boolean(out, "indexed", indexed);
    return end_object(out, err);
}
