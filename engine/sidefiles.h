/*
 * Names of a store's side files. A build writes them under new names, commits to the store which are current, and only then removes the
 * old ones, so that a reader of the old state and a reader of the new one both find theirs.
 *
 *   FILE-model.<first 16 digits of the fingerprint>   lives as long as the model does
 *   FILE-index.<number>, FILE-ngrams.<number>, FILE-words.<number>, FILE-map.<number>   the state's `side`
 *   FILE-ngrams.<lower number>                        parts that the state's FILE-ngrams refers to (grams.h)
 *   FILE-table                                        the trained table that the user gave the store, where it has one (rec/tables.h)
 */
#ifndef REC_SIDEFILES_H
#define REC_SIDEFILES_H

#include "aside.h"
#include "rec/store.h"
#include "status.h"

#include <limits.h>

typedef struct rec_side_paths {
    char model[PATH_MAX];
    char index[PATH_MAX];
    char ngrams[PATH_MAX];
    char words[PATH_MAX];
    char map[PATH_MAX];
} rec_side_paths;

/** The names that belong to a fingerprint and a number. Returns REC_OK or REC_EINVAL (the store's name is too long). */
REC_CHECKED rec_status rec_side_name(const rec_store *store, const char *fingerprint, int64_t side, rec_side_paths *out, rec_error *err);

/** The name of its own trained table. Returns REC_OK or REC_EINVAL. */
REC_CHECKED rec_status rec_side_table(const rec_store *store, char out[PATH_MAX], rec_error *err);

/** The name of a part of the n-grams. Returns REC_OK or REC_EINVAL. */
REC_CHECKED rec_status rec_side_part(const rec_store *store, int64_t side, char out[PATH_MAX], rec_error *err);

/**
 * Begin a file that is written aside (aside.h) and holds what is made of the store's papers: with the permissions of the store, which also
 * say who may read that. Ended as after rec_aside_open(), whose results it has.
 */
REC_CHECKED rec_status rec_side_begin(const rec_store *store, const char *path, rec_aside *out, rec_error *err);

/** Make the file ready that the side file `path` is written in, as rec_side_begin() does, and leave it there: the caller writes it next. */
REC_CHECKED rec_status rec_side_prepare(const rec_store *store, const char *path, rec_error *err);

/**
 * Remove every side file of the store but `keep`'s, the parts of its n-grams, whose numbers are `parts` (part_count), and its table;
 * half-written ones and those of older releases included. What cannot be removed is left.
 */
void rec_side_sweep(const rec_store *store, const rec_side_paths *keep, const int64_t *parts, size_t part_count);

#endif
