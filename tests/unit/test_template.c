/* Templates: what the tags do, what is refused, and that no template runs for ever. */
#include "check.h"

#include "template.h"

#include <stdlib.h>

static void in_brackets(const char *value, rec_buf *out)
{
    rec_buf_printf(out, "[%s]", value);
}

static const char *partial(const char *name)
{
    if (strcmp(name, "part") == 0)
        return "part of {{name}}";
    return strcmp(name, "loop") == 0 ? "{{>loop}}" : NULL;
}

static const struct template_ways WAYS = { in_brackets, partial };

static rec_status fill(const char *text, const char *json, rec_buf *out, rec_error *err)
{
    json_t *data = json_loads(json, 0, NULL);
    rec_status rc;

    CHECK(data != NULL);
    rc = template_fill("test", text, &WAYS, data, out, err);
    json_decref(data);
    return rc;
}

static void check_fills(const char *expected, const char *text, const char *json)
{
    rec_buf out = REC_BUF_INIT(1 << 16);
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_OK, fill(text, json, &out, &err), &err);
    CHECK_STR(expected, rec_buf_text(&out));
    rec_buf_clear(&out);
}

static void check_refused(const char *message, const char *text, const char *json)
{
    rec_buf out = REC_BUF_INIT(1 << 16);
    rec_error err = REC_ERROR_INIT;

    CHECK_STATUS(REC_EFORMAT, fill(text, json, &out, &err), &err);
    CHECK_CONTAINS(message, err.message);
    rec_buf_clear(&out);
}

static void a_value_is_escaped_and_a_number_is_written(void **state)
{
    (void)state;
    check_fills("a [b] 7 c", "a {{name}} {{ number }} c", "{\"name\":\"b\",\"number\":7}");
    check_fills("", "{{nothing}}", "{\"nothing\":null}");
    check_fills("no tag } here {", "no tag } here {", "{}");
}

static void a_section_stands_for_each_item_or_once_or_not(void **state)
{
    (void)state;
    check_fills("[a][b]", "{{#list}}{{name}}{{/list}}", "{\"list\":[{\"name\":\"a\"},{\"name\":\"b\"}]}");
    check_fills("[x][y]", "{{#list}}{{.}}{{/list}}", "{\"list\":[\"x\",\"y\"]}");
    check_fills("yes", "{{#a}}yes{{/a}}{{^a}}no{{/a}}", "{\"a\":true}");
    check_fills("nonono", "{{^a}}no{{/a}}{{^b}}no{{/b}}{{^c}}no{{/c}}{{#a}}yes{{/a}}", "{\"a\":null,\"b\":[],\"c\":\"\"}");
}

static void the_innermost_item_hides_what_is_around_it(void **state)
{
    (void)state;
    check_fills("[in][out]", "{{#item}}{{name}}{{other}}{{/item}}", "{\"name\":\"no\",\"other\":\"out\",\"item\":{\"name\":\"in\"}}");
}

static void a_tag_alone_on_its_line_takes_the_line_with_it(void **state)
{
    (void)state;
    check_fills("a\n  [x]\nb\n", "a\n{{#list}}\n  {{.}}\n  {{/list}}\n{{! a comment }}\nb\n", "{\"list\":[\"x\"]}");
    check_fills("part of [n]", "{{>part}}\n", "{\"name\":\"n\"}");
}

static void what_is_wrong_is_told_with_its_line(void **state)
{
    (void)state;
    check_refused("line 2: there is no 'b' here", "{{a}}\n{{b}}", "{\"a\":\"\"}");
    check_refused("line 1: section 'a' is not closed", "{{#a}}", "{\"a\":true}");
    check_refused("'{{/b}}' closes no section", "{{#a}}\n{{/b}}", "{\"a\":true}");
    check_refused("'{{' without '}}'", "x\n\n{{a", "{}");
    check_refused("is no tag", "{{{a}}}", "{\"a\":\"\"}");
    check_refused("without a name", "{{}}", "{}");
    check_refused("there is no template 'none'", "{{>none}}", "{}");
}

static void no_template_runs_for_ever(void **state)
{
    rec_buf text = REC_BUF_INIT(1 << 16);

    (void)state;
    check_refused("templates inside each other", "{{>loop}}", "{}");
    for (int i = 0; i < 15; i++)
        rec_buf_puts(&text, "{{#l}}");
    for (int i = 0; i < 15; i++)
        rec_buf_puts(&text, "{{/l}}");
    check_refused("tags to fill", rec_buf_text(&text), "{\"l\":[1,1,1,1,1,1,1,1,1,1]}");
    rec_buf_clear(&text);
}

static void an_output_above_its_bound_is_refused(void **state)
{
    rec_buf out = REC_BUF_INIT(10);
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_STATUS(REC_ENOMEM, fill("{{a}}", "{\"a\":\"0123456789\"}", &out, &err), &err);
    rec_buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_escaped_and_a_number_is_written), cmocka_unit_test(a_section_stands_for_each_item_or_once_or_not),
        cmocka_unit_test(the_innermost_item_hides_what_is_around_it), cmocka_unit_test(a_tag_alone_on_its_line_takes_the_line_with_it),
        cmocka_unit_test(what_is_wrong_is_told_with_its_line),        cmocka_unit_test(no_template_runs_for_ever),
        cmocka_unit_test(an_output_above_its_bound_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
