/* Dates and categories of the papers that are wanted: see rec/filter.h. */
#include "rec/filter.h"

#include "quote.h"

#include <string.h>
#include <strings.h>

/* ---- dates --------------------------------------------------------------------------------------------------------- */

static rec_status read_date(const char *name, const char *text, rec_date *out, rec_error *err)
{
    rec_error reason = REC_ERROR_INIT;

    if (!text || rec_date_parse(text, out, &reason) == REC_OK)
        return REC_OK;
    return rec_fail(err, REC_EINVAL, "%s: %s", name, reason.message);
}

rec_status rec_filter_set_window(rec_filter *filter, const char *since, const char *until, rec_error *err)
{
    rec_date from = { 0, 0, "" }, to = { 0, 0, "" };
    rec_status rc;

    if ((rc = read_date("since", since, &from, err)) != REC_OK || (rc = read_date("until", until, &to, err)) != REC_OK)
        return rc;
    if (since && until && from.first > to.last)
        return rec_fail(err, REC_EINVAL, "since %s and until %s leave no day", from.text, to.text);
    filter->since = from.first;
    filter->until = to.last;
    return REC_OK;
}

/* ---- categories ---------------------------------------------------------------------------------------------------- */

rec_status rec_filter_check_category(const char *category, rec_error *err)
{
    char quoted[REC_QUOTE_ROOM];

    if (!category[0])
        return rec_fail(err, REC_EINVAL, "the category is empty");
    for (const char *at = category; *at; at++)
        if ((unsigned char)*at < ' ' || *at == '"' || *at == '\\')
            return rec_fail(err, REC_EINVAL, "'%s' is not a category", rec_quote(category, quoted));
    return REC_OK;
}

static bool is_in(const char *asked, const char *name, size_t length)
{
    size_t all = strlen(asked);

    if (all > 2 && strcmp(asked + all - 2, ".*") == 0)
        all -= 2;
    return length >= all && strncasecmp(name, asked, all) == 0 && (length == all || name[all] == '.');
}

static bool is_in_any(const char *const *asked, size_t count, const char *name, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (is_in(asked[i], name, length))
            return true;
    return false;
}

rec_verdict rec_filter_judge(const rec_filter *filter, const char *name, size_t length)
{
    if (is_in_any(filter->not_categories, filter->not_category_count, name, length))
        return REC_UNWANTED;
    return is_in_any(filter->categories, filter->category_count, name, length) ? REC_WANTED : REC_NOT_ASKED_FOR;
}

/*
 * The array is walked as it is written: a name with an escape in it is compared with its escapes, and equals nothing that can be asked
 * for.
 */
bool rec_filter_takes_categories(const rec_filter *filter, const char *categories)
{
    bool wanted = filter->category_count == 0;
    const char *at = categories ? categories : "";

    while ((at = strchr(at, '"'))) {
        const char *name = ++at;
        rec_verdict verdict;

        while (*at && *at != '"')
            at += at[0] == '\\' && at[1] ? 2 : 1;
        verdict = rec_filter_judge(filter, name, (size_t)(at - name));
        if (verdict == REC_UNWANTED)
            return false;
        wanted = wanted || verdict == REC_WANTED;
        at += *at == '"';
    }
    return wanted;
}

/* ---- both ---------------------------------------------------------------------------------------------------------- */

bool rec_filter_is_open(const rec_filter *filter)
{
    return !filter->since && !filter->until && filter->category_count == 0 && filter->not_category_count == 0;
}

bool rec_filter_takes(const rec_filter *filter, const rec_paper *paper)
{
    return rec_filter_takes_date(filter, paper->date.first, paper->date.last) && rec_filter_takes_categories(filter, paper->categories);
}
