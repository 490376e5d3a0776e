/* The ground everything stands on: bounded strings, checked allocation with its fault, error sentences. */
#include "check.h"

#include "alloc.h"
#include "buf.h"

#include <errno.h>
#include <stdio.h>

/* ---- strings ---------------------------------------------------------------------------------------------------- */

static void a_new_string_reads_as_empty(void **state)
{
    rec_buf buf = REC_BUF_INIT(10);

    (void)state;
    CHECK_STR("", rec_buf_text(&buf));
    CHECK(buf.data == NULL);
    rec_buf_clear(&buf);
}

static void appends_of_every_kind_join(void **state)
{
    rec_buf buf = REC_BUF_INIT(100);

    (void)state;
    rec_buf_puts(&buf, "reef");
    rec_buf_putc(&buf, ' ');
    rec_buf_add(&buf, "fishery", 4);
    rec_buf_printf(&buf, ", %d of %s", 12, "them");
    rec_buf_puts(&buf, "");
    CHECK_STR("reef fish, 12 of them", rec_buf_text(&buf));
    CHECK_INT(21, buf.length);
    CHECK(!buf.failed);
    rec_buf_clear(&buf);
}

static void a_string_is_terminated_after_every_append(void **state)
{
    enum { LENGTH = 5000 };
    rec_buf buf = REC_BUF_INIT(LENGTH);

    (void)state;
    for (size_t i = 0; i < LENGTH; i++) {
        rec_buf_putc(&buf, (char)('a' + i % 26));
        CHECK_INT(i + 1, strlen(rec_buf_text(&buf)));
    }
    for (size_t i = 0; i < LENGTH; i++)
        CHECK_INT('a' + i % 26, buf.data[i]);
    rec_buf_clear(&buf);
}

static void bytes_of_zero_are_kept(void **state)
{
    rec_buf buf = REC_BUF_INIT(10);

    (void)state;
    rec_buf_add(&buf, "a\0b", 3);
    rec_buf_putc(&buf, '\0');
    CHECK_INT(4, buf.length);
    CHECK(memcmp(buf.data, "a\0b\0", 5) == 0);
    rec_buf_clear(&buf);
}

static void the_maximum_fits_and_one_byte_more_does_not(void **state)
{
    rec_buf exact = REC_BUF_INIT(5), over = REC_BUF_INIT(5), printed = REC_BUF_INIT(5), none = REC_BUF_INIT(0);

    (void)state;
    rec_buf_puts(&exact, "algae");
    CHECK(!exact.failed);
    rec_buf_puts(&over, "corals");
    CHECK(over.failed);
    CHECK_STR("", rec_buf_text(&over));
    rec_buf_printf(&printed, "%05d", 42);
    CHECK(!printed.failed);
    CHECK_STR("00042", rec_buf_text(&printed));
    rec_buf_printf(&printed, "%d", 7);
    CHECK(printed.failed);
    CHECK_STR("00042", rec_buf_text(&printed));
    rec_buf_putc(&none, 'x');
    CHECK(none.failed);
    rec_buf_clear(&exact);
    rec_buf_clear(&over);
    rec_buf_clear(&printed);
}

/* Else a caller that checks at the end would take a string with a hole for a whole one. */
static void after_a_failure_nothing_is_appended(void **state)
{
    rec_buf buf = REC_BUF_INIT(8);

    (void)state;
    rec_buf_puts(&buf, "tide");
    rec_buf_puts(&buf, " pools");
    rec_buf_puts(&buf, "!");
    rec_buf_printf(&buf, "%d", 1);
    rec_buf_add(&buf, "", 0);
    CHECK(buf.failed);
    CHECK_STR("tide", rec_buf_text(&buf));
    CHECK(rec_buf_detach(&buf) == NULL);
    rec_buf_clear(&buf);
}

static void a_length_near_the_largest_number_does_not_wrap(void **state)
{
    rec_buf buf = REC_BUF_INIT(100);

    (void)state;
    rec_buf_puts(&buf, "tide");
    rec_buf_add(&buf, "x", SIZE_MAX - 2);
    CHECK(buf.failed);
    CHECK_STR("tide", rec_buf_text(&buf));
    rec_buf_clear(&buf);
}

static void a_reset_forgets_text_and_failure_and_keeps_the_memory(void **state)
{
    rec_buf buf = REC_BUF_INIT(8);
    const char *memory;

    (void)state;
    rec_buf_puts(&buf, "estuary");
    memory = buf.data;
    rec_buf_puts(&buf, "estuary");
    rec_buf_reset(&buf);
    CHECK(!buf.failed);
    CHECK_STR("", rec_buf_text(&buf));
    rec_buf_puts(&buf, "delta");
    CHECK_STR("delta", rec_buf_text(&buf));
    CHECK(buf.data == memory);
    rec_buf_clear(&buf);
}

static void a_cleared_string_is_usable_and_as_bounded_as_before(void **state)
{
    rec_buf buf = REC_BUF_INIT(5);

    (void)state;
    rec_buf_puts(&buf, "corals");
    rec_buf_clear(&buf);
    CHECK(!buf.failed);
    CHECK(buf.data == NULL);
    rec_buf_puts(&buf, "coral");
    CHECK_STR("coral", rec_buf_text(&buf));
    rec_buf_putc(&buf, 's');
    CHECK(buf.failed);
    rec_buf_clear(&buf);
}

static void a_detached_string_belongs_to_the_caller(void **state)
{
    rec_buf buf = REC_BUF_INIT(20);
    char *first, *second;

    (void)state;
    rec_buf_puts(&buf, "mangrove");
    first = rec_buf_detach(&buf);
    rec_buf_puts(&buf, "seagrass");
    CHECK_STR("mangrove", first);
    CHECK_STR("seagrass", rec_buf_text(&buf));
    rec_buf_clear(&buf);
    second = rec_buf_detach(&buf);
    CHECK_STR("", second);
    rec_free(first);
    rec_free(second);
}

static void a_string_that_gets_no_memory_keeps_what_it_has(void **state)
{
    rec_buf buf = REC_BUF_INIT(1000), empty = REC_BUF_INIT(1000);

    (void)state;
    rec_buf_puts(&buf, "plankton");
    rec_alloc_fail_after(0);
    rec_buf_printf(&buf, "%500d", 1);
    rec_buf_puts(&empty, "bloom");
    rec_alloc_fail_after(-1);
    CHECK(buf.failed);
    CHECK_STR("plankton", rec_buf_text(&buf));
    CHECK(empty.failed);
    CHECK_STR("", rec_buf_text(&empty));
    rec_buf_clear(&buf);

    rec_buf_reset(&empty);
    rec_alloc_fail_after(0);
    CHECK(rec_buf_detach(&empty) == NULL);
    rec_alloc_fail_after(-1);
    rec_buf_clear(&empty);
}

/* ---- memory ----------------------------------------------------------------------------------------------------- */

static void check_zero(const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        CHECK_INT(0, bytes[i]);
}

/* Blocks that were used before are the ones that could come back dirty. */
static void memory_comes_zeroed_though_it_was_used_before(void **state)
{
    (void)state;
    for (size_t round = 0; round < 20; round++) {
        unsigned char *array = rec_alloc_array(37, 11), *block = rec_alloc(407), *aligned = rec_alloc_aligned(37, 11);

        CHECK(array && block && aligned);
        check_zero(array, 407);
        check_zero(block, 407);
        check_zero(aligned, 407);
        memset(array, 0xA5, 407);
        memset(block, 0xA5, 407);
        memset(aligned, 0xA5, 407);
        rec_free(array);
        rec_free(block);
        rec_free(aligned);
    }
}

static void nothing_at_all_can_be_had_and_freed(void **state)
{
    void *array = rec_alloc_array(0, 8), *sizeless = rec_alloc_array(8, 0), *block = rec_alloc(0), *aligned = rec_alloc_aligned(0, 8);
    void *resized = rec_resize_array(NULL, 0, 8);

    (void)state;
    CHECK(array && sizeless && block && aligned && resized);
    rec_free(array);
    rec_free(sizeless);
    rec_free(block);
    rec_free(aligned);
    rec_free(resized);
    rec_free(NULL);
}

static void a_product_that_overflows_gives_nothing(void **state)
{
    static const size_t wrapping[][2] = {
        { SIZE_MAX / 2 + 1, 2 }, { 2, SIZE_MAX / 2 + 1 }, { SIZE_MAX / 8 + 2, 8 }, { (size_t)1 << 32, (size_t)1 << 32 }
    };
    char *old = rec_strdup("kept");

    (void)state;
    CHECK(old);
    for (size_t i = 0; i < sizeof(wrapping) / sizeof(wrapping[0]); i++) {
        CHECK(rec_alloc_array(wrapping[i][0], wrapping[i][1]) == NULL);
        CHECK(rec_alloc_aligned(wrapping[i][0], wrapping[i][1]) == NULL);
        CHECK(rec_resize_array(old, wrapping[i][0], wrapping[i][1]) == NULL);
        CHECK_STR("kept", old);
    }
    CHECK(rec_alloc_aligned(SIZE_MAX - 8, 1) == NULL); /* the product fits, the padding to a boundary does not */
    rec_free(old);
}

static void an_aligned_array_begins_at_64_bytes_whatever_its_size(void **state)
{
    void *blocks[200];

    (void)state;
    for (size_t i = 0; i < 200; i++) {
        blocks[i] = rec_alloc_aligned(i, 3);
        CHECK(blocks[i]);
        CHECK_INT(0, (uintptr_t)blocks[i] % 64);
    }
    for (size_t i = 0; i < 200; i++)
        rec_free(blocks[i]);
}

static void a_resized_array_keeps_its_items(void **state)
{
    int *numbers = NULL;

    (void)state;
    for (int count = 1; count < 300; count++) {
        int *larger = rec_resize_array(numbers, (size_t)count, sizeof(*numbers));
        CHECK(larger);
        numbers = larger;
        numbers[count - 1] = count;
    }
    for (int i = 0; i < 299; i++)
        CHECK_INT(i + 1, numbers[i]);
    rec_free(numbers);
}

static void copies_are_whole_and_their_own(void **state)
{
    char text[] = "kelp forest";
    char *whole = rec_strdup(text), *part = rec_strndup(text, 4), *none = rec_strndup(text, 0);

    (void)state;
    text[0] = 'h';
    CHECK_STR("kelp forest", whole);
    CHECK_STR("kelp", part);
    CHECK_STR("", none);
    rec_free(whole);
    rec_free(part);
    rec_free(none);
}

static void a_fault_lets_so_many_requests_through_and_no_other(void **state)
{
    char *old = rec_strdup("kept");
    void *first, *second;

    (void)state;
    CHECK(old);
    rec_alloc_fail_after(2);
    first = rec_alloc(10);
    second = rec_resize_array(NULL, 10, 1);
    for (int again = 0; again < 3; again++) {
        CHECK(rec_alloc(1) == NULL);
        CHECK(rec_alloc_array(1, 1) == NULL);
        CHECK(rec_alloc_aligned(1, 1) == NULL);
        CHECK(rec_resize_array(old, 1, 1) == NULL);
        CHECK(rec_strdup("x") == NULL);
        CHECK(rec_strndup("x", 1) == NULL);
    }
    rec_alloc_fail_after(-1);
    CHECK(first && second);
    CHECK_STR("kept", old);
    rec_free(first);
    first = rec_alloc(10);
    CHECK(first);
    rec_free(first);
    rec_free(second);
    rec_free(old);
}

/* ---- errors ----------------------------------------------------------------------------------------------------- */

static void a_failure_carries_its_code_and_its_sentence(void **state)
{
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_INT(REC_EFORMAT, rec_fail(&err, REC_EFORMAT, "line %d: no '%s'", 12, "id"));
    CHECK_INT(REC_EFORMAT, err.code);
    CHECK_STR("line 12: no 'id'", err.message);
    CHECK_INT(REC_EIO, rec_fail_errno(&err, REC_EIO, ENOSPC, "cannot write '%s'", "papers.db"));
    CHECK_INT(REC_EIO, err.code);
    CHECK_CONTAINS("cannot write 'papers.db': ", err.message);
    CHECK_CONTAINS(strerror(ENOSPC), err.message);
}

static void whoever_wants_no_sentence_gets_the_code(void **state)
{
    (void)state;
    CHECK_INT(REC_EBUSY, rec_fail(NULL, REC_EBUSY, "held by %d", 4));
    CHECK_INT(REC_EIO, rec_fail_errno(NULL, REC_EIO, ENOENT, "cannot open"));
}

static void an_error_number_nobody_knows_still_makes_a_sentence(void **state)
{
    rec_error err = REC_ERROR_INIT;

    (void)state;
    CHECK_INT(REC_EIO, rec_fail_errno(&err, REC_EIO, 99999, "cannot read"));
    CHECK_CONTAINS("cannot read: ", err.message);
    CHECK_CONTAINS("99999", err.message);
}

/* One character of each length in bytes, repeated, after 0 to 4 bytes that shift where the cut falls. */
static void a_sentence_too_long_is_cut_between_characters(void **state)
{
    static const char *const characters[] = { "e", "é", "€", "𝛼" };
    enum { ROOM = sizeof(((rec_error *)0)->message) - 1 };

    (void)state;
    for (size_t c = 0; c < 4; c++)
        for (size_t shift = 0; shift <= 4; shift++) {
            size_t size = strlen(characters[c]), fitting = (ROOM - shift) / size;
            rec_error err = REC_ERROR_INIT;
            char text[4 * ROOM] = "";

            memset(text, 'x', shift);
            for (size_t at = shift; at + size < sizeof(text); at += size)
                memcpy(text + at, characters[c], size);
            rec_fail(&err, REC_EINVAL, "%s", text);
            CHECK_INT(shift + fitting * size, strlen(err.message));
            CHECK(memcmp(text, err.message, strlen(err.message)) == 0);
            rec_fail_errno(&err, REC_EINVAL, ENOENT, "%s", text);
            CHECK(memcmp(text, err.message, shift + fitting * size) == 0);
            CHECK(memchr(err.message, '\0', sizeof(err.message)) != NULL);
        }
}

static void a_sentence_that_just_fits_is_whole(void **state)
{
    rec_error err = REC_ERROR_INIT;
    char text[sizeof(err.message)];

    (void)state;
    memset(text, 'x', sizeof(text));
    memcpy(text + sizeof(text) - 3, "é", 3);
    rec_fail(&err, REC_EINVAL, "%s", text);
    CHECK_STR(text, err.message);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_string_reads_as_empty),
        cmocka_unit_test(appends_of_every_kind_join),
        cmocka_unit_test(a_string_is_terminated_after_every_append),
        cmocka_unit_test(bytes_of_zero_are_kept),
        cmocka_unit_test(the_maximum_fits_and_one_byte_more_does_not),
        cmocka_unit_test(after_a_failure_nothing_is_appended),
        cmocka_unit_test(a_length_near_the_largest_number_does_not_wrap),
        cmocka_unit_test(a_reset_forgets_text_and_failure_and_keeps_the_memory),
        cmocka_unit_test(a_cleared_string_is_usable_and_as_bounded_as_before),
        cmocka_unit_test(a_detached_string_belongs_to_the_caller),
        cmocka_unit_test(a_string_that_gets_no_memory_keeps_what_it_has),
        cmocka_unit_test(memory_comes_zeroed_though_it_was_used_before),
        cmocka_unit_test(nothing_at_all_can_be_had_and_freed),
        cmocka_unit_test(a_product_that_overflows_gives_nothing),
        cmocka_unit_test(an_aligned_array_begins_at_64_bytes_whatever_its_size),
        cmocka_unit_test(a_resized_array_keeps_its_items),
        cmocka_unit_test(copies_are_whole_and_their_own),
        cmocka_unit_test(a_fault_lets_so_many_requests_through_and_no_other),
        cmocka_unit_test(a_failure_carries_its_code_and_its_sentence),
        cmocka_unit_test(whoever_wants_no_sentence_gets_the_code),
        cmocka_unit_test(an_error_number_nobody_knows_still_makes_a_sentence),
        cmocka_unit_test(a_sentence_too_long_is_cut_between_characters),
        cmocka_unit_test(a_sentence_that_just_fits_is_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
