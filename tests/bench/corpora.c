/* The files that the benchmark works on: see bench.h. */
#include "bench.h"
#include "pool.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool exists(const char *path)
{
    return access(path, R_OK) == 0;
}

/* Made papers alone, numbered from `first`. */
static rec_status write_made(const struct pool *pool, size_t count, uint64_t seed, uint64_t first, const char *path, rec_error *err)
{
    rec_random random = { seed };
    FILE *file = fopen(path, "we");
    rec_status rc = file ? REC_OK : rec_fail_errno(err, REC_EIO, errno, "cannot write '%s'", path);

    for (size_t i = 0; i < count && rc == REC_OK; i++) {
        struct bench_paper made;

        if ((rc = pool_mix(pool, &random, first + i, &made, err)) == REC_OK)
            rc = bench_paper_write(file, &made, err);
        if (rc == REC_OK)
            bench_paper_clear(&made);
    }
    if (file && fclose(file) != 0 && rc == REC_OK)
        rc = rec_fail_errno(err, REC_EIO, errno, "cannot write '%s'", path);
    return rc;
}

/* Ids drawn from the whole corpus; made papers are called by their number (pool.c). */
static rec_status write_ids(const struct bench *bench, const struct pool *pool, size_t count, const char *path, rec_error *err)
{
    rec_random random = { bench->seed + 1 };
    FILE *file = fopen(path, "we");

    if (!file)
        return rec_fail_errno(err, REC_EIO, errno, "cannot write '%s'", path);
    for (size_t n = 0; n < count; n++) {
        size_t i = rec_random_below(&random, bench->size);

        if (i < pool_count(pool))
            fprintf(file, "%s\n", pool_paper(pool, i)->id);
        else
            fprintf(file, "made-%08zu\n", i);
    }
    return fclose(file) == 0 ? REC_OK : rec_fail_errno(err, REC_EIO, errno, "cannot write '%s'", path);
}

/* ---- filters ------------------------------------------------------------------------------------------------------- */

/* Counts papers by category; NULL when memory is out. */
static json_t *count_categories(const struct pool *pool)
{
    json_t *counts = json_object();

    for (size_t i = 0; i < pool_count(pool) && counts; i++) {
        json_t *categories = pool_paper(pool, i)->categories ? json_loads(pool_paper(pool, i)->categories, 0, NULL) : NULL, *category;
        size_t at;

        json_array_foreach(categories, at, category)
        {
            const char *name = json_string_value(category);

            json_object_set_new(counts, name, json_integer(1 + json_integer_value(json_object_get(counts, name))));
        }
        json_decref(categories);
    }
    return counts;
}

/* For each share that is wanted, the category whose share is nearest by ratio; the same one is named once. */
static rec_status write_filters(const struct bench *bench, const struct pool *pool, rec_error *err)
{
    static const double wanted[] = { .5, .1, .01, .001, .0001 };
    json_t *counts = count_categories(pool), *count;
    const char *name, *last = "";
    FILE *file = fopen(bench->filters, "we");

    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]) && file; i++) {
        const char *best = NULL;
        double best_share = 0;

        json_object_foreach(counts, name, count)
        {
            double share = (double)json_integer_value(count) / (double)pool_count(pool);

            if (!best || fabs(log(share / wanted[i])) < fabs(log(best_share / wanted[i]))) {
                best = name;
                best_share = share;
            }
        }
        if (best && strcmp(best, last) != 0)
            fprintf(file, "%.6g %s\n", best_share, best);
        last = best ? best : "";
    }
    json_decref(counts);
    if (!file || fclose(file) != 0)
        return rec_fail_errno(err, REC_EIO, errno, "cannot write '%s'", bench->filters);
    return REC_OK;
}

rec_status make_corpora(const struct bench *bench, rec_error *err)
{
    /* What comes later has numbers and draws of its own, whatever the size of the corpus. */
    const struct {
        const char *path;
        size_t papers;
        uint64_t first;
    } made[] = { { bench->day, DAY_PAPERS, 90000000 },
                 { bench->next_day, DAY_PAPERS, 91000000 },
                 { bench->texts, bench->questions, 92000000 } };
    struct pool *pool = NULL;
    rec_status rc;

    if (exists(bench->corpus) && exists(bench->day) && exists(bench->next_day) && exists(bench->texts) && exists(bench->filters))
        return REC_OK;
    if ((rc = pool_read(bench->sources, bench->source_count, bench->size, &pool, err)) != REC_OK)
        return rc;
    rc = pool_write_corpus(pool, bench->size, bench->seed, bench->corpus, err);
    for (size_t i = 0; i < sizeof(made) / sizeof(made[0]) && rc == REC_OK; i++)
        rc = write_made(pool, made[i].papers, bench->seed + 2 + i, made[i].first, made[i].path, err);
    if (rc == REC_OK)
        rc = write_ids(bench, pool, EDITION_SEEDS, bench->ids, err);
    if (rc == REC_OK)
        rc = write_ids(bench, pool, MANY_SEEDS, bench->many_ids, err);
    if (rc == REC_OK)
        rc = write_filters(bench, pool, err);
    pool_free(pool);
    return rc;
}
