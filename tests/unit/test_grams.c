/* Files of packed n-gram rows: what was written is read back, from one file or from several that refer to each other. */
#include "check.h"
#include "folder.h"

#include "alloc.h"
#include "grams.h"
#include "rec/vector.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ROWS_MOST 64

static char path[sizeof(folder) + 32]; /* of the file that was named last */

static const char *name_file(int side)
{
    snprintf(path, sizeof(path), "%s/papers.db-ngrams.%d", folder, side);
    return path;
}

static int clear_folder(void **state)
{
    (void)state;
    remove_files();
    return 0;
}

/* A row of `length` features of block W, its first bucket `first`; written into `words`. */
static rec_packed row_of(uint16_t first, uint16_t length, uint16_t *words)
{
    words[0] = length > 0;
    words[1] = 0;
    words[2] = 1;
    words[3] = length;
    for (uint16_t i = 0; i < length; i++)
        words[4 + i] = (uint16_t)(first + i);
    return (rec_packed){ words, length > 0 ? 4u + length : 2 };
}

/* The row that the tests give this number. */
static rec_packed numbered(size_t number, uint16_t *words)
{
    return row_of((uint16_t)(number * 100), (uint16_t)(number % 8 * 7), words);
}

static rec_grams open_grams(int side, size_t count)
{
    rec_grams grams;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_grams_open(name_file(side), count, NULL, &grams, &err), &err);
    return grams;
}

/* Row i is the one that the tests number numbers[i], or i. */
static void check_rows(const rec_grams *grams, const size_t *numbers)
{
    rec_error err = REC_ERROR_INIT;

    for (size_t i = 0; i < grams->count; i++) {
        uint16_t words[128];
        rec_packed expected = numbered(numbers ? numbers[i] : i, words), row;

        rec_grams_fetch(grams, i);
        CHECK_STATUS(REC_OK, rec_grams_row(grams, i, &row, &err), &err);
        CHECK_INT(expected.length, row.length);
        CHECK(memcmp(expected.words, row.words, row.length * sizeof(*row.words)) == 0);
        rec_grams_release(grams);
    }
    CHECK_STATUS(REC_OK, rec_grams_verify(grams, 2, &err), &err);
}

/* ---- one file ------------------------------------------------------------------------------------------------------ */

/* Rows are written in another order than they are numbered. */
static void write_grams(int side, size_t count)
{
    rec_gram_place places[8];
    uint16_t words[128];
    rec_grams_writer *writer;
    rec_error err = REC_ERROR_INIT;

    CHECK(count <= COUNT(places));
    CHECK_STATUS(REC_OK, rec_grams_create(name_file(side), &writer, &err), &err);
    for (size_t i = count; i-- > 0;)
        CHECK_STATUS(REC_OK, rec_grams_put(writer, numbered(i, words), &places[i], &err), &err);
    CHECK_STATUS(REC_OK, rec_grams_commit(writer, places, count, &err), &err);
}

static void written_rows_are_read_back(void **state)
{
    rec_error err = REC_ERROR_INIT;

    (void)state;
    for (size_t count = 0; count <= 8; count += 4) {
        rec_grams grams;

        write_grams(1, count);
        grams = open_grams(1, count);
        check_rows(&grams, NULL);
        rec_grams_close(&grams);
        CHECK_STATUS(REC_ESTALE, rec_grams_open(path, count + 1, NULL, &grams, &err), &err);
        CHECK_CONTAINS("run 'recommend build'", err.message);
    }
}

/* Places that were forged, in a file whose checksums are right. */
static void a_row_outside_the_file_is_refused(void **state)
{
    static const rec_gram_place BAD[] = { { 1000, 2, REC_GRAM_OWN },
                                          { UINT64_MAX, 2, REC_GRAM_OWN },
                                          { 0, 1000, REC_GRAM_OWN },
                                          { 1, 2, REC_GRAM_OWN },
                                          { 0, 1, REC_GRAM_OWN } };
    uint16_t words[128];
    rec_error err = REC_ERROR_INIT;

    (void)state;
    for (size_t i = 0; i < COUNT(BAD); i++) {
        rec_gram_place place;
        rec_grams_writer *writer;
        rec_grams grams;
        rec_packed row;

        CHECK_STATUS(REC_OK, rec_grams_create(name_file(1), &writer, &err), &err);
        CHECK_STATUS(REC_OK, rec_grams_put(writer, row_of(5, 9, words), &place, &err), &err);
        CHECK_STATUS(REC_OK, rec_grams_commit(writer, &BAD[i], 1, &err), &err);
        grams = open_grams(1, 1);
        CHECK_STATUS(REC_EDAMAGED, rec_grams_row(&grams, 0, &row, &err), &err);
        CHECK_CONTAINS("run 'recommend build'", err.message);
        rec_grams_close(&grams);
    }
}

/* ---- several files ------------------------------------------------------------------------------------------------- */

/*
 * Adds rows `from` to `to` to those of file `side` - 1, whose rows are 0 to `from`. The file's own words come first in the order of
 * writing, so what is kept is told from what is not by the parts alone.
 */
static void write_more(int side, size_t from, size_t to)
{
    rec_gram_place places[ROWS_MOST];
    uint32_t parts[REC_GRAM_PARTS + 1];
    uint16_t words[128];
    rec_grams_writer *writer;
    rec_grams old = open_grams(side - 1, from), grams;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_grams_create(name_file(side), &writer, &err), &err);
    for (size_t i = from; i < to; i++)
        CHECK_STATUS(REC_OK, rec_grams_put(writer, numbered(i, words), &places[i], &err), &err);
    for (size_t i = 0; i < old.file_count; i++)
        parts[i] = rec_grams_keep(writer, &old, i);
    for (size_t i = 0; i < from; i++) {
        size_t file;

        CHECK_STATUS(REC_OK, rec_grams_find(&old, i, &file, &places[i], &err), &err);
        places[i].part = parts[file];
    }
    CHECK_STATUS(REC_OK, rec_grams_commit(writer, places, to, &err), &err);
    CHECK_STATUS(REC_OK, rec_grams_open_after(path, to, &old, &grams, &err), &err);
    CHECK_INT(0, old.file_count);
    check_rows(&grams, NULL);
    rec_grams_close(&grams);
}

/* Files 1, 2 and 3, of 4, 6 and 20 rows. */
static void write_three(void)
{
    write_grams(1, 4);
    write_more(2, 4, 6);
    write_more(3, 6, 20);
}

static void rows_are_read_from_the_files_that_hold_them(void **state)
{
    int64_t sides[REC_GRAM_PARTS];
    size_t count;
    rec_grams grams;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    write_three();
    grams = open_grams(3, 20);
    check_rows(&grams, NULL);
    rec_grams_close(&grams);
    CHECK_STATUS(REC_OK, rec_grams_sides(path, sides, &count, &err), &err);
    CHECK_INT(2, count);
    CHECK_INT(1, sides[0]);
    CHECK_INT(2, sides[1]);
    grams = open_grams(2, 6); /* what a reader of the state before sees */
    check_rows(&grams, NULL);
    rec_grams_close(&grams);
}

static void a_file_goes_on_when_its_parts_lose_their_names(void **state)
{
    rec_grams grams;

    (void)state;
    write_three();
    grams = open_grams(3, 20);
    CHECK(unlink(name_file(1)) == 0);
    CHECK(unlink(name_file(2)) == 0);
    check_rows(&grams, NULL);
    rec_grams_close(&grams);
}

/* Of each part: it is missing, it is another file of the same shape, or a byte of it was altered. */
static void parts_that_are_not_whole_are_refused(void **state)
{
    (void)state;
    for (int side = 1; side <= 2; side++)
        for (int how = 0; how < 4; how++) {
            rec_error err = REC_ERROR_INIT;
            rec_grams grams;
            rec_status rc;
            FILE *file;

            write_three();
            name_file(side);
            if (how == 0) {
                CHECK(unlink(path) == 0);
            } else if (how == 1) {
                write_grams(side, side == 1 ? 3 : 6);
            } else {
                CHECK((file = fopen(path, "r+b")) != NULL);
                CHECK(fseek(file, how == 2 ? 70 : 130, SEEK_SET) == 0);
                CHECK(fputc(0x5A, file) != EOF);
                CHECK(fclose(file) == 0);
            }
            rc = rec_grams_open(name_file(3), 20, NULL, &grams, &err);
            if (how == 3 && rc == REC_OK) {
                rc = rec_grams_verify(&grams, 1, &err);
                rec_grams_close(&grams);
            }
            CHECK_STATUS(how < 2 ? REC_ESTALE : REC_EDAMAGED, rc, &err);
            CHECK_CONTAINS(name_file(side), err.message);
            CHECK_CONTAINS("run 'recommend build'", err.message);
        }
}

/* A row that begins in a part and ends behind it, in a file whose checksums are right. */
static void a_row_across_two_files_is_refused(void **state)
{
    rec_gram_place places[2];
    uint16_t words[128];
    rec_grams_writer *writer;
    rec_packed row;
    rec_grams old, grams;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    write_grams(1, 4);
    old = open_grams(1, 4);
    CHECK_STATUS(REC_OK, rec_grams_create(name_file(2), &writer, &err), &err);
    CHECK_STATUS(REC_OK, rec_grams_put(writer, row_of(5, 9, words), &places[0], &err), &err);
    places[1] = (rec_gram_place){ old.files[0].count - 2, 4, rec_grams_keep(writer, &old, 0) };
    CHECK_STATUS(REC_OK, rec_grams_commit(writer, places, 2, &err), &err);
    rec_grams_close(&old);
    grams = open_grams(2, 2);
    CHECK_STATUS(REC_OK, rec_grams_row(&grams, 0, &row, &err), &err);
    CHECK_STATUS(REC_EDAMAGED, rec_grams_row(&grams, 1, &row, &err), &err);
    rec_grams_close(&grams);
}

/* ---- sizes that contradict each other, in files whose checksums are right --------------------------------------------- */

/* Writes the file of this number again, as one of `count` rows and `parts` parts, with this payload. */
static void write_payload(int side, uint64_t count, uint32_t parts, const void *payload, size_t bytes)
{
    rec_sealed_info info = { "ngrams", REC_NGRAM_VERSION, parts, count, "" };
    rec_sealed_writer *writer;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_sealed_create(name_file(side), &info, &writer, &err), &err);
    CHECK_STATUS(REC_OK, rec_sealed_write(writer, payload, bytes, &err), &err);
    CHECK_STATUS(REC_OK, rec_sealed_commit(writer, &err), &err);
}

static void check_contradicting(int side, size_t count)
{
    rec_grams grams;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_EDAMAGED, rec_grams_open(name_file(side), count, NULL, &grams, &err), &err);
    CHECK_CONTAINS("its sizes contradict each other; run 'recommend build'", err.message);
}

static void a_file_too_small_for_its_rows_or_parts_is_refused(void **state)
{
    static const uint8_t zeros[64 * 64 + 1];
    static const struct {
        uint64_t count;
        uint32_t parts;
        size_t bytes;
    } CASES[] = {
        { 1000, 0, 64 * 64 },           /* less than the tables of so many rows */
        { 64 * 64 + 1, 0, 64 * 64 },    /* more rows than bytes */
        { UINT64_MAX / 8, 0, 64 * 64 }, /* whose tables' sizes would be small in 64 bits */
        { 4, REC_GRAM_PARTS + 1, 64 * 64 },
        { 4, REC_GRAM_PARTS, 64 }, /* less than the table of so many parts */
        { 4, 0, 64 * 64 + 1 },     /* words that end anywhere */
        { 4, 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        write_payload(1, CASES[i].count, CASES[i].parts, zeros, CASES[i].bytes);
        check_contradicting(1, (size_t)CASES[i].count);
    }
}

static void a_part_of_more_words_than_its_file_has_is_refused(void **state)
{
    struct rec_gram_part part;
    rec_grams grams;
    uint8_t *payload;
    size_t bytes, at;

    (void)state;
    write_grams(1, 4);
    write_more(2, 4, 6);
    grams = open_grams(2, 6);
    CHECK_INT(2, grams.file_count);
    bytes = grams.files[1].sealed.bytes;
    at = bytes - rec_sealed_padded(sizeof(part));
    CHECK((payload = rec_alloc(bytes)) != NULL);
    memcpy(payload, grams.files[1].sealed.payload, bytes);
    rec_grams_close(&grams);
    memcpy(&part, payload + at, sizeof(part));
    part.words = 1000000;
    memcpy(payload + at, &part, sizeof(part));
    write_payload(2, 6, 1, payload, bytes);
    check_contradicting(2, 6);
    rec_free(payload);
}

/* ---- which files are kept ------------------------------------------------------------------------------------------ */

static void check_choice(const char *expected, const uint64_t *words, const uint64_t *used, size_t count, uint64_t fresh)
{
    bool kept[REC_GRAM_PARTS + 1];
    char found[REC_GRAM_PARTS + 2];

    rec_grams_choose(words, used, count, fresh, kept);
    for (size_t i = 0; i < count; i++)
        found[i] = kept[i] ? 'k' : '-';
    found[count] = '\0';
    CHECK_STR(expected, found);
}

static void files_are_kept_while_they_are_long_and_used(void **state)
{
    static const uint64_t WORDS[] = { 1000, 100, 10 }, HALF[] = { 499, 100, 10 }, NONE[] = { 1000, 0, 10 };

    (void)state;
    check_choice("kkk", WORDS, WORDS, 3, 5);
    check_choice("kk-", WORDS, WORDS, 3, 6);
    check_choice("k--", WORDS, WORDS, 3, 45);  /* and the 10 */
    check_choice("---", WORDS, WORDS, 3, 400); /* and the 110 */
    check_choice("---", WORDS, HALF, 3, 0);
    check_choice("k-k", WORDS, NONE, 3, 0);
    check_choice("", WORDS, WORDS, 0, 7);
}

/* However many come and go at a time: few files, little copying, and not more of no use than of use. */
static void files_stay_few_and_full(void **state)
{
    uint64_t words[REC_GRAM_PARTS + 2] = { 1000000 }, used[REC_GRAM_PARTS + 2] = { 1000000 }, written = 0, came = 0;
    rec_random random = { 3 };
    size_t count = 1, most = 0;

    (void)state;
    for (int day = 0; day < 3000; day++) {
        uint64_t fresh = rec_random_below(&random, day % 100 == 0 ? 100000 : 2000), all = fresh, live = fresh;
        bool kept[REC_GRAM_PARTS + 2];
        size_t left = 0;

        came += fresh;
        for (size_t i = 0; i < count; i++)
            used[i] -= rec_random_below(&random, used[i] / 500 + 1);
        rec_grams_choose(words, used, count, fresh, kept);
        for (size_t i = 0; i < count; i++)
            if (kept[i]) {
                words[left] = words[i];
                used[left++] = used[i];
            } else {
                fresh += used[i];
            }
        words[left] = used[left] = fresh;
        count = left + 1;
        written += fresh;
        all = live = 0;
        for (size_t i = 0; i < count; i++) {
            all += words[i];
            live += used[i];
        }
        CHECK(left <= REC_GRAM_PARTS);
        CHECK(all <= 2 * live);
        most = left > most ? left : most;
    }
    CHECK(most >= 3);
    CHECK(most <= 12);
    CHECK(written < 12 * came);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(written_rows_are_read_back, clear_folder),
        cmocka_unit_test_teardown(a_row_outside_the_file_is_refused, clear_folder),
        cmocka_unit_test_teardown(rows_are_read_from_the_files_that_hold_them, clear_folder),
        cmocka_unit_test_teardown(a_file_goes_on_when_its_parts_lose_their_names, clear_folder),
        cmocka_unit_test_teardown(parts_that_are_not_whole_are_refused, clear_folder),
        cmocka_unit_test_teardown(a_row_across_two_files_is_refused, clear_folder),
        cmocka_unit_test_teardown(a_file_too_small_for_its_rows_or_parts_is_refused, clear_folder),
        cmocka_unit_test_teardown(a_part_of_more_words_than_its_file_has_is_refused, clear_folder),
        cmocka_unit_test(files_are_kept_while_they_are_long_and_used),
        cmocka_unit_test(files_stay_few_and_full),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
