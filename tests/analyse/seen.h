/*
 * What analysers are told of functions that they do not see into. tests/analyse.sh puts it before every file but status.c; no build does.
 *
 * A failure returns the status that it was given, which is never REC_OK. Without this they go ways that no run can take, in which a
 * function failed, its caller took it for a success, and reads what was never set.
 */
#include "../../engine/base/status.h"

static inline rec_status rec_seen(rec_status returned, rec_status given)
{
    (void)returned;
    return given;
}

#define rec_fail(err, code, ...) rec_seen(rec_fail(err, code, __VA_ARGS__), code)
#define rec_fail_errno(err, code, number, ...) rec_seen(rec_fail_errno(err, code, number, __VA_ARGS__), code)
