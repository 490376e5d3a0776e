/*
 * The neighbour lists of all papers of a space: by comparing all with all where that fits, in cells (cells.h) where it does not. What cells
 * lose is measured on the spot, and more of them are looked into until little is.
 */
#ifndef REC_RELISTING_H
#define REC_RELISTING_H

#include "lists.h"

/* Papers up to which all are compared with all: about a minute on two cores with AVX-512. */
#define REC_COMPARE_ALL 250000u

#define REC_LEAST_RECALL 0.98

/**
 * Make the lists of all rows, and hand them to `sink` by rising row. `maker` has no cells yet; its panels, of one part, serve where there
 * are at most `compare_all` rows or where it has an index instead. `*recall` is the share of the first ten of a list that are those of
 * comparing with all papers: 1 where that was done, else measured on a sample of papers drawn with a fixed seed, and at least
 * REC_LEAST_RECALL. The same for any number of threads. Returns REC_OK or the first failure.
 */
REC_CHECKED rec_status rec_relist(const rec_list_maker *maker, size_t compare_all, rec_list_sink sink, void *context, double *recall,
                                  rec_error *err);

#endif
