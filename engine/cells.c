/* Clustering dense vectors: see cells.h. */
#include "cells.h"

#include "alloc.h"
#include "matching.h"
#include "nearest.h"
#include "rec/vector.h"

#include <stdlib.h>
#include <string.h>

#define SEED 17u
#define ROUNDS 8
#define SAMPLE_OF_CELL 64 /* rows a cell that its centre is found from */
#define BLOCK 65536       /* rows that are assigned together */

struct clustering {
    const rec_space *space;
    unsigned threads;
    size_t count; /* cells */
    uint32_t *sample;
    size_t sample_count;
    int8_t *centres;  /* (count, dim) */
    float *factors;   /* (count) */
    double *sums;     /* (count, dim) */
    uint32_t *chosen; /* (BLOCK) the centre nearest to each of a block's rows */
};

void rec_cells_clear(rec_cells *cells)
{
    rec_free(cells->order);
    rec_free(cells->starts);
    rec_free(cells->cell);
    rec_free(cells->near);
    *cells = (rec_cells)REC_CELLS_INIT;
}

static rec_status out_of_memory(rec_error *err)
{
    return rec_fail(err, REC_ENOMEM, "out of memory putting papers into cells");
}

/* The cell count whose square is nearest below the rows. */
static size_t choose_count(size_t rows)
{
    size_t count = 1;

    while ((count + 1) * (count + 1) <= rows)
        count++;
    return count;
}

static int by_row(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

    return (a > b) - (a < b);
}

/* Rows with a vector, drawn evenly; the first ones drawn are the first centres. Fewer cells where there are not as many. */
static void draw(struct clustering *c)
{
    const rec_space *space = c->space;
    rec_random random = { SEED };
    size_t wanted = c->count * SAMPLE_OF_CELL;

    for (size_t row = 0; row < space->count; row++) {
        size_t at = c->sample_count;

        if (!rec_space_has_vector(space, row))
            continue;
        /* Reservoir sampling (Vitter's algorithm R, ACM TOMS 11, 1985). */
        if (c->sample_count < wanted)
            c->sample_count++;
        else if ((at = (size_t)rec_random_below(&random, row + 1)) >= wanted)
            continue;
        c->sample[at] = (uint32_t)row;
    }
    for (size_t i = c->sample_count; i > 1; i--) { /* shuffled (Durstenfeld, CACM 7, 1964) */
        size_t j = (size_t)rec_random_below(&random, i);
        uint32_t swapped = c->sample[i - 1];

        c->sample[i - 1] = c->sample[j];
        c->sample[j] = swapped;
    }
    if (c->count > c->sample_count)
        c->count = c->sample_count;
    for (size_t i = 0; i < c->count; i++) {
        memcpy(c->centres + i * space->dim, space->dense + (size_t)c->sample[i] * space->dim, space->dim);
        c->factors[i] = space->factors[c->sample[i]];
    }
    qsort(c->sample, c->sample_count, sizeof(*c->sample), by_row);
}

/* The centre nearest to each of `rows` (count, at most BLOCK), into c->chosen; 0 for a row without a vector. */
static rec_status choose_centres(struct clustering *c, const uint32_t *rows, size_t count, rec_error *err)
{
    const rec_space *space = c->space;
    rec_layout layout = { .codes = c->centres, .factors = c->factors, .count = c->count, .dim = space->dim };
    rec_match match = { space->dense, space->factors, rows, count, NULL, 0, 1, NULL, NULL };
    rec_near *near = rec_alloc_array(count, sizeof(*near));
    size_t *found = rec_alloc_array(count, sizeof(*found));
    rec_panels *panels = NULL;
    rec_status rc = near && found ? rec_panels_new(&layout, c->threads, &panels, err) : out_of_memory(err);

    if (rc == REC_OK)
        rc = rec_panels_match(panels, &match, c->threads, near, found, err);
    for (size_t i = 0; rc == REC_OK && i < count; i++)
        c->chosen[i] = found[i] ? near[i].row : 0;
    rec_panels_free(panels);
    rec_free(near);
    rec_free(found);
    return rc;
}

/* Each centre becomes the mean direction of the sampled rows that chose it; one that none chose stays. */
static rec_status move_centres(struct clustering *c, rec_error *err)
{
    const rec_space *space = c->space;
    size_t dim = space->dim;
    float mean[REC_DIM_MAX];
    rec_status rc = REC_OK;

    memset(c->sums, 0, c->count * dim * sizeof(*c->sums));
    for (size_t at = 0; at < c->sample_count && rc == REC_OK; at += BLOCK) {
        size_t n = c->sample_count - at < BLOCK ? c->sample_count - at : BLOCK;

        rc = choose_centres(c, c->sample + at, n, err);
        for (size_t i = 0; i < n && rc == REC_OK; i++) {
            const int8_t *code = space->dense + (size_t)c->sample[at + i] * dim;
            double factor = (double)space->factors[c->sample[at + i]], *sum = c->sums + (size_t)c->chosen[i] * dim;

            for (size_t j = 0; j < dim; j++)
                sum[j] += factor * code[j];
        }
    }
    for (size_t cell = 0; cell < c->count && rc == REC_OK; cell++) {
        int8_t *centre = c->centres + cell * dim;
        float factor;

        for (size_t j = 0; j < dim; j++)
            mean[j] = (float)c->sums[cell * dim + j];
        if (rec_normalise(mean, dim) > 0 && (factor = rec_codes_round(mean, dim, centre)) > 0)
            c->factors[cell] = factor;
    }
    return rc;
}

/* Sorts the rows by the cell that they chose. */
static rec_status assign(struct clustering *c, rec_cells *out, rec_error *err)
{
    size_t count = c->space->count;
    size_t *next = rec_alloc_array(c->count + 1, sizeof(*next));
    rec_status rc = next ? REC_OK : out_of_memory(err);

    for (size_t at = 0; at < count && rc == REC_OK; at += BLOCK) {
        size_t n = count - at < BLOCK ? count - at : BLOCK;

        for (size_t i = 0; i < n; i++)
            out->order[i] = (uint32_t)(at + i); /* not in order yet: the block's rows */
        if ((rc = choose_centres(c, out->order, n, err)) == REC_OK)
            memcpy(out->cell + at, c->chosen, n * sizeof(*out->cell));
    }
    for (size_t row = 0; row < count && rc == REC_OK; row++)
        out->starts[out->cell[row] + 1]++;
    for (size_t cell = 0; cell < c->count && rc == REC_OK; cell++) {
        out->starts[cell + 1] += out->starts[cell];
        next[cell] = out->starts[cell];
    }
    for (size_t row = 0; row < count && rc == REC_OK; row++)
        out->order[next[out->cell[row]]++] = (uint32_t)row;
    rec_free(next);
    return rc;
}

static int nearer_first(const void *left, const void *right)
{
    const rec_near *a = left, *b = right;

    return rec_near_before(*a, *b) ? -1 : rec_near_before(*b, *a);
}

/* For each centre all centres, the nearest first. A centre without a vector is nobody's neighbour, and stands last. */
static rec_status order_cells(struct clustering *c, uint32_t *out, rec_error *err)
{
    size_t count = c->count, dim = c->space->dim;
    rec_near *near = rec_alloc_array(count, sizeof(*near));

    if (!near)
        return out_of_memory(err);
    for (size_t cell = 0; cell < count; cell++) {
        rec_code code = { c->centres + cell * dim, c->factors[cell] };

        for (size_t i = 0; i < count; i++) {
            rec_code other = { c->centres + i * dim, c->factors[i] };
            near[i] = (rec_near){ (uint32_t)i, i == cell ? 2 : rec_codes_cosine(code, other, dim) };
        }
        qsort(near, count, sizeof(*near), nearer_first);
        for (size_t i = 0; i < count; i++)
            out[cell * count + i] = near[i].row;
    }
    rec_free(near);
    return REC_OK;
}

static rec_status clustering_new(struct clustering *c, rec_error *err)
{
    size_t dim = c->space->dim;

    c->count = choose_count(c->space->count);
    c->sample = rec_alloc_array(c->count * SAMPLE_OF_CELL, sizeof(*c->sample));
    c->centres = rec_alloc_aligned(c->count, dim);
    c->factors = rec_alloc_array(c->count, sizeof(*c->factors));
    c->sums = rec_alloc_array(c->count * dim, sizeof(*c->sums));
    c->chosen = rec_alloc_array(BLOCK, sizeof(*c->chosen));
    return c->sample && c->centres && c->factors && c->sums && c->chosen ? REC_OK : out_of_memory(err);
}

static void clustering_clear(struct clustering *c)
{
    rec_free(c->sample);
    rec_free(c->centres);
    rec_free(c->factors);
    rec_free(c->sums);
    rec_free(c->chosen);
}

rec_status rec_cells_make(const rec_space *space, unsigned threads, rec_cells *out, rec_error *err)
{
    struct clustering c = { .space = space, .threads = threads };
    rec_cells cells = REC_CELLS_INIT;
    rec_status rc = clustering_new(&c, err);

    if (rc != REC_OK)
        goto done;
    draw(&c);
    if (c.count == 0)
        c.count = 1; /* a space without vectors is one cell, around no centre */
    cells = (rec_cells){ .count = c.count,
                         .order = rec_alloc_array(space->count, sizeof(*cells.order)),
                         .starts = rec_alloc_array(c.count + 1, sizeof(*cells.starts)),
                         .cell = rec_alloc_array(space->count, sizeof(*cells.cell)),
                         .near = rec_alloc_array(c.count * c.count, sizeof(*cells.near)) };
    if (!cells.order || !cells.starts || !cells.cell || !cells.near) {
        rc = out_of_memory(err);
        goto done;
    }
    for (int round = 0; round < ROUNDS && rc == REC_OK; round++)
        rc = move_centres(&c, err);
    if (rc == REC_OK)
        rc = assign(&c, &cells, err);
    if (rc == REC_OK)
        rc = order_cells(&c, cells.near, err);
    if (rc == REC_OK) {
        *out = cells;
        cells = (rec_cells)REC_CELLS_INIT;
    }

done:
    clustering_clear(&c);
    rec_cells_clear(&cells);
    return rc;
}
