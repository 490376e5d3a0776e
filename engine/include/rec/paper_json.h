/*
 * A paper's members as JSON, for whoever prints papers (`show`) and whoever takes them out (`export`): names and order stand in
 * docs/interface.md.
 */
#ifndef REC_PAPER_JSON_H
#define REC_PAPER_JSON_H

#include "rec/json_text.h"
#include "rec/store.h"

typedef enum {
    REC_PAPER_SHOWN, /* for a reader: where the source gave no address the one of its id; texts that cleaning left alone stand for their originals;
                        nine digits */
    REC_PAPER_STORED /* to be read again: what is stored and no more, every digit of a number */
} rec_paper_form;

/** Write what follows "also" in the object of a paper, from "version" to "extra". Failures stick to the buffer. */
void rec_put_paper_members(rec_buf *out, const rec_record *record, rec_paper_form form);

/** Write the marks of a paper, an empty array for NULL. */
void rec_put_flags(rec_buf *out, const char *key, const rec_paper *paper);

/** Where a paper is found: as its source gave it, else by its id, written into `room`; NULL where neither says. */
const char *rec_paper_url(const rec_paper *paper, char room[REC_ID_URL_ROOM]);

#endif
