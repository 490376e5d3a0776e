/* Quantiles by nearest rank: see samples.h. */
#include "samples.h"

#include <stdlib.h>

void samples_add(struct samples *samples, const struct usage *usage)
{
    if (samples->count < SAMPLES_MAX)
        samples->wall[samples->count++] = usage->wall;
    samples->cpu += usage->cpu;
    samples->peak = usage->peak > samples->peak ? usage->peak : samples->peak;
}

static int by_size(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

double samples_quantile(struct samples *samples, double share)
{
    size_t rank = (size_t)(share * (double)samples->count);

    if (samples->count == 0)
        return 0;
    qsort(samples->wall, samples->count, sizeof(samples->wall[0]), by_size);
    return samples->wall[rank < samples->count ? rank : samples->count - 1];
}
