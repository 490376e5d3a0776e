/*
 * The trained table brought to a store: its rows adapted to the store's own papers, its weights made of both corpora's document
 * frequencies.
 */
#ifndef REC_ADAPT_H
#define REC_ADAPT_H

#include "rec/table.h"

/**
 * Fill `rows` (REC_BLOCK_BUCKETS, REC_TABLE_DIM) and `idf` (REC_BLOCK_BUCKETS) from `table`, and train them on `texts`. `papers_with`
 * (REC_BLOCK_BUCKETS) is each bucket's document frequency among the store's `papers`. The same bits for any `threads`. Returns REC_OK or
 * REC_ENOMEM.
 */
REC_CHECKED rec_status rec_table_adapt(const rec_table *table, const rec_training *texts, const uint32_t *papers_with, uint64_t papers,
                                       unsigned threads, float *rows, float *idf, rec_error *err);

#endif
