/* See json_make.h. */
#include "json_make.h"

#include "rec/json_text.h"

#include <stdint.h>

void set_key(json_t **object, const char *key, json_t *value)
{
    if (!*object) {
        json_decref(value);
    } else if (!value || json_object_set_new(*object, key, value) != 0) {
        json_decref(*object);
        *object = NULL;
    }
}

void add_item(json_t **array, json_t *value)
{
    if (!*array) {
        json_decref(value);
    } else if (!value || json_array_append_new(*array, value) != 0) {
        json_decref(*array);
        *array = NULL;
    }
}

json_t *make_text(const char *text, size_t length)
{
    rec_buf json = REC_BUF_INIT(SIZE_MAX);
    json_t *value = json_stringn(text, length);

    if (value)
        return value;
    rec_put_text_part(&json, NULL, text, length);
    if (!json.failed)
        value = json_loadb(json.data, json.length, JSON_DECODE_ANY, NULL);
    rec_buf_clear(&json);
    return value;
}
