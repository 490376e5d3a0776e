/*
 * The map of a store: a place in the plane for each indexed paper, such that papers that are near neighbours lie near each other
 * (rec/layout.h). A side file, FILE-map.N, made by every build from the neighbour lists; what it lacks is only not drawn.
 *
 * The file is sealed, of kind "map", dim 2 and count the papers. Its payload:
 *   docs     uint32 (count)            paper numbers, rising; padded to 64 bytes
 *   places   float x, y (count)        middle at 0, mean square distance from it 2
 */
#ifndef REC_MAP_H
#define REC_MAP_H

#include "rec/layout.h"
#include "rec/store.h"
#include "sealed.h"

#include <stddef.h>

#define REC_MAP_VERSION 1u

typedef struct rec_map {
    const uint32_t *docs;    /* (count) rising */
    const rec_spot *places; /* (count) */
    size_t count;
    rec_sealed sealed;
} rec_map;

#define REC_MAP_INIT                                                                                                                       \
    {                                                                                                                                      \
        .count = 0                                                                                                                         \
    }

/** Map the file that a store in this state has, all of it verified. The caller ends with rec_map_close(). Errors as rec_sealed_open. */
REC_CHECKED rec_status rec_map_open(const rec_store *store, const rec_store_state *state, rec_map *out, rec_error *err);

/** Unmap. Harmless on REC_MAP_INIT. */
void rec_map_close(rec_map *map);

/** The place of a paper, NULL where the map lacks it. Borrowed. */
const rec_spot *rec_map_find(const rec_map *map, rec_doc doc);

#endif
