/* The map of a store as it lies on disk: see rec/map.h. */
#include "rec/map.h"

#include "sidefiles.h"

#include <string.h>

rec_status rec_map_open(const rec_store *store, const rec_store_state *state, rec_map *out, rec_error *err)
{
    rec_map map = REC_MAP_INIT;
    rec_side_paths paths;
    rec_status rc = rec_side_name(store, state->fingerprint, state->side, &paths, err);

    if (rc == REC_OK)
        rc = rec_sealed_open(paths.map, "map", REC_MAP_VERSION, &map.sealed, err);
    if (rc != REC_OK)
        return rc;
    map.count = (size_t)map.sealed.info.count;
    if (strcmp(map.sealed.info.fingerprint, state->fingerprint) != 0)
        rc = rec_fail(err, REC_ESTALE, "cannot use map '%s': of model %s, store has %s; run 'recommend build'", paths.map,
                      map.sealed.info.fingerprint, state->fingerprint);
    else if (map.count > UINT32_MAX ||
             map.sealed.bytes != rec_sealed_padded(map.count * sizeof(*map.docs)) + map.count * sizeof(*map.places))
        rc = rec_fail(err, REC_EDAMAGED, "cannot use map '%s': %zu bytes for %zu papers; run 'recommend build'", paths.map,
                      map.sealed.bytes, map.count);
    else
        rc = rec_sealed_verify_all(&map.sealed, err);
    if (rc != REC_OK) {
        rec_map_close(&map);
        return rc;
    }
    map.docs = (const uint32_t *)map.sealed.payload;
    map.places = (const rec_spot *)(map.sealed.payload + rec_sealed_padded(map.count * sizeof(*map.docs)));
    *out = map;
    return REC_OK;
}

void rec_map_close(rec_map *map)
{
    rec_sealed_close(&map->sealed);
    *map = (rec_map)REC_MAP_INIT;
}

const rec_spot *rec_map_find(const rec_map *map, rec_doc doc)
{
    size_t low = 0, high = map->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if ((rec_doc)map->docs[middle] < doc)
            low = middle + 1;
        else
            high = middle;
    }
    return low < map->count && (rec_doc)map->docs[low] == doc ? &map->places[low] : NULL;
}
