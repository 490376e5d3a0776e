/*
 * N-gram counts packed for comparing: two bytes a feature, features of one count side by side, so that an inner product is a sum of
 * look-ups and one multiplication for each count, without a branch or a weight a feature.
 *
 * A packed row is a run of 16-bit words:
 *   words[0], words[1]   how many groups blocks W and C have
 *   (count, features)    a pair for each group, those of W first: how often its features occur in the paper, and how many they are; the
 *                        counts of a block do not fall
 *   buckets              of each group in turn, rising
 */
#ifndef REC_PACKED_H
#define REC_PACKED_H

#include "rec/ngram.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A packed row, borrowed. `words` NULL: a paper without n-grams. */
typedef struct rec_packed {
    const uint16_t *words;
    size_t length; /* of `words` */
} rec_packed;

/** Words that packing `length` counts takes at most. */
size_t rec_pack_room(size_t length);

/** Pack `items` (length), which rise by feature, into `words` (rec_pack_room(length)). Returns the words used. */
size_t rec_pack(const rec_count *items, size_t length, uint16_t *words);

/** Whether a row that was read from a file is one: no group or bucket lies outside it. */
bool rec_packed_is_whole(rec_packed row);

/** Features of a whole row. */
size_t rec_packed_features(rec_packed row);

/** The counts that a whole row was packed from, by rising feature, into `items` (rec_packed_features(row)). */
void rec_packed_unpack(rec_packed row, rec_count *items);

/* The features of one block that occur equally often. */
typedef struct rec_group {
    uint32_t tf;
    const uint16_t *buckets; /* (count) rising */
    size_t count;
} rec_group;

/* A walk over the groups of a whole row: all of block W, then all of block C. */
typedef struct rec_group_walk {
    const uint16_t *pair;    /* of the next group */
    const uint16_t *buckets; /* of the next group */
    size_t left[REC_BLOCKS];
} rec_group_walk;

static inline rec_group_walk rec_packed_walk(rec_packed row)
{
    rec_group_walk walk = { .pair = NULL };

    if (row.words) {
        walk.pair = row.words + REC_BLOCKS;
        walk.left[0] = row.words[0];
        walk.left[1] = row.words[1];
        walk.buckets = walk.pair + 2 * (walk.left[0] + walk.left[1]);
    }
    return walk;
}

/* The next group of `block`; false behind its last. A block is walked to its end before the next one. */
static inline bool rec_packed_next(rec_group_walk *walk, unsigned block, rec_group *out)
{
    if (walk->left[block] == 0)
        return false;
    *out = (rec_group){ walk->pair[0], walk->buckets, walk->pair[1] };
    walk->left[block]--;
    walk->pair += 2;
    walk->buckets += out->count;
    return true;
}

#endif
