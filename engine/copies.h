/*
 * Which papers have no near-copies, kept for one state of the store: a list of its own has to be read to know it of a paper, and an engine
 * that answers many questions meets the same papers again and again.
 */
#ifndef REC_COPIES_H
#define REC_COPIES_H

#include "rec/store.h"

typedef struct rec_copies {
    int64_t generation; /* of the store that this is known of */
    size_t room;        /* papers there is room for, by number */
    bool *none;         /* (room) the paper is known to have none */
} rec_copies;

#define REC_COPIES_INIT                                                                                                                    \
    {                                                                                                                                      \
        .none = NULL                                                                                                                       \
    }

void rec_copies_clear(rec_copies *copies);

/** Whether the paper is known to have no near-copies in this generation of the store. */
bool rec_copies_none(const rec_copies *copies, int64_t generation, rec_doc doc);

/** Note that it has none. It is forgotten where there is no memory, or the number is beyond what is kept: 4 MB at most. */
void rec_copies_note(rec_copies *copies, int64_t generation, rec_doc doc);

#endif
