/* Messages: a text in two forms, with the headers that a digest needs, as RFC 5322 and MIME write them. */
#ifndef REC_MAIL_H
#define REC_MAIL_H

#include "buf.h"
#include "rec/date.h"
#include "status.h"

#include <stdbool.h>

/* Strings are UTF-8 and borrowed. */
typedef struct rec_mail {
    const char *from;        /* one or more addresses as mail writes them; NULL: no From line, which sendmail adds */
    const char *to;          /* likewise; NULL: no To line */
    const char *subject;     /* one line */
    const char *key;         /* what tells this message from others: Message-ID and boundary are made from it */
    const char *text;        /* the plain form */
    const char *html;        /* the other */
    const char *unsubscribe; /* address for List-Unsubscribe, https, http or mailto, and percent-encoded as needed; may be NULL */
    const char *archive;     /* address for Archived-At, likewise; may be NULL */
    rec_date date;           /* the Date line is its first day, 00:00 UTC */
} rec_mail;

/**
 * Append the message to `out`: multipart/alternative, 7-bit, lines that end with LF, as `sendmail -t` takes it: no line begins with a
 * full stop, and so none ends the message early. The same mail is the same bytes. An unsubscribe address of https also gives
 * List-Unsubscribe-Post (RFC 8058).
 *
 * Returns REC_EINVAL (from or to is no list of addresses, or a header holds a control character or a mark that turns the direction of
 * writing), REC_ESTALE (the module cannot be loaded) or REC_ENOMEM.
 */
REC_CHECKED rec_status rec_mail_write(const rec_mail *mail, rec_buf *out, rec_error *err);

#endif
