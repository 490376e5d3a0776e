/* Ids: every spelling has one canonical form, what is no id of a kind stays a local key, and no input does harm. */
#include "check.h"

#include "arxiv.h"
#include "quote.h"
#include "rec/clean.h"
#include "rec/id.h"

#include <stdbool.h>
#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct spelling {
    const char *text;
    const char *canonical;
    unsigned version;
};

static void check_spellings(rec_id_kind kind, const struct spelling *spellings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        rec_error err = REC_ERROR_INIT;
        rec_id id, again;

        CHECK_STATUS(REC_OK, rec_id_parse(spellings[i].text, &id, &err), &err);
        if (id.kind != kind || strcmp(id.text, spellings[i].canonical) != 0 || id.version != spellings[i].version)
            fail_msg("'%s' is '%s' (kind %d, version %u), expected '%s' (kind %d, version %u)", spellings[i].text, id.text, (int)id.kind,
                     id.version, spellings[i].canonical, (int)kind, spellings[i].version);
        CHECK_STATUS(REC_OK, rec_id_parse(id.text, &again, &err), &err);
        CHECK_STR(id.text, again.text);
        CHECK_INT(id.kind, again.kind);
        CHECK_INT(0, kind == REC_ID_LOCAL ? 0 : again.version);
    }
}

static void arxiv_spellings_are_one_id(void **state)
{
    static const struct spelling SPELLINGS[] = {
        { "2401.01234", "arXiv:2401.01234", 0 },
        { "2401.01234v2", "arXiv:2401.01234", 2 },
        { "2401.01234V12", "arXiv:2401.01234", 12 },
        { " \t2401.01234\r\n", "arXiv:2401.01234", 0 },
        { "arXiv:2401.01234", "arXiv:2401.01234", 0 },
        { "ARXIV:2401.01234v3", "arXiv:2401.01234", 3 },
        { "arxiv: 2401.01234", "arXiv:2401.01234", 0 },
        { "0704.0001", "arXiv:0704.0001", 0 },
        { "1412.9999v1", "arXiv:1412.9999", 1 },
        { "https://arxiv.org/abs/2401.01234", "arXiv:2401.01234", 0 },
        { "http://arxiv.org/abs/2401.01234v2", "arXiv:2401.01234", 2 },
        { "arxiv.org/abs/2401.01234", "arXiv:2401.01234", 0 },
        { "https://www.arxiv.org/pdf/2401.01234", "arXiv:2401.01234", 0 },
        { "https://arxiv.org/pdf/2401.01234v4.pdf", "arXiv:2401.01234", 4 },
        { "https://export.arxiv.org/abs/2401.01234/", "arXiv:2401.01234", 0 },
        { "HTTPS://ArXiv.org/html/2401.01234v1#S3", "arXiv:2401.01234", 1 },
        { "https://arxiv.org/abs/2401.01234?context=cs.LG", "arXiv:2401.01234", 0 },
        { "https://arxiv.org/pdf/hep-th/9901001v2.pdf#page=3", "arXiv:hep-th/9901001", 2 },
        { "10.48550/arXiv.2401.01234", "arXiv:2401.01234", 0 },
        { "10.48550/ARXIV.2401.01234", "arXiv:2401.01234", 0 },
        { "doi:10.48550/arXiv.hep-th/9901001", "arXiv:hep-th/9901001", 0 },
        { "https://doi.org/10.48550/arXiv.2401.01234", "arXiv:2401.01234", 0 },
        { "hep-th/9901001", "arXiv:hep-th/9901001", 0 },
        { "hep-th/9901001v2", "arXiv:hep-th/9901001", 2 },
        { "HEP-TH/9901001", "arXiv:hep-th/9901001", 0 },
        { "arXiv:quant-ph/0001001", "arXiv:quant-ph/0001001", 0 },
        { "math.GT/0309136", "arXiv:math/0309136", 0 },
        { "arXiv:math.GT/0309136v1", "arXiv:math/0309136", 1 },
        { "cond-mat.supr-con/9609004", "arXiv:cond-mat/9609004", 0 },
        { "cmp-lg/9404001", "arXiv:cmp-lg/9404001", 0 },
    };

    (void)state;
    check_spellings(REC_ID_ARXIV, SPELLINGS, COUNT(SPELLINGS));
}

static void doi_and_pmid_spellings_are_one_id(void **state)
{
    static const struct spelling DOIS[] = {
        { "10.1000/XYZ", "doi:10.1000/xyz", 0 },
        { "doi:10.1000/xyz", "doi:10.1000/xyz", 0 },
        { "DOI: 10.1000/xyz", "doi:10.1000/xyz", 0 },
        { "https://doi.org/10.1000/xyz", "doi:10.1000/xyz", 0 },
        { "http://dx.doi.org/10.1000/xyz", "doi:10.1000/xyz", 0 },
        { "doi.org/10.1000/a%2Fb%28c%29", "doi:10.1000/a/b(c)", 0 },
        { "https://doi.org/10.1000%2Fxyz", "doi:10.1000/xyz", 0 },
        { "https://doi.org/10.1000/a%20b%zz%", "doi:10.1000/a%20b%zz%", 0 },
        { "https://doi.org/10.1000/%C3%A9", "doi:10.1000/\xC3\xA9", 0 },
        { "10.1000/a%2Fb", "doi:10.1000/a%2fb", 0 },
        { "10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2",
          "doi:10.1002/(sici)1097-0258(19980815)17:15<1661::aid-sim968>3.0.co;2-2", 0 },
        { "10.1000.10/123", "doi:10.1000.10/123", 0 },
        { "10.123456789/x", "doi:10.123456789/x", 0 },
        { "10.48550/not-arxiv", "doi:10.48550/not-arxiv", 0 },
    };
    static const struct spelling PMIDS[] = {
        { "PMID:123", "PMID:123", 0 },
        { "pmid: 00123", "PMID:123", 0 },
        { "https://pubmed.ncbi.nlm.nih.gov/123/", "PMID:123", 0 },
        { "https://pubmed.ncbi.nlm.nih.gov/123?format=pubmed", "PMID:123", 0 },
        { "https://www.ncbi.nlm.nih.gov/pubmed/123", "PMID:123", 0 },
    };

    (void)state;
    check_spellings(REC_ID_DOI, DOIS, COUNT(DOIS));
    check_spellings(REC_ID_PMID, PMIDS, COUNT(PMIDS));
}

/* Near misses, too: a wrong month, an unknown archive, a prefix without its number. */
static void other_keys_stay_byte_for_byte(void **state)
{
    static const struct spelling KEYS[] = {
        { "cacm1", "cacm1", 0 },
        { "12345", "12345", 0 },
        { "  Mixed Case  Key ", "Mixed Case  Key", 0 },
        { "Nagtegaal_2019:722", "Nagtegaal_2019:722", 0 },
        { "2413.01234", "2413.01234", 0 },
        { "2400.01234", "2400.01234", 0 },
        { "2401.012345", "2401.012345", 0 },
        { "2401.123", "2401.123", 0 },
        { "2401.01234v", "2401.01234v", 0 },
        { "2401.01234v0", "2401.01234v0", 0 },
        { "2401.01234v1000", "2401.01234v1000", 0 },
        { "2401.01234x", "2401.01234x", 0 },
        { "22401.01234", "22401.01234", 0 },
        { "hep-th/9913001", "hep-th/9913001", 0 },
        { "hep-th/990101", "hep-th/990101", 0 },
        { "hep-xx/9901001", "hep-xx/9901001", 0 },
        { "econ/9901001", "econ/9901001", 0 },
        { "math./0309136", "math./0309136", 0 },
        { "math.G2/0309136", "math.G2/0309136", 0 },
        { "arXiv:something", "arXiv:something", 0 },
        { "arXiv:", "arXiv:", 0 },
        { "10.100/x", "10.100/x", 0 },
        { "10.1234567890/x", "10.1234567890/x", 0 },
        { "10.1000/", "10.1000/", 0 },
        { "10.1000/a b", "10.1000/a b", 0 },
        { "10.1000x/a", "10.1000x/a", 0 },
        { "doi:x", "doi:x", 0 },
        { "PMID:x", "PMID:x", 0 },
        { "PMID:123/4", "PMID:123/4", 0 },
        { "PMID:1234567890", "PMID:1234567890", 0 },
        { "https://arxiv.org/list/cs.LG", "https://arxiv.org/list/cs.LG", 0 },
        { "https://example.org/2401.01234", "https://example.org/2401.01234", 0 },
        { "https://doi.org/10.1000/%C2%85", "https://doi.org/10.1000/%C2%85", 0 },
        { "https://doi.org/10.1000/%FF", "https://doi.org/10.1000/%FF", 0 },
        { "\xE8\xAB\x96\xE6\x96\x87", "\xE8\xAB\x96\xE6\x96\x87", 0 },
    };

    (void)state;
    check_spellings(REC_ID_LOCAL, KEYS, COUNT(KEYS));
}

static void refused_ids_say_why_and_leave_the_result_alone(void **state)
{
    static char long_key[REC_ID_MAX + 2];
    static const struct {
        const char *text, *reason;
    } CASES[] = {
        { "", "empty" },
        { " \t\r\n", "empty" },
        { "a\x01z", "control character at byte 1" },
        { "a\nb", "control character at byte 1" },
        { "ab\x7F", "control character at byte 2" },
        { "a\xC2\x85z", "control character at byte 1" },
        { "a\xE2\x80\xAEz", "control character at byte 1" },
        { "a\xE2\x80\x8Fz", "control character at byte 1" },
        { "a\xD8\x9Cz", "control character at byte 1" },
        { "ab\xFFz", "not UTF-8 at byte 2" },
        { "ab\xC3", "not UTF-8 at byte 2" },
        { "ab\xED\xA0\x80", "not UTF-8 at byte 2" },
        { long_key, "has 256 bytes, at most 255" },
    };

    (void)state;
    memset(long_key, 'k', REC_ID_MAX + 1);
    for (size_t i = 0; i < COUNT(CASES); i++) {
        rec_error err = REC_ERROR_INIT;
        rec_id id = { REC_ID_PMID, 7, "before" };

        CHECK_STATUS(REC_EINVAL, rec_id_parse(CASES[i].text, &id, &err), &err);
        CHECK_CONTAINS(CASES[i].reason, err.message);
        CHECK_STR("before", id.text);
    }
}

/* The longest ids of each kind fit, and a byte more makes a DOI a local key or refuses it. */
static void the_longest_ids_fit(void **state)
{
    char key[REC_ID_MAX + 1], doi[REC_ID_MAX + 1];
    rec_error err = REC_ERROR_INIT;
    rec_id id;

    (void)state;
    memset(key, 'k', REC_ID_MAX);
    key[REC_ID_MAX] = '\0';
    CHECK_STATUS(REC_OK, rec_id_parse(key, &id, &err), &err);
    CHECK_STR(key, id.text);
    memset(doi, 'D', REC_ID_MAX);
    memcpy(doi, "10.1000/", 8);
    doi[REC_ID_MAX - 4] = '\0';
    CHECK_STATUS(REC_OK, rec_id_parse(doi, &id, &err), &err);
    CHECK_INT(REC_ID_DOI, id.kind);
    CHECK_INT(REC_ID_MAX, strlen(id.text));
    doi[REC_ID_MAX - 4] = 'D';
    doi[REC_ID_MAX - 3] = '\0';
    CHECK_STATUS(REC_OK, rec_id_parse(doi, &id, &err), &err);
    CHECK_INT(REC_ID_LOCAL, id.kind);
}

/* Any bytes: an answer or a refusal; what is answered is its own canonical form. */
static void random_bytes_do_no_harm(void **state)
{
    static const char *const pieces[] = { "arXiv:",   "10.",     "1000",     "/",        "v",
                                          "2",        "hep-th",  "https://", "doi.org/", "arxiv.org/abs/",
                                          "%",        "PMID:",   ".pdf",     "?",        " ",
                                          "\xC3\xA9", "\xFF",    "2401",     ".",        "01234",
                                          "math.GT",  "9901001", "0",        "4f" };
    uint32_t seed = 1;

    (void)state;
    for (int round = 0; round < 200000; round++) {
        char text[256] = "";
        rec_id id, again;

        for (int i = 0; i < 8; i++) {
            seed = seed * 1664525u + 1013904223u;
            if (seed >> 31)
                strcat(text, pieces[(seed >> 8) % COUNT(pieces)]);
        }
        if (rec_id_parse(text, &id, NULL) != REC_OK)
            continue;
        if (rec_id_parse(id.text, &again, NULL) != REC_OK || strcmp(id.text, again.text) != 0 || id.kind != again.kind)
            fail_msg("'%s' is '%s', which is '%s'", text, id.text, again.text);
    }
}

static void titles_make_readable_ids(void **state)
{
    static const struct {
        const char *title, *id;
    } CASES[] = {
        { "A Theory of Everything", "a-theory-of-everything" },
        { "  Schr\xC3\xB6"
          "dinger's cat, (re)visited!  ",
          "schrodingers-cat-re-visited" },
        { "GPT-4: 10\xC3\x97 faster", "gpt-4-10-faster" },
        { "O(n\xC2\xB2) sorting", "o-n2-sorting" },
        { "\xEF\xAC\x81ne \xE2\x80\x94 tuning", "fine-tuning" },
        { "---Dash---", "dash" },
    };
    rec_error err = REC_ERROR_INIT;
    rec_id id, again;

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        CHECK_STATUS(REC_OK, rec_id_from_title(CASES[i].title, &id, &err), &err);
        CHECK_STR(CASES[i].id, id.text);
        CHECK_STATUS(REC_OK, rec_id_parse(id.text, &again, &err), &err);
        CHECK_STR(id.text, again.text);
    }
}

static bool is_slug(const char *text)
{
    return text[0] && text[0] != '-' && text[strlen(text) - 1] != '-' && !strstr(text, "--") &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(text) && strlen(text) <= 80;
}

/* Where an id cannot hold the whole title, titles that differ there still have ids that differ. */
static void titles_that_lose_letters_keep_distinct_ids(void **state)
{
    static const char common[] = "A very long title that goes on and on and on until there is no more room left in it for";
    static const struct {
        const char *one, *other;
    } PAIRS[] = {
        { "\xCE\xB1-decay", "\xCE\xB2-decay" },                     /* Greek letters */
        { "\xE8\xAB\x96\xE6\x96\x87", "\xE6\x96\x87\xE8\xAB\x96" }, /* Han */
        { "Chapter \xD9\xA3", "Chapter \xD9\xA4" },                 /* digits of another script */
        { "\xD9\xA3", "\xD9\xA4" },
        { "S\xC3\xB8ren", "S ren" },
    };
    char one[128], other[128];
    rec_error err = REC_ERROR_INIT;
    rec_id id, other_id;

    (void)state;
    for (size_t i = 0; i < COUNT(PAIRS); i++) {
        CHECK_STATUS(REC_OK, rec_id_from_title(PAIRS[i].one, &id, &err), &err);
        CHECK_STATUS(REC_OK, rec_id_from_title(PAIRS[i].other, &other_id, &err), &err);
        CHECK(is_slug(id.text) && is_slug(other_id.text));
        CHECK(strcmp(id.text, other_id.text) != 0);
    }
    snprintf(one, sizeof(one), "%s apples", common);
    snprintf(other, sizeof(other), "%s pears", common);
    CHECK_STATUS(REC_OK, rec_id_from_title(one, &id, &err), &err);
    CHECK_STATUS(REC_OK, rec_id_from_title(other, &other_id, &err), &err);
    CHECK(is_slug(id.text) && is_slug(other_id.text));
    CHECK(strncmp(id.text, "a-very-long-title-that-goes-on", 30) == 0);
    CHECK(strcmp(id.text, other_id.text) != 0);
}

/* Titles of every length around the limit, where the cut may fall on a hyphen. */
static void ids_of_long_titles_stay_within_their_limit(void **state)
{
    char title[256];
    rec_error err = REC_ERROR_INIT;
    rec_id id;

    (void)state;
    for (size_t length = 60; length < 100; length++)
        for (size_t space = 60; space < length - 1; space++) {
            memset(title, 'x', length);
            title[space] = ' ';
            title[length] = '\0';
            CHECK_STATUS(REC_OK, rec_id_from_title(title, &id, &err), &err);
            if (!is_slug(id.text))
                fail_msg("'%s' gives '%s'", title, id.text);
            CHECK_INT(length <= 80, strspn(id.text, "x-") == strlen(id.text));
        }
}

static void a_title_without_letters_makes_no_id(void **state)
{
    rec_error err = REC_ERROR_INIT;
    rec_id id;

    (void)state;
    CHECK_STATUS(REC_EINVAL, rec_id_from_title("?!\xE2\x80\xA6", &id, &err), &err);
    CHECK_CONTAINS("'?!\xE2\x80\xA6'", err.message);
    CHECK_STATUS(REC_EINVAL, rec_id_from_title("", &id, &err), &err);
}

/* What is printed as an address leads back to the same id. */
static void addresses_lead_back_to_the_id(void **state)
{
    static const struct {
        const char *id, *url;
    } CASES[] = {
        { "2401.01234v2", "https://arxiv.org/abs/2401.01234" },
        { "hep-th/9901001", "https://arxiv.org/abs/hep-th/9901001" },
        { "10.1000/xyz", "https://doi.org/10.1000/xyz" },
        { "10.1000/a<b>#c?d%e\"f", "https://doi.org/10.1000/a%3Cb%3E%23c%3Fd%25e%22f" },
        { "10.1000/\xC3\xA9", "https://doi.org/10.1000/%C3%A9" },
        { "PMID:123", "https://pubmed.ncbi.nlm.nih.gov/123/" },
        { "local key", "" },
    };
    char url[REC_ID_URL_ROOM];
    rec_error err = REC_ERROR_INIT;
    rec_id id, again;

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        CHECK_STATUS(REC_OK, rec_id_parse(CASES[i].id, &id, &err), &err);
        rec_id_url(&id, url, sizeof(url));
        CHECK_STR(CASES[i].url, url);
        if (url[0]) {
            CHECK_STATUS(REC_OK, rec_id_parse(url, &again, &err), &err);
            CHECK_STR(id.text, again.text);
        }
    }
}

static void an_address_that_does_not_fit_is_empty(void **state)
{
    static const char whole[] = "https://pubmed.ncbi.nlm.nih.gov/123/";
    char url[64];
    rec_error err = REC_ERROR_INIT;
    rec_id id;

    (void)state;
    CHECK_STATUS(REC_OK, rec_id_parse("PMID:123", &id, &err), &err);
    for (size_t size = 1; size < sizeof(whole); size++) {
        rec_id_url(&id, url, size);
        CHECK_STR("", url);
    }
    rec_id_url(&id, url, sizeof(whole));
    CHECK_STR(whole, url);
}

static void archives_are_known_by_name(void **state)
{
    (void)state;
    CHECK(rec_is_arxiv_archive("cs.LG", 2));
    CHECK(rec_is_arxiv_archive("hep-th", 6));
    CHECK(rec_is_arxiv_archive("q-fin.ST", 5));
    CHECK(!rec_is_arxiv_archive("machine", 7));
    CHECK(!rec_is_arxiv_archive("", 0));
}

static void quoted_text_is_short_whole_and_printable(void **state)
{
    char out[REC_QUOTE_ROOM], text[200];

    (void)state;
    CHECK_STR("plain caf\xC3\xA9", rec_quote("plain caf\xC3\xA9", out));
    CHECK_STR("a?b?c??", rec_quote("a\x1B"
                                   "b\xFF"
                                   "c\xC3\x7F",
                                   out));
    memset(text, 'x', sizeof(text));
    memcpy(text + 63, "\xC3\xA9", 3);
    CHECK_INT(66, strlen(rec_quote(text, out))); /* 63 and "...": the accent would pass the limit */
    memset(text, 'x', 64);
    text[64] = '\0';
    CHECK_STR(text, rec_quote(text, out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arxiv_spellings_are_one_id),
        cmocka_unit_test(doi_and_pmid_spellings_are_one_id),
        cmocka_unit_test(other_keys_stay_byte_for_byte),
        cmocka_unit_test(refused_ids_say_why_and_leave_the_result_alone),
        cmocka_unit_test(the_longest_ids_fit),
        cmocka_unit_test(random_bytes_do_no_harm),
        cmocka_unit_test(titles_make_readable_ids),
        cmocka_unit_test(titles_that_lose_letters_keep_distinct_ids),
        cmocka_unit_test(ids_of_long_titles_stay_within_their_limit),
        cmocka_unit_test(a_title_without_letters_makes_no_id),
        cmocka_unit_test(addresses_lead_back_to_the_id),
        cmocka_unit_test(an_address_that_does_not_fit_is_empty),
        cmocka_unit_test(archives_are_known_by_name),
        cmocka_unit_test(quoted_text_is_short_whole_and_printable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
