/* Names of arXiv's archives. */
#ifndef REC_ARXIV_H
#define REC_ARXIV_H

#include <stdbool.h>
#include <stddef.h>

/** Whether `length` bytes of `name` are the name of an archive, present or past, in any case: "hep-th", or the "cs" of "cs.LG". */
bool rec_is_arxiv_archive(const char *name, size_t length);

#endif
