/* Smoothing over neighbours: see smoothing.h. */
#include "smoothing.h"

#include "alloc.h"
#include "parallel.h"

#define NEIGHBOURS (REC_SMOOTH_NEIGHBOURS - 1)
#define PROPOSED 32 /* rows asked of the index: enough that its rounding cannot hide one of the nearest four */
#define BLOCK 1024

struct nearest {
    float likeness;
    uint32_t row;
};

/* Nearer first; equal likeness by precedence. */
static bool before(const rec_space *space, struct nearest a, struct nearest b)
{
    if (a.likeness != b.likeness)
        return a.likeness > b.likeness;
    return space->precedence[a.row] < space->precedence[b.row];
}

void rec_smooth_over(const rec_space *space, rec_code vector, size_t self, const rec_near *rows, size_t count, float *out)
{
    struct nearest best[NEIGHBOURS];
    rec_code vectors[REC_SMOOTH_NEIGHBOURS] = { vector };
    float likeness[REC_SMOOTH_NEIGHBOURS] = { 1 };
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        struct nearest next = { 0, rows[i].row };
        size_t at;

        if (next.row == self)
            continue;
        next.likeness = rec_codes_cosine(vector, rec_space_code(space, next.row), space->dim);
        for (at = n; at > 0 && before(space, next, best[at - 1]); at--)
            if (at < NEIGHBOURS)
                best[at] = best[at - 1];
        if (at < NEIGHBOURS)
            best[at] = next;
        n += n < NEIGHBOURS;
    }
    for (size_t i = 0; i < n; i++) {
        vectors[i + 1] = rec_space_code(space, best[i].row);
        likeness[i + 1] = best[i].likeness;
    }
    rec_smooth(vectors, likeness, n + 1, space->dim, out);
}

struct smoothing {
    rec_space *space;
    size_t first; /* row of the block's first */
    size_t proposed;
    const rec_near *near; /* (block, proposed) */
    const size_t *found;  /* (block) */
};

static rec_status smooth_one(size_t task, unsigned thread, void *context, rec_error *err)
{
    const struct smoothing *s = context;
    size_t row = s->first + task;
    float smoothed[REC_DIM_MAX];

    (void)thread;
    (void)err;
    rec_smooth_over(s->space, rec_space_code(s->space, row), row, s->near + task * s->proposed, s->found[task], smoothed);
    rec_space_put_smooth(s->space, row, smoothed);
    return REC_OK;
}

rec_status rec_smooth_all(rec_space *space, const rec_index *index, unsigned threads, rec_error *err)
{
    struct smoothing s = { .space = space, .proposed = PROPOSED };
    rec_near *near = rec_alloc_array(BLOCK * PROPOSED, sizeof(*near));
    size_t *found = rec_alloc_array(BLOCK, sizeof(*found));
    float *queries = rec_alloc_aligned(BLOCK * space->dim, sizeof(*queries));
    rec_status rc = REC_OK;

    if (!near || !found || !queries)
        rc = rec_fail(err, REC_ENOMEM, "out of memory smoothing the vectors");
    s.near = near;
    s.found = found;
    for (; rc == REC_OK && s.first < space->count; s.first += BLOCK) {
        size_t n = space->count - s.first < BLOCK ? space->count - s.first : BLOCK;

        rec_space_restore(space, s.first, n, queries);
        rc = rec_index_search(index, queries, n, PROPOSED, threads, near, found, err);
        if (rc == REC_OK)
            rc = rec_parallel(n, threads, smooth_one, &s, err);
    }
    rec_free(near);
    rec_free(found);
    rec_free(queries);
    return rc;
}
