/* Which of two papers with one score stands first: see precedence.h. */
#include "precedence.h"

#include "alloc.h"

#include <stdlib.h>

#define NO_ROW UINT32_MAX

struct ordering {
    rec_space *space;
    uint32_t next; /* place of the paper that is taken next */
};

static rec_status take_doc(rec_doc doc, void *context, rec_error *err)
{
    struct ordering *o = context;
    size_t row;
    rec_status rc = rec_space_row(o->space, doc, &row, err);

    if (rc == REC_OK && row != REC_NO_PAPER_ROW)
        o->space->precedence[row] = o->next++;
    return rc;
}

rec_status rec_precedence_read(rec_store *store, rec_space *space, rec_error *err)
{
    struct ordering ordering = { space, 0 };

    return rec_store_scan_precedence(store, take_doc, &ordering, err);
}

/* ---- from an older order ------------------------------------------------------------------------------------------- */

static int newer_first(const void *left, const void *right)
{
    int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;

    return (a < b) - (a > b);
}

/* The days of the rows that are not among `rows`, newest first, each once, into `days`. Returns how many. */
static size_t days_of_others(const rec_space *space, const uint32_t *rows, size_t kept, int32_t *days)
{
    size_t count = 0, different = 0, at = 0;

    for (size_t row = 0; row < space->count; row++) {
        if (at < kept && rows[at] == row)
            at++;
        else
            days[count++] = space->facets.first_days[row];
    }
    qsort(days, count, sizeof(*days), newer_first);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || days[i] != days[i - 1])
            days[different++] = days[i];
    return different;
}

/* The rows that stay, by their old precedence, into `order`; places of others hold NO_ROW. False where the old places contradict each
 * other. */
static bool order_kept(const rec_space *old, const uint32_t *rows, const uint32_t *from, size_t kept, uint32_t *order)
{
    for (size_t i = 0; i < old->count; i++)
        order[i] = NO_ROW;
    for (size_t i = 0; i < kept; i++) {
        uint32_t place = old->precedence[from[i]];

        if (place >= old->count || order[place] != NO_ROW)
            return false;
        order[place] = rows[i];
    }
    return true;
}

/* Between the days of new papers the old order stands; a day of new papers is read again, the old ones of it too. */
static rec_status merge(struct ordering *o, rec_store *store, const uint32_t *order, size_t places, const int32_t *days, size_t day_count,
                        rec_error *err)
{
    const int32_t *first_days = o->space->facets.first_days;
    size_t at = 0;
    rec_status rc = REC_OK;

    for (size_t d = 0; d <= day_count && rc == REC_OK; d++) {
        for (; at < places && (order[at] == NO_ROW || d == day_count || first_days[order[at]] > days[d]); at++)
            if (order[at] != NO_ROW)
                o->space->precedence[order[at]] = o->next++;
        while (d < day_count && at < places && (order[at] == NO_ROW || first_days[order[at]] == days[d]))
            at++;
        if (d < day_count)
            rc = rec_store_scan_precedence_of_day(store, days[d], take_doc, o, err);
    }
    return rc;
}

rec_status rec_precedence_extend(rec_store *store, rec_space *space, const rec_space *old, const uint32_t *rows, const uint32_t *from,
                                 size_t kept, rec_error *err)
{
    struct ordering ordering = { space, 0 };
    uint32_t *order = rec_alloc_array(old->count, sizeof(*order));
    int32_t *days = rec_alloc_array(space->count - kept, sizeof(*days));
    rec_status rc;

    if (!order || !days)
        rc = rec_fail(err, REC_ENOMEM, "out of memory adding papers");
    else if (order_kept(old, rows, from, kept, order))
        rc = merge(&ordering, store, order, old->count, days, days_of_others(space, rows, kept, days), err);
    else
        rc = rec_precedence_read(store, space, err);
    rec_free(order);
    rec_free(days);
    return rc;
}
