/*
 * How a piece of a text may be shown: which words are fit to be seen, which may stand together, and the piece itself, clean.
 */
#ifndef REC_PHRASE_H
#define REC_PHRASE_H

#include "rec/ngram.h"

#include <stdbool.h>
#include <stddef.h>

/* Marks of a word. */
enum {
    REC_MARK_JOINS = 1,     /* between it and the word before it stands what a phrase may hold: a space, a hyphen, an apostrophe */
    REC_MARK_TIGHT = 2,     /* and that is no space */
    REC_MARK_DEBRIS = 4,    /* left over from LaTeX, from HTML, or of an address */
    REC_MARK_LETTERS = 8,   /* it is no number */
    REC_MARK_LONE = 16,     /* it is one character */
    REC_MARK_POSSESSED = 32 /* an apostrophe stands before it */
};

/** Mark the words of one text that begins at `text`, `places` (count), which are all of it or its beginning. */
void rec_phrase_mark(const char *text, const rec_place *places, size_t count, unsigned char *marks);

/**
 * Narrow a piece of text to whole characters: a combining mark belongs to the character before it, and goes where that is cut off. False
 * where fewer than two characters are left.
 */
bool rec_phrase_whole(const char **from, const char **to);

/**
 * Append a piece of text, without invisible characters, to the string `out` of `length` bytes. Its new length, or `length` and nothing
 * appended where it would pass `room` bytes, the terminator included, or `most` characters; `*characters` counts them and is raised.
 */
size_t rec_phrase_append(const char *from, const char *to, char *out, size_t length, size_t room, size_t most, size_t *characters);

/** Whether two words are of one family, as "symmetric" and "symmetry" are, which a stemmer parts: they differ in their endings alone. */
bool rec_phrase_akin(const rec_place *a, const rec_place *b);

/** Whether a word is two or fewer lower-case ASCII letters or digits: hardly a name. */
bool rec_phrase_is_scrap(const rec_place *place);

/** Let a piece of text end within `most` characters, marks counted, with a whole one. Whether anything was cut off. */
bool rec_phrase_cut(const char *from, const char **to, size_t most);

/** Capital letters in a piece of text. */
size_t rec_phrase_capitals(const char *from, const char *to);

#endif
