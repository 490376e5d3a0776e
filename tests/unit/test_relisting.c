/* Cells, and lists that are made in them: a partition, the same for any threads, and little is lost. */
#include "check.h"
#include "folder.h"

#include "alloc.h"
#include "cells.h"
#include "parallel.h"
#include "relisting.h"
#include "rec/vector.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PAPERS = 1600, TOPICS = 40, TOPIC_WORDS = 30, WORDS = 24, SILENT = 100 };

static char path[sizeof(folder) + 16];
static rec_model *model;
static rec_space space;
static rec_grams grams;

static int by_number(const void *left, const void *right)
{
    rec_count a = *(const rec_count *)left, b = *(const rec_count *)right;

    return (a > b) - (a < b);
}

/* A paper of one topic, with words that all topics share; every SILENT-th has none. Rising. */
static size_t invent(size_t number, rec_count *out)
{
    rec_random random = { number + 1 };
    size_t topic = (size_t)rec_random_below(&random, TOPICS), kept = 0;

    for (size_t i = 0; i < WORDS; i++) {
        uint32_t shared = 60000 + (uint32_t)rec_random_below(&random, 300);
        uint32_t own = (uint32_t)(topic * 997 + rec_random_below(&random, TOPIC_WORDS));

        out[i] = (i % 4 == 0 ? shared : own) << REC_TF_BITS | 1;
    }
    qsort(out, WORDS, sizeof(*out), by_number);
    for (size_t i = 0; i < WORDS && number % SILENT != 7; i++)
        if (i == 0 || out[i] != out[kept - 1])
            out[kept++] = out[i];
    return kept;
}

static void fill_row(size_t row, const rec_count *items, size_t length)
{
    float vector[REC_DIM_MAX];

    space.docs[row] = (uint32_t)row + 1;
    space.precedence[row] = (uint32_t)row;
    rec_model_block_scales(model, items, length, space.scales + row * REC_BLOCKS);
    rec_model_embed(model, items, length, vector);
    rec_space_put(&space, row, vector);
}

/* A model of the large kind, whose lists are made in panels. */
static int make_papers(void **state)
{
    static rec_count items[PAPERS * WORDS];
    static uint64_t offsets[PAPERS + 1];
    static uint32_t papers_with[REC_FEATURES];
    rec_fit fit = { .rows = { items, offsets, PAPERS }, .census = { REC_SMALL_STORE + 1, PAPERS, papers_with }, .threads = 2 };
    rec_gram_place places[PAPERS];
    rec_grams_writer *writer;
    rec_error err = REC_ERROR_INIT;

    if (make_folder(state) != 0)
        return -1;
    snprintf(path, sizeof(path), "%s/grams", folder);
    CHECK_STATUS(REC_OK, rec_grams_create(path, &writer, &err), &err);
    for (size_t i = 0; i < PAPERS; i++) {
        rec_count *row = items + offsets[i];
        uint16_t words[2 + 3 * WORDS];
        size_t length = invent(i, row);
        rec_packed packed = { words, rec_pack(row, length, words) };

        for (size_t j = 0; j < length; j++)
            papers_with[rec_count_feature(row[j])]++;
        offsets[i + 1] = offsets[i] + length;
        CHECK_STATUS(REC_OK, rec_grams_put(writer, packed, &places[i], &err), &err);
    }
    CHECK_STATUS(REC_OK, rec_grams_commit(writer, places, PAPERS, &err), &err);
    CHECK_STATUS(REC_OK, rec_grams_open(path, PAPERS, NULL, &grams, &err), &err);
    CHECK_STATUS(REC_OK, rec_model_fit(&fit, &model, &err), &err);
    CHECK_STATUS(REC_OK, rec_space_new(PAPERS, rec_model_dim(model), false, &space, &err), &err);
    for (size_t i = 0; i < PAPERS; i++)
        fill_row(i, items + offsets[i], (size_t)(offsets[i + 1] - offsets[i]));
    return 0;
}

static int free_papers(void **state)
{
    rec_space_close(&space);
    rec_grams_close(&grams);
    rec_model_free(model);
    remove_files();
    return remove_folder(state);
}

/* ---- cells --------------------------------------------------------------------------------------------------------- */

static void every_row_stands_in_one_cell_whatever_the_threads(void **state)
{
    rec_error err = REC_ERROR_INIT;
    rec_cells first;

    (void)state;
    CHECK_STATUS(REC_OK, rec_cells_make(&space, 1, &first, &err), &err);
    CHECK_INT(40, first.count);
    CHECK_INT(0, first.starts[0]);
    CHECK_INT(PAPERS, first.starts[first.count]);
    for (size_t cell = 0; cell < first.count; cell++) {
        CHECK_INT(cell, first.near[cell * first.count]);
        for (size_t i = first.starts[cell]; i < first.starts[cell + 1]; i++) {
            CHECK_INT(cell, first.cell[first.order[i]]);
            CHECK(i == first.starts[cell] || first.order[i - 1] < first.order[i]);
        }
    }
    for (unsigned threads = 2; threads <= 3; threads++) {
        rec_cells other;

        CHECK_STATUS(REC_OK, rec_cells_make(&space, threads, &other, &err), &err);
        CHECK(memcmp(first.order, other.order, PAPERS * sizeof(*first.order)) == 0);
        CHECK(memcmp(first.near, other.near, first.count * first.count * sizeof(*first.near)) == 0);
        rec_cells_clear(&other);
    }
    rec_cells_clear(&first);
}

/* Rows of one topic have hardly a word in common with another's: they fall into few cells. */
static void papers_of_a_topic_share_cells(void **state)
{
    rec_error err = REC_ERROR_INIT;
    rec_cells cells;
    size_t alike = 0, pairs = 0;

    (void)state;
    CHECK_STATUS(REC_OK, rec_cells_make(&space, 2, &cells, &err), &err);
    for (size_t i = 0; i < PAPERS; i++) {
        rec_random random = { i + 1 };
        size_t topic = (size_t)rec_random_below(&random, TOPICS);

        for (size_t j = i + 1; j < PAPERS; j++) {
            rec_random other = { j + 1 };

            if ((size_t)rec_random_below(&other, TOPICS) != topic)
                continue;
            pairs++;
            alike += cells.cell[i] == cells.cell[j];
        }
    }
    CHECK(alike * 2 > pairs); /* one in 40 by chance */
    rec_cells_clear(&cells);
}

/* A store of a few rows, or without a vector, has its cells too. */
static void few_rows_make_few_cells(void **state)
{
    rec_error err = REC_ERROR_INIT;

    (void)state;
    for (size_t count = 0; count <= 5; count++) {
        rec_space few = space;
        rec_cells cells;

        few.count = count;
        CHECK_STATUS(REC_OK, rec_cells_make(&few, 2, &cells, &err), &err);
        CHECK_INT(count < 4 ? 1 : 2, cells.count);
        CHECK_INT(count, cells.starts[cells.count]);
        rec_cells_clear(&cells);
    }
}

/* More rows than the centres are found from. */
static void rows_that_no_centre_is_found_from_have_their_cells_too(void **state)
{
    enum { MANY = 5000, CELLS = 70 };
    rec_random random = { 5 };
    rec_space many;
    rec_cells cells;
    size_t own = 0;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, rec_space_new(MANY, rec_model_dim(model), false, &many, &err), &err);
    for (size_t row = 0; row < MANY; row++) {
        float vector[REC_DIM_MAX] = { 0 };

        for (size_t i = 0; i < 8; i++)
            vector[i] = rec_random_unit(&random) - 0.5f;
        vector[8 + row % CELLS] = 4; /* of one group of as many as there are cells */
        rec_space_put(&many, row, vector);
    }
    CHECK_STATUS(REC_OK, rec_cells_make(&many, 2, &cells, &err), &err);
    CHECK_INT(CELLS, cells.count);
    CHECK_INT(MANY, cells.starts[CELLS]);
    for (size_t row = CELLS; row < MANY; row++)
        own += cells.cell[row] == cells.cell[row % CELLS];
    CHECK(own > (MANY - CELLS) / 10 * 9); /* one in 70 by chance */
    rec_cells_clear(&cells);
    rec_space_close(&many);
}

/* ---- lists --------------------------------------------------------------------------------------------------------- */

struct made {
    rec_list lists[PAPERS];
    size_t count;
};

static rec_status take_list(size_t row, const rec_list *list, void *context, rec_error *err)
{
    struct made *made = context;

    (void)err;
    CHECK_INT(made->count, row); /* by rising row */
    made->lists[made->count].count = list->count;
    made->lists[made->count].reach = list->reach;
    memcpy(made->lists[made->count++].items, list->items, list->count * sizeof(*list->items));
    return REC_OK;
}

static struct made *relist(size_t compare_all, unsigned threads, double *recall)
{
    rec_layout layout = { .codes = space.dense, .factors = space.factors, .count = space.count, .dim = space.dim };
    rec_list_maker maker = { .model = model, .space = &space, .grams = &grams, .threads = threads };
    struct made *made = rec_alloc(sizeof(*made));
    rec_panels *panels;
    rec_error err = REC_ERROR_INIT;

    CHECK(made != NULL);
    CHECK_STATUS(REC_OK, rec_panels_new(&layout, threads, &panels, &err), &err);
    maker.panels = panels;
    CHECK_STATUS(REC_OK, rec_relist(&maker, compare_all, take_list, made, recall, &err), &err);
    CHECK_INT(PAPERS, made->count);
    rec_panels_free(panels);
    return made;
}

static double recall_of(const struct made *exact, const struct made *found)
{
    size_t common = 0, all = 0;

    for (size_t row = 0; row < PAPERS; row++)
        for (size_t i = 0; i < exact->lists[row].count && i < 10; i++, all++)
            for (size_t j = 0; j < found->lists[row].count && j < 10; j++)
                common += exact->lists[row].items[i].doc == found->lists[row].items[j].doc;
    return (double)common / (double)all;
}

static void lists_made_in_cells_are_nearly_those_of_comparing_all(void **state)
{
    double all_recall, recall;
    struct made *all = relist(PAPERS, 2, &all_recall), *cells = relist(PAPERS - 1, 2, &recall);
    bool differ = memcmp(all, cells, sizeof(*all)) != 0;

    (void)state;
    CHECK(all_recall == 1);
    CHECK(recall >= REC_LEAST_RECALL && recall <= 1);
    CHECK_NEAR(recall, recall_of(all, cells), 0.02);
    CHECK(differ || recall == 1);
    CHECK_INT(0, cells->lists[7].count); /* nothing is like a paper without words */
    rec_free(all);
    rec_free(cells);
}

static void threads_do_not_change_a_list(void **state)
{
    double recall, other_recall;

    (void)state;
    for (size_t compare_all = 0; compare_all <= PAPERS; compare_all += PAPERS) {
        struct made *first = relist(compare_all, 1, &recall), *other = relist(compare_all, 3, &other_recall);

        CHECK(recall == other_recall);
        CHECK(memcmp(first, other, sizeof(*first)) == 0);
        rec_free(first);
        rec_free(other);
    }
}

static void memory_running_out_is_reported(void **state)
{
    rec_list_maker maker = { .model = model, .space = &space, .grams = &grams, .threads = 1 };
    struct made *made = rec_alloc(sizeof(*made));
    long step = 1;
    bool done = false;

    (void)state;
    CHECK(made != NULL);
    for (long allowed = 0; !done; allowed += step, step += step / 4) {
        rec_error err = REC_ERROR_INIT;
        double recall;
        rec_status rc;

        made->count = 0;
        rec_alloc_fail_after(allowed);
        rc = rec_relist(&maker, 0, take_list, made, &recall, &err);
        rec_alloc_fail_after(-1);
        done = rc == REC_OK;
        if (!done)
            CHECK_STATUS(REC_ENOMEM, rc, &err);
        step += allowed > 40;
    }
    rec_free(made);
}

/* Vectors that tell nothing of each other: the nearest lie in any cell. Last, for it changes the vectors. */
static void where_cells_tell_little_more_of_them_are_looked_into(void **state)
{
    rec_random random = { 29 };
    double recall;
    struct made *all, *cells;

    (void)state;
    for (size_t row = 0; row < PAPERS; row++) {
        float vector[REC_DIM_MAX];

        for (size_t i = 0; i < space.dim; i++)
            vector[i] = rec_random_unit(&random) - 0.5f;
        rec_space_put(&space, row, vector);
    }
    all = relist(PAPERS, 2, &recall);
    cells = relist(0, 2, &recall);
    CHECK(recall >= REC_LEAST_RECALL);
    CHECK_NEAR(recall, recall_of(all, cells), 0.02);
    rec_free(all);
    rec_free(cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_stands_in_one_cell_whatever_the_threads),
        cmocka_unit_test(papers_of_a_topic_share_cells),
        cmocka_unit_test(few_rows_make_few_cells),
        cmocka_unit_test(rows_that_no_centre_is_found_from_have_their_cells_too),
        cmocka_unit_test(lists_made_in_cells_are_nearly_those_of_comparing_all),
        cmocka_unit_test(threads_do_not_change_a_list),
        cmocka_unit_test(memory_running_out_is_reported),
        cmocka_unit_test(where_cells_tell_little_more_of_them_are_looked_into),
    };

    return cmocka_run_group_tests(tests, make_papers, free_papers);
}
