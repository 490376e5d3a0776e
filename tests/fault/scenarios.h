/*
 * What is interrupted and spoiled: commands, the store that each begins with, and the questions that tell what became of it.
 */
#ifndef SCENARIOS_H
#define SCENARIOS_H

#include <stdbool.h>
#include <stddef.h>

#define SCENARIO_WORDS 16
#define SCENARIO_QUESTIONS 2
#define SCENARIO_EDGES 6

struct scenario {
    const char *name;
    const char *start;                   /* a store of starts[]; "none" is an empty folder */
    const char *command[SCENARIO_WORDS]; /* behind `recommend --db STORE` */
    bool reads;                          /* it changes nothing: its own output is what it must still give */
    bool builds;                         /* and so needs the module with FAISS */
    bool parts;                          /* it answers line by line: exit status 6, and lines that tell of an error in the place of some */
    int again;                           /* a second exit status, besides 0, that the same command may have when it runs once more */
    long edges[SCENARIO_EDGES];          /* the numbers of papers that a transaction leaves; ends with 0 where the list is shorter */
    /* What the store answers. Throughout, the first has what it answered before the command or after it (NULL: a store that has no lists
     * yet); in the end all are as if nothing had happened. */
    const char *questions[SCENARIO_QUESTIONS][SCENARIO_WORDS];
};

/* How a starting store is made, from another one. */
struct start {
    const char *name, *from;
    const char *command[SCENARIO_WORDS];
};

extern const struct scenario scenarios[];
extern const size_t scenario_count;
extern const struct start starts[];
extern const size_t start_count;

#endif
