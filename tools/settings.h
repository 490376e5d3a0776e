/*
 * Settings: options that hold for every call, from the environment and from two files. They reach a verb as arguments that stand before
 * those that were typed, so that a verb knows nothing of them. docs/configuration.md has the rules.
 */
#ifndef REC_SETTINGS_H
#define REC_SETTINGS_H

#include "opt.h"
#include "verbs.h"

#include "buf.h"
#include "status.h"

#include <limits.h>

#define SETTINGS_MAX 256            /* in all */
#define SETTINGS_FILE_MAX (1 << 16) /* bytes */

/* Where settings come from; a later one is over an earlier one. */
enum settings_source { SETTINGS_SYSTEM, SETTINGS_USER, SETTINGS_ENVIRONMENT };

struct setting {
    enum settings_source source;
    const struct verb *verb; /* whose section it stands in; NULL for a setting of all verbs */
    const char *key;         /* the option's long name */
    const char *value;       /* as it stands there */
    opt_kind kind;           /* the option's, once checked */
    const char *path;        /* the file; NULL for the environment */
    size_t line;
};

struct settings_file {
    char path[PATH_MAX]; /* "" where there is no place for one */
    bool found;
    rec_buf text; /* cut up into the settings' texts */
};

struct settings {
    struct settings_file files[2]; /* SETTINGS_SYSTEM, SETTINGS_USER */
    struct setting items[SETTINGS_MAX];
    size_t count;
};

#define SETTINGS_INIT                                                                                                                      \
    {                                                                                                                                      \
        .files = { { .text = REC_BUF_INIT(SETTINGS_FILE_MAX) }, { .text = REC_BUF_INIT(SETTINGS_FILE_MAX) } }                              \
    }

/**
 * Read and check everything that is set. A file that is not there, or that this user may not see, sets nothing. The caller ends with
 * settings_clear(), on failure too. Returns REC_EINVAL (a line that is no setting, an unknown verb or key, a value that is no number
 * where one is wanted: the message names file and line, or the variable), REC_EIO or REC_ENOMEM.
 */
REC_CHECKED rec_status settings_load(struct settings *settings, rec_error *err);

void settings_clear(struct settings *settings);

/**
 * Whether a setting holds for `verb` (NULL: for verbs without a section of their own): it is for all verbs or for this one, and none is
 * over it. A later source is over an earlier one; within one source a verb's section is over what is for all; then the later line, where
 * the option takes one value.
 */
bool settings_holds(const struct settings *settings, const struct setting *setting, const struct verb *verb);

/**
 * The setting that `words`, which `verb` said when it failed, are about: one that holds for the call and whose key they name, or whose
 * value they quote. NULL where there is none. Borrowed from `settings`.
 */
const struct setting *settings_meant(const struct settings *settings, const struct verb *verb, int argc, char **argv, const char *words);

/** Where a setting stands, for people: file and line, or the variable. Returns `out` (room). */
const char *settings_place(const struct setting *setting, char *out, size_t room);

/** The variable that sets an option, as RECOMMEND_MIN_BAND; it is cut at the end of `out`, for which no option's name is long enough. */
#define SETTINGS_VARIABLE_MAX 64
void settings_variable(const char *key, char out[SETTINGS_VARIABLE_MAX]);

/* Arguments of a verb. */
struct settings_arguments {
    int argc;
    char **argv; /* a copy: a verb puts its arguments in another order */
    char **made; /* those of settings, which belong to this structure */
    size_t count;
};

/**
 * Make `out` of the settings that hold for `verb` and of what was typed, which it borrows. What was typed comes last and wins; a list that
 * was typed replaces one that was set. The caller ends with settings_arguments_clear(), on failure too. Returns REC_ENOMEM.
 */
REC_CHECKED rec_status settings_use(const struct settings *settings, const struct verb *verb, int argc, char **argv,
                                    struct settings_arguments *out, rec_error *err);

void settings_arguments_clear(struct settings_arguments *arguments);

/* ---- settings_file.c ---- */

/**
 * Append the settings of a file to `settings`: lines `key = value`, `[verb]` before those of one verb alone, empty ones, and comments that
 * begin with '#' or ';'. Returns REC_EINVAL, naming file and line, REC_EIO or REC_ENOMEM.
 */
REC_CHECKED rec_status settings_read_file(struct settings *settings, enum settings_source source, rec_error *err);

/** Append one setting. Returns REC_EINVAL where there are too many. */
REC_CHECKED rec_status settings_add(struct settings *settings, const struct setting *setting, rec_error *err);

#endif
