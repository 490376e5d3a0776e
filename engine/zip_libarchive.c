/*
 * The module "zip": zip through libarchive, of all its formats this one alone. It goes by the archive's directory where the file can be
 * moved about in, and by the members' own heads in a pipe.
 */
#include "zip_ops.h"

#include "alloc.h"

#include <archive.h>
#include <archive_entry.h>

#include <errno.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

#define BLOCK 65536

struct zip {
    struct archive *archive;
    int fd;
    locale_t
        letters; /* in which names are read, whatever that of the program: else one with an accent has no text; 0 where there is none */
    size_t head; /* bytes that were read before, at the front of `block`; 0 once they are given out */
    uint8_t block[BLOCK];
};

/* ---- the file, as libarchive asks for it --------------------------------------------------------------------------- */

static la_ssize_t read_file(struct archive *archive, void *context, const void **out)
{
    struct zip *zip = context;
    ssize_t n = (ssize_t)zip->head;

    *out = zip->block;
    if (zip->head > 0) {
        zip->head = 0;
        return n;
    }
    do
        n = read(zip->fd, zip->block, sizeof(zip->block));
    while (n < 0 && errno == EINTR);
    if (n < 0)
        archive_set_error(archive, errno, "%s", strerror(errno));
    return n;
}

static la_int64_t seek_file(struct archive *archive, void *context, la_int64_t offset, int whence)
{
    struct zip *zip = context;
    off_t at = lseek(zip->fd, offset, whence);

    zip->head = 0;
    if (at < 0)
        archive_set_error(archive, errno, "%s", strerror(errno));
    return at < 0 ? ARCHIVE_FATAL : at;
}

/* ---- the archive --------------------------------------------------------------------------------------------------- */

static rec_status fail(const struct zip *zip, rec_error *err)
{
    const char *words = archive_error_string(zip->archive);

    if (archive_errno(zip->archive) == ENOMEM)
        return rec_fail(err, REC_ENOMEM, "out of memory");
    return rec_fail(err, REC_EIO, "its zip archive cannot be read: %.200s", words ? words : "it is damaged");
}

static void close_zip(void *opened)
{
    struct zip *zip = opened;

    archive_read_free(zip->archive);
    if (zip->letters)
        freelocale(zip->letters);
    rec_free(zip);
}

static rec_status open_zip(int fd, const uint8_t *head, size_t length, void **out, rec_error *err)
{
    struct zip *zip = rec_alloc(sizeof(*zip));
    rec_status rc = REC_OK;
    int result;

    if (!zip || !(zip->archive = archive_read_new()) || length > sizeof(zip->block)) {
        rec_free(zip);
        return rec_fail(err, REC_ENOMEM, "out of memory");
    }
    zip->fd = fd;
    zip->head = length;
    zip->letters = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    memcpy(zip->block, head, length);
    result = archive_read_support_format_zip_streamable(zip->archive);
    if (result == ARCHIVE_OK && lseek(fd, 0, SEEK_CUR) >= 0) {
        result = archive_read_support_format_zip_seekable(zip->archive);
        archive_read_set_seek_callback(zip->archive, seek_file);
    }
    if (result != ARCHIVE_OK || archive_read_open2(zip->archive, zip, NULL, read_file, NULL, NULL) != ARCHIVE_OK)
        rc = fail(zip, err);
    if (rc == REC_OK)
        *out = zip;
    else
        close_zip(zip);
    return rc;
}

static rec_status find_member(struct zip *zip, const char **name, rec_error *err)
{
    struct archive_entry *entry;
    int result;

    do {
        result = archive_read_next_header(zip->archive, &entry);
        if (result == ARCHIVE_EOF) {
            *name = NULL;
            return REC_OK;
        }
        if (result != ARCHIVE_OK && result != ARCHIVE_WARN) /* a warning is about a name or a time */
            return fail(zip, err);
    } while (archive_entry_filetype(entry) != AE_IFREG);
    *name = archive_entry_pathname(entry);
    if (!*name)
        *name = "?";
    return REC_OK;
}

static rec_status next_member(void *opened, const char **name, rec_error *err)
{
    struct zip *zip = opened;
    locale_t before = uselocale(zip->letters); /* 0 leaves it as it is */
    rec_status rc = find_member(zip, name, err);

    uselocale(before);
    return rc;
}

static rec_status read_member(void *opened, uint8_t *out, size_t *length, rec_error *err)
{
    struct zip *zip = opened;
    la_ssize_t n = archive_read_data(zip->archive, out, *length);

    *length = n < 0 ? 0 : (size_t)n;
    return n < 0 ? fail(zip, err) : REC_OK;
}

const struct rec_zip_ops rec_zip_ops = { REC_ZIP_OPS_LAYOUT, open_zip, next_member, read_member, close_zip };
