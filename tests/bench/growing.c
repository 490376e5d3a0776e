/* Making a store and adding to it: see bench.h. */
#include "bench.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define READS 200

/* `products` of byte codes are what the machine would need at least; 0: nothing is said of that. */
static rec_status run_once(const struct bench *bench, const char *path, char *const argv[], double products, rec_error *err)
{
    struct samples samples = { .count = 0 };
    struct usage usage;
    struct row row;
    rec_status rc = process_run(argv, &usage, err);

    if (rc != REC_OK)
        return rc;
    samples_add(&samples, &usage);
    row = row_of(path, bench->threads, &samples);
    if (products > 0) {
        row.limit = products / bench->limits.codes / (double)bench->threads;
        row.limited_by = "products of all pairs";
    }
    report_row(&row);
    return REC_OK;
}

rec_status measure_making(const struct bench *bench, rec_error *err)
{
    char threads[24];
    char *import[] = {
        (char *)bench->program, "--db", (char *)bench->store, "import", "--quiet", "--no-build", (char *)bench->corpus, NULL
    };
    char *build[] = { (char *)bench->program, "--db", (char *)bench->store, "build", "--quiet", "--threads", threads, NULL };
    rec_status rc;

    snprintf(threads, sizeof(threads), "%zu", bench->threads);
    if (access(bench->store, R_OK) == 0)
        return REC_OK;
    rc = run_once(bench, "`import --no-build`", import, 0, err);
    return rc == REC_OK ? run_once(bench, "`build`", build, (double)bench->size * (double)bench->size * vector_dim(bench) / 2, err) : rc;
}

/* Calls for stored papers, one after the other, at least READS of them and until `busy` has ended. */
static rec_status read_beside(const struct bench *bench, pid_t busy, char *const busy_argv[], struct samples *out, struct usage *import,
                              rec_error *err)
{
    FILE *ids = fopen(bench->many_ids, "re");
    rec_status rc = ids ? REC_OK : rec_fail_errno(err, REC_EIO, errno, "cannot read '%s'", bench->many_ids);
    char id[512];

    for (size_t i = 0; i < READS && rc == REC_OK && fgets(id, sizeof(id), ids); i++) {
        char *call[] = { (char *)bench->program, "--db", (char *)bench->store, "similar", id, NULL };
        struct usage usage;

        id[strcspn(id, "\n")] = '\0';
        if ((rc = process_run(call, &usage, err)) == REC_OK)
            samples_add(out, &usage);
    }
    if (ids)
        fclose(ids);
    if (busy > 0) {
        rec_status waited = process_wait(busy, busy_argv, import, rc == REC_OK ? err : NULL);

        rc = rc == REC_OK ? waited : rc;
    }
    return rc;
}

/* The rival of a reader beside an import is a reader alone. The import has one thread, so that a processor is left for the readers. */
static rec_status readers_beside_import(const struct bench *bench, rec_error *err)
{
    char *import[] = { (char *)bench->program,  "--db", (char *)bench->store, "import", "--quiet", "--threads", "1",
                       (char *)bench->next_day, NULL };
    struct samples alone = { .count = 0 }, beside = { .count = 0 };
    struct usage usage;
    struct row row;
    pid_t process = 0;
    rec_status rc = read_beside(bench, 0, NULL, &alone, NULL, err);

    if (rc == REC_OK)
        rc = process_start(import, &process, err);
    if (rc == REC_OK)
        rc = read_beside(bench, process, import, &beside, &usage, err);
    if (rc != REC_OK)
        return rc;
    row = row_of("a stored paper while an import of 1,000 runs", 1, &beside);
    row.rival = samples_quantile(&alone, 0.5);
    row.rival_name = "the same without it";
    report_row(&row);
    return REC_OK;
}

rec_status measure_growing(const struct bench *bench, rec_error *err)
{
    char threads[24];
    char *import[] = { (char *)bench->program, "--db", (char *)bench->store, "import", "--quiet", "--threads", threads,
                       (char *)bench->day,     NULL };
    rec_status rc;

    snprintf(threads, sizeof(threads), "%zu", bench->threads);
    rc = run_once(bench, "`import` of 1,000 more papers", import, DAY_PAPERS * (double)bench->size * vector_dim(bench), err);
    return rc == REC_OK ? readers_beside_import(bench, err) : rc;
}
