/* Rows of vectors in memory and in a file: see space.h. */
#include "space.h"

#include "alloc.h"

#include <string.h>

#define KIND "vectors"

static size_t padded(size_t bytes)
{
    return (bytes + 63) / 64 * 64;
}

rec_status rec_space_new(size_t count, size_t dim, bool smooth, rec_space *out, rec_error *err)
{
    rec_space space = { .count = count, .dim = dim };

    space.docs = rec_alloc_aligned(count, sizeof(*space.docs));
    space.precedence = rec_alloc_aligned(count, sizeof(*space.precedence));
    space.title_keys = rec_alloc_aligned(count, sizeof(*space.title_keys));
    space.abstract_keys = rec_alloc_aligned(count, sizeof(*space.abstract_keys));
    space.scales = rec_alloc_aligned(count, REC_BLOCKS * sizeof(*space.scales));
    space.dense = rec_alloc_aligned(count, dim * sizeof(*space.dense));
    space.smooth = smooth ? rec_alloc_aligned(count, dim * sizeof(*space.smooth)) : NULL;
    if (!space.docs || !space.precedence || !space.title_keys || !space.abstract_keys || !space.scales || !space.dense ||
        (smooth && !space.smooth)) {
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
        rec_free(space->dense);
        rec_free(space->smooth);
    }
    *space = (rec_space)REC_SPACE_INIT;
}

static rec_status write_section(rec_sealed_writer *writer, const void *bytes, size_t length, rec_error *err)
{
    static const uint8_t zero[64];
    rec_status rc = rec_sealed_write(writer, bytes, length, err);

    return rc == REC_OK ? rec_sealed_write(writer, zero, padded(length) - length, err) : rc;
}

rec_status rec_space_save(const rec_space *space, const char *path, const char *fingerprint, rec_error *err)
{
    const struct {
        const void *bytes;
        size_t length;
    } sections[] = {
        { space->docs, space->count * sizeof(*space->docs) },
        { space->precedence, space->count * sizeof(*space->precedence) },
        { space->title_keys, space->count * sizeof(*space->title_keys) },
        { space->abstract_keys, space->count * sizeof(*space->abstract_keys) },
        { space->scales, space->count * REC_BLOCKS * sizeof(*space->scales) },
        { space->dense, space->count * space->dim * sizeof(*space->dense) },
        { space->smooth, space->smooth ? space->count * space->dim * sizeof(*space->smooth) : 0 },
    };
    rec_sealed_info info = { KIND, REC_SPACE_VERSION, (uint32_t)space->dim, space->count, "" };
    rec_sealed_writer *writer;
    rec_status rc;

    memcpy(info.fingerprint, fingerprint, sizeof(info.fingerprint));
    if ((rc = rec_sealed_create(path, &info, &writer, err)) != REC_OK)
        return rc;
    for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]) && rc == REC_OK; i++)
        rc = write_section(writer, sections[i].bytes, sections[i].length, err);
    if (rc != REC_OK) {
        rec_sealed_abort(writer);
        return rc;
    }
    return rec_sealed_commit(writer, err);
}

static rec_status check_info(const rec_sealed *sealed, const rec_model *model, size_t count, const char *path, rec_error *err)
{
    if (sealed->info.dim != rec_model_dim(model))
        return rec_fail(err, REC_ESTALE, "cannot use vectors '%s': %u dimensions, model has %zu; run 'recommend build'", path,
                        sealed->info.dim, rec_model_dim(model));
    if (sealed->info.count != count)
        return rec_fail(err, REC_ESTALE, "cannot use vectors '%s': %llu papers, store has %zu; run 'recommend build'", path,
                        (unsigned long long)sealed->info.count, count);
    if (strcmp(sealed->info.fingerprint, rec_model_fingerprint(model)) != 0)
        return rec_fail(err, REC_ESTALE, "cannot use vectors '%s': made by model %s, store has %s; run 'recommend build'", path,
                        sealed->info.fingerprint, rec_model_fingerprint(model));
    return REC_OK;
}

/* Points the next section at `*at` and moves on. The file is never written through these pointers. */
static void *take(uint8_t **at, size_t bytes)
{
    void *section = *at;

    *at += padded(bytes);
    return section;
}

rec_status rec_space_load(const char *path, const rec_model *model, size_t count, rec_space *out, rec_error *err)
{
    rec_space space = REC_SPACE_INIT;
    bool smooth = rec_model_is_small(model);
    uint8_t *at;
    size_t want;
    rec_status rc = rec_sealed_open(path, KIND, REC_SPACE_VERSION, &space.sealed, err);

    if (rc != REC_OK)
        return rc;
    if ((rc = check_info(&space.sealed, model, count, path, err)) != REC_OK) {
        rec_space_close(&space);
        return rc;
    }
    space.count = count;
    space.dim = rec_model_dim(model);
    at = (uint8_t *)space.sealed.map + REC_SEALED_HEADER;
    want = 2 * padded(count * sizeof(uint32_t)) + 2 * padded(count * sizeof(uint64_t)) + padded(count * REC_BLOCKS * sizeof(float)) +
           (smooth ? 2 : 1) * padded(count * space.dim * sizeof(float));
    if (space.sealed.bytes != want) {
        rec_space_close(&space);
        return rec_fail(err, REC_EDAMAGED, "cannot use vectors '%s': %zu bytes for %zu papers; run 'recommend build'", path, want, count);
    }
    space.docs = take(&at, count * sizeof(*space.docs));
    space.precedence = take(&at, count * sizeof(*space.precedence));
    space.title_keys = take(&at, count * sizeof(*space.title_keys));
    space.abstract_keys = take(&at, count * sizeof(*space.abstract_keys));
    space.scales = take(&at, count * REC_BLOCKS * sizeof(*space.scales));
    space.dense = take(&at, count * space.dim * sizeof(*space.dense));
    space.smooth = smooth ? take(&at, count * space.dim * sizeof(*space.smooth)) : NULL;
    *out = space;
    return REC_OK;
}

size_t rec_space_row(const rec_space *space, int64_t doc)
{
    size_t low = 0, high = space->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((int64_t)space->docs[middle] < doc)
            low = middle + 1;
        else
            high = middle;
    }
    return low < space->count && (int64_t)space->docs[low] == doc ? low : REC_NO_PAPER_ROW;
}

bool rec_space_is_zero(const float *vector, size_t dim)
{
    for (size_t j = 0; j < dim; j++)
        if (vector[j] != 0)
            return false;
    return true;
}

bool rec_space_has_vector(const rec_space *space, size_t row)
{
    return !rec_space_is_zero(space->dense + row * space->dim, space->dim);
}
