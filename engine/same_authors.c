/* Authors in common, by name: see same_authors.h. What they add to a score is the models'. */
#include "same_authors.h"

#include "alloc.h"
#include "json.h"
#include "facets.h"
#include "rec/clean.h"

#include <jansson.h>
#include <string.h>

#define NAMED 2
#define READ 64 /* authors of a paper that are looked at: of a large collaboration the first, as in the score */

void rec_author_names_clear(rec_author_names *names)
{
    json_decref(names->list);
    rec_free(names->keys);
    *names = (rec_author_names){ .list = NULL };
}

static const char *name_at(const rec_author_names *names, size_t i)
{
    const char *name = json_string_value(json_array_get(names->list, i));

    return name ? name : "";
}

rec_status rec_author_names_read(const char *array, rec_author_names *out, rec_error *err)
{
    json_t *list;
    rec_status rc = rec_json_read_stored(array, &list);
    size_t count = json_array_size(list);
    rec_author_names names = { .list = list };

    names.count = count < READ ? count : READ;
    if (rc != REC_OK || !(names.keys = rec_alloc_array(names.count, sizeof(*names.keys)))) {
        rec_author_names_clear(&names);
        return rec_fail(err, REC_ENOMEM, "out of memory for authors");
    }
    for (size_t i = 0; i < names.count; i++)
        names.keys[i] = rec_author_key(name_at(&names, i));
    *out = names;
    return REC_OK;
}

rec_authors rec_author_names_keys(const rec_author_names *names)
{
    return (rec_authors){ names->keys, names->count };
}

/* A first name, or "" where it is but an initial or two: "J.", "J.-P.", "J". */
static void first_name(const char *name, char out[64])
{
    size_t length = strcspn(name, " ");

    out[0] = '\0';
    if (length < 2 || length >= 64 || memchr(name, '.', length) || !name[length])
        return;
    memcpy(out, name, length);
    out[length] = '\0';
}

static bool may_be_one(const char *a, const char *b)
{
    char first[64], other[64];

    first_name(a, first);
    first_name(b, other);
    return !first[0] || !other[0] || rec_text_key(first) == rec_text_key(other);
}

static bool is_in(const rec_author_names *names, const rec_author_names *other, size_t i)
{
    for (size_t j = 0; j < names->count && other->keys[i]; j++)
        if (names->keys[j] == other->keys[i] && may_be_one(name_at(names, j), name_at(other, i)))
            return true;
    return false;
}

void rec_same_authors(const rec_author_names *seed, const rec_author_names *other, rec_buf *out)
{
    size_t shared = 0;

    for (size_t i = 0; i < other->count; i++)
        if (is_in(seed, other, i) && shared++ < NAMED)
            rec_buf_printf(out, "%s%s", shared == 1 ? "also by " : ", ", name_at(other, i));
    if (shared > NAMED)
        rec_buf_printf(out, " and %zu more", shared - NAMED);
}
