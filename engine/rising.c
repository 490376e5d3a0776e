/* A bar that rises: see rising.h. */
#include "rising.h"

#include <string.h>

static size_t bin_of(const rec_rising *rising, float likeness)
{
    float bin = (likeness + rising->offset) * rising->scale;
    size_t last = rising->bin_count - 1;

    return bin <= 0 ? 0 : bin >= (float)last ? last : (size_t)bin;
}

/* Throws out what fell below the bar, and, where that leaves no room, all but the best. */
static void make_room(rec_rising *rising)
{
    size_t kept = 0;

    for (size_t i = 0; i < rising->count; i++)
        if (bin_of(rising, rising->near[i].likeness) >= rising->bin)
            rising->near[kept++] = rising->near[i];
    rising->count = kept;
    if (kept < 2 * rising->keep)
        return;
    rec_nearest_select(rising->near, kept, rising->keep);
    rising->count = rising->held = rising->keep;
    memset(rising->bins, 0, rising->bin_count * sizeof(*rising->bins));
    for (size_t i = 0; i < rising->count; i++)
        rising->bins[bin_of(rising, rising->near[i].likeness)]++;
}

bool rec_rising_offer(rec_rising *rising, rec_near near)
{
    size_t bin = bin_of(rising, near.likeness), before = rising->bin;

    if (bin < rising->bin)
        return false;
    rising->near[rising->count++] = near;
    rising->bins[bin]++;
    rising->held++;
    while (rising->held - rising->bins[rising->bin] >= rising->keep)
        rising->held -= rising->bins[rising->bin++];
    if (rising->count == 2 * rising->keep)
        make_room(rising);
    return rising->bin > before;
}

float rec_rising_bar(const rec_rising *rising)
{
    return (float)rising->bin / rising->scale - rising->offset;
}

void rec_rising_finish(rec_rising *rising)
{
    if (rising->count <= rising->keep)
        return;
    rec_nearest_select(rising->near, rising->count, rising->keep);
    rising->count = rising->keep;
}
