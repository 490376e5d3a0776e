/*
 * Words of a text: what the n-grams are made of.
 *
 * A word is a maximal run of letters and digits of any script, in Unicode compatibility decomposition, case-folded, without
 * accents, cut after REC_WORD_CHARS characters. Scripts that are written without spaces (Han, kana, Thai, Lao, Khmer, Myanmar) give
 * overlapping pairs of characters instead, a lone character itself.
 */
#ifndef REC_FOLD_H
#define REC_FOLD_H

#include <stdbool.h>
#include <stddef.h>

#define REC_WORD_CHARS 40
#define REC_WORD_BYTES (REC_WORD_CHARS * 4)
/* What a character of an unspaced script folds to, at most: itself, behind the digits that some have in them (U+3367 is "15" and a sign). */
#define REC_HELD_BYTES 8

typedef struct rec_word {
    char text[REC_WORD_BYTES]; /* not terminated */
    size_t length;             /* bytes */
    size_t characters;
    const char *from, *to; /* where it stands in the text, whole even where the folded word is cut */
    bool after_break;      /* a sentence or clause ended since the word before it */
} rec_word;

typedef struct rec_words {
    const char *at;
    const char *end;
    bool pending_break;
    /* A character of an unspaced script that may be the first of a pair. */
    char held[REC_HELD_BYTES];
    size_t held_length;
    const char *held_from, *held_to;
    bool held_alone; /* no pair has used it yet */
} rec_words;

/** Read the words of `length` bytes of `text`, which must be valid UTF-8 and outlive the reading. */
void rec_words_start(rec_words *words, const char *text, size_t length);

/** The next word into `out`; false at the end of the text. */
bool rec_words_next(rec_words *words, rec_word *out);

#endif
