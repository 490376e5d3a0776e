/*
 * Pages: templates filled with what a page shows. Everything a page says is escaped by the template; a page loads nothing from elsewhere
 * and runs no script but the service's own (Content-Security-Policy).
 */
#ifndef REC_SERVE_PAGE_H
#define REC_SERVE_PAGE_H

#include "service.h"

/** Begin a page's data: its title, and what every page has. `query` is what stands in the search field. NULL when memory is out. */
json_t *page_new(const struct call *call, const char *title, const char *query);

/** Set a text (json_make.h), null where it is NULL or empty. */
void page_text(json_t **page, const char *name, const char *text);

/** Set a text made like printf's. */
void page_format(json_t **page, const char *name, const char *format, ...) REC_PRINTF(3, 4);

/** A paper as pages list it: templates/page.item has its names. With its abstract where the record has one. NULL when memory is out. */
json_t *page_paper(const rec_record *record);

/** Fill the template `name` with `page`, which is given up, as the reply. */
REC_CHECKED rec_status page_reply(struct call *call, const char *name, json_t *page, rec_error *err);

/** The page that tells a failure, with the status that belongs to it. */
void page_error(struct call *call, const rec_error *error);

/** Append "&name=value", the value percent-encoded; nothing where it is NULL or empty. */
void page_query(rec_buf *out, const char *name, const char *value);

/** Append a text percent-encoded, as a part of a path or a query. */
void page_encode(rec_buf *out, const char *text);

#endif
