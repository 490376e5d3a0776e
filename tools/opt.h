/*
 * Options from a table: one table a verb makes its parsing and its --help.
 */
#ifndef REC_OPT_H
#define REC_OPT_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum opt_kind {
    OPT_FLAG,    /* bool: present or not */
    OPT_COUNT,   /* size_t: a whole number, digits alone */
    OPT_NUMBER,  /* double: finite; digits, signs, a point and an exponent alone */
    OPT_TEXT,    /* const char *: borrowed from the arguments */
    OPT_LIST,    /* struct opt_list: may be repeated */
    OPT_HEADING, /* no option: a line of --help */
    OPT_END
} opt_kind;

#define OPT_LIST_MAX 64

struct opt_list {
    const char *items[OPT_LIST_MAX];
    size_t count;
};

struct opt {
    opt_kind kind;
    char letter;          /* 0 where it has none */
    const char *name;     /* long name */
    void *value;          /* of the type that `kind` says */
    const char *argument; /* its name in --help, NULL for a flag */
    const char *help;
};

/** One verb's usage. */
struct opt_usage {
    const char *synopsis; /* "recommend similar [OPTIONS] ID" */
    const char *purpose;  /* one line */
    const char *example;  /* one line, without the prompt */
};

/**
 * Read options from argv[1] on; everything else is moved to the front of argv, and its number put into `*operands` (argv[0] is not
 * counted). "--" ends the options. `table` ends with OPT_END.
 *
 * Returns -1 to go on, or an exit status: EXIT_OK after --help, EXIT_USAGE after a word on what is wrong.
 */
int opt_parse(int argc, char **argv, const struct opt *table, const struct opt_usage *usage, int *operands);

/** Something that looks at a verb's table. */
struct opt_visitor {
    void (*see)(void *context, const struct opt *table, const struct opt_usage *usage);
    void *context;
};

/**
 * Show a verb's table to `visitor`; the verb does nothing else. The tables lie in the verbs' functions, whose variables they set: this is
 * how settings, manual pages and completions come to know them. What `see` is given is gone when it returns, but for its texts.
 */
void opt_visit(int (*verb)(int argc, char **argv), const struct opt_visitor *visitor);

/** The option of that long name; NULL where there is none. */
const struct opt *opt_find(const struct opt *table, const char *name);

/** The long name that `name` is probably a slip of; NULL where none is near. */
const char *opt_nearest(const struct opt *table, const char *name);

/** Whether a text can be read as a value of the option's kind. */
bool opt_accepts(const struct opt *opt, const char *text);

/** Read a text as the value of an OPT_COUNT or OPT_NUMBER, wherever it stands; false where it is none. */
bool opt_read_count(const char *text, size_t *out);
bool opt_read_number(const char *text, double *out);

/** The options that every verb has, read before the verb is known: an array to put into a verb's table with OPT_COMMON. */
struct common {
    const char *db;
    const char *format;
    size_t threads;
    bool verbose, quiet;
};

#define OPT_COMMON_HEADING "Common options"

/* clang-format off */
#define OPT_COMMON(c) \
    { OPT_HEADING, 0, NULL, NULL, NULL, OPT_COMMON_HEADING }, \
    { OPT_TEXT, 0, "db", &(c)->db, "FILE", "the store (default papers.db in the data folder)" }, \
    { OPT_TEXT, 0, "format", &(c)->format, "FORMAT", "how to print: text, json, and what the verb has" }, \
    { OPT_COUNT, 0, "threads", &(c)->threads, "N", "threads (default: all, for a question one)" }, \
    { OPT_FLAG, 'v', "verbose", &(c)->verbose, NULL, "say more on standard error" }, \
    { OPT_FLAG, 'q', "quiet", &(c)->quiet, NULL, "say only what went wrong" }
/* clang-format on */

/** Print what --help says of the common options. */
void opt_print_common(void);

/** Whether an argument is a common option; `*takes_value` says whether the next one belongs to it. */
bool opt_is_common(const char *argument, bool *takes_value);

#endif
