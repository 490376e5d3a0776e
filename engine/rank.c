/* The order of a list: see rank.h. */
#include "rank.h"

#include "alloc.h"
#include "nearest.h"

#include <math.h>
#include <stdlib.h>

#define AHEAD 4 /* rows between the one that is read and the one that is fetched */

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

rec_view rec_rank_view(const rec_space *space, size_t row, rec_packed packed)
{
    return (rec_view){ packed, space->scales + row * REC_BLOCKS, rec_space_code(space, row), rec_space_smooth_code(space, row),
                       rec_space_authors(space, row) };
}

rec_status rec_rank_seed(const rec_space *space, const rec_grams *grams, size_t row, rec_seed *out, rec_error *err)
{
    rec_packed packed;
    rec_status rc = rec_space_touch(space, row, err);

    if (rc == REC_OK)
        rc = rec_grams_row(grams, row, &packed, err);
    if (rc == REC_OK)
        *out = (rec_seed){ rec_rank_view(space, row, packed), 1, row, space->title_keys[row], space->abstract_keys[row] };
    return rc;
}

/* ---- scoring ------------------------------------------------------------------------------------------------------- */

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

/* Papers that may be listed, not scored yet. */
static rec_status begin(const rec_space *space, const rec_seed *seeds, size_t seed_count, const uint32_t *rows, size_t count,
                        rec_ranked *out, size_t *found, rec_error *err)
{
    *found = 0;
    if (!say_something(seeds, seed_count))
        return REC_OK; /* nothing is like them, as they are like nothing */
    for (size_t i = 0; i < count; i++) {
        rec_status rc = rec_space_touch(space, rows[i], err);

        if (rc != REC_OK)
            return rc;
        if (may_list_for_all(space, seeds, seed_count, rows[i]))
            out[(*found)++] = (rec_ranked){ .row = rows[i], .precedence = space->precedence[rows[i]] };
    }
    return REC_OK;
}

/* Adds the likenesses to the seed that the query was set to. */
static rec_status add_likenesses(const rec_space *space, float weight, const rec_grams *grams, const rec_query *query, rec_ranked *ranked,
                                 size_t count, rec_error *err)
{
    for (size_t i = 0; i < count; i++) {
        rec_parts *sum = &ranked[i].parts, parts;
        rec_packed packed;
        rec_view other;
        rec_status rc = rec_grams_row(grams, ranked[i].row, &packed, err);

        if (rc != REC_OK)
            return rc;
        if (i + AHEAD < count)
            rec_grams_fetch(grams, ranked[i + AHEAD].row);
        other = rec_rank_view(space, ranked[i].row, packed);
        parts = rec_query_score(query, &other);
        sum->sparse += weight * parts.sparse;
        sum->dense += weight * parts.dense;
        sum->smooth += weight * parts.smooth;
        sum->authors += weight * parts.authors;
        sum->total += weight * parts.total;
        if (!isfinite(sum->total)) /* of a file whose checksums are right, and which yet no build has made */
            return rec_fail(err, REC_EDAMAGED, "model or index are damaged: a score is no number; run 'recommend build --refit'");
    }
    return REC_OK;
}

rec_status rec_rank_for_all(const rec_space *space, const rec_seed *seeds, size_t seed_count, const rec_grams *grams, rec_query *query,
                            const uint32_t *rows, size_t count, rec_ranked *out, size_t *found, rec_error *err)
{
    rec_status rc = begin(space, seeds, seed_count, rows, count, out, found, err);

    for (size_t i = 0; i < seed_count && rc == REC_OK; i++) {
        if (seeds[i].weight == 0)
            continue;
        rec_query_set(query, &seeds[i].view);
        rc = add_likenesses(space, seeds[i].weight, grams, query, out, *found, err);
    }
    if (rc == REC_OK)
        qsort(out, *found, sizeof(*out), better_first);
    return rc;
}

rec_status rec_rank(const rec_space *space, const rec_seed *seed, const rec_grams *grams, const rec_query *query, const uint32_t *rows,
                    size_t count, rec_ranked *out, size_t *found, rec_error *err)
{
    rec_status rc = begin(space, seed, 1, rows, count, out, found, err);

    if (rc == REC_OK)
        rc = add_likenesses(space, 1, grams, query, out, *found, err);
    if (rc == REC_OK)
        qsort(out, *found, sizeof(*out), better_first);
    return rc;
}

/* ---- scoring the likely ones --------------------------------------------------------------------------------------- */

#define BATCH 64 /* rows that are scored before the question whether to go on is asked */

/*
 * Deviations above the middle by which a total is thought to stand above its guess at most. At 222,026 papers 4 lost none of the first ten
 * of mixed texts and two in a thousand of those of a foreign field; 3 lost thirteen of these, and scored 230 rows for 440.
 */
#define SURPLUS_DEVIATIONS 4.0

/* How the totals of scored rows stand to their guesses, and the best of them. */
struct hopes {
    size_t first, count;
    double sum, squares; /* of the surpluses */
    rec_near *best;      /* (first) a heap */
    rec_nearest nearest;
};

static void note_scored(struct hopes *hopes, float guess, const rec_ranked *ranked)
{
    double surplus = (double)ranked->parts.total - (double)guess;

    hopes->count++;
    hopes->sum += surplus;
    hopes->squares += surplus * surplus;
    rec_nearest_offer(&hopes->nearest, (rec_near){ ranked->row, ranked->parts.total });
}

/* Whether a row with such a guess may be among the first ones. */
static bool has_hope(const struct hopes *hopes, float guess)
{
    double mean, variance;

    if (hopes->nearest.length < hopes->first)
        return true;
    mean = hopes->sum / (double)hopes->count;
    variance = hopes->squares / (double)hopes->count - mean * mean;
    return (double)guess + mean + SURPLUS_DEVIATIONS * sqrt(variance > 0 ? variance : 0) >= (double)hopes->best[0].likeness;
}

/* Scores some rows, behind those of `out` that were scored before; `*found` grows. */
static rec_status score_batch(const rec_space *space, const rec_seed *seeds, size_t seed_count, const rec_grams *grams, rec_query *query,
                              const rec_near *near, size_t count, struct hopes *hopes, rec_ranked *out, size_t *found, rec_error *err)
{
    uint32_t rows[BATCH];
    rec_ranked *batch = out + *found;
    size_t listed, at = 0;
    rec_status rc;

    for (size_t i = 0; i < count; i++)
        rows[i] = near[i].row;
    rc = begin(space, seeds, seed_count, rows, count, batch, &listed, err);
    for (size_t i = 0; i < seed_count && rc == REC_OK; i++) {
        if (seeds[i].weight == 0)
            continue;
        if (seed_count > 1)
            rec_query_set(query, &seeds[i].view);
        rc = add_likenesses(space, seeds[i].weight, grams, query, batch, listed, err);
    }
    if (rc != REC_OK)
        return rc;
    for (size_t i = 0; i < listed; i++) {
        while (near[at].row != batch[i].row)
            at++;
        note_scored(hopes, near[at].likeness, &batch[i]);
    }
    *found += listed;
    return REC_OK;
}

rec_status rec_rank_likely(const rec_space *space, const rec_seed *seeds, size_t seed_count, const rec_grams *grams, rec_query *query,
                           const rec_near *near, size_t count, size_t first, rec_ranked *out, size_t *found, rec_error *err)
{
    struct hopes hopes = { .first = first < count ? first : count };
    rec_status rc = REC_OK;

    *found = 0;
    if (count == 0)
        return REC_OK;
    if (!(hopes.best = rec_alloc_array(hopes.first, sizeof(*hopes.best))))
        return rec_fail(err, REC_ENOMEM, "out of memory for a question");
    hopes.nearest = (rec_nearest){ hopes.best, hopes.first, 0 };
    if (seed_count == 1)
        rec_query_set(query, &seeds[0].view);
    for (size_t done = 0; done < count && rc == REC_OK && has_hope(&hopes, near[done].likeness); done += BATCH)
        rc = score_batch(space, seeds, seed_count, grams, query, near + done, count - done < BATCH ? count - done : BATCH, &hopes, out,
                         found, err);
    if (rc == REC_OK)
        qsort(out, *found, sizeof(*out), better_first);
    rec_free(hopes.best);
    return rc;
}

size_t rec_rank_merge(rec_ranked *ranked, size_t count)
{
    size_t distinct = 0;

    qsort(ranked, count, sizeof(*ranked), better_first);
    for (size_t i = 0; i < count; i++) /* precedence tells rows apart */
        if (i == 0 || ranked[i].row != ranked[distinct - 1].row)
            ranked[distinct++] = ranked[i];
    return distinct;
}

/* ---- guessing ------------------------------------------------------------------------------------------------------ */

/* What the dense vectors give to a score. */
static void begin_guesses(const rec_query *query, rec_near *near, size_t count)
{
    for (size_t i = 0; i < count; i++)
        near[i].likeness *= rec_query_dense_share(query);
}

/* Adds what the words give to it, for the seed that the query was set to. */
static rec_status add_guesses(const rec_space *space, float weight, const rec_grams *grams, const rec_query *query, rec_near *near,
                              size_t count, rec_error *err)
{
    for (size_t i = 0; i < count; i++) {
        rec_packed packed;
        rec_status rc = rec_space_touch(space, near[i].row, err);

        if (rc == REC_OK)
            rc = rec_grams_row(grams, near[i].row, &packed, err);
        if (rc != REC_OK)
            return rc;
        if (i + AHEAD < count)
            rec_grams_fetch(grams, near[i + AHEAD].row);
        near[i].likeness += weight * rec_query_guess(query, packed, space->scales + (size_t)near[i].row * REC_BLOCKS);
    }
    return REC_OK;
}

rec_status rec_rank_narrow_for_all(const rec_space *space, const rec_seed *seeds, size_t seed_count, const rec_grams *grams,
                                   rec_query *query, rec_near *near, size_t count, size_t keep, rec_error *err)
{
    rec_status rc = REC_OK;

    if (count <= keep)
        return REC_OK;
    begin_guesses(query, near, count);
    for (size_t i = 0; i < seed_count && rc == REC_OK; i++) {
        if (seeds[i].weight == 0)
            continue;
        rec_query_set(query, &seeds[i].view);
        rc = add_guesses(space, seeds[i].weight, grams, query, near, count, err);
    }
    if (rc == REC_OK)
        rec_nearest_select(near, count, keep);
    return rc;
}

rec_status rec_rank_narrow(const rec_space *space, const rec_grams *grams, const rec_query *query, rec_near *near, size_t count,
                           size_t keep, rec_error *err)
{
    rec_status rc;

    if (count <= keep)
        return REC_OK;
    begin_guesses(query, near, count);
    if ((rc = add_guesses(space, 1, grams, query, near, count, err)) == REC_OK)
        rec_nearest_select(near, count, keep);
    return rc;
}
