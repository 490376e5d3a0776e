/* Authors in common, by name. */
#include "check.h"

#include "alloc.h"
#include "same_authors.h"

static const char *shared(const char *seed, const char *other)
{
    static char text[1024];
    rec_author_names a, b;
    rec_buf said = REC_BUF_INIT(sizeof(text) - 1);
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, rec_author_names_read(seed, &a, &err), &err);
    CHECK_STATUS(REC_OK, rec_author_names_read(other, &b, &err), &err);
    rec_same_authors(&a, &b, &said);
    strcpy(text, rec_buf_text(&said));
    rec_buf_clear(&said);
    rec_author_names_clear(&a);
    rec_author_names_clear(&b);
    return text;
}

static void authors_are_named_as_the_other_paper_spells_them(void **state)
{
    (void)state;
    CHECK_STR("also by A. Example", shared("[\"Ann Example\"]", "[\"Bo Sample\",\"A. Example\"]"));
    CHECK_STR("also by Ann B. Example", shared("[\"A. Example\"]", "[\"Ann B. Example\"]"));
    CHECK_STR("also by ANN Éxample", shared("[\"Ann Example\"]", "[\"ANN Éxample\"]"));
    CHECK_STR("also by Ann Example, Bo Sample", shared("[\"Bo Sample\",\"Ann Example\"]", "[\"Ann Example\",\"Cy Third\",\"Bo Sample\"]"));
    CHECK_STR("also by A. A, B. B and 2 more", shared("[\"D. D\",\"C. C\",\"B. B\",\"A. A\"]", "[\"A. A\",\"B. B\",\"C. C\",\"D. D\"]"));
}

/* The score's key is the family name and an initial: what a reader is told must not be plainly untrue. */
static void first_names_that_contradict_each_other_are_two_authors(void **state)
{
    (void)state;
    CHECK_STR("", shared("[\"Ann Example\"]", "[\"Amy Example\"]"));
    CHECK_STR("also by Ann Example", shared("[\"Amy Example\",\"Ann Example\"]", "[\"Ann Example\"]"));
    CHECK_STR("", shared("[\"Bo Example\"]", "[\"Ann Example\"]"));
}

static void no_authors_share_nothing(void **state)
{
    (void)state;
    CHECK_STR("", shared(NULL, "[\"Ann Example\"]"));
    CHECK_STR("", shared("[\"Ann Example\"]", NULL));
    CHECK_STR("", shared("[]", "[]"));
    CHECK_STR("", shared("[\"\",\"?!\"]", "[\"\",\"?!\"]"));
    CHECK_STR("", shared("not JSON", "{\"a\":1}"));
    CHECK_STR("", shared("[1,null]", "[1,null]"));
}

static void without_memory_no_authors_are_read(void **state)
{
    rec_author_names names = { .list = NULL };
    rec_error err = REC_ERROR_INIT;

    (void)state;
    rec_alloc_fail_after(0);
    rec_status rc = rec_author_names_read("[\"Ann Example\"]", &names, &err);
    rec_alloc_fail_after(-1);
    CHECK_STATUS(REC_ENOMEM, rc, &err);
    CHECK(!names.list && !names.keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(authors_are_named_as_the_other_paper_spells_them),
        cmocka_unit_test(first_names_that_contradict_each_other_are_two_authors),
        cmocka_unit_test(no_authors_share_nothing),
        cmocka_unit_test(without_memory_no_authors_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
