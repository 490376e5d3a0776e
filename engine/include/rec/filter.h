/*
 * Which papers may be listed: a window of dates, categories in and out.
 *
 * A partial date is a span of days, and a paper passes where its span and the window share a day. A category asked for stands for itself
 * and for all that is filed below it, as on arXiv: `cs` (or `cs.*`) takes cs.LG and cs.CL, `astro-ph` takes astro-ph.CO; letters are
 * compared without case. A paper is in every category that its record names, cross-lists included.
 */
#ifndef REC_FILTER_H
#define REC_FILTER_H

#include "rec/paper.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct rec_filter {
    int32_t since;                 /* first day of the window, YYYYMMDD; 0: it has no beginning */
    int32_t until;                 /* last day, which is in; 0: no end */
    const char *const *categories; /* (category_count), borrowed: at least one of them is wanted; none: any will do */
    size_t category_count;
    const char *const *not_categories; /* (not_category_count), borrowed: none of them is wanted */
    size_t not_category_count;
} rec_filter;

/** Read the ends of a window; a partial date counts whole. Either may be NULL. Returns REC_EINVAL: no date, or a window without a day. */
REC_CHECKED rec_status rec_filter_set_window(rec_filter *filter, const char *since, const char *until, rec_error *err);

/** Whether a text can be a category to ask for: REC_OK, or REC_EINVAL for an empty one and for one that holds a quote, a backslash or a
 * control character, which no category does. */
REC_CHECKED rec_status rec_filter_check_category(const char *category, rec_error *err);

/** Whether it takes every paper. */
bool rec_filter_is_open(const rec_filter *filter);

/** Whether a span of days, YYYYMMDD, meets the window; 0 and 0 stand for a paper without a date, which meets an open window alone. */
static inline bool rec_filter_takes_date(const rec_filter *filter, int32_t first, int32_t last)
{
    if (!filter->since && !filter->until)
        return true;
    return first && last >= filter->since && (!filter->until || first <= filter->until);
}

/* Bits: what several categories say is their union. */
typedef enum rec_verdict { REC_NOT_ASKED_FOR = 0, REC_WANTED = 1, REC_UNWANTED = 2 } rec_verdict;

/** What the filter says of one category, `length` bytes: one that is wanted and unwanted is unwanted. */
rec_verdict rec_filter_judge(const rec_filter *filter, const char *name, size_t length);

/** Whether categories, a JSON array of strings as it is stored or NULL, are wanted. */
bool rec_filter_takes_categories(const rec_filter *filter, const char *categories);

/** Whether a paper passes. */
bool rec_filter_takes(const rec_filter *filter, const rec_paper *paper);

#endif
