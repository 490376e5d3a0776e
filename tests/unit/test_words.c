/* Which papers have a word: the file, what is found by it, and scoring what was found. Held against plain loops. */
#include "check.h"
#include "folder.h"

#include "alloc.h"
#include "buf.h"
#include "nearest.h"
#include "overlap.h"
#include "rec/vector.h"
#include "scan.h"
#include "words.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ROWS (2 * REC_WORDS_SEGMENT + 1234)
#define COMMON 4     /* features that any row may have, */
#define FEATURES 200 /* and those that a few have */
#define RARE 60000u  /* in the rows of every segment's end alone */
#define NO_WORDS 77u /* a row without n-grams */
#define MOST_OF_A_ROW 40

static char path[sizeof(folder) + 8], grams_path[sizeof(folder) + 16];
static _Alignas(64) uint8_t room[REC_WORDS_ROOM];
static rec_model *model;
static rec_space space;
static rec_grams grams;
static rec_count (*made)[MOST_OF_A_ROW]; /* (ROWS) what rows have; 0 behind the last */

/* ---- made papers --------------------------------------------------------------------------------------------------- */

/* By rising feature; the same for a row each time. */
static size_t make_row(size_t row, rec_count *items)
{
    bool is_rare = row % REC_WORDS_SEGMENT >= REC_WORDS_SEGMENT - 3;
    rec_random random = { 1 + row };
    size_t count = 0;

    if (row == NO_WORDS)
        return 0;
    for (uint32_t feature = 0; feature < FEATURES && count < MOST_OF_A_ROW - 2; feature++)
        if (rec_random_below(&random, is_rare ? 100 : feature < COMMON ? 6 : 30) == 0)
            items[count++] = feature << REC_TF_BITS | (uint32_t)(1 + rec_random_below(&random, 7));
    if (is_rare)
        items[count++] = RARE << REC_TF_BITS | 7;
    items[count++] = (REC_BLOCK_BUCKETS + (uint32_t)(row % 9)) << REC_TF_BITS | 1;
    return count;
}

static void fit(void)
{
    rec_count items[200 * MOST_OF_A_ROW];
    uint64_t offsets[201] = { 0 };
    rec_fit fit = { .rows = { items, offsets, 200 }, .threads = 1 };
    rec_error err = REC_ERROR_INIT;

    for (size_t i = 0; i < 200; i++)
        offsets[i + 1] = offsets[i] + make_row(i < 199 ? i : REC_WORDS_SEGMENT - 1, items + offsets[i]);
    CHECK_STATUS(REC_OK, rec_model_fit(&fit, &model, &err), &err);
}

static void fill(void)
{
    rec_gram_place *places = rec_alloc_array(ROWS, sizeof(*places));
    rec_random random = { 3 };
    rec_grams_writer *writer;
    rec_error err = REC_ERROR_INIT;

    made = rec_alloc_array(ROWS, sizeof(*made));
    CHECK(places && made);
    CHECK_STATUS(REC_OK, rec_space_new(ROWS, rec_model_dim(model), false, &space, &err), &err);
    CHECK_STATUS(REC_OK, rec_grams_create(grams_path, &writer, &err), &err);
    for (size_t row = 0; row < ROWS; row++) {
        rec_count *items = made[row];
        uint16_t words[REC_BLOCKS + 3 * MOST_OF_A_ROW];
        float vector[REC_DIM_MAX] = { 0 };
        size_t count = make_row(row, items);
        rec_packed packed = { words, rec_pack(items, count, words) };

        CHECK_STATUS(REC_OK, rec_grams_put(writer, packed, &places[row], &err), &err);
        space.docs[row] = (uint32_t)row + 1;
        space.precedence[row] = (uint32_t)(ROWS - row);
        rec_model_block_scales(model, items, count, space.scales + row * REC_BLOCKS);
        for (size_t j = 0; j < 16 && count > 0; j++) /* nothing that the words could tell */
            vector[j] = rec_random_unit(&random) - 0.5f;
        rec_space_put(&space, row, vector);
    }
    memset(space.ngrams, 'n', sizeof(space.ngrams));
    CHECK_STATUS(REC_OK, rec_grams_commit(writer, places, ROWS, &err), &err);
    CHECK_STATUS(REC_OK, rec_grams_open(grams_path, ROWS, NULL, &grams, &err), &err);
    rec_free(places);
}

static int set_up(void **state)
{
    if (make_folder(state) != 0)
        return -1;
    snprintf(path, sizeof(path), "%s/words", folder);
    snprintf(grams_path, sizeof(grams_path), "%s/grams.1", folder);
    fit();
    fill();
    return 0;
}

static int tear_down(void **state)
{
    rec_free(made);
    rec_grams_close(&grams);
    rec_space_close(&space);
    rec_model_free(model);
    remove_files();
    return remove_folder(state);
}

static void write_words(const rec_words *old, size_t unchanged, unsigned threads)
{
    rec_words_source source = { &space, &grams, rec_model_fingerprint(model), old, unchanged, threads };
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_words_write(path, &source, &err), &err);
}

static rec_words open_words(void)
{
    rec_words words;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_words_open(path, &space, model, &words, &err), &err);
    return words;
}

/* ---- the file ------------------------------------------------------------------------------------------------------ */

/* Times that a row has a bucket of block W. */
static uint32_t plain_tf(size_t row, uint32_t bucket)
{
    for (size_t i = 0; i < MOST_OF_A_ROW && made[row][i]; i++)
        if (rec_count_feature(made[row][i]) == bucket)
            return rec_count_tf(made[row][i]);
    return 0;
}

static void a_list_has_the_rows_of_its_word_by_class(void **state)
{
    static const uint16_t BUCKETS[] = { 0, COMMON - 1, COMMON, FEATURES - 1, FEATURES, RARE, UINT16_MAX };
    rec_words words;

    (void)state;
    write_words(NULL, 0, 1);
    words = open_words();
    CHECK_INT(3, words.segment_count);
    for (size_t at = 0; at < words.segment_count; at++) {
        rec_words_segment segment = rec_words_segment_at(&words, at);

        CHECK_INT(at < 2 ? REC_WORDS_SEGMENT : 1234, segment.rows);
        for (size_t i = 0; i < COUNT(BUCKETS); i++) {
            size_t next[REC_WORD_CLASSES] = { 0 };
            rec_word_list list;
            rec_error err = REC_ERROR_INIT;

            CHECK_STATUS(REC_OK, rec_words_list(&words, &segment, BUCKETS[i], room, &list, &err), &err);
            for (size_t row = 0; row < segment.rows; row++) {
                uint32_t tf = plain_tf(segment.first + row, BUCKETS[i]);
                unsigned class = tf == 0 ? 0 : tf <= 3 ? tf - 1 : tf <= 5 ? 3 : 4;

                if (tf == 0)
                    continue;
                CHECK(next[class] < list.counts[class]);
                CHECK_INT(row, list.rows[class][next[class]++]);
            }
            for (unsigned class = 0; class < REC_WORD_CLASSES; class ++)
                CHECK_INT(next[class], list.counts[class]);
        }
    }
    rec_words_close(&words);
}

static rec_buf read_words(void)
{
    rec_buf content = REC_BUF_INIT(1 << 26);
    char block[4096];
    FILE *file = fopen(path, "rb");
    size_t n;

    CHECK(file != NULL);
    while ((n = fread(block, 1, sizeof(block), file)) > 0)
        rec_buf_add(&content, block, n);
    fclose(file);
    return content;
}

static void check_same(const rec_buf *expected)
{
    rec_buf content = read_words();

    CHECK_INT(expected->length, content.length);
    CHECK(memcmp(expected->data, content.data, content.length) == 0);
    rec_buf_clear(&content);
}

static void the_file_is_the_same_for_any_threads_and_where_old_segments_are_kept(void **state)
{
    static const size_t UNCHANGED[] = { 0, 5, REC_WORDS_SEGMENT - 1, REC_WORDS_SEGMENT, 2 * REC_WORDS_SEGMENT + 7 };
    rec_buf expected;
    rec_words old;

    (void)state;
    write_words(NULL, 0, 1);
    expected = read_words();
    write_words(NULL, 0, 4);
    check_same(&expected);
    old = open_words();
    for (size_t i = 0; i < COUNT(UNCHANGED); i++) {
        write_words(&old, UNCHANGED[i], 2); /* over the name of the old one, which stays mapped */
        check_same(&expected);
    }
    rec_words_close(&old);
    rec_buf_clear(&expected);
}

/* A byte of the first row's n-grams is another than was written. */
static void words_are_not_made_of_altered_ngrams(void **state)
{
    const long at = REC_SEALED_HEADER + 64;
    rec_grams altered;
    FILE *file = fopen(grams_path, "r+b");
    int byte;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    write_words(NULL, 0, 1);
    CHECK(unlink(path) == 0);
    CHECK(file && fseek(file, at, SEEK_SET) == 0 && (byte = fgetc(file)) != EOF);
    CHECK(fseek(file, at, SEEK_SET) == 0 && fputc(byte ^ 1, file) != EOF && fflush(file) == 0);
    CHECK_STATUS(REC_OK, rec_grams_open(grams_path, ROWS, NULL, &altered, &err), &err);
    rec_words_source source = { &space, &altered, rec_model_fingerprint(model), NULL, 0, 2 };
    CHECK_STATUS(REC_EDAMAGED, rec_words_write(path, &source, &err), &err);
    CHECK_CONTAINS(grams_path, err.message);
    CHECK(access(path, F_OK) != 0);
    rec_grams_close(&altered);
    CHECK(fseek(file, at, SEEK_SET) == 0 && fputc(byte, file) != EOF && fclose(file) == 0);
}

static void words_of_another_index_are_refused(void **state)
{
    rec_words words;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    write_words(NULL, 0, 1);
    space.count--;
    CHECK_STATUS(REC_ESTALE, rec_words_open(path, &space, model, &words, &err), &err);
    space.count++;
    CHECK_CONTAINS("run 'recommend build'", err.message);
    space.ngrams[0] ^= 1;
    CHECK_STATUS(REC_ESTALE, rec_words_open(path, &space, model, &words, &err), &err);
    space.ngrams[0] ^= 1;
    CHECK_CONTAINS("not those of the index; run 'recommend build'", err.message);
}

static void flip(size_t at)
{
    FILE *file = fopen(path, "r+b");
    int byte;

    CHECK(file != NULL && fseek(file, (long)at, SEEK_SET) == 0 && (byte = fgetc(file)) != EOF);
    CHECK(fseek(file, (long)at, SEEK_SET) == 0 && fputc(byte ^ 0x10, file) != EOF && fclose(file) == 0);
}

static void an_altered_list_is_refused_when_it_is_read(void **state)
{
    rec_words words;
    rec_words_segment segment;
    rec_word_list list;
    rec_error err = REC_ERROR_INIT;
    size_t at;

    (void)state;
    write_words(NULL, 0, 1);
    words = open_words();
    segment = rec_words_segment_at(&words, 1);
    at = (size_t)((const uint8_t *)(segment.lists + segment.starts[RARE]) - (const uint8_t *)words.sealed.map);
    rec_words_close(&words);
    flip(at);
    words = open_words();
    segment = rec_words_segment_at(&words, 0);
    CHECK_STATUS(REC_OK, rec_words_list(&words, &segment, RARE, room, &list, &err), &err);
    segment = rec_words_segment_at(&words, 1);
    CHECK_STATUS(REC_EDAMAGED, rec_words_list(&words, &segment, RARE, room, &list, &err), &err);
    CHECK_CONTAINS("run 'recommend build'", err.message);
    rec_words_close(&words);
}

/* Writes the file again with right checksums: `bytes` of the payload, and at `at` this number. */
static void write_altered(const rec_words *words, size_t bytes, size_t at, uint32_t number)
{
    rec_sealed_info info = { "words", REC_WORDS_VERSION, words->sealed.info.dim, words->count, "" };
    uint8_t *payload = rec_alloc(bytes);
    rec_sealed_writer *writer;
    rec_error err = REC_ERROR_INIT;

    CHECK(payload != NULL);
    memcpy(info.fingerprint, words->sealed.info.fingerprint, sizeof(info.fingerprint));
    memcpy(payload, words->sealed.payload, bytes < words->sealed.bytes ? bytes : words->sealed.bytes);
    if (at + sizeof(number) <= bytes)
        memcpy(payload + at, &number, sizeof(number));
    CHECK_STATUS(REC_OK, rec_sealed_create(path, &info, &writer, &err), &err);
    CHECK_STATUS(REC_OK, rec_sealed_write(writer, payload, bytes, &err), &err);
    CHECK_STATUS(REC_OK, rec_sealed_commit(writer, &err), &err);
    rec_free(payload);
}

static void words_whose_segments_contradict_each_other_are_refused(void **state)
{
    rec_words whole, words;
    rec_error err = REC_ERROR_INIT;
    size_t segments;

    (void)state;
    write_words(NULL, 0, 1);
    whole = open_words();
    segments = (size_t)((const uint8_t *)whole.segments - whole.sealed.payload);
    const struct {
        size_t bytes, at;
        uint32_t number;
    } CASES[] = {
        { sizeof(struct rec_words_head), SIZE_MAX / 2, 0 },                                  /* a head alone */
        { whole.sealed.bytes + 1, SIZE_MAX / 2, 0 },                                         /* a table that begins anywhere */
        { whole.sealed.bytes, segments, 0 },                                                 /* the first segment within the head */
        { whole.sealed.bytes, segments + 8, 65 },                                            /* an end that is no multiple of 64 */
        { whole.sealed.bytes, segments + 8, 64 * (UINT32_MAX / 64) },                        /* an end behind the file's */
        { whole.sealed.bytes, segments + 8, 128 },                                           /* no room for a segment's own tables */
        { whole.sealed.bytes, segments + 8 * whole.segment_count, (uint32_t)segments - 64 }, /* an end before the table */
    };

    for (size_t i = 0; i < COUNT(CASES); i++) {
        write_altered(&whole, CASES[i].bytes, CASES[i].at, CASES[i].number);
        CHECK_STATUS(REC_EDAMAGED, rec_words_open(path, &space, model, &words, &err), &err);
        CHECK_CONTAINS("papers; run 'recommend build'", err.message);
    }
    rec_words_close(&whole);
}

static void a_list_of_a_word_that_contradicts_itself_is_refused(void **state)
{
    static const uint32_t BEYOND[] = { 0, 1, REC_WORD_CLASSES - 1, REC_WORD_CLASSES + REC_WORDS_SEGMENT + 1, UINT32_MAX / 2 };
    rec_words whole, words;
    rec_words_segment segment;
    rec_word_list list;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    write_words(NULL, 0, 1);
    whole = open_words();
    segment = rec_words_segment_at(&whole, 0);
    for (size_t i = 0; i < COUNT(BEYOND); i++) {
        const uint32_t *end = &segment.starts[RARE + 1];
        uint32_t start = segment.starts[RARE];

        CHECK(start > 0 && *end > start);
        write_altered(&whole, whole.sealed.bytes, (size_t)((const uint8_t *)end - whole.sealed.payload),
                      i == 0 ? start - 1 : start + BEYOND[i]);
        words = open_words();
        segment = rec_words_segment_at(&words, 0);
        CHECK_STATUS(REC_EDAMAGED, rec_words_list(&words, &segment, RARE, room, &list, &err), &err);
        CHECK_CONTAINS("contradicts itself; run 'recommend build'", err.message);
        segment = rec_words_segment_at(&whole, 0);
        rec_words_close(&words);
    }
    rec_words_close(&whole);
}

static void words_of_another_model_are_refused_with_both_names(void **state)
{
    rec_words_source source = { &space, &grams, "00112233445566778899aabbccddeeff", NULL, 0, 1 };
    rec_words words;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, rec_words_write(path, &source, &err), &err);
    CHECK_STATUS(REC_ESTALE, rec_words_open(path, &space, model, &words, &err), &err);
    CHECK_CONTAINS("made by model 00112233445566778899aabbccddeeff, store has ", err.message);
    CHECK_CONTAINS(rec_model_fingerprint(model), err.message);
}

/* ---- what is found ------------------------------------------------------------------------------------------------- */

static double class_weight(uint32_t tf)
{
    return 1 + log(tf <= 3 ? tf : tf <= 5 ? 4 : 6);
}

/* What words add to S, with counts as the classes have them. */
static void plain_overlaps(const rec_gain *gains, size_t count, double *out)
{
    for (size_t row = 0; row < ROWS; row++) {
        out[row] = 0;
        for (size_t i = 0; i < count; i++) {
            uint32_t tf = plain_tf(row, gains[i].bucket);

            out[row] += tf ? (double)gains[i].gain * class_weight(tf) * (double)space.scales[row * REC_BLOCKS] : 0;
        }
    }
}

static int falling(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return a > b ? -1 : a < b;
}

/* The wish has the greatest of the overlaps, but for such as rounding cannot tell. */
static void check_wish(const rec_overlap_wish *wish, const double *overlaps)
{
    double *sorted = rec_alloc_array(ROWS, sizeof(*sorted)), least;
    size_t count = 0, positive = 0;

    CHECK(sorted != NULL);
    for (size_t row = 0; row < ROWS; row++)
        if (!wish->may_find || wish->may_find[row]) {
            positive += overlaps[row] > 1e-6;
            sorted[count++] = overlaps[row];
        }
    qsort(sorted, count, sizeof(*sorted), falling);
    CHECK_INT(positive < wish->keep ? positive : wish->keep, wish->found);
    least = wish->found > 0 ? sorted[wish->found - 1] : 0;
    for (size_t i = 0; i < wish->found; i++) {
        double overlap = overlaps[wish->near[i].row];

        CHECK(!wish->may_find || wish->may_find[wish->near[i].row]);
        CHECK(overlap > least - 1e-5);
        CHECK(fabs((double)wish->near[i].likeness - overlap) < 1e-5);
    }
    rec_free(sorted);
}

static void make_seed(size_t row, float weight, rec_seed *out)
{
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_rank_seed(&space, &grams, row, out, &err), &err);
    out->weight = weight;
}

static void the_rows_that_share_most_are_found(void **state)
{
    static const size_t KEEP[] = { 1, 7, 500, 30000 };
    rec_seed seeds[3];
    rec_query *query;
    rec_words words;
    rec_gain gains[2 * MOST_OF_A_ROW];
    double *overlaps = rec_alloc_array(ROWS, sizeof(*overlaps)), *both = rec_alloc_array(ROWS, sizeof(*both));
    bool *third = rec_alloc_array(ROWS, sizeof(*third));
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK(overlaps && both && third);
    for (size_t row = 0; row < ROWS; row += 3)
        third[row] = true;
    write_words(NULL, 0, 1);
    words = open_words();
    CHECK_STATUS(REC_OK, rec_query_new(model, &query, &err), &err);
    make_seed(9, 1, &seeds[0]);
    make_seed(2 * REC_WORDS_SEGMENT - 1, -0.25f, &seeds[1]);
    make_seed(9, 0.5f, &seeds[2]); /* all words of the first once more */
    for (size_t many = 1; many <= 3; many++) {
        memset(both, 0, ROWS * sizeof(*both));
        for (size_t i = 0; i < many; i++) {
            rec_query_set(query, &seeds[i].view);
            plain_overlaps(gains, rec_query_words(query, gains), overlaps);
            for (size_t row = 0; row < ROWS; row++)
                both[row] += (double)seeds[i].weight * overlaps[row];
        }
        for (size_t i = 0; i < COUNT(KEEP); i++) {
            rec_overlap_wish wishes[2] = { { .keep = KEEP[i] }, { .keep = KEEP[i], .may_find = third } };

            for (size_t j = 0; j < 2; j++)
                CHECK((wishes[j].near = rec_alloc_array(2 * KEEP[i], sizeof(rec_near))) != NULL);
            CHECK_STATUS(REC_OK, rec_overlap_find(&words, seeds, many, query, wishes, 2, &err), &err);
            for (size_t j = 0; j < 2; j++) {
                check_wish(&wishes[j], both);
                rec_free(wishes[j].near);
            }
        }
    }
    rec_query_set(query, &(rec_view){ .packed = { NULL, 0 } });
    rec_query_free(query);
    rec_words_close(&words);
    rec_free(overlaps);
    rec_free(both);
    rec_free(third);
}

/* Six rows share a rare word, and their vectors are as far from each other as any: the 2,000 nearest hardly hold them. */
static void rows_with_a_rare_word_are_found_wherever_their_vectors_lie(void **state)
{
    enum { K = 2000, KEEP = 200 };
    static rec_near nearest[K], near[2 * KEEP];
    rec_overlap_wish wish = { .keep = KEEP, .near = near };
    size_t by_vector = 0, by_word = 0, found;
    rec_seed seed;
    rec_query *query;
    rec_words words;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    write_words(NULL, 0, 1);
    words = open_words();
    CHECK_STATUS(REC_OK, rec_query_new(model, &query, &err), &err);
    make_seed(REC_WORDS_SEGMENT - 2, 1, &seed);
    CHECK_STATUS(REC_OK, rec_scan_nearest(&space, seed.view.dense, NULL, K, nearest, &found, &err), &err);
    for (size_t i = 0; i < found; i++)
        by_vector += plain_tf(nearest[i].row, RARE) > 0;
    CHECK_STATUS(REC_OK, rec_overlap_find(&words, &seed, 1, query, &wish, 1, &err), &err);
    for (size_t i = 0; i < wish.found; i++)
        by_word += plain_tf(near[i].row, RARE) > 0;
    CHECK(by_vector < 3);
    CHECK_INT(6, by_word);
    rec_query_set(query, &(rec_view){ .packed = { NULL, 0 } });
    rec_query_free(query);
    rec_words_close(&words);
}

static void a_seed_without_words_finds_nothing(void **state)
{
    rec_near near[2];
    rec_overlap_wish wish = { .keep = 1, .near = near };
    rec_seed seed;
    rec_query *query;
    rec_words words;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    write_words(NULL, 0, 1);
    words = open_words();
    CHECK_STATUS(REC_OK, rec_query_new(model, &query, &err), &err);
    make_seed(NO_WORDS, 1, &seed);
    CHECK_STATUS(REC_OK, rec_overlap_find(&words, &seed, 1, query, &wish, 1, &err), &err);
    CHECK_INT(0, wish.found);
    rec_query_free(query);
    rec_words_close(&words);
}

/* ---- scoring what is likely ---------------------------------------------------------------------------------------- */

static int best_first(const void *left, const void *right)
{
    return rec_near_before(*(const rec_near *)left, *(const rec_near *)right) ? -1 : 1;
}

/* Guesses that are off by little, and guesses that tell nothing. */
static void the_first_of_what_is_likely_are_the_first_of_all(void **state)
{
    enum { MANY = 3000, FIRST = 10 };
    static uint32_t rows[MANY];
    static rec_ranked all[MANY], likely[MANY + 100];
    static rec_near near[MANY];
    rec_random random = { 11 };
    rec_seed seed;
    rec_query *query;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, rec_query_new(model, &query, &err), &err);
    make_seed(500, 1, &seed);
    for (int known = 0; known < 2; known++) {
        size_t count, found;

        for (uint32_t i = 0; i < MANY; i++)
            rows[i] = i + 1000;
        CHECK_STATUS(REC_OK, rec_rank_for_all(&space, &seed, 1, &grams, query, rows, MANY, all, &count, &err), &err);
        CHECK_INT(MANY, count);
        for (size_t i = 0; i < count; i++)
            near[i] = (rec_near){ all[i].row, (known ? all[i].parts.total : 0) + 0.02f * rec_random_unit(&random) };
        qsort(near, count, sizeof(*near), best_first);
        CHECK_STATUS(REC_OK, rec_rank_likely(&space, &seed, 1, &grams, query, near, count, FIRST, likely, &found, &err), &err);
        if (known)
            CHECK(found < MANY / 2);
        else
            CHECK(found > MANY / 2);
        for (size_t i = 0; i < FIRST; i++) {
            CHECK_INT(all[i].row, likely[i].row);
            CHECK(all[i].parts.total == likely[i].parts.total);
        }
        memcpy(likely + found, all, 100 * sizeof(*all)); /* found a second time */
        found = rec_rank_merge(likely, found + 100);
        for (size_t i = 0; i < 100; i++)
            CHECK_INT(all[i].row, likely[i].row);
    }
    rec_query_set(query, &(rec_view){ .packed = { NULL, 0 } });
    rec_query_free(query);
}

/* Guesses that tell nothing: all rows are scored, for each of the seeds that count. */
static void rows_that_are_likely_for_several_seeds_get_the_scores_of_all(void **state)
{
    enum { MANY = 300 };
    static uint32_t rows[MANY];
    static rec_ranked all[MANY], likely[MANY];
    static rec_near near[MANY];
    rec_seed seeds[4];
    rec_query *query;
    size_t count, found;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, rec_query_new(model, &query, &err), &err);
    make_seed(500, 0.5f, &seeds[0]);
    make_seed(NO_WORDS, 0, &seeds[1]);
    make_seed(700, 0.5f, &seeds[2]);
    make_seed(900, -0.25f, &seeds[3]);
    for (uint32_t i = 0; i < MANY; i++) {
        rows[i] = i + 1000;
        near[i] = (rec_near){ rows[i], 1 };
    }
    CHECK_STATUS(REC_OK, rec_rank_for_all(&space, seeds, 4, &grams, query, rows, MANY, all, &count, &err), &err);
    CHECK_STATUS(REC_OK, rec_rank_likely(&space, seeds, 4, &grams, query, near, MANY, MANY, likely, &found, &err), &err);
    CHECK_INT(MANY, count);
    CHECK_INT(MANY, found);
    for (size_t i = 0; i < MANY; i++) {
        CHECK_INT(all[i].row, likely[i].row);
        CHECK(all[i].parts.total == likely[i].parts.total);
    }
    rec_query_set(query, &(rec_view){ .packed = { NULL, 0 } });
    rec_query_free(query);
}

/* Of rows that are as near by vector, those are kept for which the words of the seeds add up to most. */
static void the_rows_are_kept_that_all_seeds_together_guess_best(void **state)
{
    enum { MANY = 300, KEEP = 20, SEEDS = 3 };
    static rec_near near[MANY];
    static double sums[MANY];
    rec_seed seeds[SEEDS];
    rec_query *query;
    double least = INFINITY;
    size_t better = 0;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, rec_query_new(model, &query, &err), &err);
    make_seed(500, 1, &seeds[0]);
    make_seed(NO_WORDS, 0, &seeds[1]);
    make_seed(900, -0.25f, &seeds[2]);
    for (size_t i = 0; i < SEEDS; i++) {
        for (uint32_t j = 0; j < MANY; j++)
            near[j] = (rec_near){ 1000 + j, 0 };
        rec_query_set(query, &seeds[i].view);
        CHECK_STATUS(REC_OK, rec_rank_narrow(&space, &grams, query, near, MANY, MANY - 1, &err), &err);
        for (size_t j = 0; j < MANY; j++)
            sums[near[j].row - 1000] += (double)seeds[i].weight * (double)near[j].likeness;
    }
    for (uint32_t j = 0; j < MANY; j++)
        near[j] = (rec_near){ 1000 + j, 0 };
    CHECK_STATUS(REC_OK, rec_rank_narrow_for_all(&space, seeds, SEEDS, &grams, query, near, MANY, KEEP, &err), &err);
    for (size_t i = 0; i < KEEP; i++) {
        CHECK_NEAR(sums[near[i].row - 1000], (double)near[i].likeness, 1e-6);
        least = fmin(least, (double)near[i].likeness);
    }
    for (size_t j = 0; j < MANY; j++)
        better += sums[j] > least + 1e-6;
    CHECK(better < KEEP);
    CHECK(least > 0);
    rec_query_set(query, &(rec_view){ .packed = { NULL, 0 } });
    rec_query_free(query);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_has_the_rows_of_its_word_by_class),
        cmocka_unit_test(the_file_is_the_same_for_any_threads_and_where_old_segments_are_kept),
        cmocka_unit_test(words_are_not_made_of_altered_ngrams),
        cmocka_unit_test(words_of_another_index_are_refused),
        cmocka_unit_test(an_altered_list_is_refused_when_it_is_read),
        cmocka_unit_test(words_whose_segments_contradict_each_other_are_refused),
        cmocka_unit_test(a_list_of_a_word_that_contradicts_itself_is_refused),
        cmocka_unit_test(words_of_another_model_are_refused_with_both_names),
        cmocka_unit_test(the_rows_that_share_most_are_found),
        cmocka_unit_test(rows_with_a_rare_word_are_found_wherever_their_vectors_lie),
        cmocka_unit_test(a_seed_without_words_finds_nothing),
        cmocka_unit_test(the_first_of_what_is_likely_are_the_first_of_all),
        cmocka_unit_test(rows_that_are_likely_for_several_seeds_get_the_scores_of_all),
        cmocka_unit_test(the_rows_are_kept_that_all_seeds_together_guess_best),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
