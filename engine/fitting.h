/* Fitting a model to a store: which of its papers are read, and which trained table is adapted. */
#ifndef REC_FITTING_H
#define REC_FITTING_H

#include "corpus.h"
#include "grams.h"
#include "rec/model.h"

/**
 * Fit a model on the papers of `corpus`, whose rows are in `grams`, and adapt `table` to its texts (NULL: a model without part I). A large
 * store's projection is fitted on REC_FIT_SAMPLE papers, drawn evenly with a fixed seed. On success the caller ends with rec_model_free().
 * Returns REC_OK, REC_ENOMEM or REC_EDAMAGED.
 */
REC_CHECKED rec_status rec_fit_corpus(const rec_corpus *corpus, const rec_grams *grams, const rec_table *table, unsigned threads,
                                      rec_model **out, rec_error *err);

#endif
