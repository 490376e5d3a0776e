/* What the module "mail" offers. */
#ifndef REC_MAIL_OPS_H
#define REC_MAIL_OPS_H

#include "rec/mail.h"

/* Raised with every change to the structures below or to rec_mail: a module left over from another release is refused, not called. */
#define REC_MAIL_OPS_LAYOUT 1

#define REC_MAIL_MODULE "mail"
#define REC_MAIL_SYMBOL "rec_mail_ops"

/* Made from rec_mail.key, so that the same mail is the same bytes. */
struct rec_mail_marks {
    char message_id[256];
    char boundary[64];
};

struct rec_mail_ops {
    unsigned layout; /* REC_MAIL_OPS_LAYOUT; first, so that any release can read it */
    /** As rec_mail_write, for a mail whose headers hold no control characters. */
    rec_status (*write)(const rec_mail *mail, const struct rec_mail_marks *marks, rec_buf *out, rec_error *err);
};

#endif
