/* A filter over the columns of the space: see row_filter.h. */
#include "row_filter.h"

#include "alloc.h"

#include <string.h>

static rec_status filter_dates(const rec_filter *filter, const rec_space *space, bool *passes, rec_error *err)
{
    const rec_facets *facets = &space->facets;
    rec_status rc = rec_space_touch_part(space, facets->first_days, space->count * sizeof(*facets->first_days), err);

    if (rc == REC_OK)
        rc = rec_space_touch_part(space, facets->last_days, space->count * sizeof(*facets->last_days), err);
    for (size_t row = 0; rc == REC_OK && row < space->count; row++)
        passes[row] = passes[row] && rec_filter_takes_date(filter, facets->first_days[row], facets->last_days[row]);
    return rc;
}

/* Each name is asked about once: there are some hundreds of them. */
static rec_status judge_names(const rec_filter *filter, const rec_space *space, rec_verdict **out, size_t *count, rec_error *err)
{
    const rec_facets *facets = &space->facets;
    const char *end = facets->names + facets->names_bytes;
    rec_verdict *verdicts;
    size_t n = 0;
    rec_status rc = rec_space_touch_part(space, facets->names, facets->names_bytes, err);

    if (rc != REC_OK)
        return rc;
    for (const char *name = facets->names; name < end; name += strlen(name) + 1)
        n++;
    if (!(verdicts = rec_alloc_array(n, sizeof(*verdicts))))
        return rec_fail(err, REC_ENOMEM, "out of memory for a question");
    *count = n;
    n = 0;
    for (const char *name = facets->names; name < end; name += strlen(name) + 1)
        verdicts[n++] = rec_filter_judge(filter, name, strlen(name));
    *out = verdicts;
    return REC_OK;
}

static bool takes_categories(const rec_filter *filter, const rec_facets *facets, size_t row, const rec_verdict *verdicts, size_t count)
{
    bool wanted = filter->category_count == 0;

    /* A file that contradicts itself must not be read past its end. */
    for (uint32_t i = facets->category_offsets[row]; i < facets->category_offsets[row + 1] && i < facets->categories_room; i++) {
        rec_verdict verdict = facets->categories[i] < count ? verdicts[facets->categories[i]] : REC_NOT_ASKED_FOR;

        if (verdict == REC_UNWANTED)
            return false;
        wanted = wanted || verdict == REC_WANTED;
    }
    return wanted;
}

static rec_status filter_categories(const rec_filter *filter, const rec_space *space, bool *passes, rec_error *err)
{
    const rec_facets *facets = &space->facets;
    rec_verdict *verdicts = NULL;
    size_t count = 0;
    rec_status rc = judge_names(filter, space, &verdicts, &count, err);

    if (rc == REC_OK)
        rc = rec_space_touch_part(space, facets->category_offsets, (space->count + 1) * sizeof(*facets->category_offsets), err);
    if (rc == REC_OK)
        rc = rec_space_touch_part(space, facets->categories, facets->categories_room * sizeof(*facets->categories), err);
    for (size_t row = 0; rc == REC_OK && row < space->count; row++)
        passes[row] = passes[row] && takes_categories(filter, facets, row, verdicts, count);
    rec_free(verdicts);
    return rc;
}

rec_status rec_filter_rows(const rec_filter *filter, const rec_space *space, bool *passes, rec_error *err)
{
    rec_status rc = REC_OK;

    for (size_t row = 0; row < space->count; row++)
        passes[row] = true;
    if (filter->since || filter->until)
        rc = filter_dates(filter, space, passes, err);
    if (rc == REC_OK && filter->category_count + filter->not_category_count > 0)
        rc = filter_categories(filter, space, passes, err);
    return rc;
}
