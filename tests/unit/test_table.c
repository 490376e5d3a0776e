/* The trained table: training brings partners together, bit for bit the same however it is run; the file keeps it within a step and can
 * refuse. */
#include "check.h"
#include "folder.h"

#include "alloc.h"
#include "rec/table.h"
#include "rec/vector.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DIM REC_TABLE_DIM

static char path[sizeof(folder) + 8], other[sizeof(folder) + 8];

static int set_up(void **state)
{
    if (make_folder(state) != 0)
        return -1;
    snprintf(path, sizeof(path), "%s/table", folder);
    snprintf(other, sizeof(other), "%s/other", folder);
    return 0;
}

static int tear_down(void **state)
{
    unlink(path);
    unlink(other);
    return remove_folder(state);
}

static float *new_rows(void)
{
    float *rows = rec_alloc_aligned(REC_BLOCK_BUCKETS, DIM * sizeof(*rows));

    CHECK(rows != NULL);
    return rows;
}

static float number(rec_random *random)
{
    return (float)((double)(rec_random_next(random) >> 40) / (1 << 23) - 1);
}

/* ---- training -------------------------------------------------------------------------------------------------------- */

/*
 * Papers of 40 topics. A topic has words that stand in its titles alone and others that stand in its abstracts alone: only training can
 * tell which belong together.
 */
#define TOPICS 40u
#define PAPERS 400u
#define TITLE 4u
#define ABSTRACT 24u
#define TITLE_WORDS 6u /* of a topic */
#define ABSTRACT_WORDS 30u
#define WORDS (TOPICS * (TITLE_WORDS + ABSTRACT_WORDS))

static rec_token tokens[PAPERS * (TITLE + ABSTRACT)];
static uint64_t offsets[2 * PAPERS + 1];
static uint32_t authors[PAPERS];
static float idf[REC_BLOCK_BUCKETS];
static const rec_training texts = { tokens, offsets, authors, PAPERS };
static const rec_training_plan plan = { .batch = 64,
                                        .temperature = .1f,
                                        .rate = .2f,
                                        .steps = 60,
                                        .warm_up = 5,
                                        .title_share = .6f,
                                        .author_share = .1f,
                                        .seed = 7,
                                        .threads = 2 };

static uint16_t title_word(unsigned topic, unsigned n)
{
    return (uint16_t)(topic * TITLE_WORDS + n);
}

static uint16_t abstract_word(unsigned topic, unsigned n)
{
    return (uint16_t)(TOPICS * TITLE_WORDS + topic * ABSTRACT_WORDS + n);
}

static void invent_papers(void)
{
    rec_random random = { 5 };
    size_t at = 0;

    for (unsigned paper = 0; paper < PAPERS; paper++) {
        unsigned topic = paper % TOPICS;

        offsets[2 * paper] = at;
        for (unsigned i = 0; i < TITLE; i++)
            tokens[at++] = (rec_token){ title_word(topic, (unsigned)rec_random_below(&random, TITLE_WORDS)), 0, REC_TOKEN_WORD };
        offsets[2 * paper + 1] = at;
        for (unsigned i = 0; i < ABSTRACT; i++)
            tokens[at++] = (rec_token){ abstract_word(topic, (unsigned)rec_random_below(&random, ABSTRACT_WORDS)), 0, REC_TOKEN_WORD };
        authors[paper] = 1 + topic;
    }
    offsets[2 * PAPERS] = at;
    for (size_t i = 0; i < WORDS; i++)
        idf[i] = 1;
}

static float *random_rows(void)
{
    float *rows = new_rows();
    rec_random random = { 3 };

    for (size_t i = 0; i < WORDS * DIM; i++)
        rows[i] = number(&random) / 9;
    return rows;
}

static void add_unit(const float *rows, uint16_t word, float *sum)
{
    rec_add_scaled(sum, 1, rows + (size_t)word * DIM, DIM);
}

/* Mean cosine of each topic's title words with its abstract words, less that with the next topic's. */
static double partners_over_strangers(const float *rows)
{
    float titles[TOPICS][DIM] = { { 0 } }, abstracts[TOPICS][DIM] = { { 0 } };
    double difference = 0;

    for (unsigned topic = 0; topic < TOPICS; topic++) {
        for (unsigned i = 0; i < TITLE_WORDS; i++)
            add_unit(rows, title_word(topic, i), titles[topic]);
        for (unsigned i = 0; i < ABSTRACT_WORDS; i++)
            add_unit(rows, abstract_word(topic, i), abstracts[topic]);
        rec_normalise(titles[topic], DIM);
        rec_normalise(abstracts[topic], DIM);
    }
    for (unsigned topic = 0; topic < TOPICS; topic++)
        difference +=
            (double)(rec_dot(titles[topic], abstracts[topic], DIM) - rec_dot(titles[topic], abstracts[(topic + 1) % TOPICS], DIM));
    return difference / TOPICS;
}

static void train(const rec_training_plan *how, float *rows)
{
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_table_train(&texts, idf, how, rows, &err), &err);
}

static void partners_are_nearer_than_strangers_after_training_and_not_before(void **state)
{
    float *rows = random_rows();
    double before = partners_over_strangers(rows), after;

    (void)state;
    train(&plan, rows);
    after = partners_over_strangers(rows);
    if (!(fabs(before) < .05 && after > .5))
        fail_msg("partners were nearer than strangers by %.3f before training, by %.3f after it", before, after);
    rec_free(rows);
}

static void neither_threads_nor_another_run_change_a_bit(void **state)
{
    rec_training_plan how = plan;
    float *first = random_rows();

    (void)state;
    how.steps = 12;
    how.threads = 1;
    train(&how, first);
    for (how.threads = 1; how.threads <= 3; how.threads++) {
        float *again = random_rows();

        train(&how, again);
        CHECK(memcmp(first, again, (size_t)WORDS * DIM * sizeof(*first)) == 0);
        rec_free(again);
    }
    rec_free(first);
}

static void the_seed_decides_what_is_drawn(void **state)
{
    rec_training_plan how = plan;
    float *first = random_rows(), *second = random_rows();

    (void)state;
    how.steps = 3;
    train(&how, first);
    how.seed++;
    train(&how, second);
    CHECK(memcmp(first, second, (size_t)WORDS * DIM * sizeof(*first)) != 0);
    rec_free(first);
    rec_free(second);
}

/* Half of the features weigh nothing: their rows stay as they were, and the others do not. */
static void a_feature_without_weight_is_not_trained(void **state)
{
    rec_training_plan how = plan;
    float *rows = random_rows(), *before = random_rows();
    size_t moved = 0, left = 0;

    (void)state;
    how.steps = 12;
    for (size_t i = 1; i < WORDS; i += 2)
        idf[i] = 0;
    train(&how, rows);
    for (size_t i = 0; i < WORDS; i++) {
        bool same = memcmp(rows + i * DIM, before + i * DIM, DIM * sizeof(*rows)) == 0;

        CHECK(same || i % 2 == 0);
        moved += !same;
        left += same;
        idf[i] = 1;
    }
    CHECK(moved > WORDS / 3 && left >= WORDS / 2);
    rec_free(rows);
    rec_free(before);
}

static void count_steps(void *context, size_t step, size_t steps)
{
    size_t *told = context;

    CHECK_INT(++*told, step);
    CHECK_INT(3, steps);
}

static void progress_is_told_after_every_step(void **state)
{
    rec_training_plan how = plan;
    float *rows = random_rows();
    size_t told = 0;

    (void)state;
    how.steps = 3;
    how.progress = count_steps;
    how.context = &told;
    train(&how, rows);
    CHECK_INT(3, told);
    rec_free(rows);
}

/* One paper has nothing to be told from. */
static void a_single_paper_changes_nothing(void **state)
{
    const rec_training one = { tokens, offsets, authors, 1 };
    rec_training_plan how = plan;
    float *rows = random_rows(), *before = random_rows();
    rec_error err = REC_ERROR_INIT;

    (void)state;
    how.steps = 4;
    CHECK_STATUS(REC_OK, rec_table_train(&one, idf, &how, rows, &err), &err);
    CHECK(memcmp(rows, before, (size_t)WORDS * DIM * sizeof(*rows)) == 0);
    rec_free(rows);
    rec_free(before);
}

static void memory_running_out_in_training_is_reported(void **state)
{
    rec_training_plan how = plan;
    float *rows = random_rows();
    long allowed = 0;

    (void)state;
    how.steps = 1;
    how.threads = 1;
    for (;; allowed++) {
        rec_error err = REC_ERROR_INIT;
        rec_status rc;

        rec_alloc_fail_after(allowed);
        rc = rec_table_train(&texts, idf, &how, rows, &err);
        rec_alloc_fail_after(-1);
        if (rc == REC_OK)
            break;
        CHECK_STATUS(REC_ENOMEM, rc, &err);
        CHECK_CONTAINS("out of memory", err.message);
    }
    CHECK(allowed > 15);
    rec_free(rows);
}

/* ---- the file -------------------------------------------------------------------------------------------------------- */

static const uint32_t filled[] = { 0, 1, 77, 40000, 65535 }; /* buckets of the saved table that are not zero */

static float *rows_to_save(float *weights)
{
    float *rows = new_rows();
    rec_random random = { 21 };

    for (size_t i = 0; i < COUNT(filled); i++) {
        for (size_t j = 0; j < DIM; j++) /* nearer to Gaussian than one number, so that the steps' ends are reached */
            rows[filled[i] * DIM + j] = (float)(i + 1) * (number(&random) + number(&random) + number(&random));
        weights[filled[i]] = (float)(i + 1) * 1.7f;
    }
    return rows;
}

static void save(void)
{
    float *weights = rec_alloc_array(REC_BLOCK_BUCKETS, sizeof(*weights));
    rec_error err = REC_ERROR_INIT;
    float *rows;

    CHECK(weights != NULL);
    rows = rows_to_save(weights);
    CHECK_STATUS(REC_OK, rec_table_save(rows, weights, 4321, path, &err), &err);
    rec_free(rows);
    rec_free(weights);
}

static rec_table *open_saved(const char *name)
{
    rec_table *table = NULL;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_table_open(name, &table, &err), &err);
    return table;
}

/* Seven steps on either side of zero span 2.6 standard deviations; what lies beyond is the last step. */
static void rows_come_back_within_half_a_step(void **state)
{
    float *weights = rec_alloc_array(REC_BLOCK_BUCKETS, sizeof(*weights)), *rows, got[DIM];
    rec_table *table;
    size_t cut = 0;

    (void)state;
    CHECK(weights != NULL);
    rows = rows_to_save(weights);
    save();
    table = open_saved(path);
    for (size_t i = 0; i < COUNT(filled); i++) {
        const float *row = rows + filled[i] * DIM;
        double step = 2.6 / 7 * sqrt((double)rec_dot(row, row, DIM) / DIM);

        rec_table_row(table, filled[i], got);
        for (size_t j = 0; j < DIM; j++) {
            double component = (double)row[j], most = 7 * step;
            bool beyond = fabs(component) > most;

            cut += beyond;
            CHECK_NEAR(beyond ? copysign(most, component) : component, (double)got[j], step * .505);
        }
    }
    CHECK(cut > 0);
    rec_table_row(table, 2, got);
    for (size_t j = 0; j < DIM; j++)
        CHECK(got[j] == 0);
    rec_table_close(table);
    rec_free(rows);
    rec_free(weights);
}

static void weights_and_papers_come_back(void **state)
{
    rec_table *table;

    (void)state;
    save();
    table = open_saved(path);
    CHECK_INT(4321, rec_table_papers(table));
    for (size_t i = 0; i < COUNT(filled); i++)
        CHECK_NEAR((double)(i + 1) * 1.7, (double)rec_table_idf(table, filled[i]), 5 * 1.7 / 65535);
    CHECK(rec_table_idf(table, 2) == 0);
    CHECK_INT(32, strlen(rec_table_fingerprint(table)));
    rec_table_close(table);
}

static uint8_t *read_file(const char *name, size_t *length)
{
    FILE *file = fopen(name, "rb");
    struct stat st;
    uint8_t *content;

    CHECK(file != NULL);
    CHECK(fstat(fileno(file), &st) == 0);
    *length = (size_t)st.st_size;
    content = rec_alloc_array(*length, 1);
    CHECK(content != NULL);
    CHECK_INT(*length, fread(content, 1, *length, file));
    fclose(file);
    return content;
}

static void write_file(const char *name, const uint8_t *content, size_t length)
{
    FILE *file = fopen(name, "wb");

    CHECK(file != NULL);
    CHECK_INT(length, fwrite(content, 1, length, file));
    CHECK(fclose(file) == 0);
}

static void a_copy_has_the_same_bytes(void **state)
{
    rec_table *table;
    rec_error err = REC_ERROR_INIT;
    uint8_t *first, *second;
    size_t first_length, second_length;

    (void)state;
    save();
    table = open_saved(path);
    CHECK_STATUS(REC_OK, rec_table_copy(table, other, &err), &err);
    CHECK_STATUS(REC_OK, rec_table_copy(table, path, &err), &err); /* onto itself */
    rec_table_close(table);
    first = read_file(path, &first_length);
    second = read_file(other, &second_length);
    CHECK_INT(first_length, second_length);
    CHECK(memcmp(first, second, first_length) == 0);
    rec_table_close(open_saved(other));
    rec_free(first);
    rec_free(second);
}

/* The caller, who knows whose table it is, says what helps: the message does not. */
static void check_refused(rec_status expected, const char *part)
{
    rec_table *table = NULL;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(expected, rec_table_open(path, &table, &err), &err);
    CHECK(table == NULL);
    CHECK_CONTAINS(path, err.message);
    CHECK_CONTAINS(part, err.message);
    CHECK(!strstr(err.message, "recommend build"));
}

static void a_damaged_or_cut_table_is_refused(void **state)
{
    size_t length;
    uint8_t *content;

    (void)state;
    save();
    content = read_file(path, &length);
    for (size_t at = 0; at < length; at += 1 + length / 9) {
        content[at] ^= 1;
        write_file(path, content, length);
        check_refused(REC_EDAMAGED, "");
        content[at] ^= 1;
        write_file(path, content, at);
        check_refused(REC_EDAMAGED, "");
    }
    rec_free(content);
    unlink(path);
    check_refused(REC_ESTALE, "missing");
}

/* Seals a payload whose checksum is right as whatever it says it is. */
static void seal(const char *kind, uint32_t version, const uint8_t *payload, size_t length)
{
    rec_sealed_info info = { .version = version, .dim = DIM, .count = REC_BLOCK_BUCKETS };
    rec_sealed_writer *writer = NULL;
    rec_error err = REC_ERROR_INIT;

    snprintf(info.kind, sizeof(info.kind), "%s", kind);
    CHECK_STATUS(REC_OK, rec_sealed_create(path, &info, &writer, &err), &err);
    CHECK_STATUS(REC_OK, rec_sealed_write(writer, payload, length, &err), &err);
    CHECK_STATUS(REC_OK, rec_sealed_commit(writer, &err), &err);
}

static void a_foreign_table_is_refused(void **state)
{
    size_t length;
    uint8_t *content, *payload;

    (void)state;
    save();
    content = read_file(path, &length);
    payload = content + REC_SEALED_HEADER;
    memcpy(&length, content + 32, sizeof(length)); /* of the payload alone */
    seal("model", REC_TABLE_VERSION, payload, length);
    check_refused(REC_EDAMAGED, "it holds 'model', not 'table'");
    seal("table", REC_TABLE_VERSION + 1, payload, length);
    check_refused(REC_ESTALE, "layout version 2, this program reads 1");
    seal("table", REC_TABLE_VERSION, payload, length - 1);
    check_refused(REC_EDAMAGED, "bytes, expected");
    payload[0]++; /* the version of the n-gram rules stands first */
    seal("table", REC_TABLE_VERSION, payload, length);
    check_refused(REC_ESTALE, "n-grams of version 2");
    payload[0]--;
    seal("table", REC_TABLE_VERSION, payload, length);
    rec_table_close(open_saved(path));
    rec_free(content);
}

static void memory_running_out_in_writing_leaves_the_old_file(void **state)
{
    float *weights = rec_alloc_array(REC_BLOCK_BUCKETS, sizeof(*weights)), *rows = new_rows();
    long allowed = 0;

    (void)state;
    CHECK(weights != NULL);
    save();
    for (;; allowed++) {
        rec_error err = REC_ERROR_INIT;
        rec_table *table;
        rec_status rc;

        rec_alloc_fail_after(allowed);
        rc = rec_table_save(rows, weights, 1, path, &err);
        rec_alloc_fail_after(-1);
        table = open_saved(path);
        CHECK_INT(rc == REC_OK ? 1 : 4321, rec_table_papers(table));
        rec_table_close(table);
        if (rc == REC_OK)
            break;
        CHECK_STATUS(REC_ENOMEM, rc, &err);
    }
    CHECK(allowed >= 3);
    rec_free(rows);
    rec_free(weights);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(partners_are_nearer_than_strangers_after_training_and_not_before),
        cmocka_unit_test(neither_threads_nor_another_run_change_a_bit),
        cmocka_unit_test(the_seed_decides_what_is_drawn),
        cmocka_unit_test(a_feature_without_weight_is_not_trained),
        cmocka_unit_test(progress_is_told_after_every_step),
        cmocka_unit_test(a_single_paper_changes_nothing),
        cmocka_unit_test(memory_running_out_in_training_is_reported),
        cmocka_unit_test(rows_come_back_within_half_a_step),
        cmocka_unit_test(weights_and_papers_come_back),
        cmocka_unit_test(a_copy_has_the_same_bytes),
        cmocka_unit_test(a_damaged_or_cut_table_is_refused),
        cmocka_unit_test(a_foreign_table_is_refused),
        cmocka_unit_test(memory_running_out_in_writing_leaves_the_old_file),
    };

    invent_papers();
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
