/* Maximal marginal relevance: see diversity.h. */
#include "diversity.h"

#include "alloc.h"

struct pool {
    rec_live *live;
    const rec_hit *hits;             /* (count) best first */
    const struct rec_chosen *chosen; /* (count) the same: nothing is passed over before a diverse answer is put in order */
    size_t *rows;                    /* (count) of the papers that were scored for them */
    float *nearest;                  /* (count) greatest likeness to a result taken so far */
    bool *taken;                     /* (count) */
    size_t count;
    float diversity;
};

static rec_status view_of(const struct pool *pool, size_t i, rec_view *out, rec_error *err)
{
    rec_packed packed;
    rec_status rc = rec_grams_row(&pool->live->grams, pool->rows[i], &packed, err);

    if (rc == REC_OK)
        *out = rec_rank_view(&pool->live->space, pool->rows[i], packed); /* touched when it was scored */
    return rc;
}

/* Takes one, and notes how like it the others are. */
static rec_status take(struct pool *pool, size_t which, bool first, rec_error *err)
{
    rec_view view;
    rec_status rc = view_of(pool, which, &view, err);

    pool->taken[which] = true;
    if (rc != REC_OK)
        return rc;
    rec_query_set(pool->live->query, &view);
    for (size_t i = 0; i < pool->count && rc == REC_OK; i++) {
        float likeness;

        if (pool->taken[i] || (rc = view_of(pool, i, &view, err)) != REC_OK)
            continue;
        likeness = rec_query_score(pool->live->query, &view).total;
        if (first || likeness > pool->nearest[i])
            pool->nearest[i] = likeness;
    }
    return rc;
}

static size_t next(const struct pool *pool)
{
    size_t best = pool->count;
    float most = 0;

    for (size_t i = 0; i < pool->count; i++) {
        float worth = (1 - pool->diversity) * pool->hits[i].score - pool->diversity * pool->nearest[i];

        if (!pool->taken[i] && (best == pool->count || worth > most)) {
            best = i;
            most = worth;
        }
    }
    return best;
}

/* The first `wanted` places of the pool into `order`. */
static rec_status put_in_order(struct pool *pool, size_t *order, size_t wanted, rec_error *err)
{
    rec_status rc = REC_OK;

    for (size_t i = 0; i < pool->count && rc == REC_OK; i++)
        rc = rec_space_row(&pool->live->space, pool->chosen[i].met, &pool->rows[i], err);
    for (size_t n = 0; n < wanted && rc == REC_OK; n++) {
        order[n] = n == 0 ? 0 : next(pool);
        rc = take(pool, order[n], n == 0, err);
    }
    return rc;
}

rec_status rec_diversify(rec_choosing *c, rec_error *err)
{
    const rec_request *request = c->request;
    size_t count = c->answer->count, places = request->offset + request->limit, wanted = places < count ? places : count;
    struct pool pool = { .live = &c->engine->live,
                         .hits = c->answer->hits,
                         .chosen = c->chosen,
                         .rows = rec_alloc_array(count, sizeof(*pool.rows)),
                         .nearest = rec_alloc_array(count, sizeof(*pool.nearest)),
                         .taken = rec_alloc_array(count, sizeof(*pool.taken)),
                         .count = count,
                         .diversity = request->diversity };
    size_t *order = rec_alloc_array(wanted, sizeof(*order));
    rec_status rc = REC_ENOMEM;

    if (pool.rows && pool.nearest && pool.taken && order)
        rc = put_in_order(&pool, order, wanted, err);
    else
        rc = rec_fail(err, rc, "out of memory for a question");
    if (rc == REC_OK)
        rc = rec_choosing_reorder(c, order, wanted, err);
    rec_free(pool.rows);
    rec_free(pool.nearest);
    rec_free(pool.taken);
    rec_free(order);
    return rc;
}
