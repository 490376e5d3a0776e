/* JSON that is written straight into bytes is what jansson would have dumped, but for what steers a terminal. */
#include "check.h"

#include "rec/json_text.h"

#include <stdlib.h>
#include <utf8proc.h>

#define FORM(digits) ((size_t)(JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(digits)))
#define ROUNDS 20000

/* Numbers that are the same in every run. */
static uint64_t next_random(void)
{
    static uint64_t state = 1;

    state = state * 6364136223846793005u + 1442695040888963407u;
    return state >> 16;
}

static void check_as_dumped_with(int digits, json_t *tree, rec_buf *out)
{
    char *expected = json_dumps(tree, FORM(digits));

    CHECK(expected != NULL);
    CHECK(!out->failed);
    CHECK_STR(expected, rec_buf_text(out));
    rec_buf_clear(out);
    free(expected);
    json_decref(tree);
}

static void check_as_dumped(json_t *tree, rec_buf *out)
{
    check_as_dumped_with(REC_DIGITS_FLOAT, tree, out);
}

/* By all ways that a text may take. */
static void check_escaped(const char *text, unsigned c)
{
    rec_buf out = REC_BUF_INIT(1 << 16);
    char stored[40], expected[160];

    snprintf(stored, sizeof(stored), "[\"%s\"]", text);
    snprintf(expected, sizeof(expected), "[\"a\\u%04Xb\",[\"a\\u%04Xb\"],{\"a\\u%04Xb\":[\"a\\u%04Xb\"]}]", c, c, c, c);
    rec_put_open(&out, NULL, '[');
    rec_put_text(&out, NULL, text);
    rec_put_stored_list(&out, NULL, stored);
    rec_put_tree(&out, NULL, json_pack("{s:[s]}", text, text), REC_DIGITS_FLOAT);
    rec_put_close(&out, ']');
    CHECK_STR(expected, rec_buf_text(&out));
    rec_buf_clear(&out);
}

/* DEL, C1 and marks of direction. */
static bool steers(unsigned c)
{
    return (c >= 0x7F && c < 0xA0) || c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

static void every_character_is_written_as_jansson_does_or_escaped(void **state)
{
    rec_buf out = REC_BUF_INIT(1 << 16);

    (void)state;
    for (unsigned c = 1; c < 0x110000; c += c < 0x3000 ? 1 : 97) {
        char text[16] = "a";
        utf8proc_ssize_t n = utf8proc_encode_char((utf8proc_int32_t)c, (utf8proc_uint8_t *)text + 1);

        text[1 + n] = 'b';
        if (c >= 0xD800 && c < 0xE000)
            continue; /* surrogates are no characters */
        if (steers(c)) {
            check_escaped(text, c);
            continue;
        }
        rec_put_text(&out, NULL, text);
        check_as_dumped(json_string(text), &out);
        rec_put_tree(&out, NULL, json_string(text), REC_DIGITS_FLOAT);
        check_as_dumped(json_string(text), &out);
    }
}

/* Texts are looked at in pieces of eight bytes: what is special is found at every place of every piece. */
static void what_is_special_is_found_wherever_it_stands(void **state)
{
    static const char *const special[] = { "\"", "\\", "\n", "\x01", "\x1f", " ", "~", "é", "漢", "𝛼" };
    rec_buf out = REC_BUF_INIT(1 << 16);

    (void)state;
    for (size_t s = 0; s < sizeof(special) / sizeof(special[0]); s++)
        for (size_t before = 0; before < 18; before++)
            for (size_t after = 0; after < 18; after++) {
                char text[64] = "";

                memset(text, '~', before);
                strcpy(text + before, special[s]);
                memset(text + strlen(text), '!', after);
                rec_put_text(&out, NULL, text);
                check_as_dumped(json_string(text), &out);
            }
}

static void what_steers_a_terminal_is_found_wherever_it_stands(void **state)
{
    static const struct {
        const char *text, *escaped;
    } marks[] = { { "\x7f", "\\u007F" }, { "\xC2\x9B", "\\u009B" }, { "\xE2\x80\xAE", "\\u202E" } };
    rec_buf out = REC_BUF_INIT(1 << 16);

    (void)state;
    for (size_t m = 0; m < sizeof(marks) / sizeof(marks[0]); m++)
        for (int before = 0; before < 18; before++)
            for (int after = 0; after < 18; after++) {
                char text[64], expected[80];

                snprintf(text, sizeof(text), "%.*s%s%.*s", before, "~~~~~~~~~~~~~~~~~~", marks[m].text, after, "!!!!!!!!!!!!!!!!!!");
                snprintf(expected, sizeof(expected), "\"%.*s%s%.*s\"", before, "~~~~~~~~~~~~~~~~~~", marks[m].escaped, after,
                         "!!!!!!!!!!!!!!!!!!");
                rec_put_text(&out, NULL, text);
                CHECK_STR(expected, rec_buf_text(&out));
                rec_buf_reset(&out);
            }
    rec_buf_clear(&out);
}

static void numbers_are_written_as_jansson_does(void **state)
{
    static const double given[] = { 0, 1, -1, .1, .5, 1e-5, -1e-5, 1e5, 123456789, 1234567890, 1e100, 1e-100, 1e300, .30000001192092896 };
    rec_buf out = REC_BUF_INIT(1 << 16);

    (void)state;
    for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++) {
        rec_put_real(&out, NULL, given[i], REC_DIGITS_FLOAT);
        check_as_dumped(json_real(given[i]), &out);
    }
    for (int i = 0; i < ROUNDS; i++) {
        double value = (double)(int64_t)next_random() / (double)(1 + next_random() % 1000000007);
        int64_t number;

        rec_put_real(&out, NULL, value, REC_DIGITS_FLOAT);
        check_as_dumped(json_real(value), &out);
        rec_put_real(&out, NULL, value, REC_DIGITS_ALL);
        check_as_dumped_with(REC_DIGITS_ALL, json_real(value), &out);
        value = (double)((float)(next_random() % (1 << 24)) / (float)(INT64_C(1) << (24 + next_random() % 14))); /* scores, and what is near them */
        rec_put_real(&out, NULL, value, REC_DIGITS_FLOAT);
        check_as_dumped(json_real(value), &out);
        number = (int64_t)next_random() - (1LL << 46);
        rec_put_integer(&out, NULL, number);
        check_as_dumped(json_integer(number), &out);
    }
    for (float score = 1; score > .00005f; score = score * .99f) { /* the borders of fewer digits, from both sides */
        static const double borders[] = { 1, .1, .01, .001, .0001 };

        for (size_t i = 0; i < sizeof(borders) / sizeof(borders[0]); i++) {
            double near = (double)(score < .99f ? nextafterf((float)borders[i], score > .5f) : (float)borders[i]);

            rec_put_real(&out, NULL, near, REC_DIGITS_FLOAT);
            check_as_dumped(json_real(near), &out);
        }
        rec_put_real(&out, NULL, (double)score, REC_DIGITS_FLOAT);
        check_as_dumped(json_real((double)score), &out);
    }
    rec_put_integer(&out, NULL, INT64_MIN);
    check_as_dumped(json_integer(INT64_MIN), &out);
}

static void commas_stand_between_values_and_nowhere_else(void **state)
{
    rec_buf out = REC_BUF_INIT(1 << 16);

    (void)state;
    for (int line = 0; line < 2; line++) {
        rec_put_open(&out, NULL, '{');
        rec_put_text(&out, "t", "ends with a bracket {");
        rec_put_text(&out, "none", NULL);
        rec_put_open(&out, "list", '[');
        rec_put_open(&out, NULL, '[');
        rec_put_close(&out, ']');
        rec_put_text_part(&out, NULL, "colon: and more", 6);
        rec_put_integer(&out, NULL, -3);
        rec_put_close(&out, ']');
        rec_put_boolean(&out, "yes", true);
        rec_put_boolean(&out, "no", false);
        rec_put_tree(&out, "tree", json_pack("{s:[i,i]}", "a", 1, 2), REC_DIGITS_FLOAT);
        rec_put_stored_list(&out, "stored", "[\"x\"]");
        rec_put_close(&out, '}');
        rec_buf_putc(&out, '\n');
    }
    CHECK_STR("{\"t\":\"ends with a bracket {\",\"none\":null,\"list\":[[],\"colon:\",-3],\"yes\":true,\"no\":false,\"tree\":{\"a\":[1,2]},"
              "\"stored\":[\"x\"]}\n"
              "{\"t\":\"ends with a bracket {\",\"none\":null,\"list\":[[],\"colon:\",-3],\"yes\":true,\"no\":false,\"tree\":{\"a\":[1,2]},"
              "\"stored\":[\"x\"]}\n",
              rec_buf_text(&out));
    rec_buf_clear(&out);
}

/* What the old way of writing gave: parsed, and dumped again. */
static void check_list(const char *array)
{
    json_t *list = array ? json_loads(array, JSON_REJECT_DUPLICATES, NULL) : NULL;
    rec_buf out = REC_BUF_INIT(1 << 16);

    if (!json_is_array(list)) {
        json_decref(list);
        list = json_array();
    }
    rec_put_stored_list(&out, NULL, array);
    check_as_dumped(list, &out);
}

static void stored_lists_read_and_written_again_are_the_same_bytes(void **state)
{
    static const char *const given[] = { NULL,
                                         "",
                                         "[]",
                                         "[",
                                         "]",
                                         "[\"a\"]",
                                         "[\"a\",\"b\"]",
                                         "[\"a\",]",
                                         "[,\"a\"]",
                                         "[\"a\"\"b\"]",
                                         "[\"a]",
                                         "[\"a\\\"b\",\"\\\\\"]",
                                         "[\"a\\\"]",
                                         "[\"\\u00e9\\/\\n\"]",
                                         "[\"\\x\"]",
                                         "[ \"a\" , \"b\" ]",
                                         "[\"\xC3\xA9\"]",
                                         "[\"\xC3\"]",
                                         "[\"\xED\xA0\x80\"]",
                                         "[\"a\tb\"]",
                                         "[1,null,[\"x\"]]",
                                         "{\"a\":1}",
                                         "\"a\"",
                                         "null" };
    static const char alphabet[] = "[]\",\\au1 {}:\xC3\xA9";

    (void)state;
    for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++)
        check_list(given[i]);
    for (int i = 0; i < ROUNDS; i++) {
        char text[24] = "[\"";
        size_t length = 2 + next_random() % 18;

        for (size_t at = next_random() % 3; at < length; at++)
            text[at] = alphabet[next_random() % (sizeof(alphabet) - 1)];
        memcpy(text + length, "\"]", 3);
        check_list(text);
    }
}

static void bytes_that_are_no_text_become_replacement_characters(void **state)
{
    rec_buf out = REC_BUF_INIT(1 << 16);

    (void)state;
    rec_put_text(&out, NULL, "a\xFF\xC3(b\xE2\x82");
    CHECK_STR("\"a\xEF\xBF\xBD\xEF\xBF\xBD(b\xEF\xBF\xBD\xEF\xBF\xBD\"", rec_buf_text(&out));
    rec_buf_clear(&out);
}

static void what_has_no_json_makes_the_buffer_fail(void **state)
{
    rec_buf out = REC_BUF_INIT(1 << 16), small = REC_BUF_INIT(4);

    (void)state;
    rec_put_real(&out, NULL, (double)NAN, REC_DIGITS_FLOAT);
    CHECK(out.failed);
    rec_buf_reset(&out);
    rec_put_tree(&out, NULL, NULL, REC_DIGITS_FLOAT);
    CHECK(out.failed);
    rec_put_text(&small, NULL, "longer than that");
    CHECK(small.failed);
    rec_buf_clear(&out);
    rec_buf_clear(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character_is_written_as_jansson_does_or_escaped),
        cmocka_unit_test(what_is_special_is_found_wherever_it_stands),
        cmocka_unit_test(what_steers_a_terminal_is_found_wherever_it_stands),
        cmocka_unit_test(numbers_are_written_as_jansson_does),
        cmocka_unit_test(commas_stand_between_values_and_nowhere_else),
        cmocka_unit_test(stored_lists_read_and_written_again_are_the_same_bytes),
        cmocka_unit_test(bytes_that_are_no_text_become_replacement_characters),
        cmocka_unit_test(what_has_no_json_makes_the_buffer_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
