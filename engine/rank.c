/* The order of a list: see rank.h. */
#include "rank.h"

#include <stdlib.h>

bool rec_rank_may_list(const rec_space *space, const rec_seed *seed, size_t row)
{
    if (row == seed->row)
        return false;
    if (seed->title_key && seed->title_key == space->title_keys[row])
        return false;
    if (seed->abstract_key && seed->abstract_key == space->abstract_keys[row])
        return false;
    return rec_space_has_vector(space, row);
}

static int better_first(const void *left, const void *right)
{
    const rec_ranked *a = left, *b = right;

    if (a->parts.total != b->parts.total)
        return a->parts.total > b->parts.total ? -1 : 1;
    return (a->precedence > b->precedence) - (a->precedence < b->precedence);
}

rec_view rec_rank_view(const rec_space *space, size_t row, const rec_count *items, size_t length)
{
    return (rec_view){ items, length, space->scales + row * REC_BLOCKS, space->dense + row * space->dim,
                       space->smooth ? space->smooth + row * space->dim : NULL };
}

rec_status rec_rank_seed(const rec_space *space, const rec_counts_source *source, size_t row, rec_seed *out, rec_error *err)
{
    const rec_count *items;
    size_t length;
    rec_status rc = source->get(source->context, row, &items, &length, err);

    if (rc == REC_OK)
        *out = (rec_seed){ rec_rank_view(space, row, items, length), row, space->title_keys[row], space->abstract_keys[row] };
    return rc;
}

rec_status rec_rank(const rec_space *space, const rec_seed *seed, const rec_counts_source *source, rec_query *query, const uint32_t *rows,
                    size_t count, rec_ranked *out, size_t *found, rec_error *err)
{
    size_t n = 0;

    rec_query_set(query, &seed->view);
    if (rec_space_is_zero(seed->view.dense, space->dim))
        count = 0; /* nothing is like it, as it is like nothing */
    for (size_t i = 0; i < count; i++) {
        const rec_count *items;
        size_t length;
        rec_view other;
        rec_status rc;

        if (!rec_rank_may_list(space, seed, rows[i]))
            continue;
        if ((rc = source->get(source->context, rows[i], &items, &length, err)) != REC_OK)
            return rc;
        other = rec_rank_view(space, rows[i], items, length);
        out[n++] = (rec_ranked){ rows[i], space->precedence[rows[i]], rec_query_score(query, &other) };
    }
    qsort(out, n, sizeof(*out), better_first);
    *found = n;
    return REC_OK;
}
