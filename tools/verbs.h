/* The list of the verbs. */
#ifndef REC_VERBS_H
#define REC_VERBS_H

#include <stddef.h>

struct verb {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *purpose; /* a line of --help */
};

/** The i-th verb, in the order of --help; NULL behind the last. */
const struct verb *verb_at(size_t i);

/** The verb of that name; NULL where there is none. */
const struct verb *verb_find(const char *name);

/** The verb's name that `name` is probably a slip of; NULL where none is near. */
const char *verb_nearest(const char *name);

#endif
