/*
 * A SQLite file that was altered: opened, checked, read, brought to the present schema and written. The first byte says which store: one of
 * this release, or one of schema 1 or 2; the rest are patches, each an offset of three bytes, a length, and so many bytes.
 */
#include "seal.h"
#include "stores.h"

#include <string.h>
#include <zlib.h>

#define LARGEST (1 << 20)

struct image {
    uint8_t *bytes;
    size_t size;
};

static struct image read_image(const char *path)
{
    struct image image = { malloc(LARGEST), 0 };
    gzFile file = gzopen(path, "rb"); /* reads plain files as well */
    int n;

    MUST(image.bytes && file);
    n = gzread(file, image.bytes, LARGEST);
    MUST(n > 0 && n < LARGEST);
    image.size = (size_t)n;
    gzclose(file);
    return image;
}

static const struct image *choose_image(unsigned which)
{
    static struct image images[3];

    if (!images[0].bytes) {
        char *path = fuzz_make_store("store.db", false);

        images[0] = read_image(path);
        free(path);
        images[1] = read_image(REC_TEST_DATA "/store-1.gz");
        images[2] = read_image(REC_TEST_DATA "/store-2.gz");
    }
    return &images[which % 3];
}

static void patch(uint8_t *bytes, size_t size, struct fuzz_bytes input)
{
    while (input.size > 4) {
        uint8_t head[4];
        size_t at, length;

        fuzz_take(&input, head, sizeof(head));
        at = (head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16) % size;
        length = head[3] < size - at ? head[3] : size - at;
        fuzz_take(&input, bytes + at, length < input.size ? length : input.size);
    }
}

static void write_image(const char *path, const struct image *image, struct fuzz_bytes input)
{
    uint8_t *bytes = malloc(image->size);
    FILE *file = fopen(path, "wbe");

    MUST(bytes && file);
    memcpy(bytes, image->bytes, image->size);
    patch(bytes, image->size, input);
    MUST(fwrite(bytes, 1, image->size, file) == image->size && fclose(file) == 0);
    free(bytes);
}

static rec_status visit_text(const rec_text *text, void *context, rec_error *err)
{
    (void)err;
    *(size_t *)context += text->title ? strlen(text->title) : 0;
    return REC_OK;
}

static rec_status visit_list(rec_doc doc, const rec_list *list, void *context, rec_error *err)
{
    (void)doc;
    (void)err;
    *(size_t *)context += list->count;
    return REC_OK;
}

static void read_store(rec_store *store)
{
    rec_error err = REC_ERROR_INIT;
    rec_store_state state;
    rec_record record = REC_RECORD_INIT;
    rec_list list;
    rec_word_hit hits[5];
    size_t count, bytes = 0;

    fuzz_refusal(rec_store_check(store, &err), &err);
    fuzz_refusal(rec_store_get_state(store, &state, &err), &err);
    for (rec_doc doc = 1; doc < 4; doc++) {
        rec_status rc = rec_store_get(store, doc, REC_GET_ALL | REC_GET_ALSO | REC_GET_ABSTRACT, &record, &err);

        MUST(rc != REC_OK || record.doc == doc);
        rec_record_clear(&record);
        rc = rec_store_get_list(store, doc, &list, &err);
        MUST(rc != REC_OK || list.count <= REC_LIST_LENGTH);
    }
    fuzz_refusal(rec_store_search(store, "wool ships", 5, hits, &count, &err), &err);
    fuzz_refusal(rec_store_scan(store, false, visit_text, &bytes, &err), &err);
    fuzz_refusal(rec_store_scan_lists(store, visit_list, &bytes, &err), &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const rec_store_mode modes[] = { REC_STORE_READ, REC_STORE_WRITE };
    const struct image *image = choose_image(size > 0 ? data[0] : 0);
    const char *path = fuzz_path("altered.db");
    rec_error err = REC_ERROR_INIT;

    write_image(path, image, (struct fuzz_bytes){ data + 1, size > 0 ? size - 1 : 0 });
    for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        rec_store *store = NULL;
        rec_status rc = rec_store_open(path, modes[i], &store, &err);

        fuzz_refusal(rc, &err);
        if (rc == REC_OK)
            read_store(store);
        rec_store_close(store);
    }
    return 0;
}
