/* Characters in text that may be of any bytes. */
#include "check.h"

#include "character.h"

#include <string.h>

static void check_first(int32_t expected, size_t expected_bytes, const char *text, size_t length)
{
    size_t bytes = 0;

    CHECK_INT(expected, rec_character(text, length, &bytes));
    CHECK_INT(expected_bytes, bytes);
}

static void a_character_takes_one_to_four_bytes(void **state)
{
    (void)state;
    check_first('a', 1, "ab", 2);
    check_first(0, 1, "", 1);
    check_first(0x7F, 1, "\x7F", 1);
    check_first(0x80, 2, "\xC2\x80", 2);
    check_first(0xE9, 2, "\xC3\xA9x", 3);
    check_first(0xFFFF, 3, "\xEF\xBF\xBF", 3);
    check_first(0x10FFFF, 4, "\xF4\x8F\xBF\xBF", 4);
}

/* RFC 3629: no stray byte, no byte too few, no longer form than needed, no surrogate, nothing above U+10FFFF. */
static void what_is_no_character_counts_as_a_byte(void **state)
{
    static const char *const none[] = { "\x80",         "\xBF\x80",         "\xC3",
                                        "\xC3x",        "\xE2\x82",         "\xE2\x82x",
                                        "\xF0\x9F\x98", "\xC0\x80",         "\xC1\xBF",
                                        "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF", "\xED\xA0\x80",
                                        "\xED\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
                                        "\xFF" };

    (void)state;
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        check_first(REC_NO_CHARACTER, 1, none[i], strlen(none[i]));
        CHECK_INT(0, rec_count_utf8(none[i], strlen(none[i])));
    }
}

static void no_byte_behind_the_text_is_read(void **state)
{
    (void)state;
    check_first(REC_NO_CHARACTER, 1, "\xC3\xA9", 1);
    check_first(REC_NO_CHARACTER, 1, "\xF0\x9F\x98\x80", 3);
    CHECK_INT(1, rec_count_utf8("a\xC3\xA9", 2));
}

static void bytes_are_counted_to_the_first_that_is_none(void **state)
{
    (void)state;
    CHECK_INT(0, rec_count_utf8("", 0));
    CHECK_INT(7, rec_count_utf8("na\xC3\xAFve\0", 7));
    CHECK_INT(4, rec_count_utf8("na\xC3\xAF\xAF ve", 8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_character_takes_one_to_four_bytes),
        cmocka_unit_test(what_is_no_character_counts_as_a_byte),
        cmocka_unit_test(no_byte_behind_the_text_is_read),
        cmocka_unit_test(bytes_are_counted_to_the_first_that_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
