/* Fields, lists, dates and marks of a record under our own names, for the formats that make one: see record.h. */
#include "record.h"

#include "buf.h"
#include "character.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

bool rec_move_field(json_t *from, const char *theirs, json_t *own, const char *ours)
{
    json_t *value = json_object_get(from, theirs);

    if (!value || json_is_null(value) || json_object_get(own, ours))
        return true;
    if (json_object_set(own, ours, value) != 0)
        return false;
    json_object_del(from, theirs);
    return true;
}

bool rec_move_fields(json_t *from, const struct rec_field_name *fields, json_t *own)
{
    for (; fields->ours; fields++)
        if (!rec_move_field(from, fields->theirs, own, fields->ours))
            return false;
    return true;
}

/* The list `field`, made where there is none; NULL where memory is out. */
static json_t *get_list(json_t *own, const char *field)
{
    json_t *list = json_object_get(own, field);

    if (!list && json_object_set_new(own, field, list = json_array()) != 0)
        return NULL;
    return list;
}

bool rec_append_text(json_t *own, const char *field, const char *text)
{
    json_t *list;

    if (!text || !text[0])
        return true;
    list = get_list(own, field);
    return list && json_array_append_new(list, json_string(text)) == 0;
}

bool rec_put_beside(json_t *object, const char *name, json_t *value)
{
    json_t *there = json_object_get(object, name);

    if (!value)
        return true;
    if (!there)
        return json_object_set_new(object, name, value) == 0;
    if (!json_is_array(there)) {
        json_t *list = json_array();

        if (!list || json_array_append(list, there) != 0 || json_object_set_new(object, name, list) != 0) {
            json_decref(value);
            return false;
        }
        there = list;
    }
    return json_array_append_new(there, value) == 0;
}

bool rec_append_name(json_t *own, const char *field, const char *given, const char *family, const char *suffix)
{
    rec_buf name = REC_BUF_INIT(SIZE_MAX / 2); /* what is too long is refused as an entry */
    bool appended;

    if (given && given[0])
        rec_buf_printf(&name, "%s ", given);
    if (family && family[0])
        rec_buf_puts(&name, family);
    if (suffix && suffix[0])
        rec_buf_printf(&name, " %s", suffix);
    appended = !name.failed && rec_append_text(own, field, rec_buf_text(&name));
    rec_buf_clear(&name);
    return appended;
}

/* A number, or the English name that a text begins with ("Mar", "July 31--August 4"); 0 for what is no month ("Spring"). */
static int month_number(const char *text)
{
    static const char *const names[] = { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec" };
    int number = 0;

    for (int i = 0; i < 12; i++)
        if (strncasecmp(text, names[i], 3) == 0)
            return i + 1;
    return sscanf(text, "%2d", &number) == 1 && number > 0 ? number : 0;
}

bool rec_put_date(json_t *own, const char *year, const char *month, const char *day)
{
    int month_of_year = month ? month_number(month) : 0, day_of_month = 0;
    rec_buf text = REC_BUF_INIT(SIZE_MAX / 2); /* what is no year is refused as a date */
    bool put;

    if (!year || json_object_get(own, "date"))
        return true;
    if (day && (sscanf(day, "%2d", &day_of_month) != 1 || day_of_month < 0))
        day_of_month = 0;
    rec_buf_puts(&text, year);
    if (month_of_year > 0)
        rec_buf_printf(&text, "-%02d", month_of_year);
    if (month_of_year > 0 && day_of_month > 0)
        rec_buf_printf(&text, "-%02d", day_of_month);
    put = !text.failed && json_object_set_new(own, "date", json_string(rec_buf_text(&text))) == 0;
    rec_buf_clear(&text);
    return put;
}

bool rec_is_text(const char *field, const char *text, size_t length, rec_error *refusal)
{
    size_t at = 0, bytes;

    while (at < length) {
        int32_t c = rec_character(text + at, length - at, &bytes);

        if (c <= 0) {
            (void)rec_fail(refusal, REC_EFORMAT, "field '%s': %s at byte %zu", field, c < 0 ? "not UTF-8" : "a NUL", at);
            return false;
        }
        at += bytes;
    }
    return true;
}
