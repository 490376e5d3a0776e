/* Which name a mistyped one is a slip of. */
#include "spelling.h"

#include "check.h"

#include <string.h>

static void one_slip_of_each_kind_is_a_distance_of_one(void **state)
{
    (void)state;
    CHECK_INT(0, spelling_distance("limit", "limit"));
    CHECK_INT(1, spelling_distance("limt", "limit"));
    CHECK_INT(1, spelling_distance("limiit", "limit"));
    CHECK_INT(1, spelling_distance("lomit", "limit"));
    CHECK_INT(1, spelling_distance("limti", "limit"));
    CHECK_INT(5, spelling_distance("", "limit"));
    CHECK_INT(5, spelling_distance("limit", ""));
}

static void slips_add_up_and_the_order_of_the_two_words_does_not_matter(void **state)
{
    (void)state;
    CHECK_INT(3, spelling_distance("kitten", "sitting"));
    CHECK_INT(3, spelling_distance("sitting", "kitten"));
    CHECK_INT(2, spelling_distance("isimlar", "similar"));
    CHECK_INT(3, spelling_distance("ca", "abc")); /* no letter is touched twice */
}

static void a_word_too_long_to_be_a_slip_is_far_from_everything(void **state)
{
    char longest[SPELLING_MAX + 2];

    (void)state;
    memset(longest, 'a', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    CHECK_INT(SPELLING_MAX, spelling_distance(longest, "limit"));
    CHECK_INT(SPELLING_MAX, spelling_distance("limit", longest));
    longest[SPELLING_MAX] = '\0';
    CHECK_INT(SPELLING_MAX, spelling_distance(longest, "limit"));
}

static const char *nearest(const char *typed)
{
    static const char *const NAMES[] = { "db", "limit", "like", "unlike", "not-category", "category" };
    struct spelling_search search = SPELLING_SEARCH_INIT(typed);

    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        spelling_offer(&search, NAMES[i]);
    return search.nearest ? search.nearest : "(none)";
}

static void the_nearest_name_is_proposed_and_none_that_is_another_word(void **state)
{
    (void)state;
    CHECK_STR("limit", nearest("limti"));
    CHECK_STR("category", nearest("catgeory"));
    CHECK_STR("not-category", nearest("no-category"));
    CHECK_STR("like", nearest("liek"));
    CHECK_STR("db", nearest("bd"));
    CHECK_STR("(none)", nearest("xy"));
    CHECK_STR("(none)", nearest("since"));
    CHECK_STR("(none)", nearest(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_slip_of_each_kind_is_a_distance_of_one),
        cmocka_unit_test(slips_add_up_and_the_order_of_the_two_words_does_not_matter),
        cmocka_unit_test(a_word_too_long_to_be_a_slip_is_far_from_everything),
        cmocka_unit_test(the_nearest_name_is_proposed_and_none_that_is_another_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
