/*
 * A map of papers: places in the plane such that papers that are near neighbours lie near each other.
 *
 * Attraction along the edges of a neighbour graph, repulsion from points drawn at random, by stochastic gradient descent on the likelihood
 * that an edge is one: p(i, j) = 1 / (1 + |y_i - y_j|^2) (LargeVis: Tang et al., WWW 2016; the schedule by which an edge is drawn as often
 * as its weight says: UMAP, McInnes, Healy and Melville, 2018). Distances between groups mean little; who lies beside whom is what
 * the method keeps.
 */
#ifndef REC_LAYOUT_H
#define REC_LAYOUT_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>

#define REC_NO_EDGE UINT32_MAX

/* A directed graph of `count` points with up to `degree` edges each. All borrowed. */
typedef struct rec_graph {
    size_t count, degree;
    const uint32_t *to;  /* (count, degree) points, REC_NO_EDGE where there are fewer; no point names itself */
    const float *weight; /* (count, degree) 0 to 1: how near the two are */
} rec_graph;

typedef struct rec_spot {
    float x, y;
} rec_spot;

/**
 * Move `places` (count), which hold a first guess, so that the graph's neighbours lie together. Afterwards their middle is at 0, and the
 * mean square of their distance from it is 2. Points without an edge to or from them stay where the guess put them, as far as that goes.
 *
 * The same graph and guess give the same bits on every machine. Time grows with the edges: 10 seconds for a million of them.
 * Returns REC_OK or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_lay_out(const rec_graph *graph, rec_spot *places, rec_error *err);

/**
 * The place of a point that a finished map lacks: the mean of its neighbours' places (count) by weight, and a step aside that `key`
 * decides, so that two such points do not cover each other. Without neighbours, a place at the map's edge.
 */
rec_spot rec_layout_between(const rec_spot *places, const float *weights, size_t count, uint64_t key);

#endif
