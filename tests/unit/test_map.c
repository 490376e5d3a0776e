/* The file of a store's map: papers are found in it, and one that is not of the store or contradicts itself is refused. */
#include "check.h"
#include "folder.h"

#include "rec/map.h"

#include <stdint.h>

#define SIDE 3
#define PAPERS 20 /* of odd numbers */

/* What a file of the PAPERS holds. */
struct payload {
    uint32_t docs[(PAPERS + 15) / 16 * 16]; /* padded to 64 bytes */
    rec_spot places[PAPERS];
};

#define WHOLE sizeof(struct payload)

static rec_store *store;
static rec_store_state state_of = { .fingerprint = "0123456789abcdef0123456789abcdef", .side = SIDE };

static int open_store(void **state)
{
    rec_error err = REC_ERROR_INIT;

    return make_folder(state) == 0 && rec_store_open(db, REC_STORE_CREATE, &store, &err) == REC_OK ? 0 : -1;
}

static int close_store(void **state)
{
    rec_store_close(store);
    remove_files();
    return remove_folder(state);
}

/* A file with right checksums that says it has `count` papers, with `bytes` of what PAPERS of them take. */
static void write_map(const char *fingerprint, uint64_t count, size_t bytes)
{
    rec_sealed_info info = { "map", REC_MAP_VERSION, 0, count, "" };
    struct payload payload = { .docs = { 0 } };
    char path[sizeof(db) + 16];
    rec_sealed_writer *writer;
    rec_error err = REC_ERROR_INIT;

    for (uint32_t i = 0; i < PAPERS; i++) {
        payload.docs[i] = 2 * i + 1;
        payload.places[i].x = (float)i;
    }
    CHECK(bytes <= sizeof(payload));
    memcpy(info.fingerprint, fingerprint, strlen(fingerprint));
    snprintf(path, sizeof(path), "%s-map.%d", db, SIDE);
    CHECK_STATUS(REC_OK, rec_sealed_create(path, &info, &writer, &err), &err);
    CHECK_STATUS(REC_OK, rec_sealed_write(writer, &payload, bytes, &err), &err);
    CHECK_STATUS(REC_OK, rec_sealed_commit(writer, &err), &err);
}

static void a_paper_is_found_where_it_lies_and_others_nowhere(void **state)
{
    rec_map map;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    write_map(state_of.fingerprint, PAPERS, WHOLE);
    CHECK_STATUS(REC_OK, rec_map_open(store, &state_of, &map, &err), &err);
    CHECK_INT(PAPERS, map.count);
    for (rec_doc doc = 0; doc <= 2 * PAPERS + 1; doc++) {
        const rec_spot *place = rec_map_find(&map, doc);

        CHECK_INT(doc % 2 == 1 && doc < 2 * PAPERS, place != NULL);
        if (place)
            CHECK_INT(doc / 2, place->x);
    }
    rec_map_close(&map);
}

static void a_map_of_another_model_is_refused_with_both_names(void **state)
{
    rec_map map;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    write_map("00112233445566778899aabbccddeeff", PAPERS, WHOLE);
    CHECK_STATUS(REC_ESTALE, rec_map_open(store, &state_of, &map, &err), &err);
    CHECK_CONTAINS("of model 00112233445566778899aabbccddeeff, store has 0123456789abcdef0123456789abcdef; run 'recommend build'",
                   err.message);
}

static void a_map_whose_size_is_not_that_of_its_papers_is_refused(void **state)
{
    static const struct {
        uint64_t count;
        size_t bytes;
    } CASES[] = {
        { PAPERS + 1, WHOLE }, { PAPERS, WHOLE - 1 }, { PAPERS, 0 }, { 0, WHOLE }, { UINT64_MAX / 4, WHOLE }, { (uint64_t)1 << 62, 0 }
    }; /* the sizes of so many papers are 0 in 64 bits */

    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        rec_map map;
        rec_error err = REC_ERROR_INIT;

        write_map(state_of.fingerprint, CASES[i].count, CASES[i].bytes);
        CHECK_STATUS(REC_EDAMAGED, rec_map_open(store, &state_of, &map, &err), &err);
        CHECK_CONTAINS("papers; run 'recommend build'", err.message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_paper_is_found_where_it_lies_and_others_nowhere),
        cmocka_unit_test(a_map_of_another_model_is_refused_with_both_names),
        cmocka_unit_test(a_map_whose_size_is_not_that_of_its_papers_is_refused),
    };

    return cmocka_run_group_tests(tests, open_store, close_store);
}
