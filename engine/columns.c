/* Lines of tables: see columns.h. */
#include "columns.h"

#include "alloc.h"
#include "rec/id.h"

#include <string.h>

size_t rec_columns(char *line, char **columns, size_t limit)
{
    const char *between = strchr(line, '\t') ? "\t" : " ";
    char *save = NULL;
    size_t n = 0;

    for (char *column = strtok_r(line, between, &save); column && n < limit; column = strtok_r(NULL, between, &save))
        columns[n++] = column;
    return n;
}

rec_status rec_find_paper(rec_store *store, const char *id, rec_doc *out, rec_error *err)
{
    rec_error ignored;
    rec_id parsed;
    rec_status rc;

    *out = 0;
    if (rec_id_parse(id, &parsed, &ignored) != REC_OK)
        return REC_OK;
    rc = rec_store_find(store, parsed.text, out, err);
    return rc == REC_ENOTFOUND ? REC_OK : rc;
}

rec_status rec_finder_find(struct rec_finder *finder, const char *id, rec_doc *out, rec_error *err)
{
    rec_status rc = REC_OK;

    if (!finder->id || strcmp(finder->id, id) != 0) {
        rec_finder_clear(finder);
        if (!(finder->id = rec_strdup(id)))
            return rec_fail(err, REC_ENOMEM, "out of memory for a table");
        rc = rec_find_paper(finder->store, id, &finder->doc, err);
    }
    *out = finder->doc;
    return rc;
}

void rec_finder_clear(struct rec_finder *finder)
{
    rec_free(finder->id);
    finder->id = NULL;
}

static rec_doc query_of(const void *rows, size_t size, size_t row)
{
    return *(const rec_doc *)((const char *)rows + row * size);
}

size_t rec_rows_of(const void *rows, size_t size, size_t count, rec_doc query, size_t *found)
{
    size_t low = 0, high = count, end;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (query_of(rows, size, middle) < query)
            low = middle + 1;
        else
            high = middle;
    }
    for (end = low; end < count && query_of(rows, size, end) == query; end++)
        ;
    *found = end - low;
    return low;
}

static rec_status take_copy(const rec_line *line, const char *path, rec_row_taker take, void *context, rec_error *err)
{
    unsigned long long number = line->number;
    char *copy;
    rec_status rc;

    if (memchr(line->text, '\0', line->length))
        return rec_fail(err, REC_EFORMAT, "%s:%llu: the line holds a NUL", path, number);
    if (!(copy = rec_strndup(line->text, line->length)))
        return rec_fail(err, REC_ENOMEM, "out of memory reading '%s'", path);
    rc = take(copy, path, line->number, context, err);
    rec_free(copy);
    return rc;
}

rec_status rec_read_rows(const char *path, rec_row_taker take, void *context, rec_error *err)
{
    rec_error reason = REC_ERROR_INIT;
    rec_source *source = NULL;
    rec_line line;
    rec_status rc = rec_source_open(path, &source, err);

    if (rc != REC_OK)
        return rc;
    while ((rc = rec_source_next(source, &line, &reason)) == REC_OK && line.text)
        if (line.length > 0 && (rc = take_copy(&line, path, take, context, err)) != REC_OK)
            goto done;
    if (rc == REC_EFORMAT)
        rc = rec_fail(err, rc, "%s:%llu: %s", path, (unsigned long long)line.number, reason.message);
    else if (rc != REC_OK)
        rc = rec_fail(err, rc, "%s", reason.message);

done:
    rec_source_close(source);
    return rc;
}
