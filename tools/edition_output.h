/* An edition in every format: what `digest` writes. */
#ifndef REC_EDITION_OUTPUT_H
#define REC_EDITION_OUTPUT_H

#include "output.h"
#include "render.h"

#include "rec/edition.h"

#define EDITION_MAIL_MAX 100000 /* bytes of a message: mail programs clip longer ones (Gmail's at about 102 KB) */

/* How an edition is dressed. */
struct edition_dress {
    rec_date day;
    size_t limit;                   /* suggestions asked for under each headline */
    const char *title;              /* of the edition; the subject of a message */
    const char *from, *to;          /* of a message; may be NULL */
    const char *unsubscribe;        /* may be NULL */
    const char *archive;            /* may be NULL */
    const struct own_template *own; /* in place of the shipped template; of a message, that of its HTML; may be NULL */
};

#define FORMATS_EDITION (FORMAT_BIT(FORMAT_TEXT) | FORMAT_BIT(FORMAT_JSON) | FORMATS_SHEET | FORMAT_BIT(FORMAT_EML))

/**
 * Append the edition to `out`. Titles and abstracts of a message are shortened until it has at most EDITION_MAIL_MAX bytes; where nothing
 * is left to shorten it is longer. Returns REC_EINVAL (addresses of a message), REC_EFORMAT (the template), REC_ESTALE (the module for
 * messages cannot be loaded) or REC_ENOMEM.
 */
REC_CHECKED rec_status edition_write(enum format format, const rec_edition *edition, const struct edition_dress *dress, rec_buf *out,
                                     rec_error *err);

#endif
