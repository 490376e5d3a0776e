/* The tables of options as text, which manual pages and completions are made from when the program is built. */
#ifndef REC_OPTION_LIST_H
#define REC_OPTION_LIST_H

/* The argument that asks for it. It is not in --help: it is for the build, and may change with it. */
#define OPTION_LIST "--option-list"

/**
 * Print every verb with its options, fields parted by tabs, "-" where there is nothing:
 *
 *   verb     NAME  PURPOSE  SYNOPSIS  SENTENCE  EXAMPLE
 *   option   KIND  LETTER  NAME  ARGUMENT  HELP         KIND is flag, count, number, text or list
 *   heading  TEXT                                       what follows is under it
 *
 * Returns an exit status.
 */
int print_option_list(void);

#endif
