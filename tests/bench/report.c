/* The table, in Markdown: see bench.h. */
#include "bench.h"

#include "rec/model.h"

#include <dirent.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

void report_head(const struct bench *bench)
{
    const struct limits *l = &bench->limits;

    printf("%zu papers, seed %llu. One core: %.1f GB/s read in order, %.0f G products of floats, %.0f G products of bytes a second.\n\n",
           bench->size, (unsigned long long)bench->seed, l->bytes / 1e9, l->floats / 1e9, l->codes / 1e9);
    printf("| path | threads | runs | p50 | p99 | CPU a run | peak MiB | recall@10 | limit | rival, p50 |\n"
           "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
}

/* Three digits in the unit that suits the size. */
static void print_time(double time)
{
    if (time < 0)
        printf(" |");
    else if (time < 1e-3)
        printf(" %.3g us |", time * 1e6);
    else if (time < 1)
        printf(" %.3g ms |", time * 1e3);
    else
        printf(" %.*f s |", time < 100 ? 1 : 0, time);
}

static void print_beside(double time, const char *name)
{
    if (time < 0) {
        printf(" |");
        return;
    }
    printf(" %s:", name);
    print_time(time);
}

void report_row(const struct row *row)
{
    printf("| %s | %zu | %zu |", row->path, row->threads, row->count);
    print_time(row->p50);
    print_time(row->p99);
    print_time(row->cpu);
    printf(row->peak < 0 ? " |" : " %.0f |", row->peak);
    printf(row->recall < 0 ? " |" : " %.4f |", row->recall);
    print_beside(row->limit, row->limited_by);
    print_beside(row->rival, row->rival_name);
    printf("\n");
    fflush(stdout);
}

struct row row_of(const char *path, size_t threads, struct samples *samples)
{
    struct row row = ROW_INIT;

    row.path = path;
    row.threads = threads;
    row.count = samples->count;
    row.p50 = samples_quantile(samples, 0.5);
    row.p99 = samples_quantile(samples, 0.99);
    row.cpu = samples->count ? samples->cpu / (double)samples->count : 0;
    row.peak = samples->peak > 0 ? samples->peak : -1;
    return row;
}

double vector_dim(const struct bench *bench)
{
    return bench->size <= REC_SMALL_STORE ? REC_FIT_DIM + REC_TABLE_DIM : REC_FIT_DIM / 2 + REC_TABLE_DIM;
}

void report_disk(const struct bench *bench)
{
    char folder[PATH_MAX], name[PATH_MAX];
    struct dirent *entry;
    DIR *open_folder;

    snprintf(folder, sizeof(folder), "%s", bench->store);
    snprintf(name, sizeof(name), "%s", bench->store);
    const char *base = basename(name);
    open_folder = opendir(dirname(folder));
    printf("\nOn disk:");
    while (open_folder && (entry = readdir(open_folder))) {
        struct stat st;

        if (strncmp(entry->d_name, base, strlen(base)) == 0 && fstatat(dirfd(open_folder), entry->d_name, &st, 0) == 0 && st.st_size > 4096)
            printf(" `FILE%s` %.0f MB;", entry->d_name + strlen(base), (double)st.st_size / 1e6);
    }
    printf("\n");
    if (open_folder)
        closedir(open_folder);
}
