/* The file of places on the map. */
#include "seal.h"
#include "stores.h"

#include "rec/map.h"

#include <string.h>

static void write_file(const char *path, const uint8_t *bytes, size_t size)
{
    FILE *file = fopen(path, "wbe");

    MUST(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rec_sealed_info info = { "map", REC_MAP_VERSION, 2, 0, "" };
    struct fuzz_bytes bytes = { data, size };
    rec_store_state state = { .side = 1 };
    rec_map map = REC_MAP_INIT;
    rec_error err = REC_ERROR_INIT;
    size_t length;
    uint8_t *file;
    rec_status rc;

    fuzz_take(&bytes, &info.count, sizeof(info.count));
    memset(state.fingerprint, '0', REC_FINGERPRINT_CHARS - 1);
    file = fuzz_seal(&info, bytes.data, bytes.size, &length);
    fuzz_store();
    write_file(fuzz_path("plain.db-map.1"), file, length);
    free(file);
    rc = rec_map_open(fuzz_store(), &state, &map, &err);
    fuzz_refusal(rc, &err);
    for (rec_doc doc = 0; doc < 40 && rc == REC_OK; doc++) {
        const rec_spot *place = rec_map_find(&map, doc);

        MUST(!place || (place >= map.places && place < map.places + map.count));
    }
    rec_map_close(&map);
    return 0;
}
