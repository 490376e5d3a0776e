/* "Did you mean": which of several names a mistyped one is a slip of. */
#ifndef REC_SPELLING_H
#define REC_SPELLING_H

#include <stddef.h>

#define SPELLING_MAX 32 /* longer words are no slip of a name of ours */

/**
 * How many letters must be put in, left out, replaced, or swapped with the next one to make `a` of `b` (optimal string alignment: no letter
 * is touched twice). SPELLING_MAX for words longer than that.
 */
size_t spelling_distance(const char *a, const char *b);

/* The nearest name of those offered so far. */
struct spelling_search {
    const char *typed;
    const char *nearest; /* NULL where none is near: more than two slips, or as many as a third of the letters, make another word */
    size_t distance;
};

#define SPELLING_SEARCH_INIT(typed)                                                                                                        \
    {                                                                                                                                      \
        (typed), NULL, 3                                                                                                                   \
    }

/** Take `name`, which is borrowed, where it is near and nearer than all before it. */
void spelling_offer(struct spelling_search *search, const char *name);

#endif
