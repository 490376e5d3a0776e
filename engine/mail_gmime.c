/* The module "mail": messages by GMime. The only file that includes it. */
#include "mail_ops.h"

#include <gmime/gmime.h>

#include <stdio.h>
#include <string.h>

__attribute__((visibility("default"))) extern const struct rec_mail_ops rec_mail_ops;

#define LINE ((size_t)76) /* characters of a line of quoted-printable (RFC 2045, 6.7) */

/* Whether a byte may stand for itself: not '=', no control, and white space only where more of its line follows. */
static bool is_plain(unsigned char c, bool ends_line)
{
    return ((c == ' ' || c == '\t') && !ends_line) || (c > ' ' && c < 0x7F && c != '=');
}

static void append(GByteArray *out, unsigned char c, bool plain)
{
    char form[4];

    snprintf(form, sizeof(form), "=%02X", c);
    g_byte_array_append(out, plain ? &c : (const guint8 *)form, plain ? 1 : 3);
}

/*
 * Quoted-printable without a line that begins with a full stop: where one stands alone `sendmail` stops reading, unless it is told not to.
 * GMime's encoder has no such choice, and breaks lines right before a last full stop.
 */
static GByteArray *encode(const char *text)
{
    GByteArray *out = g_byte_array_new();
    size_t column = 0;

    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        bool ends_line = at[1] == '\n' || !at[1], plain = is_plain(*at, ends_line);

        if (*at == '\n') {
            append(out, '\n', true);
            column = 0;
            continue;
        }
        if (column + (plain ? 1 : 3) > (ends_line ? LINE : LINE - 1)) { /* a line that goes on ends with '=' */
            g_byte_array_append(out, (const guint8 *)"=\n", 2);
            column = 0;
        }
        plain = plain && (column > 0 || *at != '.');
        append(out, *at, plain);
        column += plain ? 1 : 3;
    }
    return out;
}

/* Whether a text that is ASCII may be sent as it is: line ends are LF alone, and none is followed by a full stop. */
static bool may_stand_plain(const char *text)
{
    return *text != '.' && !strstr(text, "\n.") && !strchr(text, '\r');
}

/* Bytes, and how they are encoded already, as what the part holds. */
static void set_content(GMimePart *part, const void *bytes, size_t length, GMimeContentEncoding encoding)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, length);
    GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(stream, encoding);

    g_mime_part_set_content(part, content);
    g_object_unref(content);
    g_object_unref(stream);
}

/* The shorter of the encodings that make a text 7-bit: quoted-printable for mostly Latin text, base64 for others. */
static GMimeObject *new_part(const char *subtype, const char *text)
{
    GMimePart *part = g_mime_part_new_with_type("text", subtype);
    GMimeContentEncoding encoding;

    g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset", "utf-8");
    set_content(part, text, strlen(text), GMIME_CONTENT_ENCODING_DEFAULT);
    encoding = g_mime_part_get_best_content_encoding(part, GMIME_ENCODING_CONSTRAINT_7BIT);
    if (encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE || (encoding != GMIME_CONTENT_ENCODING_BASE64 && !may_stand_plain(text))) {
        GByteArray *encoded = encode(text);

        encoding = GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
        set_content(part, encoded->data, encoded->len, encoding);
        g_byte_array_unref(encoded);
    }
    g_mime_part_set_content_encoding(part, encoding);
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
