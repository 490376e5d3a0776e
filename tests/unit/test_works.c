/*
 * Records of one work: which pairs are, which are not, and what settling does with them.
 */
#include "check.h"
#include "folder.h"

#include "rec/reader.h"
#include "rec/settle.h"
#include "same_work.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* An abstract of 36 words, and the same with its second half rewritten. */
#define FLOCK                                                                                                                              \
    "We count sheep that cross a gate at night and ask what the counting does to those who wake. In twelve barns over three winters the "  \
    "number of animals counted before sleep fell with every lamp"
#define FLOCK_EDITED                                                                                                                       \
    "We count sheep that cross a gate at night and ask what the counting does to those who wake. Over three winters and twelve barns it "  \
    "is shown that lamps decide"
#define OTHER                                                                                                                              \
    "Goats climb where no sheep has stood before and what they eat there decides the colour of the cheese that is sold in the valley as "  \
    "old people have always maintained without proof"

static rec_store *store;

static int make_store(void **state)
{
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, rec_store_open(db, REC_STORE_CREATE, &store, &err), &err);
    return 0;
}

static int clear_store(void **state)
{
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, rec_store_check(store, &err), &err);
    rec_store_close(store);
    remove_files();
    return 0;
}

static rec_paper read_paper(const char *record)
{
    rec_paper paper = REC_PAPER_INIT;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_read_json(record, strlen(record), &paper, &err), &err);
    return paper;
}

static void put(const char *record)
{
    rec_paper paper = read_paper(record);
    rec_outcome outcome;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_begin(store, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_put(store, &paper, &outcome, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_commit(store, true, &err), &err);
    rec_paper_clear(&paper);
}

static void settle(void)
{
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_works_settle(store, &err), &err);
}

static rec_record get(const char *id)
{
    rec_record record = REC_RECORD_INIT;
    rec_doc doc;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_find(store, id, &doc, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_get(store, doc, REC_GET_CARD | REC_GET_ALSO, &record, &err), &err);
    return record;
}

static rec_doc work_of(const char *id)
{
    rec_record record = get(id);
    rec_doc work = record.work;

    CHECK(record.shares_work || work == record.doc);
    rec_record_clear(&record);
    return work;
}

/* ---- pairs ---------------------------------------------------------------------------------------------------------- */

#define RECORD(id, title, authors, date, abstract)                                                                                         \
    "{\"id\":\"" id "\",\"title\":\"" title "\",\"authors\":" authors ",\"date\":\"" date "\",\"abstract\":\"" abstract "\"}"
#define TWO "[\"Ada Shepherd\",\"Bo Wool\"]"
#define COUNTING "Counting sheep at the gate: a study of sleepers"

static const struct {
    const char *why, *a, *b;
    bool same;
} PAIRS[] = {
    { "a preprint and the published version, authors by their initials", RECORD("2401.00001", COUNTING, TWO, "2024-01-01", FLOCK),
      RECORD("10.1000/a", "Counting Sheep at the Gate - a Study of Sleepers", "[\"Shepherd, A.\",\"Wool, B.\"]", "2025", FLOCK_EDITED),
      true },
    { "the subtitle dropped", RECORD("2401.00001", COUNTING, TWO, "2024", FLOCK),
      RECORD("10.1000/a", "Counting sheep at the gate", TWO, "2024", FLOCK), true },
    { "the title changed altogether, the abstract hardly", RECORD("2401.00001", COUNTING, TWO, "2024", FLOCK),
      RECORD("10.1000/a", "Lamps decide how long barns stay awake", TWO, "2024", FLOCK " and no wolf"), true },
    { "a conference's record without an abstract", RECORD("2401.00001", COUNTING, TWO, "2024", FLOCK),
      RECORD("c1", COUNTING, TWO, "2024", ""), true },
    { "no abstract, and one word of the title changed", RECORD("2401.00001", COUNTING, TWO, "2024", FLOCK),
      RECORD("c1", "Counting sheep at the gate: a study of sleep", TWO, "2024", ""), true },
    { "the abstract rewritten, the title kept", RECORD("2401.00001", COUNTING, TWO, "2024", FLOCK),
      RECORD("10.1000/a", COUNTING, TWO, "2024", OTHER), true },
    { "the abstract rewritten, the authors with what they are numbered by", RECORD("2401.00001", COUNTING, TWO, "2024", FLOCK),
      RECORD("10.1000/a", COUNTING, "[\"Ada Shepherd, Jr.\",\"Bo Wool III\"]", "2024", OTHER), true },
    { "a record without a title, one abstract", "{\"id\":\"2401.00001\",\"authors\":" TWO ",\"abstract\":\"" FLOCK "\"}",
      RECORD("10.1000/a", COUNTING, TWO, "2024", FLOCK), true },
    { "a record without a title, another abstract", "{\"id\":\"2401.00001\",\"authors\":" TWO ",\"abstract\":\"" FLOCK "\"}",
      RECORD("10.1000/a", COUNTING, TWO, "2024", OTHER), false },
    { "equal titles of other authors", RECORD("2401.00001", COUNTING, TWO, "2024", FLOCK),
      RECORD("10.1000/a", COUNTING, "[\"Cy Goat\",\"Di Herd\"]", "2024", OTHER), false },
    { "equal titles, many years apart, other abstracts", RECORD("2401.00001", COUNTING, TWO, "2024", FLOCK),
      RECORD("10.1000/a", COUNTING, TWO, "2014", OTHER), false },
    { "two arXiv ids, another abstract", RECORD("2401.00001", COUNTING, TWO, "2024", FLOCK),
      RECORD("2407.00001", COUNTING, TWO, "2024", OTHER), false },
    { "two arXiv ids, submitted twice", RECORD("2401.00001", COUNTING, TWO, "2024", FLOCK),
      RECORD("2401.00002", COUNTING, TWO, "2024", FLOCK), true },
    { "parts of a series with one abstract", RECORD("2401.00001", "Counting sheep at the gate, part I", TWO, "2024", FLOCK),
      RECORD("10.1000/a", "Counting sheep at the gate, part II", TWO, "2024", FLOCK), false },
    { "numbers of a yearly report", RECORD("r1", "Sheep of the valley, a report for 2023", TWO, "2023", FLOCK),
      RECORD("r2", "Sheep of the valley, a report for 2024", TWO, "2024", FLOCK), false },
    { "a reply", RECORD("2401.00001", COUNTING, TWO, "2024", FLOCK),
      RECORD("10.1000/a", "Reply to: Counting sheep at the gate: a study of sleepers", TWO, "2024", FLOCK), false },
    { "an erratum", RECORD("2401.00001", COUNTING, TWO, "2024", FLOCK), RECORD("10.1000/a", "Erratum: " COUNTING, TWO, "2024", ""), false },
    { "one group's next paper, a like title and another abstract", RECORD("2401.00001", COUNTING, TWO, "2024", FLOCK),
      RECORD("10.1000/a", "Counting goats at the gate: a study of sleepers", TWO, "2024", OTHER), false },
    { "short titles that anyone gives", RECORD("e1", "Editorial", TWO, "2024", ""), RECORD("e2", "Editorial", TWO, "2024", ""), false },
    { "no authors, nearly one abstract", RECORD("l1", COUNTING, "[]", "2024", FLOCK), RECORD("l2", COUNTING, "[]", "2024", FLOCK " too"),
      true },
    { "no authors, the title alone", RECORD("l1", COUNTING, "[]", "2024", FLOCK), RECORD("l2", COUNTING, "[]", "2024", OTHER), false },
};

static void pairs_are_of_one_work_where_a_reader_would_say_so(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(PAIRS); i++) {
        rec_paper a = read_paper(PAIRS[i].a), b = read_paper(PAIRS[i].b);
        rec_work_evidence one, other;
        rec_error err = REC_ERROR_INIT;

        CHECK_STATUS(REC_OK, rec_works_compare(&a, &b, &one, &err), &err);
        CHECK_STATUS(REC_OK, rec_works_compare(&b, &a, &other, &err), &err);
        if (one.same_work != PAIRS[i].same)
            fail_msg("%s: %s one work (titles %.2f, abstracts %.2f, authors %zu of %zu and %zu)", PAIRS[i].why, one.same_work ? "" : "not",
                     one.title_alike, one.abstract_in, one.shared, one.authors[0], one.authors[1]);
        if (other.same_work != one.same_work)
            fail_msg("%s: it matters which comes first", PAIRS[i].why);
        rec_paper_clear(&a);
        rec_paper_clear(&b);
    }
}

/* Two preprints, or two records that are none, want titles more alike than a preprint and what was published of it. */
static void a_doi_of_a_preprint_server_is_that_of_a_preprint(void **state)
{
    static const struct {
        const char *a, *b;
        bool siblings;
    } IDS[] = {
        { "2401.00001", "10.1101/2024.01.01.573812", true },
        { "10.21203/rs.3.rs-1", "10.1101/2024.01.01.573812", true },
        { "2401.00001", "10.1000/a", false },
        { "10.1101/2024.01.01.573812", "10.1000/a", false },
        { "10.1000/a", "10.11010/b", true },
        { "10.1000/a", "c1", true },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(IDS); i++) {
        char record[256];
        rec_paper a, b;
        rec_work_evidence evidence;
        rec_error err = REC_ERROR_INIT;

        snprintf(record, sizeof(record), RECORD("%s", COUNTING, TWO, "2024", ""), IDS[i].a);
        a = read_paper(record);
        snprintf(record, sizeof(record), RECORD("%s", COUNTING, TWO, "2024", ""), IDS[i].b);
        b = read_paper(record);
        CHECK_STATUS(REC_OK, rec_works_compare(&a, &b, &evidence, &err), &err);
        if (evidence.siblings != IDS[i].siblings)
            fail_msg("%s and %s: %s", IDS[i].a, IDS[i].b, evidence.siblings ? "siblings" : "no siblings");
        rec_paper_clear(&a);
        rec_paper_clear(&b);
    }
}

/* What the comparison would call one work must be found by settling too, through keys or the title. */
static void settling_finds_the_pairs_in_either_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * COUNT(PAIRS); i++) {
        bool same = PAIRS[i / 2].same;
        rec_paper a, b;

        make_store(NULL);
        put(i % 2 ? PAIRS[i / 2].a : PAIRS[i / 2].b);
        if (i % 3 == 0) /* with and without keys that were settled before */
            settle();
        put(i % 2 ? PAIRS[i / 2].b : PAIRS[i / 2].a);
        settle();
        a = read_paper(PAIRS[i / 2].a);
        b = read_paper(PAIRS[i / 2].b);
        if ((work_of(a.id.text) == work_of(b.id.text)) != same)
            fail_msg("%s: %s found, case %zu", PAIRS[i / 2].why, same ? "not" : "wrongly", i);
        rec_paper_clear(&a);
        rec_paper_clear(&b);
        clear_store(NULL);
    }
}

/* ---- works in the store --------------------------------------------------------------------------------------------- */

static const char PREPRINT[] = RECORD("2401.00001", COUNTING, TWO, "2024-01-01", FLOCK);
static const char PUBLISHED[] =
    "{\"id\":\"key\",\"doi\":\"10.1000/a\",\"title\":\"" COUNTING "\",\"authors\":" TWO ",\"date\":\"2025\",\"abstract\":\"" FLOCK "\"}";
static const char MEETING[] = RECORD("c1", "Counting sheep at the gate", TWO, "2024", FLOCK);

static void records_stay_and_name_each_other(void **state)
{
    rec_store_state now;
    rec_doc docs[8];
    size_t count;
    rec_record record;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    put(MEETING);
    put(RECORD("o1", "Goats", TWO, "2024", OTHER));
    put(PREPRINT);
    put(PUBLISHED);
    CHECK_INT(3, work_of("arXiv:2401.00001")); /* not settled yet: its own */
    settle();
    CHECK_STATUS(REC_OK, rec_store_get_state(store, &now, &err), &err);
    CHECK_INT(4, now.papers);
    CHECK_INT(1, work_of("c1"));
    CHECK_INT(1, work_of("arXiv:2401.00001"));
    CHECK_INT(1, work_of("key"));
    CHECK_INT(2, work_of("o1"));
    record = get("arXiv:2401.00001");
    CHECK(record.shares_work);
    CHECK_STR("[\"c1\",\"doi:10.1000/a\",\"key\"]", record.also);
    rec_record_clear(&record);
    record = get("key");
    CHECK_STR("[\"arXiv:2401.00001\",\"c1\",\"key\"]", record.also);
    rec_record_clear(&record);
    /* arXiv's before the DOI's before a local one's. */
    CHECK_STATUS(REC_OK, rec_store_get_work(store, 1, docs, COUNT(docs), &count, &err), &err);
    CHECK_INT(3, count);
    CHECK_INT(3, docs[0]);
    CHECK_INT(4, docs[1]);
    CHECK_INT(1, docs[2]);
    CHECK_STATUS(REC_OK, rec_store_get_work(store, 2, docs, COUNT(docs), &count, &err), &err);
    CHECK_INT(0, count);
}

static void an_abstract_is_worth_more_than_a_better_id_and_a_flag_costs_all(void **state)
{
    rec_doc docs[8];
    size_t count;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    put(RECORD("2401.00001", COUNTING, TWO, "2024", ""));
    put(PUBLISHED);
    settle();
    CHECK_STATUS(REC_OK, rec_store_get_work(store, 1, docs, COUNT(docs), &count, &err), &err);
    CHECK_INT(2, count);
    CHECK_INT(2, docs[0]);
    put("{\"id\":\"key\",\"retracted\":true}");
    CHECK_STATUS(REC_OK, rec_store_get_work(store, 1, docs, COUNT(docs), &count, &err), &err);
    CHECK_INT(1, docs[0]);
}

static void settling_changes_the_generation_only_where_works_changed(void **state)
{
    rec_store_state before, after;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    put(PREPRINT);
    put(MEETING);
    CHECK_STATUS(REC_OK, rec_store_get_state(store, &before, &err), &err);
    settle();
    CHECK_STATUS(REC_OK, rec_store_get_state(store, &after, &err), &err);
    CHECK_INT(before.generation + 1, after.generation);
    settle();
    put(RECORD("o1", "Goats on the rocks", TWO, "2024", OTHER));
    settle();
    CHECK_STATUS(REC_OK, rec_store_get_state(store, &before, &err), &err);
    CHECK_INT(after.generation + 1, before.generation); /* the paper's own */
}

static void a_record_that_changes_leaves_its_work_and_the_others_are_looked_at_again(void **state)
{
    (void)state;
    put(MEETING);
    put(PREPRINT);
    put(PUBLISHED);
    settle();
    CHECK_INT(1, work_of("key"));
    put(RECORD("c1", "Goats on the rocks", "[\"Cy Goat\"]", "2024", OTHER));
    CHECK_INT(3, work_of("key")); /* until they are settled, each alone */
    settle();
    CHECK_INT(1, work_of("c1"));
    CHECK_INT(2, work_of("arXiv:2401.00001"));
    CHECK_INT(2, work_of("key"));
    put(MEETING); /* and back */
    settle();
    CHECK_INT(1, work_of("key"));
}

static void a_removed_record_leaves_its_work(void **state)
{
    rec_doc doc = 1;
    rec_record record;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    put(MEETING);
    put(PREPRINT);
    put(PUBLISHED);
    settle();
    CHECK_STATUS(REC_OK, rec_store_begin(store, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_remove(store, &doc, 1, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_commit(store, true, &err), &err);
    settle();
    CHECK_INT(2, work_of("key"));
    record = get("key");
    CHECK_STR("[\"arXiv:2401.00001\",\"key\"]", record.also);
    rec_record_clear(&record);
    doc = 2;
    CHECK_STATUS(REC_OK, rec_store_begin(store, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_remove(store, &doc, 1, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_commit(store, true, &err), &err);
    settle();
    record = get("key");
    CHECK(!record.shares_work);
    rec_record_clear(&record);
}

/* Two works that were found apart become one when a record comes that is alike to both. */
static void a_record_between_two_works_unites_them(void **state)
{
    (void)state;
    put(RECORD("c1", "Counting sheep at the gate", TWO, "2024", ""));
    put(RECORD("c2", "Lamps decide how long barns stay awake", TWO, "2024", FLOCK));
    settle();
    CHECK(work_of("c1") != work_of("c2"));
    put(RECORD("2401.00001", "Counting sheep at the gate", TWO, "2024", FLOCK));
    settle();
    CHECK_INT(1, work_of("c1"));
    CHECK_INT(1, work_of("c2"));
    CHECK_INT(1, work_of("arXiv:2401.00001"));
}

/* Hundreds of papers with one title and one author: no more comparisons for each than for the first dozens. */
static void many_papers_with_one_title_are_settled(void **state)
{
    char record[256];

    (void)state;
    for (int i = 0; i < 300; i++) {
        snprintf(record, sizeof(record),
                 "{\"id\":\"e%d\",\"title\":\"Editorial of the month for shepherds\",\"authors\":[\"Ada Shepherd\"],\"date\":\"20%02d\"}",
                 i, i % 100);
        put(record);
    }
    settle();
}

static void texts_too_short_to_tell_have_no_keys(void **state)
{
    uint64_t keys[REC_WORK_KEYS], others[REC_WORK_KEYS];

    (void)state;
    CHECK_INT(0, rec_works_keys(NULL, NULL, NULL, keys));
    CHECK_INT(0, rec_works_keys("On it", "Short.", "[\"Ada Shepherd\"]", keys));
    CHECK_INT(0, rec_works_keys("", "", "not JSON", keys));
    CHECK_INT(3, rec_works_keys(COUNTING, NULL, TWO, keys));
    CHECK_INT(6, rec_works_keys(COUNTING, FLOCK, TWO, keys));
    /* Spelling out a given name changes nothing; another first author does. */
    CHECK_INT(6, rec_works_keys(COUNTING, FLOCK, "[\"A. Shepherd\"]", others));
    CHECK(memcmp(keys, others, sizeof(keys)) == 0);
    CHECK_INT(6, rec_works_keys(COUNTING, FLOCK, "[\"Bo Wool\"]", others));
    for (size_t i = 0; i < REC_WORK_KEYS; i++)
        CHECK(keys[i] != others[i]);
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, make_store, clear_store)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_of_one_work_where_a_reader_would_say_so),
        cmocka_unit_test(a_doi_of_a_preprint_server_is_that_of_a_preprint),
        cmocka_unit_test(settling_finds_the_pairs_in_either_order),
        STORE_TEST(records_stay_and_name_each_other),
        STORE_TEST(an_abstract_is_worth_more_than_a_better_id_and_a_flag_costs_all),
        STORE_TEST(settling_changes_the_generation_only_where_works_changed),
        STORE_TEST(a_record_that_changes_leaves_its_work_and_the_others_are_looked_at_again),
        STORE_TEST(a_removed_record_leaves_its_work),
        STORE_TEST(a_record_between_two_works_unites_them),
        STORE_TEST(many_papers_with_one_title_are_settled),
        cmocka_unit_test(texts_too_short_to_tell_have_no_keys),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
