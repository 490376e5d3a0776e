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

/*
 * Each name is asked about once: there are some hundreds of them. Behind the verdicts on them (count) is one more, which says nothing, for
 * numbers of no name.
 */
static rec_status judge_names(const rec_filter *filter, const rec_space *space, uint8_t **out, size_t *count, rec_error *err)
{
    const rec_facets *facets = &space->facets;
    const char *end = facets->names + facets->names_bytes;
    uint8_t *verdicts;
    size_t n = 0;
    rec_status rc = rec_space_touch_part(space, facets->names, facets->names_bytes, err);

    if (rc != REC_OK)
        return rc;
    for (const char *name = facets->names; name < end; name += strlen(name) + 1)
        n++;
    if (!(verdicts = rec_alloc_array(n + 1, sizeof(*verdicts))))
        return rec_fail(err, REC_ENOMEM, "out of memory for a question");
    *count = n;
    n = 0;
    for (const char *name = facets->names; name < end; name += strlen(name) + 1)
        verdicts[n++] = (uint8_t)rec_filter_judge(filter, name, strlen(name));
    verdicts[n] = REC_NOT_ASKED_FOR;
    *out = verdicts;
    return REC_OK;
}

/* Verdicts are bits: a row passes where something is wanted and nothing unwanted. None is branched on: there are a million rows. */
static bool takes_categories(const rec_facets *facets, size_t row, unsigned met, const uint8_t *verdicts, size_t count)
{
    size_t end = facets->category_offsets[row + 1];

    if (end > facets->categories_room) /* a file that contradicts itself must not be read past its end */
        end = facets->categories_room;
    for (size_t i = facets->category_offsets[row]; i < end; i++) {
        size_t name = facets->categories[i];

        met |= verdicts[name < count ? name : count];
    }
    return met == REC_WANTED;
}

static rec_status filter_categories(const rec_filter *filter, const rec_space *space, bool *passes, rec_error *err)
{
    const rec_facets *facets = &space->facets;
    unsigned met = filter->category_count == 0 ? REC_WANTED : REC_NOT_ASKED_FOR; /* where none is asked for, all are wanted */
    uint8_t *verdicts = NULL;
    size_t count = 0;
    rec_status rc = judge_names(filter, space, &verdicts, &count, err);

    if (rc == REC_OK)
        rc = rec_space_touch_part(space, facets->category_offsets, (space->count + 1) * sizeof(*facets->category_offsets), err);
    if (rc == REC_OK)
        rc = rec_space_touch_part(space, facets->categories, facets->categories_room * sizeof(*facets->categories), err);
    for (size_t row = 0; rc == REC_OK && row < space->count; row++)
        passes[row] = passes[row] && takes_categories(facets, row, met, verdicts, count);
    rec_free(verdicts);
    return rc;
}

rec_status rec_filter_rows(const rec_filter *filter, const rec_space *space, bool *passes, rec_error *err)
{
    rec_status rc = REC_OK;

    memset(passes, true, space->count * sizeof(*passes));
    if (filter->since || filter->until)
        rc = filter_dates(filter, space, passes, err);
    if (rc == REC_OK && filter->category_count + filter->not_category_count > 0)
        rc = filter_categories(filter, space, passes, err);
    return rc;
}
