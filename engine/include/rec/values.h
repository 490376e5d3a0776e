/*
 * Seeds and choices as people and programs give them, by text. Messages quote the value; the caller says whose it is.
 */
#ifndef REC_VALUES_H
#define REC_VALUES_H

#include "buf.h"
#include "rec/idlist.h"
#include "rec/recommend.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>

/** Look a seed up: any spelling of an id. Returns REC_EINVAL, REC_ENOTFOUND or what the store reports; `id` is set where it is an id. */
REC_CHECKED rec_status rec_find_seed(rec_engine *engine, const char *text, rec_id *id, rec_doc *doc, rec_error *err);

/** Look seeds up and append them. Returns as rec_find_seed(); `failed` is then the id that it failed with, where that is one. */
REC_CHECKED rec_status rec_find_seeds(rec_engine *engine, const char *const *texts, size_t count, rec_id_list *out, rec_id *failed,
                                      rec_error *err);

/** Read a band's name. Returns REC_EINVAL for any other word. */
REC_CHECKED rec_status rec_band_parse(const char *name, rec_band *out, rec_error *err);

/** Read "collapse" or "keep". Returns REC_EINVAL for any other word. */
REC_CHECKED rec_status rec_versions_parse(const char *name, bool *keep, rec_error *err);

/* A text that papers are wanted for, cleaned as an imported one would be. */
typedef struct rec_text_seed {
    const char *title_name, *text_name; /* what messages call them */
    rec_buf title, text;
} rec_text_seed;

#define REC_TEXT_SEED_INIT(title_name, text_name)                                                                                          \
    {                                                                                                                                      \
        title_name, text_name, REC_BUF_INIT(4 * REC_MAX_TITLE), REC_BUF_INIT(4 * (size_t)REC_MAX_ABSTRACT)                                 \
    }

/**
 * Make a text the seed of `request`, which borrows from `seed`. Either may be NULL. A title alone that is stored is that paper. Returns
 * REC_EINVAL where one is too long or not UTF-8, or both are empty, and what the store reports.
 */
REC_CHECKED rec_status rec_text_seed_use(rec_engine *engine, rec_text_seed *seed, const char *title, size_t title_length, const char *text,
                                         size_t text_length, rec_request *request, rec_error *err);

void rec_text_seed_clear(rec_text_seed *seed);

#endif
