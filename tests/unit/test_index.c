/* The two indexes against a loop that is too plain to be wrong, and against each other. */
#include "check.h"

#include "alloc.h"
#include "buf.h"
#include "rec/module.h"
#include "parallel.h"
#include "rec/index.h"
#include "rec/vector.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEED 20240229

/* Products of unit vectors that differ by less may come in either order. */
#define NEAR_TIE 1e-6

/* ---- data and answers ------------------------------------------------------------------------------------------ */

static float *make_vectors(size_t n, size_t dim, uint64_t seed)
{
    float *vectors = rec_alloc_array(n * dim, sizeof(float));
    rec_random random = { seed };

    CHECK(vectors);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < dim; j++) {
            float sum = 0; /* of twelve even numbers: near enough to a normal one for an even spread of directions */

            for (int t = 0; t < 12; t++)
                sum += (float)(rec_random_next(&random) >> 40) / (float)(1 << 24) - 0.5f;
            vectors[i * dim + j] = sum;
        }
        rec_normalise(vectors + i * dim, dim);
    }
    return vectors;
}

static double naive_dot(const float *a, const float *b, size_t dim)
{
    double sum = 0;

    for (size_t j = 0; j < dim; j++)
        sum += (double)a[j] * (double)b[j];
    return sum;
}

static int falling(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return a > b ? -1 : a < b;
}

/* All products of a query, greatest first. */
static void naive_products(const float *rows, size_t count, size_t dim, const float *query, double *products)
{
    for (size_t row = 0; row < count; row++)
        products[row] = naive_dot(query, rows + row * dim, dim);
    qsort(products, count, sizeof(*products), falling);
}

struct answers {
    rec_near *near; /* (n, k) */
    size_t *found;  /* (n) */
};

static void answers_clear(struct answers *answers)
{
    rec_free(answers->near);
    rec_free(answers->found);
}

static struct answers ask(const rec_index *index, const float *queries, size_t n, size_t k, unsigned threads)
{
    struct answers answers = { rec_alloc_array(n * k, sizeof(rec_near)), rec_alloc_array(n, sizeof(size_t)) };
    rec_error err = REC_ERROR_INIT;

    CHECK(answers.near && answers.found);
    memset(answers.near, 0xEE, n * k * sizeof(rec_near));
    CHECK_STATUS(REC_OK, rec_index_search(index, queries, n, k, threads, answers.near, answers.found, &err), &err);
    return answers;
}

static rec_index *build(rec_index_kind kind, const float *rows, size_t count, size_t dim)
{
    rec_error err = REC_ERROR_INIT;
    rec_index *index = NULL;

    CHECK_STATUS(REC_OK, rec_index_build(kind, rows, count, dim, &index, &err), &err);
    CHECK_INT(count, rec_index_count(index));
    return index;
}

static bool contains(const rec_near *near, size_t n, uint32_t row)
{
    for (size_t i = 0; i < n; i++)
        if (near[i].row == row)
            return true;
    return false;
}

/* The promised order, which also means that no row comes twice with one likeness. */
static void check_order(const rec_near *near, size_t n)
{
    for (size_t i = 1; i < n; i++)
        CHECK(near[i - 1].likeness > near[i].likeness || (near[i - 1].likeness == near[i].likeness && near[i - 1].row < near[i].row));
}

static void check_against_naive(rec_index_kind kind, size_t count, size_t dim, size_t n, size_t k)
{
    float *rows = make_vectors(count, dim, SEED), *queries = make_vectors(n, dim, SEED + 1);
    double *products = rec_alloc_array(count, sizeof(double));
    size_t kept = k < count ? k : count;
    rec_index *index = build(kind, rows, count, dim);
    struct answers got = ask(index, queries, n, k, 2);

    CHECK(products);
    for (size_t q = 0; q < n; q++) {
        const rec_near *near = got.near + q * k;

        naive_products(rows, count, dim, queries + q * dim, products);
        CHECK_INT(kept, got.found[q]);
        check_order(near, kept);
        for (size_t i = 0; i < kept; i++) {
            CHECK(near[i].row < count);
            CHECK(!contains(near, i, near[i].row));
            CHECK_NEAR(products[i], near[i].likeness, NEAR_TIE);
            CHECK_NEAR(naive_dot(queries + q * dim, rows + near[i].row * dim, dim), near[i].likeness, NEAR_TIE);
        }
    }
    answers_clear(&got);
    rec_index_free(index);
    rec_free(products);
    rec_free(queries);
    rec_free(rows);
}

/* ---- finding --------------------------------------------------------------------------------------------------- */

/* Dimensions that are and are not multiples of a vector register; blocks of queries that are and are not full. */
static void both_find_what_a_plain_loop_finds(void **state)
{
    static const struct {
        size_t count, dim, n, k;
    } shapes[] = { { 700, 64, 33, 10 }, { 300, 61, 17, 7 }, { 50, 3, 1, 50 }, { 400, 100, 40, 150 } };

    (void)state;
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
        for (rec_index_kind kind = REC_INDEX_FLAT; kind <= REC_INDEX_FAISS; kind++)
            check_against_naive(kind, shapes[i].count, shapes[i].dim, shapes[i].n, shapes[i].k);
}

static void faiss_proposes_what_the_exact_scan_finds(void **state)
{
    enum { COUNT = 5000, DIM = 64, N = 200, K = 10 };
    float *rows = make_vectors(COUNT, DIM, SEED), *queries = make_vectors(N, DIM, SEED + 1);
    rec_index *flat = build(REC_INDEX_FLAT, rows, COUNT, DIM), *faiss = build(REC_INDEX_FAISS, rows, COUNT, DIM);
    struct answers want = ask(flat, queries, N, K, 2), got = ask(faiss, queries, N, K, 2);
    size_t shared = 0, worst = K;

    (void)state;
    for (size_t q = 0; q < N; q++) {
        const rec_near *exact = want.near + q * K, *near = got.near + q * K;
        size_t hits = 0;

        CHECK_INT(K, got.found[q]);
        for (size_t i = 0; i < K; i++) {
            if (contains(exact, K, near[i].row))
                hits++;
            else /* only a tie at the last place excuses another row */
                CHECK_NEAR(exact[K - 1].likeness, naive_dot(queries + q * DIM, rows + near[i].row * DIM, DIM), NEAR_TIE);
        }
        shared += hits;
        worst = hits < worst ? hits : worst;
    }
    print_message("recall@%d of faiss: mean %.4f, worst query %.1f (%d x %d, %d queries, seed %d)\n", K, (double)shared / (N * K),
                  (double)worst / K, COUNT, DIM, N, SEED);
    CHECK((double)shared / (N * K) >= 0.999);
    CHECK((double)worst / K >= 0.9);
    answers_clear(&want);
    answers_clear(&got);
    rec_index_free(flat);
    rec_index_free(faiss);
    rec_free(queries);
    rec_free(rows);
}

/* More queries than one call to FAISS takes, and answers so long that a call takes fewer. */
static void slices_of_a_large_search_join_without_a_seam(void **state)
{
    (void)state;
    check_against_naive(REC_INDEX_FAISS, 40, 8, 5000, 3);
    check_against_naive(REC_INDEX_FAISS, 1500, 8, 720, 1500);
}

static void asking_for_more_than_there_is_gives_what_there_is(void **state)
{
    float *rows = make_vectors(3, 8, SEED);

    (void)state;
    for (rec_index_kind kind = REC_INDEX_FLAT; kind <= REC_INDEX_FAISS; kind++)
        for (size_t count = 0; count <= 3; count++) {
            rec_index *index = build(kind, count ? rows : NULL, count, 8);
            struct answers got = ask(index, rows, 3, 10, 1);
            rec_near untouched;

            memset(&untouched, 0xEE, sizeof(untouched));
            for (size_t q = 0; q < 3; q++) {
                CHECK_INT(count, got.found[q]);
                check_order(got.near + q * 10, count);
                if (q < count)
                    CHECK_INT(q, got.near[q * 10].row);
                for (size_t i = count; i < 10; i++)
                    CHECK(memcmp(&got.near[q * 10 + i], &untouched, sizeof(untouched)) == 0);
            }
            answers_clear(&got);
            rec_index_free(index);
        }
    rec_free(rows);
}

static void no_queries_is_no_work(void **state)
{
    float *rows = make_vectors(3, 8, SEED);
    rec_error err = REC_ERROR_INIT;

    (void)state;
    for (rec_index_kind kind = REC_INDEX_FLAT; kind <= REC_INDEX_FAISS; kind++) {
        rec_index *index = build(kind, rows, 3, 8);

        CHECK_STATUS(REC_OK, rec_index_search(index, NULL, 0, 5, 1, NULL, NULL, &err), &err);
        rec_index_free(index);
    }
    rec_free(rows);
}

/* Thirty copies of row 0 before twenty others: all thirty, by row, whatever order FAISS met them in. */
static void equal_rows_come_by_rising_number(void **state)
{
    enum { COPIES = 30, COUNT = 50, DIM = 16 };
    float *rows = make_vectors(COUNT, DIM, SEED);

    (void)state;
    for (size_t row = 1; row < COPIES; row++)
        memcpy(rows + row * DIM, rows, DIM * sizeof(float));
    for (rec_index_kind kind = REC_INDEX_FLAT; kind <= REC_INDEX_FAISS; kind++)
        for (size_t k = 5; k <= 40; k += 5) {
            rec_index *index = build(kind, rows, COUNT, DIM);
            struct answers got = ask(index, rows, 1, k, 1);

            CHECK_INT(k, got.found[0]);
            check_order(got.near, k);
            for (size_t i = 0; i < k && i < COPIES; i++)
                if (kind == REC_INDEX_FLAT || k >= COPIES) /* below, FAISS may choose any of the thirty */
                    CHECK_INT(i, got.near[i].row);
                else
                    CHECK(got.near[i].row < COPIES);
            answers_clear(&got);
            rec_index_free(index);
        }
    rec_free(rows);
}

static void zero_vectors_are_like_nothing_and_still_found(void **state)
{
    float *rows = make_vectors(25, 16, SEED), zero[16] = { 0 };

    (void)state;
    memset(rows + 3 * 16, 0, sizeof(zero));
    for (rec_index_kind kind = REC_INDEX_FLAT; kind <= REC_INDEX_FAISS; kind++) {
        rec_index *index = build(kind, rows, 25, 16);
        struct answers got = ask(index, zero, 1, 25, 1), all = ask(index, rows, 25, 25, 1);

        CHECK_INT(25, got.found[0]);
        for (uint32_t i = 0; i < 25; i++) {
            CHECK_INT(i, got.near[i].row);
            CHECK_NEAR(0, got.near[i].likeness, 0);
            CHECK(contains(all.near + i * 25, 25, 3));
        }
        answers_clear(&got);
        answers_clear(&all);
        rec_index_free(index);
    }
    rec_free(rows);
}

/* The largest components that are let in: products near the end of what a float holds, of either sign. */
static void large_components_are_found_too(void **state)
{
    enum { DIM = REC_INDEX_MAX_DIM };
    float *rows = rec_alloc_array(2 * DIM, sizeof(float));

    (void)state;
    CHECK(rows);
    for (size_t j = 0; j < DIM; j++) {
        rows[j] = REC_INDEX_MAX_COMPONENT;
        rows[DIM + j] = -REC_INDEX_MAX_COMPONENT;
    }
    for (rec_index_kind kind = REC_INDEX_FLAT; kind <= REC_INDEX_FAISS; kind++) {
        rec_index *index = build(kind, rows, 2, DIM);
        struct answers got = ask(index, rows + DIM, 1, 2, 1);

        CHECK_INT(2, got.found[0]);
        CHECK_INT(1, got.near[0].row);
        CHECK(isfinite(got.near[0].likeness) && isfinite(got.near[1].likeness));
        answers_clear(&got);
        rec_index_free(index);
    }
    rec_free(rows);
}

static void threads_do_not_change_a_bit(void **state)
{
    enum { COUNT = 500, DIM = 48, N = 1200, K = 20 };
    static const unsigned threads[] = { 0, 2, 5, UINT_MAX };
    float *rows = make_vectors(COUNT, DIM, SEED), *queries = make_vectors(N, DIM, SEED + 1);

    (void)state;
    for (rec_index_kind kind = REC_INDEX_FLAT; kind <= REC_INDEX_FAISS; kind++) {
        rec_index *index = build(kind, rows, COUNT, DIM);
        struct answers one = ask(index, queries, N, K, 1);

        for (size_t i = 0; i < sizeof(threads) / sizeof(threads[0]); i++) {
            struct answers more = ask(index, queries, N, K, threads[i]);

            CHECK(memcmp(one.near, more.near, N * K * sizeof(rec_near)) == 0);
            answers_clear(&more);
        }
        answers_clear(&one);
        rec_index_free(index);
    }
    rec_free(queries);
    rec_free(rows);
}

/* ---- refusing -------------------------------------------------------------------------------------------------- */

static void what_is_not_a_number_is_refused(void **state)
{
    static const float bad[] = { NAN, INFINITY, -INFINITY, 1.1e17f };
    float *rows = make_vectors(4, 8, SEED);
    rec_near near[4];
    size_t found[4];

    (void)state;
    for (rec_index_kind kind = REC_INDEX_FLAT; kind <= REC_INDEX_FAISS; kind++)
        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
            rec_index *index = build(kind, rows, 4, 8), *none = NULL;
            rec_error err = REC_ERROR_INIT;
            float kept = rows[2 * 8 + 7];

            rows[2 * 8 + 7] = bad[i];
            CHECK_STATUS(REC_EINVAL, rec_index_build(kind, rows, 4, 8, &none, &err), &err);
            CHECK_CONTAINS("row 2: component 7", err.message);
            CHECK(none == NULL);
            CHECK_STATUS(REC_EINVAL, rec_index_search(index, rows, 4, 1, 1, near, found, &err), &err);
            CHECK_CONTAINS("query 2: component 7", err.message);
            rows[2 * 8 + 7] = kept;
            rec_index_free(index);
        }
    rec_free(rows);
}

static void arguments_out_of_range_are_refused(void **state)
{
    static const size_t bad_k[] = { 0, REC_INDEX_MAX_K + 1, SIZE_MAX }, bad_dim[] = { 0, REC_INDEX_MAX_DIM + 1, SIZE_MAX };
    float *rows = make_vectors(4, 8, SEED);
    rec_error err = REC_ERROR_INIT;
    rec_near near[4];
    size_t found[4];

    (void)state;
    for (rec_index_kind kind = REC_INDEX_FLAT; kind <= REC_INDEX_FAISS; kind++) {
        rec_index *index = build(kind, rows, 4, 8), *none = NULL;

        for (size_t i = 0; i < 3; i++) {
            CHECK_STATUS(REC_EINVAL, rec_index_search(index, rows, 1, bad_k[i], 1, near, found, &err), &err);
            CHECK_STATUS(REC_EINVAL, rec_index_build(kind, rows, 0, bad_dim[i], &none, &err), &err);
        }
        CHECK_STATUS(REC_EINVAL, rec_index_build(kind, rows, (size_t)UINT32_MAX + 1, 8, &none, &err), &err);
        CHECK(none == NULL);
        rec_index_free(index);
    }
    rec_index_free(NULL);
    rec_free(rows);
}

static void running_out_of_memory_is_an_answer(void **state)
{
    float *rows = make_vectors(40, 8, SEED);
    bool failed = true;
    long allowed = 0;

    (void)state;
    for (; failed; allowed++) {
        rec_error err = REC_ERROR_INIT;
        rec_near near[40 * 3];
        size_t found[40];
        rec_index *index = NULL;
        rec_status rc;

        rec_alloc_fail_after(allowed);
        rc = rec_index_build(REC_INDEX_FLAT, rows, 40, 8, &index, &err);
        if (rc == REC_OK)
            rc = rec_index_search(index, rows, 40, 3, 2, near, found, &err);
        rec_alloc_fail_after(-1);
        failed = rc != REC_OK;
        if (failed) {
            CHECK_STATUS(REC_ENOMEM, rc, &err);
            CHECK_CONTAINS("memory", err.message);
            CHECK(index == NULL);
        }
        rec_index_free(index);
    }
    CHECK(allowed > 1);
    rec_free(rows);
}

/* ---- the module ------------------------------------------------------------------------------------------------ */

static rec_status load_module(size_t task, unsigned thread, void *context, rec_error *err)
{
    const void **tables = context;

    (void)thread;
    return rec_module_load("faiss", "rec_index_faiss_ops", &tables[task], err);
}

static void threads_that_load_a_module_get_one_table(void **state)
{
    const void *tables[16] = { NULL };
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, rec_parallel(16, 4, load_module, tables, &err), &err);
    for (size_t i = 0; i < 16; i++)
        CHECK(tables[i] != NULL && tables[i] == tables[0]);
}

static void a_module_that_cannot_be_used_is_named(void **state)
{
    rec_error err = REC_ERROR_INIT;
    const void *table = NULL;

    (void)state;
    CHECK_STATUS(REC_ESTALE, rec_module_load("nothing", "rec_nothing", &table, &err), &err);
    CHECK_CONTAINS("lib/recommend/nothing.so", err.message);
    CHECK_STATUS(REC_ESTALE, rec_module_load("faiss", "rec_nothing", &table, &err), &err);
    CHECK_CONTAINS("'rec_nothing'", err.message);
    CHECK(table == NULL);
}

static void a_folder_of_the_environment_comes_first_and_must_be_absolute(void **state)
{
    rec_error err = REC_ERROR_INIT;
    const void *table = NULL;

    (void)state;
    setenv("RECOMMEND_DATA", "lib", 1);
    CHECK_STATUS(REC_EINVAL, rec_module_load("nothing", "rec_nothing", &table, &err), &err);
    CHECK_CONTAINS("RECOMMEND_DATA is 'lib'", err.message);
    setenv("RECOMMEND_DATA", "/nowhere", 1);
    CHECK_STATUS(REC_ESTALE, rec_module_load("nothing", "rec_nothing", &table, &err), &err);
    CHECK_CONTAINS("/nowhere", err.message);
    setenv("RECOMMEND_DATA", REC_TEST_DATA, 1);
    CHECK_STATUS(REC_ESTALE, rec_module_load("formless", "rec_nothing", &table, &err), &err);
    CHECK_CONTAINS(REC_TEST_DATA "/formless.so", err.message); /* which is there, and no module */
    unsetenv("RECOMMEND_DATA");
}

/* ---- files of FAISS ------------------------------------------------------------------------------------------------ */

#define WRITTEN_DIM 32

static rec_status give_rows(void *context, size_t first, size_t n, float *out, rec_error *err)
{
    (void)err;
    memcpy(out, (const float *)context + first * WRITTEN_DIM, n * WRITTEN_DIM * sizeof(*out));
    return REC_OK;
}

static rec_status refuse_rows(void *context, size_t first, size_t n, float *out, rec_error *err)
{
    (void)context, (void)first, (void)n, (void)out;
    return rec_fail(err, REC_EDAMAGED, "the rows are damaged");
}

static rec_status gather(void *context, const char *bytes, size_t length, rec_error *err)
{
    rec_buf *file = context;

    rec_buf_add(file, bytes, length);
    return file->failed ? rec_fail(err, REC_EIO, "the disk is full") : REC_OK;
}

static void an_index_that_is_written_holds_the_rows_as_they_are(void **state)
{
    float *rows = make_vectors(1000, WRITTEN_DIM, SEED);
    rec_buf file = REC_BUF_INIT(SIZE_MAX / 2), empty = REC_BUF_INIT(4096);
    const rec_index_rows all = { 1000, WRITTEN_DIM, give_rows, rows }, none = { 0, WRITTEN_DIM, refuse_rows, NULL };
    const size_t bytes = 1000 * WRITTEN_DIM * sizeof(*rows);
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, rec_index_write_faiss(&all, gather, &file, &err), &err);
    CHECK(file.length > bytes);
    CHECK(memcmp(file.data + file.length - bytes, rows, bytes) == 0);
    CHECK_STATUS(REC_OK, rec_index_write_faiss(&none, gather, &empty, &err), &err);
    CHECK_INT(file.length - bytes, empty.length);
    CHECK(memcmp("IxFI", empty.data, 4) == 0);
    rec_buf_clear(&empty);
    rec_buf_clear(&file);
    rec_free(rows);
}

static void an_index_that_cannot_be_written_says_why(void **state)
{
    float *rows = make_vectors(1000, WRITTEN_DIM, SEED);
    rec_buf full = REC_BUF_INIT(5000);
    const rec_index_rows all = { 1000, WRITTEN_DIM, give_rows, rows }, damaged = { 1000, WRITTEN_DIM, refuse_rows, NULL },
                         wide = { 1, REC_INDEX_MAX_DIM + 1, give_rows, rows };
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_EIO, rec_index_write_faiss(&all, gather, &full, &err), &err);
    CHECK_STR("the disk is full", err.message);
    CHECK_STATUS(REC_EDAMAGED, rec_index_write_faiss(&damaged, gather, &full, &err), &err);
    CHECK_STR("the rows are damaged", err.message);
    CHECK_STATUS(REC_EINVAL, rec_index_write_faiss(&wide, gather, &full, &err), &err);
    rec_buf_clear(&full);
    rec_free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_that_load_a_module_get_one_table), /* first: nothing is loaded yet */
        cmocka_unit_test(a_module_that_cannot_be_used_is_named),
        cmocka_unit_test(a_folder_of_the_environment_comes_first_and_must_be_absolute),
        cmocka_unit_test(both_find_what_a_plain_loop_finds),
        cmocka_unit_test(faiss_proposes_what_the_exact_scan_finds),
        cmocka_unit_test(slices_of_a_large_search_join_without_a_seam),
        cmocka_unit_test(asking_for_more_than_there_is_gives_what_there_is),
        cmocka_unit_test(no_queries_is_no_work),
        cmocka_unit_test(equal_rows_come_by_rising_number),
        cmocka_unit_test(zero_vectors_are_like_nothing_and_still_found),
        cmocka_unit_test(large_components_are_found_too),
        cmocka_unit_test(threads_do_not_change_a_bit),
        cmocka_unit_test(what_is_not_a_number_is_refused),
        cmocka_unit_test(arguments_out_of_range_are_refused),
        cmocka_unit_test(running_out_of_memory_is_an_answer),
        cmocka_unit_test(an_index_that_is_written_holds_the_rows_as_they_are),
        cmocka_unit_test(an_index_that_cannot_be_written_says_why),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
