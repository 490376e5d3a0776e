/* Rows of vectors in memory and in a file: see space.h. */
#include "space.h"

#include "alloc.h"

#include <string.h>

#define KIND "index"
#define MAX_SECTIONS 17

_Static_assert(sizeof(struct rec_space_head) == 64, "the head is 64 bytes on disk");

/* A part of the file behind the head: where the space points to it, and how long it is. */
struct section {
    void **at;
    size_t bytes;
};

/* The sections in the order of the file. `space` has its count and dim, and what the head says of its facets. */
static size_t list_sections(rec_space *space, const struct rec_space_head *head, bool smooth, struct section out[MAX_SECTIONS])
{
    rec_facets *facets = &space->facets;
    size_t count = space->count;
    const struct section sections[MAX_SECTIONS] = {
        { (void **)&space->docs, count * sizeof(*space->docs) },
        { (void **)&space->precedence, count * sizeof(*space->precedence) },
        { (void **)&space->title_keys, count * sizeof(*space->title_keys) },
        { (void **)&space->abstract_keys, count * sizeof(*space->abstract_keys) },
        { (void **)&space->scales, count * REC_BLOCKS * sizeof(*space->scales) },
        { (void **)&facets->first_days, count * sizeof(*facets->first_days) },
        { (void **)&facets->last_days, count * sizeof(*facets->last_days) },
        { (void **)&facets->category_offsets, (count + 1) * sizeof(*facets->category_offsets) },
        { (void **)&facets->categories, (size_t)head->categories * sizeof(*facets->categories) },
        { (void **)&facets->author_offsets, (count + 1) * sizeof(*facets->author_offsets) },
        { (void **)&facets->authors, (size_t)head->authors * sizeof(*facets->authors) },
        { (void **)&facets->names, (size_t)head->names_bytes },
        { (void **)&space->signs, count * rec_signs_words(space->dim) * sizeof(*space->signs) },
        { (void **)&space->factors, count * sizeof(*space->factors) },
        { (void **)&space->dense, count * space->dim },
        { (void **)&space->smooth_factors, count * sizeof(*space->smooth_factors) },
        { (void **)&space->smooth, count * space->dim },
    };

    memcpy(out, sections, sizeof(sections));
    return smooth ? MAX_SECTIONS : MAX_SECTIONS - 2;
}

rec_status rec_space_new(size_t count, size_t dim, bool smooth, rec_space *out, rec_error *err)
{
    rec_space space = { .count = count, .dim = dim };

    space.docs = rec_alloc_aligned(count, sizeof(*space.docs));
    space.precedence = rec_alloc_aligned(count, sizeof(*space.precedence));
    space.title_keys = rec_alloc_aligned(count, sizeof(*space.title_keys));
    space.abstract_keys = rec_alloc_aligned(count, sizeof(*space.abstract_keys));
    space.scales = rec_alloc_aligned(count, REC_BLOCKS * sizeof(*space.scales));
    space.signs = rec_alloc_aligned(count, rec_signs_words(dim) * sizeof(*space.signs));
    space.factors = rec_alloc_aligned(count, sizeof(*space.factors));
    space.dense = rec_alloc_aligned(count, dim);
    space.smooth_factors = smooth ? rec_alloc_aligned(count, sizeof(*space.smooth_factors)) : NULL;
    space.smooth = smooth ? rec_alloc_aligned(count, dim) : NULL;
    if (!space.docs || !space.precedence || !space.title_keys || !space.abstract_keys || !space.scales || !space.signs || !space.factors ||
        !space.dense || (smooth && (!space.smooth_factors || !space.smooth))) {
        rec_space_close(&space);
        return rec_fail(err, REC_ENOMEM, "out of memory for the vectors of %zu papers", count);
    }
    *out = space;
    return REC_OK;
}

void rec_space_close(rec_space *space)
{
    if (space->sealed.map) {
        rec_sealed_close(&space->sealed);
    } else {
        rec_free(space->docs);
        rec_free(space->precedence);
        rec_free(space->title_keys);
        rec_free(space->abstract_keys);
        rec_free(space->scales);
        rec_facets_clear(&space->facets);
        rec_free(space->signs);
        rec_free(space->factors);
        rec_free(space->dense);
        rec_free(space->smooth_factors);
        rec_free(space->smooth);
    }
    *space = (rec_space)REC_SPACE_INIT;
}

/* ---- the file ------------------------------------------------------------------------------------------------------ */

static rec_status write_section(rec_sealed_writer *writer, const void *bytes, size_t length, rec_error *err)
{
    static const uint8_t zero[64];
    rec_status rc = rec_sealed_write(writer, bytes, length, err);

    return rc == REC_OK ? rec_sealed_write(writer, zero, rec_sealed_padded(length) - length, err) : rc;
}

static rec_status write_sections(rec_sealed_writer *writer, rec_space *space, rec_error *err)
{
    struct rec_space_head head = { .names_bytes = space->facets.names_bytes };
    struct section sections[MAX_SECTIONS];
    size_t count;
    rec_status rc;

    if (space->count > 0) {
        head.categories = space->facets.category_offsets[space->count];
        head.authors = space->facets.author_offsets[space->count];
    }
    memcpy(head.ngrams, space->ngrams, sizeof(head.ngrams));
    if ((rc = write_section(writer, &head, sizeof(head), err)) != REC_OK)
        return rc;
    count = list_sections(space, &head, space->smooth != NULL, sections);
    for (size_t i = 0; i < count && rc == REC_OK; i++)
        rc = write_section(writer, *sections[i].at, sections[i].bytes, err);
    return rc;
}

rec_status rec_space_write(const rec_space *space, const char *path, const char *fingerprint, rec_sealed_writer **out, rec_error *err)
{
    static uint32_t no_rows[1];
    rec_sealed_info info = { KIND, REC_SPACE_VERSION, (uint32_t)space->dim, space->count, "" };
    rec_space shown = *space; /* sections are listed by pointers that could be written through */
    rec_sealed_writer *writer;
    rec_status rc;

    if (space->count == 0)
        shown.facets.category_offsets = shown.facets.author_offsets = no_rows;
    memcpy(info.fingerprint, fingerprint, sizeof(info.fingerprint));
    if ((rc = rec_sealed_create(path, &info, &writer, err)) != REC_OK)
        return rc;
    if ((rc = write_sections(writer, &shown, err)) != REC_OK) {
        rec_sealed_abort(writer);
        return rc;
    }
    rec_sealed_finish(writer);
    *out = writer;
    return REC_OK;
}

rec_status rec_space_save(const rec_space *space, const char *path, const char *fingerprint, rec_error *err)
{
    rec_sealed_writer *writer;
    rec_status rc = rec_space_write(space, path, fingerprint, &writer, err);

    return rc == REC_OK ? rec_sealed_commit(writer, err) : rc;
}

static rec_status check_info(const rec_sealed *sealed, const rec_model *model, size_t count, const char *path, rec_error *err)
{
    if (sealed->info.dim != rec_model_dim(model))
        return rec_fail(err, REC_ESTALE, "cannot open index '%s': %u dimensions, store has %zu; run 'recommend build'", path,
                        sealed->info.dim, rec_model_dim(model));
    if (sealed->info.count != count)
        return rec_fail(err, REC_ESTALE, "cannot open index '%s': %llu papers, store has %zu; run 'recommend build'", path,
                        (unsigned long long)sealed->info.count, count);
    if (strcmp(sealed->info.fingerprint, rec_model_fingerprint(model)) != 0)
        return rec_fail(err, REC_ESTALE, "cannot open index '%s': made by model %s, store has %s; run 'recommend build'", path,
                        sealed->info.fingerprint, rec_model_fingerprint(model));
    return REC_OK;
}

static rec_status contradicts(const char *path, rec_error *err)
{
    return rec_fail(err, REC_EDAMAGED, "cannot open index '%s': its sizes contradict each other; run 'recommend build'", path);
}

/* Points the columns into the map. The file is never written through these pointers. */
static rec_status lay_out(rec_space *space, bool smooth, const char *path, rec_error *err)
{
    struct rec_space_head head;
    struct section sections[MAX_SECTIONS];
    uint8_t *at = (uint8_t *)space->sealed.map + REC_SEALED_HEADER;
    size_t count, want = sizeof(head), have = space->sealed.bytes;
    rec_status rc;

    if (have < sizeof(head))
        return contradicts(path, err);
    if ((rc = rec_sealed_verify(&space->sealed, 0, sizeof(head), err)) != REC_OK)
        return rc;
    memcpy(&head, at, sizeof(head));
    if (head.categories > have || head.authors > have || head.names_bytes > have || space->count > have)
        return contradicts(path, err);
    count = list_sections(space, &head, smooth, sections);
    for (size_t i = 0; i < count; i++)
        want += rec_sealed_padded(sections[i].bytes);
    if (want != have)
        return contradicts(path, err);
    at += sizeof(head);
    for (size_t i = 0; i < count; i++) {
        *sections[i].at = at;
        at += rec_sealed_padded(sections[i].bytes);
    }
    space->facets.count = space->count;
    space->facets.categories_room = (size_t)head.categories;
    space->facets.authors_room = (size_t)head.authors;
    space->facets.names_bytes = (size_t)head.names_bytes;
    memcpy(space->ngrams, head.ngrams, sizeof(space->ngrams));
    return REC_OK;
}

/* What is small and read by every question that asks for it: where lists end, and the names of categories. */
static rec_status check_ends(const rec_space *space, const char *path, rec_error *err)
{
    const rec_facets *f = &space->facets;
    rec_status rc = rec_space_touch_part(space, f->names, f->names_bytes, err);

    if (rc == REC_OK && f->names_bytes > 0 && f->names[f->names_bytes - 1] != '\0')
        rc = contradicts(path, err);
    return rc;
}

rec_status rec_space_load(const char *path, const rec_model *model, size_t count, rec_space *out, rec_error *err)
{
    rec_space space = { .count = count, .dim = rec_model_dim(model) };
    rec_status rc = rec_sealed_open(path, KIND, REC_SPACE_VERSION, &space.sealed, err);

    if (rc != REC_OK)
        return rc;
    if ((rc = check_info(&space.sealed, model, count, path, err)) == REC_OK)
        rc = lay_out(&space, rec_model_is_small(model), path, err);
    if (rc == REC_OK)
        rc = check_ends(&space, path, err);
    if (rc == REC_OK)
        *out = space;
    else
        rec_space_close(&space);
    return rc;
}

/* ---- verifying ----------------------------------------------------------------------------------------------------- */

rec_status rec_space_touch_part(const rec_space *space, const void *at, size_t bytes, rec_error *err)
{
    if (!space->sealed.map)
        return REC_OK;
    return rec_sealed_verify(&space->sealed, (size_t)((const uint8_t *)at - space->sealed.payload), bytes, err);
}

rec_status rec_space_read_code(const rec_space *space, size_t row, void *room, rec_code *out, rec_error *err)
{
    const int8_t *at = space->dense + row * space->dim;
    const void *items = at;
    rec_status rc = rec_space_touch_part(space, space->factors + row, sizeof(*space->factors), err);

    if (rc == REC_OK && space->sealed.map)
        rc = rec_sealed_read(&space->sealed, (size_t)((const uint8_t *)at - space->sealed.payload), space->dim, room, &items, err);
    *out = (rec_code){ items, space->factors[row] };
    return rc;
}

/* The items of a row, once the two offsets that bound them are known to be sound. */
static rec_status touch_list(const rec_space *space, const uint32_t *offsets, const uint32_t *items, size_t room, size_t row,
                             rec_error *err)
{
    rec_status rc = rec_space_touch_part(space, offsets + row, 2 * sizeof(*offsets), err);

    if (rc != REC_OK)
        return rc;
    if (offsets[row] > offsets[row + 1] || offsets[row + 1] > room)
        return contradicts(space->sealed.path, err);
    return rec_space_touch_part(space, items + offsets[row], (offsets[row + 1] - offsets[row]) * sizeof(*items), err);
}

rec_status rec_space_touch(const rec_space *space, size_t row, rec_error *err)
{
    const rec_facets *f = &space->facets;
    const struct {
        const void *column;
        size_t bytes; /* of a row */
    } columns[] = {
        { space->docs, sizeof(*space->docs) },
        { space->precedence, sizeof(*space->precedence) },
        { space->title_keys, sizeof(*space->title_keys) },
        { space->abstract_keys, sizeof(*space->abstract_keys) },
        { space->scales, REC_BLOCKS * sizeof(*space->scales) },
        { f->first_days, sizeof(*f->first_days) },
        { f->last_days, sizeof(*f->last_days) },
        { space->factors, sizeof(*space->factors) },
        { space->dense, space->dim },
        { space->smooth_factors, sizeof(*space->smooth_factors) },
        { space->smooth, space->dim },
    };
    rec_status rc = REC_OK;

    if (!space->sealed.map)
        return REC_OK;
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]) && rc == REC_OK; i++)
        if (columns[i].column)
            rc = rec_space_touch_part(space, (const uint8_t *)columns[i].column + row * columns[i].bytes, columns[i].bytes, err);
    if (rc == REC_OK)
        rc = touch_list(space, f->category_offsets, f->categories, f->categories_room, row, err);
    return rc == REC_OK ? touch_list(space, f->author_offsets, f->authors, f->authors_room, row, err) : rc;
}

rec_status rec_space_verify(const rec_space *space, rec_error *err)
{
    return rec_sealed_verify_all(&space->sealed, err);
}

/* ---- rows ---------------------------------------------------------------------------------------------------------- */

rec_status rec_space_row(const rec_space *space, int64_t doc, size_t *out, rec_error *err)
{
    size_t low = 0, high = space->count;

    *out = REC_NO_PAPER_ROW;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        rec_status rc = rec_space_touch_part(space, space->docs + middle, sizeof(*space->docs), err);

        if (rc != REC_OK)
            return rc;
        if (space->docs[middle] == doc)
            *out = middle;
        if (space->docs[middle] < doc)
            low = middle + 1;
        else
            high = middle;
    }
    return REC_OK;
}

void rec_space_put(rec_space *space, size_t row, const float *vector)
{
    int8_t *items = space->dense + row * space->dim;

    space->factors[row] = rec_codes_round(vector, space->dim, items);
    rec_signs_of(items, space->dim, space->signs + row * rec_signs_words(space->dim));
}

void rec_space_put_smooth(rec_space *space, size_t row, const float *vector)
{
    space->smooth_factors[row] = rec_codes_round(vector, space->dim, space->smooth + row * space->dim);
}

rec_code rec_space_code(const rec_space *space, size_t row)
{
    return (rec_code){ space->dense + row * space->dim, space->factors[row] };
}

rec_code rec_space_smooth_code(const rec_space *space, size_t row)
{
    return space->smooth ? (rec_code){ space->smooth + row * space->dim, space->smooth_factors[row] } : (rec_code){ NULL, 0 };
}

void rec_space_restore(const rec_space *space, size_t first, size_t count, float *out)
{
    for (size_t i = 0; i < count; i++)
        rec_codes_restore(rec_space_code(space, first + i), space->dim, out + i * space->dim);
}

rec_authors rec_space_authors(const rec_space *space, size_t row)
{
    uint32_t first;

    if (row >= space->facets.count)
        return (rec_authors){ NULL, 0 };
    first = space->facets.author_offsets[row];
    return (rec_authors){ space->facets.authors + first, space->facets.author_offsets[row + 1] - first };
}

bool rec_space_has_vector(const rec_space *space, size_t row)
{
    return space->factors[row] != 0;
}
