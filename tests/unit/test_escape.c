/* Values made safe for a format, wrapped and shortened. */
#include "check.h"

#include "escape.h"
#include "wrap.h"

static void check_escaped(const char *expected, const char *value, void (*escape)(const char *, rec_buf *))
{
    rec_buf out = REC_BUF_INIT(1 << 16);

    escape(value, &out);
    CHECK_STR(expected, rec_buf_text(&out));
    rec_buf_clear(&out);
}

static void check_url(const char *expected, const char *url, bool may_be_mail)
{
    rec_buf out = REC_BUF_INIT(1 << 16);

    escape_url(url, may_be_mail, &out);
    CHECK_STR(expected, rec_buf_text(&out));
    rec_buf_clear(&out);
}

static void check_wrapped(const char *expected, const char *text, size_t columns)
{
    rec_buf out = REC_BUF_INIT(1 << 16);

    wrap_text(text, columns, &out);
    CHECK_STR(expected, rec_buf_text(&out));
    rec_buf_clear(&out);
}

static void check_shortened(const char *expected, const char *text, size_t most, void (*shorten)(const char *, size_t, rec_buf *))
{
    rec_buf out = REC_BUF_INIT(1 << 16);

    shorten(text, most, &out);
    CHECK_STR(expected, rec_buf_text(&out));
    rec_buf_clear(&out);
}

static void markup_and_controls_do_not_pass(void **state)
{
    (void)state;
    check_escaped("&lt;b&gt; &amp; &quot;x&quot; &#39;y&#39;", "<b> & \"x\" 'y'", escape_html);
    check_escaped("a b[31mc",
                  "a\nb\x1b[31m\xC2\x9B\x7F\xEF\xBF\xBE"
                  "c",
                  escape_html);
    check_escaped("a b", "a\tb\x07", escape_text);
    check_escaped("abc",
                  "a\xE2\x80\xAE\xE2\x81\xA6\xD8\x9C"
                  "b\xE2\x80\x8F"
                  "c",
                  escape_text);                                                                         /* marks of direction */
    check_escaped("\xE2\x80\x93\xE2\x80\x9D\xD8\x9B", "\xE2\x80\x93\xE2\x80\x9D\xD8\x9B", escape_text); /* their neighbours */
}

static void nothing_in_a_value_is_markdown(void **state)
{
    (void)state;
    check_escaped("\\*a\\* \\`b\\` \\[c\\](d) \\<e\\> \\$f\\$ \\|", "*a* `b` [c](d) <e> $f$ |", escape_markdown);
    check_escaped("\\# 1. -", "# 1. -", escape_markdown);
    check_escaped("1\\. one", "1. one", escape_markdown);
    check_escaped("\\- item", "- item", escape_markdown);
    check_escaped("snake_case \\_emphasis\\_", "snake_case _emphasis_", escape_markdown);
    check_escaped("http\\://a.b www\\.c.d", "http://a.b www.c.d", escape_markdown);
}

static void a_link_is_an_address_of_the_web_and_needs_no_further_care(void **state)
{
    (void)state;
    check_url("https://a.example/x?y=1&z=%20#f", "https://a.example/x?y=1&z=%20#f", false);
    check_url("http://a.example/%22%3E%3Cb%3E%28x%29", "http://a.example/\"><b>(x)", false);
    check_url("https://a.example/%C3%A9", "https://a.example/\xC3\xA9", false);
    check_url("", "javascript:alert(1)", false);
    check_url("", "https://a.example/a b", false);
    check_url("", "https://a.example/\nBcc: x", true);
    check_url("", "mailto:a@b.example", false);
    check_url("mailto:a@b.example?subject=x", "mailto:a@b.example?subject=x", true);
}

static void lines_are_wrapped_under_their_text(void **state)
{
    (void)state;
    check_wrapped("one two\nthree\n", "one two three\n", 9);
    check_wrapped("  - one\n    two\n", "  - one two\n", 8);
    check_wrapped("12. one\n    two\n", "12. one two\n", 8);
    check_wrapped("a\nhttps://a.example/long\nb", "a https://a.example/long b", 10);
    check_wrapped("short\n\nlines\n", "short\n\nlines\n", 80);
}

static void wide_characters_take_two_columns_and_combining_ones_none(void **state)
{
    (void)state;
    CHECK_INT(4, text_columns("日本"));
    CHECK_INT(2, text_columns("e\xCC\x81x"));
    check_wrapped("日本\n語文\n", "日本語文\n", 5);
}

static void a_text_is_cut_at_a_sentence_or_a_word(void **state)
{
    (void)state;
    check_shortened("First one. Second one.", "First one. Second one. Third one.", 30, shorten_to_sentence);
    check_shortened("As Doe et al. say, this goes…", "As Doe et al. say, this goes on and on", 30, shorten_to_sentence);
    check_shortened("It grows by 1.5 percent…", "It grows by 1.5 percent, more or less", 26, shorten_to_sentence);
    check_shortened("whole", "whole", 5, shorten_to_sentence);
    check_shortened("", "none", 0, shorten_to_sentence);
    check_shortened("one…", "one two", 6, shorten_to_word);
    check_shortened("日本…", "日本語文", 3, shorten_to_word);
    check_shortened("文です。", "文です。もう一つ", 6, shorten_to_sentence);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markup_and_controls_do_not_pass),
        cmocka_unit_test(nothing_in_a_value_is_markdown),
        cmocka_unit_test(a_link_is_an_address_of_the_web_and_needs_no_further_care),
        cmocka_unit_test(lines_are_wrapped_under_their_text),
        cmocka_unit_test(wide_characters_take_two_columns_and_combining_ones_none),
        cmocka_unit_test(a_text_is_cut_at_a_sentence_or_a_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
