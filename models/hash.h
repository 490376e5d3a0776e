/*
 * The hashes behind n-gram features. Read byte by byte, so the same on every machine; frozen by golden values in the tests, because a
 * stored model depends on them.
 */
#ifndef REC_HASH_H
#define REC_HASH_H

#include "rec/ngram.h"

#include <stddef.h>
#include <stdint.h>

#define REC_FNV_BASIS 2166136261u

/** FNV-1a, 32 bits (Fowler, Noll and Vo), going on from `hash`. */
static inline uint32_t rec_fnv1a(uint32_t hash, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        hash ^= (uint8_t)bytes[i];
        hash *= 16777619u;
    }
    return hash;
}

/** The finaliser of MurmurHash3, 32 bits (Appleby): spreads FNV's weak high bits. */
static inline uint32_t rec_mix32(uint32_t h)
{
    h ^= h >> 16;
    h *= 0x85EBCA6Bu;
    h ^= h >> 13;
    h *= 0xC2B2AE35u;
    return h ^ h >> 16;
}

/** An adjacent pair of words, in order, from the hashes of its two stems. */
static inline uint32_t rec_hash_pair(uint32_t first, uint32_t second)
{
    return rec_mix32(first * 0x9E3779B1u + second + 0x7F4A7C15u);
}

/** The bucket that a hash falls into: its upper bits. */
static inline uint32_t rec_bucket(uint32_t hash)
{
    return hash >> (32 - REC_BLOCK_BITS);
}

/** Buckets of block W: of a word, and of an adjacent pair of words, from the hashes of their stems. */
static inline uint32_t rec_word_bucket(uint32_t stem)
{
    return rec_bucket(rec_mix32(stem));
}

static inline uint32_t rec_pair_bucket(uint32_t first, uint32_t second)
{
    return rec_bucket(rec_hash_pair(first, second));
}

#endif
