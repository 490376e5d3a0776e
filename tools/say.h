/*
 * Words for the user: errors and remarks on standard error, made safe for a terminal, and the exit status of every kind of failure.
 */
#ifndef REC_SAY_H
#define REC_SAY_H

#include "status.h"

#include <stddef.h>

enum {
    EXIT_OK = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_NO_PAPER = 3,
    EXIT_NONE_LEFT = 4,  /* nothing above the threshold that was asked for */
    EXIT_STORE = 5,      /* store or index missing, damaged, or made by another model */
    EXIT_SOME_FAILED = 6, /* finished, but some records or lines failed */
    EXIT_EMPTY = 7        /* an edition without a headline */
};

/** "recommend: <text>" on standard error. Control characters become '?'. */
void say(const char *format, ...) REC_PRINTF(1, 2);

/** Make each byte of what rec_control_length() (controls.h) tells a '?': names come from outside and may hold what would steer a terminal. */
void disarm(char *text);

/** What say() said last in this thread, "" where it said nothing. Lives until the next call. */
const char *said(void);

/** Report `err` and give the exit status that belongs to it. */
int say_error(const rec_error *err);

/** The exit status of a status code. */
int exit_status(rec_status status);

/** Flush standard output: a full disk is not success. Gives `status`, or EXIT_FAILED with a word where it could not be written. */
int finish_output(int status);

#endif
