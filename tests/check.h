/*
 * Checks that print both values, over cmocka. Nothing relies on assert(), which a release build drops.
 */
#ifndef REC_CHECK_H
#define REC_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "status.h"

#include <math.h>
#include <string.h>

#define CHECK(condition)                                                                                                                   \
    do {                                                                                                                                   \
        if (!(condition))                                                                                                                  \
            fail_msg("%s:%d: not so: %s", __FILE__, __LINE__, #condition);                                                                 \
    } while (0)

/* The call gave this status; else the error's sentence is printed. */
#define CHECK_STATUS(expected, call, err)                                                                                                  \
    do {                                                                                                                                   \
        rec_status check_got = (call);                                                                                                     \
        if (check_got != (expected))                                                                                                       \
            fail_msg("%s:%d: %s: status %d, expected %d: %s", __FILE__, __LINE__, #call, (int)check_got, (int)(expected), (err)->message); \
    } while (0)

#define CHECK_STR(expected, actual)                                                                                                        \
    do {                                                                                                                                   \
        const char *check_want = (expected), *check_have = (actual);                                                                       \
        if (!check_have || strcmp(check_want, check_have) != 0)                                                                            \
            fail_msg("%s:%d: %s is '%s', expected '%s'", __FILE__, __LINE__, #actual, check_have ? check_have : "(null)", check_want);     \
    } while (0)

#define CHECK_INT(expected, actual)                                                                                                        \
    do {                                                                                                                                   \
        long long check_want = (long long)(expected), check_have = (long long)(actual);                                                    \
        if (check_want != check_have)                                                                                                      \
            fail_msg("%s:%d: %s is %lld, expected %lld", __FILE__, __LINE__, #actual, check_have, check_want);                             \
    } while (0)

#define CHECK_NEAR(expected, actual, tolerance)                                                                                            \
    do {                                                                                                                                   \
        double check_want = (expected), check_have = (actual);                                                                             \
        if (!(fabs(check_want - check_have) <= (tolerance)))                                                                               \
            fail_msg("%s:%d: %s is %.9g, expected %.9g within %g", __FILE__, __LINE__, #actual, check_have, check_want,                    \
                     (double)(tolerance));                                                                                                 \
    } while (0)

#define CHECK_CONTAINS(part, text)                                                                                                         \
    do {                                                                                                                                   \
        const char *check_part = (part), *check_text = (text);                                                                             \
        if (!check_text || !strstr(check_text, check_part))                                                                                \
            fail_msg("%s:%d: '%s' not in '%s'", __FILE__, __LINE__, check_part, check_text ? check_text : "(null)");                       \
    } while (0)

#endif
