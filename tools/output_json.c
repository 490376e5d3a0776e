/* The JSON objects of the interface: keys, order and types as docs/interface.md gives them. */
#include "output.h"

#include "json_make.h"

#include <math.h>
#include <string.h>

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *date_or_null(const rec_date *date)
{
    return date->text[0] ? json_string(date->text) : json_null();
}

/* A stored JSON array; an empty one where there is none. */
static json_t *stored_list(const char *array)
{
    json_t *list = array ? json_loads(array, JSON_REJECT_DUPLICATES, NULL) : NULL;

    return json_is_array(list) ? list : json_array();
}

static json_t *url_of(const rec_paper *paper)
{
    char url[REC_ID_URL_ROOM];

    if (paper->url)
        return json_string(paper->url);
    rec_id_url(&paper->id, url, sizeof(url));
    return url[0] ? json_string(url) : json_null();
}

static json_t *term_to_json(const rec_reason *reason, const rec_reason_term *term)
{
    return json_pack("[s#, f]", reason->text + term->from, (int)term->length, round((double)term->share * 1e4) / 1e4);
}

json_t *reason_to_json(const rec_reason *reason)
{
    json_t *object = json_object(), *terms = json_array();

    for (size_t i = 0; i < reason->count; i++)
        if (terms && json_array_append_new(terms, term_to_json(reason, &reason->terms[i])) != 0) {
            json_decref(terms);
            terms = NULL;
        }
    set_key(&object, "text", json_string(reason->text));
    set_key(&object, "terms", terms);
    return object;
}

static json_t *hit_to_json(const rec_hit *hit, size_t rank)
{
    const rec_paper *paper = &hit->record.paper;
    json_t *object = json_object();

    set_key(&object, "rank", json_integer((json_int_t)rank));
    set_key(&object, "id", json_string(paper->id.text));
    set_key(&object, "score", json_real(hit->score < 0 ? 0 : hit->score > 1 ? 1 : (double)hit->score));
    set_key(&object, "band", json_string(rec_band_name(hit->band)));
    set_key(&object, "title", text_or_null(paper->title));
    set_key(&object, "authors", stored_list(paper->authors));
    set_key(&object, "published", date_or_null(&paper->date));
    set_key(&object, "categories", stored_list(paper->categories));
    set_key(&object, "url", url_of(paper));
    set_key(&object, "also", stored_list(hit->record.also));
    if (hit->reason)
        set_key(&object, "reason", reason_to_json(hit->reason));
    return object;
}

json_t *flags_to_json(const rec_paper *paper)
{
    json_t *list = json_array();
    int failed = 0;

    if (paper && paper->flags & REC_FLAG_WITHDRAWN)
        failed |= json_array_append_new(list, json_string("withdrawn"));
    if (paper && paper->flags & REC_FLAG_RETRACTED)
        failed |= json_array_append_new(list, json_string("retracted"));
    if (!failed)
        return list;
    json_decref(list);
    return NULL;
}

static json_t *seed_to_json(const struct asked *asked, const rec_answer *answer)
{
    json_t *object = json_object();

    set_key(&object, "title", text_or_null(asked->seed ? asked->seed->paper.title : asked->title));
    set_key(&object, "published", asked->seed ? date_or_null(&asked->seed->paper.date) : json_null());
    set_key(&object, "indexed", json_boolean(answer->seed_indexed));
    set_key(&object, "flags", flags_to_json(asked->seed ? &asked->seed->paper : NULL));
    return object;
}

static json_t *dropped_to_json(const rec_answer *answer)
{
    json_t *object = json_object();

    set_key(&object, "seen", json_integer((json_int_t)answer->seen));
    set_key(&object, "duplicate", json_integer((json_int_t)answer->duplicate));
    set_key(&object, "filtered", json_integer((json_int_t)answer->filtered));
    set_key(&object, "below_threshold", json_integer((json_int_t)answer->below_threshold));
    return object;
}

json_t *index_to_json(const rec_store_state *state)
{
    json_t *object = json_object();

    set_key(&object, "fingerprint", state->fingerprint[0] ? json_string(state->fingerprint) : json_null());
    set_key(&object, "generation", json_integer(state->generation));
    set_key(&object, "papers", json_integer(state->papers));
    set_key(&object, "max_date", state->max_date[0] ? json_string(state->max_date) : json_null());
    return object;
}

json_t *answer_to_json(const struct asked *asked, const rec_answer *answer)
{
    json_t *object = json_object(), *results = json_array();

    for (size_t i = 0; i < answer->count; i++)
        if (results && json_array_append_new(results, hit_to_json(&answer->hits[i], i + 1)) != 0) {
            json_decref(results);
            results = NULL;
        }
    set_key(&object, "schema_version", json_integer(JSON_SCHEMA_VERSION));
    set_key(&object, "request", text_or_null(asked->request));
    set_key(&object, "id", asked->seed ? json_string(asked->seed->paper.id.text) : json_null());
    set_key(&object, "status", json_string(answer->count > 0 ? "ok" : "none"));
    set_key(&object, "k", json_integer((json_int_t)asked->limit));
    set_key(&object, "seed", seed_to_json(asked, answer));
    set_key(&object, "results", results);
    set_key(&object, "dropped", dropped_to_json(answer));
    set_key(&object, "index", index_to_json(&answer->state));
    return object;
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
    set_key(&object, "request", text_or_null(request));
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

json_t *paper_to_json(const rec_record *record, bool indexed)
{
    const rec_paper *paper = &record->paper;
    json_t *object = json_object();

    set_key(&object, "schema_version", json_integer(JSON_SCHEMA_VERSION));
    set_key(&object, "id", json_string(paper->id.text));
    set_key(&object, "also", stored_list(record->also));
    set_key(&object, "version", paper->id.version ? json_integer(paper->id.version) : json_null());
    set_key(&object, "title", text_or_null(paper->title));
    set_key(&object, "abstract", text_or_null(paper->abstract));
    set_key(&object, "authors", stored_list(paper->authors));
    set_key(&object, "published", date_or_null(&paper->date));
    set_key(&object, "updated", date_or_null(&paper->updated));
    set_key(&object, "categories", stored_list(paper->categories));
    set_key(&object, "keywords", stored_list(paper->keywords));
    set_key(&object, "venue", text_or_null(paper->venue));
    set_key(&object, "url", url_of(paper));
    set_key(&object, "flags", flags_to_json(paper));
    set_key(&object, "upvotes", paper->has_upvotes ? json_real(paper->upvotes) : json_null());
    set_key(&object, "title_original", text_or_null(paper->title_original ? paper->title_original : paper->title));
    set_key(&object, "abstract_original", text_or_null(paper->abstract_original ? paper->abstract_original : paper->abstract));
    if (paper->extra)
        set_key(&object, "extra", json_loads(paper->extra, 0, NULL));
    set_key(&object, "indexed", json_boolean(indexed));
    return object;
}
