/* Reading which papers have a word: see words.h. */
#include "words.h"

#include <string.h>

#define KIND "words"
#define STARTS_BYTES ((REC_BLOCK_BUCKETS + 1) * sizeof(uint32_t))

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "lists of rows are mapped as they are: a big-endian machine needs a conversion here"
#endif

_Static_assert(sizeof(struct rec_words_head) == 64, "the head is 64 bytes on disk");

unsigned rec_word_class(uint32_t tf)
{
    return tf <= 3 ? tf - 1 : tf <= 5 ? 3 : 4;
}

/* 1 + ln tf; the last two classes weigh as their least count does. */
float rec_word_class_weight(unsigned class)
{
    static const float weights[REC_WORD_CLASSES] = { 1, 1.6931472f, 2.0986123f, 2.3862944f, 2.7917595f };

    return weights[class];
}

/* ---- opening ------------------------------------------------------------------------------------------------------- */

static size_t rows_of(const rec_words *words, size_t i)
{
    size_t left = words->count - i * REC_WORDS_SEGMENT;

    return left < REC_WORDS_SEGMENT ? left : REC_WORDS_SEGMENT;
}

/* Of a segment, in front of its lists. */
static size_t tables_bytes(size_t rows)
{
    return rec_sealed_padded(rows * sizeof(float)) + rec_sealed_padded(STARTS_BYTES);
}

static rec_status check_info(const rec_sealed *sealed, const rec_space *space, const rec_model *model, const char *path, rec_error *err)
{
    if (sealed->info.count != space->count)
        return rec_fail(err, REC_ESTALE, "cannot use words '%s': %llu papers, store has %zu; run 'recommend build'", path,
                        (unsigned long long)sealed->info.count, space->count);
    if (strcmp(sealed->info.fingerprint, rec_model_fingerprint(model)) != 0)
        return rec_fail(err, REC_ESTALE, "cannot use words '%s': made by model %s, store has %s; run 'recommend build'", path,
                        sealed->info.fingerprint, rec_model_fingerprint(model));
    return REC_OK;
}

static rec_status check_head(const rec_sealed *sealed, const rec_space *space, const char *path, rec_error *err)
{
    const struct rec_words_head *head = (const struct rec_words_head *)(const void *)sealed->payload;
    rec_status rc = rec_sealed_verify(sealed, 0, sizeof(*head), err);

    if (rc == REC_OK && memcmp(head->ngrams, space->ngrams, sizeof(head->ngrams)) != 0)
        rc = rec_fail(err, REC_ESTALE, "cannot use words '%s': they are not those of the index; run 'recommend build'", path);
    return rc;
}

/* Finds where segments lie, and that they lie behind each other. */
static rec_status lay_out(rec_words *words, const char *path, rec_error *err)
{
    const rec_sealed *sealed = &words->sealed;
    size_t table, bytes, at = sizeof(struct rec_words_head);
    rec_status rc;

    words->segment_count = words->count / REC_WORDS_SEGMENT + (words->count % REC_WORDS_SEGMENT != 0);
    bytes = (words->segment_count + 1) * sizeof(*words->segments);
    if (sealed->bytes < at + rec_sealed_padded(bytes))
        goto contradicts;
    table = sealed->bytes - rec_sealed_padded(bytes);
    if (table % 64 != 0)
        goto contradicts;
    if ((rc = rec_sealed_verify(sealed, table, bytes, err)) != REC_OK)
        return rc;
    words->segments = (const uint64_t *)(const void *)(sealed->payload + table);
    for (size_t i = 0; i < words->segment_count; i++) {
        if (words->segments[i] != at || words->segments[i + 1] > table || words->segments[i + 1] % 64 != 0 ||
            words->segments[i + 1] < at + tables_bytes(rows_of(words, i)))
            goto contradicts;
        at = (size_t)words->segments[i + 1];
    }
    if (words->segments[words->segment_count] == table)
        return REC_OK;

contradicts:
    return rec_fail(err, REC_EDAMAGED, "cannot use words '%s': %zu bytes for %zu papers; run 'recommend build'", path, sealed->bytes,
                    words->count);
}

rec_status rec_words_open(const char *path, const rec_space *space, const rec_model *model, rec_words *out, rec_error *err)
{
    rec_words words = { .count = space->count };
    rec_status rc = rec_sealed_open(path, KIND, REC_WORDS_VERSION, &words.sealed, err);

    if (rc != REC_OK)
        return rc;
    if ((rc = check_info(&words.sealed, space, model, path, err)) == REC_OK && (rc = lay_out(&words, path, err)) == REC_OK)
        rc = check_head(&words.sealed, space, path, err);
    if (rc == REC_OK)
        *out = words;
    else
        rec_words_close(&words);
    return rc;
}

void rec_words_close(rec_words *words)
{
    rec_sealed_close(&words->sealed);
    *words = (rec_words)REC_WORDS_INIT;
}

rec_status rec_words_verify(const rec_words *words, rec_error *err)
{
    return rec_sealed_verify_all(&words->sealed, err);
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

rec_words_segment rec_words_segment_at(const rec_words *words, size_t i)
{
    rec_words_segment segment = { .first = i * REC_WORDS_SEGMENT, .rows = rows_of(words, i) };
    const uint8_t *at = words->sealed.payload + words->segments[i];

    segment.scales = (const float *)(const void *)at;
    segment.starts = (const uint32_t *)(const void *)(at + rec_sealed_padded(segment.rows * sizeof(float)));
    segment.lists = (const uint16_t *)(const void *)(at + tables_bytes(segment.rows));
    segment.length = (size_t)(words->segments[i + 1] - words->segments[i] - tables_bytes(segment.rows)) / sizeof(*segment.lists);
    return segment;
}

rec_status rec_words_touch(const rec_words *words, const void *at, size_t bytes, rec_error *err)
{
    return rec_sealed_verify(&words->sealed, (size_t)((const uint8_t *)at - words->sealed.payload), bytes, err);
}

static rec_status contradicts(const rec_words *words, uint16_t bucket, rec_error *err)
{
    return rec_fail(err, REC_EDAMAGED, "the list of word %u in '%s' contradicts itself; run 'recommend build'", bucket, words->sealed.path);
}

rec_status rec_words_list(const rec_words *words, const rec_words_segment *segment, uint16_t bucket, void *room, rec_word_list *out,
                          rec_error *err)
{
    const uint32_t *start = &segment->starts[bucket];
    const uint16_t *list;
    const void *read;
    size_t length, at = REC_WORD_CLASSES;
    rec_status rc = rec_words_touch(words, start, 2 * sizeof(*start), err);

    *out = (rec_word_list){ .counts = { 0 } };
    if (rc != REC_OK)
        return rc;
    if (start[0] > start[1] || start[1] > segment->length)
        return contradicts(words, bucket, err);
    length = start[1] - start[0];
    if (length == 0)
        return REC_OK;
    if (length < REC_WORD_CLASSES || length > REC_WORD_CLASSES + REC_WORDS_SEGMENT) /* each row is in one class */
        return contradicts(words, bucket, err);
    rc = rec_sealed_read(&words->sealed, (size_t)((const uint8_t *)(segment->lists + start[0]) - words->sealed.payload),
                         length * sizeof(*list), room, &read, err);
    if (rc != REC_OK)
        return rc;
    list = read;
    for (unsigned class = 0; class < REC_WORD_CLASSES; class ++) {
        out->rows[class] = list + at;
        out->counts[class] = list[class];
        at += list[class];
    }
    return at == length ? REC_OK : contradicts(words, bucket, err);
}
