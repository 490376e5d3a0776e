/* The file of vectors, dates, categories and authors: its head, the sizes of its columns, and what rows say. */
#include "seal.h"

#include "model_file.h"
#include "row_filter.h"
#include "space.h"

#define DIM 16
#define ROWS_MOST 9

static void read_rows(const rec_space *space)
{
    rec_error err = REC_ERROR_INIT;
    float vector[DIM];
    size_t found;

    for (size_t row = 0; row < space->count; row++) {
        if (rec_space_touch(space, row, &err) != REC_OK)
            continue;
        rec_authors authors = rec_space_authors(space, row);
        uint32_t keys = 0;

        for (size_t i = 0; i < authors.count; i++)
            keys ^= authors.keys[i];
        (void)keys;
        rec_space_restore(space, row, 1, vector);
        (void)rec_space_has_vector(space, row);
        if (rec_space_row(space, space->docs[row], &found, &err) == REC_OK)
            MUST(found == REC_NO_PAPER_ROW || space->docs[found] == space->docs[row]);
    }
}

static void filter_rows(const rec_space *space)
{
    static const char *const categories[] = { "cs.LG", "math" };
    const rec_filter filter = { .since = 20200101, .until = 20241231, .categories = categories, .category_count = 2 };
    rec_error err = REC_ERROR_INIT;
    bool passes[ROWS_MOST];

    fuzz_refusal(rec_filter_rows(&filter, space, passes, &err), &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct rec_model_head head = { .ngram_version = REC_NGRAM_VERSION, .fit_dim = DIM, .is_small = size > 0 && data[0] & 1 };
    const rec_model model = { .fingerprint = "00000000000000000000000000000000", .head = &head };
    rec_sealed_info info = { "index", REC_SPACE_VERSION, DIM, 0, "" };
    rec_space space = REC_SPACE_INIT;
    rec_error err = REC_ERROR_INIT;
    rec_status rc;

    if (size == 0)
        return 0;
    info.count = (data[0] >> 1) % ROWS_MOST;
    rc = rec_space_load(fuzz_sealed(&info, data + 1, size - 1), &model, info.count, &space, &err);
    fuzz_refusal(rc, &err);
    if (rc == REC_OK) {
        MUST(rec_space_verify(&space, &err) == REC_OK); /* its checksums are right */
        read_rows(&space);
        filter_rows(&space);
        rec_space_close(&space);
    }
    return 0;
}
