/* From neighbour lists to a map: see mapping.h. */
#include "mapping.h"

#include "alloc.h"
#include "sidefiles.h"

#include <string.h>

#define DEGREE 15         /* neighbours that a paper is drawn to */
#define LEAST_WEIGHT 0.1f /* of the last of them; the first has 1 */

struct mapping {
    const rec_space *space;
    uint32_t *to;     /* (count, DEGREE) rows */
    float *weight;    /* (count, DEGREE) */
    rec_spot *places; /* (count) */
    bool *placed;     /* (count) has an old place, or was put between others */
};

/* How near a neighbour is among its list's: from the first, 1, down to the first that is left out. */
static float weight_of(const rec_list *list, size_t i)
{
    float first = list->items[0].score, last = list->count > DEGREE ? list->items[DEGREE].score : list->items[list->count - 1].score;

    if (first <= last)
        return 1;
    return LEAST_WEIGHT + (1 - LEAST_WEIGHT) * (list->items[i].score - last) / (first - last);
}

static rec_status take_list(rec_doc doc, const rec_list *list, void *context, rec_error *err)
{
    struct mapping *m = context;
    size_t row, other, edges = 0;
    rec_status rc = rec_space_row(m->space, doc, &row, err);

    for (size_t i = 0; rc == REC_OK && row != REC_NO_PAPER_ROW && i < list->count && edges < DEGREE; i++) {
        rc = rec_space_row(m->space, list->items[i].doc, &other, err);
        if (rc != REC_OK || other == REC_NO_PAPER_ROW)
            continue;
        m->to[row * DEGREE + edges] = (uint32_t)other;
        m->weight[row * DEGREE + edges++] = weight_of(list, i);
    }
    return rc;
}

static void take_old_places(struct mapping *m, const rec_map *old)
{
    for (size_t row = 0; row < m->space->count; row++) {
        const rec_spot *place = rec_map_find(old, m->space->docs[row]);

        m->placed[row] = place != NULL;
        if (place)
            m->places[row] = *place;
    }
}

/* Where the old places stay, only lists of papers without one are of use. */
static rec_status take_lists_of_new(struct mapping *m, rec_store *store, rec_error *err)
{
    rec_status rc = REC_OK;

    for (size_t row = 0; row < m->space->count && rc == REC_OK; row++) {
        rec_list list;

        if (m->placed[row])
            continue;
        rc = rec_store_get_list(store, m->space->docs[row], &list, err);
        rc = rc == REC_OK ? take_list(m->space->docs[row], &list, m, err) : rc == REC_ENOTFOUND ? REC_OK : rc;
    }
    return rc;
}

/* Puts each paper that has no place yet between those of its neighbours that have one. */
static void place_between(struct mapping *m)
{
    for (size_t row = 0; row < m->space->count; row++) {
        rec_spot near[DEGREE];
        float weights[DEGREE];
        size_t count = 0;

        for (size_t e = row * DEGREE; e < (row + 1) * DEGREE && !m->placed[row]; e++)
            if (m->to[e] != REC_NO_EDGE && m->placed[m->to[e]]) {
                near[count] = m->places[m->to[e]];
                weights[count++] = m->weight[e];
            }
        if (!m->placed[row])
            m->places[row] = rec_layout_between(near, weights, count, m->space->docs[row]);
        m->placed[row] = true;
    }
}

/* A first guess without an old map: two components of the vectors. The very first is near the mean of all papers and tells little. */
static void guess_places(struct mapping *m)
{
    const rec_space *space = m->space;

    for (size_t row = 0; row < space->count; row++)
        m->places[row] = (rec_spot){ (float)space->dense[row * space->dim + 1] * space->factors[row],
                                     (float)space->dense[row * space->dim + 2] * space->factors[row] };
}

static rec_status write_map(const struct mapping *m, const rec_store *store, const char *path, const char *fingerprint, rec_error *err)
{
    static const uint8_t zero[64];
    size_t docs = m->space->count * sizeof(*m->space->docs);
    rec_sealed_info info = { "map", REC_MAP_VERSION, 2, m->space->count, "" };
    rec_sealed_writer *writer;
    rec_status rc;

    memcpy(info.fingerprint, fingerprint, sizeof(info.fingerprint));
    if ((rc = rec_side_prepare(store, path, err)) != REC_OK || (rc = rec_sealed_create(path, &info, &writer, err)) != REC_OK)
        return rc;
    rc = rec_sealed_write(writer, m->space->docs, docs, err);
    if (rc == REC_OK)
        rc = rec_sealed_write(writer, zero, (64 - docs % 64) % 64, err);
    if (rc == REC_OK)
        rc = rec_sealed_write(writer, m->places, m->space->count * sizeof(*m->places), err);
    if (rc == REC_OK)
        return rec_sealed_commit(writer, err);
    rec_sealed_abort(writer);
    return rc;
}

static rec_status lay_out(struct mapping *m, rec_store *store, const rec_map *old, bool whole, rec_error *err)
{
    const rec_graph graph = { m->space->count, DEGREE, m->to, m->weight };
    rec_status rc;

    take_old_places(m, old);
    rc = whole || old->count == 0 ? rec_store_scan_lists(store, take_list, m, err) : take_lists_of_new(m, store, err);
    if (rc != REC_OK)
        return rc;
    if (old->count > 0)
        place_between(m);
    else
        guess_places(m);
    return whole || old->count == 0 ? rec_lay_out(&graph, m->places, err) : REC_OK;
}

rec_status rec_map_make(rec_store *store, const rec_space *space, const rec_map *old, bool whole, const char *path, const char *fingerprint,
                        rec_error *err)
{
    size_t count = space->count;
    struct mapping m = { .space = space };
    rec_status rc;

    m.to = rec_alloc_array(count * DEGREE, sizeof(*m.to));
    m.weight = rec_alloc_array(count * DEGREE, sizeof(*m.weight));
    m.places = rec_alloc_array(count, sizeof(*m.places));
    m.placed = rec_alloc_array(count, sizeof(*m.placed));
    if (!m.to || !m.weight || !m.places || !m.placed) {
        rc = rec_fail(err, REC_ENOMEM, "out of memory for the map of %zu papers", count);
        goto done;
    }
    for (size_t e = 0; e < count * DEGREE; e++)
        m.to[e] = REC_NO_EDGE;
    if ((rc = lay_out(&m, store, old, whole, err)) == REC_OK)
        rc = write_map(&m, store, path, fingerprint, err);

done:
    rec_free(m.to);
    rec_free(m.weight);
    rec_free(m.places);
    rec_free(m.placed);
    return rc;
}
