/* Several seeds: see seeds.h. */
#include "seeds.h"

#include "alloc.h"
#include "rec/clean.h"
#include "rec/vector.h"

static bool holds(const rec_doc *docs, size_t count, rec_doc doc)
{
    for (size_t i = 0; i < count; i++)
        if (docs[i] == doc)
            return true;
    return false;
}

rec_status rec_seeds_check(const rec_request *request, rec_error *err)
{
    size_t count = 1 + request->like_count + request->unlike_count;

    if (count > REC_MAX_SEEDS)
        return rec_fail(err, REC_EINVAL, "%zu seeds, and %d are the most", count, REC_MAX_SEEDS);
    for (size_t i = 0; i < request->unlike_count; i++)
        if (request->unlike[i] == request->doc || holds(request->like, request->like_count, request->unlike[i]))
            return rec_fail(err, REC_EINVAL, "a paper is among the seeds that results should be like, and among those they should not");
    return REC_OK;
}

void rec_seeds_clear(rec_seeds *seeds)
{
    for (size_t i = 0; i < seeds->count; i++)
        rec_live_seed_clear(&seeds->items[i]);
    rec_free(seeds->items);
    rec_free(seeds->seeds);
    rec_free(seeds->sum);
    *seeds = (rec_seeds){ .count = 0 };
}

/* The distinct papers of a list of seeds, without the one that was asked for. */
static rec_status add_papers(rec_live *live, const rec_request *request, const rec_doc *docs, size_t count, rec_seeds *seeds,
                             rec_error *err)
{
    rec_status rc = REC_OK;

    for (size_t i = 0; i < count && rc == REC_OK; i++) {
        if (docs[i] == request->doc || holds(docs, i, docs[i]))
            continue;
        rc = rec_live_make_seed(live, docs[i], NULL, &seeds->items[seeds->count], err);
        seeds->count += rc == REC_OK;
    }
    return rc;
}

/* A seed without a known n-gram is like nothing, and says nothing of what is wanted. */
static size_t count_texts(const rec_seeds *seeds, size_t from, size_t to)
{
    size_t texts = 0;

    for (size_t i = from; i < to; i++)
        texts += seeds->seeds[i].view.dense.factor != 0;
    return texts;
}

static void weigh(rec_seeds *seeds, size_t liked, size_t dim)
{
    size_t like_texts = count_texts(seeds, 0, liked), unlike_texts = count_texts(seeds, liked, seeds->count);
    float sum[REC_DIM_MAX] = { 0 };

    for (size_t i = 0; i < seeds->count; i++) {
        rec_seed *seed = &seeds->seeds[i];

        if (seed->view.dense.factor == 0)
            seed->weight = 0;
        else
            seed->weight = i < liked ? 1.0f / (float)like_texts : -REC_UNLIKE / (float)unlike_texts;
        rec_add_scaled_bytes(sum, seed->weight * seed->view.dense.factor, seed->view.dense.items, dim);
    }
    seeds->vector = (rec_code){ seeds->sum, rec_codes_round(sum, dim, seeds->sum) };
    if (seeds->count == 1 || seeds->vector.factor == 0)
        seeds->vector = seeds->seeds[0].view.dense;
}

rec_status rec_seeds_make_first(rec_live *live, const rec_request *request, rec_live_seed *out, rec_error *err)
{
    rec_text text = { .title = request->title,
                      .abstract = request->abstract,
                      .authors = request->authors,
                      .title_key = request->title ? rec_text_key(request->title) : 0,
                      .abstract_key = request->abstract ? rec_text_key(request->abstract) : 0 };

    return rec_live_make_seed(live, request->doc, &text, out, err);
}

rec_status rec_seeds_make(rec_live *live, const rec_request *request, rec_seeds *out, rec_error *err)
{
    size_t room = 1 + request->like_count + request->unlike_count, liked;
    rec_seeds seeds = { .items = rec_alloc_array(room, sizeof(*seeds.items)),
                        .seeds = rec_alloc_array(room, sizeof(*seeds.seeds)),
                        .sum = rec_alloc_aligned(live->space.dim, 1) };
    rec_status rc;

    if (!seeds.items || !seeds.seeds || !seeds.sum) {
        rc = rec_fail(err, REC_ENOMEM, "out of memory for a question");
        goto failed;
    }
    if ((rc = rec_seeds_make_first(live, request, &seeds.items[0], err)) != REC_OK)
        goto failed;
    seeds.count = 1;
    if ((rc = add_papers(live, request, request->like, request->like_count, &seeds, err)) != REC_OK)
        goto failed;
    liked = seeds.count;
    if ((rc = add_papers(live, request, request->unlike, request->unlike_count, &seeds, err)) != REC_OK)
        goto failed;
    for (size_t i = 0; i < seeds.count; i++) {
        seeds.seeds[i] = seeds.items[i].seed;
        if (request->without_authors)
            seeds.seeds[i].view.authors = (rec_authors){ NULL, 0 };
    }
    weigh(&seeds, liked, live->space.dim);
    *out = seeds;
    return REC_OK;

failed:
    rec_seeds_clear(&seeds);
    return rc;
}
