/* Reading JSON: see json.h. */
#include "json.h"

#include "alloc.h"

#include <stdbool.h>
#include <string.h>

static bool watching;
static _Thread_local bool ran_out; /* a request of this thread's jansson failed */

static void *watched(size_t size)
{
    void *block = rec_alloc(size);

    if (!block)
        ran_out = true;
    return block;
}

void rec_json_begin_program(void)
{
    json_set_alloc_funcs(watched, rec_free);
    watching = true;
}

/* A failure that has no words is one of memory before the first token. */
static bool is_of_memory(const json_error_t *why)
{
    return json_error_code(why) == json_error_out_of_memory || !why->text[0];
}

static rec_status read_watched(const char *text, size_t length, size_t flags, json_t **out, json_error_t *why)
{
    ran_out = false;
    *out = json_loadb(text, length, flags, why);
    if (!ran_out)
        return *out ? REC_OK : REC_EFORMAT;
    json_decref(*out);
    *out = NULL;
    return REC_ENOMEM;
}

rec_status rec_json_read(const char *text, size_t length, size_t flags, json_t **out, json_error_t *why)
{
    if (watching)
        return read_watched(text, length, flags, out, why);
    *out = json_loadb(text, length, flags, why);
    /* An invalid token is invalid again, unless it was memory that failed; where there is none left, the second try says so. */
    if (!*out && !is_of_memory(why))
        *out = json_loadb(text, length, flags, why);
    if (*out)
        return REC_OK;
    return is_of_memory(why) ? REC_ENOMEM : REC_EFORMAT;
}

rec_status rec_json_read_stored(const char *text, json_t **out)
{
    json_error_t why;

    *out = NULL;
    return text && rec_json_read(text, strlen(text), 0, out, &why) == REC_ENOMEM ? REC_ENOMEM : REC_OK;
}

json_t *rec_json_stored(const char *text)
{
    json_t *out;

    if (rec_json_read_stored(text, &out) == REC_OK || rec_json_read_stored(text, &out) == REC_OK)
        return out;
    return NULL;
}
