/* Records to papers: what each field becomes, what is refused in which words, and listings of titles and abstracts. */
#include "check.h"

#include "alloc.h"
#include "rec/clean.h"
#include "reader_listing.h"
#include "rec/reader.h"

#include <stdio.h>
#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Reads a record that must be good; the caller clears the paper. */
static rec_paper read_good(const char *record)
{
    rec_paper paper = REC_PAPER_INIT;
    rec_error err = REC_ERROR_INIT;
    rec_status rc = rec_read_json(record, strlen(record), &paper, &err);

    if (rc != REC_OK)
        fail_msg("%s: status %d: %s", record, (int)rc, err.message);
    return paper;
}

static void check_same(const char *record, const char *what, const char *expected, const char *got)
{
    if ((expected == NULL) != (got == NULL) || (expected && strcmp(expected, got) != 0))
        fail_msg("%s: %s is %s, expected %s", record, what, got ? got : "(none)", expected ? expected : "(none)");
}

/* ---- JSON: good records -------------------------------------------------------------------------------------------- */

static void a_whole_record_becomes_a_paper(void **state)
{
    static const char record[] =
        "{\"id\":\"2401.01234v2\",\"title\":\"On  {G}raphs\",\"abstract\":\"We count them.\",\"authors\":[\"Ada L.\",\"Bo K.\"],"
        "\"date\":\"2024-01-03\",\"updated\":\"2024-02\",\"categories\":[\"cs.DM\"],\"keywords\":\"graphs; counting\","
        "\"venue\":\"Journal of Counting\",\"url\":\"https://example.org/p?a=1\",\"doi\":\"10.1000/X\",\"pmid\":77,\"upvotes\":12,"
        "\"license\":\"CC0\",\"code\":{\"stars\":3}}";
    rec_paper paper = read_good(record);

    (void)state;
    CHECK_STR("arXiv:2401.01234", paper.id.text);
    CHECK_INT(2, paper.id.version);
    CHECK_INT(2, paper.alias_count);
    CHECK_STR("doi:10.1000/x", paper.aliases[0].text);
    CHECK_STR("PMID:77", paper.aliases[1].text);
    CHECK_STR("On Graphs", paper.title);
    CHECK_STR("On  {G}raphs", paper.title_original);
    CHECK_STR("We count them.", paper.abstract);
    CHECK(paper.abstract_original == NULL);
    CHECK_STR("[\"Ada L.\",\"Bo K.\"]", paper.authors);
    CHECK_STR("[\"cs.DM\"]", paper.categories);
    CHECK_STR("[\"graphs\",\"counting\"]", paper.keywords);
    CHECK_STR("Journal of Counting", paper.venue);
    CHECK_STR("https://example.org/p?a=1", paper.url);
    CHECK_STR("2024-01-03", paper.date.text);
    CHECK_STR("2024-02", paper.updated.text);
    CHECK(paper.has_upvotes);
    CHECK_NEAR(12, paper.upvotes, 0);
    CHECK_STR("{\"code\":{\"stars\":3},\"license\":\"CC0\"}", paper.extra);
    rec_paper_clear(&paper);
    CHECK(paper.title == NULL && paper.extra == NULL && paper.alias_count == 0);
}

static void a_line_of_the_arxiv_snapshot_becomes_a_paper(void **state)
{
    static const char record[] =
        "{\"id\":\"0704.9999\",\"submitter\":\"A. Person\",\"authors\":\"C. Person, A. Other\",\"title\":\"Some\\n  title\","
        "\"comments\":null,\"journal-ref\":\"J. Test 7 (2008) 1\",\"doi\":null,\"report-no\":null,\"categories\":\"hep-ph math.GT\","
        "\"license\":null,\"abstract\":\"  Text.\\n\",\"versions\":[{\"version\":\"v1\",\"created\":\"Mon, 2 Apr 2007 19:18:42 GMT\"},"
        "{\"version\":\"v3\",\"created\":\"Tue, 24 Jul 2007 20:10:27 GMT\"}],\"update_date\":\"2008-11-26\","
        "\"authors_parsed\":[[\"Person\",\"C.\",\"\"],[\"Other\",\"A.\",\"Jr.\",\"Somewhere\"]]}";
    rec_paper paper = read_good(record);

    (void)state;
    CHECK_STR("arXiv:0704.9999", paper.id.text);
    CHECK_INT(3, paper.id.version);
    CHECK_STR("[\"C. Person\",\"A. Other Jr.\"]", paper.authors);
    CHECK_STR("[\"hep-ph\",\"math.GT\"]", paper.categories);
    CHECK_STR("2007-04-02", paper.date.text);
    CHECK_STR("2008-11-26", paper.updated.text);
    CHECK_STR("J. Test 7 (2008) 1", paper.venue);
    CHECK_STR("Some title", paper.title);
    CHECK_STR("Text.", paper.abstract);
    CHECK_STR("{\"submitter\":\"A. Person\"}", paper.extra);
    rec_paper_clear(&paper);
}

static void authors_come_in_reading_order(void **state)
{
    static const struct {
        const char *json, *authors;
    } CASES[] = {
        { "[\"Ada Lovelace\",\"Ada Lovelace\",\" \",\"Alan  Turing\"]", "[\"Ada Lovelace\",\"Alan Turing\"]" },
        { "[\"Doe, J. K.\",\"Roe,R.\",\"Poe, Jr.\",\"Moe, Jr., A.\"]", "[\"J. K. Doe\",\"R. Roe\",\"Poe, Jr.\",\"Moe, Jr., A.\"]" },
        { "[{\"name\":\"Ada Lovelace\",\"affiliation\":\"X\"},\"Alan Turing\"]", "[\"Ada Lovelace\",\"Alan Turing\"]" },
        { "[\"Erd\\\\H{o}s, P.\"]", "[\"P. Erd\xC5\x91s\"]" },
        { "\"Ada Lovelace\"", "[\"Ada Lovelace\"]" },
        { "\"A. One, B. Two and C. Three\"", "[\"A. One\",\"B. Two\",\"C. Three\"]" },
        { "\"A. One, B. Two, and C. Three\"", "[\"A. One\",\"B. Two\",\"C. Three\"]" },
        { "\"A. One, B. Two,and C. Three\"", "[\"A. One\",\"B. Two\",\"C. Three\"]" },
        { "\"A. One;B. Two & C. Three;\"", "[\"A. One\",\"B. Two\",\"C. Three\"]" },
        { "\"A. One,\\nB. Two\\nand C. Three\"", "[\"A. One\",\"B. Two\",\"C. Three\"]" },
        { "\"A. One (Univ. of X, Y and Z), B. Two ((1) W; V)\"", "[\"A. One\",\"B. Two\"]" },
        { "\"A. One (U.), B. Two (V). \"", "[\"A. One\",\"B. Two\"]" },
        { "\"A. One (never closed, B. Two\"", "[\"A. One (never closed\",\"B. Two\"]" },
        { "\"One, Ann and Two, Bob\"", "[\"Ann One\",\"Bob Two\"]" },
        { "\"One, Ann; Two, Bob; \"", "[\"Ann One\",\"Bob Two\"]" },
        { "\"van One, Ann and Two, Bob and others\"", "[\"Ann van One\",\"Bob Two\"]" },
        { "\"A. One, B. Two and C. Three, D. Four\"", "[\"A. One\",\"B. Two\",\"C. Three\",\"D. Four\"]" },
        { "\"A. One, Jr., and B. Two, Jr\"", "[\"A. One, Jr.\",\"B. Two, Jr\"]" },
        { "\"Ann One, Jr. and Bob Two, III\"", "[\"Ann One, Jr.\",\"Bob Two, III\"]" },
        { "\"Ann One, Jr. and Bob Two, Carl Three\"", "[\"Ann One, Jr.\",\"Bob Two\",\"Carl Three\"]" },
        { "\"A. One et al.\"", "[\"A. One\"]" },
        { "\"A. One, et al\"", "[\"A. One\"]" },
        { "\"Andy Sand, Anders Andersson\"", "[\"Andy Sand\",\"Anders Andersson\"]" },
        { "\"one,a.b. and two,c.\"", "[\"a.b. one\",\"c. two\"]" },
        { "\"one, a.b., two, c.-d. and three, e.\"", "[\"a.b. one\",\"c.-d. two\",\"e. three\"]" },
        { "\"One, A., Two, B.\"", "[\"A. One\",\"B. Two\"]" },
        { "\"One, A.\"", "[\"A. One\"]" },
        { "[\"Ann One, Bob Two, Cy Three\"]", "[\"Ann One\",\"Bob Two\",\"Cy Three\"]" },
        { "[\"A. One and B. Two\",\"C. Three\"]", "[\"A. One\",\"B. Two\",\"C. Three\"]" },
        { "[\"A. One, B. Two\"]", "[\"A. One\",\"B. Two\"]" },
        { "[\"Ann One; Bob Two\"]", "[\"Ann One\",\"Bob Two\"]" },
        { "[\"one, a.b., two, c. and three, d.\"]", "[\"a.b. one\",\"c. two\",\"d. three\"]" },
        { "[\"Ann One, Cy Three, Jr., Bob Two\"]", "[\"Ann One\",\"Cy Three, Jr.\",\"Bob Two\"]" },
        { "[\"C. Three, Jr.\"]", "[\"C. Three, Jr.\"]" },
        { "[\"Three, C.D., Jr.\"]", "[\"Three, C.D., Jr.\"]" },
        { "[\"van der One, Ann Mary\"]", "[\"Ann Mary van der One\"]" },
        { "[\"Agency for Science and Research\"]", "[\"Agency for Science and Research\"]" },
        { "[\"Committee on Seas, Lakes and Rivers of the Union\"]", "[\"Committee on Seas, Lakes and Rivers of the Union\"]" },
        { "[\"Ann (Nan) One\"]", "[\"Ann (Nan) One\"]" },
        { "[\"One, A,\",\"Bob Two;\"]", "[\"A One\",\"Bob Two\"]" },
        { "\" , ; and \"", NULL },
        { "[]", NULL },
        { "\"\"", NULL },
        { "null", NULL },
    };
    char record[512];

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        rec_paper paper;

        snprintf(record, sizeof(record), "{\"id\":\"k\",\"authors\":%s}", CASES[i].json);
        paper = read_good(record);
        check_same(record, "authors", CASES[i].authors, paper.authors);
        check_same(record, "extra", NULL, paper.extra);
        rec_paper_clear(&paper);
    }
}

static void categories_and_keywords_are_parted(void **state)
{
    static const struct {
        const char *field, *json, *list;
    } CASES[] = {
        { "categories", "[\"cs.LG\",\"cs.LG\",\"\",\"stat.ML\"]", "[\"cs.LG\",\"stat.ML\"]" },
        { "categories", "\"cs.LG stat.ML\"", "[\"cs.LG\",\"stat.ML\"]" },
        { "categories", "\"hep-th\"", "[\"hep-th\"]" },
        { "categories", "\"cond-mat.mes-hall  math-ph q-fin.ST\"", "[\"cond-mat.mes-hall\",\"math-ph\",\"q-fin.ST\"]" },
        { "categories", "\"machine learning\"", "[\"machine learning\"]" },
        { "categories", "\"self-supervised learning\"", "[\"self-supervised learning\"]" },
        { "categories", "\"machine learning; vision, speech\"", "[\"machine learning\",\"vision\",\"speech\"]" },
        { "categories", "[{\"name\":\"cs.LG\"}]", "[\"cs.LG\"]" },
        { "keywords", "\"cs.LG stat.ML\"", "[\"cs.LG stat.ML\"]" },
        { "keywords", "\"a b; c ,d;;\"", "[\"a b\",\"c\",\"d\"]" },
        { "keywords", "[\"a, b\"]", "[\"a, b\"]" },
        { "categories", "[\"3.73,\",\"4.2\",\",\"]", "[\"3.73\",\"4.2\"]" },
        { "keywords", "\" \"", NULL },
    };
    char record[512];

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        rec_paper paper;

        snprintf(record, sizeof(record), "{\"id\":\"k\",\"%s\":%s}", CASES[i].field, CASES[i].json);
        paper = read_good(record);
        check_same(record, CASES[i].field, CASES[i].list, CASES[i].field[0] == 'c' ? paper.categories : paper.keywords);
        rec_paper_clear(&paper);
    }
}

static void the_best_id_is_the_papers_and_the_others_are_aliases(void **state)
{
    static const struct {
        const char *record, *id, *aliases, *extra;
        unsigned version;
    } CASES[] = {
        { "{\"id\":\"k1\",\"arxiv\":\"2401.01234v3\"}", "arXiv:2401.01234", "k1", NULL, 3 },
        { "{\"id\":\"k1\",\"arxiv_id\":\"hep-th/9901001\"}", "arXiv:hep-th/9901001", "k1", NULL, 0 },
        { "{\"id\":\"k1\",\"pmid\":\"5\",\"doi\":\"10.1000/A\"}", "doi:10.1000/a", "k1 PMID:5", NULL, 0 },
        { "{\"id\":42}", "42", "", NULL, 0 },
        { "{\"id\":42,\"pmid\":42}", "PMID:42", "42", NULL, 0 },
        { "{\"id\":\"2401.01234\",\"arxiv\":\"arXiv:2401.01234\",\"doi\":\"10.48550/arXiv.2401.01234\"}", "arXiv:2401.01234", "", NULL, 0 },
        { "{\"arxiv\":\"2401.01234\",\"title\":\"T\"}", "arXiv:2401.01234", "", NULL, 0 },
        { "{\"doi\":\"https://doi.org/10.1000/A\"}", "doi:10.1000/a", "", NULL, 0 },
        { "{\"pmid\":7}", "PMID:7", "", NULL, 0 },
        { "{\"title\":\"A Made Title\"}", "a-made-title", "", NULL, 0 },
        { "{\"id\":null,\"title\":\"A Made Title\"}", "a-made-title", "", NULL, 0 },
        { "{\"id\":\"k\",\"doi\":\"not one\"}", "k", "", "{\"doi\":\"not one\"}", 0 },
        { "{\"id\":\"k\",\"doi\":\"2401.01234\",\"pmid\":\"x\",\"arxiv\":[1]}", "arXiv:2401.01234", "k", "{\"arxiv\":[1],\"pmid\":\"x\"}",
          0 },
        { "{\"id\":\"k\",\"arxiv\":\"10.1000/a\",\"pmid\":-4}", "k", "", "{\"arxiv\":\"10.1000/a\",\"pmid\":-4}", 0 },
        { "{\"id\":\"k\",\"doi\":\"\",\"pmid\":null,\"arxiv\":\" \"}", "k", "", NULL, 0 },
        { "{\"id\":\"2401.01234v2\",\"version\":4}", "arXiv:2401.01234", "", NULL, 4 },
        { "{\"id\":\"2401.01234v2\",\"versions\":[{\"version\":\"v1\"},{\"version\":\"v2\"},{\"version\":\"v3\"}]}", "arXiv:2401.01234", "",
          NULL, 2 },
        { "{\"id\":\"k\",\"versions\":[{},{}]}", "k", "", NULL, 2 },
        { "{\"id\":\"k\",\"version\":\"1.0-beta\"}", "k", "", "{\"version\":\"1.0-beta\"}", 0 },
        { "{\"id\":\"k\",\"version\":0}", "k", "", "{\"version\":0}", 0 },
        { "{\"id\":\"k\",\"also\":[\"k2\",\"PMID:5\"],\"url\":\" \"}", "PMID:5", "k k2", NULL, 0 },
        { "{\"id\":\"k\",\"also\":[\"k2\",3,\"\"]}", "k", "k2", "{\"also\":[\"k2\",3,\"\"]}", 0 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        rec_paper paper = read_good(CASES[i].record);
        char aliases[REC_MAX_ALIASES * (REC_ID_MAX + 2)] = "";

        for (size_t j = 0; j < paper.alias_count; j++) {
            strcat(aliases, j > 0 ? " " : "");
            strcat(aliases, paper.aliases[j].text);
        }
        check_same(CASES[i].record, "id", CASES[i].id, paper.id.text);
        check_same(CASES[i].record, "aliases", CASES[i].aliases, aliases);
        check_same(CASES[i].record, "extra", CASES[i].extra, paper.extra);
        CHECK_INT(CASES[i].version, paper.id.version);
        rec_paper_clear(&paper);
    }
}

static void dates_come_from_the_first_field_that_has_one(void **state)
{
    static const struct {
        const char *record, *date, *updated, *extra;
    } CASES[] = {
        { "{\"id\":\"k\"}", "", "", NULL },
        { "{\"id\":\"k\",\"date\":\"2020\",\"updated\":\"2021-02\"}", "2020", "2021-02", NULL },
        { "{\"id\":\"k\",\"published\":\"2020-05-06T07:08:09Z\",\"update_date\":\"2021\"}", "2020-05-06", "2021", NULL },
        { "{\"id\":\"k\",\"date\":\"\",\"published\":\"2020\"}", "2020", "", NULL },
        { "{\"id\":\"k\",\"date\":null,\"published\":\"2020\"}", "2020", "", NULL },
        { "{\"id\":\"k\",\"date\":\"2019\",\"published\":\"2020\"}", "2019", "", "{\"published\":\"2020\"}" },
        { "{\"id\":\"k\",\"date\":1999}", "1999", "", NULL },
        { "{\"id\":\"k\",\"date\":\"2019\",\"versions\":[{\"version\":\"v1\",\"created\":\"Mon, 2 Apr 2007 19:18:42 GMT\"}]}", "2019", "",
          NULL },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        rec_paper paper = read_good(CASES[i].record);

        check_same(CASES[i].record, "date", CASES[i].date, paper.date.text);
        check_same(CASES[i].record, "updated", CASES[i].updated, paper.updated.text);
        check_same(CASES[i].record, "extra", CASES[i].extra, paper.extra);
        rec_paper_clear(&paper);
    }
}

static void only_web_addresses_become_addresses(void **state)
{
    static const struct {
        const char *url;
        int is_kept;
    } CASES[] = {
        { "https://example.org/", 1 },   { "http://example.org/a%20b", 1 }, { "javascript:alert(1)", 0 },
        { "ftp://example.org/", 0 },     { "https://example.org/a b", 0 },  { "https://example.org/\\u0007", 0 },
        { "https://e.org/\\\"x", 0 },    { "https://e.org/<x>", 0 },        { "example.org", 0 },
        { "https://e.org/\\u202Ex", 0 }, { "https://e.org/\\u0085x", 0 },   { "https://e.org/\xC3\xA9", 1 },
    };
    char record[256];

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        rec_paper paper;

        snprintf(record, sizeof(record), "{\"id\":\"k\",\"url\":\"%s\"}", CASES[i].url);
        paper = read_good(record);
        check_same(record, "url", CASES[i].is_kept ? CASES[i].url : NULL, paper.url);
        CHECK((paper.extra == NULL) == CASES[i].is_kept);
        if (paper.extra)
            CHECK_CONTAINS("\"url\":", paper.extra);
        rec_paper_clear(&paper);
    }
}

/* Absent, null and empty differ only where a reader can tell. */
static void a_record_with_an_id_alone_is_a_paper(void **state)
{
    rec_paper paper = read_good("{\"id\":\"k\",\"abstract\":null,\"title\":\"\",\"upvotes\":null,\"foo\":null}");

    (void)state;
    CHECK_STR("", paper.title);
    CHECK(paper.abstract == NULL && paper.authors == NULL && paper.extra == NULL && paper.url == NULL && !paper.has_upvotes);
    CHECK(rec_paper_title_key(&paper) == 0 && rec_paper_abstract_key(&paper) == 0);
    rec_paper_clear(&paper);
}

static void keys_are_those_of_the_texts(void **state)
{
    rec_paper paper = read_good("{\"id\":\"k\",\"title\":\"A Title!\",\"abstract\":\"Words.\"}");

    (void)state;
    CHECK(rec_paper_title_key(&paper) == rec_text_key("a title"));
    CHECK(rec_paper_abstract_key(&paper) == rec_text_key("words"));
    CHECK(rec_paper_title_key(&paper) != 0);
    rec_paper_clear(&paper);
}

static void marks_of_withdrawal_and_retraction_are_read(void **state)
{
    static const struct {
        const char *record;
        unsigned flags, told;
    } CASES[] = {
        { "{\"id\":\"a\",\"withdrawn\":true}", REC_FLAG_WITHDRAWN, REC_FLAG_WITHDRAWN },
        { "{\"id\":\"a\",\"retracted\":\"plate 3 was copied\"}", REC_FLAG_RETRACTED, REC_FLAG_RETRACTED },
        { "{\"id\":\"a\",\"withdrawn\":false}", 0, REC_FLAG_WITHDRAWN },
        { "{\"id\":\"a\",\"withdrawn\":null,\"retracted\":\"\"}", 0, 0 },
        { "{\"id\":\"a\",\"status\":\"Retracted\"}", REC_FLAG_RETRACTED, REC_FLAG_RETRACTED },
        { "{\"id\":\"a\",\"status\":\"published\"}", 0, 0 },
        { "{\"id\":\"a\",\"status\":7,\"comments\":[\"withdrawn\"]}", 0, 0 },
        { "{\"id\":\"a\",\"comments\":\"This paper has been withdrawn by the author due to an error\"}", REC_FLAG_WITHDRAWN,
          REC_FLAG_WITHDRAWN },
        { "{\"id\":\"a\",\"comments\":\"The paper has been temporarily withdrawn\"}", REC_FLAG_WITHDRAWN, REC_FLAG_WITHDRAWN },
        { "{\"id\":\"a\",\"comment\":\"Withdrawn\"}", REC_FLAG_WITHDRAWN, REC_FLAG_WITHDRAWN },
        { "{\"id\":\"a\",\"comments\":\"12 pages, replaces a withdrawn version\"}", 0, 0 },
        { "{\"id\":\"a\",\"comments\":\"This withdrawn\"}", 0, 0 },
        { "{\"id\":\"a\",\"comments\":\"This \"}", 0, 0 },
        { "{\"id\":\"a\",\"abstract\":\"This submission has been withdrawn.\"}", REC_FLAG_WITHDRAWN, REC_FLAG_WITHDRAWN },
        { "{\"id\":\"a\",\"abstract\":\"We ask why papers are withdrawn.\"}", 0, 0 },
        { "{\"id\":\"a\",\"title\":\"RETRACTED: Counting sheep\"}", REC_FLAG_RETRACTED, REC_FLAG_RETRACTED },
        { "{\"id\":\"a\",\"title\":\"Retracted article: Counting sheep\"}", REC_FLAG_RETRACTED, REC_FLAG_RETRACTED },
        { "{\"id\":\"a\",\"title\":\"[WITHDRAWN] Counting sheep\"}", REC_FLAG_WITHDRAWN, REC_FLAG_WITHDRAWN },
        { "{\"id\":\"a\",\"title\":\"Withdrawn\"}", REC_FLAG_WITHDRAWN, REC_FLAG_WITHDRAWN },
        { "{\"id\":\"a\",\"title\":\"**Paper retracted by its authors**\"}", REC_FLAG_RETRACTED, REC_FLAG_RETRACTED },
        { "{\"id\":\"a\",\"title\":\"Retracted citations in retracted publications\"}", 0, 0 },
        { "{\"id\":\"a\",\"title\":\"Retracted: Counting sheep\",\"retracted\":false}", 0, REC_FLAG_RETRACTED },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        rec_paper paper = read_good(CASES[i].record);

        if (paper.flags != CASES[i].flags || paper.flags_told != CASES[i].told)
            fail_msg("%s gives %u, told %u", CASES[i].record, paper.flags, paper.flags_told);
        rec_paper_clear(&paper);
    }
}

static void upvotes_may_be_named_score(void **state)
{
    rec_paper paper = read_good("{\"id\":\"k\",\"score\":-2.5}");

    (void)state;
    CHECK(paper.has_upvotes);
    CHECK_NEAR(-2.5, paper.upvotes, 0);
    rec_paper_clear(&paper);
    paper = read_good("{\"id\":\"k\",\"score\":1,\"upvotes\":0}");
    CHECK(paper.has_upvotes);
    CHECK_NEAR(0, paper.upvotes, 0);
    CHECK_STR("{\"score\":1}", paper.extra);
    rec_paper_clear(&paper);
}

/* ---- JSON: refused records ----------------------------------------------------------------------------------------- */

/* The paper is left alone, and the message holds `part`. */
static void check_refused(const char *record, size_t length, const char *part)
{
    rec_paper paper = { .venue = (char *)"before", .alias_count = 3 };
    rec_error err = REC_ERROR_INIT;
    rec_status rc = rec_read_json(record, length, &paper, &err);

    if (rc != REC_EFORMAT || !strstr(err.message, part))
        fail_msg("%.300s: status %d, '%s', expected '%s' in it", record, (int)rc, err.message, part);
    CHECK_STR("before", paper.venue);
    CHECK_INT(3, paper.alias_count);
    CHECK(paper.title == NULL);
}

static void what_is_not_one_object_is_refused(void **state)
{
    static const char *const CASES[] = {
        "",
        " ",
        "{",
        "}",
        "nonsense",
        "[]",
        "\"id\"",
        "{\"id\":\"a\"} x",
        "{\"id\":\"a\"}{\"id\":\"b\"}",
        "{\"id\":\"a\",}",
        "{'id':'a'}",
        "{\"id\":\"a\" \"title\":\"b\"}",
        "{\"id\":\"a\\u0000b\"}",
        "{\"id\":\"\\ud800\"}",
        "{\"id\":\"\xFF\"}",
        "{\"id\":\"a\nb\"}",
        "{\"id\":\"a\",\"id\":\"b\"}",
        "{\"id\":\"a\",\"x\":{\"y\":1,\"y\":2}}",
        "{\"id\":123456789012345678901234567890}",
        "{\"id\":\"a\",\"score\":1e999}",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++)
        check_refused(CASES[i], strlen(CASES[i]), "JSON object");
    check_refused("{\"id\":\"a\"}\0", 11, "JSON object");
    check_refused("[]", 2, "not a list");
}

static void a_field_of_the_wrong_type_is_named(void **state)
{
    static const struct {
        const char *field, *json, *type;
    } CASES[] = {
        { "id", "true", "true" },
        { "id", "1.5", "a number" },
        { "id", "[\"a\"]", "a list" },
        { "title", "7", "a number" },
        { "title", "{}", "an object" },
        { "abstract", "[\"a\"]", "a list" },
        { "authors", "7", "a number" },
        { "authors", "{\"name\":\"A\"}", "an object" },
        { "authors", "[7]", "entry 1 is a number" },
        { "authors", "[\"A\",null]", "entry 2 is null" },
        { "authors", "[{\"first\":\"A\"}]", "entry 1 is an object without a name" },
        { "authors", "[{\"name\":7}]", "entry 1 is a number" },
        { "authors_parsed", "\"A\"", "a string" },
        { "authors_parsed", "[\"A\"]", "entry 1" },
        { "authors_parsed", "[[]]", "entry 1" },
        { "categories", "false", "false" },
        { "categories", "[[\"a\"]]", "entry 1 is a list" },
        { "keywords", "1", "a number" },
        { "venue", "[]", "a list" },
        { "journal-ref", "1", "a number" },
        { "url", "1", "a number" },
        { "date", "[]", "a list" },
        { "date", "1.5", "a number" },
        { "date", "\"soon\"", "'soon' is not a date" },
        { "date", "20240105", "'20240105' is not a date" },
        { "date", "\"2023-02-29\"", "'2023-02-29' is not a date" },
        { "published", "{}", "an object" },
        { "updated", "\"?\"", "'?' is not a date" },
        { "update_date", "true", "true" },
        { "versions", "\"v1\"", "a string" },
        { "versions", "[{\"created\":\"never\"}]", "'never' is not a date" },
        { "upvotes", "\"7\"", "a string" },
        { "score", "{}", "an object" },
    };
    char record[256], named[64];

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        snprintf(record, sizeof(record), "{%s\"%s\":%s}", strcmp(CASES[i].field, "id") == 0 ? "" : "\"id\":\"k\",", CASES[i].field,
                 CASES[i].json);
        snprintf(named, sizeof(named), "field '%s': ", CASES[i].field);
        check_refused(record, strlen(record), named);
        check_refused(record, strlen(record), CASES[i].type);
    }
}

static void a_record_without_any_id_is_refused(void **state)
{
    static const char *const CASES[] = { "{}", "{\"abstract\":\"text\"}", "{\"title\":\"\"}", "{\"title\":\"?!\"}", "{\"doi\":\"x\"}" };

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++)
        check_refused(CASES[i], strlen(CASES[i]), "field 'id': missing");
    check_refused("{\"id\":\"\"}", 9, "field 'id': the id is empty");
    check_refused("{\"id\":\"a\\u0001\"}", 16, "field 'id': the id has a control character");
}

/* The longest that is accepted, and one byte more. */
static void field_limits_are_exact(void **state)
{
    static const struct {
        const char *before, *after;
        size_t maximum;
        const char *said;
    } CASES[] = {
        { "{\"id\":\"k\",\"title\":\"", "\"}", REC_MAX_TITLE, "field 'title': 4097 bytes, at most 4096" },
        { "{\"id\":\"k\",\"abstract\":\"", "\"}", REC_MAX_ABSTRACT, "field 'abstract': 1048577 bytes, at most 1048576" },
        { "{\"id\":\"k\",\"venue\":\"", "\"}", REC_MAX_FIELD, "field 'venue': 65537 bytes, at most 65536" },
        { "{\"id\":\"k\",\"authors\":[\"", "\"]}", REC_MAX_FIELD, "field 'authors': an entry of 65537 bytes, at most 65536" },
        { "{\"id\":\"k\",\"authors\":\"", "\"}", REC_MAX_FIELD, "field 'authors': an entry of 65537 bytes, at most 65536" },
        { "{\"id\":\"k\",\"keywords\":\"", "\"}", REC_MAX_FIELD, "field 'keywords': an entry of 65537 bytes, at most 65536" },
    };
    char *record = rec_alloc(REC_MAX_ABSTRACT + 128);

    (void)state;
    CHECK(record != NULL);
    for (size_t i = 0; i < COUNT(CASES); i++)
        for (size_t above = 0; above < 2; above++) {
            size_t lead = strlen(CASES[i].before), length = CASES[i].maximum + above;

            memcpy(record, CASES[i].before, lead);
            memset(record + lead, 'x', length);
            strcpy(record + lead + length, CASES[i].after);
            if (above) {
                check_refused(record, strlen(record), CASES[i].said);
            } else {
                rec_paper paper = read_good(record);

                rec_paper_clear(&paper);
            }
        }
    rec_free(record);
}

static void lists_have_a_limit(void **state)
{
    char *record = rec_alloc((REC_MAX_LIST + 2) * 10 + 64);

    (void)state;
    CHECK(record != NULL);
    for (int above = 0; above < 2; above++) {
        size_t length = (size_t)sprintf(record, "{\"id\":\"k\",\"authors\":[\"a\"");

        for (int i = 1; i < REC_MAX_LIST + above; i++)
            length += (size_t)sprintf(record + length, ",\"n%d\"", i);
        strcpy(record + length, "]}");
        if (above) {
            check_refused(record, strlen(record), "field 'authors': more than 10000 entries");
        } else {
            rec_paper paper = read_good(record);

            CHECK_CONTAINS("\"n9999\"]", paper.authors);
            rec_paper_clear(&paper);
        }
    }
    rec_free(record);
}

/* Nesting a hundred thousand deep must not reach the stack's end. */
static void deep_nesting_is_refused(void **state)
{
    enum { DEPTH = 100000 };
    char *record = rec_alloc(DEPTH * 6 + 64);
    size_t length;

    (void)state;
    CHECK(record != NULL);
    length = (size_t)sprintf(record, "{\"id\":\"k\",\"x\":");
    memset(record + length, '[', DEPTH);
    check_refused(record, length + DEPTH, "JSON object");
    for (size_t i = 0; i < DEPTH; i++)
        length += (size_t)sprintf(record + length, "{\"x\":");
    check_refused(record, length, "JSON object");
    rec_free(record);
}

/* Texts that once made parsers of names and parentheses slow take no time. */
static void hostile_names_come_to_an_end(void **state)
{
    enum { LENGTH = 4 << 20 };
    static const char *const pieces[] = { "(", ")", "()", " and ", ";", ",", "a,b;", " &", "(a" };
    char *record = rec_alloc(LENGTH + 64);

    (void)state;
    CHECK(record != NULL);
    for (size_t i = 0; i < COUNT(pieces); i++) {
        rec_paper paper = REC_PAPER_INIT;
        size_t piece = strlen(pieces[i]), length = (size_t)sprintf(record, "{\"id\":\"k\",\"authors\":\"");

        for (; length < LENGTH; length += piece)
            memcpy(record + length, pieces[i], piece);
        length += (size_t)sprintf(record + length, "\"}");
        CHECK(rec_read_json(record, length, &paper, NULL) != REC_ENOMEM);
        rec_paper_clear(&paper);
    }
    rec_free(record);
}

static void a_null_error_is_allowed(void **state)
{
    rec_paper paper = REC_PAPER_INIT;

    (void)state;
    CHECK(rec_read_json("{", 1, &paper, NULL) == REC_EFORMAT);
    CHECK(rec_read_json("{\"id\":\"k\",\"title\":7}", 20, &paper, NULL) == REC_EFORMAT);
}

/* The n-th request for memory fails, for every n: always "out of memory", the paper untouched. */
static void without_memory_a_record_fails_cleanly(void **state)
{
    static const char *const RECORDS[] = {
        "{\"id\":\"k\",\"title\":\"A  b\",\"abstract\":\"C\\n\",\"authors\":\"One, A. (X) and Two, B.\",\"categories\":\"cs.LG "
        "cs.AI\",\"keywords\":[\"a\"],"
        "\"venue\":\"V\",\"url\":\"https://e.org/\",\"date\":\"2020\",\"x\":1}",
        "{\"title\":\"A made title\",\"authors_parsed\":[[\"One\",\"A.\",\"\"]],\"authors\":\"x\"}",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(RECORDS); i++) {
        rec_status rc = REC_ENOMEM;

        for (long allowed = 0; rc != REC_OK; allowed++) {
            rec_paper paper = REC_PAPER_INIT;
            rec_error err = REC_ERROR_INIT;

            CHECK(allowed < 200);
            rec_alloc_fail_after(allowed);
            rc = rec_read_json(RECORDS[i], strlen(RECORDS[i]), &paper, &err);
            rec_alloc_fail_after(-1);
            if (rc != REC_OK) {
                CHECK_STATUS(REC_ENOMEM, rc, &err);
                CHECK(paper.title == NULL && paper.authors == NULL);
            }
            rec_paper_clear(&paper);
        }
    }
}

/* ---- listings ------------------------------------------------------------------------------------------------------ */

static rec_status read_pair(const char *title, const char *abstract, bool first, rec_paper *out, rec_error *err)
{
    return rec_read_listing(title, strlen(title), abstract, strlen(abstract), first, out, err);
}

static void a_pair_of_lines_becomes_a_paper(void **state)
{
    rec_paper paper = REC_PAPER_INIT;
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_OK, read_pair("Counting  Sheep", "We count.", false, &paper, &err), &err);
    CHECK_STR("counting-sheep", paper.id.text);
    CHECK_INT(REC_ID_LOCAL, paper.id.kind);
    CHECK_STR("Counting Sheep", paper.title);
    CHECK_STR("Counting  Sheep", paper.title_original);
    CHECK_STR("We count.", paper.abstract);
    CHECK(paper.abstract_original == NULL && paper.authors == NULL && paper.date.text[0] == '\0');
    rec_paper_clear(&paper);
    CHECK_STATUS(REC_OK, read_pair("Counting", "", false, &paper, &err), &err);
    CHECK_STR("", paper.abstract);
    rec_paper_clear(&paper);
}

static void the_button_is_no_part_of_the_first_title(void **state)
{
    static const struct {
        const char *line;
        bool first;
        const char *title;
    } CASES[] = {
        { "SubscribeCounting Sheep", true, "Counting Sheep" },
        { "Subscribe3D Sheep", true, "3D Sheep" },
        { "Subscribe\"Sheep\" and Goats", true, "\"Sheep\" and Goats" },
        { "Subscribe\xC3\x89tale Sheep", true, "\xC3\x89tale Sheep" },
        { "SubscribeCounting Sheep", false, "SubscribeCounting Sheep" },
        { "Subscribers and Churn", true, "Subscribers and Churn" },
        { "Subscribe to Sheep", true, "Subscribe to Sheep" },
        { "Subscribe: Sheep by Mail", true, "Subscribe: Sheep by Mail" },
        { "Subscribe", true, "Subscribe" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        rec_paper paper = REC_PAPER_INIT;
        rec_error err = REC_ERROR_INIT;

        CHECK_STATUS(REC_OK, read_pair(CASES[i].line, "", CASES[i].first, &paper, &err), &err);
        CHECK_STR(CASES[i].title, paper.title);
        rec_paper_clear(&paper);
    }
}

static void bad_pairs_are_refused_by_field(void **state)
{
    static char long_title[REC_MAX_TITLE + 2];
    static const struct {
        const char *title, *abstract, *reason;
    } CASES[] = {
        { "", "An abstract.", "field 'title': missing before this abstract" },
        { "?!", "An abstract.", "field 'title': no id can be made" },
        { "T\xFF", "", "field 'title': " },
        { "T", "a\xFF", "field 'abstract': " },
        { long_title, "", "field 'title': 4097 bytes, at most 4096" },
    };

    (void)state;
    memset(long_title, 'x', sizeof(long_title) - 1);
    for (size_t i = 0; i < COUNT(CASES); i++) {
        rec_paper paper = REC_PAPER_INIT;
        rec_error err = REC_ERROR_INIT;

        CHECK_STATUS(REC_EFORMAT, read_pair(CASES[i].title, CASES[i].abstract, false, &paper, &err), &err);
        CHECK_CONTAINS(CASES[i].reason, err.message);
        CHECK(paper.title == NULL);
    }
}

/* What the listing gave, as "line:title=abstract", where an abstract is shown by its first two characters. */
struct taken {
    char text[4096];
    size_t count;
    long fail_at; /* give an error for the pair of this number; -1: never */
};

static rec_status take(const char *title, const char *abstract, uint64_t line, bool first, void *context, rec_error *err)
{
    struct taken *taken = context;

    if ((long)taken->count == taken->fail_at)
        return rec_fail(err, REC_EFORMAT, "stopped");
    CHECK_INT(taken->count == 0, first);
    taken->count++;
    snprintf(taken->text + strlen(taken->text), sizeof(taken->text) - strlen(taken->text), "%s%d:%s=%.2s", taken->count > 1 ? " " : "",
             (int)line, title, abstract);
    return REC_OK;
}

/*
 * Feeds a sketch of a listing, in which a line is a word and blanks part them: "A1" (capital A) is a long abstract, "." a blank line, any
 * other word is a short line.
 */
static rec_status feed_sketch(const char *sketch, struct taken *taken, rec_error *err)
{
    rec_listing *listing = NULL;
    rec_status rc = rec_listing_new(take, taken, &listing, err);
    uint64_t number = 0;

    while (rc == REC_OK && *sketch) {
        char line[REC_LISTING_LONG + 1];
        size_t length = strcspn(sketch, " ");

        memset(line, 'x', REC_LISTING_LONG);
        memcpy(line, sketch, length);
        if (sketch[0] != 'A')
            line[length] = '\0';
        line[REC_LISTING_LONG] = '\0';
        if (sketch[0] == '.')
            strcpy(line, " \t");
        rc = rec_listing_feed(listing, line, strlen(line), ++number, err);
        sketch += length + (sketch[length] == ' ');
    }
    if (rc == REC_OK)
        rc = rec_listing_feed(listing, NULL, 0, 0, err);
    rec_listing_free(listing);
    return rc;
}

static void titles_and_abstracts_are_told_apart(void **state)
{
    static const struct {
        const char *sketch, *pairs;
    } CASES[] = {
        { "", "" },
        { ". .", "" },
        { "t1 A1 t2 A2", "1:t1=A1 3:t2=A2" },
        { "b1 b2 t1 A1 t2 A2", "3:t1=A1 5:t2=A2" },                         /* two banners */
        { "b1 t1 A1", "2:t1=A1" },                                          /* one */
        { "b1 b2 b3 b4 t1 A1", "5:t1=A1" },                                 /* four */
        { "b1 SubscribeT1 t2 A2 t3 A3", "2:SubscribeT1= 3:t2=A2 5:t3=A3" }, /* the button tells the first title */
        { "b1 SubscribeT1 a1 t2 A2", "2:SubscribeT1=a1 4:t2=A2" },
        { ". t1 . A1 . . t2 A2 .", "2:t1=A1 7:t2=A2" },              /* blank lines */
        { "t1 A1 t2 t3 A3 t4 A4", "1:t1=A1 3:t2= 4:t3=A3 6:t4=A4" }, /* t2 has no abstract */
        { "t1 A1 t2 a2 t3 A3", "1:t1=A1 3:t2=a2 5:t3=A3" },          /* a short abstract */
        { "t1 A1 t2 a2 t3 a3 t4 A4", "1:t1=A1 3:t2=a2 5:t3=a3 7:t4=A4" },
        { "t1 A1 t2", "1:t1=A1 3:t2=" }, /* cut at the end */
        { "t1 A1 t2 a2", "1:t1=A1 3:t2=a2" },
        { "A1 t2 A2", "1:=A1 2:t2=A2" }, /* an abstract without a title */
        { "t1 A1 A2 t3 A3", "1:t1=A1 3:=A2 4:t3=A3" },
        { "t1 a1 t2 a2", "1:t1=a1 3:t2=a2" }, /* all short: no banners */
        { "t1", "1:t1=" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct taken taken = { "", 0, -1 };
        rec_error err = REC_ERROR_INIT;

        CHECK_STATUS(REC_OK, feed_sketch(CASES[i].sketch, &taken, &err), &err);
        check_same(CASES[i].sketch, "listing", CASES[i].pairs, taken.text);
    }
}

/* A file of short lines is a listing without banners, however long it is. */
static void many_short_lines_are_pairs(void **state)
{
    struct taken taken = { "", 0, -1 };
    rec_error err = REC_ERROR_INIT;
    char sketch[1024] = "";

    (void)state;
    for (int i = 0; i < 2 * REC_LISTING_LEADING; i++)
        strcat(sketch, i % 2 ? "a " : "t ");
    CHECK_STATUS(REC_OK, feed_sketch(sketch, &taken, &err), &err);
    CHECK_INT(REC_LISTING_LEADING, taken.count);
}

static void a_failing_taker_ends_the_listing(void **state)
{
    static const char *const SKETCHES[] = { "b t1 A1 t2 A2 t3", "t1 A1 t2 t3 A3", "t1 a1 t2 a2 t3 a3", "A1 A2 A3" };

    (void)state;
    for (size_t i = 0; i < COUNT(SKETCHES); i++)
        for (long at = 0; at < 3; at++) {
            struct taken taken = { "", 0, at };
            rec_error err = REC_ERROR_INIT;

            CHECK_STATUS(REC_EFORMAT, feed_sketch(SKETCHES[i], &taken, &err), &err);
            CHECK_STR("stopped", err.message);
            CHECK_INT(at, taken.count);
        }
}

static void a_line_with_a_nul_is_refused_and_the_listing_goes_on(void **state)
{
    struct taken taken = { "", 0, -1 };
    rec_error err = REC_ERROR_INIT;
    rec_listing *listing = NULL;

    (void)state;
    CHECK_STATUS(REC_OK, rec_listing_new(take, &taken, &listing, &err), &err);
    CHECK_STATUS(REC_EFORMAT, rec_listing_feed(listing, "a\0b", 3, 1, &err), &err);
    CHECK_CONTAINS("NUL", err.message);
    CHECK_STATUS(REC_OK, rec_listing_feed(listing, "title", 5, 2, &err), &err);
    CHECK_STATUS(REC_OK, rec_listing_feed(listing, NULL, 0, 0, &err), &err);
    CHECK_STR("2:title=", taken.text);
    rec_listing_free(listing);
    rec_listing_free(NULL);
}

static void without_memory_a_listing_fails_cleanly(void **state)
{
    rec_status rc = REC_ENOMEM;

    (void)state;
    for (long allowed = 0; rc != REC_OK; allowed++) {
        struct taken taken = { "", 0, -1 };
        rec_paper paper = REC_PAPER_INIT;
        rec_error err = REC_ERROR_INIT;

        CHECK(allowed < 200);
        rec_alloc_fail_after(allowed);
        if ((rc = feed_sketch("b1 t1 A1 t2 t3 A3 t4 a4 t5", &taken, &err)) == REC_OK)
            rc = read_pair("A  title", "An  abstract", true, &paper, &err);
        rec_alloc_fail_after(-1);
        if (rc != REC_OK)
            CHECK_STATUS(REC_ENOMEM, rc, &err);
        rec_paper_clear(&paper);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_record_becomes_a_paper),
        cmocka_unit_test(a_line_of_the_arxiv_snapshot_becomes_a_paper),
        cmocka_unit_test(authors_come_in_reading_order),
        cmocka_unit_test(categories_and_keywords_are_parted),
        cmocka_unit_test(the_best_id_is_the_papers_and_the_others_are_aliases),
        cmocka_unit_test(dates_come_from_the_first_field_that_has_one),
        cmocka_unit_test(only_web_addresses_become_addresses),
        cmocka_unit_test(a_record_with_an_id_alone_is_a_paper),
        cmocka_unit_test(keys_are_those_of_the_texts),
        cmocka_unit_test(marks_of_withdrawal_and_retraction_are_read),
        cmocka_unit_test(upvotes_may_be_named_score),
        cmocka_unit_test(what_is_not_one_object_is_refused),
        cmocka_unit_test(a_field_of_the_wrong_type_is_named),
        cmocka_unit_test(a_record_without_any_id_is_refused),
        cmocka_unit_test(field_limits_are_exact),
        cmocka_unit_test(lists_have_a_limit),
        cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(hostile_names_come_to_an_end),
        cmocka_unit_test(a_null_error_is_allowed),
        cmocka_unit_test(without_memory_a_record_fails_cleanly),
        cmocka_unit_test(a_pair_of_lines_becomes_a_paper),
        cmocka_unit_test(the_button_is_no_part_of_the_first_title),
        cmocka_unit_test(bad_pairs_are_refused_by_field),
        cmocka_unit_test(titles_and_abstracts_are_told_apart),
        cmocka_unit_test(many_short_lines_are_pairs),
        cmocka_unit_test(a_failing_taker_ends_the_listing),
        cmocka_unit_test(a_line_with_a_nul_is_refused_and_the_listing_goes_on),
        cmocka_unit_test(without_memory_a_listing_fails_cleanly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
