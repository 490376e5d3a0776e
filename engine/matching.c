/*
 * Exact neighbours by products of codes: see matching.h.
 *
 * A task is a slice of the queries against every panel. Products are compared with each query's bar (rising.h), and what reaches it is
 * collected.
 */
#include "matching.h"

#include "alloc.h"
#include "parallel.h"
#include "rec/panel.h"
#include "rising.h"

#include <math.h>
#include <string.h>

#define SLICE 128 /* queries of a task: with a panel they stay in the second cache */
#define TILE 16   /* queries that are multiplied before their products are looked at */
#define LANES 16  /* places are padded to a multiple of this */

#define BINS 512 /* of likeness from -1 to 1 */

/* Slack of the bar: what rounding to single precision can take off a likeness, and more. */
#define SLACK 1e-5f

struct panel {
    size_t place; /* of its first row */
    size_t rows;
    uint8_t *bytes;
};

struct rec_panels {
    size_t dim, parts, count;
    struct panel *panels; /* (count) */
    size_t *part_panels;  /* (parts + 1) number of a part's first panel */
    uint32_t *rows;       /* (places) */
    float *factors;       /* (places) NaN where there is no vector, and in the padding */
    uint8_t *bytes;
};

/* ---- laying out ---------------------------------------------------------------------------------------------------- */

static size_t padded(size_t rows)
{
    return (rows + LANES - 1) / LANES * LANES;
}

/* What there is to lay out, as one part where none are given. */
static size_t parts_of(const rec_layout *layout)
{
    return layout->parts ? layout->parts : 1;
}

static size_t start_of(const rec_layout *layout, size_t part)
{
    return layout->parts ? layout->starts[part] : part * layout->count;
}

/* Cuts parts into panels; returns the places. With `panels` NULL it only counts them. */
static size_t cut(const rec_layout *layout, rec_panels *out, size_t *count)
{
    size_t places = 0;

    *count = 0;
    for (size_t part = 0; part < parts_of(layout); part++) {
        size_t left = start_of(layout, part + 1) - start_of(layout, part);

        if (out)
            out->part_panels[part] = *count;
        for (size_t rows; left > 0; left -= rows) {
            rows = left < REC_PANEL_ROWS ? left : REC_PANEL_ROWS;
            if (out)
                out->panels[*count] = (struct panel){ places, rows, out->bytes + places * layout->dim };
            places += padded(rows);
            ++*count;
        }
    }
    if (out)
        out->part_panels[parts_of(layout)] = *count;
    return places;
}

struct filling {
    const rec_layout *layout;
    rec_panels *panels;
    size_t *first; /* (panels) where in the order each panel begins */
};

static rec_status fill_panel(size_t task, unsigned thread, void *context, rec_error *err)
{
    const struct filling *filling = context;
    const rec_layout *layout = filling->layout;
    rec_panels *panels = filling->panels;
    const struct panel *panel = &panels->panels[task];
    size_t dim = layout->dim;
    int8_t *codes = rec_alloc_aligned(panel->rows, dim);

    (void)thread;
    if (!codes)
        return rec_fail(err, REC_ENOMEM, "out of memory comparing papers");
    for (size_t i = 0; i < padded(panel->rows); i++) {
        size_t place = filling->first[task] + i;
        uint32_t row = i < panel->rows ? layout->order ? layout->order[place] : (uint32_t)place : 0;

        panels->rows[panel->place + i] = row;
        panels->factors[panel->place + i] = i < panel->rows && layout->factors[row] > 0 ? layout->factors[row] : NAN;
        if (i < panel->rows)
            memcpy(codes + i * dim, layout->codes + row * dim, dim);
    }
    rec_panel_fill(codes, panel->rows, dim, panel->bytes);
    rec_free(codes);
    return REC_OK;
}

static rec_status fill(const rec_layout *layout, rec_panels *panels, unsigned threads, rec_error *err)
{
    struct filling filling = { layout, panels, rec_alloc_array(panels->count, sizeof(*filling.first)) };
    size_t first = 0;
    rec_status rc;

    if (!filling.first)
        return rec_fail(err, REC_ENOMEM, "out of memory comparing papers");
    for (size_t i = 0; i < panels->count; i++) {
        filling.first[i] = first;
        first += panels->panels[i].rows;
    }
    rc = rec_parallel(panels->count, threads, fill_panel, &filling, err);
    rec_free(filling.first);
    return rc;
}

rec_status rec_panels_new(const rec_layout *layout, unsigned threads, rec_panels **out, rec_error *err)
{
    rec_panels *panels = rec_alloc(sizeof(*panels));
    size_t places;
    rec_status rc;

    if (!panels)
        return rec_fail(err, REC_ENOMEM, "out of memory comparing papers");
    panels->dim = layout->dim;
    panels->parts = parts_of(layout);
    places = cut(layout, NULL, &panels->count);
    panels->panels = rec_alloc_array(panels->count, sizeof(*panels->panels));
    panels->part_panels = rec_alloc_array(panels->parts + 1, sizeof(*panels->part_panels));
    panels->rows = rec_alloc_array(places, sizeof(*panels->rows));
    panels->factors = rec_alloc_array(places, sizeof(*panels->factors));
    panels->bytes = rec_alloc_aligned(places, layout->dim);
    if (panels->panels && panels->part_panels && panels->rows && panels->factors && panels->bytes) {
        cut(layout, panels, &panels->count);
        rc = fill(layout, panels, threads, err);
    } else {
        rc = rec_fail(err, REC_ENOMEM, "out of memory comparing papers");
    }
    if (rc == REC_OK)
        *out = panels;
    else
        rec_panels_free(panels);
    return rc;
}

void rec_panels_free(rec_panels *panels)
{
    if (!panels)
        return;
    rec_free(panels->panels);
    rec_free(panels->part_panels);
    rec_free(panels->rows);
    rec_free(panels->factors);
    rec_free(panels->bytes);
    rec_free(panels);
}

void rec_reached_clear(rec_reached *reached)
{
    rec_free(reached->rows);
    *reached = (rec_reached)REC_REACHED_INIT;
}

/* ---- matching ------------------------------------------------------------------------------------------------------ */

/* What one query has collected. */
struct collector {
    float factor; /* the query's */
    float bar;    /* what an integer product times the row's factor has to reach */
    rec_rising rising;
    uint32_t bins[BINS];
};

struct matching {
    const rec_panels *panels;
    const rec_match *match;
    rec_near *near;
    size_t *found;
    float *bars; /* (places) reaches of the rows, less the slack; NULL where none are asked for */
};

static void collect(struct collector *c, const rec_panels *panels, const struct panel *panel, const int32_t *dots)
{
    uint16_t places[REC_PANEL_ROWS];
    const float *factors = panels->factors + panel->place;
    size_t reached = rec_panel_reach(dots, factors, padded(panel->rows), c->bar, places);

    for (size_t i = 0; i < reached; i++) {
        float likeness = rec_codes_worth(dots[places[i]], c->factor, factors[places[i]]);

        if (rec_rising_offer(&c->rising, (rec_near){ panels->rows[panel->place + places[i]], likeness }))
            c->bar = (rec_rising_bar(&c->rising) - SLACK) / c->factor;
    }
}

/* A slice's queries, side by side, and what they collect. */
struct slice {
    size_t count;
    int8_t *codes; /* (SLICE, dim) */
    struct collector collectors[SLICE];
    rec_near *room; /* (SLICE, 2 * k) */
    int32_t dots[TILE * REC_PANEL_ROWS];
};

/* Rows of the panel whose own reach the query lies in. */
static rec_status collect_reached(const struct matching *m, const struct panel *panel, const int32_t *dots, float factor,
                                  rec_reached *reached, rec_error *err)
{
    uint16_t places[REC_PANEL_ROWS];
    const float *factors = m->panels->factors + panel->place;
    size_t n = factor > 0 ? rec_panel_reach_each(dots, factors, m->bars + panel->place, padded(panel->rows), factor, places) : 0;

    if (reached->count + n > reached->room) {
        size_t room = 2 * reached->room + n + 256;
        uint32_t *rows = rec_resize_array(reached->rows, room, sizeof(*rows));

        if (!rows)
            return rec_fail(err, REC_ENOMEM, "out of memory comparing papers");
        reached->rows = rows;
        reached->room = room;
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t row = m->panels->rows[panel->place + places[i]];

        /* From the row's side, as its reach was. */
        if (rec_codes_worth(dots[places[i]], factors[places[i]], factor) >= m->match->reaches[row])
            reached->rows[reached->count++] = row;
    }
    return REC_OK;
}

static rec_status scan_panel(const struct matching *m, struct slice *slice, size_t first, const struct panel *panel, rec_error *err)
{
    size_t dim = m->panels->dim;
    rec_status rc = REC_OK;

    for (size_t i = 0; i < slice->count; i += TILE) {
        size_t n = slice->count - i < TILE ? slice->count - i : TILE;

        rec_panel_multiply(slice->codes + i * dim, n, panel->bytes, panel->rows, dim, slice->dots);
        for (size_t j = 0; j < n; j++)
            collect(&slice->collectors[i + j], m->panels, panel, slice->dots + j * REC_PANEL_ROWS);
        for (size_t j = 0; j < n && m->bars && rc == REC_OK; j++)
            rc = collect_reached(m, panel, slice->dots + j * REC_PANEL_ROWS, slice->collectors[i + j].factor,
                                 &m->match->reached[first + i + j], err);
    }
    return rc;
}

/* A query without a vector collects nothing. */
static void begin_slice(const struct matching *m, struct slice *slice, size_t first)
{
    const rec_match *match = m->match;
    size_t dim = m->panels->dim;

    slice->count = match->count - first < SLICE ? match->count - first : SLICE;
    for (size_t i = 0; i < slice->count; i++) {
        size_t row = match->rows[first + i];
        struct collector *c = &slice->collectors[i];

        memcpy(slice->codes + i * dim, match->codes + row * dim, dim);
        c->factor = match->factors[row];
        c->bar = c->factor > 0 ? -INFINITY : INFINITY;
        c->rising = (rec_rising){
            .near = slice->room + i * 2 * match->k, .bins = c->bins, .bin_count = BINS, .offset = 1, .scale = BINS / 2.0f, .keep = match->k
        };
    }
}

static rec_status match_slice(size_t task, unsigned thread, void *context, rec_error *err)
{
    const struct matching *m = context;
    const rec_match *match = m->match;
    const rec_panels *panels = m->panels;
    size_t k = match->k, first = task * SLICE;
    struct slice *slice = rec_alloc_aligned(1, sizeof(*slice));
    rec_status rc = REC_OK;

    (void)thread;
    if (slice) {
        slice->codes = rec_alloc_aligned(SLICE, panels->dim);
        slice->room = rec_alloc_array(SLICE * 2 * k, sizeof(*slice->room));
    }
    if (!slice || !slice->codes || !slice->room) {
        rc = rec_fail(err, REC_ENOMEM, "out of memory comparing papers");
        goto done;
    }
    begin_slice(m, slice, first);
    for (size_t p = 0; p < (match->parts ? match->part_count : panels->parts) && rc == REC_OK; p++) {
        size_t part = match->parts ? match->parts[p] : p;

        for (size_t i = panels->part_panels[part]; i < panels->part_panels[part + 1] && rc == REC_OK; i++)
            rc = scan_panel(m, slice, first, &panels->panels[i], err);
    }
    for (size_t i = 0; i < slice->count && rc == REC_OK; i++) {
        rec_rising *rising = &slice->collectors[i].rising;

        rec_rising_finish(rising);
        m->found[first + i] = rising->count;
        memcpy(m->near + (first + i) * k, rising->near, rising->count * sizeof(*m->near));
    }

done:
    if (slice) {
        rec_free(slice->codes);
        rec_free(slice->room);
    }
    rec_free(slice);
    return rc;
}

static float *lay_out_bars(const rec_panels *panels, const float *reaches)
{
    const struct panel *last = panels->count > 0 ? &panels->panels[panels->count - 1] : NULL;
    size_t places = last ? last->place + padded(last->rows) : 0;
    float *bars = rec_alloc_array(places, sizeof(*bars));

    for (size_t i = 0; bars && i < places; i++)
        bars[i] = reaches[panels->rows[i]] - SLACK;
    return bars;
}

rec_status rec_panels_match(const rec_panels *panels, const rec_match *match, unsigned threads, rec_near *near, size_t *found,
                            rec_error *err)
{
    struct matching matching = { panels, match, near, found, NULL };
    rec_status rc;

    if (match->reaches && !(matching.bars = lay_out_bars(panels, match->reaches)))
        return rec_fail(err, REC_ENOMEM, "out of memory comparing papers");
    rc = rec_parallel((match->count + SLICE - 1) / SLICE, threads, match_slice, &matching, err);
    rec_free(matching.bars);
    return rc;
}
