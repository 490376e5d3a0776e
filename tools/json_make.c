/* See json_make.h. */
#include "json_make.h"

#include <stddef.h>

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
