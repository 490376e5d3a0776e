/* Values made safe for the kind of text that they are put into. Values are UTF-8; control characters and
 * marks that turn the direction of writing are left out everywhere. */
#ifndef REC_ESCAPE_H
#define REC_ESCAPE_H

#include "buf.h"

#include <stdbool.h>

/** For plain text: white space of any kind becomes one space. */
void escape_text(const char *value, rec_buf *out);

/** For HTML and XML, in text and in quoted attributes. */
void escape_html(const char *value, rec_buf *out);

/** For Markdown (CommonMark and GitHub's): nothing in the value is mark-up. */
void escape_markdown(const char *value, rec_buf *out);

/**
 * Append an address that may stand as a link: http or https alone, or mailto where `may_be_mail`; every byte that is not plain in an
 * address percent-encoded, so that it needs no further care in HTML, Markdown or a mail header. Appends nothing for any other address, or
 * one with white space in it.
 */
void escape_url(const char *url, bool may_be_mail, rec_buf *out);

#endif
