/* Dates, categories and authors in columns: see facets.h. */
#include "facets.h"

#include "alloc.h"
#include "json.h"
#include "rec/clean.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

void rec_facets_clear(rec_facets *facets)
{
    rec_free(facets->first_days);
    rec_free(facets->last_days);
    rec_free(facets->category_offsets);
    rec_free(facets->categories);
    rec_free(facets->author_offsets);
    rec_free(facets->authors);
    rec_free(facets->names);
    rec_free(facets->slots);
    rec_free(facets->name_at);
    *facets = (rec_facets)REC_FACETS_INIT;
}

static rec_status out_of_memory(rec_error *err)
{
    return rec_fail(err, REC_ENOMEM, "out of memory for dates, categories and authors");
}

/* ---- room ---------------------------------------------------------------------------------------------------------- */

static bool grow(void **array, size_t room, size_t size)
{
    void *bigger = rec_resize_array(*array, room, size);

    if (bigger)
        *array = bigger;
    return bigger != NULL;
}

static bool reserve_row(rec_facets *f)
{
    size_t room = f->room ? 2 * f->room : 1024;

    if (f->count < f->room)
        return true;
    if (!grow((void **)&f->first_days, room, sizeof(*f->first_days)) || !grow((void **)&f->last_days, room, sizeof(*f->last_days)) ||
        !grow((void **)&f->category_offsets, room + 1, sizeof(*f->category_offsets)) ||
        !grow((void **)&f->author_offsets, room + 1, sizeof(*f->author_offsets)))
        return false;
    f->category_offsets[0] = f->author_offsets[0] = 0;
    f->room = room;
    return true;
}

/* Appends to the list of the row that is being added, whose end is offsets[count + 1]. */
static rec_status append(rec_facets *f, uint32_t **items, uint32_t *offsets, size_t *room, uint32_t item, rec_error *err)
{
    uint32_t *end = &offsets[f->count + 1];

    if (*end == UINT32_MAX)
        return rec_fail(err, REC_EINVAL, "more than %u names of authors or categories in one store", UINT32_MAX);
    if (*end == *room) {
        size_t wanted = *room ? 2 * *room : 4096;

        if (!grow((void **)items, wanted, sizeof(**items)))
            return out_of_memory(err);
        *room = wanted;
    }
    (*items)[(*end)++] = item;
    return REC_OK;
}

static rec_status append_category(rec_facets *f, uint32_t number, rec_error *err)
{
    return append(f, &f->categories, f->category_offsets, &f->categories_room, number, err);
}

static rec_status append_author(rec_facets *f, uint32_t key, rec_error *err)
{
    return append(f, &f->authors, f->author_offsets, &f->authors_room, key, err);
}

static rec_status begin_row(rec_facets *f, int64_t first_day, int64_t last_day, rec_error *err)
{
    if (!reserve_row(f))
        return out_of_memory(err);
    f->first_days[f->count] = (int32_t)first_day;
    f->last_days[f->count] = (int32_t)last_day;
    f->category_offsets[f->count + 1] = f->category_offsets[f->count];
    f->author_offsets[f->count + 1] = f->author_offsets[f->count];
    return REC_OK;
}

/* ---- names of categories ------------------------------------------------------------------------------------------- */

/* FNV-1a, 64 bits (Fowler, Noll and Vo); only the speed depends on it. */
static uint64_t hash_name(const char *name)
{
    uint64_t h = 0xCBF29CE484222325ULL;

    for (; *name; name++)
        h = (h ^ (uint8_t)*name) * 0x100000001B3ULL;
    return h ^ h >> 32;
}

/* The slot that holds the name, or the empty one where it belongs. */
static uint32_t *slot_of(const rec_facets *f, const char *name)
{
    size_t at = hash_name(name) & (f->slot_count - 1);

    while (f->slots[at] && strcmp(f->names + f->name_at[f->slots[at] - 1], name) != 0)
        at = (at + 1) & (f->slot_count - 1);
    return &f->slots[at];
}

/* Keeps the table at most half full. */
static bool reserve_slot(rec_facets *f)
{
    size_t wanted = f->slot_count ? 2 * f->slot_count : 256;
    uint32_t *slots;

    if (2 * (f->name_count + 1) <= f->slot_count)
        return true;
    if (!(slots = rec_alloc_array(wanted, sizeof(*slots))))
        return false;
    rec_free(f->slots);
    f->slots = slots;
    f->slot_count = wanted;
    for (size_t i = 0; i < f->name_count; i++)
        *slot_of(f, f->names + f->name_at[i]) = (uint32_t)i + 1;
    return true;
}

static bool reserve_name(rec_facets *f, size_t length)
{
    if (f->name_count == f->name_room) {
        size_t room = f->name_room ? 2 * f->name_room : 64;

        if (!grow((void **)&f->name_at, room, sizeof(*f->name_at)))
            return false;
        f->name_room = room;
    }
    if (f->names_bytes + length > f->names_room) {
        size_t room = 2 * f->names_room + length + 1024;

        if (!grow((void **)&f->names, room, 1))
            return false;
        f->names_room = room;
    }
    return true;
}

/* The number of a name, which gets one where it has none. */
static rec_status number_of(rec_facets *f, const char *name, uint32_t *out, rec_error *err)
{
    size_t length = strlen(name) + 1;
    uint32_t *slot;

    if (!reserve_slot(f))
        return out_of_memory(err);
    slot = slot_of(f, name);
    if (!*slot) {
        if (f->names_bytes + length > UINT32_MAX)
            return rec_fail(err, REC_EINVAL, "more than %u bytes of names of categories in one store", UINT32_MAX);
        if (!reserve_name(f, length))
            return out_of_memory(err);
        memcpy(f->names + f->names_bytes, name, length);
        f->name_at[f->name_count] = (uint32_t)f->names_bytes;
        f->names_bytes += length;
        *slot = (uint32_t)++f->name_count;
    }
    *out = *slot - 1;
    return REC_OK;
}

uint32_t rec_facets_category(const rec_facets *facets, const char *name)
{
    const char *end = facets->names + facets->names_bytes;
    uint32_t number = 0;

    for (const char *at = facets->names; at < end; at += strlen(at) + 1, number++)
        if (strcmp(at, name) == 0)
            return number;
    return UINT32_MAX;
}

rec_status rec_facets_adopt_names(rec_facets *facets, const rec_facets *from, rec_error *err)
{
    const char *end = from->names + from->names_bytes;
    rec_status rc = REC_OK;
    uint32_t number;

    for (const char *at = from->names; at < end && rc == REC_OK; at += strlen(at) + 1)
        rc = number_of(facets, at, &number, err);
    return rc;
}

/* ---- rows ---------------------------------------------------------------------------------------------------------- */

uint32_t rec_author_key(const char *name)
{
    char text[256]; /* a longer family name is cut, always alike */
    const char *family = strrchr(name, ' ');
    int initial = 0;
    uint64_t key;

    do
        initial += name[initial] != '\0';
    while ((name[initial] & 0xC0) == 0x80); /* the rest of a character */
    snprintf(text, sizeof(text), "%.*s%s", initial, name, family ? family + 1 : name);
    key = rec_text_key(text);
    return (uint32_t)key ? (uint32_t)key : (uint32_t)(key != 0);
}

static rec_status add_category(rec_facets *f, const char *name, rec_error *err)
{
    uint32_t number;
    rec_status rc = number_of(f, name, &number, err);

    return rc == REC_OK ? append_category(f, number, err) : rc;
}

static rec_status add_author(rec_facets *f, const char *name, rec_error *err)
{
    return append_author(f, rec_author_key(name), err);
}

/* Each string of a JSON array, which was made by us: what is none is passed over. */
static rec_status add_strings(rec_facets *f, const char *array, rec_status (*add)(rec_facets *, const char *, rec_error *), rec_error *err)
{
    json_t *strings;
    rec_status rc = rec_json_read_stored(array, &strings);

    if (rc != REC_OK)
        return out_of_memory(err);
    for (size_t i = 0; i < json_array_size(strings) && rc == REC_OK; i++)
        if (json_is_string(json_array_get(strings, i)))
            rc = add(f, json_string_value(json_array_get(strings, i)), err);
    json_decref(strings);
    return rc;
}

rec_status rec_facets_add(rec_facets *facets, const rec_text *text, rec_error *err)
{
    rec_status rc = begin_row(facets, text->date, text->last_day, err);

    if (rc == REC_OK)
        rc = add_strings(facets, text->categories, add_category, err);
    if (rc == REC_OK)
        rc = add_strings(facets, text->authors, add_author, err);
    if (rc == REC_OK)
        facets->count++;
    return rc;
}

rec_status rec_facets_copy(rec_facets *facets, const rec_facets *from, size_t row, rec_error *err)
{
    rec_status rc = begin_row(facets, from->first_days[row], from->last_days[row], err);

    for (uint32_t i = from->category_offsets[row]; i < from->category_offsets[row + 1] && rc == REC_OK; i++)
        rc = from->name_at ? add_category(facets, from->names + from->name_at[from->categories[i]], err)
                           : append_category(facets, from->categories[i], err);
    for (uint32_t i = from->author_offsets[row]; i < from->author_offsets[row + 1] && rc == REC_OK; i++)
        rc = append_author(facets, from->authors[i], err);
    if (rc == REC_OK)
        facets->count++;
    return rc;
}
