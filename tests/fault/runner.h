/*
 * Running the program under the layer of faults.c, and the folders that it runs in.
 */
#ifndef RUNNER_H
#define RUNNER_H

#include "faults.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define RUN_HUNG (-1) /* a run that did not end within ten minutes, and was ended */

/* The program with one set of arguments, waiting for orders. */
struct server {
    pid_t pid;
    int orders, replies;
};

/* Whole output of a run, in memory; ends with a NUL. */
struct text {
    char *bytes;
    size_t length;
};

/** Start a program; what is below `folder` (absolute) is watched. `module` may be NULL. Ends the test where that cannot be done. */
struct server server_start(const char *layer, const char *module, const char *folder, char *const arguments[]);
void server_stop(struct server *server);

/** Run the program once. Its output stands in the files `order->out` and `order->words`. An exit status, a signal's number + 1000, or
 * RUN_HUNG. */
int server_run(struct server *server, const struct fault_order *order, struct fault_reply *reply);

/** Begin a run, and end one: for a program that is spoken to while it runs. */
pid_t server_begin(struct server *server, const struct fault_order *order);
int server_end(struct server *server, struct fault_reply *reply);

/** Run a program without faults; its output and words go to `out` and `words`. Like server_run(). */
int run_plainly(char *const arguments[], const char *out, const char *words);

/** Empty a folder, and fill it with copies of another's files. Either has no folders. */
void folder_copy(const char *from, const char *to);

/** The names in a folder, sorted, a line each; without `numbers` a name ends before the number at its end: how often a store was built. */
struct text folder_names(const char *path, bool numbers);

/** A whole file; empty where there is none. */
struct text file_read(const char *path);
void file_write(const char *path, const char *bytes, size_t length);
void text_free(struct text *text);
bool text_equal(const struct text *a, const struct text *b);

/** Ends the test: something that is not under test has failed. */
_Noreturn void give_up(const char *what, const char *which);

#endif
