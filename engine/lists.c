/* Batches of neighbour lists: see lists.h. */
#include "lists.h"

#include "alloc.h"
#include "parallel.h"

#define BLOCK 2048

struct block {
    const rec_list_maker *maker;
    const uint32_t *rows; /* (length) seeds of this block */
    size_t length, wanted;
    float *queries;  /* (BLOCK, dim) */
    rec_near *near;  /* (BLOCK, wanted) */
    size_t *found;   /* (BLOCK) */
    rec_list *lists; /* (BLOCK) */
    rec_query *query[REC_MAX_THREADS];
    rec_ranked *ranked[REC_MAX_THREADS];   /* (wanted) each */
    uint32_t *candidates[REC_MAX_THREADS]; /* (wanted) each */
    unsigned threads;
};

size_t rec_candidates(size_t count)
{
    return count <= REC_SCORE_ALL ? count : REC_CANDIDATES;
}

static rec_status make_one(size_t task, unsigned thread, void *context, rec_error *err)
{
    struct block *block = context;
    const rec_list_maker *maker = block->maker;
    const rec_near *near = block->near + task * block->wanted;
    rec_list *list = &block->lists[task];
    size_t found = block->found[task], ranked = 0;
    rec_seed seed;
    rec_status rc;

    list->count = 0;
    list->reach = found < maker->space->count && found > 0 ? near[found - 1].likeness : -2;
    if ((rc = rec_rank_seed(maker->space, &maker->source, block->rows[task], &seed, err)) != REC_OK)
        return rc;
    for (size_t i = 0; i < found; i++)
        block->candidates[thread][i] = near[i].row;
    rc = rec_rank(maker->space, &seed, &maker->source, block->query[thread], block->candidates[thread], found, block->ranked[thread],
                  &ranked, err);
    for (size_t i = 0; i < ranked && i < REC_LIST_LENGTH; i++)
        list->items[list->count++] =
            (rec_neighbour){ maker->space->docs[block->ranked[thread][i].row], block->ranked[thread][i].parts.total };
    return rc;
}

static rec_status run_block(struct block *block, rec_error *err)
{
    const rec_list_maker *maker = block->maker;
    rec_status rc;

    for (size_t i = 0; i < block->length; i++)
        rec_space_restore(maker->space, block->rows[i], 1, block->queries + i * maker->space->dim);
    rc = rec_index_search(maker->index, block->queries, block->length, block->wanted, block->threads, block->near, block->found, err);
    return rc == REC_OK ? rec_parallel(block->length, block->threads, make_one, block, err) : rc;
}

static rec_status block_new(struct block *block, rec_error *err)
{
    size_t dim = block->maker->space->dim;

    block->queries = rec_alloc_aligned(BLOCK * dim, sizeof(*block->queries));
    block->near = rec_alloc_array(BLOCK * block->wanted, sizeof(*block->near));
    block->found = rec_alloc_array(BLOCK, sizeof(*block->found));
    block->lists = rec_alloc_array(BLOCK, sizeof(*block->lists));
    if (!block->queries || !block->near || !block->found || !block->lists)
        return rec_fail(err, REC_ENOMEM, "out of memory making neighbour lists");
    for (unsigned i = 0; i < block->threads; i++) {
        rec_status rc = rec_query_new(block->maker->model, &block->query[i], err);

        if (rc != REC_OK)
            return rc;
        block->ranked[i] = rec_alloc_array(block->wanted, sizeof(*block->ranked[i]));
        block->candidates[i] = rec_alloc_array(block->wanted, sizeof(*block->candidates[i]));
        if (!block->ranked[i] || !block->candidates[i])
            return rec_fail(err, REC_ENOMEM, "out of memory making neighbour lists");
    }
    return REC_OK;
}

static void block_clear(struct block *block)
{
    for (unsigned i = 0; i < block->threads; i++) {
        rec_query_free(block->query[i]);
        rec_free(block->ranked[i]);
        rec_free(block->candidates[i]);
    }
    rec_free(block->queries);
    rec_free(block->near);
    rec_free(block->found);
    rec_free(block->lists);
}

rec_status rec_lists_make(const rec_list_maker *maker, const uint32_t *rows, size_t count, rec_list_sink sink, void *context,
                          rec_error *err)
{
    struct block *block;
    rec_status rc;

    if (count == 0)
        return REC_OK;
    if (!(block = rec_alloc(sizeof(*block))))
        return rec_fail(err, REC_ENOMEM, "out of memory making neighbour lists");
    block->maker = maker;
    block->wanted = rec_candidates(maker->space->count);
    block->threads = maker->threads < 1 ? 1 : maker->threads > REC_MAX_THREADS ? REC_MAX_THREADS : maker->threads;
    rc = block_new(block, err);
    for (size_t done = 0; rc == REC_OK && done < count; done += block->length) {
        block->rows = rows + done;
        block->length = count - done < BLOCK ? count - done : BLOCK;
        rc = run_block(block, err);
        for (size_t i = 0; i < block->length && rc == REC_OK; i++)
            rc = sink(block->rows[i], &block->lists[i], context, err);
        rec_progress_report(maker->progress, "comparing", done + block->length, count);
    }
    block_clear(block);
    rec_free(block);
    return rc;
}
