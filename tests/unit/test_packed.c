/* Packed rows: every count comes back, what is not a row is told apart, and scoring by them is the formula. */
#include "check.h"

#include "alloc.h"
#include "model_file.h"
#include "rec/model.h"
#include "rec/packed.h"
#include "rec/vector.h"

#include <math.h>
#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { MOST = 3000 };

static rec_count item(uint32_t feature, uint32_t tf)
{
    return feature << REC_TF_BITS | tf;
}

static int by_number(const void *left, const void *right)
{
    rec_count a = *(const rec_count *)left, b = *(const rec_count *)right;

    return (a > b) - (a < b);
}

/* Up to `wanted` features of both blocks, few counts common and some rare, rising. */
static size_t invent(rec_random *random, size_t wanted, rec_count *out)
{
    size_t n = 0, kept = 0;

    for (; n < wanted; n++) {
        uint32_t tf = 1 + (uint32_t)rec_random_below(random, 3) * (uint32_t)rec_random_below(random, 3);

        out[n] = item((uint32_t)rec_random_below(random, REC_FEATURES), n % 97 == 0 ? REC_TF_MAX - tf : tf);
    }
    qsort(out, n, sizeof(*out), by_number);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || rec_count_feature(out[i]) != rec_count_feature(out[kept - 1]))
            out[kept++] = out[i];
    return kept;
}

static rec_packed pack(const rec_count *items, size_t length)
{
    uint16_t *words = rec_alloc_array(rec_pack_room(length), sizeof(*words));

    CHECK(words != NULL);
    return (rec_packed){ words, rec_pack(items, length, words) };
}

static void check_comes_back(const rec_count *items, size_t length)
{
    rec_packed row = pack(items, length);
    rec_count *back = rec_alloc_array(length, sizeof(*back));

    CHECK(back != NULL);
    CHECK(row.length <= rec_pack_room(length));
    CHECK(rec_packed_is_whole(row));
    CHECK_INT(length, rec_packed_features(row));
    rec_packed_unpack(row, back);
    CHECK(length == 0 || memcmp(items, back, length * sizeof(*back)) == 0);
    rec_free(back);
    rec_free((void *)(uintptr_t)row.words);
}

static void every_count_comes_back(void **state)
{
    const rec_count few[] = { item(0, 1), item(65535, 2), item(65536, REC_TF_MAX), item(131071, 1) };
    rec_count *items = rec_alloc_array(MOST, sizeof(*items));
    rec_random random = { 3 };

    (void)state;
    CHECK(items != NULL);
    check_comes_back(NULL, 0);
    rec_packed_unpack((rec_packed){ NULL, 0 }, NULL); /* a row that is not there has nothing to write */
    check_comes_back(few, 1);
    check_comes_back(few + 3, 1);
    check_comes_back(few, COUNT(few));
    for (size_t size = 2; size <= MOST; size = size * 3 / 2)
        check_comes_back(items, invent(&random, size, items));
    rec_free(items);
}

/* More features of one count than a group can number. */
static void a_block_that_is_full_comes_back(void **state)
{
    rec_count *items = rec_alloc_array(REC_FEATURES, sizeof(*items));

    (void)state;
    CHECK(items != NULL);
    for (uint32_t feature = 0; feature < REC_FEATURES; feature++)
        items[feature] = item(feature, 1);
    check_comes_back(items, REC_FEATURES);
    rec_free(items);
}

/* What a file may hold that was forged: groups or buckets that reach out of the row, or leave words over. */
static void what_is_no_row_is_told(void **state)
{
    static const uint16_t ROW[] = { 1, 1, 1, 2, 3, 1, 10, 20, 30 };
    uint16_t words[COUNT(ROW)];

    (void)state;
    CHECK(rec_packed_is_whole((rec_packed){ ROW, COUNT(ROW) }));
    for (size_t length = 0; length < COUNT(ROW); length++)
        CHECK(!rec_packed_is_whole((rec_packed){ ROW, length }));
    for (size_t i = 0; i < 6; i++) {
        static const uint16_t BAD[] = { 0, UINT16_MAX };

        for (size_t b = 0; b < COUNT(BAD); b++) {
            memcpy(words, ROW, sizeof(words));
            words[i] = BAD[b];
            CHECK(!rec_packed_is_whole((rec_packed){ words, COUNT(words) }));
        }
    }
}

/* ---- scoring ------------------------------------------------------------------------------------------------------- */

enum { PAPERS = 24, FEATURES = 600, POOL = 2000 };

static const int8_t NOTHING[REC_DIM_MAX]; /* the code of no vector */

struct paper {
    rec_count items[FEATURES];
    size_t length;
    rec_packed packed;
    float scales[REC_BLOCKS];
};

/* Papers with many features in common, and a model of them. */
static rec_model *make_papers(struct paper *papers)
{
    rec_count *items = rec_alloc_array(PAPERS * FEATURES, sizeof(*items)), *pool = rec_alloc_array(POOL, sizeof(*pool));
    uint64_t offsets[PAPERS + 1] = { 0 };
    rec_random random = { 9 };
    rec_fit fit = { .rows = { items, offsets, PAPERS }, .threads = 1 };
    rec_error err = REC_ERROR_INIT;
    rec_model *model;

    CHECK(items && pool);
    for (size_t i = 0, size = invent(&random, POOL, pool); i < PAPERS; i++) {
        struct paper *paper = &papers[i];

        for (size_t j = 0; j < size && paper->length < FEATURES; j++)
            if (rec_random_below(&random, 4) == 0)
                paper->items[paper->length++] = pool[j];
        memcpy(items + offsets[i], paper->items, paper->length * sizeof(*items));
        offsets[i + 1] = offsets[i] + paper->length;
        paper->packed = pack(paper->items, paper->length);
    }
    CHECK_STATUS(REC_OK, rec_model_fit(&fit, &model, &err), &err);
    for (size_t i = 0; i < PAPERS; i++)
        rec_model_block_scales(model, papers[i].items, papers[i].length, papers[i].scales);
    rec_free(items);
    rec_free(pool);
    return model;
}

/* The inner product of two weighted rows over the features of `blocks` blocks, by the formula. */
static double product(const rec_model *model, const struct paper *a, const struct paper *b, uint32_t blocks)
{
    double sum = 0;

    for (size_t i = 0, j = 0; i < a->length && j < b->length;) {
        uint32_t x = rec_count_feature(a->items[i]), y = rec_count_feature(b->items[j]), block = x / REC_BLOCK_BUCKETS;

        if (x == y && block < blocks)
            sum += (1 + log(rec_count_tf(a->items[i]))) * (1 + log(rec_count_tf(b->items[j]))) * (double)model->idf[x] *
                   (double)model->idf[x] * (double)a->scales[block] * (double)b->scales[block];
        i += x <= y;
        j += y <= x;
    }
    return sum;
}

static void a_score_is_the_cosine_of_the_weighted_rows(void **state)
{
    struct paper *papers = rec_alloc_array(PAPERS, sizeof(*papers));
    rec_model *model;
    rec_query *query;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK(papers != NULL);
    model = make_papers(papers);
    CHECK_STATUS(REC_OK, rec_query_new(model, &query, &err), &err);
    for (size_t i = 0; i < PAPERS; i++) {
        rec_view seed = { papers[i].packed, papers[i].scales, { NOTHING, 0 }, { NULL, 0 }, { NULL, 0 } };

        rec_query_set(query, &seed);
        for (size_t j = 0; j < PAPERS; j++) {
            rec_view other = { papers[j].packed, papers[j].scales, { NOTHING, 0 }, { NULL, 0 }, { NULL, 0 } };

            CHECK_NEAR(product(model, &papers[i], &papers[j], REC_BLOCKS), (double)rec_query_score(query, &other).sparse, 1e-6);
            /* A guess takes the words for half of the cosine. */
            CHECK_NEAR(2 * (double)model->head->weights[0] * product(model, &papers[i], &papers[j], 1),
                       (double)rec_query_guess(query, papers[j].packed, papers[j].scales), 1e-6);
        }
        CHECK_NEAR(1, product(model, &papers[i], &papers[i], REC_BLOCKS), 1e-5);
    }
    for (size_t i = 0; i < PAPERS; i++)
        rec_free((void *)(uintptr_t)papers[i].packed.words);
    rec_query_free(query);
    rec_model_free(model);
    rec_free(papers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_count_comes_back),
        cmocka_unit_test(a_block_that_is_full_comes_back),
        cmocka_unit_test(what_is_no_row_is_told),
        cmocka_unit_test(a_score_is_the_cosine_of_the_weighted_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
