/* Editions: nothing stands twice, and nobody would rather have what another has. */
#include "questions.h"

#include "alloc.h"
#include "rec/edition.h"

static rec_edition compose(const rec_headline *headlines, size_t count, size_t limit)
{
    rec_request options = REC_REQUEST_INIT;
    rec_edition edition = REC_EDITION_INIT;
    rec_error err = REC_ERROR_INIT;

    options.limit = limit;
    CHECK_STATUS(REC_OK, rec_edition_compose(engine, headlines, count, &options, &edition, &err), &err);
    return edition;
}

/* The plain papers from `first` on. */
static rec_edition compose_of(rec_doc first, size_t count, size_t limit)
{
    rec_headline headlines[PLAIN];

    for (size_t i = 0; i < count; i++)
        headlines[i] = (rec_headline){ first + (rec_doc)i, NULL };
    return compose(headlines, count, limit);
}

/* s1 is a twin of s2 and of s3, which are none of each other: where all are met they are one work; so are d1 to d3. */
static bool are_one_work(const rec_record *a, const rec_record *b)
{
    const char *one = a->paper.id.text, *other = b->paper.id.text;

    return a->doc == b->doc || are_twins(a, b) || (strchr("sd", one[0]) && one[0] == other[0] && strlen(one) == 2 && strlen(other) == 2);
}

/* The greatest score with which a headline holds a paper or one of its work, -1 where none does; `*holder` is that headline. */
static float held_with(const rec_edition *edition, const rec_record *record, size_t *holder)
{
    float most = -1;

    for (size_t i = 0; i < edition->count; i++)
        for (size_t j = 0; j < edition->items[i].answer.count; j++) {
            const rec_hit *hit = &edition->items[i].answer.hits[j];

            if (are_one_work(&hit->record, record) && hit->score > most) {
                most = hit->score;
                *holder = i;
            }
        }
    return most;
}

static bool is_headline(const rec_edition *edition, const rec_record *record)
{
    for (size_t i = 0; i < edition->count; i++)
        if (are_one_work(&edition->items[i].record, record))
            return true;
    return false;
}

static void no_paper_stands_twice_and_no_headline_is_suggested(void **state)
{
    (void)state;
    for (size_t count = 1; count <= 12; count++) {
        rec_edition edition = compose_of(1, count, 3);
        bool seen[PAPERS + 1] = { false };

        CHECK_INT(count, edition.count);
        for (size_t i = 0; i < edition.count; i++)
            for (size_t j = 0; j < edition.items[i].answer.count; j++) {
                const rec_hit *hit = &edition.items[i].answer.hits[j];

                CHECK(!seen[hit->doc]);
                seen[hit->doc] = true;
                CHECK(!is_headline(&edition, &hit->record));
                CHECK(j == 0 || hit->score <= edition.items[i].answer.hits[j - 1].score);
            }
        rec_edition_clear(&edition);
    }
}

/* Whoever has room, or something worse, wanted each better paper in vain: another headline is more like it. */
static void a_paper_goes_to_the_headline_that_it_is_most_like(void **state)
{
    (void)state;
    for (rec_doc first = 1; first <= 14; first += 13) {
        rec_edition edition = compose_of(first, 12, 3);

        for (size_t i = 0; i < edition.count; i++) {
            const rec_answer *got = &edition.items[i].answer;
            rec_answer all = ask_all(edition.items[i].record.doc);

            for (size_t j = 0; j < all.count; j++) {
                size_t holder = edition.count;
                float score;

                if (is_headline(&edition, &all.hits[j].record))
                    continue;
                if (got->count == 3 && all.hits[j].score <= got->hits[2].score)
                    break;
                score = held_with(&edition, &all.hits[j].record, &holder);
                CHECK(holder < edition.count);
                CHECK(score > all.hits[j].score || (score == all.hits[j].score && holder <= i) || holder == i);
            }
            rec_answer_clear(&all);
        }
        rec_edition_clear(&edition);
    }
}

static void a_list_is_full_or_its_counts_say_why(void **state)
{
    rec_edition edition = compose_of(1, 20, 5);
    size_t held = 0;

    (void)state;
    for (size_t i = 0; i < edition.count; i++) {
        const rec_edition_item *item = &edition.items[i];

        held += item->answer.count;
        CHECK(item->answer.count == 5 || item->elsewhere + item->answer.seen + item->answer.duplicate > 0);
    }
    CHECK(held > 0);
    rec_edition_clear(&edition);
}

static void headlines_of_one_work_stand_once_the_first_of_them(void **state)
{
    const rec_headline headlines[] = { { find("s1"), NULL }, { find("k01"), NULL }, { find("s2"), NULL }, { find("s1"), NULL } };
    rec_edition edition = compose(headlines, COUNT(headlines), 2);

    (void)state;
    CHECK_INT(2, edition.count);
    CHECK_STR("s1", edition.items[0].record.paper.id.text);
    CHECK_INT(find("k01"), edition.items[1].record.doc);
    rec_edition_clear(&edition);
}

static void a_headline_need_not_be_stored(void **state)
{
    rec_record stored = REC_RECORD_INIT;
    rec_error err = REC_ERROR_INIT;
    rec_headline headline = { 0, NULL };
    rec_paper fresh = REC_PAPER_INIT;
    rec_edition edition;

    (void)state;
    CHECK_STATUS(REC_OK, rec_store_get(rec_engine_store(engine), 1, REC_GET_CARD, &stored, &err), &err);
    CHECK_STATUS(REC_OK, rec_id_parse("fresh", &fresh.id, &err), &err);
    fresh.title = rec_strdup(stored.paper.title);
    CHECK(fresh.title != NULL);
    headline.paper = &fresh;
    edition = compose(&headline, 1, 3);
    CHECK_STR("fresh", edition.items[0].record.paper.id.text);
    CHECK_INT(3, edition.items[0].answer.count);
    for (size_t i = 0; i < 3; i++)
        CHECK(edition.items[0].answer.hits[i].doc != 1); /* its own title */
    rec_edition_clear(&edition);
    rec_paper_clear(&fresh);
    rec_record_clear(&stored);
}

static void memory_that_is_out_is_an_error_and_no_leak(void **state)
{
    const rec_headline headlines[] = { { 1, NULL }, { 2, NULL }, { 3, NULL } };
    rec_request options = REC_REQUEST_INIT;
    rec_status rc = REC_ENOMEM;

    (void)state;
    options.limit = 3;
    for (long allowed = 0; rc != REC_OK; allowed += 1 + allowed / 16) {
        rec_edition edition = REC_EDITION_INIT;
        rec_error err = REC_ERROR_INIT;

        rec_alloc_fail_after(allowed);
        rc = rec_edition_compose(engine, headlines, COUNT(headlines), &options, &edition, &err);
        rec_alloc_fail_after(-1);
        CHECK(rc == REC_OK || (rc == REC_ENOMEM && edition.items == NULL));
        rec_edition_clear(&edition);
    }
}

static void too_many_headlines_are_refused(void **state)
{
    rec_request options = REC_REQUEST_INIT;
    rec_edition edition = REC_EDITION_INIT;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_EINVAL, rec_edition_compose(engine, NULL, REC_MAX_HEADLINES + 1, &options, &edition, &err), &err);
    options.limit = 0;
    CHECK_STATUS(REC_EINVAL, rec_edition_compose(engine, NULL, 0, &options, &edition, &err), &err);
}

/* A headline of today has no list yet: it is one work with what has its abstract, and with nothing else. This changes the store. */
static void a_headline_that_is_not_indexed_has_its_suggestions_too(void **state)
{
    rec_headline headlines[2] = { { 1, NULL }, { 0, NULL } };
    rec_edition edition;

    (void)state;
    change_store("{\"id\":\"late\",\"title\":\"Shearing the mountain lamb\",\"abstract\":\"Wool and fleece and pasture.\"}", false);
    headlines[1].doc = find("late");
    edition = compose(headlines, 2, 3);
    CHECK_INT(2, edition.count);
    CHECK_STR("late", edition.items[1].record.paper.id.text);
    CHECK_INT(3, edition.items[0].answer.count);
    CHECK_INT(3, edition.items[1].answer.count);
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++)
            CHECK(edition.items[0].answer.hits[i].doc != edition.items[1].answer.hits[j].doc);
    rec_edition_clear(&edition);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_paper_stands_twice_and_no_headline_is_suggested),
        cmocka_unit_test(a_paper_goes_to_the_headline_that_it_is_most_like),
        cmocka_unit_test(a_list_is_full_or_its_counts_say_why),
        cmocka_unit_test(headlines_of_one_work_stand_once_the_first_of_them),
        cmocka_unit_test(a_headline_need_not_be_stored),
        cmocka_unit_test(memory_that_is_out_is_an_error_and_no_leak),
        cmocka_unit_test(too_many_headlines_are_refused),
        cmocka_unit_test(a_headline_that_is_not_indexed_has_its_suggestions_too),
    };

    return cmocka_run_group_tests(tests, questions_open, questions_close);
}
