/* The space: what is saved comes back, what is foreign or altered is refused when it is read, and scanning finds what a plain loop finds.
 */
#include "check.h"
#include "folder.h"

#include "alloc.h"
#include "nearest.h"
#include "rec/vector.h"
#include "row_filter.h"
#include "scan.h"
#include "space.h"

#include <sys/stat.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define REMEDY "run 'recommend build'"
#define ROWS 3000u

static char path[sizeof(folder) + 8];
static rec_model *model;

/* A model of three papers: small, so that there are smoothed vectors. */
static int make_model(void **state)
{
    static const rec_count items[] = { 5u << REC_TF_BITS | 1,     9u << REC_TF_BITS | 2, 9u << REC_TF_BITS | 1,
                                       70000u << REC_TF_BITS | 1, 5u << REC_TF_BITS | 1, 70000u << REC_TF_BITS | 1 };
    static const uint64_t offsets[] = { 0, 2, 4, 6 };
    rec_fit fit = { .rows = { items, offsets, 3 }, .threads = 1 };

    if (make_folder(state) != 0)
        return -1;
    snprintf(path, sizeof(path), "%s/index", folder);
    return rec_model_fit(&fit, &model, NULL) == REC_OK ? 0 : -1;
}

static int remove_model(void **state)
{
    rec_model_free(model);
    unlink(path);
    return remove_folder(state);
}

/* ---- making spaces ------------------------------------------------------------------------------------------------- */

static void add_facets(rec_facets *facets, size_t row)
{
    static const char *const categories[] = { "[\"cs.LG\"]", "[\"math.CO\",\"cs.LG\"]", "[]", NULL, "[\"hep-th\"]" };
    static const char *const authors[] = { "[\"Ada Lovelace\",\"C. Babbage\"]", NULL, "[\"Emmy Noether\"]" };
    rec_text text = { .date = row % 4 == 3 ? 0 : 20200101 + (int)(row % 28),
                      .last_day = row % 4 == 3 ? 0 : 20200131,
                      .categories = categories[row % COUNT(categories)],
                      .authors = authors[row % COUNT(authors)] };
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_facets_add(facets, &text, &err), &err);
}

static void random_vector(rec_random *random, size_t dim, float *out)
{
    for (size_t i = 0; i < dim; i++)
        out[i] = rec_random_unit(random) - 0.5f;
    rec_normalise(out, dim);
}

/* Row 7 has no vector, and row 9 has row 8's. */
static void fill(rec_space *space)
{
    rec_random random = { 42 };
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_space_new(ROWS, rec_model_dim(model), true, space, &err), &err);
    for (size_t row = 0; row < ROWS; row++) {
        float vector[REC_DIM_MAX] = { 0 };

        space->docs[row] = (uint32_t)(3 * row + 1);
        space->precedence[row] = (uint32_t)(ROWS - row);
        space->title_keys[row] = 1000 + row;
        space->abstract_keys[row] = 500000 + row;
        space->scales[row * REC_BLOCKS] = (float)row;
        if (row != 7 && row != 9)
            random_vector(&random, space->dim, vector);
        if (row == 9)
            rec_space_restore(space, 8, 1, vector);
        rec_space_put(space, row, vector);
        rec_space_put_smooth(space, row, vector);
        add_facets(&space->facets, row);
    }
}

static void save(const rec_space *space)
{
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_space_save(space, path, rec_model_fingerprint(model), &err), &err);
}

static void load(rec_space *out)
{
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_space_load(path, model, ROWS, out, &err), &err);
}

/* ---- the file ------------------------------------------------------------------------------------------------------ */

static void what_was_saved_comes_back(void **state)
{
    rec_space made, back;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    fill(&made);
    save(&made);
    load(&back);
    for (size_t row = 0; row < ROWS; row++) {
        CHECK_STATUS(REC_OK, rec_space_touch(&back, row, &err), &err);
        CHECK_INT(made.docs[row], back.docs[row]);
        CHECK_INT(made.precedence[row], back.precedence[row]);
        CHECK_INT(made.title_keys[row], back.title_keys[row]);
        CHECK_INT(made.abstract_keys[row], back.abstract_keys[row]);
        CHECK(made.scales[row * REC_BLOCKS] == back.scales[row * REC_BLOCKS]);
        CHECK(rec_space_code(&made, row).factor == rec_space_code(&back, row).factor);
        CHECK(memcmp(rec_space_code(&made, row).items, rec_space_code(&back, row).items, made.dim) == 0);
        CHECK(memcmp(rec_space_smooth_code(&made, row).items, rec_space_smooth_code(&back, row).items, made.dim) == 0);
        CHECK_INT(row != 7, rec_space_has_vector(&back, row));
        CHECK_INT(made.facets.first_days[row], back.facets.first_days[row]);
        CHECK_INT(made.facets.last_days[row], back.facets.last_days[row]);
    }
    CHECK_STATUS(REC_OK, rec_space_verify(&back, &err), &err);
    CHECK(memcmp(made.facets.categories, back.facets.categories, made.facets.category_offsets[ROWS] * sizeof(uint32_t)) == 0);
    CHECK(memcmp(made.facets.author_offsets, back.facets.author_offsets, (ROWS + 1) * sizeof(uint32_t)) == 0);
    CHECK_INT(made.facets.names_bytes, back.facets.names_bytes);
    CHECK(memcmp(made.facets.names, back.facets.names, made.facets.names_bytes) == 0);
    rec_space_close(&back);
    rec_space_close(&made);
}

static void a_space_without_papers_comes_back(void **state)
{
    rec_space none;
    rec_error err = REC_ERROR_INIT;
    size_t row;

    (void)state;
    CHECK_STATUS(REC_OK, rec_space_new(0, rec_model_dim(model), true, &none, &err), &err);
    save(&none);
    rec_space_close(&none);
    CHECK_STATUS(REC_OK, rec_space_load(path, model, 0, &none, &err), &err);
    CHECK_STATUS(REC_OK, rec_space_row(&none, 1, &row, &err), &err);
    CHECK(row == REC_NO_PAPER_ROW);
    rec_space_close(&none);
}

/* The header is written with other values than the store's. */
static void check_foreign(size_t dim, size_t count, const char *fingerprint, const char *expected)
{
    rec_space foreign, out;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_space_new(count, dim, true, &foreign, &err), &err);
    for (size_t row = 0; row < count; row++)
        add_facets(&foreign.facets, row);
    CHECK_STATUS(REC_OK, rec_space_save(&foreign, path, fingerprint, &err), &err);
    CHECK_STATUS(REC_ESTALE, rec_space_load(path, model, 5, &out, &err), &err);
    CHECK_CONTAINS("cannot open index '", err.message);
    CHECK_CONTAINS(path, err.message);
    CHECK_CONTAINS(expected, err.message);
    rec_space_close(&foreign);
}

static void an_index_of_another_store_is_refused_with_both_values(void **state)
{
    const char *own = rec_model_fingerprint(model);
    char expected[80];

    (void)state;
    snprintf(expected, sizeof(expected), "': 496 dimensions, store has %zu; " REMEDY, rec_model_dim(model));
    check_foreign(496, 5, own, expected);
    check_foreign(rec_model_dim(model), 6, own, "': 6 papers, store has 5; " REMEDY);
    check_foreign(rec_model_dim(model), 5, "00112233445566778899aabbccddeeff", "00112233445566778899aabbccddeeff");
}

/* A file with right checksums whose payload is this head and `bytes` of zeros behind it. */
static void check_contradicting(const void *head, size_t length, size_t bytes)
{
    static const uint8_t zeros[64 * 64];
    rec_sealed_info info = { "index", REC_SPACE_VERSION, (uint32_t)rec_model_dim(model), 5, "" };
    rec_sealed_writer *writer;
    rec_space out;
    rec_error err = REC_ERROR_INIT;

    memcpy(info.fingerprint, rec_model_fingerprint(model), sizeof(info.fingerprint));
    CHECK_STATUS(REC_OK, rec_sealed_create(path, &info, &writer, &err), &err);
    CHECK_STATUS(REC_OK, rec_sealed_write(writer, head, length, &err), &err);
    CHECK_STATUS(REC_OK, rec_sealed_write(writer, zeros, bytes, &err), &err);
    CHECK_STATUS(REC_OK, rec_sealed_commit(writer, &err), &err);
    CHECK_STATUS(REC_EDAMAGED, rec_space_load(path, model, 5, &out, &err), &err);
    CHECK_CONTAINS("its sizes contradict each other; " REMEDY, err.message);
}

static void an_index_whose_sizes_contradict_each_other_is_refused(void **state)
{
    const struct rec_space_head fair = { .categories = 0 }, vast = { .categories = UINT64_MAX / 4 }, named = { .names_bytes = 64 * 64 + 1 };

    (void)state;
    check_contradicting(&fair, sizeof(fair) / 2, 0); /* less than a head */
    check_contradicting(&fair, sizeof(fair), 0);     /* a head alone */
    check_contradicting(&fair, sizeof(fair), 64 * 64);
    check_contradicting(&vast, sizeof(vast), 64 * 64);
    check_contradicting(&named, sizeof(named), 64 * 64);
}

static void an_index_whose_last_name_does_not_end_is_refused(void **state)
{
    rec_space made, back;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    fill(&made);
    made.facets.names[made.facets.names_bytes - 1] = 'x';
    save(&made);
    CHECK_STATUS(REC_EDAMAGED, rec_space_load(path, model, ROWS, &back, &err), &err);
    CHECK_CONTAINS("its sizes contradict each other; " REMEDY, err.message);
    rec_space_close(&made);
}

/* An end of a list that lies behind all lists, in a file whose checksums are right. */
static void a_row_whose_categories_end_behind_the_last_is_refused_and_not_read(void **state)
{
    static const char *const asked[] = { "hep-th" };
    const rec_filter filter = { .categories = asked, .category_count = 1 };
    const size_t bad = 1500;
    bool passes[ROWS];
    rec_space made, mapped;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    fill(&made);
    made.facets.category_offsets[bad + 1] = UINT32_MAX - 5;
    save(&made);
    load(&mapped);
    for (size_t row = bad - 1; row <= bad + 2; row++) {
        rec_status expected = row == bad || row == bad + 1 ? REC_EDAMAGED : REC_OK;

        CHECK_STATUS(expected, rec_space_touch(&mapped, row, &err), &err);
    }
    CHECK_CONTAINS("its sizes contradict each other; " REMEDY, err.message);
    CHECK_STATUS(REC_OK, rec_filter_rows(&filter, &mapped, passes, &err), &err);
    for (size_t row = 0; row < ROWS; row++)
        if (row != bad && row != bad + 1)
            CHECK_INT(row % 5 == 4, passes[row]); /* as add_facets gives them */
    rec_space_close(&mapped);
    rec_space_close(&made);
}

/* Flips the byte of the file that stands where `at` points to in the mapped space. */
static void flip(const rec_space *mapped, const void *at)
{
    long offset = (long)((const uint8_t *)at - (const uint8_t *)mapped->sealed.map);
    FILE *file = fopen(path, "r+b");
    int byte;

    CHECK(file != NULL);
    CHECK(fseek(file, offset, SEEK_SET) == 0);
    byte = fgetc(file);
    CHECK(fseek(file, offset, SEEK_SET) == 0);
    CHECK(fputc(byte ^ 0x10, file) != EOF);
    CHECK(fclose(file) == 0);
}

static void an_altered_row_is_refused_and_others_are_not(void **state)
{
    rec_space made, mapped;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    fill(&made);
    for (size_t column = 0; column < 8; column++) {
        const void *at;

        save(&made);
        load(&mapped);
        at = column == 0   ? (void *)&mapped.precedence[1500]
             : column == 1 ? (void *)&mapped.title_keys[1500]
             : column == 2 ? (void *)&mapped.scales[1500 * REC_BLOCKS]
             : column == 3 ? (void *)&mapped.facets.first_days[1500]
             : column == 4 ? (void *)&mapped.facets.author_offsets[1500]
             : column == 5 ? (void *)&mapped.factors[1500]
             : column == 6 ? (void *)&mapped.dense[1500 * mapped.dim]
                           : (void *)&mapped.smooth[1500 * mapped.dim];
        flip(&mapped, at);
        rec_space_close(&mapped);
        load(&mapped);
        CHECK_STATUS(REC_OK, rec_space_touch(&mapped, 0, &err), &err);
        CHECK_STATUS(REC_EDAMAGED, rec_space_touch(&mapped, 1500, &err), &err);
        CHECK_CONTAINS(path, err.message);
        CHECK_CONTAINS(REMEDY, err.message);
        CHECK_STATUS(REC_OK, rec_space_touch(&mapped, ROWS - 1, &err), &err);
        CHECK_STATUS(REC_EDAMAGED, rec_space_verify(&mapped, &err), &err);
        rec_space_close(&mapped);
    }
    rec_space_close(&made);
}

static void a_paper_is_not_looked_for_among_altered_numbers(void **state)
{
    rec_space made, mapped;
    rec_error err = REC_ERROR_INIT;
    size_t row;

    (void)state;
    fill(&made);
    save(&made);
    load(&mapped);
    for (size_t i = 0; i < ROWS; i++) {
        CHECK_STATUS(REC_OK, rec_space_row(&mapped, 3 * (int64_t)i + 1, &row, &err), &err);
        CHECK_INT(i, row);
        CHECK_STATUS(REC_OK, rec_space_row(&mapped, 3 * (int64_t)i + 2, &row, &err), &err);
        CHECK(row == REC_NO_PAPER_ROW);
    }
    flip(&mapped, &mapped.docs[ROWS / 2]);
    rec_space_close(&mapped);
    load(&mapped);
    CHECK_STATUS(REC_EDAMAGED, rec_space_row(&mapped, 1, &row, &err), &err);
    rec_space_close(&mapped);
    rec_space_close(&made);
}

/* ---- facets -------------------------------------------------------------------------------------------------------- */

static void categories_are_numbered_by_name_and_found_again(void **state)
{
    rec_facets facets = REC_FACETS_INIT;

    (void)state;
    for (size_t row = 0; row < 10; row++)
        add_facets(&facets, row);
    CHECK_INT(0, rec_facets_category(&facets, "cs.LG"));
    CHECK_INT(1, rec_facets_category(&facets, "math.CO"));
    CHECK_INT(2, rec_facets_category(&facets, "hep-th"));
    CHECK_INT(UINT32_MAX, rec_facets_category(&facets, "cs"));
    CHECK_INT(UINT32_MAX, rec_facets_category(&facets, ""));
    CHECK_INT(1, facets.categories[facets.category_offsets[1]]);
    CHECK_INT(2, facets.category_offsets[2] - facets.category_offsets[1]);
    CHECK_INT(0, facets.category_offsets[4] - facets.category_offsets[2]);
    rec_facets_clear(&facets);
}

static void many_categories_keep_their_numbers(void **state)
{
    rec_facets facets = REC_FACETS_INIT;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    for (unsigned i = 0; i < 3000; i++) {
        char list[64];
        rec_text text = { .categories = list };

        snprintf(list, sizeof(list), "[\"field %u\",\"field %u\"]", i, i / 2);
        CHECK_STATUS(REC_OK, rec_facets_add(&facets, &text, &err), &err);
    }
    for (unsigned i = 0; i < 3000; i += 7) {
        char name[32];

        snprintf(name, sizeof(name), "field %u", i);
        CHECK_INT(i, rec_facets_category(&facets, name));
        CHECK_INT(i, facets.categories[facets.category_offsets[i]]);
    }
    rec_facets_clear(&facets);
}

/* As extending a store does: old rows from a mapped file, new ones from a corpus with numbers of its own. */
static void copied_rows_keep_their_names_whatever_the_numbers(void **state)
{
    rec_space made, mapped;
    rec_facets both = REC_FACETS_INIT, fresh = REC_FACETS_INIT;
    rec_text text = { .date = 20240101, .last_day = 20241231, .categories = "[\"new\",\"hep-th\"]", .authors = "[\"Ada Lovelace\"]" };
    rec_error err = REC_ERROR_INIT;
    const uint32_t *last;

    (void)state;
    fill(&made);
    save(&made);
    load(&mapped);
    CHECK_STATUS(REC_OK, rec_facets_add(&fresh, &text, &err), &err);
    CHECK_STATUS(REC_OK, rec_facets_adopt_names(&both, &mapped.facets, &err), &err);
    CHECK_STATUS(REC_OK, rec_facets_copy(&both, &mapped.facets, 1, &err), &err);
    CHECK_STATUS(REC_OK, rec_facets_copy(&both, &fresh, 0, &err), &err);
    CHECK_INT(2, both.count);
    CHECK_INT(made.facets.first_days[1], both.first_days[0]);
    CHECK_INT(rec_facets_category(&both, "math.CO"), both.categories[0]);
    CHECK_INT(rec_facets_category(&both, "cs.LG"), both.categories[1]);
    last = both.categories + both.category_offsets[1];
    CHECK_INT(3, last[0]);
    CHECK_INT(rec_facets_category(&both, "new"), last[0]);
    CHECK_INT(rec_facets_category(&both, "hep-th"), last[1]);
    CHECK_INT(20241231, both.last_days[1]);
    CHECK_INT(rec_author_key("Ada Lovelace"), both.authors[both.author_offsets[1]]);
    rec_facets_clear(&both);
    rec_facets_clear(&fresh);
    rec_space_close(&mapped);
    rec_space_close(&made);
}

static void an_author_is_a_family_name_and_an_initial(void **state)
{
    (void)state;
    CHECK_INT(rec_author_key("Ada Lovelace"), rec_author_key("A. Lovelace"));
    CHECK_INT(rec_author_key("Ada Lovelace"), rec_author_key("ada king LOVELACE"));
    CHECK_INT(rec_author_key("Émilie Noether"), rec_author_key("E. Noëther"));
    CHECK(rec_author_key("Ada Lovelace") != rec_author_key("B. Lovelace"));
    CHECK(rec_author_key("Ada Lovelace") != rec_author_key("Ada Lovelac"));
    CHECK(rec_author_key("Lovelace") != 0);
    CHECK_INT(0, rec_author_key(""));
    CHECK_INT(0, rec_author_key("- -"));
}

static void memory_running_out_for_facets_is_reported(void **state)
{
    rec_status rc = REC_ENOMEM;
    long allowed = 0;

    (void)state;
    for (; rc != REC_OK; allowed++) {
        rec_text text = { .categories = "[\"a\",\"b\"]", .authors = "[\"Ada Lovelace\"]" };
        rec_facets facets = REC_FACETS_INIT;
        rec_error err = REC_ERROR_INIT;

        rec_alloc_fail_after(allowed);
        rc = rec_facets_add(&facets, &text, &err);
        rec_alloc_fail_after(-1);
        if (rc != REC_OK)
            CHECK_STATUS(REC_ENOMEM, rc, &err);
        CHECK_INT(rc == REC_OK, facets.count);
        rec_facets_clear(&facets);
    }
    CHECK(allowed > 5);
}

/* ---- scanning ------------------------------------------------------------------------------------------------------ */

static void check_scan(const rec_space *space, rec_code code, size_t k)
{
    rec_near *near = rec_alloc_array(k, sizeof(*near));
    rec_error err = REC_ERROR_INIT;
    size_t found, worse = 0;

    CHECK(near != NULL);
    CHECK_STATUS(REC_OK, rec_scan_nearest(space, code, NULL, k, near, &found, &err), &err);
    CHECK_INT(k < ROWS - 1 ? k : ROWS - 1, found);
    for (size_t i = 0; i < found; i++) {
        CHECK(near[i].row != 7);
        CHECK(near[i].likeness == rec_codes_cosine(code, rec_space_code(space, near[i].row), space->dim));
        if (i > 0)
            CHECK(near[i - 1].likeness > near[i].likeness || (near[i - 1].likeness == near[i].likeness && near[i - 1].row < near[i].row));
    }
    for (size_t row = 0; row < ROWS; row++) {
        float likeness = rec_codes_cosine(code, rec_space_code(space, row), space->dim);
        rec_near last = near[found - 1];

        worse += row != 7 && (likeness < last.likeness || (likeness == last.likeness && row > last.row));
    }
    CHECK_INT(ROWS - 1 - found, worse);
    rec_free(near);
}

static void a_scan_finds_what_a_plain_loop_finds(void **state)
{
    static const size_t k[] = { 1, 2, 10, 200, ROWS - 2, ROWS - 1, ROWS, ROWS + 100 };
    rec_space made, mapped;

    (void)state;
    fill(&made);
    save(&made);
    load(&mapped);
    for (size_t i = 0; i < COUNT(k); i++) {
        check_scan(&mapped, rec_space_code(&made, 8), k[i]); /* two rows tie for the first place */
        check_scan(&mapped, rec_space_code(&made, 100 + i), k[i]);
        check_scan(&made, rec_space_code(&made, 2000 + i), k[i]);
    }
    rec_space_close(&mapped);
    rec_space_close(&made);
}

static void a_scan_refuses_an_altered_vector(void **state)
{
    rec_space made, mapped;
    rec_error err = REC_ERROR_INIT;
    rec_near near;
    size_t found;

    (void)state;
    fill(&made);
    save(&made);
    load(&mapped);
    flip(&mapped, &mapped.dense[ROWS * mapped.dim - 1]);
    rec_space_close(&mapped);
    load(&mapped);
    CHECK_STATUS(REC_EDAMAGED, rec_scan_nearest(&mapped, rec_space_code(&made, 0), NULL, 1, &near, &found, &err), &err);
    rec_space_close(&mapped);
    rec_space_close(&made);
}

enum { LARGE = 3 * REC_SCAN_ALL / 2, LARGE_DIM = 128, CLUSTERS = 500 };

/* Papers of 500 topics: of random directions none would be near another. */
static void fill_large(rec_space *space)
{
    static float topics[CLUSTERS][LARGE_DIM];
    rec_random random = { 6 };
    rec_error err = REC_ERROR_INIT;

    for (size_t i = 0; i < CLUSTERS; i++)
        random_vector(&random, LARGE_DIM, topics[i]);
    CHECK_STATUS(REC_OK, rec_space_new(LARGE, LARGE_DIM, false, space, &err), &err);
    for (size_t row = 0; row < LARGE; row++) {
        float vector[LARGE_DIM];

        random_vector(&random, LARGE_DIM, vector);
        rec_add_scaled(vector, 1, topics[row % CLUSTERS], LARGE_DIM);
        rec_normalise(vector, LARGE_DIM);
        rec_space_put(space, row, vector);
    }
}

static int nearer_first(const void *left, const void *right)
{
    return rec_near_before(*(const rec_near *)left, *(const rec_near *)right) ? -1 : 1;
}

/* How many of the `k` nearest marked rows a scan finds; what it finds is marked, exact and in order. */
static size_t check_large(const rec_space *space, size_t query, const bool *may_find, size_t k, rec_near *all)
{
    rec_code code = rec_space_code(space, query);
    rec_near *near = rec_alloc_array(k, sizeof(*near));
    rec_error err = REC_ERROR_INIT;
    size_t marked = 0, found, met = 0;

    CHECK(near != NULL);
    for (size_t row = 0; row < LARGE; row++)
        if (!may_find || may_find[row])
            all[marked++] = (rec_near){ (uint32_t)row, rec_codes_cosine(code, rec_space_code(space, row), LARGE_DIM) };
    qsort(all, marked, sizeof(*all), nearer_first);
    CHECK_STATUS(REC_OK, rec_scan_nearest(space, code, may_find, k, near, &found, &err), &err);
    CHECK_INT(k < marked ? k : marked, found);
    for (size_t i = 0; i < found; i++) {
        CHECK(!may_find || may_find[near[i].row]);
        CHECK(near[i].likeness == rec_codes_cosine(code, rec_space_code(space, near[i].row), LARGE_DIM));
        CHECK(i == 0 || rec_near_before(near[i - 1], near[i]));
        for (size_t j = 0; j < found; j++)
            met += all[j].row == near[i].row;
    }
    rec_free(near);
    return met;
}

static void a_large_space_is_sifted_and_hardly_anything_is_missed(void **state)
{
    rec_near *all = rec_alloc_array(LARGE, sizeof(*all));
    rec_space space;
    size_t met = 0;

    (void)state;
    CHECK(all != NULL);
    fill_large(&space);
    for (size_t i = 0; i < 20; i++)
        met += check_large(&space, 3001 * i, NULL, 10, all);
    CHECK(met >= 198);
    rec_space_close(&space);
    rec_free(all);
}

/* From every second row to one in ten thousand: as many as were asked for come where they exist, and few rows are compared exactly. */
static void a_scan_finds_among_marked_rows_however_few_there_are(void **state)
{
    static const size_t every[] = { 2, 10, 100, 1000, 10000, LARGE + 1 };
    bool *may_find = rec_alloc_array(LARGE, sizeof(*may_find));
    rec_near *all = rec_alloc_array(LARGE, sizeof(*all));
    rec_space space;

    (void)state;
    CHECK(all && may_find);
    fill_large(&space);
    for (size_t e = 0; e < COUNT(every); e++) {
        size_t marked = 0, met = 0;

        for (size_t row = 0; row < LARGE; row++)
            marked += may_find[row] = (row * 2654435761u >> 7) % every[e] == 0 && every[e] <= LARGE;
        for (size_t i = 0; i < 5; i++)
            met += check_large(&space, 7001 * i, may_find, 10, all);
        if (marked <= 2 * rec_scan_sifted(marked, 10))
            CHECK_INT(5 * (marked < 10 ? marked : 10), met);
        else
            CHECK(met >= 48);
    }
    rec_space_close(&space);
    rec_free(may_find);
    rec_free(all);
}

static void memory_running_out_for_a_scan_is_reported(void **state)
{
    rec_near near[10];
    rec_error err = REC_ERROR_INIT;
    rec_status rc = REC_ENOMEM;
    rec_space space;
    size_t found;
    long allowed = 0;

    (void)state;
    fill_large(&space);
    for (; rc != REC_OK; allowed++) {
        rec_alloc_fail_after(allowed);
        rc = rec_scan_nearest(&space, rec_space_code(&space, 5), NULL, 10, near, &found, &err);
        rec_alloc_fail_after(-1);
        if (rc != REC_OK)
            CHECK_STATUS(REC_ENOMEM, rc, &err);
    }
    CHECK(allowed > 1);
    rec_space_close(&space);
}

/* ---- filters ------------------------------------------------------------------------------------------------------- */

/* The rows that pass are those whose date and categories pass by themselves. */
static void check_passing(const rec_space *space, const rec_filter *filter)
{
    static const char *const categories[] = { "[\"cs.LG\"]", "[\"math.CO\",\"cs.LG\"]", "[]", NULL, "[\"hep-th\"]" }; /* of add_facets */
    bool passes[ROWS];
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_filter_rows(filter, space, passes, &err), &err);
    for (size_t row = 0; row < ROWS; row++)
        CHECK_INT(rec_filter_takes_date(filter, space->facets.first_days[row], space->facets.last_days[row]) &&
                      rec_filter_takes_categories(filter, categories[row % COUNT(categories)]),
                  passes[row]);
}

static void columns_and_records_agree_on_what_passes(void **state)
{
    static const char *const asked[] = { "cs", "cs.LG", "CS.lg", "math.*", "hep-th", "hep", "q-bio" };
    rec_space made, mapped;

    (void)state;
    fill(&made);
    save(&made);
    load(&mapped);
    for (size_t in = 0; in <= COUNT(asked); in++)
        for (size_t out = 0; out <= COUNT(asked); out++) {
            rec_filter filter = { .since = in % 2 ? 20200110 : 0, .until = out % 3 ? 20200120 : 0 };

            if (in < COUNT(asked)) {
                filter.categories = &asked[in];
                filter.category_count = 1;
            }
            if (out < COUNT(asked)) {
                filter.not_categories = &asked[out];
                filter.not_category_count = 1;
            }
            check_passing(&made, &filter);
            check_passing(&mapped, &filter);
        }
    rec_space_close(&mapped);
    rec_space_close(&made);
}

static void a_filter_refuses_altered_columns(void **state)
{
    static const char *const asked[] = { "cs" };
    rec_space made, mapped;

    (void)state;
    fill(&made);
    for (size_t column = 0; column < 3; column++) {
        rec_filter filter = { .since = 20200101, .categories = asked, .category_count = 1 };
        bool passes[ROWS];
        rec_error err = REC_ERROR_INIT;

        save(&made);
        load(&mapped);
        flip(&mapped, column == 0   ? (void *)&mapped.facets.last_days[ROWS - 1]
                      : column == 1 ? (void *)&mapped.facets.category_offsets[ROWS]
                                    : (void *)&mapped.facets.categories[5]);
        rec_space_close(&mapped);
        load(&mapped);
        CHECK_STATUS(REC_EDAMAGED, rec_filter_rows(&filter, &mapped, passes, &err), &err);
        CHECK_CONTAINS(REMEDY, err.message);
        rec_space_close(&mapped);
    }
    rec_space_close(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_saved_comes_back),
        cmocka_unit_test(a_space_without_papers_comes_back),
        cmocka_unit_test(an_index_of_another_store_is_refused_with_both_values),
        cmocka_unit_test(an_index_whose_sizes_contradict_each_other_is_refused),
        cmocka_unit_test(an_index_whose_last_name_does_not_end_is_refused),
        cmocka_unit_test(a_row_whose_categories_end_behind_the_last_is_refused_and_not_read),
        cmocka_unit_test(an_altered_row_is_refused_and_others_are_not),
        cmocka_unit_test(a_paper_is_not_looked_for_among_altered_numbers),
        cmocka_unit_test(categories_are_numbered_by_name_and_found_again),
        cmocka_unit_test(many_categories_keep_their_numbers),
        cmocka_unit_test(copied_rows_keep_their_names_whatever_the_numbers),
        cmocka_unit_test(an_author_is_a_family_name_and_an_initial),
        cmocka_unit_test(memory_running_out_for_facets_is_reported),
        cmocka_unit_test(a_scan_finds_what_a_plain_loop_finds),
        cmocka_unit_test(a_scan_refuses_an_altered_vector),
        cmocka_unit_test(a_large_space_is_sifted_and_hardly_anything_is_missed),
        cmocka_unit_test(a_scan_finds_among_marked_rows_however_few_there_are),
        cmocka_unit_test(memory_running_out_for_a_scan_is_reported),
        cmocka_unit_test(columns_and_records_agree_on_what_passes),
        cmocka_unit_test(a_filter_refuses_altered_columns),
    };

    return cmocka_run_group_tests(tests, make_model, remove_model);
}
