/*
 * What a title or an abstract looks like once it is stored: text that a terminal, a mail and an n-gram can use.
 * Pure functions of their input; the original is kept beside the result by whoever stores it.
 */
#ifndef REC_CLEAN_H
#define REC_CLEAN_H

#include "buf.h"
#include "status.h"

#include <stddef.h>
#include <stdint.h>

/**
 * Clean `length` bytes of `text` and append the result to `out`:
 * UTF-8 is checked; LaTeX accents, text commands and common mathematics become Unicode where that is certain and stay as they
 * are where it is not; control characters, bidirectional overrides and all but 30 marks on one letter go; runs of white space become one
 * space, none at the ends; the result is in Unicode normalisation form C.
 *
 * Cleaning what is clean changes nothing (idempotent). The result is at most four times as long as the input (a bound, not a typical case).
 *
 * Returns REC_OK; REC_EFORMAT where `text` is not UTF-8 (the message gives the byte's offset, counted from 0) or holds a NUL;
 * REC_ENOMEM where memory is out or `out` is full. On failure `out` is as it was.
 */
REC_CHECKED rec_status rec_clean_text(const char *text, size_t length, rec_buf *out, rec_error *err);

/**
 * A key under which texts are equal that differ in case, accents, punctuation or spacing alone: 64-bit XXH3 over
 * the folded letters and digits. 0 for a text without any letter or digit. `text` is clean UTF-8.
 */
uint64_t rec_text_key(const char *text);

#endif
