/* Reading bytes as records: whatever paper comes out must be one that can be stored and printed. */
#ifndef REC_FUZZ_PAPERS_H
#define REC_FUZZ_PAPERS_H

#include "fuzz.h"

#include "format.h"

/** Read the bytes as a file of one format, or of the one that is recognised where `format` is NULL. Always 0. */
int fuzz_records(const struct rec_format *format, const uint8_t *data, size_t size);

/** What holds of every paper that was read. */
void fuzz_check_paper(const rec_paper *paper);

#endif
