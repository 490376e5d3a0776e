/* Reading one request of a batch: see request.h. */
#include "request.h"

#include "alloc.h"
#include "character.h"
#include "json.h"
#include "rec/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPACES " \t\r\n"

struct reading {
    rec_engine *engine;
    const struct request_defaults *defaults;
    struct request *out;
    rec_id_list excluded;      /* by this request alone */
    const char *since, *until; /* NULL: the default's */
    rec_error *err;
};

void request_clear(struct request *request)
{
    rec_free(request->asked);
    rec_paper_clear(&request->paper);
    rec_text_seed_clear(&request->text);
    rec_free(request->exclude);
    rec_id_list_clear(&request->candidates);
    rec_id_list_clear(&request->like);
    rec_id_list_clear(&request->unlike);
    rec_free(request->categories);
    rec_free(request->not_categories);
    json_decref(request->object);
    *request = (struct request)REQUEST_INIT;
}

/* ---- values of members --------------------------------------------------------------------------------------------- */

static rec_status refuse(struct reading *r, const char *name, const char *expected, const json_t *value)
{
    static const char *const names[] = {
        [JSON_OBJECT] = "an object", [JSON_ARRAY] = "a list", [JSON_STRING] = "a string", [JSON_INTEGER] = "a number",
        [JSON_REAL] = "a number",    [JSON_TRUE] = "true",    [JSON_FALSE] = "false",     [JSON_NULL] = "null",
    };

    return rec_fail(r->err, REC_EINVAL, "member '%s': expected %s, not %s", name, expected, names[json_typeof(value)]);
}

static rec_status read_count(struct reading *r, const char *name, const json_t *value, size_t *out)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return json_is_number(value) ? rec_fail(r->err, REC_EINVAL, "member '%s': expected a whole number from 0 on", name)
                                     : refuse(r, name, "a whole number", value);
    *out = (size_t)json_integer_value(value);
    return REC_OK;
}

/* Puts the member's name before what was wrong with its value. */
static rec_status named(struct reading *r, const char *name, rec_status rc, const rec_error *reason)
{
    return rc == REC_OK ? REC_OK : rec_fail(r->err, rc == REC_EFORMAT ? REC_EINVAL : rc, "member '%s': %s", name, reason->message);
}

static rec_status read_ids(struct reading *r, const char *name, const json_t *value, rec_id_list *out)
{
    const json_t *item;
    size_t i;
    rec_status rc;

    if (!json_is_array(value))
        return refuse(r, name, "a list of ids", value);
    json_array_foreach(value, i, item)
    {
        if (!json_is_string(item))
            return refuse(r, name, "a list of strings", item);
        if ((rc = rec_id_list_add(rec_engine_store(r->engine), json_string_value(item), out, r->err)) != REC_OK)
            return rc;
    }
    return REC_OK;
}

/* The strings of a value that is one or a list of them, borrowed from it, into `*out`, which the caller frees. */
static rec_status read_strings(struct reading *r, const char *name, const json_t *value, const char ***out, size_t *count)
{
    size_t length = json_is_array(value) ? json_array_size(value) : 1;

    if (!json_is_array(value) && !json_is_string(value))
        return refuse(r, name, "a string or a list of strings", value);
    if (!(*out = rec_alloc_array(length, sizeof(**out))))
        return rec_fail(r->err, REC_ENOMEM, "out of memory for a request");
    for (*count = 0; *count < length; ++*count) {
        const json_t *item = json_is_array(value) ? json_array_get(value, *count) : value;

        if (!json_is_string(item))
            return refuse(r, name, "a list of strings", item);
        (*out)[*count] = json_string_value(item);
    }
    return REC_OK;
}

/* ---- members ------------------------------------------------------------------------------------------------------- */

static rec_status read_limit(struct reading *r, const char *name, const json_t *value)
{
    return read_count(r, name, value, &r->out->request.limit);
}

static rec_status read_offset(struct reading *r, const char *name, const json_t *value)
{
    return read_count(r, name, value, &r->out->request.offset);
}

static rec_status read_number(struct reading *r, const char *name, const json_t *value, float *out)
{
    if (!json_is_number(value))
        return refuse(r, name, "a number", value);
    *out = (float)json_number_value(value);
    return REC_OK;
}

static rec_status read_min_score(struct reading *r, const char *name, const json_t *value)
{
    return read_number(r, name, value, &r->out->request.min_score);
}

static rec_status read_diversity(struct reading *r, const char *name, const json_t *value)
{
    return read_number(r, name, value, &r->out->request.diversity);
}

static rec_status read_date(struct reading *r, const char *name, const json_t *value, const char **out)
{
    if (!json_is_string(value))
        return refuse(r, name, "a string", value);
    *out = json_string_value(value);
    return REC_OK;
}

static rec_status read_since(struct reading *r, const char *name, const json_t *value)
{
    return read_date(r, name, value, &r->since);
}

static rec_status read_until(struct reading *r, const char *name, const json_t *value)
{
    return read_date(r, name, value, &r->until);
}

static rec_status read_categories(struct reading *r, const char *name, const json_t *value, const char ***out, size_t *count)
{
    rec_error reason = REC_ERROR_INIT;
    rec_status rc = read_strings(r, name, value, out, count);

    for (size_t i = 0; rc == REC_OK && i < *count; i++)
        rc = named(r, name, rec_filter_check_category((*out)[i], &reason), &reason);
    return rc;
}

static rec_status read_category(struct reading *r, const char *name, const json_t *value)
{
    rec_filter *filter = &r->out->request.filter;
    rec_status rc = read_categories(r, name, value, &r->out->categories, &filter->category_count);

    filter->categories = r->out->categories;
    return rc;
}

static rec_status read_not_category(struct reading *r, const char *name, const json_t *value)
{
    rec_filter *filter = &r->out->request.filter;
    rec_status rc = read_categories(r, name, value, &r->out->not_categories, &filter->not_category_count);

    filter->not_categories = r->out->not_categories;
    return rc;
}

static rec_status read_min_band(struct reading *r, const char *name, const json_t *value)
{
    rec_error reason = REC_ERROR_INIT;

    if (!json_is_string(value))
        return refuse(r, name, "a string", value);
    return named(r, name, rec_band_parse(json_string_value(value), &r->out->request.min_band, &reason), &reason);
}

static rec_status read_versions(struct reading *r, const char *name, const json_t *value)
{
    rec_error reason = REC_ERROR_INIT;

    if (!json_is_string(value))
        return refuse(r, name, "a string", value);
    return named(r, name, rec_versions_parse(json_string_value(value), &r->out->request.keep_versions, &reason), &reason);
}

static rec_status read_flag(struct reading *r, const char *name, const json_t *value, bool *out)
{
    if (!json_is_boolean(value))
        return refuse(r, name, "true or false", value);
    *out = json_is_true(value);
    return REC_OK;
}

static rec_status read_authors(struct reading *r, const char *name, const json_t *value)
{
    if (!json_is_boolean(value))
        return refuse(r, name, "true or false", value);
    r->out->request.without_authors = json_is_false(value);
    return REC_OK;
}

static rec_status read_exact(struct reading *r, const char *name, const json_t *value)
{
    return read_flag(r, name, value, &r->out->request.exact);
}

static rec_status read_explain(struct reading *r, const char *name, const json_t *value)
{
    return read_flag(r, name, value, &r->out->request.explain);
}

static rec_status read_exclude(struct reading *r, const char *name, const json_t *value)
{
    return read_ids(r, name, value, &r->excluded);
}

/* A seed must be known, unlike a paper that is left out. */
static rec_status read_seeds(struct reading *r, const char *name, const json_t *value, rec_id_list *out)
{
    rec_error reason = REC_ERROR_INIT;
    const char **ids = NULL;
    size_t count = 0;
    rec_status rc = read_strings(r, name, value, &ids, &count);

    for (size_t i = 0; rc == REC_OK && i < count; i++) {
        rec_id id;
        rec_doc doc = 0;

        rc = named(r, name, rec_find_seed(r->engine, ids[i], &id, &doc, &reason), &reason);
        if (rc == REC_OK)
            rc = rec_id_list_append(out, doc, r->err);
    }
    rec_free(ids);
    return rc;
}

static rec_status read_like(struct reading *r, const char *name, const json_t *value)
{
    rec_status rc = read_seeds(r, name, value, &r->out->like);

    r->out->request.like = r->out->like.docs;
    r->out->request.like_count = r->out->like.count;
    return rc;
}

static rec_status read_unlike(struct reading *r, const char *name, const json_t *value)
{
    rec_status rc = read_seeds(r, name, value, &r->out->unlike);

    r->out->request.unlike = r->out->unlike.docs;
    r->out->request.unlike_count = r->out->unlike.count;
    return rc;
}

static rec_status read_candidates(struct reading *r, const char *name, const json_t *value)
{
    r->out->request.only_candidates = true;
    return read_ids(r, name, value, &r->out->candidates);
}

/* Members that choose papers; those without a reader are the seed's. */
static const struct member {
    const char *name;
    rec_status (*read)(struct reading *r, const char *name, const json_t *value);
    bool search; /* a search for words takes it as well */
} MEMBERS[] = {
    { "id", NULL, false },
    { "paper", NULL, false },
    { "title", NULL, false },
    { "text", NULL, false },
    { "limit", read_limit, true },
    { "offset", read_offset, true },
    { "since", read_since, true },
    { "until", read_until, true },
    { "category", read_category, true },
    { "not-category", read_not_category, true },
    { "like", read_like, false },
    { "unlike", read_unlike, false },
    { "min-score", read_min_score, true },
    { "min-band", read_min_band, true },
    { "exclude", read_exclude, true },
    { "candidates", read_candidates, false },
    { "diversity", read_diversity, false },
    { "versions", read_versions, true },
    { "authors", read_authors, false },
    { "exact", read_exact, false },
    { "explain", read_explain, true },
};

static const struct member *find_member(const char *name)
{
    for (size_t i = 0; i < sizeof(MEMBERS) / sizeof(MEMBERS[0]); i++)
        if (strcmp(MEMBERS[i].name, name) == 0)
            return &MEMBERS[i];
    return NULL;
}

/* null is the same as nothing, as in records. */
static rec_status read_members(struct reading *r, bool search)
{
    const char *name;
    json_t *value;
    rec_status rc = REC_OK;

    json_object_foreach(r->out->object, name, value)
    {
        const struct member *member = find_member(name);

        if (!member || (search && !member->search))
            return rec_fail(r->err, REC_EINVAL, "unknown member '%s'", name);
        if (member->read && !json_is_null(value) && (rc = member->read(r, name, value)) != REC_OK)
            return rc;
    }
    return REC_OK;
}

/* ---- the seed ------------------------------------------------------------------------------------------------------ */

static const json_t *member_of(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);

    return json_is_null(value) ? NULL : value;
}

static rec_status set_asked(struct reading *r, const char *text)
{
    r->out->asked = rec_strdup(text);
    return r->out->asked ? REC_OK : rec_fail(r->err, REC_ENOMEM, "out of memory for a request");
}

static rec_status find_id(struct reading *r, const char *text)
{
    rec_id id = { .text = "" };
    rec_status rc = rec_find_seed(r->engine, text, &id, &r->out->request.doc, r->err);

    snprintf(r->out->id, sizeof(r->out->id), "%s", id.text);
    return rc;
}

/* A paper that is stored, under its own id or another, is that paper; any other is a text. */
static rec_status find_stored(struct reading *r, const rec_paper *paper)
{
    rec_store *store = rec_engine_store(r->engine);
    rec_status rc = rec_store_find(store, paper->id.text, &r->out->request.doc, r->err);

    for (size_t i = 0; i < paper->alias_count && rc == REC_ENOTFOUND; i++)
        rc = rec_store_find(store, paper->aliases[i].text, &r->out->request.doc, r->err);
    return rc;
}

static rec_status use_paper(struct reading *r, const json_t *value)
{
    struct request *out = r->out;
    rec_error reason = REC_ERROR_INIT;
    char *record;
    rec_status rc;

    if (!json_is_object(value))
        return refuse(r, "paper", "an object", value);
    if (!(record = json_dumps(value, JSON_COMPACT)))
        return rec_fail(r->err, REC_ENOMEM, "out of memory for a request");
    rc = named(r, "paper", rec_read_json(record, strlen(record), &out->paper, &reason), &reason);
    free(record); /* jansson's, not ours */
    if (rc != REC_OK)
        return rc;
    if (!out->asked && (rc = set_asked(r, out->paper.id.text)) != REC_OK)
        return rc;
    snprintf(out->id, sizeof(out->id), "%s", out->paper.id.text);
    if ((rc = find_stored(r, &out->paper)) != REC_ENOTFOUND)
        return rc;
    out->request.title = out->paper.title && out->paper.title[0] ? out->paper.title : NULL;
    out->request.abstract = out->paper.abstract && out->paper.abstract[0] ? out->paper.abstract : NULL;
    out->request.authors = out->paper.authors;
    if (!out->request.title && !out->request.abstract)
        return rec_fail(r->err, REC_EINVAL, "member 'paper': neither stored, nor with a title or an abstract");
    return REC_OK;
}

static rec_status use_text(struct reading *r, const json_t *title, const json_t *text)
{
    if (title && !json_is_string(title))
        return refuse(r, "title", "a string", title);
    if (text && !json_is_string(text))
        return refuse(r, "text", "a string", text);
    return rec_text_seed_use(r->engine, &r->out->text, json_string_value(title), json_string_length(title), json_string_value(text),
                             json_string_length(text), &r->out->request, r->err);
}

/* What the request is called in its answer, before anything in it can be wrong. */
static rec_status name_request(struct reading *r)
{
    const json_t *value = member_of(r->out->object, "id");

    if (!value)
        value = member_of(member_of(r->out->object, "paper"), "id");
    if (!value)
        value = member_of(r->out->object, "title");
    if (json_is_string(value))
        return set_asked(r, json_string_value(value));
    if (json_is_integer(value)) {
        char digits[24];

        snprintf(digits, sizeof(digits), "%lld", (long long)json_integer_value(value));
        return set_asked(r, digits);
    }
    return REC_OK;
}

static rec_status read_seed(struct reading *r)
{
    const json_t *id = member_of(r->out->object, "id"), *paper = member_of(r->out->object, "paper");
    const json_t *title = member_of(r->out->object, "title"), *text = member_of(r->out->object, "text");

    if ((id != NULL) + (paper != NULL) + (title || text) != 1)
        return rec_fail(r->err, REC_EINVAL, "expected one of the members 'id', 'paper', and 'title' or 'text'");
    if (paper)
        return use_paper(r, paper);
    if (title || text)
        return use_text(r, title, text);
    if (!json_is_string(id) && !json_is_integer(id))
        return refuse(r, "id", "a string", id);
    return find_id(r, r->out->asked);
}

/* ---- with the defaults ---------------------------------------------------------------------------------------------- */

static rec_status set_exclusions(struct reading *r)
{
    const rec_id_list *defaults = &r->defaults->papers->exclude;
    rec_request *request = &r->out->request;
    size_t count = defaults->count + r->excluded.count;

    if (r->excluded.count == 0)
        return REC_OK;
    if (!(r->out->exclude = rec_alloc_array(count, sizeof(*r->out->exclude))))
        return rec_fail(r->err, REC_ENOMEM, "out of memory for a request");
    memcpy(r->out->exclude, r->excluded.docs, r->excluded.count * sizeof(rec_doc));
    if (defaults->count > 0)
        memcpy(r->out->exclude + r->excluded.count, defaults->docs, defaults->count * sizeof(rec_doc));
    rec_id_list_sort(&(rec_id_list){ .docs = r->out->exclude, .count = count });
    request->exclude = r->out->exclude;
    request->exclude_count = count;
    return REC_OK;
}

static void set_candidates(struct reading *r)
{
    rec_request *request = &r->out->request;

    if (!request->only_candidates) {
        use_pool(r->defaults->asking, &r->defaults->papers->pools, request);
        return;
    }
    request->candidates = r->out->candidates.docs;
    request->candidate_count = r->out->candidates.count;
}

static rec_status set_window(struct reading *r)
{
    const struct asking *defaults = r->defaults->asking;

    if (!r->since && !r->until)
        return REC_OK;
    return rec_filter_set_window(&r->out->request.filter, r->since ? r->since : defaults->since, r->until ? r->until : defaults->until,
                                 r->err);
}

/* ---- the line ------------------------------------------------------------------------------------------------------ */

/* A line that is no UTF-8 is not shown again; why it is no id is said. */
static rec_status read_bare(struct reading *r, const char *line, size_t length)
{
    rec_status rc;

    if (memchr(line, '\0', length))
        return rec_fail(r->err, REC_EINVAL, "the line holds a NUL");
    if (line[strspn(line, SPACES)] == '\0')
        return rec_fail(r->err, REC_EINVAL, "the line is empty");
    rc = rec_count_utf8(line, length) == length ? set_asked(r, line) : REC_OK;
    return rc == REC_OK ? find_id(r, line) : rc;
}

static rec_status read_parsed(struct reading *r)
{
    rec_status rc = name_request(r);

    if (rc == REC_OK && (rc = read_members(r, false)) == REC_OK)
        rc = read_seed(r);
    return rc;
}

static rec_status read_object(struct reading *r, const char *line, size_t length)
{
    json_error_t why;
    rec_status rc = rec_json_read(line, length, JSON_REJECT_DUPLICATES, &r->out->object, &why);

    if (rc == REC_ENOMEM)
        return rec_fail(r->err, REC_ENOMEM, "out of memory for a request");
    if (rc != REC_OK)
        return rec_fail(r->err, REC_EINVAL, "not a JSON object: %s (column %d)", why.text, why.column);
    return read_parsed(r);
}

/* Ends the reading, whose members gave `rc`: what they leave of the papers, the defaults in their place where they do not say. */
static rec_status set_choices(struct reading *r, rec_status rc)
{
    if (rc == REC_OK)
        rc = set_window(r);
    if (rc == REC_OK)
        rc = set_exclusions(r);
    r->out->unknown = r->excluded.unknown + r->out->candidates.unknown;
    rec_id_list_clear(&r->excluded);
    return rc;
}

rec_status request_read(rec_engine *engine, const struct request_defaults *defaults, const char *line, size_t length, struct request *out,
                        rec_error *err)
{
    struct reading r = { .engine = engine, .defaults = defaults, .out = out, .excluded = REC_ID_LIST_INIT, .err = err };
    rec_status rc;

    out->request = *defaults->request;
    rc = line[strspn(line, SPACES)] == '{' ? read_object(&r, line, length) : read_bare(&r, line, length);
    if (rc == REC_OK)
        set_candidates(&r);
    return set_choices(&r, rc);
}

rec_status request_read_object(rec_engine *engine, const struct request_defaults *defaults, json_t *object, struct request *out,
                               rec_error *err)
{
    struct reading r = { .engine = engine, .defaults = defaults, .out = out, .excluded = REC_ID_LIST_INIT, .err = err };
    rec_status rc;

    out->request = *defaults->request;
    out->object = object;
    if ((rc = read_parsed(&r)) == REC_OK)
        set_candidates(&r);
    return set_choices(&r, rc);
}

rec_status request_read_search(rec_engine *engine, const struct request_defaults *defaults, json_t *object, struct request *out,
                               rec_error *err)
{
    struct reading r = { .engine = engine, .defaults = defaults, .out = out, .excluded = REC_ID_LIST_INIT, .err = err };

    out->request = *defaults->request;
    out->object = object;
    return set_choices(&r, read_members(&r, true));
}
