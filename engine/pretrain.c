/* Training a table on a store's papers: see rec/pretrain.h. What a step does is models/contrast.c's. */
#include "rec/pretrain.h"

#include "alloc.h"
#include "corpus.h"
#include "parallel.h"
#include "rec/table.h"
#include "rec/vector.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MIN_PAPERS 2 /* a feature of one paper alone says nothing of its likeness to others */
#define WARM_UP 20   /* steps */

static rec_status check_options(const rec_pretrain_options *o, rec_error *err)
{
    if (o->passes < 1 || o->passes > REC_PRETRAIN_MAX_PASSES)
        return rec_fail(err, REC_EINVAL, "passes must be 1 to %d, not %zu", REC_PRETRAIN_MAX_PASSES, o->passes);
    if (o->batch < 2 || o->batch > REC_PRETRAIN_MAX_BATCH)
        return rec_fail(err, REC_EINVAL, "the batch must be 2 to %d, not %zu", REC_PRETRAIN_MAX_BATCH, o->batch);
    if (!((float)o->temperature >= REC_TEMPERATURE_MIN && o->temperature <= 10))
        return rec_fail(err, REC_EINVAL, "the temperature must be %g to 10, not %g", (double)REC_TEMPERATURE_MIN, o->temperature);
    if (!(o->rate > 0 && o->rate <= 10))
        return rec_fail(err, REC_EINVAL, "the rate must be above 0 and at most 10, not %g", o->rate);
    if (!(o->title_share >= 0 && o->author_share >= 0 && o->title_share + o->author_share <= 1))
        return rec_fail(err, REC_EINVAL, "the shares of titles and authors must be 0 or more and at most 1 together, not %g and %g",
                        o->title_share, o->author_share);
    return REC_OK;
}

/* What would make the writing fail at the end of a long training, or destroy the papers. */
static rec_status check_output(const rec_store *store, const char *path, rec_error *err)
{
    const char *slash = strrchr(path, '/');
    struct stat output;
    char folder[PATH_MAX];

    snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path + 1) : 1, slash ? path : ".");
    if (access(folder, W_OK | X_OK) != 0)
        return rec_fail_errno(err, REC_EIO, errno, "cannot write '%s'", path);
    if (stat(path, &output) == 0 && S_ISDIR(output.st_mode))
        return rec_fail_errno(err, REC_EIO, EISDIR, "cannot write '%s'", path);
    if (rec_store_uses(rec_store_path(store), path))
        return rec_fail(err, REC_EINVAL, "cannot write the table to '%s': that is the store, or a file of it", path);
    return REC_OK;
}

/* ln((N + 1) / (df + 1)) of block W; 0, which leaves a feature out, where too few papers have it. N is the papers with text. */
static void weigh_features(const rec_corpus *corpus, float *idf)
{
    for (uint32_t bucket = 0; bucket < REC_BLOCK_BUCKETS; bucket++)
        if (corpus->papers_with[bucket] >= MIN_PAPERS)
            idf[bucket] = (float)rec_log((double)(corpus->with_text + 1) / (double)(corpus->papers_with[bucket] + 1));
}

/*
 * Rows of about unit length. Each component is the sum of four uniform numbers of 16 bits, which is near enough to Gaussian (Irwin and
 * Hall, Biometrika 19, 1927) and needs no function of the C mathematics library.
 */
static void draw_rows(uint64_t seed, float *rows)
{
    const double mean = 4 * 32767.5, deviation = 1.7320508075688772 / 3 * 65536; /* of the sum: four times a variance of 65536^2 / 12 */
    rec_random random = { seed };

    for (size_t i = 0; i < (size_t)REC_BLOCK_BUCKETS * REC_TABLE_DIM; i++) {
        uint64_t bits = rec_random_next(&random);
        uint64_t sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48);

        rows[i] = (float)(((double)sum - mean) / deviation / 16);
    }
}

static void tell_step(void *context, size_t step, size_t steps)
{
    rec_progress_report(context, "training", step, steps);
}

static rec_training_plan plan_for(const rec_pretrain_options *o, size_t usable, unsigned threads)
{
    rec_training_plan plan = { .batch = o->batch,
                               .temperature = (float)o->temperature,
                               .rate = (float)o->rate,
                               .warm_up = WARM_UP,
                               .title_share = (float)o->title_share,
                               .author_share = (float)o->author_share,
                               .seed = o->seed,
                               .threads = threads,
                               .progress = tell_step,
                               .context = (void *)&o->progress };

    rec_training_plan_steps(&plan, usable, o->passes * usable);
    return plan;
}

/* Reads the saved table's fingerprint back, and so verifies what was written. */
static rec_status read_back(const char *path, char fingerprint[REC_FINGERPRINT_CHARS], rec_error *err)
{
    rec_table *table;
    rec_status rc = rec_table_open(path, &table, err);

    if (rc != REC_OK)
        return rc;
    memcpy(fingerprint, rec_table_fingerprint(table), REC_FINGERPRINT_CHARS);
    rec_table_close(table);
    return REC_OK;
}

rec_status rec_pretrain(rec_store *store, const rec_pretrain_options *options, const char *path, rec_pretrain_report *report,
                        rec_error *err)
{
    unsigned threads = options->threads ? options->threads : rec_processors();
    const rec_corpus_wishes wishes = { .authors = true, .texts = SIZE_MAX };
    rec_corpus corpus = REC_CORPUS_INIT;
    float *rows = NULL, *idf = NULL;
    rec_training_plan plan;
    rec_training texts;
    rec_status rc;

    *report = (rec_pretrain_report){ .papers = 0 };
    if ((rc = check_options(options, err)) != REC_OK || (rc = check_output(store, path, err)) != REC_OK)
        return rc;
    if ((rc = rec_corpus_load(store, &wishes, threads, &options->progress, &corpus, err)) != REC_OK)
        return rc;
    texts = rec_corpus_texts(&corpus);
    report->usable = rec_training_usable(&texts);
    if (report->usable < REC_PRETRAIN_LEAST) {
        rc =
            rec_fail(err, REC_EFORMAT, "cannot train on '%s': %llu papers with a title and an abstract long enough, at least %d are needed",
                     rec_store_path(store), (unsigned long long)report->usable, REC_PRETRAIN_LEAST);
        goto done;
    }
    rows = rec_alloc_aligned(REC_BLOCK_BUCKETS, REC_TABLE_DIM * sizeof(*rows));
    idf = rec_alloc_array(REC_BLOCK_BUCKETS, sizeof(*idf));
    if (!rows || !idf) {
        rc = rec_fail(err, REC_ENOMEM, "out of memory for training");
        goto done;
    }
    report->papers = corpus.with_text;
    weigh_features(&corpus, idf);
    draw_rows(options->seed + 2, rows); /* the training draws from the seed and the next */
    plan = plan_for(options, (size_t)report->usable, threads);
    report->steps = plan.steps;
    if ((rc = rec_table_train(&texts, idf, &plan, rows, err)) != REC_OK)
        goto done;
    if ((rc = rec_table_save(rows, idf, report->papers, path, err)) == REC_OK)
        rc = read_back(path, report->fingerprint, err);

done:
    rec_free(rows);
    rec_free(idf);
    rec_corpus_clear(&corpus);
    return rc;
}
