/* The public library's options: names and values of the command line to a question. See recommend.h. */
#include "library.h"

#include "alloc.h"
#include "json.h"
#include "rec/values.h"

#include <jansson.h>

#include <stddef.h>
#include <string.h>

#define MAX_TEXTS 64 /* times that an option may be repeated */

struct texts {
    char *items[MAX_TEXTS];
    size_t count;
};

struct recommend_options {
    rec_request request; /* what needs neither a store nor another option */
    char *since, *until;
    struct texts category, not_category, like, unlike, exclude;
    rec_error failure; /* the first; its code is REC_OK where there was none */
};

/* ---- values --------------------------------------------------------------------------------------------------------- */

static rec_status set_count(void *at, const char *name, const char *value, rec_error *err)
{
    size_t count = 0;

    if (!*value || strspn(value, "0123456789") != strlen(value) || strlen(value) > 9)
        return rec_fail(err, REC_EINVAL, "option '%s': '%s' is not a whole number of at most nine digits", name, value);
    for (const char *digit = value; *digit; digit++)
        count = count * 10 + (size_t)(*digit - '0');
    *(size_t *)at = count;
    return REC_OK;
}

/* As JSON has numbers: strtod() would go by the locale of whoever uses the library. */
static rec_status set_number(void *at, const char *name, const char *value, rec_error *err)
{
    json_t *number;
    json_error_t why;
    rec_status rc = rec_json_read(value, strlen(value), JSON_DECODE_ANY, &number, &why);

    if (rc == REC_ENOMEM)
        return rec_fail(err, rc, "out of memory for an option");
    if (json_is_number(number)) /* never where it was not read */
        *(float *)at = (float)json_number_value(number);
    else
        rc = rec_fail(err, REC_EINVAL, "option '%s': '%s' is not a number", name, value);
    json_decref(number);
    return rc;
}

static rec_status read_flag(const char *name, const char *value, bool *out, rec_error *err)
{
    *out = strcmp(value, "yes") == 0;
    if (*out || strcmp(value, "no") == 0)
        return REC_OK;
    return rec_fail(err, REC_EINVAL, "option '%s': '%s' is not one of yes, no", name, value);
}

static rec_status set_flag(void *at, const char *name, const char *value, rec_error *err)
{
    return read_flag(name, value, at, err);
}

static rec_status set_opposite(void *at, const char *name, const char *value, rec_error *err)
{
    bool flag = false;
    rec_status rc = read_flag(name, value, &flag, err);

    *(bool *)at = rc == REC_OK && !flag;
    return rc;
}

static rec_status copy(const char *name, const char *value, char **out, rec_error *err)
{
    char *text = rec_strdup(value);

    if (!text)
        return rec_fail(err, REC_ENOMEM, "option '%s': out of memory", name);
    rec_free(*out);
    *out = text;
    return REC_OK;
}

static rec_status set_text(void *at, const char *name, const char *value, rec_error *err)
{
    return copy(name, value, at, err);
}

static rec_status add_text(void *at, const char *name, const char *value, rec_error *err)
{
    struct texts *texts = at;
    rec_status rc;

    if (texts->count == MAX_TEXTS)
        return rec_fail(err, REC_EINVAL, "option '%s': given more than %d times", name, MAX_TEXTS);
    if ((rc = copy(name, value, &texts->items[texts->count], err)) == REC_OK)
        texts->count++;
    return rc;
}

static rec_status add_category(void *at, const char *name, const char *value, rec_error *err)
{
    rec_error reason = REC_ERROR_INIT;

    if (rec_filter_check_category(value, &reason) != REC_OK)
        return rec_fail(err, REC_EINVAL, "option '%s': %s", name, reason.message);
    return add_text(at, name, value, err);
}

static rec_status set_band(void *at, const char *name, const char *value, rec_error *err)
{
    rec_error reason = REC_ERROR_INIT;

    if (rec_band_parse(value, at, &reason) != REC_OK)
        return rec_fail(err, REC_EINVAL, "option '%s': %s", name, reason.message);
    return REC_OK;
}

static rec_status set_versions(void *at, const char *name, const char *value, rec_error *err)
{
    rec_error reason = REC_ERROR_INIT;

    if (rec_versions_parse(value, at, &reason) != REC_OK)
        return rec_fail(err, REC_EINVAL, "option '%s': %s", name, reason.message);
    return REC_OK;
}

static const struct setting {
    const char *name;
    rec_status (*set)(void *at, const char *name, const char *value, rec_error *err);
    size_t at; /* of what it sets, in the options */
} SETTINGS[] = {
    { "limit", set_count, offsetof(recommend_options, request.limit) },
    { "offset", set_count, offsetof(recommend_options, request.offset) },
    { "since", set_text, offsetof(recommend_options, since) },
    { "until", set_text, offsetof(recommend_options, until) },
    { "category", add_category, offsetof(recommend_options, category) },
    { "not-category", add_category, offsetof(recommend_options, not_category) },
    { "like", add_text, offsetof(recommend_options, like) },
    { "unlike", add_text, offsetof(recommend_options, unlike) },
    { "exclude", add_text, offsetof(recommend_options, exclude) },
    { "min-score", set_number, offsetof(recommend_options, request.min_score) },
    { "min-band", set_band, offsetof(recommend_options, request.min_band) },
    { "diversity", set_number, offsetof(recommend_options, request.diversity) },
    { "versions", set_versions, offsetof(recommend_options, request.keep_versions) },
    { "authors", set_opposite, offsetof(recommend_options, request.without_authors) },
    { "exact", set_flag, offsetof(recommend_options, request.exact) },
    { "explain", set_flag, offsetof(recommend_options, request.explain) },
};

/* ---- options -------------------------------------------------------------------------------------------------------- */

recommend_options *recommend_options_new(void)
{
    recommend_options *options = rec_alloc(sizeof(*options));

    if (options)
        options->request = (rec_request)REC_REQUEST_INIT;
    return options;
}

static void clear_texts(struct texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        rec_free(texts->items[i]);
}

void recommend_options_free(recommend_options *options)
{
    if (!options)
        return;
    rec_free(options->since);
    rec_free(options->until);
    clear_texts(&options->category);
    clear_texts(&options->not_category);
    clear_texts(&options->like);
    clear_texts(&options->unlike);
    clear_texts(&options->exclude);
    rec_free(options);
}

static rec_status set_option(recommend_options *options, const char *name, const char *value, rec_error *err)
{
    if (!name || !value)
        return rec_fail(err, REC_EINVAL, "an option without a name or a value");
    for (size_t i = 0; i < sizeof(SETTINGS) / sizeof(SETTINGS[0]); i++)
        if (strcmp(SETTINGS[i].name, name) == 0)
            return SETTINGS[i].set((char *)options + SETTINGS[i].at, name, value, err);
    return rec_fail(err, REC_EINVAL, "unknown option '%s'", name);
}

recommend_status recommend_options_set(recommend_options *options, const char *name, const char *value)
{
    rec_error err = REC_ERROR_INIT;
    rec_status rc;

    if (!options)
        return RECOMMEND_INVALID;
    rc = set_option(options, name, value, &err);
    if (rc != REC_OK && options->failure.code == REC_OK)
        options->failure = err;
    return (recommend_status)rc;
}

/* ---- for a question -------------------------------------------------------------------------------------------------- */

static rec_status find_seeds(rec_engine *engine, const struct texts *ids, rec_id_list *out, rec_error *err)
{
    rec_id failed;

    return rec_find_seeds(engine, (const char *const *)ids->items, ids->count, out, &failed, err);
}

/* A paper that is not stored cannot be listed either way. */
static rec_status find_exclusions(rec_engine *engine, const struct texts *ids, rec_id_list *out, rec_error *err)
{
    rec_status rc = REC_OK;

    for (size_t i = 0; i < ids->count && rc == REC_OK; i++)
        rc = rec_id_list_add(rec_engine_store(engine), ids->items[i], out, err);
    rec_id_list_sort(out);
    return rc;
}

static void use_texts(const struct texts *texts, const char *const **items, size_t *count)
{
    *items = (const char *const *)texts->items;
    *count = texts->count;
}

rec_status chosen_make(rec_engine *engine, const recommend_options *options, struct chosen *out, rec_error *err)
{
    rec_request *request = &out->request;
    rec_status rc;

    if (!options)
        return REC_OK;
    if (options->failure.code != REC_OK)
        return rec_fail(err, options->failure.code, "%s", options->failure.message);
    *request = options->request;
    use_texts(&options->category, &request->filter.categories, &request->filter.category_count);
    use_texts(&options->not_category, &request->filter.not_categories, &request->filter.not_category_count);
    if ((rc = rec_filter_set_window(&request->filter, options->since, options->until, err)) == REC_OK)
        rc = find_seeds(engine, &options->like, &out->like, err);
    if (rc == REC_OK)
        rc = find_seeds(engine, &options->unlike, &out->unlike, err);
    if (rc == REC_OK)
        rc = find_exclusions(engine, &options->exclude, &out->exclude, err);
    request->like = out->like.docs;
    request->like_count = out->like.count;
    request->unlike = out->unlike.docs;
    request->unlike_count = out->unlike.count;
    request->exclude = out->exclude.docs;
    request->exclude_count = out->exclude.count;
    return rc;
}

void chosen_clear(struct chosen *chosen)
{
    rec_id_list_clear(&chosen->like);
    rec_id_list_clear(&chosen->unlike);
    rec_id_list_clear(&chosen->exclude);
}
