/* Adding up words row by row: see overlap.h. */
#include "overlap.h"

#include "alloc.h"
#include "rec/panel.h"
#include "rising.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * Words are taken by falling weight until the rows in their lists are this many for each row of the space. What is left out is in many
 * papers and weighs little: all words of a text are in ten lists for each row. At 222,026 papers the recall of mixed texts was .992, .996
 * and .998 with .5, .8 and 1.2; of texts of a foreign field .984, .990 and .988.
 */
#define ROWS_FOR_ONE 0.8f

#define SUM_MOST 16777216.0 /* 2^24: a sum is a float without rounding */
#define SLOTS 65536         /* what two bytes can name: a list that names rows behind the segment's does no harm */
#define AHEAD 4             /* lists between the one that is read and the one that is fetched */
#define REACHED 4096        /* rows that are held against the bar at a time */
#define BINS 4096           /* of overlaps from 0 to 1 */

struct counted_word {
    uint16_t bucket;
    int32_t sums[REC_WORD_CLASSES]; /* what it adds in each class */
};

struct search {
    const rec_words *words;
    struct counted_word *items; /* (count) */
    size_t count;
    double unit;   /* of the sums */
    int32_t *sums; /* (SLOTS) */
    void *room;    /* (REC_WORDS_ROOM) of the list that is added */
};

static rec_status out_of_memory(rec_error *err)
{
    return rec_fail(err, REC_ENOMEM, "out of memory for a question");
}

/* ---- words of the seeds -------------------------------------------------------------------------------------------- */

static int by_bucket(const void *left, const void *right)
{
    const rec_gain *a = left, *b = right;

    if (a->bucket != b->bucket)
        return a->bucket > b->bucket ? 1 : -1;
    return (a->gain > b->gain) - (a->gain < b->gain); /* what several seeds gain is added in one order */
}

static int weightier_first(const void *left, const void *right)
{
    const rec_gain *a = left, *b = right;
    float x = fabsf(a->gain), y = fabsf(b->gain);

    return x != y ? (x > y ? -1 : 1) : by_bucket(left, right);
}

/* The words of all seeds, each once and weighted. */
static rec_status gather(const rec_seed *seeds, size_t seed_count, rec_query *query, rec_gain **out, size_t *count, rec_error *err)
{
    size_t room = 0, distinct = 0;
    rec_gain *words;

    *count = 0;
    for (size_t i = 0; i < seed_count; i++)
        room += rec_packed_features(seeds[i].view.packed);
    if (!(words = rec_alloc_array(room, sizeof(*words))))
        return out_of_memory(err);
    for (size_t i = 0; i < seed_count; i++) {
        size_t first = *count;

        rec_query_set(query, &seeds[i].view);
        *count += rec_query_words(query, words + first);
        for (size_t j = first; j < *count; j++)
            words[j].gain *= seeds[i].weight;
    }
    qsort(words, *count, sizeof(*words), by_bucket);
    for (size_t i = 0; i < *count; i++)
        if (distinct > 0 && words[distinct - 1].bucket == words[i].bucket)
            words[distinct - 1].gain += words[i].gain;
        else
            words[distinct++] = words[i];
    *count = distinct;
    *out = words;
    return REC_OK;
}

/* Takes the weightiest words, in units in which no sum of theirs is above SUM_MOST. */
static rec_status choose_words(struct search *s, rec_gain *words, size_t count, rec_error *err)
{
    double rows = 0, most = 0;
    size_t taken = 0;

    qsort(words, count, sizeof(*words), weightier_first);
    while (taken < count && (taken == 0 || rows + (double)words[taken].share <= (double)ROWS_FOR_ONE)) {
        rows += (double)words[taken].share;
        most += fabs((double)words[taken++].gain);
    }
    s->items = rec_alloc_array(taken, sizeof(*s->items));
    if (!s->items)
        return out_of_memory(err);
    s->unit = most > 0 ? most * (double)rec_word_class_weight(REC_WORD_CLASSES - 1) / SUM_MOST : 1;
    for (size_t i = 0; i < taken; i++) {
        struct counted_word *item = &s->items[s->count++];

        item->bucket = words[i].bucket;
        for (unsigned class = 0; class < REC_WORD_CLASSES; class ++)
            item->sums[class] = (int32_t)lround((double)words[i].gain * (double)rec_word_class_weight(class) / s->unit);
    }
    return REC_OK;
}

/* ---- a segment ----------------------------------------------------------------------------------------------------- */

/* A list that names a row more than once makes a wrong sum, and no overflow. */
static void add(int32_t *sums, const uint16_t *rows, size_t count, int32_t value)
{
    for (size_t i = 0; i < count; i++)
        sums[rows[i]] = (int32_t)((uint32_t)sums[rows[i]] + (uint32_t)value);
}

static void fetch(const rec_words_segment *segment, uint16_t bucket)
{
    uint32_t start = segment->starts[bucket];

    if (start < segment->length)
        __builtin_prefetch(segment->lists + start);
}

static rec_status add_words(const struct search *s, const rec_words_segment *segment, rec_error *err)
{
    memset(s->sums, 0, segment->rows * sizeof(*s->sums));
    for (size_t i = 0; i < s->count; i++) {
        rec_word_list list;
        rec_status rc = rec_words_list(s->words, segment, s->items[i].bucket, s->room, &list, err);

        if (rc != REC_OK)
            return rc;
        if (i + 2 * AHEAD < s->count)
            __builtin_prefetch(&segment->starts[s->items[i + 2 * AHEAD].bucket]);
        if (i + AHEAD < s->count)
            fetch(segment, s->items[i + AHEAD].bucket);
        for (unsigned class = 0; class < REC_WORD_CLASSES; class ++)
            add(s->sums, list.rows[class], list.counts[class], s->items[i].sums[class]);
    }
    return REC_OK;
}

/* ---- the rows that are wanted -------------------------------------------------------------------------------------- */

/* What was found for a wish. */
struct finding {
    const bool *may_find; /* the wish's */
    float bar;            /* what a row's sum has to reach */
    rec_rising rising;    /* of sums */
    uint32_t bins[BINS];
};

static void take_row(struct finding *f, size_t row, float sum)
{
    if (rec_rising_offer(&f->rising, (rec_near){ (uint32_t)row, sum }))
        f->bar = rec_rising_bar(&f->rising) * (1 - FLT_EPSILON * 4); /* rounding lets through too many, never too few */
}

static void take_rows(const struct search *s, const rec_words_segment *segment, struct finding *f)
{
    const bool *may_find = f->may_find;
    uint16_t reached[REACHED];

    for (size_t at = 0; at < segment->rows; at += REACHED) {
        size_t left = segment->rows - at, n = left < REACHED ? left : REACHED;

        n = rec_panel_reach(s->sums + at, segment->scales + at, n, f->bar, reached);
        for (size_t i = 0; i < n; i++) {
            size_t place = at + reached[i], row = segment->first + place;

            if (!may_find || may_find[row])
                take_row(f, row, (float)s->sums[place] * segment->scales[place]);
        }
    }
}

static void begin(const struct search *s, const rec_overlap_wish *wish, struct finding *f)
{
    f->may_find = wish->may_find;
    f->bar = FLT_MIN;
    f->rising =
        (rec_rising){ .near = wish->near, .bins = f->bins, .bin_count = BINS, .scale = (float)(s->unit * BINS), .keep = wish->keep };
}

/* The best of what was found, in the unit of part S. */
static void finish(const struct search *s, struct finding *f, rec_overlap_wish *wish)
{
    rec_rising_finish(&f->rising);
    wish->found = f->rising.count;
    for (size_t i = 0; i < wish->found; i++)
        wish->near[i].likeness *= (float)s->unit;
}

static rec_status search_segments(const struct search *s, struct finding *findings, size_t count, rec_error *err)
{
    for (size_t at = 0; at < s->words->segment_count; at++) {
        rec_words_segment segment = rec_words_segment_at(s->words, at);
        rec_status rc = add_words(s, &segment, err);

        if (rc == REC_OK)
            rc = rec_words_touch(s->words, segment.scales, segment.rows * sizeof(*segment.scales), err);
        if (rc != REC_OK)
            return rc;
        for (size_t i = 0; i < count; i++)
            take_rows(s, &segment, &findings[i]);
    }
    return REC_OK;
}

static rec_status search_all(const struct search *s, rec_overlap_wish *wishes, size_t count, rec_error *err)
{
    struct finding *findings = rec_alloc_array(count, sizeof(*findings));
    rec_status rc;

    if (!findings)
        return out_of_memory(err);
    for (size_t i = 0; i < count; i++)
        begin(s, &wishes[i], &findings[i]);
    rc = search_segments(s, findings, count, err);
    for (size_t i = 0; i < count && rc == REC_OK; i++)
        finish(s, &findings[i], &wishes[i]);
    rec_free(findings);
    return rc;
}

rec_status rec_overlap_find(const rec_words *words, const rec_seed *seeds, size_t seed_count, rec_query *query, rec_overlap_wish *wishes,
                            size_t wish_count, rec_error *err)
{
    struct search s = { .words = words };
    rec_gain *of_seeds = NULL;
    size_t count;
    rec_status rc = gather(seeds, seed_count, query, &of_seeds, &count, err);

    if (rc != REC_OK)
        return rc;
    if ((rc = choose_words(&s, of_seeds, count, err)) != REC_OK)
        goto done;
    s.sums = rec_alloc_array(SLOTS, sizeof(*s.sums));
    s.room = rec_alloc_aligned(REC_WORDS_ROOM, 1);
    if (!s.sums || !s.room) {
        rc = out_of_memory(err);
        goto done;
    }
    rc = search_all(&s, wishes, wish_count, err);

done:
    rec_free(of_seeds);
    rec_free(s.items);
    rec_free(s.sums);
    rec_free(s.room);
    return rc;
}
