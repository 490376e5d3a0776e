/* The JSON objects of the interface: keys, order and types as docs/interface.md gives them. */
#include "output.h"

#include "json_make.h"
#include "json_text.h"

#include <math.h>
#include <string.h>

static const char *url_of(const rec_paper *paper, char room[REC_ID_URL_ROOM])
{
    if (paper->url)
        return paper->url;
    rec_id_url(&paper->id, room, REC_ID_URL_ROOM);
    return room[0] ? room : NULL;
}

/* NULL, which is written as null, for an empty text. */
static const char *set_or_null(const char *text)
{
    return text[0] ? text : NULL;
}

void put_reason(rec_buf *out, const char *key, const rec_reason *reason)
{
    put_open(out, key, '{');
    put_text(out, "text", reason->text);
    put_open(out, "terms", '[');
    for (size_t i = 0; i < reason->count; i++) {
        const rec_reason_term *term = &reason->terms[i];

        put_open(out, NULL, '[');
        put_text_part(out, NULL, reason->text + term->from, term->length);
        put_real(out, NULL, round((double)term->share * 1e4) / 1e4);
        put_close(out, ']');
    }
    put_close(out, ']');
    put_close(out, '}');
}

static void put_hit(rec_buf *out, const rec_hit *hit, size_t rank)
{
    const rec_paper *paper = &hit->record.paper;
    char url[REC_ID_URL_ROOM];

    put_open(out, NULL, '{');
    put_integer(out, "rank", (int64_t)rank);
    put_text(out, "id", paper->id.text);
    put_real(out, "score", hit->score < 0 ? 0 : hit->score > 1 ? 1 : (double)hit->score);
    put_text(out, "band", rec_band_name(hit->band));
    put_text(out, "title", paper->title);
    put_stored_list(out, "authors", paper->authors);
    put_text(out, "published", set_or_null(paper->date.text));
    put_stored_list(out, "categories", paper->categories);
    put_text(out, "url", url_of(paper, url));
    put_stored_list(out, "also", hit->record.also);
    if (hit->reason)
        put_reason(out, "reason", hit->reason);
    put_close(out, '}');
}

/* The marks of a paper; none for NULL. */
static void put_flags(rec_buf *out, const char *key, const rec_paper *paper)
{
    put_open(out, key, '[');
    if (paper && paper->flags & REC_FLAG_WITHDRAWN)
        put_text(out, NULL, "withdrawn");
    if (paper && paper->flags & REC_FLAG_RETRACTED)
        put_text(out, NULL, "retracted");
    put_close(out, ']');
}

static void put_seed(rec_buf *out, const char *key, const struct asked *asked, const rec_answer *answer)
{
    const rec_paper *paper = asked->seed ? &asked->seed->paper : NULL;

    put_open(out, key, '{');
    put_text(out, "title", paper ? paper->title : asked->title);
    put_text(out, "published", paper ? set_or_null(paper->date.text) : NULL);
    put_boolean(out, "indexed", answer->seed_indexed);
    put_flags(out, "flags", paper);
    put_close(out, '}');
}

static void put_dropped(rec_buf *out, const char *key, const rec_answer *answer, const size_t *elsewhere)
{
    put_open(out, key, '{');
    put_integer(out, "seen", (int64_t)answer->seen);
    put_integer(out, "duplicate", (int64_t)answer->duplicate);
    put_integer(out, "filtered", (int64_t)answer->filtered);
    put_integer(out, "below_threshold", (int64_t)answer->below_threshold);
    if (elsewhere)
        put_integer(out, "elsewhere", (int64_t)*elsewhere);
    put_close(out, '}');
}

void put_index(rec_buf *out, const char *key, const rec_store_state *state, bool with_generation)
{
    put_open(out, key, '{');
    put_text(out, "fingerprint", set_or_null(state->fingerprint));
    if (with_generation)
        put_integer(out, "generation", state->generation);
    put_integer(out, "papers", state->papers);
    put_text(out, "max_date", set_or_null(state->max_date));
    put_close(out, '}');
}

void put_answer_members(rec_buf *out, const struct asked *asked, const rec_answer *answer, const size_t *elsewhere)
{
    put_text(out, "request", asked->request);
    put_text(out, "id", asked->seed ? asked->seed->paper.id.text : NULL);
    put_text(out, "status", answer->count > 0 ? "ok" : "none");
    put_integer(out, "k", (int64_t)asked->limit);
    put_seed(out, "seed", asked, answer);
    put_open(out, "results", '[');
    for (size_t i = 0; i < answer->count; i++)
        put_hit(out, &answer->hits[i], i + 1);
    put_close(out, ']');
    put_dropped(out, "dropped", answer, elsewhere);
}

/* Ends a line that holds one object. */
static rec_status end_object(rec_buf *out, rec_error *err)
{
    put_close(out, '}');
    return end_line(out, err);
}

rec_status answer_to_text(const struct asked *asked, const rec_answer *answer, rec_buf *out, rec_error *err)
{
    put_open(out, NULL, '{');
    put_integer(out, "schema_version", JSON_SCHEMA_VERSION);
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
    const rec_paper *paper = &record->paper;
    char url[REC_ID_URL_ROOM];

    put_open(out, NULL, '{');
    put_integer(out, "schema_version", JSON_SCHEMA_VERSION);
    put_text(out, "id", paper->id.text);
    put_stored_list(out, "also", record->also);
    put_tree(out, "version", paper->id.version ? json_integer(paper->id.version) : json_null());
    put_text(out, "title", paper->title);
    put_text(out, "abstract", paper->abstract);
    put_stored_list(out, "authors", paper->authors);
    put_text(out, "published", set_or_null(paper->date.text));
    put_text(out, "updated", set_or_null(paper->updated.text));
    put_stored_list(out, "categories", paper->categories);
    put_stored_list(out, "keywords", paper->keywords);
    put_text(out, "venue", paper->venue);
    put_text(out, "url", url_of(paper, url));
    put_flags(out, "flags", paper);
    put_tree(out, "upvotes", paper->has_upvotes ? json_real(paper->upvotes) : json_null());
    put_text(out, "title_original", paper->title_original ? paper->title_original : paper->title);
    put_text(out, "abstract_original", paper->abstract_original ? paper->abstract_original : paper->abstract);
    if (paper->extra)
        put_tree(out, "extra", json_loads(paper->extra, 0, NULL));
    put_boolean(out, "indexed", indexed);
    return end_object(out, err);
}
