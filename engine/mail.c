/* Writing messages: checks what goes into headers, makes the marks, and hands over to the module. See rec/mail.h. */
#include "mail_ops.h"
#include "rec/module.h"
#include "quote.h"
#include "sealed.h"

#include <stdio.h>
#include <string.h>

static rec_status load(const struct rec_mail_ops **out, rec_error *err)
{
    const void *table;
    rec_status rc = rec_module_load(REC_MAIL_MODULE, REC_MAIL_SYMBOL, &table, err);

    if (rc != REC_OK)
        return rc;
    *out = table;
    if ((*out)->layout != REC_MAIL_OPS_LAYOUT)
        return rec_fail(err, REC_ESTALE, "cannot use module '%s': layout %u, this program needs %u; install it again", REC_MAIL_MODULE,
                        (*out)->layout, (unsigned)REC_MAIL_OPS_LAYOUT);
    return REC_OK;
}

/* A line break in a header would begin another header. */
static rec_status check_header(const char *name, const char *value, rec_error *err)
{
    return value && rec_holds_control(value) ? rec_fail(err, REC_EINVAL, "cannot write the message: its %s holds a control character", name)
                                             : REC_OK;
}

/* The domain of the first address in `from`, for the Message-ID; one that belongs to nobody where there is none. */
static void find_domain(const char *from, char out[128])
{
    const char *at = from ? strchr(from, '@') : NULL;
    size_t length = at ? strspn(at + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") : 0;

    if (length > 0 && length < 128)
        snprintf(out, 128, "%.*s", (int)length, at + 1);
    else
        snprintf(out, 128, "recommend.invalid");
}

rec_status rec_mail_write(const rec_mail *mail, rec_buf *out, rec_error *err)
{
    const struct {
        const char *name, *value;
    } headers[] = { { "sender", mail->from },
                    { "recipient", mail->to },
                    { "subject", mail->subject },
                    { "unsubscribe address", mail->unsubscribe },
                    { "archive address", mail->archive } };
    char fingerprint[REC_FINGERPRINT_CHARS], domain[128];
    const struct rec_mail_ops *ops;
    struct rec_mail_marks marks;
    rec_status rc;

    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
        if ((rc = check_header(headers[i].name, headers[i].value, err)) != REC_OK)
            return rc;
    if ((rc = load(&ops, err)) != REC_OK)
        return rc;
    rec_fingerprint(mail->key, strlen(mail->key), fingerprint);
    find_domain(mail->from, domain);
    snprintf(marks.message_id, sizeof(marks.message_id), "%s.%d@%s", fingerprint, mail->date.first, domain);
    /* "=_" stands in no text that is encoded as quoted-printable or base64. */
    snprintf(marks.boundary, sizeof(marks.boundary), "=_%s", fingerprint);
    return ops->write(mail, &marks, out, err);
}
