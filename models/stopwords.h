/*
 * English stop words: the list of the Glasgow Information Retrieval Group (ir.dcs.gla.ac.uk/resources/linguistic_utils/stop_words), which
 * scikit-learn also uses, without its entries that hold an apostrophe or a space: folded words never do.
 */
#ifndef REC_STOPWORDS_H
#define REC_STOPWORDS_H

#include <stdbool.h>
#include <stddef.h>

/** Whether a folded word (fold.h) is on the list. */
bool rec_is_stop_word(const char *word, size_t length);

#endif
