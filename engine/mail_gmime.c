/* The module "mail": messages by GMime. The only file that includes it. */
#include "mail_ops.h"

#include <gmime/gmime.h>

#include <string.h>

__attribute__((visibility("default"))) extern const struct rec_mail_ops rec_mail_ops;

/* The shorter of the encodings that make a text 7-bit: quoted-printable for mostly Latin text, base64 for others. */
static GMimeObject *new_part(const char *subtype, const char *text)
{
    GMimeTextPart *part = g_mime_text_part_new_with_subtype(subtype);

    g_mime_text_part_set_charset(part, "utf-8");
    g_mime_text_part_set_text(part, text);
    g_mime_part_set_content_encoding(GMIME_PART(part),
                                     g_mime_part_get_best_content_encoding(GMIME_PART(part), GMIME_ENCODING_CONSTRAINT_7BIT));
    return GMIME_OBJECT(part);
}

static bool is_mailbox(InternetAddress *address)
{
    const char *text, *at;

    if (!INTERNET_ADDRESS_IS_MAILBOX(address))
        return false;
    text = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address));
    at = text ? strchr(text, '@') : NULL;
    return at && at > text && at[1] && !strchr(at + 1, '@') && !strpbrk(text, " \t<>(),;:\\\"");
}

static size_t count_at_signs(const char *text)
{
    size_t count = 0;

    while ((text = strchr(text, '@'))) {
        count++;
        text++;
    }
    return count;
}

/* GMime passes over what it does not understand: a recipient that was mistyped would be dropped without a word. */
static bool is_complete(InternetAddressList *list, const char *value)
{
    char *text = internet_address_list_to_string(list, NULL, FALSE);
    bool complete = text && count_at_signs(text) == count_at_signs(value);

    g_free(text);
    return complete;
}

static rec_status add_addresses(GMimeMessage *message, GMimeAddressType type, const char *name, const char *value, rec_error *err)
{
    InternetAddressList *list = internet_address_list_parse(NULL, value);
    int count = list ? internet_address_list_length(list) : 0;
    bool good = count > 0 && is_complete(list, value);

    for (int i = 0; i < count && good; i++)
        good = is_mailbox(internet_address_list_get_address(list, i));
    if (good)
        internet_address_list_append(g_mime_message_get_addresses(message, type), list);
    if (list)
        g_object_unref(list);
    return good ? REC_OK : rec_fail(err, REC_EINVAL, "cannot write the message: its %s '%s' is no mail address", name, value);
}

static void add_link(GMimeMessage *message, const char *header, const char *url)
{
    char *value = g_strdup_printf("<%s>", url);

    g_mime_object_set_header(GMIME_OBJECT(message), header, value, NULL);
    g_free(value);
}

static void set_date(GMimeMessage *message, const rec_date *date)
{
    GDateTime *day = g_date_time_new_utc(date->first / 10000, date->first / 100 % 100, date->first % 100, 0, 0, 0);

    if (day)
        g_mime_message_set_date(message, day);
    if (day)
        g_date_time_unref(day);
}

static rec_status set_headers(GMimeMessage *message, const rec_mail *mail, const struct rec_mail_marks *marks, rec_error *err)
{
    rec_status rc = REC_OK;

    if (mail->from)
        rc = add_addresses(message, GMIME_ADDRESS_TYPE_FROM, "sender", mail->from, err);
    if (rc == REC_OK && mail->to)
        rc = add_addresses(message, GMIME_ADDRESS_TYPE_TO, "recipient", mail->to, err);
    if (rc != REC_OK)
        return rc;
    g_mime_message_set_subject(message, mail->subject, "utf-8");
    set_date(message, &mail->date);
    g_mime_message_set_message_id(message, marks->message_id);
    if (mail->unsubscribe)
        add_link(message, "List-Unsubscribe", mail->unsubscribe);
    if (mail->unsubscribe && strncmp(mail->unsubscribe, "https:", 6) == 0)
        g_mime_object_set_header(GMIME_OBJECT(message), "List-Unsubscribe-Post", "List-Unsubscribe=One-Click", NULL);
    if (mail->archive)
        add_link(message, "Archived-At", mail->archive);
    return REC_OK;
}

static void set_body(GMimeMessage *message, const rec_mail *mail, const struct rec_mail_marks *marks)
{
    GMimeMultipart *both = g_mime_multipart_new_with_subtype("alternative");
    GMimeObject *text = new_part("plain", mail->text), *html = new_part("html", mail->html);

    g_mime_multipart_set_boundary(both, marks->boundary);
    g_mime_multipart_add(both, text); /* the better form stands last (RFC 2046, 5.1.4) */
    g_mime_multipart_add(both, html);
    g_mime_message_set_mime_part(message, GMIME_OBJECT(both));
    g_object_unref(text);
    g_object_unref(html);
    g_object_unref(both);
}

static rec_status write_out(GMimeMessage *message, rec_buf *out, rec_error *err)
{
    GMimeStream *stream = g_mime_stream_mem_new();
    GByteArray *bytes;
    rec_status rc = REC_OK;

    if (g_mime_object_write_to_stream(GMIME_OBJECT(message), NULL, stream) < 0) {
        rc = rec_fail(err, REC_ENOMEM, "out of memory for the message");
    } else {
        bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
        rec_buf_add(out, bytes->data, bytes->len);
        if (out->failed)
            rc = rec_fail(err, REC_ENOMEM, "the message has more than %zu bytes, or memory is out", out->maximum);
    }
    g_object_unref(stream);
    return rc;
}

static rec_status write_mail(const rec_mail *mail, const struct rec_mail_marks *marks, rec_buf *out, rec_error *err)
{
    GMimeMessage *message;
    rec_status rc;

    g_mime_init(); /* counts its calls */
    message = g_mime_message_new(FALSE);
    if ((rc = set_headers(message, mail, marks, err)) == REC_OK) {
        set_body(message, mail, marks);
        rc = write_out(message, out, err);
    }
    g_object_unref(message);
    return rc;
}

const struct rec_mail_ops rec_mail_ops = { REC_MAIL_OPS_LAYOUT, write_mail };
