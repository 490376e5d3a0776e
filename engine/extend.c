/*
 * Adding papers to a large store without relisting it.
 *
 * The lists of new papers are made like any others. An old paper's list gains a new one where the new one is nearer than the last candidate
 * that was considered when the list was made (the list's reach) and scores higher than what stands in the list: what a fresh build would
 * have found, but for a candidate that the new ones would have pushed out. A changed paper is a new one; the lists that it, or a removed
 * one, stood in are made again.
 */
#include "building.h"

#include "alloc.h"
#include "corpus.h"
#include "lists.h"
#include "mending.h"
#include "parallel.h"
#include "precedence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FILTER 65536   /* bits, a power of two */
#define TOGETHER 16384 /* new papers at a time: each lies in the reach of a thousand lists or so, and these are kept */

struct extension {
    struct rec_building *b;
    rec_corpus pending;
    uint32_t *dropped; /* (dropped_count) rising: numbers of papers whose old rows, if they have any, do not stay */
    size_t dropped_count;
    uint64_t filter[FILTER / 64];         /* a bit for each of them, by its last digits */
    rec_gram_place *places;               /* (b->space.count) of the new file's rows */
    uint32_t part_of[REC_GRAM_PARTS + 1]; /* of each file of the old n-grams: the part that it is of the new ones, REC_GRAM_OWN if none */
    uint32_t *new_rows;                   /* (pending.count) rows of the new papers in the new space, rising */
    uint32_t *old_rows;                   /* (old_count) the others */
    size_t old_count;
    uint32_t *from_rows;    /* (old_count) where these were in the old space */
    float *reaches;         /* (b->space.count) and */
    float *leasts;          /* (b->space.count) of the old rows' lists: see mending.h */
    uint32_t *mention_rows; /* (mention_count) rows of old papers whose lists name a dropped one */
    size_t mention_count;
};

static rec_status out_of_memory(rec_error *err)
{
    return rec_fail(err, REC_ENOMEM, "out of memory adding papers");
}

/* ---- the new space ------------------------------------------------------------------------------------------------- */

/* The n-grams of an old row: they stay where they are, in a file that is kept as a part, or are written again. */
static rec_status place_row(struct extension *e, rec_grams_writer *writer, size_t row, size_t from_row, rec_error *err)
{
    const rec_grams *from = &e->b->old_grams;
    rec_packed packed;
    size_t file;
    rec_status rc = rec_grams_find(from, from_row, &file, &e->places[row], err);

    if (rc != REC_OK)
        return rc;
    if (e->part_of[file] != REC_GRAM_OWN) {
        e->places[row].part = e->part_of[file];
        return REC_OK;
    }
    if ((rc = rec_grams_row(from, from_row, &packed, err)) != REC_OK)
        return rc;
    return rec_grams_put(writer, packed, &e->places[row], err);
}

static rec_status copy_row(struct extension *e, rec_grams_writer *writer, size_t row, size_t from_row, rec_error *err)
{
    rec_space *to = &e->b->space;
    const rec_space *from = &e->b->old;
    size_t words = rec_signs_words(to->dim);
    rec_status rc;

    to->docs[row] = from->docs[from_row];
    to->title_keys[row] = from->title_keys[from_row];
    to->abstract_keys[row] = from->abstract_keys[from_row];
    memcpy(to->scales + row * REC_BLOCKS, from->scales + from_row * REC_BLOCKS, REC_BLOCKS * sizeof(*to->scales));
    memcpy(to->signs + row * words, from->signs + from_row * words, words * sizeof(*to->signs));
    memcpy(to->dense + row * to->dim, from->dense + from_row * from->dim, to->dim);
    to->factors[row] = from->factors[from_row];
    rc = rec_facets_copy(&to->facets, &from->facets, from_row, err);
    return rc == REC_OK ? place_row(e, writer, row, from_row, err) : rc;
}

static int by_number(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

    return (a > b) - (a < b);
}

/* Whether what is old of a paper does not stay: it changed, or was removed. */
static bool is_dropped(const struct extension *e, uint32_t doc)
{
    return bsearch(&doc, e->dropped, e->dropped_count, sizeof(doc), by_number) != NULL;
}

/* False where it surely is not: lists have fifty entries each, and hardly one of them is. */
static bool may_be_dropped(const struct extension *e, uint32_t doc)
{
    return e->filter[doc % FILTER / 64] >> doc % 64 & 1;
}

static rec_status gather_dropped(struct extension *e, rec_error *err)
{
    const struct rec_building *b = e->b;

    e->dropped = rec_alloc_array(e->pending.count + b->gone_count, sizeof(*e->dropped));
    if (!e->dropped)
        return out_of_memory(err);
    for (size_t i = 0; i < e->pending.count; i++)
        e->dropped[e->dropped_count++] = e->pending.docs[i];
    for (size_t i = 0; i < b->gone_count; i++)
        e->dropped[e->dropped_count++] = (uint32_t)b->gone[i];
    qsort(e->dropped, e->dropped_count, sizeof(*e->dropped), by_number);
    for (size_t i = 0; i < e->dropped_count; i++)
        e->filter[e->dropped[i] % FILTER / 64] |= (uint64_t)1 << e->dropped[i] % 64;
    return REC_OK;
}

static rec_status make_room(struct extension *e, rec_error *err)
{
    const rec_space *old = &e->b->old;
    size_t kept = 0, count;
    rec_status rc;

    for (size_t i = 0; i < old->count; i++)
        kept += !is_dropped(e, old->docs[i]);
    count = kept + e->pending.count;
    if ((rc = rec_space_new(count, old->dim, false, &e->b->space, err)) != REC_OK)
        return rc;
    e->new_rows = rec_alloc_array(e->pending.count, sizeof(*e->new_rows));
    e->old_rows = rec_alloc_array(kept, sizeof(*e->old_rows));
    e->places = rec_alloc_array(count, sizeof(*e->places));
    e->from_rows = rec_alloc_array(kept, sizeof(*e->from_rows));
    e->reaches = rec_alloc_array(count, sizeof(*e->reaches));
    e->leasts = rec_alloc_array(count, sizeof(*e->leasts));
    if (!e->new_rows || !e->old_rows || !e->places || !e->from_rows || !e->reaches || !e->leasts)
        return out_of_memory(err);
    return rec_facets_adopt_names(&e->b->space.facets, &old->facets, err);
}

/* Decides which files of the old n-grams the new one refers to. */
static rec_status keep_parts(struct extension *e, rec_grams_writer *writer, rec_error *err)
{
    const rec_grams *from = &e->b->old_grams;
    const rec_space *old = &e->b->old;
    uint64_t words[REC_GRAM_PARTS + 1], used[REC_GRAM_PARTS + 1] = { 0 };
    bool kept[REC_GRAM_PARTS + 1];
    rec_status rc = REC_OK;

    for (size_t row = 0; row < old->count && rc == REC_OK; row++) {
        rec_gram_place place;
        size_t file;

        if ((rc = rec_grams_find(from, row, &file, &place, err)) == REC_OK && !is_dropped(e, old->docs[row]))
            used[file] += place.length;
    }
    for (size_t i = 0; i < from->file_count; i++)
        words[i] = from->files[i].count;
    rec_grams_choose(words, used, from->file_count, rec_grams_put_so_far(writer), kept);
    for (size_t i = 0; i < from->file_count; i++)
        e->part_of[i] = kept[i] ? rec_grams_keep(writer, from, i) : REC_GRAM_OWN;
    return rc;
}

/* Old rows that stay and pending papers, both by rising number, into one; the pending ones' n-grams are written already. */
static rec_status merge_rows(struct extension *e, rec_grams_writer *writer, rec_error *err)
{
    rec_space *space = &e->b->space;
    const rec_space *old = &e->b->old;
    size_t o = 0, p = 0;
    rec_status rc = make_room(e, err);

    if (rc == REC_OK)
        rc = keep_parts(e, writer, err);
    for (size_t row = 0; rc == REC_OK && row < space->count; row++) {
        while (o < old->count && is_dropped(e, old->docs[o]))
            o++;
        if (p < e->pending.count && (o == old->count || e->pending.docs[p] < old->docs[o])) {
            rc = rec_facets_copy(&space->facets, &e->pending.facets, p, err);
            e->places[row] = e->pending.places[p];
            e->new_rows[p++] = (uint32_t)row;
        } else {
            e->b->unchanged += o == row && e->b->unchanged == row;
            e->from_rows[e->old_count] = (uint32_t)o;
            e->old_rows[e->old_count++] = (uint32_t)row;
            rc = copy_row(e, writer, row, o++, err);
        }
    }
    return rc;
}

static rec_status embed_new(size_t task, unsigned thread, void *context, rec_error *err)
{
    struct extension *e = context;

    (void)thread;
    return rec_building_embed(e->b, &e->pending, task, e->new_rows[task], err);
}

/* Reads the pending papers; the new space and the new file of n-grams. */
static rec_status extend_space(struct extension *e, rec_error *err)
{
    struct rec_building *b = e->b;
    rec_corpus_wishes wishes = { .pending = true };
    rec_status rc = rec_side_prepare(b->store, b->paths.ngrams, err);

    if (rc != REC_OK || (rc = rec_grams_create(b->paths.ngrams, &wishes.rows, err)) != REC_OK)
        return rc;
    if ((rc = rec_corpus_load(b->store, &wishes, b->threads, b->progress, &e->pending, err)) == REC_OK &&
        (rc = gather_dropped(e, err)) == REC_OK)
        rc = merge_rows(e, wishes.rows, err);
    if (rc != REC_OK) {
        rec_grams_abort(wishes.rows);
        return rc;
    }
    if ((rc = rec_building_take_grams(b, wishes.rows, e->places, b->space.count, err)) != REC_OK)
        return rc;
    if ((rc = rec_parallel(e->pending.count, b->threads, embed_new, e, err)) != REC_OK)
        return rc;
    rc = rec_precedence_extend(b->store, &b->space, &b->old, e->old_rows, e->from_rows, e->old_count, err);
    rec_space_close(&b->old);
    return rc;
}

/* ---- what stands in old lists -------------------------------------------------------------------------------------- */

static bool names_dropped(const struct extension *e, const rec_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (may_be_dropped(e, list->items[i].doc) && is_dropped(e, list->items[i].doc))
            return true;
    return false;
}

static rec_status note_list(rec_doc doc, const rec_list *list, void *context, rec_error *err)
{
    struct extension *e = context;
    size_t row;
    rec_status rc = rec_space_row(&e->b->space, doc, &row, err);

    if (rc != REC_OK || row == REC_NO_PAPER_ROW)
        return rc;
    if (names_dropped(e, list))
        e->mention_rows[e->mention_count++] = (uint32_t)row;
    else {
        e->reaches[row] = list->reach;
        e->leasts[row] = list->count < REC_LIST_LENGTH ? -INFINITY : list->items[list->count - 1].score;
    }
    return REC_OK;
}

/* Notes how old lists stand, and which of them name a dropped paper: what it kept out of them was never stored. */
static rec_status read_old_lists(struct extension *e, rec_error *err)
{
    e->mention_rows = rec_alloc_array(e->old_count, sizeof(*e->mention_rows));
    if (!e->mention_rows)
        return out_of_memory(err);
    for (size_t row = 0; row < e->b->space.count; row++)
        e->reaches[row] = INFINITY;
    return rec_store_scan_lists(e->b->store, note_list, e, err);
}

/* ---- all of it ----------------------------------------------------------------------------------------------------- */

/* The lists of `count` new papers from the `first` on, and the old lists that these enter: what is multiplied for the ones tells the
 * others. */
static rec_status list_some(struct extension *e, rec_list_maker maker, size_t first, size_t count, rec_error *err)
{
    struct rec_building *b = e->b;
    rec_reached *reached = rec_alloc_array(count, sizeof(*reached));
    rec_mend mend = { e->new_rows + first, count, reached, e->leasts };
    rec_status rc;

    if (!reached)
        return out_of_memory(err);
    maker.reaches = e->reaches;
    maker.reached = reached;
    if ((rc = rec_lists_make(&maker, e->new_rows + first, count, rec_building_put_list, b, err)) == REC_OK)
        rc = rec_mend_lists(b, &mend, err);
    for (size_t i = 0; i < count; i++)
        rec_reached_clear(&reached[i]);
    rec_free(reached);
    return rc;
}

static rec_status extend_lists(struct extension *e, rec_error *err)
{
    struct rec_building *b = e->b;
    rec_list_maker maker = rec_building_maker(b);
    size_t left = e->pending.count;
    rec_status rc = read_old_lists(e, err);

    for (size_t n; left > 0 && rc == REC_OK; left -= n) {
        n = left < TOGETHER ? left : TOGETHER;
        rc = list_some(e, maker, e->pending.count - left, n, err);
    }
    return rc == REC_OK ? rec_lists_make(&maker, e->mention_rows, e->mention_count, rec_building_put_list, b, err) : rc;
}

rec_status rec_extend(struct rec_building *b, rec_error *err)
{
    struct extension e = { .b = b, .pending = REC_CORPUS_INIT };
    rec_status rc;

    if ((rc = extend_space(&e, err)) == REC_OK && (rc = rec_building_index(b, err)) == REC_OK &&
        (rc = rec_building_begin(b, err)) == REC_OK)
        rc = extend_lists(&e, err);
    rec_corpus_clear(&e.pending);
    rec_free(e.dropped);
    rec_free(e.places);
    rec_free(e.new_rows);
    rec_free(e.old_rows);
    rec_free(e.from_rows);
    rec_free(e.reaches);
    rec_free(e.leasts);
    rec_free(e.mention_rows);
    return rc;
}
