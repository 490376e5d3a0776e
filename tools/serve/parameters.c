/* Query strings to members: see parameters.h. */
#include "parameters.h"

#include "opt.h"

#include <stdint.h>
#include <string.h>

enum kind { TEXT, COUNT, NUMBER, FLAG, LIST };

/* The names are those of the command line's options (docs/interface.md); any other is a text, and refused by whoever reads it. */
static const struct parameter {
    const char *name;
    enum kind kind;
    bool computed; /* a stored list never answers it, or is likely to run out, as with a filter */
} PARAMETERS[] = {
    { "limit", COUNT, false },    { "offset", COUNT, false },     { "min-score", NUMBER, false }, { "min-band", TEXT, false },
    { "exclude", LIST, false },   { "versions", TEXT, false },    { "since", TEXT, true },        { "until", TEXT, true },
    { "category", LIST, true },   { "not-category", LIST, true }, { "like", LIST, true },         { "unlike", LIST, true },
    { "candidates", LIST, true }, { "diversity", NUMBER, true },  { "exact", FLAG, true },        { "explain", FLAG, true },
    { "authors", FLAG, true },
};

static const struct parameter *find(const char *name)
{
    for (size_t i = 0; i < sizeof(PARAMETERS) / sizeof(PARAMETERS[0]); i++)
        if (strcmp(PARAMETERS[i].name, name) == 0)
            return &PARAMETERS[i];
    return NULL;
}

bool parameter_is_computed(const char *name)
{
    const struct parameter *parameter = find(name);

    return parameter && parameter->computed;
}

static json_t *count_of(const char *text)
{
    size_t value;

    return opt_read_count(text, &value) && value <= INT64_MAX ? json_integer((json_int_t)value) : json_string(text);
}

static json_t *number_of(const char *text)
{
    double value;

    return opt_read_number(text, &value) ? json_real(value) : json_string(text);
}

/* A flag that stands alone is set. */
static json_t *flag_of(const char *text)
{
    if (*text == '\0' || strcmp(text, "true") == 0 || strcmp(text, "1") == 0)
        return json_true();
    return strcmp(text, "false") == 0 || strcmp(text, "0") == 0 ? json_false() : json_string(text);
}

static json_t *value_of(enum kind kind, const char *text)
{
    switch (kind) {
    case COUNT:
        return count_of(text);
    case NUMBER:
        return number_of(text);
    case FLAG:
        return flag_of(text);
    case TEXT:
    case LIST:
        break;
    }
    return json_string(text); /* NULL where it is not UTF-8 */
}

static int append(json_t *object, const char *name, json_t *value)
{
    json_t *list = json_object_get(object, name);

    if (!list) {
        if (json_object_set_new(object, name, json_array()) != 0)
            return -1;
        list = json_object_get(object, name);
    }
    return json_array_append_new(list, value);
}

json_t *parameters_to_json(const struct http_parameter *parameters, size_t count)
{
    json_t *object = json_object();

    for (size_t i = 0; i < count && object; i++) {
        const struct parameter *known = find(parameters[i].name);
        enum kind kind = known ? known->kind : TEXT;
        json_t *value = value_of(kind, parameters[i].value);
        int failed = kind == LIST ? append(object, parameters[i].name, value) : json_object_set_new(object, parameters[i].name, value);

        if (failed) {
            json_decref(object);
            object = NULL;
        }
    }
    return object;
}
