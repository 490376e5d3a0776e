/* JSON that is read: where memory fails the text is told to be none, and never a value that it does not hold. */
#include "check.h"

#include "alloc.h"
#include "json.h"

#include <string.h>

/* Longer than what jansson's lexer has room for at once, so that it asks for more in the middle of a string. */
static const char RECORD[] =
    "{\"id\":\"an-id-of-more-than-sixteen-bytes-2022\",\"authors\":[\"Ada of the long name\",\"Bo\"],\"year\":2022}";

static int set_up(void **state)
{
    (void)state;
    rec_json_begin_program();
    return 0;
}

/* Reads RECORD with the given failure; REC_OK means that it came out whole. */
static rec_status read_record(void (*limit)(long), long allowed)
{
    json_error_t why;
    json_t *json;
    rec_status rc;

    limit(allowed);
    rc = rec_json_read(RECORD, strlen(RECORD), JSON_REJECT_DUPLICATES, &json, &why);
    rec_alloc_fail_after(-1);
    CHECK((rc == REC_OK) == (json != NULL));
    if (rc == REC_OK) {
        char *text = json_dumps(json, JSON_COMPACT);

        CHECK_STR(RECORD, text);
        rec_free(text);
    }
    json_decref(json);
    return rc;
}

static void check_every_request(void (*limit)(long))
{
    long allowed = 0;
    rec_status rc;

    while ((rc = read_record(limit, allowed)) != REC_OK) {
        CHECK_INT(REC_ENOMEM, rc);
        allowed++;
    }
    CHECK(allowed > 10);
}

static void memory_that_fails_once_leaves_no_character_out(void **state)
{
    (void)state;
    check_every_request(rec_alloc_fail_once);
}

static void memory_that_is_gone_is_told_from_a_text_that_is_none(void **state)
{
    json_error_t why;
    json_t *json;

    (void)state;
    check_every_request(rec_alloc_fail_after);
    CHECK_INT(REC_EFORMAT, rec_json_read("{\"id\":", 6, 0, &json, &why));
    CHECK(json == NULL);
    CHECK(why.text[0] != '\0');
}

static void what_the_program_wrote_is_read_or_damaged_or_there_is_no_memory(void **state)
{
    json_t *json;

    (void)state;
    CHECK_INT(REC_OK, rec_json_read_stored(NULL, &json));
    CHECK(json == NULL);
    CHECK_INT(REC_OK, rec_json_read_stored("[\"cut", &json));
    CHECK(json == NULL);
    CHECK_INT(REC_OK, rec_json_read_stored("[\"whole\"]", &json));
    CHECK_INT(1, json_array_size(json));
    json_decref(json);
    rec_alloc_fail_after(0);
    CHECK_INT(REC_ENOMEM, rec_json_read_stored("[\"whole\"]", &json));
    rec_alloc_fail_after(-1);
    CHECK(json == NULL);
    rec_alloc_fail_once(0);
    json = rec_json_stored("[\"whole\"]"); /* which tries again */
    CHECK_INT(1, json_array_size(json));
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_that_fails_once_leaves_no_character_out),
        cmocka_unit_test(memory_that_is_gone_is_told_from_a_text_that_is_none),
        cmocka_unit_test(what_the_program_wrote_is_read_or_damaged_or_there_is_no_memory),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
