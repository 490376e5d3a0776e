/*
 * The store: what is put in comes out, who sees what while another writes, and files that are refused or were left by a crash. What a
 * second import changes is test_import.c's.
 */
#include "check.h"
#include "folder.h"

#include "alloc.h"
#include "precedence.h"
#include "rec/clean.h"
#include "rec/reader.h"
#include "rec/store.h"

#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static rec_store *store; /* for writing; NULL in tests that open their own */
static bool minute_is_over;

/* The store's pause between two tries of the lock. A test that wants its last try need not wait a minute for it. */
int usleep(useconds_t us)
{
    struct timespec pause = { 0, (long)us * 1000 };

    return minute_is_over ? 0 : nanosleep(&pause, NULL);
}

static int clear_folder(void **state)
{
    (void)state;
    rec_store_close(store);
    store = NULL;
    remove_files();
    return 0;
}

static rec_store *open_store(rec_store_mode mode)
{
    rec_store *opened = NULL;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_open(db, mode, &opened, &err), &err);
    return opened;
}

static int make_store(void **state)
{
    (void)state;
    store = open_store(REC_STORE_CREATE);
    return 0;
}

/* Puts one record in, in a transaction of the caller's. */
static rec_outcome put_into(rec_store *into, const char *record)
{
    rec_paper paper = REC_PAPER_INIT;
    rec_outcome outcome;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_read_json(record, strlen(record), &paper, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_put(into, &paper, &outcome, &err), &err);
    rec_paper_clear(&paper);
    return outcome;
}

static void begin(rec_store *in)
{
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_begin(in, &err), &err);
}

static void commit(rec_store *in, bool changed)
{
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_commit(in, changed, &err), &err);
}

static rec_outcome put(const char *record)
{
    rec_outcome outcome;

    begin(store);
    outcome = put_into(store, record);
    commit(store, outcome == REC_ADDED || outcome == REC_UPDATED);
    return outcome;
}

/* The number of the paper with this id, 0 where there is none. */
static rec_doc find_in(rec_store *in, const char *id)
{
    rec_doc doc = 0;
    rec_error err = REC_ERROR_INIT;
    rec_status rc = rec_store_find(in, id, &doc, &err);

    CHECK(rc == REC_OK || rc == REC_ENOTFOUND);
    return rc == REC_OK ? doc : 0;
}

static rec_record get(rec_doc doc, unsigned what)
{
    rec_record record = REC_RECORD_INIT;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_get(store, doc, what, &record, &err), &err);
    return record;
}

static rec_store_state state_of(rec_store *of)
{
    rec_store_state now;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_get_state(of, &now, &err), &err);
    return now;
}

static void check_store(rec_store *of)
{
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_check(of, &err), &err);
}

static void put_list(rec_doc doc, rec_neighbour neighbour)
{
    rec_list list = { .count = 1, .reach = 0.25f };
    rec_error err = REC_ERROR_INIT;

    list.items[0] = neighbour;
    begin(store);
    CHECK_STATUS(REC_OK, rec_store_put_list(store, doc, &list, &err), &err);
    commit(store, true);
}

static bool has_list(rec_doc doc)
{
    rec_list list;
    rec_error err = REC_ERROR_INIT;
    rec_status rc = rec_store_get_list(store, doc, &list, &err);

    CHECK(rc == REC_OK || rc == REC_ENOTFOUND);
    return rc == REC_OK;
}

static rec_status note_doc(rec_doc doc, void *context, rec_error *err)
{
    char *seen = context;

    (void)err;
    snprintf(seen + strlen(seen), 64 - strlen(seen), "%s%d", seen[0] ? " " : "", (int)doc);
    return REC_OK;
}

/* Compares the numbers of the papers found, best first, by blanks. */
static void find_words(const char *query, const char *expected)
{
    rec_word_hit hits[8];
    size_t count = 0;
    char got[64] = "";
    rec_error err = REC_ERROR_INIT;

    if (rec_store_search(store, query, COUNT(hits), hits, &count, &err) != REC_OK)
        fail_msg("'%.60s': %s", query, err.message);
    for (size_t i = 0; i < count; i++)
        CHECK_STATUS(REC_OK, note_doc(hits[i].doc, got, NULL), &err);
    if (strcmp(expected, got) != 0)
        fail_msg("'%.60s' finds '%s', expected '%s'", query, got, expected);
}

/* ---- papers in and out --------------------------------------------------------------------------------------------- */

static void every_field_comes_back_as_it_was_put(void **state)
{
    static const char RECORD[] =
        "{\"id\":\"2401.00001v3\",\"doi\":\"10.1000/Sheep\",\"pmid\":\"77\",\"title\":\"Counting $\\\\alpha$  Sheep\","
        "\"abstract\":\"We count\\n them.\",\"authors\":[\"Ada Shepherd\",\"B. Wool\"],\"date\":\"2024-02\",\"updated\":\"2024-03-05\","
        "\"categories\":[\"cs.SH\"],\"keywords\":[\"wool\"],\"venue\":\"Pasture \\\"A\\\"\",\"url\":\"https://example.org/a?b=%20\","
        "\"upvotes\":-2.5,\"flock\":{\"size\":3}}";
    rec_paper paper = REC_PAPER_INIT;
    rec_outcome outcome;
    rec_record stored;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, rec_read_json(RECORD, strlen(RECORD), &paper, &err), &err);
    CHECK(paper.title_original && paper.abstract_original); /* else their round trip is not tested */
    begin(store);
    CHECK_STATUS(REC_OK, rec_store_put(store, &paper, &outcome, &err), &err);
    CHECK_INT(REC_ADDED, outcome);
    commit(store, true);
    stored = get(find_in(store, "arXiv:2401.00001"), REC_GET_ALL | REC_GET_ALSO);
    CHECK_INT(1, stored.doc);
    CHECK_STR("arXiv:2401.00001", stored.paper.id.text);
    CHECK_INT(REC_ID_ARXIV, stored.paper.id.kind);
    CHECK_INT(3, stored.paper.id.version);
    CHECK_STR(paper.title, stored.paper.title);
    CHECK_STR(paper.abstract, stored.paper.abstract);
    CHECK_STR(paper.title_original, stored.paper.title_original);
    CHECK_STR(paper.abstract_original, stored.paper.abstract_original);
    CHECK_STR("[\"Ada Shepherd\",\"B. Wool\"]", stored.paper.authors);
    CHECK_STR("[\"cs.SH\"]", stored.paper.categories);
    CHECK_STR("[\"wool\"]", stored.paper.keywords);
    CHECK_STR("Pasture \"A\"", stored.paper.venue);
    CHECK_STR("https://example.org/a?b=%20", stored.paper.url);
    CHECK_STR("2024-02", stored.paper.date.text);
    CHECK_INT(20240201, stored.paper.date.first);
    CHECK_INT(20240229, stored.paper.date.last);
    CHECK_STR("2024-03-05", stored.paper.updated.text);
    CHECK(stored.paper.has_upvotes && stored.paper.upvotes == -2.5);
    CHECK_STR(paper.extra, stored.paper.extra);
    CHECK_STR("[\"PMID:77\",\"doi:10.1000/sheep\"]", stored.also);
    CHECK(stored.title_key == rec_text_key(paper.title));
    CHECK(stored.abstract_key == rec_text_key(paper.abstract));
    rec_record_clear(&stored);
    rec_paper_clear(&paper);
}

static void a_paper_of_an_id_alone_has_no_other_field(void **state)
{
    rec_record stored;

    (void)state;
    CHECK_INT(REC_ADDED, put("{\"id\":\"only\"}"));
    stored = get(1, REC_GET_ALL | REC_GET_ALSO);
    CHECK(!stored.paper.title && !stored.paper.abstract && !stored.paper.title_original && !stored.paper.abstract_original);
    CHECK(!stored.paper.authors && !stored.paper.categories && !stored.paper.keywords && !stored.paper.venue && !stored.paper.url);
    CHECK(!stored.paper.extra && !stored.also && !stored.paper.has_upvotes);
    CHECK(!stored.paper.date.text[0] && !stored.paper.updated.text[0]);
    CHECK(stored.title_key == 0 && stored.abstract_key == 0);
    rec_record_clear(&stored);
}

static void a_card_leaves_out_what_was_not_asked_for(void **state)
{
    rec_record stored;

    (void)state;
    put("{\"id\":\"a\",\"doi\":\"10.1000/a\",\"title\":\"A  b\",\"abstract\":\"C\",\"x\":1}");
    stored = get(1, REC_GET_CARD);
    CHECK_STR("A b", stored.paper.title);
    CHECK(!stored.paper.abstract && !stored.paper.title_original && !stored.paper.extra && !stored.also);
    rec_record_clear(&stored);
    stored = get(1, REC_GET_ABSTRACT);
    CHECK_STR("C", stored.paper.abstract);
    CHECK(!stored.paper.title_original && !stored.paper.extra && !stored.also);
    rec_record_clear(&stored);
}

static void an_unknown_number_is_an_answer_and_leaves_the_record_alone(void **state)
{
    rec_record record = REC_RECORD_INIT;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_ENOTFOUND, rec_store_get(store, 7, REC_GET_ALL, &record, &err), &err);
    CHECK_CONTAINS("7", err.message);
    CHECK(record.paper.title == NULL && record.doc == 0);
}

/* What SQL or a shell would read as more than a letter. */
static void ids_are_found_byte_for_byte(void **state)
{
    static const char *const IDS[] = { "o'brien", "100%", "a_b", "\\\"quoted\\\"", "; DROP TABLE paper; --", "x*", "\xC3\xA9tude" };

    (void)state;
    for (size_t i = 0; i < COUNT(IDS); i++) {
        char record[128];

        snprintf(record, sizeof(record), "{\"id\":\"%s\"}", IDS[i]);
        CHECK_INT(REC_ADDED, put(record));
    }
    CHECK_INT(1, find_in(store, "o'brien"));
    CHECK_INT(2, find_in(store, "100%"));
    CHECK_INT(3, find_in(store, "a_b"));
    CHECK_INT(4, find_in(store, "\"quoted\""));
    CHECK_INT(5, find_in(store, "; DROP TABLE paper; --"));
    CHECK_INT(6, find_in(store, "x*"));
    CHECK_INT(7, find_in(store, "\xC3\xA9tude"));
    CHECK_INT(0, find_in(store, "axb"));
    CHECK_INT(0, find_in(store, "%"));
    CHECK_INT(0, find_in(store, "O'Brien"));
    CHECK_INT(0, find_in(store, ""));
}

/* ---- aliases and updates ------------------------------------------------------------------------------------------- */

static void every_id_of_a_record_finds_it(void **state)
{
    (void)state;
    put("{\"id\":\"key\",\"pmid\":\"77\",\"doi\":\"10.1000/a\",\"arxiv\":\"2401.00001\",\"title\":\"A\"}");
    CHECK_INT(1, find_in(store, "arXiv:2401.00001"));
    CHECK_INT(1, find_in(store, "doi:10.1000/a"));
    CHECK_INT(1, find_in(store, "PMID:77"));
    CHECK_INT(1, find_in(store, "key"));
}

/* The order in which its records came does not matter: arXiv, DOI, PMID, then the source's own key. */
static void the_id_of_precedence_becomes_canonical_and_the_others_stay(void **state)
{
    static const char *const RECORDS[] = {
        "{\"id\":\"key\",\"title\":\"A\"}",
        "{\"id\":\"key\",\"pmid\":\"77\",\"title\":\"A\"}",
        "{\"pmid\":\"77\",\"doi\":\"10.1000/a\",\"title\":\"A\"}",
        "{\"doi\":\"10.1000/a\",\"arxiv\":\"2401.00001\",\"title\":\"A\"}",
        "{\"pmid\":\"77\",\"title\":\"A\"}",
    };
    static const char *const CANONICAL[] = { "key", "PMID:77", "doi:10.1000/a", "arXiv:2401.00001", "arXiv:2401.00001" };

    (void)state;
    for (size_t i = 0; i < COUNT(RECORDS); i++) {
        rec_record stored;

        put(RECORDS[i]);
        stored = get(1, REC_GET_CARD);
        CHECK_STR(CANONICAL[i], stored.paper.id.text);
        rec_record_clear(&stored);
    }
    CHECK_INT(1, state_of(store).papers);
    CHECK_INT(1, find_in(store, "key"));
    CHECK_INT(1, find_in(store, "PMID:77"));
    CHECK_INT(1, find_in(store, "doi:10.1000/a"));
}

/* A journal's record that shares the PMID and the title brings the DOI that the stored preprint lacked. */
static void an_id_of_less_precedence_becomes_an_alias(void **state)
{
    rec_record stored;

    (void)state;
    put("{\"arxiv\":\"2401.00001\",\"pmid\":\"77\",\"title\":\"A\"}");
    put("{\"doi\":\"10.1000/a\",\"pmid\":\"77\",\"title\":\"A\"}");
    CHECK_INT(1, state_of(store).papers);
    CHECK_INT(1, find_in(store, "doi:10.1000/a"));
    stored = get(1, REC_GET_ALSO);
    CHECK_STR("arXiv:2401.00001", stored.paper.id.text);
    CHECK_STR("[\"PMID:77\",\"doi:10.1000/a\"]", stored.also);
    rec_record_clear(&stored);
}

/* `also` is part of an answer, so a record that brings nothing but an id is a change. */
static void a_new_alias_is_an_update(void **state)
{
    (void)state;
    CHECK_INT(REC_ADDED, put("{\"id\":\"2401.00001\",\"title\":\"A\"}"));
    CHECK_INT(REC_UPDATED, put("{\"id\":\"2401.00001\",\"doi\":\"10.1000/a\",\"title\":\"A\"}"));
    CHECK_INT(REC_UNCHANGED, put("{\"id\":\"2401.00001\",\"doi\":\"10.1000/a\",\"title\":\"A\"}"));
}

static void the_first_paper_to_bring_an_alias_keeps_it(void **state)
{
    (void)state;
    put("{\"arxiv\":\"2401.00001\",\"doi\":\"10.1000/volume\",\"title\":\"Sheep\"}");
    put("{\"arxiv\":\"2401.00002\",\"doi\":\"10.1000/volume\",\"title\":\"Goats\"}");
    CHECK_INT(2, state_of(store).papers);
    CHECK_INT(1, find_in(store, "doi:10.1000/volume"));
}

static void an_update_keeps_its_place_and_moves_its_words(void **state)
{
    (void)state;
    put("{\"id\":\"a\",\"title\":\"Sheep\"}");
    put("{\"id\":\"b\",\"title\":\"Goats\"}");
    CHECK_INT(REC_UPDATED, put("{\"id\":\"a\",\"title\":\"Horses\"}"));
    CHECK_INT(1, find_in(store, "a"));
    CHECK_INT(2, find_in(store, "b"));
    CHECK_INT(2, state_of(store).papers);
    find_words("sheep", "");
    find_words("horses", "1");
    check_store(store);
}

static void what_the_index_holds_cannot_change_and_keep_its_neighbour_list(void **state)
{
    static const char *const changes[] = {
        "{\"id\":\"a\",\"abstract\":\"Milk.\"}",
        "{\"id\":\"a\",\"title\":\"Lambs\"}",
        "{\"id\":\"a\",\"date\":\"2024\"}",
        "{\"id\":\"a\",\"categories\":[\"farming\"]}",
        "{\"id\":\"a\",\"authors\":[\"Ada Lovelace\"]}",
    };

    (void)state;
    put("{\"id\":\"a\",\"title\":\"Sheep\",\"abstract\":\"Wool.\"}");
    put("{\"id\":\"b\",\"title\":\"Goats\"}");
    put_list(1, (rec_neighbour){ 2, 0.5f });
    CHECK_INT(REC_UPDATED, put("{\"id\":\"a\",\"title\":\"Sheep\",\"venue\":\"V\",\"upvotes\":3}"));
    CHECK(has_list(1));
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        CHECK_INT(REC_UPDATED, put(changes[i]));
        CHECK(!has_list(1));
        put_list(1, (rec_neighbour){ 2, 0.5f });
    }
    CHECK(has_list(1));
}

static void the_newest_date_is_the_newest_first_day(void **state)
{
    (void)state;
    CHECK_STR("", state_of(store).max_date);
    put("{\"id\":\"a\"}");
    CHECK_STR("", state_of(store).max_date);
    put("{\"id\":\"b\",\"date\":\"2024\"}");
    CHECK_STR("2024-01-01", state_of(store).max_date);
    put("{\"id\":\"c\",\"date\":\"2023-12-31\"}");
    CHECK_STR("2024-01-01", state_of(store).max_date);
    put("{\"id\":\"b\",\"date\":\"2022-05\"}");
    CHECK_STR("2023-12-31", state_of(store).max_date);
}

/* ---- scans --------------------------------------------------------------------------------------------------------- */

static rec_status note_text(const rec_text *text, void *context, rec_error *err)
{
    char *seen = context;

    (void)err;
    snprintf(seen + strlen(seen), 64 - strlen(seen), "%s%d%s%s", seen[0] ? " " : "", (int)text->doc, text->title ? text->title : "-",
             text->indexed ? "!" : "");
    return REC_OK;
}

static rec_status stop_at_2(const rec_text *text, void *context, rec_error *err)
{
    ++*(int *)context;
    return text->doc == 2 ? rec_fail(err, REC_EFORMAT, "enough") : REC_OK;
}

static void ties_are_broken_by_newer_date_then_id(void **state)
{
    char seen[64] = "";
    rec_error err = REC_ERROR_INIT;

    (void)state;
    put("{\"id\":\"d\"}");
    put("{\"id\":\"c\",\"date\":\"2023\"}");
    put("{\"id\":\"b\",\"date\":\"2024-01-02\"}");
    put("{\"id\":\"a\",\"date\":\"2023\"}");
    put("{\"id\":\"e\",\"date\":\"2024\"}");
    put("{\"id\":\"B\"}");
    CHECK_STATUS(REC_OK, rec_store_scan_precedence(store, note_doc, seen, &err), &err);
    CHECK_STR("3 5 4 2 6 1", seen);
}

/* Where the old places can be no order, of twice one place or of one that there is not, nothing is taken from them. */
static void an_old_order_that_contradicts_itself_is_read_anew(void **state)
{
    static const uint32_t OLD[][3] = { { 2, 1, 0 }, { 0, 0, 1 }, { 2, 3, 0 }, { UINT32_MAX, 1, 0 } }; /* the first is right */
    static const uint32_t ROWS[] = { 0, 1, 2 };
    static const char *const DATES[] = { "2021", "2022", "2023", "2024" };
    rec_space space, old;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, rec_space_new(4, 64, false, &space, &err), &err);
    CHECK_STATUS(REC_OK, rec_space_new(3, 64, false, &old, &err), &err);
    begin(store);
    for (size_t i = 0; i < 4; i++) {
        char record[64];

        snprintf(record, sizeof(record), "{\"id\":\"p%zu\",\"date\":\"%s\"}", i, DATES[i]);
        put_into(store, record);
        space.docs[i] = (uint32_t)i + 1;
        CHECK_STATUS(REC_OK, rec_facets_add(&space.facets, &(rec_text){ .date = 20210101 + (int32_t)i * 10000 }, &err), &err);
    }
    commit(store, true);
    for (size_t i = 0; i < COUNT(OLD); i++) {
        memcpy(old.precedence, OLD[i], sizeof(OLD[i]));
        memset(space.precedence, 0, 4 * sizeof(*space.precedence));
        CHECK_STATUS(REC_OK, rec_precedence_extend(store, &space, &old, ROWS, ROWS, 3, &err), &err);
        for (uint32_t row = 0; row < 4; row++) /* newer first */
            CHECK_INT(3 - row, space.precedence[row]);
    }
    rec_space_close(&space);
    rec_space_close(&old);
}

static void a_scan_shows_all_papers_or_those_without_a_list(void **state)
{
    char seen[64] = "", pending[64] = "", one[64] = "";
    int visited = 0;
    int64_t indexed;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    put("{\"id\":\"a\",\"title\":\"A\"}");
    put("{\"id\":\"b\"}");
    put("{\"id\":\"c\",\"title\":\"C\"}");
    put_list(3, (rec_neighbour){ 1, 0.5f });
    CHECK_STATUS(REC_OK, rec_store_scan(store, false, note_text, seen, &err), &err);
    CHECK_STR("1A 2- 3C!", seen);
    CHECK_STATUS(REC_OK, rec_store_scan(store, true, note_text, pending, &err), &err);
    CHECK_STR("1A 2-", pending);
    CHECK_STATUS(REC_OK, rec_store_count_indexed(store, &indexed, &err), &err);
    CHECK_INT(1, indexed);
    CHECK_STATUS(REC_EFORMAT, rec_store_scan(store, false, stop_at_2, &visited, &err), &err);
    CHECK_INT(2, visited);
    CHECK_STATUS(REC_OK, rec_store_text(store, 3, note_text, one, &err), &err);
    CHECK_STR("3C!", one);
    CHECK_STATUS(REC_ENOTFOUND, rec_store_text(store, 4, note_text, one, &err), &err);
}

static void titles_are_found_by_key_lowest_number_first(void **state)
{
    rec_doc docs[2];
    size_t count;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    put("{\"id\":\"c\",\"title\":\"Counting sheep\"}");
    put("{\"id\":\"b\",\"title\":\"Goats\"}");
    put("{\"id\":\"a\",\"title\":\"COUNTING SHEEP!\"}");
    put("{\"id\":\"d\",\"title\":\"counting sheep?\"}");
    put("{\"id\":\"e\",\"title\":\"?!\"}"); /* no letter: its key is 0 */
    CHECK_STATUS(REC_OK, rec_store_find_title(store, rec_text_key("counting-sheep"), docs, COUNT(docs), &count, &err), &err);
    CHECK_INT(2, count);
    CHECK_INT(1, docs[0]);
    CHECK_INT(3, docs[1]);
    CHECK_STATUS(REC_OK, rec_store_find_title(store, 0, docs, COUNT(docs), &count, &err), &err);
    CHECK_INT(0, count);
}

/* ---- neighbour lists ----------------------------------------------------------------------------------------------- */

static void a_list_comes_back_bit_for_bit(void **state)
{
    rec_list list = { .count = REC_LIST_LENGTH, .reach = -0.3f }, got;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    for (size_t i = 0; i < REC_LIST_LENGTH; i++)
        list.items[i] = (rec_neighbour){ UINT32_MAX - (uint32_t)i, 1.0f / (float)(i + 3) };
    begin(store);
    CHECK_STATUS(REC_OK, rec_store_put_list(store, 1, &(rec_list){ .count = 0, .reach = -2 }, &err), &err);
    CHECK_STATUS(REC_OK, rec_store_get_list(store, 1, &got, &err), &err);
    CHECK_INT(0, got.count);
    CHECK_STATUS(REC_OK, rec_store_put_list(store, 1, &list, &err), &err);
    commit(store, true);
    CHECK_STATUS(REC_OK, rec_store_get_list(store, 1, &got, &err), &err);
    CHECK_INT(REC_LIST_LENGTH, got.count);
    CHECK(got.reach == list.reach);
    CHECK(memcmp(list.items, got.items, sizeof(list.items)) == 0);
    CHECK(!has_list(2));
}

static void a_list_that_cannot_be_one_is_refused(void **state)
{
    static const rec_neighbour BAD[] = { { 0, 0.5f }, { 1, NAN }, { 1, INFINITY } };
    rec_list list;

    (void)state;
    for (size_t i = 0; i < COUNT(BAD); i++) {
        rec_error err = REC_ERROR_INIT;

        put_list(1, BAD[i]);
        CHECK_STATUS(REC_EDAMAGED, rec_store_get_list(store, 1, &list, &err), &err);
        CHECK_CONTAINS("recommend build", err.message);
    }
}

static void what_was_built_is_remembered(void **state)
{
    rec_store_state now;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STR("", state_of(store).fingerprint);
    CHECK_INT(0, state_of(store).side);
    begin(store);
    CHECK_STATUS(REC_OK, rec_store_set_built(store, "00112233445566778899aabbccddeeff", 7, 1234567890123, &err), &err);
    commit(store, true);
    now = state_of(store);
    CHECK_STR("00112233445566778899aabbccddeeff", now.fingerprint);
    CHECK_INT(7, now.side);
    CHECK_INT(1234567890123, now.rows);
}

/* ---- words --------------------------------------------------------------------------------------------------------- */

static void put_farm(void)
{
    put("{\"id\":\"a\",\"title\":\"Shearing\",\"abstract\":\"Of goats and of the sheep that were counted.\"}");
    put("{\"id\":\"b\",\"title\":\"Sheep\",\"abstract\":\"Of the shearing that we did.\"}");
    put("{\"id\":\"c\",\"title\":\"Dogs\",\"abstract\":\"Of caf\xC3\xA9s not far from the near pasture.\"}");
}

static void search_takes_papers_with_all_the_words_before_those_with_any(void **state)
{
    (void)state;
    put_farm();
    find_words("sheep counted", "1 2"); /* though 2 has it in its title */
    find_words("pasture counted", "3 1");
    find_words("elephants", "");
}

static void a_word_in_the_title_counts_more(void **state)
{
    (void)state;
    put_farm();
    find_words("sheep", "2 1");
    find_words("shearing", "1 2");
}

static void words_meet_by_stem_without_accents_or_case(void **state)
{
    (void)state;
    put_farm();
    find_words("COUNT", "1");
    find_words("cafe", "3");
    find_words("CAF\xC3\x89", "3");
}

/* Each query is what someone might type or a program might pass on; none is syntax, and none may fail. */
static void nothing_in_a_query_is_an_operator(void **state)
{
    static const struct {
        const char *query, *expected;
    } CASES[] = {
        { "", "" },
        { " \t\n", "" },
        { "\"", "" },
        { "\"\"", "" },
        { "%", "" },
        { "* - + ^ : ( ) { } . , ;", "" },
        { "\"dogs", "3" },
        { "dogs\"", "3" },
        { "\"dogs\"\"\"", "3" },
        { "dogs*", "3" },
        { "dog*", "3" },
        { "past*", "" },
        { "%dogs%", "3" },
        { "d_gs", "" },
        { "^dogs", "3" },
        { "-dogs", "3" },
        { "(dogs", "3" },
        { "dogs)", "3" },
        { "words:dogs", "3" },
        { "{title abstract}:dogs", "3" },
        { "sheep NOT goats", "3 1 2" }, /* 1 has both animals, and 3 the word "not" */
        { "dogs AND NOT", "3 1" },      /* 1 has the word "and" */
        { "OR", "" },
        { "NEAR(dogs pasture, 1)", "3" },
        { "dogs'; DROP TABLE paper; --", "3" },
        { "dogs\0sheep", "3" },
        { "\xFF\xFE", "" },
        { "dogs \xC3", "3" },
        { "dogs \xF0\x9F\x90\x91", "3" }, /* a sheep, which is no word */
    };

    (void)state;
    put_farm();
    for (size_t i = 0; i < COUNT(CASES); i++)
        find_words(CASES[i].query, CASES[i].expected);
    CHECK_INT(3, state_of(store).papers);
}

/* As someone pastes a whole paper: what is behind the first thousands of bytes is not read. */
static void a_query_of_any_length_is_answered(void **state)
{
    char query[20000];

    (void)state;
    put_farm();
    for (size_t i = 0; i + 2 < sizeof(query); i += 2)
        memcpy(query + i, "x ", 3);
    memcpy(query, "dogs ", 5);
    find_words(query, "3");
    memset(query, 'x', sizeof(query) - 1);
    query[sizeof(query) - 1] = '\0';
    find_words(query, "");
    memset(query + 1, ' ', 15000);
    memcpy(query + 15000, " dogs ", 6);
    find_words(query, "");
}

static void a_search_gives_at_most_what_was_asked_for(void **state)
{
    rec_word_hit hit;
    size_t count;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    put_farm();
    CHECK_STATUS(REC_OK, rec_store_search(store, "sheep", 1, &hit, &count, &err), &err);
    CHECK_INT(1, count);
    CHECK_INT(2, hit.doc);
    CHECK(hit.score > 0);
}

/* Compares the ids that are offered for one that is not known. */
static void offer_ids(const char *id, size_t limit, const char *expected)
{
    char *ids[8], got[256] = "";
    size_t count;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_nearest_ids(store, id, limit, ids, &count, &err), &err);
    CHECK(count <= limit);
    for (size_t i = 0; i < count; i++) {
        snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%s", i ? " " : "", ids[i]);
        rec_free(ids[i]);
    }
    CHECK_STR(expected, got);
}

static void an_unknown_id_is_answered_with_its_neighbours(void **state)
{
    (void)state;
    offer_ids("arXiv:2401.00005", 4, "");
    put("{\"id\":\"2401.00001\"}");
    put("{\"id\":\"2401.00004\",\"doi\":\"10.1000/a\"}");
    put("{\"id\":\"2401.00007\"}");
    put("{\"id\":\"zebra\"}");
    offer_ids("arXiv:2401.00005", 2, "arXiv:2401.00007 arXiv:2401.00004");
    offer_ids("doi:10.1000/b", 2, "zebra doi:10.1000/a"); /* the aliases are ids that people type */
    offer_ids("arXiv:2401.00005", 1, "arXiv:2401.00007");
    offer_ids("%'\"", 8, "arXiv:2401.00001 arXiv:2401.00004 arXiv:2401.00007 doi:10.1000/a");
    offer_ids("~", 3, "zebra doi:10.1000/a arXiv:2401.00007");
}

/* ---- transactions -------------------------------------------------------------------------------------------------- */

static void the_generation_grows_with_a_change_alone(void **state)
{
    long long before = state_of(store).generation;

    (void)state;
    put("{\"id\":\"a\",\"title\":\"A\"}");
    CHECK_INT(before + 1, state_of(store).generation);
    put("{\"id\":\"a\",\"title\":\"A\"}");
    CHECK_INT(before + 1, state_of(store).generation);
    begin(store);
    put_into(store, "{\"id\":\"b\"}");
    rec_store_rollback(store);
    CHECK_INT(before + 1, state_of(store).generation);
    put("{\"id\":\"a\",\"title\":\"B\"}");
    CHECK_INT(before + 2, state_of(store).generation);
}

static void a_rollback_loses_its_batch_alone(void **state)
{
    (void)state;
    put("{\"id\":\"a\",\"title\":\"Sheep\"}");
    begin(store);
    put_into(store, "{\"id\":\"a\",\"title\":\"Horses\"}");
    put_into(store, "{\"id\":\"b\",\"title\":\"Goats\",\"doi\":\"10.1000/b\",\"date\":\"2024\"}");
    CHECK_INT(2, find_in(store, "b"));
    rec_store_rollback(store);
    CHECK_INT(0, find_in(store, "b"));
    CHECK_INT(0, find_in(store, "doi:10.1000/b"));
    CHECK_INT(1, state_of(store).papers);
    CHECK_STR("", state_of(store).max_date);
    find_words("sheep", "1");
    find_words("goats horses", "");
    check_store(store);
    rec_store_rollback(store); /* harmless without a transaction */
    CHECK_INT(REC_ADDED, put("{\"id\":\"b\",\"title\":\"Goats\"}"));
}

static void closing_forgets_an_open_transaction(void **state)
{
    (void)state;
    put("{\"id\":\"a\"}");
    begin(store);
    put_into(store, "{\"id\":\"b\"}");
    rec_store_close(store);
    store = open_store(REC_STORE_WRITE);
    CHECK_INT(1, find_in(store, "a"));
    CHECK_INT(0, find_in(store, "b"));
    check_store(store);
}

static void a_reader_sees_the_last_commit_while_a_writer_writes(void **state)
{
    rec_store *reader;

    (void)state;
    put("{\"id\":\"a\",\"title\":\"Sheep\"}");
    reader = open_store(REC_STORE_READ);
    begin(store);
    put_into(store, "{\"id\":\"a\",\"title\":\"Goats\"}");
    put_into(store, "{\"id\":\"b\"}");
    CHECK_INT(1, state_of(reader).papers);
    CHECK_INT(0, find_in(reader, "b"));
    commit(store, true);
    CHECK_INT(2, state_of(reader).papers);
    CHECK_INT(2, find_in(reader, "b"));
    rec_store_close(reader);
}

static void a_reader_that_began_keeps_its_view(void **state)
{
    rec_store *reader;
    rec_error err = REC_ERROR_INIT;
    long long generation;

    (void)state;
    put("{\"id\":\"a\"}");
    reader = open_store(REC_STORE_READ);
    CHECK_STATUS(REC_OK, rec_store_read_begin(reader, &err), &err);
    generation = state_of(reader).generation; /* SQLite's view begins with the first read */
    put("{\"id\":\"b\"}");
    CHECK_INT(generation, state_of(reader).generation);
    CHECK_INT(0, find_in(reader, "b"));
    rec_store_read_end(reader);
    CHECK_INT(2, find_in(reader, "b"));
    CHECK(state_of(reader).generation > generation);
    rec_store_close(reader);
}

/* A store at rest is one file; the lock is kept, for removing it would let two writers hold two locks of one name. */
static void a_store_at_rest_is_one_file(void **state)
{
    rec_store *reader;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    put("{\"id\":\"a\"}");
    reader = open_store(REC_STORE_READ);
    CHECK_STATUS(REC_OK, rec_store_read_begin(reader, &err), &err);
    CHECK_INT(1, state_of(reader).papers);
    rec_store_close(store); /* cannot tidy up under the reader's eyes */
    CHECK_INT(1, find_in(reader, "a"));
    rec_store_close(reader);
    store = open_store(REC_STORE_WRITE);
    rec_store_close(store);
    store = NULL;
    CHECK_STR("store.db store.db-lock", list_files());
}

/* ---- another process ----------------------------------------------------------------------------------------------- */

/* Runs `work` in a child, without the tests' own exit handling; returns how it ended, as waitpid tells. */
static int in_child(int (*work)(void))
{
    int ended = 0;
    pid_t child = fork();

    CHECK(child >= 0);
    if (child == 0)
        _exit(work());
    CHECK(waitpid(child, &ended, 0) == child);
    return ended;
}

static pid_t writer; /* the process that a refused one must name */

static int is_refused_by_name(void)
{
    rec_store *second = NULL;
    rec_error err = REC_ERROR_INIT;
    char name[32];

    minute_is_over = true;
    snprintf(name, sizeof(name), "process %ld", (long)writer);
    if (rec_store_open(db, REC_STORE_WRITE, &second, &err) != REC_EBUSY || second)
        return 1;
    return strstr(err.message, name) && strstr(err.message, db) ? 0 : 2;
}

static void a_second_writer_is_refused_and_told_who_holds_the_store(void **state)
{
    (void)state;
    writer = getpid();
    CHECK_INT(0, in_child(is_refused_by_name));
    put("{\"id\":\"a\"}"); /* the holder goes on */
}

static void a_second_writer_in_the_same_process_is_refused_likewise(void **state)
{
    rec_store *reader = NULL;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    writer = getpid();
    CHECK_INT(0, is_refused_by_name());
    CHECK_INT(0, is_refused_by_name()); /* a refused one, closing what it opened, has not dropped the lock */
    CHECK_STATUS(REC_OK, rec_store_open(db, REC_STORE_READ, &reader, &err), &err);
    rec_store_close(reader);
    minute_is_over = false;
    put("{\"id\":\"a\"}");
}

static void a_second_writer_waits_for_the_first(void **state)
{
    rec_store *second;
    char byte;
    int held[2], ended;
    pid_t child;

    (void)state;
    rec_store_close(store);
    store = NULL;
    CHECK(pipe(held) == 0);
    CHECK((child = fork()) >= 0);
    if (child == 0) {
        store = open_store(REC_STORE_WRITE);
        begin(store);
        put_into(store, "{\"id\":\"first\"}");
        if (write(held[1], "", 1) != 1)
            _exit(1);
        usleep(300000);
        commit(store, true);
        rec_store_close(store);
        _exit(0);
    }
    close(held[1]); /* so that a child that dies does not leave us reading */
    CHECK(read(held[0], &byte, 1) == 1);
    second = open_store(REC_STORE_WRITE);
    CHECK_INT(1, find_in(second, "first"));
    rec_store_close(second);
    CHECK(waitpid(child, &ended, 0) == child);
    CHECK_INT(0, ended);
    close(held[0]);
}

/* More than SQLite's cache holds, so that the killed transaction has reached the journal's file. */
static int die_while_writing(void)
{
    char record[2200];

    rec_store *mine = open_store(REC_STORE_WRITE);
    begin(mine);
    put_into(mine, "{\"id\":\"a\",\"title\":\"Sheep\"}");
    put_into(mine, "{\"id\":\"b\",\"title\":\"Goats\"}");
    commit(mine, true);
    begin(mine);
    put_into(mine, "{\"id\":\"a\",\"title\":\"Horses\"}");
    for (int i = 0; i < 2000; i++) {
        int n = snprintf(record, sizeof(record), "{\"id\":\"k%d\",\"title\":\"Horse %d\",\"abstract\":\"", i, i);

        memset(record + n, 'x', 2000);
        memcpy(record + n + 2000, "\"}", 3);
        put_into(mine, record);
    }
    raise(SIGKILL);
    return 1;
}

static void check_survivor(rec_store_mode mode)
{
    store = open_store(mode);
    CHECK_INT(2, state_of(store).papers);
    CHECK_INT(2, find_in(store, "b"));
    CHECK_INT(0, find_in(store, "k0"));
    find_words("sheep", "1");
    find_words("horse", "");
    check_store(store);
    rec_store_close(store);
    store = NULL;
}

static void after_a_crash_what_was_committed_is_there_and_nothing_else(void **state)
{
    int ended;

    (void)state;
    rec_store_close(store);
    store = NULL;
    ended = in_child(die_while_writing);
    CHECK(WIFSIGNALED(ended) && WTERMSIG(ended) == SIGKILL);
    CHECK_CONTAINS("store.db-wal", list_files()); /* else nothing was left to recover from */
    check_survivor(REC_STORE_READ);
    check_survivor(REC_STORE_WRITE);
    CHECK_STR("store.db store.db-lock", list_files());
}

/* ---- files that are refused ---------------------------------------------------------------------------------------- */

struct content {
    unsigned char *bytes;
    size_t length;
};

static struct content read_db(void)
{
    struct content content = { NULL, 0 };
    struct stat st;
    FILE *file = fopen(db, "rb");

    CHECK(file != NULL && fstat(fileno(file), &st) == 0);
    content.length = (size_t)st.st_size;
    content.bytes = rec_alloc(content.length + 1);
    CHECK(content.bytes != NULL);
    CHECK(fread(content.bytes, 1, content.length, file) == content.length);
    fclose(file);
    return content;
}

static void write_db(struct content content)
{
    FILE *file = fopen(db, "wb");

    CHECK(file != NULL);
    CHECK(fwrite(content.bytes, 1, content.length, file) == content.length);
    CHECK(fclose(file) == 0);
}

/* The file is refused in every mode with this status and sentence, and stays as it is, to the byte. */
static void is_refused(struct content content, rec_status status, const char *sentence)
{
    static const rec_store_mode MODES[] = { REC_STORE_READ, REC_STORE_WRITE, REC_STORE_CREATE };

    write_db(content);
    for (size_t i = 0; i < COUNT(MODES); i++) {
        rec_store *refused = NULL;
        rec_error err = REC_ERROR_INIT;
        struct content after;

        CHECK_STATUS(status, rec_store_open(db, MODES[i], &refused, &err), &err);
        CHECK(refused == NULL);
        CHECK_CONTAINS(db, err.message);
        CHECK_CONTAINS(sentence, err.message);
        after = read_db();
        CHECK_INT(content.length, after.length);
        CHECK(memcmp(content.bytes, after.bytes, after.length) == 0);
        rec_free(after.bytes);
    }
}

static void a_file_that_is_no_database_is_refused_and_left_alone(void **state)
{
    unsigned char text[] = "Dear diary, today I counted sheep.\n";
    unsigned char zeros[8192] = { 0 };

    (void)state;
    is_refused((struct content){ text, sizeof(text) - 1 }, REC_EDAMAGED, "file is not a database");
    is_refused((struct content){ zeros, sizeof(zeros) }, REC_EDAMAGED, "file is not a database");
}

/* Places in the header of an SQLite file, https://sqlite.org/fileformat2.html: two bytes that say whether its journal is write-ahead, and
 * big-endian numbers. */
#define WRITE_AHEAD_AT 18
#define USER_VERSION_AT 60
#define APPLICATION_AT 68

/* A store's file whose header was changed. The caller frees the bytes. */
static struct content altered_store(size_t at, unsigned value)
{
    struct content content;

    rec_store_close(open_store(REC_STORE_CREATE));
    content = read_db();
    for (size_t i = 0; i < 4; i++)
        content.bytes[at + i] = (unsigned char)(value >> (24 - 8 * i));
    return content;
}

static void a_database_of_another_program_is_refused_and_left_alone(void **state)
{
    static const unsigned APPLICATIONS[] = { 0, 0x0f055112 };

    (void)state;
    for (size_t i = 0; i < COUNT(APPLICATIONS); i++) {
        struct content content = altered_store(APPLICATION_AT, APPLICATIONS[i]);

        is_refused(content, REC_EDAMAGED, "a database, but not one of recommend's");
        content.bytes[WRITE_AHEAD_AT] = content.bytes[WRITE_AHEAD_AT + 1] = 2;
        is_refused(content, REC_EDAMAGED, "a database, but not one of recommend's");
        rec_free(content.bytes);
        clear_folder(NULL);
    }
}

static void a_store_of_a_newer_release_is_refused_and_left_alone(void **state)
{
    struct content content = altered_store(USER_VERSION_AT, REC_SCHEMA_VERSION + 1);
    char sentence[128];

    (void)state;
    snprintf(sentence, sizeof(sentence), "schema version %d, this program knows up to %d; use a newer release", REC_SCHEMA_VERSION + 1,
             REC_SCHEMA_VERSION);
    is_refused(content, REC_EVERSION, sentence);
    content.bytes[WRITE_AHEAD_AT] = content.bytes[WRITE_AHEAD_AT + 1] = 2;
    is_refused(content, REC_EVERSION, sentence);
    rec_free(content.bytes);
}

static void a_store_without_a_version_is_refused(void **state)
{
    struct content content = altered_store(USER_VERSION_AT, 0);

    (void)state;
    is_refused(content, REC_EDAMAGED, "schema version 0");
    rec_free(content.bytes);
}

/* A download that was cut, or a disk that lost pages: seen by a check at the latest, and never a crash. */
static void a_store_that_was_cut_does_not_pass(void **state)
{
    struct content whole;

    (void)state;
    make_store(NULL);
    for (int i = 0; i < 50; i++) {
        char record[256];

        snprintf(record, sizeof(record), "{\"id\":\"k%d\",\"title\":\"Sheep number %d\",\"abstract\":\"One of those that we count.\"}", i,
                 i * i);
        put(record);
    }
    rec_store_close(store);
    store = NULL;
    whole = read_db();
    for (size_t length = 512; length < whole.length; length += whole.length / 9) {
        rec_store *cut = NULL;
        rec_error err = REC_ERROR_INIT;
        rec_status rc;

        write_db((struct content){ whole.bytes, length });
        if ((rc = rec_store_open(db, REC_STORE_READ, &cut, &err)) == REC_OK)
            rc = rec_store_check(cut, &err);
        CHECK_STATUS(REC_EDAMAGED, rc, &err);
        CHECK_CONTAINS(db, err.message);
        rec_store_close(cut);
    }
    rec_free(whole.bytes);
}

static void a_check_finds_a_neighbour_that_is_no_paper(void **state)
{
    rec_error err = REC_ERROR_INIT;

    (void)state;
    put("{\"id\":\"a\"}");
    put_list(1, (rec_neighbour){ 9, 0.5f });
    CHECK_STATUS(REC_EDAMAGED, rec_store_check(store, &err), &err);
    CHECK_CONTAINS("names paper 9", err.message);
}

static void a_check_finds_a_list_that_names_its_own_paper(void **state)
{
    rec_error err = REC_ERROR_INIT;

    (void)state;
    put("{\"id\":\"a\"}");
    put_list(1, (rec_neighbour){ 1, 0.5f });
    CHECK_STATUS(REC_EDAMAGED, rec_store_check(store, &err), &err);
    CHECK_CONTAINS("the list of paper 1", err.message);
}

static void a_check_finds_a_list_of_no_paper(void **state)
{
    rec_error err = REC_ERROR_INIT;

    (void)state;
    put("{\"id\":\"a\"}");
    put("{\"id\":\"b\"}");
    put_list(1, (rec_neighbour){ 2, 0.5f });
    check_store(store);
    put_list(9, (rec_neighbour){ 1, 0.5f });
    CHECK_STATUS(REC_EDAMAGED, rec_store_check(store, &err), &err);
    CHECK_CONTAINS("a neighbour list of no paper: 9", err.message);
}

static void a_missing_store_is_stale_and_is_not_made_by_looking(void **state)
{
    static const rec_store_mode MODES[] = { REC_STORE_READ, REC_STORE_WRITE };

    (void)state;
    for (size_t i = 0; i < COUNT(MODES); i++) {
        rec_store *none = NULL;
        rec_error err = REC_ERROR_INIT;

        CHECK_STATUS(REC_ESTALE, rec_store_open(db, MODES[i], &none, &err), &err);
        CHECK_CONTAINS("run 'recommend import FILE'", err.message);
        CHECK_STR("", list_files());
    }
}

static void an_empty_file_is_made_a_store_by_creating_alone(void **state)
{
    rec_store *none = NULL;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    write_db((struct content){ (unsigned char *)"", 0 });
    CHECK_STATUS(REC_ESTALE, rec_store_open(db, REC_STORE_READ, &none, &err), &err);
    CHECK_STATUS(REC_ESTALE, rec_store_open(db, REC_STORE_WRITE, &none, &err), &err);
    rec_store_close(open_store(REC_STORE_CREATE));
    rec_store_close(open_store(REC_STORE_READ));
}

static void a_folder_and_a_path_into_nowhere_are_named(void **state)
{
    char nowhere[sizeof(db) + 16];
    rec_store *none = NULL;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_EDAMAGED, rec_store_open(folder, REC_STORE_READ, &none, &err), &err);
    CHECK_CONTAINS(folder, err.message);
    snprintf(nowhere, sizeof(nowhere), "%s/none/store.db", folder);
    CHECK_STATUS(REC_EIO, rec_store_open(nowhere, REC_STORE_CREATE, &none, &err), &err);
    CHECK_CONTAINS(nowhere, err.message);
}

/* ---- reading without writing --------------------------------------------------------------------------------------- */

static int look_without_permission(void)
{
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return 77;
    if (access(folder, W_OK) == 0 || access(db, W_OK) == 0)
        return 1;
    store = open_store(REC_STORE_READ);
    find_words("sheep", "1");
    check_store(store);
    rec_store_close(store);
    return 0;
}

static void a_store_is_read_where_nothing_may_be_written(void **state)
{
    struct content before, after;
    int ended;

    (void)state;
    put("{\"id\":\"a\",\"title\":\"Sheep\"}");
    rec_store_close(store);
    store = NULL;
    before = read_db();
    CHECK(chmod(db, 0444) == 0 && chmod(folder, 0555) == 0);
    ended = in_child(look_without_permission);
    CHECK(chmod(folder, 0755) == 0);
    if (WIFEXITED(ended) && WEXITSTATUS(ended) == 77) {
        print_message("skipped: root cannot become another user here, and root may write everywhere\n");
        rec_free(before.bytes);
        skip();
    }
    CHECK_INT(0, ended);
    after = read_db();
    CHECK_INT(before.length, after.length);
    CHECK(memcmp(before.bytes, after.bytes, after.length) == 0);
    CHECK_STR("store.db store.db-lock", list_files());
    rec_free(before.bytes);
    rec_free(after.bytes);
}

static void a_reader_cannot_write(void **state)
{
    rec_error err = REC_ERROR_INIT;
    rec_paper paper = REC_PAPER_INIT;
    rec_outcome outcome;

    (void)state;
    rec_store_close(store);
    store = open_store(REC_STORE_READ);
    CHECK_STATUS(REC_OK, rec_read_json("{\"id\":\"a\"}", 10, &paper, &err), &err);
    CHECK_STATUS(REC_EIO, rec_store_put(store, &paper, &outcome, &err), &err);
    CHECK_CONTAINS("readonly", err.message);
    rec_paper_clear(&paper);
}

static void without_memory_opening_and_reading_fail_cleanly(void **state)
{
    rec_status rc = REC_ENOMEM;
    long allowed = 0;

    (void)state;
    put("{\"id\":\"a\",\"doi\":\"10.1000/a\",\"title\":\"A  b\",\"abstract\":\"C\",\"authors\":[\"D\"],\"x\":1}");
    for (; rc != REC_OK; allowed++) {
        rec_store *reader = NULL;
        rec_record record = REC_RECORD_INIT;
        rec_error err = REC_ERROR_INIT;

        CHECK(allowed < 100);
        rec_alloc_fail_after(allowed);
        if ((rc = rec_store_open(db, REC_STORE_READ, &reader, &err)) == REC_OK)
            rc = rec_store_get(reader, 1, REC_GET_ALL | REC_GET_ALSO, &record, &err);
        rec_alloc_fail_after(-1);
        if (rc != REC_OK) {
            CHECK_STATUS(REC_ENOMEM, rc, &err);
            CHECK(record.doc == 0);
        }
        rec_record_clear(&record);
        rec_store_close(reader);
    }
    CHECK(allowed > 5);
}

/* The numbers of the papers that are suggested for `query`, as "3 2 1". */
static void suggest(const char *query, size_t limit, const char *expected)
{
    rec_doc docs[16];
    size_t count = 99;
    char found[256] = "";
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_titles(store, query, limit, docs, &count, &err), &err);
    for (size_t i = 0; i < count; i++)
        snprintf(found + strlen(found), sizeof(found) - strlen(found), "%s%lld", i > 0 ? " " : "", (long long)docs[i]);
    CHECK_STR(expected, found);
}

/* Of a common word the newest papers are looked at, of a rare one all: neither tells by what it finds. */
static void titles_are_suggested_newest_first_however_common_the_word(void **state)
{
    char record[128];

    (void)state;
    begin(store);
    put_into(store, "{\"id\":\"p1\",\"title\":\"Rare corals of the zenith\"}");
    put_into(store, "{\"id\":\"p2\",\"title\":\"Rare Zéniths, and no coral\"}");
    for (int i = 3; i <= 1000; i++) {
        snprintf(record, sizeof(record), "{\"id\":\"p%d\",\"title\":\"Common corals, part %d\",\"abstract\":\"A zenith.\"}", i, i);
        put_into(store, record);
    }
    put_into(store, "{\"id\":\"p1001\",\"title\":\"A zenith at last\"}");
    put_into(store, "{\"id\":\"p1002\",\"abstract\":\"Corals without a title\"}");
    commit(store, true);
    suggest("c", 3, "1000 999 998");
    suggest("common co", 2, "1000 999");
    suggest("CORALS com", 1, "1000");
    suggest("part 99", 4, "999 998 997 996");
    suggest("z", 5, "1001 2 1");
    suggest("zenith", 2, "1001 2");
    suggest("zen", 1, "1001");
    suggest("rare z", 5, "2 1");
    suggest("corals z", 5, "2 1"); /* words before the last are stemmed, as in a search */
    suggest("corals of the", 5, "1");
    suggest("rare cor \" OR * NEAR(", 5, "");
    suggest("zenith rare", 5, "2 1");
    suggest("nothing", 5, "");
    suggest("... !", 5, "");
    suggest("", 5, "");
}

/* What is found by the stem of the last word joins what begins with it, by number: neither stands first for how it was found. */
static void titles_found_by_the_stem_stand_among_the_others_newest_first(void **state)
{
    char record[128];

    (void)state;
    begin(store);
    put_into(store, "{\"id\":\"p1\",\"title\":\"Zeniths of old\"}");
    for (int i = 2; i <= 1000; i++) {
        snprintf(record, sizeof(record), "{\"id\":\"p%d\",\"title\":\"Common corals, part %d\"}", i, i);
        put_into(store, record);
    }
    put_into(store, "{\"id\":\"p1001\",\"title\":\"Zeniths and corals\"}");
    put_into(store, "{\"id\":\"p1002\",\"title\":\"A zenith\"}");
    commit(store, true);
    suggest("zeniths", 5, "1002 1001 1");
    suggest("zeniths", 2, "1002 1001");
}

/* BM25 of paper 1 for `query`. */
static double score_for(const char *query)
{
    rec_word_hit hits[8];
    size_t count = 0;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_store_search(store, query, COUNT(hits), hits, &count, &err), &err);
    for (size_t i = 0; i < count; i++)
        if (hits[i].doc == 1)
            return hits[i].score;
    return 0;
}

static void a_word_that_is_repeated_in_any_case_counts_once(void **state)
{
    double sheep, both;

    (void)state;
    begin(store);
    put_into(store, "{\"id\":\"p1\",\"title\":\"\xC3\x89tude of sheep\"}");
    put_into(store, "{\"id\":\"p2\",\"title\":\"Goats\"}");
    put_into(store, "{\"id\":\"p3\",\"title\":\"A hill\"}");
    put_into(store, "{\"id\":\"p4\",\"title\":\"Another hill\"}");
    commit(store, true);
    sheep = score_for("sheep");
    both = score_for("sheep \xC3\xA9tude");
    CHECK(sheep > 0 && both > sheep);
    CHECK_NEAR(sheep, score_for("sheep sheep Sheep, SHEEP!"), 0);
    CHECK_NEAR(both, score_for("sheep \xC3\x89TUDE sheep \xC3\xA9tude"), 0);
    suggest("sheep of sheep", 5, "1"); /* the last one is a beginning, whatever was there before */
    suggest("sheep sheep etu", 5, "1");
    suggest("sheep sheep goa", 5, "");
}

/* "word1 word2 ..." up to `count`, with `between` between them, and `last` behind them. */
static const char *many_words(char out[4096], int count, const char *between, const char *last)
{
    size_t length = 0;

    for (int i = 1; i <= count; i++)
        length += (size_t)snprintf(out + length, 4096 - length, "word%d%s", i, between);
    snprintf(out + length, 4096 - length, "%s", last);
    return out;
}

static void of_very_many_words_the_first_64_are_looked_for(void **state)
{
    char query[4096], record[4200];

    (void)state;
    begin(store);
    put_into(store, "{\"id\":\"p1\",\"title\":\"Sheep\"}");
    snprintf(record, sizeof(record), "{\"id\":\"p2\",\"title\":\"%s\"}", many_words(query, 70, " ", ""));
    put_into(store, record);
    commit(store, true);
    find_words(many_words(query, 63, " ", "sheep"), "2 1");
    find_words(many_words(query, 64, " ", "sheep"), "2");
    find_words(many_words(query, 63, " ", "word1 WORD2 sheep"), "2 1");
    /* Dashes that are not ASCII part the words of a phrase, which has so many at most. */
    find_words(many_words(query, 64, "\xE2\x80\x94", "sheep"), "2");
    find_words(many_words(query, 63, "\xE2\x80\x94", "sheep"), "");
    find_words(many_words(query, 63, "\xE2\x80\x94", " sheep"), "1 2");
    find_words(many_words(query, 64, "\xE2\x80\x94", " sheep"), "2");
    /* The last one, which may be unfinished, is looked for behind any number. */
    suggest(many_words(query, 69, " ", "word7"), 5, "2");
    suggest(many_words(query, 69, " ", "wool"), 5, "");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, make_store, clear_folder)
#define BARE_CASE(test) cmocka_unit_test_teardown(test, clear_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(every_field_comes_back_as_it_was_put),
        CASE(a_paper_of_an_id_alone_has_no_other_field),
        CASE(a_card_leaves_out_what_was_not_asked_for),
        CASE(an_unknown_number_is_an_answer_and_leaves_the_record_alone),
        CASE(ids_are_found_byte_for_byte),
        CASE(every_id_of_a_record_finds_it),
        CASE(the_id_of_precedence_becomes_canonical_and_the_others_stay),
        CASE(an_id_of_less_precedence_becomes_an_alias),
        CASE(a_new_alias_is_an_update),
        CASE(the_first_paper_to_bring_an_alias_keeps_it),
        CASE(an_update_keeps_its_place_and_moves_its_words),
        CASE(what_the_index_holds_cannot_change_and_keep_its_neighbour_list),
        CASE(the_newest_date_is_the_newest_first_day),
        CASE(ties_are_broken_by_newer_date_then_id),
        CASE(an_old_order_that_contradicts_itself_is_read_anew),
        CASE(a_scan_shows_all_papers_or_those_without_a_list),
        CASE(titles_are_found_by_key_lowest_number_first),
        CASE(a_list_comes_back_bit_for_bit),
        CASE(a_list_that_cannot_be_one_is_refused),
        CASE(what_was_built_is_remembered),
        CASE(search_takes_papers_with_all_the_words_before_those_with_any),
        CASE(a_word_in_the_title_counts_more),
        CASE(words_meet_by_stem_without_accents_or_case),
        CASE(nothing_in_a_query_is_an_operator),
        CASE(a_query_of_any_length_is_answered),
        CASE(a_search_gives_at_most_what_was_asked_for),
        CASE(an_unknown_id_is_answered_with_its_neighbours),
        CASE(the_generation_grows_with_a_change_alone),
        CASE(a_rollback_loses_its_batch_alone),
        CASE(closing_forgets_an_open_transaction),
        CASE(a_reader_sees_the_last_commit_while_a_writer_writes),
        CASE(a_reader_that_began_keeps_its_view),
        CASE(a_store_at_rest_is_one_file),
        CASE(a_second_writer_is_refused_and_told_who_holds_the_store),
        CASE(a_second_writer_in_the_same_process_is_refused_likewise),
        CASE(a_second_writer_waits_for_the_first),
        CASE(after_a_crash_what_was_committed_is_there_and_nothing_else),
        BARE_CASE(a_file_that_is_no_database_is_refused_and_left_alone),
        BARE_CASE(a_database_of_another_program_is_refused_and_left_alone),
        BARE_CASE(a_store_of_a_newer_release_is_refused_and_left_alone),
        BARE_CASE(a_store_without_a_version_is_refused),
        BARE_CASE(a_store_that_was_cut_does_not_pass),
        CASE(a_check_finds_a_list_that_names_its_own_paper),
        CASE(a_check_finds_a_list_of_no_paper),
        CASE(a_check_finds_a_neighbour_that_is_no_paper),
        BARE_CASE(a_missing_store_is_stale_and_is_not_made_by_looking),
        BARE_CASE(an_empty_file_is_made_a_store_by_creating_alone),
        BARE_CASE(a_folder_and_a_path_into_nowhere_are_named),
        CASE(a_store_is_read_where_nothing_may_be_written),
        CASE(a_reader_cannot_write),
        CASE(a_word_that_is_repeated_in_any_case_counts_once),
        CASE(of_very_many_words_the_first_64_are_looked_for),
        CASE(titles_are_suggested_newest_first_however_common_the_word),
        CASE(titles_found_by_the_stem_stand_among_the_others_newest_first),
        CASE(without_memory_opening_and_reading_fail_cleanly),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
