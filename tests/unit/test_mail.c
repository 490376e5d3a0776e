/* Messages: what may not stand in a header is refused before anything is written, whoever asks for it. */
#include "check.h"

#include "rec/mail.h"

#include <stdio.h>

static void a_control_character_in_a_header_is_refused_and_the_header_named(void **state)
{
    static const char *const BAD[] = { "x\nBcc: evil@example.org", "x\r", "\t", "\x7F", "next\xC2\x85line", "\xC2\x9Bm" };
    static const char *const NAMES[] = { "sender", "recipient", "subject", "unsubscribe address", "archive address" };

    (void)state;
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < sizeof(BAD) / sizeof(BAD[0]); j++) {
            const char *values[5] = { "a@example.org", "b@example.org", "Herons", "https://example.org/leave", "https://example.org/1" };
            rec_mail mail = { .key = "key", .text = "text", .html = "<p>text</p>" };
            rec_buf out = REC_BUF_INIT(1 << 16);
            rec_error err = REC_ERROR_INIT;
            char expected[64];

            values[i] = BAD[j];
            mail.from = values[0];
            mail.to = values[1];
            mail.subject = values[2];
            mail.unsubscribe = values[3];
            mail.archive = values[4];
            snprintf(expected, sizeof(expected), "its %s holds a control character", NAMES[i]);
            CHECK_STATUS(REC_EINVAL, rec_mail_write(&mail, &out, &err), &err);
            CHECK_CONTAINS(expected, err.message);
            CHECK_INT(0, out.length);
            rec_buf_clear(&out);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_control_character_in_a_header_is_refused_and_the_header_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
