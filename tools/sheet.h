/*
 * A sheet: what the formats that people read are made from. Headlines with the papers suggested under each; an answer of `similar` or
 * `search` is a sheet with one headline.
 */
#ifndef REC_SHEET_H
#define REC_SHEET_H

#include "rec/recommend.h"

#include <jansson.h>

/* One headline. */
struct sheet_item {
    const rec_record *record; /* the paper; NULL for a text or words */
    const char *title;        /* of a headline without a record; may be NULL */
    const rec_answer *answer; /* what is suggested */
    const char *note;         /* why there are fewer suggestions than asked for; may be NULL */
};

struct sheet {
    const char *title;       /* of the whole */
    const char *date;        /* YYYY-MM-DD, what the sheet is of; "" where that is unknown */
    const char *key;         /* what tells it from other sheets: its ids are made from it */
    const char *archive;     /* address of a web page with this sheet, or NULL */
    const char *unsubscribe; /* where a reader can leave, or NULL: an address of http, https or mailto */
    const struct sheet_item *items;
    size_t count;
    size_t abstract_length; /* characters of an abstract that are shown, about */
    size_t title_length;    /* likewise of a title */
};

#define SHEET_ABSTRACT 320
#define SHEET_TITLE 240

#define DATE_WORDS 32 /* room for a date in words */

/** "2025-11-03" as "3 November 2025"; what is no whole day stays as it is. */
void date_in_words(const char *date, char *out, size_t size);

/** The data that templates are filled from (docs/digest.md); NULL when memory is out. The caller ends with json_decref(). */
json_t *sheet_to_json(const struct sheet *sheet);

#endif
