/* Files of packed n-gram rows, written: see grams.h. */
#include "grams.h"

#include "alloc.h"

#include <assert.h>
#include <string.h>

struct rec_grams_writer {
    rec_sealed_writer *sealed;
    uint64_t words; /* that were put */
    struct rec_gram_part parts[REC_GRAM_PARTS];
    uint64_t firsts[REC_GRAM_PARTS]; /* number of a part's first word */
    uint32_t part_count;
    uint64_t part_words; /* of all parts */
};

rec_status rec_grams_create(const char *path, rec_grams_writer **out, rec_error *err)
{
    rec_sealed_info info = { "ngrams", REC_NGRAM_VERSION, 0, 0, "" };
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
    *place = (rec_gram_place){ writer->words, (uint32_t)row.length, REC_GRAM_OWN };
    writer->words += row.length;
    return rec_sealed_write(writer->sealed, row.words, row.length * sizeof(*row.words), err);
}

uint64_t rec_grams_put_so_far(const rec_grams_writer *writer)
{
    return writer->words;
}

/* ---- parts --------------------------------------------------------------------------------------------------------- */

void rec_grams_choose(const uint64_t *words, const uint64_t *used, size_t count, uint64_t fresh, bool *kept)
{
    uint64_t written = fresh;
    size_t parts = 0;

    for (size_t i = 0; i < count; i++) {
        kept[i] = used[i] > 0 && used[i] >= words[i] - used[i];
        written += kept[i] ? 0 : used[i];
        parts += kept[i];
    }
    for (size_t i = count; i-- > 0;) {
        if (!kept[i])
            continue;
        if (used[i] / 2 >= written && parts <= REC_GRAM_PARTS)
            return;
        kept[i] = false;
        written += used[i];
        parts--;
    }
}

uint32_t rec_grams_keep(rec_grams_writer *writer, const rec_grams *from, size_t file)
{
    const rec_gram_words *kept = &from->files[file];
    struct rec_gram_part *part = &writer->parts[writer->part_count];

    assert(writer->part_count < REC_GRAM_PARTS);
    *part = (struct rec_gram_part){ .side = kept->side, .words = kept->count };
    memcpy(part->seal, rec_sealed_seal(&kept->sealed), sizeof(part->seal));
    writer->firsts[writer->part_count] = writer->part_words;
    writer->part_words += kept->count;
    return writer->part_count++;
}

/* ---- tables -------------------------------------------------------------------------------------------------------- */

static rec_status pad(rec_grams_writer *writer, uint64_t bytes, rec_error *err)
{
    static const uint8_t zero[64];

    return rec_sealed_write(writer->sealed, zero, rec_sealed_padded(bytes) - bytes, err);
}

static rec_status write_starts(rec_grams_writer *writer, const rec_gram_place *places, size_t count, rec_error *err)
{
    rec_status rc = REC_OK;

    for (size_t i = 0; i < count && rc == REC_OK; i++) {
        uint64_t start = places[i].start + (places[i].part == REC_GRAM_OWN ? writer->part_words : writer->firsts[places[i].part]);

        rc = rec_sealed_write(writer->sealed, &start, sizeof(start), err);
    }
    return rc == REC_OK ? pad(writer, count * sizeof(places->start), err) : rc;
}

static rec_status write_lengths(rec_grams_writer *writer, const rec_gram_place *places, size_t count, rec_error *err)
{
    rec_status rc = REC_OK;

    for (size_t i = 0; i < count && rc == REC_OK; i++)
        rc = rec_sealed_write(writer->sealed, &places[i].length, sizeof(places[i].length), err);
    return rc == REC_OK ? pad(writer, count * sizeof(places->length), err) : rc;
}

static rec_status write_parts(rec_grams_writer *writer, rec_error *err)
{
    size_t bytes = writer->part_count * sizeof(writer->parts[0]);
    rec_status rc = rec_sealed_write(writer->sealed, writer->parts, bytes, err);

    return rc == REC_OK ? pad(writer, bytes, err) : rc;
}

static rec_status write_tables(rec_grams_writer *writer, const rec_gram_place *places, size_t count, rec_error *err)
{
    rec_status rc = pad(writer, writer->words * sizeof(uint16_t), err);

    if (rc == REC_OK)
        rc = write_starts(writer, places, count, err);
    if (rc == REC_OK)
        rc = write_lengths(writer, places, count, err);
    return rc == REC_OK ? write_parts(writer, err) : rc;
}

rec_status rec_grams_commit(rec_grams_writer *writer, const rec_gram_place *places, size_t count, rec_error *err)
{
    rec_status rc = write_tables(writer, places, count, err);

    if (rc != REC_OK) {
        rec_grams_abort(writer);
        return rc;
    }
    rec_sealed_set_shape(writer->sealed, writer->part_count, count);
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
