/* The file of packed n-grams: where rows lie, what they hold, and which other files it refers to. */
#include "seal.h"

#include "grams.h"

#define ROWS_MOST 9
#define PARTS_MOST 3

static void read_row(const rec_grams *grams, size_t row)
{
    rec_error err = REC_ERROR_INIT;
    rec_packed packed;
    rec_count *items;
    size_t length;
    rec_status rc = rec_grams_row(grams, row, &packed, &err);

    fuzz_refusal(rc, &err);
    if (rc != REC_OK)
        return;
    length = rec_packed_features(packed);
    MUST(length <= packed.length);
    MUST(items = calloc(length + 1, sizeof(*items)));
    rec_packed_unpack(packed, items);
    for (size_t i = 0; i < length; i++)
        MUST(rec_count_feature(items[i]) < REC_FEATURES);
    free(items);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rec_sealed_info info = { "ngrams", REC_NGRAM_VERSION, 0, 0, "" };
    rec_grams grams = REC_GRAMS_INIT;
    rec_error err = REC_ERROR_INIT;
    rec_status rc;

    if (size == 0)
        return 0;
    info.count = data[0] % ROWS_MOST;
    info.dim = data[0] / ROWS_MOST % PARTS_MOST;
    rc = rec_grams_open(fuzz_sealed(&info, data + 1, size - 1), info.count, NULL, &grams, &err);
    fuzz_refusal(rc, &err);
    if (rc == REC_OK) {
        MUST(rec_grams_verify(&grams, 1, &err) == REC_OK);
        for (size_t row = 0; row < info.count; row++)
            read_row(&grams, row);
        rec_grams_close(&grams);
    }
    return 0;
}
