/* Explaining a pair: what the parts add up to, and where a paper stands in another's list. */
#include "questions.h"

#include "rec/explain.h"

static rec_explanation explain_request(const rec_request *request, rec_doc other)
{
    rec_explanation explanation = REC_EXPLANATION_INIT;
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_explain(engine, request, other, &explanation, &err), &err);
    return explanation;
}

static rec_explanation explain(const char *seed, const char *other)
{
    rec_request request = REC_REQUEST_INIT;

    request.doc = find(seed);
    return explain_request(&request, find(other));
}

static double sum_of(const rec_explanation *x)
{
    const rec_detail *d = &x->detail;

    return (double)d->weights[0] * (double)(d->words + d->characters) + (double)d->weights[1] * (double)(d->fitted + d->trained) +
           (double)d->weights[2] * (double)x->parts.smooth;
}

/* Every paper of every list: the score that lists it is the one that is explained. */
static void what_is_listed_is_explained_at_its_rank_and_score(void **state)
{
    (void)state;
    for (rec_doc doc = 1; doc <= PAPERS; doc += 5) {
        rec_answer all = ask_all(doc);
        rec_request request = REC_REQUEST_INIT;

        request.doc = doc;
        for (size_t i = 0; i < all.count; i++) {
            rec_explanation x = explain_request(&request, all.hits[i].doc);

            CHECK_INT(REC_STANDS, x.standing);
            CHECK_INT(i + 1, x.rank);
            CHECK_INT(all.count, x.listed);
            CHECK_NEAR(all.hits[i].score, x.parts.total, 0);
            CHECK_INT(all.hits[i].band, x.band);
            CHECK_NEAR(x.parts.total, sum_of(&x), 1e-5);
            CHECK(x.seed_indexed && x.other_indexed);
            rec_explanation_clear(&x);
        }
        rec_answer_clear(&all);
    }
}

static void a_pair_is_as_alike_either_way(void **state)
{
    rec_explanation there = explain("k01", "k04"), back = explain("k04", "k01");

    (void)state;
    CHECK_NEAR(there.parts.total, back.parts.total, 1e-6);
    CHECK_INT(there.shared.count, back.shared.count);
    CHECK(there.shared.count > 0);
    for (size_t i = 0; i < there.shared.count; i++)
        CHECK_NEAR(there.shared.items[i].contribution, back.shared.items[i].contribution, 1e-9);
    rec_explanation_clear(&there);
    rec_explanation_clear(&back);
}

static void a_paper_that_is_never_listed_says_why(void **state)
{
    static const struct {
        const char *seed, *other;
        rec_standing standing;
    } pairs[] = {
        { "k00", "k00", REC_IS_SEED },        { "s1", "s2", REC_SAME_TITLE },       { "s1", "s3", REC_SAME_ABSTRACT },
        { "k00", "empty", REC_WITHOUT_TEXT }, { "empty", "k00", REC_WITHOUT_TEXT },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        rec_explanation x = explain(pairs[i].seed, pairs[i].other);

        CHECK_STR(rec_standing_name(pairs[i].standing), rec_standing_name(x.standing));
        CHECK_INT(0, x.rank);
        rec_explanation_clear(&x);
    }
}

static void a_text_is_explained_like_a_paper(void **state)
{
    rec_request request = REC_REQUEST_INIT;
    rec_explanation x;

    (void)state;
    request.title = "Shearing lambs";
    request.abstract = "Wool of the mountain sheep.";
    x = explain_request(&request, find("s1"));
    CHECK_INT(0, x.seed.doc);
    CHECK(!x.seed_indexed);
    CHECK(x.other_indexed);
    CHECK_INT(REC_STANDS, x.standing);
    CHECK_CONTAINS("mountain sheep", x.reason.text);
    CHECK_NEAR(x.parts.total, sum_of(&x), 1e-5);
    rec_explanation_clear(&x);
}

static void a_paper_that_is_not_stored_is_not_explained(void **state)
{
    rec_request request = REC_REQUEST_INIT;
    rec_explanation x = REC_EXPLANATION_INIT;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    request.doc = 1;
    CHECK_STATUS(REC_ENOTFOUND, rec_explain(engine, &request, 99999, &x, &err), &err);
    CHECK(!x.shared.items && !x.other.paper.title);
}

/* The borders are where the band changes. */
static void borders_part_the_bands(void **state)
{
    rec_store_state stores[] = { { .score_middle = 0.05, .score_deviation = 0.03 },
                                 { .score_middle = 0.4, .score_deviation = 0.1 },
                                 { .score_deviation = 0 } };

    (void)state;
    for (size_t i = 0; i < COUNT(stores); i++)
        for (rec_band band = REC_BAND_WEAK; band <= REC_BAND_STRONG; band++) {
            float border = (float)rec_band_border(&stores[i], band);

            CHECK_INT(band, rec_band_of(&stores[i], border + 1e-5f));
            CHECK_INT(band - 1, rec_band_of(&stores[i], border - 1e-5f));
        }
}

/* The last two change the store. */
static void a_paper_that_is_not_indexed_is_explained_and_not_listed(void **state)
{
    rec_explanation x;

    (void)state;
    change_store("{\"id\":\"late\",\"title\":\"Shearing the mountain lamb\",\"abstract\":\"Wool and fleece and pasture.\"}", false);
    x = explain("k00", "late");
    CHECK_INT(REC_NOT_INDEXED, x.standing);
    CHECK(!x.other_indexed);
    CHECK(x.parts.total > 0);
    CHECK_NEAR(x.parts.total, sum_of(&x), 1e-5);
    rec_explanation_clear(&x);
    x = explain("late", "s1");
    CHECK_INT(REC_STANDS, x.standing);
    CHECK(!x.seed_indexed);
    rec_explanation_clear(&x);
}

/* A preprint and what became of it under another title, in other words here and there. */
static void another_record_of_the_seeds_work_is_not_listed_for_it_and_says_so(void **state)
{
    rec_explanation x;

    (void)state;
    change_store("{\"id\":\"2401.00001\",\"title\":\"Counting the flock at the gate of a fold\",\"authors\":[\"Ann Example\",\"Bo "
                 "Sample\"],\"abstract\":\"Sheep that pass a gate are counted by the shepherd and by a camera, and both are right on nine "
                 "days of ten where the flock is calm and the light is good.\"}",
                 false);
    change_store("{\"id\":\"10.5555/flock\",\"title\":\"Counting the flock at the gate of a fold by camera\",\"authors\":[\"Ann "
                 "Example\",\"Bo Sample\"],\"abstract\":\"Sheep that pass a gate are counted by the shepherd and by a camera, and both are "
                 "right on nine days of ten where the flock is calm and the light is good enough.\"}",
                 true);
    x = explain("arXiv:2401.00001", "doi:10.5555/flock");
    CHECK_STR("same_work", rec_standing_name(x.standing));
    CHECK_INT(0, x.rank);
    CHECK(x.parts.total > x.last);
    rec_explanation_clear(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_listed_is_explained_at_its_rank_and_score),
        cmocka_unit_test(a_pair_is_as_alike_either_way),
        cmocka_unit_test(a_paper_that_is_never_listed_says_why),
        cmocka_unit_test(a_text_is_explained_like_a_paper),
        cmocka_unit_test(a_paper_that_is_not_stored_is_not_explained),
        cmocka_unit_test(borders_part_the_bands),
        cmocka_unit_test(a_paper_that_is_not_indexed_is_explained_and_not_listed),
        cmocka_unit_test(another_record_of_the_seeds_work_is_not_listed_for_it_and_says_so),
    };

    return cmocka_run_group_tests(tests, questions_open, questions_close);
}
