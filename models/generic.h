/*
 * Words that tell of no subject, and so are never a reason by themselves: by two lists, and by what the trained table learnt of them.
 */
#ifndef REC_GENERIC_H
#define REC_GENERIC_H

#include "rec/model.h"

#include <stdbool.h>

typedef struct rec_generic {
    const rec_model *model;
    float untrained;   /* length of a row of its table that training hardly touched; 0 where there is none to go by */
    uint32_t *fillers; /* (filler_count) stems, sorted: what any paper says of itself. They are cut off at the ends of a phrase */
    uint32_t *weak;    /* (weak_count) likewise: words that mean something beside another one alone */
    uint32_t *things;  /* (thing_count) likewise: stop words that name something beside another word */
    size_t filler_count, weak_count, thing_count;
} rec_generic;

/** Stem the lists and measure the table of `model`, which may be NULL and else must outlive `out`. The caller ends with
 * rec_generic_clear(). Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_generic_load(rec_ngrams *ngrams, const rec_model *model, rec_generic *out, rec_error *err);

void rec_generic_clear(rec_generic *generic);

/** Whether a stem is of a filler. */
bool rec_is_filler(const rec_generic *generic, uint32_t stem);

/** Whether a stop word may begin or end a phrase all the same. */
bool rec_is_thing(const rec_generic *generic, uint32_t stem);

/** Whether a word's stem, filler or other, tells of no subject. */
bool rec_is_generic(const rec_generic *generic, uint32_t stem);

/** Whether a pair of words tells of a subject whatever its words do: by the table alone. */
bool rec_is_telling_pair(const rec_generic *generic, uint32_t first, uint32_t second);

#endif
