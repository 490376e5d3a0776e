/* Making the map of a store while it is built. */
#ifndef REC_MAPPING_H
#define REC_MAPPING_H

#include "rec/map.h"
#include "space.h"

/**
 * Make the map of the papers in `space` from the lists that the store has by now, and write it to `path`. `old` is the map in force, empty
 * where there is none: its papers begin at their old places, so that a map that is made again still looks the same. `whole` moves all of
 * them; else they stay, and new papers are put between their neighbours. Returns REC_OK, REC_ENOMEM, REC_EIO or what the store reports.
 */
REC_CHECKED rec_status rec_map_make(rec_store *store, const rec_space *space, const rec_map *old, bool whole, const char *path,
                                    const char *fingerprint, rec_error *err);

#endif
