/* Listings: titles and abstracts line by line, without marks. */
#ifndef REC_READER_LISTING_H
#define REC_READER_LISTING_H

#include "rec/paper.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Read a title line and an abstract line of a listing. The id is made from the title. Otherwise as rec_read_json.
 *
 * `first` says that the title is the listing's first: then the word "Subscribe" glued to its front, a button of the page that such listings
 * are copied from, is no part of it.
 */
REC_CHECKED rec_status rec_read_listing(const char *title, size_t title_length, const char *abstract, size_t abstract_length, bool first,
                                        rec_paper *out, rec_error *err);

#define REC_LISTING_LONG 200   /* bytes: a line of at least so many is an abstract, a shorter one may be either */
#define REC_LISTING_LEADING 64 /* short lines at the start that may be banners */

/*
 * Titles and abstracts of a listing, told apart line by line.
 *
 * They come in turn. Short lines before the first long one are banners, but for the last, which is its title; where one of them has the
 * button "Subscribe" glued to its front, the titles begin with that one. A listing that begins with REC_LISTING_LEADING short lines, or has
 * no long one, has no banner.
 *
 * A title whose abstract is missing shows by the long line that follows the next title: it is given with an empty abstract, and the pairs
 * behind it stay in step. A long line where a title should be is given with an empty title. Blank lines are passed over.
 */
typedef struct rec_listing rec_listing;

/** Takes a pair; `line` is the title's line number. */
typedef rec_status (*rec_listing_taker)(const char *title, const char *abstract, uint64_t line, bool first, void *context, rec_error *err);

/** Begin a listing. The caller ends with rec_listing_free(). Returns REC_OK or REC_ENOMEM. */
REC_CHECKED rec_status rec_listing_new(rec_listing_taker take, void *context, rec_listing **out, rec_error *err);

/** Feed the next line; `text` NULL is the end. Returns what `take` returns, or REC_ENOMEM. */
REC_CHECKED rec_status rec_listing_feed(rec_listing *listing, const char *text, size_t length, uint64_t line, rec_error *err);

/** Free it. NULL is allowed. */
void rec_listing_free(rec_listing *listing);

#endif
