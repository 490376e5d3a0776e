/* Packing n-gram counts: see packed.h. */
#include "rec/packed.h"

#include <string.h>

#define GROUP_MAX UINT16_MAX /* features of a group; more of one count make two groups */

size_t rec_pack_room(size_t length)
{
    return REC_BLOCKS + 3 * length; /* every feature a group of its own */
}

/* The least count of a block's items that is above `tf`; 0 where there is none. */
static uint32_t next_tf(const rec_count *items, size_t length, uint32_t tf)
{
    uint32_t least = UINT32_MAX;

    for (size_t i = 0; i < length; i++) {
        uint32_t other = rec_count_tf(items[i]);
        least = other > tf && other < least ? other : least;
    }
    return least == UINT32_MAX ? 0 : least;
}

/* Adds a block's pairs at `pair` and its buckets at `buckets`, once for each count that occurs. Returns its groups. */
static uint16_t pack_block(const rec_count *items, size_t length, uint16_t *pair, uint16_t *buckets)
{
    uint16_t groups = 0;

    for (uint32_t tf = next_tf(items, length, 0); tf; tf = next_tf(items, length, tf)) {
        uint32_t count = 0;

        for (size_t i = 0; i < length; i++) {
            if (rec_count_tf(items[i]) != tf)
                continue;
            if (count == GROUP_MAX) {
                pair[2 * groups] = (uint16_t)tf;
                pair[2 * groups++ + 1] = (uint16_t)count;
                count = 0;
            }
            *buckets++ = (uint16_t)(rec_count_feature(items[i]) % REC_BLOCK_BUCKETS);
            count++;
        }
        pair[2 * groups] = (uint16_t)tf;
        pair[2 * groups++ + 1] = (uint16_t)count;
    }
    return groups;
}

size_t rec_pack(const rec_count *items, size_t length, uint16_t *words)
{
    size_t in_w = 0, pairs;
    uint16_t *pair = words + REC_BLOCKS;
    uint16_t *buckets = pair + 2 * length; /* behind all the pairs there can be; moved up when they are known */

    while (in_w < length && rec_count_feature(items[in_w]) < REC_BLOCK_BUCKETS)
        in_w++;
    words[0] = pack_block(items, in_w, pair, buckets);
    words[1] = pack_block(items + in_w, length - in_w, pair + 2 * words[0], buckets + in_w);
    pairs = 2 * ((size_t)words[0] + words[1]);
    memmove(pair + pairs, buckets, length * sizeof(*buckets));
    return REC_BLOCKS + pairs + length;
}

bool rec_packed_is_whole(rec_packed row)
{
    size_t groups, features = 0;

    if (row.length < REC_BLOCKS)
        return false;
    groups = (size_t)row.words[0] + row.words[1];
    if (row.length - REC_BLOCKS < 2 * groups)
        return false;
    for (size_t g = 0; g < groups; g++) {
        features += row.words[REC_BLOCKS + 2 * g + 1];
        if (row.words[REC_BLOCKS + 2 * g] == 0 || row.words[REC_BLOCKS + 2 * g] > REC_TF_MAX)
            return false;
    }
    return features == row.length - REC_BLOCKS - 2 * groups;
}

size_t rec_packed_features(rec_packed row)
{
    return row.words ? row.length - REC_BLOCKS - 2 * ((size_t)row.words[0] + row.words[1]) : 0;
}

static rec_count count_of(unsigned block, rec_group group, size_t i)
{
    return (block * REC_BLOCK_BUCKETS + group.buckets[i]) << REC_TF_BITS | group.tf;
}

/* Merges a group into `merged` (length), before which there is room for it. Returns where the two begin. */
static rec_count *merge(unsigned block, rec_group group, rec_count *merged, size_t length)
{
    rec_count *start = merged - group.count, *out = start;
    size_t g = 0, m = 0;

    while (g < group.count) {
        rec_count next = count_of(block, group, g);

        if (m < length && merged[m] < next) {
            *out++ = merged[m++];
        } else {
            *out++ = next;
            g++;
        }
    }
    return start;
}

/* Merges a block's groups into `items`, which ends at `end`. The last are the smallest: taken first, they are moved often and cheaply. */
static void unpack_block(unsigned block, const uint16_t *pairs, size_t groups, const uint16_t *buckets_end, rec_count *end)
{
    rec_count *start = end;

    while (groups-- > 0) {
        rec_group group = { pairs[2 * groups], NULL, pairs[2 * groups + 1] };

        buckets_end -= group.count;
        group.buckets = buckets_end;
        start = merge(block, group, start, (size_t)(end - start));
    }
}

void rec_packed_unpack(rec_packed row, rec_count *items)
{
    rec_group_walk walk = rec_packed_walk(row);
    size_t in_w = 0;
    rec_group group;

    if (!row.words)
        return;
    while (rec_packed_next(&walk, 0, &group))
        in_w += group.count;
    unpack_block(0, row.words + REC_BLOCKS, row.words[0], walk.buckets, items + in_w);
    unpack_block(1, walk.pair, row.words[1], row.words + row.length, items + rec_packed_features(row));
}
