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
    return (rec_view){ items, length, space->scales + row * REC_BLOCKS, rec_space_code(space, row), rec_space_smooth_code(space, row) };
}

rec_status rec_rank_seed(const rec_space *space, const rec_counts_source *source, size_t row, rec_seed *out, rec_error *err)
{
    const rec_count *items;
    size_t length;
    rec_status rc = rec_space_touch(space, row, err);

    if (rc == REC_OK)
        rc = source->get(source->context, row, &items, &length, err);
    if (rc == REC_OK)
        *out = (rec_seed){ rec_rank_view(space, row, items, length), 1, row, space->title_keys[row], space->abstract_keys[row] };
    return rc;
}

static bool may_list_for_all(const rec_space *space, const rec_seed *seeds, size_t seed_count, size_t row)
{
    for (size_t i = 0; i < seed_count; i++)
        if (!rec_rank_may_list(space, &seeds[i], row))
            return false;
    return true;
}

static bool say_something(const rec_seed *seeds, size_t seed_count)
{
    for (size_t i = 0; i < seed_count; i++)
        if (seeds[i].weight > 0 && seeds[i].view.dense.factor != 0)
            return true;
    return false;
}

static rec_status add_likenesses(const rec_space *space, const rec_seed *seed, const rec_counts_source *source, rec_query *query,
                                 rec_ranked *ranked, size_t count, rec_error *err)
{
    rec_query_set(query, &seed->view);
    for (size_t i = 0; i < count; i++) {
        rec_parts *sum = &ranked[i].parts, parts;
        const rec_count *items;
        size_t length;
        rec_view other;
        rec_status rc;

        if ((rc = source->get(source->context, ranked[i].row, &items, &length, err)) != REC_OK)
            return rc;
        other = rec_rank_view(space, ranked[i].row, items, length);
        parts = rec_query_score(query, &other);
        sum->sparse += seed->weight * parts.sparse;
        sum->dense += seed->weight * parts.dense;
        sum->smooth += seed->weight * parts.smooth;
        sum->total += seed->weight * parts.total;
    }
    return REC_OK;
}

rec_status rec_rank_for_all(const rec_space *space, const rec_seed *seeds, size_t seed_count, const rec_counts_source *source,
                            rec_query *query, const uint32_t *rows, size_t count, rec_ranked *out, size_t *found, rec_error *err)
{
    size_t n = 0;
    rec_status rc = REC_OK;

    if (!say_something(seeds, seed_count))
        count = 0; /* nothing is like them, as they are like nothing */
    for (size_t i = 0; i < count && rc == REC_OK; i++) {
        rc = rec_space_touch(space, rows[i], err);
        if (rc == REC_OK && may_list_for_all(space, seeds, seed_count, rows[i]))
            out[n++] = (rec_ranked){ .row = rows[i], .precedence = space->precedence[rows[i]] };
    }
    for (size_t i = 0; i < seed_count && rc == REC_OK; i++)
        if (seeds[i].weight != 0)
            rc = add_likenesses(space, &seeds[i], source, query, out, n, err);
    if (rc == REC_OK)
        qsort(out, n, sizeof(*out), better_first);
    *found = n;
    return rc;
}

rec_status rec_rank(const rec_space *space, const rec_seed *seed, const rec_counts_source *source, rec_query *query, const uint32_t *rows,
                    size_t count, rec_ranked *out, size_t *found, rec_error *err)
{
    return rec_rank_for_all(space, seed, 1, source, query, rows, count, out, found, err);
}
