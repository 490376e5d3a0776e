/* Dates of papers: see rec/date.h. */
#include "rec/date.h"

#include "quote.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define FIRST_YEAR 1000
#define LAST_YEAR 2999
#define ALL_DAYS 800000 /* more than the calendar has */

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

static int32_t number(int year, int month, int day)
{
    return year * 10000 + month * 100 + day;
}

/* Reads exactly `digits` decimal digits; -1 where they are not there. */
static int read_digits(const char **at, int digits)
{
    int value = 0;

    for (int i = 0; i < digits; i++) {
        char c = (*at)[i];
        if (c < '0' || c > '9')
            return -1;
        value = value * 10 + (c - '0');
    }
    *at += digits;
    return value;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_spaces(const char **at)
{
    while (is_space(**at))
        (*at)++;
}

/* With a NUL behind them. */
static void write_digits(char *out, int value, int digits)
{
    out[digits] = '\0';
    for (; digits > 0; value /= 10)
        out[--digits] = (char)('0' + value % 10);
}

/* month 0: a whole year; day 0: a whole month. */
static bool fill(int year, int month, int day, rec_date *out)
{
    if (year < FIRST_YEAR || year > LAST_YEAR || month > 12 || (day > 0 && (month == 0 || day > days_in(year, month))))
        return false;
    out->first = number(year, month ? month : 1, day ? day : 1);
    out->last = number(year, month ? month : 12, day ? day : days_in(year, month ? month : 12));
    write_digits(out->text, year, 4);
    if (month > 0) {
        out->text[4] = '-';
        write_digits(out->text + 5, month, 2);
    }
    if (day > 0) {
        out->text[7] = '-';
        write_digits(out->text + 8, day, 2);
    }
    return true;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "Z", "GMT", "+0100", "-05:30", "+0000 (UTC)": what a zone says does not matter, for the day counts as written. */
static void skip_zone(const char **at)
{
    skip_spaces(at);
    if (**at == '+' || **at == '-') {
        (*at)++;
        if (read_digits(at, 2) >= 0) {
            *at += **at == ':';
            read_digits(at, 2);
        }
    } else {
        while (is_letter(**at))
            (*at)++;
    }
    skip_spaces(at);
    if (**at == '(' && strchr(*at, ')'))
        *at = strchr(*at, ')') + 1;
}

/* "19:18", "19:18:42", "19:18:42.125": two digits each, below 24, 60 and, for the leap second, 61. */
static bool skip_clock(const char **at)
{
    static const int limits[] = { 24, 60, 61 };

    for (int i = 0; i < 3; i++) {
        int value;

        if (i > 0 && **at != ':')
            return i == 2;
        *at += i > 0;
        value = read_digits(at, 2);
        if (value < 0 || value >= limits[i])
            return false;
    }
    if (**at == '.' || **at == ',') {
        ++*at;
        *at += strspn(*at, "0123456789");
    }
    return true;
}

/* What may stand behind a day: nothing, or a time after a 'T' or a blank. */
static bool ends_or_is_time(const char *at)
{
    const char *day_end = at;
    bool promised = *at == 'T' || *at == 't';

    at += promised;
    skip_spaces(&at);
    if (*at == '\0')
        return !promised;
    if (at == day_end || !skip_clock(&at))
        return false;
    skip_zone(&at);
    skip_spaces(&at);
    return *at == '\0';
}

static bool parse_iso(const char *at, rec_date *out)
{
    int year = read_digits(&at, 4), month = 0, day = 0;
    char between = *at;

    if (year < 0)
        return false;
    if (between == '-' || between == '/') {
        at++;
        month = read_digits(&at, 2);
        if (month < 1)
            return false;
        if (*at == between) {
            at++;
            day = read_digits(&at, 2);
            if (day < 1)
                return false;
        }
    }
    if (day == 0) {
        skip_spaces(&at);
        return *at == '\0' && fill(year, month, 0, out);
    }
    return ends_or_is_time(at) && fill(year, month, day, out);
}

static int read_month(const char **at)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    char lower[3];

    for (int i = 0; i < 3; i++) {
        char c = (*at)[i];

        if (!is_letter(c))
            return -1;
        lower[i] = (char)(c | 0x20);
    }
    *at += 3;
    for (int m = 0; m < 12; m++)
        if (memcmp(names + 3 * m, lower, 3) == 0)
            return m + 1;
    return -1;
}

/* "Mon, 2 Apr 2007 19:18:42 GMT": RFC 5322, 3.3, the day of the week optional and unchecked. */
static bool parse_mail(const char *at, rec_date *out)
{
    const char *start = at;
    int day, month, year;

    while (is_letter(*at))
        at++;
    if (at > start && *at++ != ',')
        return false;
    skip_spaces(&at);
    day = read_digits(&at, 2);
    if (day < 0)
        day = read_digits(&at, 1);
    if (day < 1 || !is_space(*at))
        return false;
    skip_spaces(&at);
    month = read_month(&at);
    if (month < 0 || !is_space(*at))
        return false;
    skip_spaces(&at);
    year = read_digits(&at, 4);
    return year > 0 && ends_or_is_time(at) && fill(year, month, day, out);
}

rec_status rec_date_parse(const char *text, rec_date *out, rec_error *err)
{
    const char *at = text;
    char quoted[REC_QUOTE_ROOM];
    rec_date date = { 0, 0, "" };

    skip_spaces(&at);
    if (!parse_iso(at, &date) && !parse_mail(at, &date))
        return rec_fail(err, REC_EINVAL, "'%s' is not a date (YYYY, YYYY-MM or YYYY-MM-DD)", rec_quote(text, quoted));
    *out = date;
    return REC_OK;
}

int32_t rec_date_add(int32_t day, int days)
{
    int year = day / 10000, month = day / 100 % 100, of_month = day % 100;

    of_month += days > ALL_DAYS ? ALL_DAYS : days < -ALL_DAYS ? -ALL_DAYS : days;
    while (of_month < 1) {
        month = month == 1 ? 12 : month - 1;
        year -= month == 12;
        of_month += days_in(year, month);
    }
    while (of_month > days_in(year, month)) {
        of_month -= days_in(year, month);
        year += month == 12;
        month = month == 12 ? 1 : month + 1;
    }
    if (year < FIRST_YEAR)
        return number(FIRST_YEAR, 1, 1);
    return year > LAST_YEAR ? number(LAST_YEAR, 12, 31) : number(year, month, of_month);
}
