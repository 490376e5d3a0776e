/*
 * Files of settings: see settings.h. A line is `key = value`; `[verb]` begins the settings of one verb; '#' and ';' begin a comment where
 * they are the first character of a line. The value is the rest of the line without the blanks around it: nothing is quoted, nothing
 * continues on another line, and no comment follows a value, so that a command or an address can stand there as it is.
 */
#include "settings.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define BLANKS " \t\r\v\f"

rec_status settings_add(struct settings *settings, const struct setting *setting, rec_error *err)
{
    if (settings->count == SETTINGS_MAX)
        return rec_fail(err, REC_EINVAL, "more than %d settings in all", SETTINGS_MAX);
    settings->items[settings->count++] = *setting;
    return REC_OK;
}

/* The text without blanks around it, cut in place. */
static char *trim(char *text)
{
    size_t length;

    text += strspn(text, BLANKS);
    length = strlen(text);
    while (length > 0 && strchr(BLANKS, text[length - 1]))
        length--;
    text[length] = '\0';
    return text;
}

/* `[verb]`, its first bracket cut away. */
static rec_status read_section(char *text, struct setting *head, rec_error *err)
{
    size_t length = strlen(text);
    const char *nearest;

    if (length == 0 || text[length - 1] != ']')
        return rec_fail(err, REC_EINVAL, "'%s' line %zu: a section's name has no ']' behind it", head->path, head->line);
    text[length - 1] = '\0';
    text = trim(text);
    head->verb = verb_find(text);
    if (head->verb)
        return REC_OK;
    nearest = verb_nearest(text);
    return rec_fail(err, REC_EINVAL, "'%s' line %zu: no verb '%s' for section '[%s]'%s%s%s", head->path, head->line, text, text,
                    nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

static rec_status read_line(struct settings *settings, char *text, struct setting *head, rec_error *err)
{
    struct setting setting = *head;
    char *equals;

    text = trim(text);
    if (*text == '\0' || *text == '#' || *text == ';')
        return REC_OK;
    if (*text == '[')
        return read_section(text + 1, head, err);
    equals = strchr(text, '=');
    if (!equals)
        return rec_fail(err, REC_EINVAL, "'%s' line %zu: '%.40s' is neither 'key = value' nor '[verb]'", head->path, head->line, text);
    *equals = '\0';
    setting.key = trim(text);
    setting.value = trim(equals + 1);
    if (*setting.value == '\0')
        return rec_fail(err, REC_EINVAL, "'%s' line %zu: key '%s' has no value", head->path, head->line, setting.key);
    return settings_add(settings, &setting, err);
}

static rec_status read_lines(struct settings *settings, char *text, size_t length, struct setting *head, rec_error *err)
{
    char *end = text + length;
    rec_status rc = REC_OK;

    while (text < end && rc == REC_OK) {
        char *line = text, *newline = memchr(text, '\n', (size_t)(end - text));

        text = newline ? newline + 1 : end;
        if (newline)
            *newline = '\0';
        head->line++;
        rc = read_line(settings, line, head, err);
    }
    return rc;
}

/* Open and read by system calls: most calls of the program end at the first, with no file there. */
static rec_status load_text(struct settings_file *file, rec_error *err)
{
    char block[4096];
    ssize_t n;
    int fd = open(file->path, O_RDONLY | O_CLOEXEC);

    /* A folder that this user may not enter, such as the home of who started a service, has no file for him. */
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? REC_OK
                                                                      : rec_fail_errno(err, REC_EIO, errno, "cannot open '%s'", file->path);
    file->found = true;
    while ((n = read(fd, block, sizeof(block))) > 0 && !file->text.failed)
        rec_buf_add(&file->text, block, (size_t)n);
    close(fd);
    if (n < 0)
        return rec_fail_errno(err, REC_EIO, errno, "cannot read '%s'", file->path);
    if (file->text.failed)
        return rec_fail(err, REC_EINVAL, "'%s': more than %zu bytes of settings", file->path, file->text.maximum);
    if (memchr(rec_buf_text(&file->text), '\0', file->text.length))
        return rec_fail(err, REC_EINVAL, "'%s': a byte 0 in it: this is no file of settings", file->path);
    return REC_OK;
}

rec_status settings_read_file(struct settings *settings, enum settings_source source, rec_error *err)
{
    struct settings_file *file = &settings->files[source];
    struct setting head = { .source = source, .path = file->path };
    rec_status rc;

    if (file->path[0] == '\0')
        return REC_OK;
    rc = load_text(file, err);
    return rc == REC_OK && file->text.length > 0 ? read_lines(settings, file->text.data, file->text.length, &head, err) : rc;
}
