/*
 * Results that differ from each other: maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998).
 *
 * The best result stands first. Each further one is that which has the greatest (1 - D) * score - D * m, where m is its greatest likeness
 * to a result that was taken before; likeness is the fused score. Of equals the one with the better score is taken.
 */
#ifndef REC_DIVERSITY_H
#define REC_DIVERSITY_H

#include "choosing.h"

/**
 * Choose the request's results among those of `c`, which are of the open live's space, and end with them: limit of them behind the offset.
 * Returns REC_OK, REC_ENOMEM or what reading texts reports.
 */
REC_CHECKED rec_status rec_diversify(rec_choosing *c, rec_error *err);

#endif
