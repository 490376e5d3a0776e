/* The trained table brought to a store: whose words count how much, and when its rows are left as they are. */
#include "check.h"

#include "adapt.h"
#include "alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define DIM REC_TABLE_DIM
#define TRAINED_ON 100000u /* papers */

/* Buckets, by where they stand. */
enum { NOWHERE, RARE_IN_TABLE, FREQUENT_IN_TABLE, ONCE_IN_STORE, TWICE_IN_STORE, EVERYWHERE_IN_STORE, BUCKETS };

static char folder[] = "/tmp/rec-adapt-XXXXXX";
static char path[sizeof(folder) + 8];
static rec_table *table;
static float *rows, *idf; /* adapted: each test fills them anew */

static int make_table(void **state)
{
    float *weights = rec_alloc_array(REC_BLOCK_BUCKETS, sizeof(*weights));
    rec_error err = REC_ERROR_INIT;

    (void)state;
    rows = rec_alloc_aligned(REC_BLOCK_BUCKETS, DIM * sizeof(*rows));
    idf = rec_alloc_array(REC_BLOCK_BUCKETS, sizeof(*idf));
    if (!mkdtemp(folder) || !rows || !idf || !weights)
        return -1;
    snprintf(path, sizeof(path), "%s/table", folder);
    for (size_t i = 0; i < BUCKETS * DIM; i++)
        rows[i] = (float)((int)(i * 7 % 13) - 6) / 6;
    weights[RARE_IN_TABLE] = (float)log(TRAINED_ON / 10.0);
    weights[FREQUENT_IN_TABLE] = (float)log(2);
    if (rec_table_save(rows, weights, TRAINED_ON, path, &err) != REC_OK || rec_table_open(path, &table, &err) != REC_OK)
        return -1;
    rec_free(weights);
    return 0;
}

static int remove_table(void **state)
{
    (void)state;
    rec_table_close(table);
    rec_free(rows);
    rec_free(idf);
    unlink(path);
    return rmdir(folder);
}

/* Adapts to a store of `papers` without texts. */
static void adapt(const uint32_t *papers_with, uint64_t papers)
{
    const rec_training none = { .count = 0 };
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_table_adapt(table, &none, papers_with, papers, 1, rows, idf, &err), &err);
}

static void a_store_without_texts_has_the_rows_of_the_table(void **state)
{
    static uint32_t papers_with[REC_BLOCK_BUCKETS];
    float row[DIM];

    (void)state;
    memset(rows, 0, BUCKETS * DIM * sizeof(*rows));
    adapt(papers_with, 0);
    for (uint32_t bucket = 0; bucket < BUCKETS; bucket++) {
        rec_table_row(table, bucket, row);
        CHECK(row[0] != 0 || row[1] != 0);
        CHECK(memcmp(row, rows + bucket * DIM, sizeof(row)) == 0);
    }
}

static void a_word_that_one_paper_alone_has_weighs_nothing(void **state)
{
    static uint32_t papers_with[REC_BLOCK_BUCKETS];

    (void)state;
    papers_with[ONCE_IN_STORE] = 1;
    papers_with[TWICE_IN_STORE] = 2;
    adapt(papers_with, 1000);
    CHECK(idf[NOWHERE] == 0);
    CHECK(idf[ONCE_IN_STORE] == 0);
    CHECK(idf[TWICE_IN_STORE] > 5);
}

/* In an empty store the table's own weights stand, but for what is rarer than one in the papers it counts for. */
static void the_table_says_what_is_rare_where_the_store_is_small(void **state)
{
    static uint32_t papers_with[REC_BLOCK_BUCKETS];

    (void)state;
    adapt(papers_with, 0);
    CHECK_NEAR(log(2), (double)idf[FREQUENT_IN_TABLE], 1e-3);
    CHECK(idf[RARE_IN_TABLE] > 8);
}

/* A word that is rare in the table and in every paper of a large store tells its papers apart no more. */
static void the_store_says_what_is_rare_where_it_is_large(void **state)
{
    static uint32_t papers_with[REC_BLOCK_BUCKETS];

    (void)state;
    papers_with[RARE_IN_TABLE] = papers_with[EVERYWHERE_IN_STORE] = 200000;
    adapt(papers_with, 200000);
    CHECK_NEAR(log(205001.0 / 200002), (double)idf[EVERYWHERE_IN_STORE], 1e-3);
    CHECK(idf[RARE_IN_TABLE] < .05f);
    CHECK(idf[FREQUENT_IN_TABLE] > 4); /* which the store never uses */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_store_without_texts_has_the_rows_of_the_table),
        cmocka_unit_test(a_word_that_one_paper_alone_has_weighs_nothing),
        cmocka_unit_test(the_table_says_what_is_rare_where_the_store_is_small),
        cmocka_unit_test(the_store_says_what_is_rare_where_it_is_large),
    };

    return cmocka_run_group_tests(tests, make_table, remove_table);
}
