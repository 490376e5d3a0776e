/* Lists of all papers: see relisting.h. */
#include "relisting.h"

#include "alloc.h"
#include "rec/vector.h"

#include <stdlib.h>

#define SAMPLE 400 /* papers that recall is measured on */
#define SEED 23u
#define FIRST 10 /* places of a list that are compared */

/* Of the cells, what is looked into at first: one in FIRST_SHARE. */
#define FIRST_SHARE 12
#define LEAST_PROBES 8

struct relisting {
    rec_list_maker maker; /* in cells */
    const rec_list_maker *all;
    rec_cells cells;
    rec_panels *panels;
    uint32_t *sample; /* (sample_count) rows, cell by cell */
    size_t sample_count;
    rec_list *exact, *found; /* (sample_count) */
    rec_list *lists;         /* (rows) */
};

static rec_status out_of_memory(rec_error *err)
{
    return rec_fail(err, REC_ENOMEM, "out of memory making neighbour lists");
}

/* ---- by comparing all ---------------------------------------------------------------------------------------------- */

static rec_status compare_all(const rec_list_maker *maker, rec_list_sink sink, void *context, rec_error *err)
{
    size_t count = maker->space->count;
    uint32_t *rows = rec_alloc_array(count, sizeof(*rows));
    rec_status rc;

    if (!rows)
        return out_of_memory(err);
    for (size_t i = 0; i < count; i++)
        rows[i] = (uint32_t)i;
    rc = rec_lists_make(maker, rows, count, sink, context, err);
    rec_free(rows);
    return rc;
}

/* ---- in cells ------------------------------------------------------------------------------------------------------ */

static rec_status lay_out(struct relisting *r, rec_error *err)
{
    const rec_space *space = r->all->space;
    rec_layout layout = { .codes = space->dense, .factors = space->factors, .count = space->count, .dim = space->dim };
    rec_status rc = rec_cells_make(space, r->all->threads, &r->cells, err);

    if (rc != REC_OK)
        return rc;
    layout.order = r->cells.order;
    layout.starts = r->cells.starts;
    layout.parts = r->cells.count;
    if ((rc = rec_panels_new(&layout, r->all->threads, &r->panels, err)) != REC_OK)
        return rc;
    r->maker = *r->all;
    r->maker.panels = r->panels;
    r->maker.cells = &r->cells;
    return REC_OK;
}

/* Places in the order of the cells, evenly and so from cells of all kinds. */
static rec_status draw_sample(struct relisting *r, rec_error *err)
{
    size_t count = r->all->space->count;
    rec_random random = { SEED };

    r->sample_count = count < SAMPLE ? count : SAMPLE;
    r->sample = rec_alloc_array(r->sample_count, sizeof(*r->sample));
    r->exact = rec_alloc_array(r->sample_count, sizeof(*r->exact));
    r->found = rec_alloc_array(r->sample_count, sizeof(*r->found));
    if (!r->sample || !r->exact || !r->found)
        return out_of_memory(err);
    for (size_t i = 0; i < r->sample_count; i++) {
        size_t from = i * count / r->sample_count, to = (i + 1) * count / r->sample_count;

        r->sample[i] = r->cells.order[from + (size_t)rec_random_below(&random, to - from)];
    }
    return REC_OK;
}

static rec_status keep_next(size_t row, const rec_list *list, void *context, rec_error *err)
{
    rec_list **next = context;

    (void)row;
    (void)err;
    *(*next)++ = *list;
    return REC_OK;
}

static size_t in_common(const rec_list *a, const rec_list *b)
{
    size_t common = 0;

    for (size_t i = 0; i < a->count && i < FIRST; i++)
        for (size_t j = 0; j < b->count && j < FIRST; j++)
            common += a->items[i].doc == b->items[j].doc;
    return common;
}

/* What the cells that are looked into now find of what all of them hold. */
static rec_status measure(struct relisting *r, double *recall, rec_error *err)
{
    rec_list *next = r->found;
    size_t common = 0, all = 0;
    rec_status rc = rec_lists_make(&r->maker, r->sample, r->sample_count, keep_next, &next, err);

    for (size_t i = 0; i < r->sample_count && rc == REC_OK; i++) {
        common += in_common(&r->exact[i], &r->found[i]);
        all += r->exact[i].count < FIRST ? r->exact[i].count : FIRST;
    }
    *recall = all > 0 ? (double)common / (double)all : 1;
    return rc;
}

/* Looks into more and more cells until enough is found. */
static rec_status choose_probes(struct relisting *r, double *recall, rec_error *err)
{
    size_t cells = r->cells.count, probes = cells / FIRST_SHARE;
    rec_list *next = r->exact;
    rec_status rc;

    r->maker.probes = cells;
    if ((rc = rec_lists_make(&r->maker, r->sample, r->sample_count, keep_next, &next, err)) != REC_OK)
        return rc;
    for (;; probes += probes / 2) {
        probes = probes < LEAST_PROBES ? LEAST_PROBES : probes;
        r->maker.probes = probes < cells ? probes : cells;
        if ((rc = measure(r, recall, err)) != REC_OK || *recall >= REC_LEAST_RECALL || probes >= cells)
            return rc;
    }
}

static rec_status keep_list(size_t row, const rec_list *list, void *context, rec_error *err)
{
    rec_list *lists = context;

    (void)err;
    lists[row] = *list;
    return REC_OK;
}

/* Made cell by cell, lists come in the order of cells; they are kept, so that they go out by row. */
static rec_status make_lists(struct relisting *r, rec_list_sink sink, void *context, rec_error *err)
{
    size_t count = r->all->space->count;
    rec_status rc;

    if (!(r->lists = rec_alloc_array(count, sizeof(*r->lists))))
        return out_of_memory(err);
    rc = rec_lists_make(&r->maker, r->cells.order, count, keep_list, r->lists, err);
    for (size_t row = 0; row < count && rc == REC_OK; row++)
        rc = sink(row, &r->lists[row], context, err);
    return rc;
}

rec_status rec_relist(const rec_list_maker *maker, size_t compare_all_up_to, rec_list_sink sink, void *context, double *recall,
                      rec_error *err)
{
    struct relisting r = { .all = maker, .cells = REC_CELLS_INIT };
    rec_status rc;

    *recall = 1;
    if (maker->index || maker->space->count <= compare_all_up_to)
        return compare_all(maker, sink, context, err);
    if ((rc = lay_out(&r, err)) == REC_OK && (rc = draw_sample(&r, err)) == REC_OK && (rc = choose_probes(&r, recall, err)) == REC_OK)
        rc = make_lists(&r, sink, context, err);
    rec_panels_free(r.panels);
    rec_cells_clear(&r.cells);
    rec_free(r.sample);
    rec_free(r.exact);
    rec_free(r.found);
    rec_free(r.lists);
    return rc;
}
