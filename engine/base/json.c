/* Reading JSON: see json.h. */
#include "json.h"

#include "alloc.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/*
 * jansson's lexer does not look whether it has room for the next character of a token: where a request for more fails it goes on without
 * the character, and what it makes of the token then is short, or written past its end. So such a request must not fail. It is met from a
 * reserve that was asked for before, and the text is given up as soon as it is read: jansson looks at all its other requests.
 *
 * The lexer's own are powers of two from 16 on, the last at most twice as long as the text, so that together they are less than four times
 * that; requests of others that are such powers too, for strings, keys and tables, cannot be more than the rest of the reserve.
 */
#define RESERVE(length) (16 * (length) + 4096)
#define LEAST_OF_LEXER 16

struct reserve {
    unsigned char *bytes;
    size_t size, used;
    bool needed; /* a request failed since it was made */
};

static bool watching;
static _Thread_local struct reserve *reserve; /* while a text is read */

static void *from_reserve(size_t size)
{
    void *block;

    if (size < LEAST_OF_LEXER || (size & (size - 1)) != 0 || size > reserve->size - reserve->used)
        return NULL;
    block = reserve->bytes + reserve->used;
    reserve->used += size; /* and so aligned for whatever is kept in it */
    return block;
}

static void *watched_alloc(size_t size)
{
    void *block = reserve && reserve->needed ? NULL : rec_alloc(size);

    if (block || !reserve)
        return block;
    reserve->needed = true;
    return from_reserve(size);
}

static void watched_free(void *block)
{
    const unsigned char *at = block;

    if (!reserve || at < reserve->bytes || at >= reserve->bytes + reserve->size)
        rec_free(block);
}

void rec_json_begin_program(void)
{
    json_set_alloc_funcs(watched_alloc, watched_free);
    watching = true;
}

/* A failure that has no words is one of memory before the first token. */
static bool is_of_memory(const json_error_t *why)
{
    return json_error_code(why) == json_error_out_of_memory || !why->text[0];
}

static rec_status read_watched(const char *text, size_t length, size_t flags, json_t **out, json_error_t *why)
{
    struct reserve own = { .size = RESERVE(length) };

    *out = NULL;
    if (length > SIZE_MAX / 32 || !(own.bytes = rec_alloc(own.size)))
        return REC_ENOMEM;
    reserve = &own;
    *out = json_loadb(text, length, flags, why);
    if (own.needed) {
        json_decref(*out);
        *out = NULL;
    }
    reserve = NULL;
    rec_free(own.bytes);
    return own.needed ? REC_ENOMEM : *out ? REC_OK : REC_EFORMAT;
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
