/* Batches of neighbour lists: see lists.h. */
#include "lists.h"

#include "alloc.h"
#include "scorers.h"

#define BLOCK 2048

/*
 * Small stores, where dense vectors weigh half: the nearest 200 hold all of the final ten at 21,000 papers (docs/evaluation.md), and up to
 * SCORE_ALL papers all are scored. In large stores n-grams weigh more, so the net is cast wider, and what it holds is sorted out by words
 * before it is scored (docs/performance.md has what is lost).
 */
#define SCORE_ALL 512
#define NEAREST_FOR_ONE 5 /* in a large store */

struct block {
    const rec_list_maker *maker;
    const uint32_t *rows; /* (length) seeds of this block */
    size_t done;          /* seeds before them */
    size_t length, wanted, scored;
    float *queries;  /* (BLOCK, dim) */
    rec_near *near;  /* (BLOCK, wanted) */
    size_t *found;   /* (BLOCK) */
    rec_list *lists; /* (BLOCK) */
    rec_scorers scorers;
};

size_t rec_scored(size_t count)
{
    return count <= SCORE_ALL ? count : REC_SCORED;
}

size_t rec_nearest_for(const rec_model *model, size_t scored, size_t count)
{
    size_t nearest = rec_model_is_small(model) ? scored : NEAREST_FOR_ONE * scored;

    return nearest < count ? nearest : count;
}

/* The likeness of the farthest that was found; below all where no other was left. */
static float reach_of(const struct block *block, const rec_near *near, size_t found)
{
    bool any_left = found == block->wanted && found < block->maker->space->count;
    float least = any_left ? near[0].likeness : -2;

    for (size_t i = 1; i < found && any_left; i++)
        least = near[i].likeness < least ? near[i].likeness : least;
    return least;
}

static rec_status make_one(size_t task, unsigned thread, void *context, rec_error *err)
{
    struct block *block = context;
    const rec_list_maker *maker = block->maker;
    rec_near *near = block->near + task * block->wanted;
    rec_list *list = &block->lists[task];
    rec_query *query = block->scorers.query[thread];
    rec_ranked *ranked = block->scorers.ranked[thread];
    uint32_t *candidates = block->scorers.candidates[thread];
    size_t found = block->found[task], count = 0;
    rec_seed seed;
    rec_status rc;

    list->count = 0;
    list->reach = reach_of(block, near, found);
    if ((rc = rec_rank_seed(maker->space, maker->grams, block->rows[task], &seed, err)) != REC_OK)
        return rc;
    rec_query_set(query, &seed.view);
    if ((rc = rec_rank_narrow(maker->space, maker->grams, query, near, found, block->scored, err)) != REC_OK)
        return rc;
    for (size_t i = 0; i < found && i < block->scored; i++)
        candidates[count++] = near[i].row;
    rc = rec_rank(maker->space, &seed, maker->grams, query, candidates, count, ranked, &count, err);
    for (size_t i = 0; rc == REC_OK && i < count && i < REC_LIST_LENGTH; i++)
        list->items[list->count++] = (rec_neighbour){ maker->space->docs[ranked[i].row], ranked[i].parts.total };
    return rc;
}

/* The nearest rows of the block's in all parts, or, row by row of one cell, in the cells near to that. */
static rec_status match(struct block *block, rec_error *err)
{
    const rec_list_maker *maker = block->maker;
    const rec_cells *cells = maker->cells;
    rec_match match = { maker->space->dense, maker->space->factors, NULL, 0, NULL, 0, block->wanted, maker->reaches, NULL };
    rec_status rc = REC_OK;

    for (size_t at = 0; at < block->length && rc == REC_OK; at += match.count) {
        match.rows = block->rows + at;
        match.count = block->length - at;
        if (cells) {
            uint32_t cell = cells->cell[block->rows[at]];

            match.count = 1;
            while (at + match.count < block->length && cells->cell[block->rows[at + match.count]] == cell)
                match.count++;
            match.parts = cells->near + (size_t)cell * cells->count;
            match.part_count = maker->probes;
        }
        match.reached = maker->reaches ? maker->reached + block->done + at : NULL;
        rc = rec_panels_match(maker->panels, &match, block->scorers.threads, block->near + at * block->wanted, block->found + at, err);
    }
    return rc;
}

static rec_status propose(struct block *block, rec_error *err)
{
    const rec_list_maker *maker = block->maker;
    const rec_space *space = maker->space;

    if (maker->panels)
        return match(block, err);
    for (size_t i = 0; i < block->length; i++)
        rec_space_restore(space, block->rows[i], 1, block->queries + i * space->dim);
    return rec_index_search(maker->index, block->queries, block->length, block->wanted, block->scorers.threads, block->near, block->found,
                            err);
}

static rec_status run_block(struct block *block, rec_error *err)
{
    rec_status rc = propose(block, err);

    if (rc == REC_OK)
        rc = rec_parallel(block->length, block->scorers.threads, make_one, block, err);
    rec_grams_release(block->maker->grams);
    return rc;
}

static rec_status block_new(struct block *block, rec_error *err)
{
    size_t dim = block->maker->space->dim;

    block->queries = block->maker->index ? rec_alloc_aligned(BLOCK * dim, sizeof(*block->queries)) : NULL;
    block->near = rec_alloc_array(BLOCK * block->wanted, sizeof(*block->near));
    block->found = rec_alloc_array(BLOCK, sizeof(*block->found));
    block->lists = rec_alloc_array(BLOCK, sizeof(*block->lists));
    if ((block->maker->index && !block->queries) || !block->near || !block->found || !block->lists)
        return rec_fail(err, REC_ENOMEM, "out of memory making neighbour lists");
    return rec_scorers_make(&block->scorers, block->maker->model, block->maker->threads, block->scored, err);
}

static void block_clear(struct block *block)
{
    rec_scorers_clear(&block->scorers);
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
    block->scored = rec_scored(maker->space->count);
    block->wanted = rec_nearest_for(maker->model, block->scored, maker->space->count);
    rc = block_new(block, err);
    for (; rc == REC_OK && block->done < count; block->done += block->length) {
        block->rows = rows + block->done;
        block->length = count - block->done < BLOCK ? count - block->done : BLOCK;
        rc = run_block(block, err);
        for (size_t i = 0; i < block->length && rc == REC_OK; i++)
            rc = sink(block->rows[i], &block->lists[i], context, err);
        rec_progress_report(maker->progress, "comparing", block->done + block->length, count);
    }
    block_clear(block);
    rec_free(block);
    return rc;
}
