/*
 * Corpora for the benchmark: real papers as they are, and as many more as are wanted, made by mixing the sentences of real ones.
 *
 * A made paper takes its sentences from three real ones that share an uncommon word of a title, so that vocabulary, length and the
 * neighbourhood of papers stay natural; words drawn at random would have none. Everything follows from the seed.
 */
#ifndef REC_BENCH_POOL_H
#define REC_BENCH_POOL_H

#include "rec/vector.h"
#include "status.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A paper's text; strings are owned by whoever says so. `authors` and `categories` are JSON arrays or NULL. */
struct bench_paper {
    char *id, *title, *abstract, *authors, *categories, *date;
};

struct pool;

/** Read at most `most` papers of JSON Lines files (plain, .gz, .zst) that have a title and an abstract. The caller ends with pool_free().
 */
REC_CHECKED rec_status pool_read(char *const *paths, size_t count, size_t most, struct pool **out, rec_error *err);

void pool_free(struct pool *pool);

/** How many papers it has. */
size_t pool_count(const struct pool *pool);

/** A paper of the pool. Borrowed. */
const struct bench_paper *pool_paper(const struct pool *pool, size_t i);

/** Make a paper of three of the pool's. `number` becomes its id. The caller ends with bench_paper_clear(). Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status pool_mix(const struct pool *pool, rec_random *random, uint64_t number, struct bench_paper *out, rec_error *err);

void bench_paper_clear(struct bench_paper *paper);

/** Write a paper as a line of JSON. Returns REC_OK, REC_ENOMEM or REC_EIO. */
REC_CHECKED rec_status bench_paper_write(FILE *file, const struct bench_paper *paper, rec_error *err);

/**
 * Write a corpus of `size` papers: the first of the pool, then, where that is too small, made ones. The same pool, size and seed give the
 * same bytes.
 */
REC_CHECKED rec_status pool_write_corpus(const struct pool *pool, size_t size, uint64_t seed, const char *path, rec_error *err);

#endif
