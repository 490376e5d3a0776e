/* The index's neighbours of real papers' vectors are those of an exact scan. Random vectors are test_index.c's. */
#include "check.h"

#include "alloc.h"
#include "rec/index.h"
#include "rec/model.h"
#include "rec/reader.h"
#include "rec/source.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define K 10
#define QUERIES 1000

struct corpus {
    rec_count *items;
    uint64_t *offsets;
    size_t count, room, items_room;
};

static void add(struct corpus *c, const rec_counts *counts)
{
    if (c->count + 2 > c->room) {
        c->room = c->room ? 2 * c->room : 4096;
        c->offsets = rec_resize_array(c->offsets, c->room, sizeof(*c->offsets));
        CHECK(c->offsets);
        c->offsets[0] = 0;
    }
    while (c->offsets[c->count] + counts->length > c->items_room) {
        c->items_room = c->items_room ? 2 * c->items_room : 1u << 20;
        c->items = rec_resize_array(c->items, c->items_room, sizeof(*c->items));
        CHECK(c->items);
    }
    memcpy(c->items + c->offsets[c->count], counts->items, counts->length * sizeof(*counts->items));
    c->offsets[c->count + 1] = c->offsets[c->count] + counts->length;
    c->count++;
}

static void read_corpus(const char *path, struct corpus *out)
{
    rec_error err = REC_ERROR_INIT;
    rec_source *source;
    rec_ngrams *ngrams;
    rec_counts counts = REC_COUNTS_INIT;
    rec_line line;

    CHECK_STATUS(REC_OK, rec_source_open(path, &source, &err), &err);
    CHECK_STATUS(REC_OK, rec_ngrams_new(&ngrams, &err), &err);
    for (;;) {
        rec_paper paper = REC_PAPER_INIT;

        CHECK_STATUS(REC_OK, rec_source_next(source, &line, &err), &err);
        if (!line.text)
            break;
        if (line.text[0] != '{')
            continue;
        CHECK_STATUS(REC_OK, rec_read_json(line.text, line.length, &paper, &err), &err);
        CHECK_STATUS(REC_OK, rec_ngrams_count(ngrams, paper.title, paper.abstract, &counts, &err), &err);
        add(out, &counts);
        rec_paper_clear(&paper);
    }
    rec_counts_clear(&counts);
    rec_ngrams_free(ngrams);
    rec_source_close(source);
}

static float *embed(const struct corpus *c, size_t *dim)
{
    rec_fit fit = { .rows = { c->items, c->offsets, c->count }, .threads = 2 };
    rec_error err = REC_ERROR_INIT;
    rec_model *model;
    float *vectors;

    CHECK_STATUS(REC_OK, rec_model_fit(&fit, &model, &err), &err);
    *dim = rec_model_dim(model);
    vectors = rec_alloc_array(c->count * *dim, sizeof(*vectors));
    CHECK(vectors);
    for (size_t i = 0; i < c->count; i++)
        rec_model_embed(model, c->items + c->offsets[i], (size_t)(c->offsets[i + 1] - c->offsets[i]), vectors + i * *dim);
    rec_model_free(model);
    return vectors;
}

static size_t in_common(const rec_near *a, const rec_near *b, size_t k)
{
    size_t common = 0;

    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            common += a[i].row == b[j].row;
    return common;
}

static rec_near *search(rec_index_kind kind, const float *vectors, size_t count, size_t dim, size_t queries)
{
    rec_error err = REC_ERROR_INIT;
    rec_near *near = rec_alloc_array(queries * K, sizeof(*near));
    size_t *found = rec_alloc_array(queries, sizeof(*found));
    rec_index *index;

    CHECK(near && found);
    CHECK_STATUS(REC_OK, rec_index_build(kind, vectors, count, dim, &index, &err), &err);
    CHECK_STATUS(REC_OK, rec_index_search(index, vectors, queries, K, 2, near, found, &err), &err);
    for (size_t i = 0; i < queries; i++)
        CHECK_INT(K, found[i]);
    rec_free(found);
    rec_index_free(index);
    return near;
}

static void check_recall(const char *path)
{
    struct corpus corpus = { .items = NULL };
    size_t dim, queries, common = 0, worst = K;
    rec_near *exact, *proposed;
    float *vectors;

    read_corpus(path, &corpus);
    vectors = embed(&corpus, &dim);
    queries = corpus.count < QUERIES ? corpus.count : QUERIES;
    exact = search(REC_INDEX_FLAT, vectors, corpus.count, dim, queries);
    proposed = search(REC_INDEX_FAISS, vectors, corpus.count, dim, queries);
    for (size_t i = 0; i < queries; i++) {
        size_t here = in_common(exact + i * K, proposed + i * K, K);

        common += here;
        worst = here < worst ? here : worst;
    }
    print_message("recall@%d: mean %.4f, worst query %.1f (%zu papers, %zu queries)\n", K, (double)common / (double)(queries * K),
                  (double)worst / K, corpus.count, queries);
    CHECK(common >= queries * K * 999 / 1000);
    CHECK(worst >= K - 1); /* two that tie but for rounding may change places at the end */
    rec_free(exact);
    rec_free(proposed);
    rec_free(vectors);
    rec_free(corpus.items);
    rec_free(corpus.offsets);
}

static void neighbours_of_the_sample_are_exact(void **state)
{
    (void)state;
    check_recall(REC_SOURCE_DIR "/tools/sample/papers.jsonl");
}

static void neighbours_of_a_judged_collection_are_exact(void **state)
{
    const char *folder = getenv("RECOMMEND_TEST_DATA");
    char path[PATH_MAX];

    (void)state;
    snprintf(path, sizeof(path), "%s/dev/npl/corpus.jsonl.zst", folder ? folder : REC_SOURCE_DIR "/../shared/data");
    if (access(path, R_OK) != 0) {
        print_message("SKIPPED: no '%s'; set RECOMMEND_TEST_DATA to the folder of the judged collections\n", path);
        skip();
    }
    check_recall(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neighbours_of_the_sample_are_exact),
        cmocka_unit_test(neighbours_of_a_judged_collection_are_exact),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
