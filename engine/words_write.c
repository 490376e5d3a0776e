/* Writing which papers have a word: see words.h. Segments are made on all threads, as many at a time, and written in their order. */
#include "words.h"

#include "alloc.h"
#include "parallel.h"

#include <string.h>

#define KIND "words"
#define SLOTS ((size_t)REC_BLOCK_BUCKETS * REC_WORD_CLASSES)

/* A segment being made. */
struct making {
    float *scales;    /* (rows) */
    uint32_t *starts; /* (REC_BLOCK_BUCKETS + 1) */
    uint32_t *next;   /* (SLOTS) rows of each bucket and class; then where the next one goes */
    uint16_t *lists;  /* (length) */
    size_t length, room;
};

struct writing {
    const rec_words_source *source;
    rec_sealed_writer *out;
    size_t first; /* segment of those being made */
    struct making making[REC_MAX_THREADS];
    uint64_t *segments; /* (segment_count + 1) */
    size_t segment_count;
    uint64_t bytes; /* that were written */
};

static rec_status out_of_memory(rec_error *err)
{
    return rec_fail(err, REC_ENOMEM, "out of memory listing the papers of words");
}

static void making_clear(struct making *m)
{
    rec_free(m->scales);
    rec_free(m->starts);
    rec_free(m->next);
    rec_free(m->lists);
    *m = (struct making){ .scales = NULL };
}

static size_t end_of(const struct writing *w, size_t segment)
{
    size_t end = (segment + 1) * REC_WORDS_SEGMENT;

    return end < w->source->space->count ? end : w->source->space->count;
}

/* ---- making a segment ---------------------------------------------------------------------------------------------- */

static rec_status count_rows(const struct writing *w, size_t segment, struct making *m, rec_error *err)
{
    rec_status rc = REC_OK;

    memset(m->next, 0, SLOTS * sizeof(*m->next));
    for (size_t row = segment * REC_WORDS_SEGMENT; row < end_of(w, segment) && rc == REC_OK; row++) {
        rec_group_walk walk;
        rec_packed packed;
        rec_group group;

        if ((rc = rec_grams_row(w->source->grams, row, &packed, err)) != REC_OK)
            break;
        walk = rec_packed_walk(packed);
        while (rec_packed_next(&walk, 0, &group)) {
            unsigned class = rec_word_class(group.tf);

            for (size_t i = 0; i < group.count; i++)
                m->next[group.buckets[i] * REC_WORD_CLASSES + class]++;
        }
    }
    return rc;
}

/* Turns counts of rows into places, and writes the counts where they go. */
static rec_status lay_out(struct making *m, rec_error *err)
{
    uint32_t at = 0;

    m->length = 0;
    for (size_t bucket = 0; bucket < REC_BLOCK_BUCKETS; bucket++) {
        size_t rows = 0;

        for (size_t class = 0; class < REC_WORD_CLASSES; class ++)
            rows += m->next[bucket * REC_WORD_CLASSES + class];
        m->length += rows > 0 ? rows + REC_WORD_CLASSES : 0;
    }
    if (m->length > m->room) {
        rec_free(m->lists);
        m->room = 0;
        if (!(m->lists = rec_alloc_array(m->length, sizeof(*m->lists))))
            return out_of_memory(err);
        m->room = m->length;
    }
    for (size_t bucket = 0; bucket < REC_BLOCK_BUCKETS; bucket++) {
        uint32_t *next = m->next + bucket * REC_WORD_CLASSES, rows = 0;

        m->starts[bucket] = at;
        for (size_t class = 0; class < REC_WORD_CLASSES; class ++)
            rows += next[class];
        if (rows == 0)
            continue;
        for (size_t class = 0; class < REC_WORD_CLASSES; class ++)
            m->lists[at + class] = (uint16_t)next[class];
        at += REC_WORD_CLASSES;
        for (size_t class = 0; class < REC_WORD_CLASSES; class ++) {
            uint32_t count = next[class];

            next[class] = at;
            at += count;
        }
    }
    m->starts[REC_BLOCK_BUCKETS] = at;
    return REC_OK;
}

static rec_status fill(const struct writing *w, size_t segment, struct making *m, rec_error *err)
{
    const rec_space *space = w->source->space;
    size_t first = segment * REC_WORDS_SEGMENT;
    rec_status rc = REC_OK;

    for (size_t row = first; row < end_of(w, segment) && rc == REC_OK; row++) {
        rec_group_walk walk;
        rec_packed packed;
        rec_group group;

        if ((rc = rec_grams_row(w->source->grams, row, &packed, err)) != REC_OK)
            break;
        m->scales[row - first] = space->scales[row * REC_BLOCKS];
        walk = rec_packed_walk(packed);
        while (rec_packed_next(&walk, 0, &group)) {
            unsigned class = rec_word_class(group.tf);

            for (size_t i = 0; i < group.count; i++)
                m->lists[m->next[group.buckets[i] * REC_WORD_CLASSES + class]++] = (uint16_t)(row - first);
        }
    }
    return rc;
}

static rec_status make_segment(size_t task, unsigned thread, void *context, rec_error *err)
{
    struct writing *w = context;
    struct making *m = &w->making[task];
    rec_status rc = REC_OK;

    (void)thread;
    if (!m->scales) {
        m->scales = rec_alloc_array(REC_WORDS_SEGMENT, sizeof(*m->scales));
        m->starts = rec_alloc_array(REC_BLOCK_BUCKETS + 1, sizeof(*m->starts));
        m->next = rec_alloc_array(SLOTS, sizeof(*m->next));
    }
    if (!m->scales || !m->starts || !m->next)
        return out_of_memory(err);
    if ((rc = count_rows(w, w->first + task, m, err)) == REC_OK && (rc = lay_out(m, err)) == REC_OK)
        rc = fill(w, w->first + task, m, err);
    return rc;
}

/* ---- writing ------------------------------------------------------------------------------------------------------- */

static rec_status write_section(struct writing *w, const void *bytes, size_t length, rec_error *err)
{
    static const uint8_t zero[64];
    size_t padded = rec_sealed_padded(length);
    rec_status rc = rec_sealed_write(w->out, bytes, length, err);

    w->bytes += padded;
    return rc == REC_OK ? rec_sealed_write(w->out, zero, padded - length, err) : rc;
}

static rec_status write_made(struct writing *w, size_t segment, const struct making *m, rec_error *err)
{
    size_t rows = end_of(w, segment) - segment * REC_WORDS_SEGMENT;
    rec_status rc;

    w->segments[segment] = w->bytes;
    if ((rc = write_section(w, m->scales, rows * sizeof(*m->scales), err)) == REC_OK &&
        (rc = write_section(w, m->starts, (REC_BLOCK_BUCKETS + 1) * sizeof(*m->starts), err)) == REC_OK)
        rc = write_section(w, m->lists, m->length * sizeof(*m->lists), err);
    return rc;
}

/* A segment of the old file, as it is. */
static rec_status write_old(struct writing *w, size_t segment, rec_error *err)
{
    const rec_words *old = w->source->old;
    size_t start = (size_t)old->segments[segment], bytes = (size_t)old->segments[segment + 1] - start;
    rec_status rc = rec_words_touch(old, old->sealed.payload + start, bytes, err);

    w->segments[segment] = w->bytes;
    return rc == REC_OK ? write_section(w, old->sealed.payload + start, bytes, err) : rc;
}

/* Those of the old file that hold as many rows as they will, none of which changed. */
static size_t count_unchanged(const rec_words_source *source)
{
    return source->old ? source->unchanged / REC_WORDS_SEGMENT : 0;
}

static rec_status write_segments(struct writing *w, rec_error *err)
{
    size_t unchanged = count_unchanged(w->source), at_once = w->source->threads < 1 ? 1 : w->source->threads;
    rec_status rc = REC_OK;

    at_once = at_once > REC_MAX_THREADS ? REC_MAX_THREADS : at_once;
    for (size_t i = 0; i < unchanged && rc == REC_OK; i++)
        rc = write_old(w, i, err);
    for (w->first = unchanged; w->first < w->segment_count && rc == REC_OK; w->first += at_once) {
        size_t left = w->segment_count - w->first, n = left < at_once ? left : at_once;

        rc = rec_parallel(n, w->source->threads, make_segment, w, err);
        for (size_t i = 0; i < n && rc == REC_OK; i++)
            rc = write_made(w, w->first + i, &w->making[i], err);
        rec_grams_release(w->source->grams);
    }
    w->segments[w->segment_count] = w->bytes;
    return rc;
}

rec_status rec_words_write(const char *path, const rec_words_source *source, rec_error *err)
{
    const rec_space *space = source->space;
    rec_sealed_info info = { KIND, REC_WORDS_VERSION, 0, space->count, "" };
    struct rec_words_head head = { .zero = { 0 } };
    struct writing *w = rec_alloc(sizeof(*w));
    rec_status rc;

    if (!w)
        return out_of_memory(err);
    *w = (struct writing){ .source = source };
    w->segment_count = (space->count + REC_WORDS_SEGMENT - 1) / REC_WORDS_SEGMENT;
    memcpy(info.fingerprint, source->fingerprint, sizeof(info.fingerprint));
    memcpy(head.ngrams, space->ngrams, sizeof(head.ngrams));
    if (!(w->segments = rec_alloc_array(w->segment_count + 1, sizeof(*w->segments)))) {
        rc = out_of_memory(err);
        goto done;
    }
    if ((rc = rec_sealed_create(path, &info, &w->out, err)) != REC_OK)
        goto done;
    if ((rc = write_section(w, &head, sizeof(head), err)) == REC_OK && (rc = write_segments(w, err)) == REC_OK)
        rc = write_section(w, w->segments, (w->segment_count + 1) * sizeof(*w->segments), err);
    if (rc == REC_OK)
        rc = rec_sealed_commit(w->out, err);
    else
        rec_sealed_abort(w->out);

done:
    for (size_t i = 0; i < REC_MAX_THREADS; i++)
        making_clear(&w->making[i]);
    rec_free(w->segments);
    rec_free(w);
    return rc;
}
