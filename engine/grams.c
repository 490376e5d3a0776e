/* A file of packed n-gram rows: see grams.h. */
#define _GNU_SOURCE /* madvise */
#include "grams.h"

#include "alloc.h"

#include <string.h>
#include <sys/mman.h>

#define KIND "ngrams"
#define FETCHED 256 /* bytes of a row that are asked for ahead: its pairs and, mostly, its words */

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "packed rows are mapped as they are: a big-endian machine needs a conversion here"
#endif

struct rec_grams_writer {
    rec_sealed_writer *sealed;
    uint64_t words;
};

/* ---- reading ------------------------------------------------------------------------------------------------------- */

static rec_status check_shape(const rec_sealed *sealed, size_t count, const char *path, rec_error *err)
{
    size_t tables;

    if (sealed->info.count != count)
        return rec_fail(err, REC_ESTALE, "cannot use n-grams '%s': %llu papers, store has %zu; run 'recommend build'", path,
                        (unsigned long long)sealed->info.count, count);
    tables = rec_sealed_padded(count * sizeof(uint64_t)) + rec_sealed_padded(count * sizeof(uint32_t));
    if (sealed->bytes < tables || (sealed->bytes - tables) % 64 != 0)
        return rec_fail(err, REC_EDAMAGED, "cannot use n-grams '%s': %zu bytes for %zu papers; run 'recommend build'", path, sealed->bytes,
                        count);
    return REC_OK;
}

rec_status rec_grams_open(const char *path, size_t count, const uint8_t *seal, rec_grams *out, rec_error *err)
{
    rec_grams grams = { .count = count };
    size_t tables = rec_sealed_padded(count * sizeof(uint64_t)) + rec_sealed_padded(count * sizeof(uint32_t));
    rec_status rc = rec_sealed_open(path, KIND, REC_NGRAM_VERSION, &grams.sealed, err);

    if (rc != REC_OK)
        return rc;
    rc = check_shape(&grams.sealed, count, path, err);
    if (rc == REC_OK && seal && memcmp(seal, rec_sealed_seal(&grams.sealed), REC_SEAL_BYTES) != 0)
        rc = rec_fail(err, REC_ESTALE, "cannot use n-grams '%s': they are not those of the index; run 'recommend build'", path);
    if (rc != REC_OK) {
        rec_grams_close(&grams);
        return rc;
    }
    grams.words = (const uint16_t *)(const void *)grams.sealed.payload;
    grams.word_count = (grams.sealed.bytes - tables) / sizeof(*grams.words);
    grams.starts = (const uint64_t *)(const void *)(grams.words + grams.word_count);
    grams.lengths =
        (const uint32_t *)(const void *)(grams.sealed.payload + grams.sealed.bytes - rec_sealed_padded(count * sizeof(uint32_t)));
    *out = grams;
    return REC_OK;
}

void rec_grams_close(rec_grams *grams)
{
    rec_sealed_close(&grams->sealed);
    *grams = (rec_grams)REC_GRAMS_INIT;
}

rec_status rec_grams_verify(const rec_grams *grams, rec_error *err)
{
    return rec_sealed_verify_all(&grams->sealed, err);
}

static rec_status verify(const rec_grams *grams, const void *at, size_t bytes, rec_error *err)
{
    return rec_sealed_verify(&grams->sealed, (size_t)((const uint8_t *)at - grams->sealed.payload), bytes, err);
}

rec_status rec_grams_row(const rec_grams *grams, size_t row, rec_packed *out, rec_error *err)
{
    uint64_t start;
    uint32_t length;
    rec_status rc;

    if ((rc = verify(grams, &grams->starts[row], sizeof(start), err)) != REC_OK ||
        (rc = verify(grams, &grams->lengths[row], sizeof(length), err)) != REC_OK)
        return rc;
    start = grams->starts[row];
    length = grams->lengths[row];
    if (start > grams->word_count || length > grams->word_count - start)
        return rec_fail(err, REC_EDAMAGED, "the n-grams of row %zu lie outside their file; run 'recommend build'", row);
    *out = (rec_packed){ grams->words + start, length };
    if ((rc = verify(grams, out->words, length * sizeof(*out->words), err)) != REC_OK)
        return rc;
    if (!rec_packed_is_whole(*out))
        return rec_fail(err, REC_EDAMAGED, "the n-grams of row %zu contradict themselves; run 'recommend build'", row);
    return REC_OK;
}

void rec_grams_fetch(const rec_grams *grams, size_t row)
{
    uint64_t start = grams->starts[row];

    for (size_t byte = 0; byte < FETCHED && start < grams->word_count; byte += 64)
        __builtin_prefetch((const char *)(grams->words + start) + byte);
}

void rec_grams_release(const rec_grams *grams)
{
    /* A refusal costs memory and nothing else. */
    if (grams->sealed.map)
        (void)madvise(grams->sealed.map, grams->sealed.map_bytes, MADV_DONTNEED);
}

/* ---- writing ------------------------------------------------------------------------------------------------------- */

rec_status rec_grams_create(const char *path, rec_grams_writer **out, rec_error *err)
{
    rec_sealed_info info = { KIND, REC_NGRAM_VERSION, 0, 0, "" };
    rec_grams_writer *writer = rec_alloc(sizeof(*writer));
    rec_status rc = writer ? rec_sealed_create(path, &info, &writer->sealed, err) : rec_fail(err, REC_ENOMEM, "out of memory for n-grams");

    if (rc != REC_OK) {
        rec_free(writer);
        return rc;
    }
    *out = writer;
    return REC_OK;
}

rec_status rec_grams_put(rec_grams_writer *writer, rec_packed row, rec_gram_place *place, rec_error *err)
{
    if (row.length > UINT32_MAX)
        return rec_fail(err, REC_EINVAL, "a paper has %zu n-grams, too many", row.length);
    *place = (rec_gram_place){ writer->words, (uint32_t)row.length };
    writer->words += row.length;
    return rec_sealed_write(writer->sealed, row.words, row.length * sizeof(*row.words), err);
}

static rec_status pad(rec_grams_writer *writer, uint64_t bytes, rec_error *err)
{
    static const uint8_t zero[64];

    return rec_sealed_write(writer->sealed, zero, rec_sealed_padded(bytes) - bytes, err);
}

static rec_status write_tables(rec_grams_writer *writer, const rec_gram_place *places, size_t count, rec_error *err)
{
    rec_status rc = pad(writer, writer->words * sizeof(uint16_t), err);

    for (size_t i = 0; i < count && rc == REC_OK; i++)
        rc = rec_sealed_write(writer->sealed, &places[i].start, sizeof(places[i].start), err);
    if (rc == REC_OK)
        rc = pad(writer, count * sizeof(places->start), err);
    for (size_t i = 0; i < count && rc == REC_OK; i++)
        rc = rec_sealed_write(writer->sealed, &places[i].length, sizeof(places[i].length), err);
    return rc == REC_OK ? pad(writer, count * sizeof(places->length), err) : rc;
}

rec_status rec_grams_commit(rec_grams_writer *writer, const rec_gram_place *places, size_t count, rec_error *err)
{
    rec_status rc = write_tables(writer, places, count, err);

    if (rc != REC_OK) {
        rec_grams_abort(writer);
        return rc;
    }
    rec_sealed_set_count(writer->sealed, count);
    rc = rec_sealed_commit(writer->sealed, err);
    rec_free(writer);
    return rc;
}

void rec_grams_abort(rec_grams_writer *writer)
{
    if (!writer)
        return;
    rec_sealed_abort(writer->sealed);
    rec_free(writer);
}
