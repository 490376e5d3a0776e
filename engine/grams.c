/* Files of packed n-gram rows, read: see grams.h. */
#define _GNU_SOURCE /* madvise */
#include "grams.h"

#include "alloc.h"
#include "parallel.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define KIND "ngrams"
#define CHUNK ((size_t)1 << 22) /* of a file that is verified at once, a multiple of pages and of a sealed file's blocks */
#define FETCHED 256             /* bytes of a row that are asked for ahead: its pairs and, mostly, its words */

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "packed rows are mapped as they are: a big-endian machine needs a conversion here"
#endif

_Static_assert(sizeof(struct rec_gram_part) == 32, "a part is told of in 32 bytes");

/* ---- opening ------------------------------------------------------------------------------------------------------- */

static size_t table_bytes(size_t count, size_t parts)
{
    return rec_sealed_padded(count * sizeof(uint64_t)) + rec_sealed_padded(count * sizeof(uint32_t)) +
           rec_sealed_padded(parts * sizeof(struct rec_gram_part));
}

static rec_status contradicts(const char *path, rec_error *err)
{
    return rec_fail(err, REC_EDAMAGED, "cannot use n-grams '%s': its sizes contradict each other; run 'recommend build'", path);
}

static rec_status check_shape(const rec_sealed *sealed, const char *path, rec_error *err)
{
    size_t count = (size_t)sealed->info.count, parts = sealed->info.dim, tables;

    if (count > sealed->bytes || parts > REC_GRAM_PARTS)
        return contradicts(path, err);
    tables = table_bytes(count, parts);
    return sealed->bytes < tables || (sealed->bytes - tables) % 64 != 0 ? contradicts(path, err) : REC_OK;
}

/* A file, its shape checked. */
static rec_status open_file(const char *path, rec_sealed *out, rec_error *err)
{
    rec_status rc = rec_sealed_open(path, KIND, REC_NGRAM_VERSION, out, err);

    if (rc == REC_OK && (rc = check_shape(out, path, err)) != REC_OK)
        rec_sealed_close(out);
    return rc;
}

/* What a file says of its parts, verified. */
static rec_status read_parts(const rec_sealed *sealed, struct rec_gram_part parts[REC_GRAM_PARTS], rec_error *err)
{
    size_t bytes = sealed->info.dim * sizeof(*parts), at = sealed->bytes - rec_sealed_padded(bytes);
    rec_status rc = rec_sealed_verify(sealed, at, bytes, err);

    if (rc == REC_OK && bytes > 0)
        memcpy(parts, sealed->payload + at, bytes);
    return rc;
}

/* The name of a part: that of `path`, with another number. */
static rec_status name_part(const char *path, int64_t side, char out[PATH_MAX], rec_error *err)
{
    const char *number = strrchr(path, '.');
    int n = number ? snprintf(out, PATH_MAX, "%.*s.%lld", (int)(number - path), path, (long long)side) : -1;

    return n > 0 && n < PATH_MAX ? REC_OK : rec_fail(err, REC_EINVAL, "cannot name the parts of n-grams '%s': it has no number", path);
}

/* Takes the file over that `from` has of the number, if it has one. */
static bool take_over(rec_grams *from, int64_t side, rec_sealed *out)
{
    for (size_t i = 0; i < from->file_count; i++)
        if (from->files[i].side == side && from->files[i].sealed.map) {
            *out = from->files[i].sealed;
            from->files[i].sealed = (rec_sealed)REC_SEALED_INIT;
            return true;
        }
    return false;
}

static rec_status open_part(const char *path, const struct rec_gram_part *part, rec_grams *from, rec_gram_words *out, rec_error *err)
{
    char name[PATH_MAX];
    rec_status rc = name_part(path, part->side, name, err);

    if (rc == REC_OK && !take_over(from, part->side, &out->sealed))
        rc = open_file(name, &out->sealed, err);
    if (rc != REC_OK)
        return rc;
    if (memcmp(part->seal, rec_sealed_seal(&out->sealed), REC_SEAL_BYTES) != 0)
        return rec_fail(err, REC_ESTALE, "cannot use n-grams '%s': they are not those that '%s' refers to; run 'recommend build'", name,
                        path);
    if (part->words > out->sealed.bytes / sizeof(*out->words))
        return contradicts(path, err);
    out->side = part->side;
    out->count = part->words;
    return REC_OK;
}

static rec_status open_parts(const char *path, rec_grams *from, rec_grams *grams, rec_error *err)
{
    rec_gram_words *own = &grams->files[grams->file_count - 1];
    struct rec_gram_part parts[REC_GRAM_PARTS];
    rec_status rc = read_parts(&own->sealed, parts, err);

    for (size_t i = 0; i + 1 < grams->file_count && rc == REC_OK; i++)
        rc = open_part(path, &parts[i], from, &grams->files[i], err);
    return rc;
}

/* Points what is read into the maps. */
static void lay_out(rec_grams *grams)
{
    const rec_sealed *own = &grams->files[grams->file_count - 1].sealed;
    const uint8_t *end = own->payload + own->bytes;
    uint64_t first = 0;

    for (size_t i = 0; i < grams->file_count; i++) {
        grams->files[i].words = (const uint16_t *)(const void *)grams->files[i].sealed.payload;
        grams->files[i].first = first;
        first += grams->files[i].count;
    }
    end -= rec_sealed_padded((grams->file_count - 1) * sizeof(struct rec_gram_part));
    end -= rec_sealed_padded(grams->count * sizeof(*grams->lengths));
    grams->lengths = (const uint32_t *)(const void *)end;
    end -= rec_sealed_padded(grams->count * sizeof(*grams->starts));
    grams->starts = (const uint64_t *)(const void *)end;
}

static rec_status open_all(const char *path, size_t count, const uint8_t *seal, rec_grams *from, rec_grams *grams, rec_error *err)
{
    rec_sealed own;
    rec_gram_words *file;
    const char *number = strrchr(path, '.');
    rec_status rc = open_file(path, &own, err);

    if (rc != REC_OK)
        return rc;
    if (!(grams->files = rec_alloc_array(own.info.dim + 1, sizeof(*grams->files)))) {
        rec_sealed_close(&own);
        return rec_fail(err, REC_ENOMEM, "out of memory opening '%s'", path);
    }
    grams->count = count;
    grams->file_count = own.info.dim + 1;
    file = &grams->files[own.info.dim];
    file->sealed = own;
    if (own.info.count != count)
        return rec_fail(err, REC_ESTALE, "cannot use n-grams '%s': %llu papers, store has %zu; run 'recommend build'", path,
                        (unsigned long long)own.info.count, count);
    if (seal && memcmp(seal, rec_sealed_seal(&own), REC_SEAL_BYTES) != 0)
        return rec_fail(err, REC_ESTALE, "cannot use n-grams '%s': they are not those of the index; run 'recommend build'", path);
    file->side = number ? strtoll(number + 1, NULL, 10) : 0;
    file->count = (own.bytes - table_bytes(count, own.info.dim)) / sizeof(*file->words);
    if ((rc = open_parts(path, from, grams, err)) == REC_OK)
        lay_out(grams);
    return rc;
}

static rec_status open_or_close(const char *path, size_t count, const uint8_t *seal, rec_grams *from, rec_grams *out, rec_error *err)
{
    rec_grams grams = REC_GRAMS_INIT;
    rec_status rc = open_all(path, count, seal, from, &grams, err);

    if (rc == REC_OK)
        *out = grams;
    else
        rec_grams_close(&grams);
    rec_grams_close(from);
    return rc;
}

rec_status rec_grams_open(const char *path, size_t count, const uint8_t *seal, rec_grams *out, rec_error *err)
{
    rec_grams none = REC_GRAMS_INIT;

    return open_or_close(path, count, seal, &none, out, err);
}

rec_status rec_grams_open_after(const char *path, size_t count, rec_grams *from, rec_grams *out, rec_error *err)
{
    return open_or_close(path, count, NULL, from, out, err);
}

const uint8_t *rec_grams_seal(const rec_grams *grams)
{
    return rec_sealed_seal(&grams->files[grams->file_count - 1].sealed);
}

void rec_grams_close(rec_grams *grams)
{
    for (size_t i = 0; i < grams->file_count; i++)
        rec_sealed_close(&grams->files[i].sealed);
    rec_free(grams->files);
    *grams = (rec_grams)REC_GRAMS_INIT;
}

rec_status rec_grams_sides(const char *path, int64_t sides[REC_GRAM_PARTS], size_t *count, rec_error *err)
{
    struct rec_gram_part parts[REC_GRAM_PARTS];
    rec_sealed sealed;
    rec_status rc = open_file(path, &sealed, err);

    *count = 0;
    if (rc != REC_OK)
        return rc;
    if ((rc = read_parts(&sealed, parts, err)) == REC_OK)
        for (; *count < sealed.info.dim; ++*count)
            sides[*count] = parts[*count].side;
    rec_sealed_close(&sealed);
    return rc;
}

static void give_back(const rec_sealed *sealed, size_t offset, size_t bytes)
{
    /* A refusal costs memory and nothing else. */
    (void)madvise((uint8_t *)sealed->map + offset, bytes, MADV_DONTNEED);
}

static size_t chunks_of(const rec_sealed *sealed)
{
    return (sealed->bytes + CHUNK - 1) / CHUNK;
}

/* Chunks of all files are counted through. */
static rec_status verify_chunk(size_t task, unsigned thread, void *context, rec_error *err)
{
    const rec_gram_words *file = ((const rec_grams *)context)->files;
    size_t at;
    rec_status rc;

    (void)thread;
    for (; task >= chunks_of(&file->sealed); file++)
        task -= chunks_of(&file->sealed);
    at = task * CHUNK;
    rc = rec_sealed_verify(&file->sealed, at, file->sealed.bytes - at < CHUNK ? file->sealed.bytes - at : CHUNK, err);
    give_back(&file->sealed, at, CHUNK < file->sealed.map_bytes - at ? CHUNK : file->sealed.map_bytes - at);
    return rc;
}

rec_status rec_grams_verify(const rec_grams *grams, unsigned threads, rec_error *err)
{
    size_t chunks = 0;

    for (size_t i = 0; i < grams->file_count; i++)
        chunks += chunks_of(&grams->files[i].sealed);
    return rec_parallel(chunks, threads, verify_chunk, (void *)grams, err);
}

/* ---- rows ---------------------------------------------------------------------------------------------------------- */

/* The file that holds a word; the last one where none does. Most words are those of the first. */
static const rec_gram_words *file_of(const rec_grams *grams, uint64_t word)
{
    const rec_gram_words *file = grams->files, *last = grams->files + grams->file_count - 1;

    while (file < last && word - file->first >= file->count)
        file++;
    return file;
}

static rec_status verify(const rec_gram_words *file, const void *at, size_t bytes, rec_error *err)
{
    return rec_sealed_verify(&file->sealed, (size_t)((const uint8_t *)at - file->sealed.payload), bytes, err);
}

rec_status rec_grams_find(const rec_grams *grams, size_t row, size_t *file, rec_gram_place *place, rec_error *err)
{
    const rec_gram_words *own = &grams->files[grams->file_count - 1], *holds;
    rec_status rc;

    if ((rc = verify(own, &grams->starts[row], sizeof(*grams->starts), err)) != REC_OK ||
        (rc = verify(own, &grams->lengths[row], sizeof(*grams->lengths), err)) != REC_OK)
        return rc;
    holds = file_of(grams, grams->starts[row]);
    *file = (size_t)(holds - grams->files);
    *place = (rec_gram_place){ grams->starts[row] - holds->first, grams->lengths[row], REC_GRAM_OWN };
    if (place->start > holds->count || place->length > holds->count - place->start)
        return rec_fail(err, REC_EDAMAGED, "the n-grams of row %zu lie outside their file; run 'recommend build'", row);
    return REC_OK;
}

rec_status rec_grams_row(const rec_grams *grams, size_t row, rec_packed *out, rec_error *err)
{
    rec_gram_place place;
    size_t file;
    rec_status rc = rec_grams_find(grams, row, &file, &place, err);

    if (rc != REC_OK)
        return rc;
    *out = (rec_packed){ grams->files[file].words + place.start, place.length };
    if ((rc = verify(&grams->files[file], out->words, place.length * sizeof(*out->words), err)) != REC_OK)
        return rc;
    if (!rec_packed_is_whole(*out))
        return rec_fail(err, REC_EDAMAGED, "the n-grams of row %zu contradict themselves; run 'recommend build'", row);
    return REC_OK;
}

void rec_grams_fetch(const rec_grams *grams, size_t row)
{
    const rec_gram_words *file = file_of(grams, grams->starts[row]);
    uint64_t start = grams->starts[row] - file->first;

    for (size_t byte = 0; byte < FETCHED && start < file->count; byte += 64)
        __builtin_prefetch((const char *)(file->words + start) + byte);
}

void rec_grams_release(const rec_grams *grams)
{
    for (size_t i = 0; i < grams->file_count; i++)
        give_back(&grams->files[i].sealed, 0, grams->files[i].sealed.map_bytes);
}
