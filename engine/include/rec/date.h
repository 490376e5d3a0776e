/*
 * Dates of papers: a year, a month or a day. A partial date is a span of days.
 * Proleptic Gregorian calendar, years 1000 to 2999; no clock and no time zone is asked.
 */
#ifndef REC_DATE_H
#define REC_DATE_H

#include "status.h"

#include <stdint.h>

#define REC_DATE_CHARS 11 /* "YYYY-MM-DD" and a NUL */

typedef struct rec_date {
    int32_t first;             /* first day of the span as the number YYYYMMDD */
    int32_t last;              /* last day of the span */
    char text[REC_DATE_CHARS]; /* "YYYY", "YYYY-MM" or "YYYY-MM-DD" */
} rec_date;

/**
 * Read `YYYY`, `YYYY-MM`, `YYYY-MM-DD` (also with `/` for `-`), an ISO 8601 time stamp, whose day counts as written, or a mail date
 * (`Mon, 2 Apr 2007 19:18:42 GMT`, RFC 5322; the day of the week optional and unchecked). White space around it is ignored.
 *
 * Returns REC_EINVAL, with the text quoted, for anything else, a day that does not exist (2023-02-29) and a year out of range.
 */
REC_CHECKED rec_status rec_date_parse(const char *text, rec_date *out, rec_error *err);

/** The day `days` after `day` (YYYYMMDD; negative: before), but never outside the calendar above: its first or last day then. */
int32_t rec_date_add(int32_t day, int days);

#endif
