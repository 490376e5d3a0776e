/*
 * Lines or blocks of a file, plain or compressed: see rec/source.h. Bytes go from the file, or from a member of an archive, through at most
 * one decompressor into a buffer that lines are cut from; both buffers have a fixed size but for a line that needs more, up to
 * REC_MAX_LINE.
 */
#include "rec/source.h"

#include "alloc.h"
#include "zip_ops.h"
#include "input_ops.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK 65536

struct rec_source {
    char *name; /* as given, for messages */
    int fd;
    uint64_t bytes_read, bytes_total;
    uint8_t raw[BLOCK]; /* compressed bytes not yet used */
    size_t raw_at, raw_end;
    bool file_ended;
    const struct rec_zip_ops *archive_ops; /* NULL where the file is no archive */
    void *archive;
    const char *member;                    /* what the bytes are of; the archive's own */
    const struct rec_decompressor *format; /* NULL for a plain file */
    void *decompressor;
    bool may_end; /* the compressed content may end here */
    char *text;   /* (room + 1) content not yet given out */
    size_t room, at, end;
    bool ended;        /* no more content */
    rec_error failure; /* why there is none, told once what came before it was given out; its code is REC_OK where all is well */
    uint64_t line;
    bool in_refused_line; /* of which the rest is to be read over */
};

/* ---- bytes --------------------------------------------------------------------------------------------------------- */

static rec_status fail_with(const rec_source *source, const rec_error *reason, rec_error *err)
{
    return rec_fail(err, reason->code, "cannot read '%s': %s", source->name, reason->message);
}

/* The next bytes of a member of an archive. */
static rec_status fill_from_member(rec_source *source, rec_error *err)
{
    size_t n = sizeof(source->raw) - source->raw_end;
    rec_error reason = REC_ERROR_INIT;

    if (source->archive_ops->read(source->archive, source->raw + source->raw_end, &n, &reason) != REC_OK)
        return fail_with(source, &reason, err);
    source->file_ended = n == 0;
    source->raw_end += n;
    return REC_OK;
}

static rec_status fill_raw(rec_source *source, rec_error *err)
{
    ssize_t n;

    if (source->raw_at > 0)
        memmove(source->raw, source->raw + source->raw_at, source->raw_end - source->raw_at);
    source->raw_end -= source->raw_at;
    source->raw_at = 0;
    if (source->archive)
        return fill_from_member(source, err);
    do
        n = read(source->fd, source->raw + source->raw_end, sizeof(source->raw) - source->raw_end);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return rec_fail_errno(err, REC_EIO, errno, "cannot read '%s'", source->name);
    source->file_ended = n == 0;
    source->raw_end += (size_t)n;
    source->bytes_read += (uint64_t)n;
    return REC_OK;
}

/* One step of the decompressor into `room` bytes at `out`; `*made` is what it gave. */
static rec_status decompress(rec_source *source, char *out, size_t room, size_t *made, rec_error *err)
{
    size_t used = source->raw_end - source->raw_at;
    rec_error reason = REC_ERROR_INIT;
    rec_status rc;

    *made = room;
    rc = source->format->run(source->decompressor, source->raw + source->raw_at, &used, (uint8_t *)out, made, &source->may_end, &reason);
    if (rc != REC_OK) {
        *made = 0;
        return rec_fail(err, rc, "cannot read '%s': %s, near byte %llu", source->name, reason.message,
                        (unsigned long long)source->bytes_read);
    }
    source->raw_at += used;
    return REC_OK;
}

static size_t copy_plain(rec_source *source, char *out, size_t room)
{
    size_t n = source->raw_end - source->raw_at;

    if (n > room)
        n = room;
    memcpy(out, source->raw + source->raw_at, n);
    source->raw_at += n;
    return n;
}

/* Appends content to the text, at least a byte of it or until there is no more, which sets `ended`. */
static rec_status read_text(rec_source *source, rec_error *err)
{
    char *out = source->text + source->end;
    size_t room = source->room - source->end, made = 0;
    rec_status rc = REC_OK;

    while (rc == REC_OK && made == 0 && !source->ended) {
        size_t before = source->raw_at;

        if (source->format)
            rc = decompress(source, out, room, &made, err);
        else
            made = copy_plain(source, out, room);
        if (rc != REC_OK || made > 0 || source->raw_at > before)
            continue; /* an empty member gives nothing and is not the end */
        if (!source->file_ended)
            rc = fill_raw(source, err);
        else if (source->format && !source->may_end)
            rc = rec_fail(err, REC_EIO, "cannot read '%s': its compressed data is cut off", source->name);
        else
            source->ended = true;
    }
    source->end += made;
    return rc;
}

/* The same; a failure stays one, since a decompressor cannot be asked again. */
static rec_status fill_text(rec_source *source, rec_error *err)
{
    if (source->failure.code == REC_OK && read_text(source, &source->failure) == REC_OK)
        return REC_OK;
    return rec_fail(err, source->failure.code, "%s", source->failure.message);
}

/* ---- opening ------------------------------------------------------------------------------------------------------- */

enum format { PLAIN, GZIP, ZSTD, XZ, ZIP };

#define MAGIC 6 /* bytes that tell them apart */

/* A Zstandard file may begin with a skippable frame (RFC 8878, 3.1.2), as those of parallel compressors do. */
static enum format find_format(const uint8_t *raw, size_t length)
{
    if (length >= 2 && raw[0] == 0x1F && raw[1] == 0x8B)
        return GZIP;
    if (length >= 4 && raw[0] == 0x28 && raw[1] == 0xB5 && raw[2] == 0x2F && raw[3] == 0xFD)
        return ZSTD;
    if (length >= 4 && (raw[0] & 0xF0) == 0x50 && raw[1] == 0x2A && raw[2] == 0x4D && raw[3] == 0x18)
        return ZSTD;
    if (length >= 6 && memcmp(raw,
                              "\xFD"
                              "7zXZ",
                              6) == 0)
        return XZ;
    if (length >= 4 && (memcmp(raw, "PK\3\4", 4) == 0 || memcmp(raw, "PK\5\6", 4) == 0)) /* the second: an empty one */
        return ZIP;
    return PLAIN;
}

static rec_status open_decompressor(rec_source *source, enum format format, rec_error *err)
{
    const struct rec_input_ops *ops;
    rec_status rc = rec_input_load(&ops, err);

    if (rc != REC_OK)
        return rc;
    source->format = format == GZIP ? ops->gzip : format == ZSTD ? ops->zstd : ops->xz;
    source->decompressor = source->format->open();
    return source->decompressor ? REC_OK : rec_fail(err, REC_ENOMEM, "out of memory opening '%s'", source->name);
}

/* Looks at the first bytes of the file, or of a member. */
static rec_status look_at_format(rec_source *source, enum format *out, rec_error *err)
{
    rec_status rc = REC_OK;

    while (rc == REC_OK && source->raw_end < MAGIC && !source->file_ended)
        rc = fill_raw(source, err); /* a pipe may give a byte at a time */
    *out = find_format(source->raw, source->raw_end);
    return rc;
}

static rec_status open_archive(rec_source *source, rec_error *err)
{
    rec_error reason = REC_ERROR_INIT;
    rec_status rc = rec_zip_load(&source->archive_ops, err);

    if (rc == REC_OK && source->archive_ops->open(source->fd, source->raw, source->raw_end, &source->archive, &reason) != REC_OK)
        rc = fail_with(source, &reason, err);
    source->bytes_total = 0; /* how much of the file was read is the archive's to know */
    return rc;
}

/* Goes to the archive's next file, whose bytes may be compressed once more; at its end there is no content. */
static rec_status open_member(rec_source *source, rec_error *err)
{
    rec_error reason = REC_ERROR_INIT;
    enum format format;
    rec_status rc;

    source->raw_at = source->raw_end = source->at = source->end = 0;
    source->line = 0;
    source->in_refused_line = false;
    source->failure = (rec_error)REC_ERROR_INIT;
    if (source->archive_ops->next(source->archive, &source->member, &reason) != REC_OK)
        return fail_with(source, &reason, err);
    source->ended = source->file_ended = source->member == NULL;
    rc = look_at_format(source, &format, err);
    return rc != REC_OK || format == PLAIN || format == ZIP ? rc : open_decompressor(source, format, err);
}

static rec_status recognise(rec_source *source, bool archives, rec_error *err)
{
    enum format format;
    rec_status rc = look_at_format(source, &format, err);

    if (rc != REC_OK || format == PLAIN)
        return rc;
    if (format != ZIP)
        return open_decompressor(source, format, err);
    if (!archives)
        return rec_fail(err, REC_EIO, "cannot read '%s': it is a zip archive, which 'recommend import' alone reads", source->name);
    rc = open_archive(source, err);
    return rc == REC_OK ? open_member(source, err) : rc;
}

static rec_status open_file(rec_source *source, const char *path, rec_error *err)
{
    struct stat st;

    source->fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : open(path, O_RDONLY | O_CLOEXEC);
    if (source->fd < 0 || fstat(source->fd, &st) != 0)
        return rec_fail_errno(err, REC_EIO, errno, "cannot open '%s'", path);
    if (S_ISDIR(st.st_mode))
        return rec_fail(err, REC_EIO, "cannot open '%s': it is a folder", path);
    if (S_ISREG(st.st_mode))
        source->bytes_total = (uint64_t)st.st_size;
    return REC_OK;
}

static rec_status drop_byte_order_mark(rec_source *source, rec_error *err)
{
    rec_status rc = REC_OK;

    while (rc == REC_OK && source->end < 3 && !source->ended)
        rc = fill_text(source, err);
    if (source->end >= 3 && memcmp(source->text, "\xEF\xBB\xBF", 3) == 0)
        source->at = 3;
    return rc;
}

static rec_status open_source(const char *path, bool archives, rec_source **out, rec_error *err)
{
    rec_source *source = rec_alloc(sizeof(*source));
    rec_status rc;

    if (source) {
        source->fd = -1;
        source->name = rec_strdup(path);
        source->room = BLOCK;
        source->text = rec_alloc_array(source->room + 1, 1);
    }
    if (!source || !source->name || !source->text) {
        rc = rec_fail(err, REC_ENOMEM, "out of memory opening '%s'", path);
        goto done;
    }
    if ((rc = open_file(source, path, err)) != REC_OK)
        goto done;
    if ((rc = recognise(source, archives, err)) == REC_OK)
        rc = drop_byte_order_mark(source, err);
    if (rc == REC_OK) {
        *out = source;
        source = NULL;
    }

done:
    rec_source_close(source);
    return rc;
}

rec_status rec_source_open(const char *path, rec_source **out, rec_error *err)
{
    return open_source(path, false, out, err);
}

rec_status rec_source_open_any(const char *path, rec_source **out, rec_error *err)
{
    return open_source(path, true, out, err);
}

static void close_decompressor(rec_source *source)
{
    if (source->decompressor)
        source->format->close(source->decompressor);
    source->decompressor = NULL;
    source->format = NULL;
}

rec_status rec_source_next_member(rec_source *source, bool *more, rec_error *err)
{
    rec_status rc = REC_OK;

    if (source->member) {
        close_decompressor(source);
        if ((rc = open_member(source, err)) == REC_OK)
            rc = drop_byte_order_mark(source, err);
    }
    *more = rc == REC_OK && source->member;
    return rc;
}

const char *rec_source_member(const rec_source *source)
{
    return source->member;
}

void rec_source_close(rec_source *source)
{
    if (!source)
        return;
    close_decompressor(source);
    if (source->archive)
        source->archive_ops->close(source->archive);
    if (source->fd >= 0)
        close(source->fd);
    rec_free(source->name);
    rec_free(source->text);
    rec_free(source);
}

void rec_source_progress(const rec_source *source, uint64_t *done, uint64_t *total)
{
    *done = source->bytes_read;
    *total = source->bytes_total;
}

/* ---- lines --------------------------------------------------------------------------------------------------------- */

/* Makes room behind the text: moves it to the front, and grows the buffer where one line fills it. */
static rec_status make_room(rec_source *source, rec_error *err)
{
    if (source->at > 0) {
        memmove(source->text, source->text + source->at, source->end - source->at);
        source->end -= source->at;
        source->at = 0;
    }
    if (source->end == source->room) {
        size_t room = 2 * source->room;
        char *text = rec_resize_array(source->text, room + 1, 1);

        if (!text)
            return rec_fail(err, REC_ENOMEM, "out of memory reading '%s'", source->name);
        source->text = text;
        source->room = room;
    }
    return REC_OK;
}

/* Reads over the rest of a line that was refused. */
static rec_status leave_refused_line(rec_source *source, rec_error *err)
{
    while (source->in_refused_line) {
        char *feed = memchr(source->text + source->at, '\n', source->end - source->at);
        rec_status rc;

        if (feed) {
            source->at = (size_t)(feed - source->text) + 1;
            source->in_refused_line = false;
            return REC_OK;
        }
        source->at = source->end = 0;
        source->in_refused_line = !source->ended;
        if (!source->ended && (rc = fill_text(source, err)) != REC_OK)
            return rc;
    }
    return REC_OK;
}

/* The rest of the line is left for the next call: who stops at the first refusal need not wait for an end that may never come. */
static rec_status refuse_line(rec_source *source, rec_error *err)
{
    source->in_refused_line = true;
    return rec_fail(err, REC_EFORMAT, "the line is longer than %u bytes", REC_MAX_LINE);
}

static void give_line(rec_source *source, size_t length, rec_line *line)
{
    size_t next = source->at + length + 1;

    line->text = source->text + source->at;
    if (length > 0 && line->text[length - 1] == '\r')
        length--;
    source->text[source->at + length] = '\0';
    line->length = length;
    source->at = next < source->end ? next : source->end;
}

static rec_status find_line(rec_source *source, rec_line *line, rec_error *err)
{
    size_t searched = 0; /* bytes of this line known to hold no line feed */

    for (;;) {
        char *start = source->text + source->at;
        char *feed = memchr(start + searched, '\n', source->end - source->at - searched);
        size_t length = feed ? (size_t)(feed - start) : source->end - source->at;
        rec_status rc;

        if (length > REC_MAX_LINE)
            return refuse_line(source, err);
        if (feed || source->ended) {
            if (feed || length > 0)
                give_line(source, length, line);
            return REC_OK;
        }
        searched = length;
        if ((rc = make_room(source, err)) != REC_OK || (rc = fill_text(source, err)) != REC_OK)
            return rc;
    }
}

rec_status rec_source_next(rec_source *source, rec_line *line, rec_error *err)
{
    rec_status rc = leave_refused_line(source, err);

    *line = (rec_line){ NULL, 0, source->line + 1 };
    if (rc == REC_OK)
        rc = find_line(source, line, err);
    if (line->text || rc == REC_EFORMAT)
        source->line++;
    if (rc != REC_OK && rc != REC_EFORMAT) {
        source->ended = true;
        source->in_refused_line = false;
        source->at = source->end = 0;
    }
    return rc;
}

/* ---- blocks -------------------------------------------------------------------------------------------------------- */

rec_status rec_source_peek(rec_source *source, const char **bytes, size_t *length, rec_error *err)
{
    rec_status rc = leave_refused_line(source, err);

    while (rc == REC_OK && source->end - source->at < REC_PEEK && !source->ended)
        if ((rc = make_room(source, err)) == REC_OK)
            rc = fill_text(source, err);
    *bytes = source->text + source->at;
    *length = source->end - source->at;
    return *length > 0 ? REC_OK : rc; /* a failure comes after what came before it */
}

rec_status rec_source_read(rec_source *source, const char **bytes, size_t *length, rec_error *err)
{
    rec_status rc = leave_refused_line(source, err);

    if (rc == REC_OK && source->at == source->end) {
        source->at = source->end = 0;
        if (!source->ended)
            rc = fill_text(source, err);
    }
    source->ended |= rc != REC_OK;
    *bytes = source->text + source->at;
    *length = source->end - source->at;
    source->at = source->end;
    return rc;
}

uint64_t rec_source_lines(const rec_source *source)
{
    return source->line;
}
