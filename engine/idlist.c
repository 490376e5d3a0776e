/* Reading files of ids: see rec/idlist.h. */
#include "rec/idlist.h"

#include "alloc.h"
#include "columns.h"
#include "rec/source.h"

#include <stdlib.h>

void rec_id_list_clear(rec_id_list *list)
{
    rec_free(list->docs);
    *list = (rec_id_list)REC_ID_LIST_INIT;
}

rec_status rec_id_list_append(rec_id_list *list, rec_doc doc, rec_error *err)
{
    /* The array's room is the least power of two that holds it, so it grows where the count is one. */
    if ((list->count & (list->count - 1)) == 0) {
        rec_doc *docs = rec_resize_array(list->docs, list->count ? 2 * list->count : 1, sizeof(*docs));

        if (!docs)
            return rec_fail(err, REC_ENOMEM, "out of memory for a list of ids");
        list->docs = docs;
    }
    list->docs[list->count++] = doc;
    return REC_OK;
}

rec_status rec_id_list_add(rec_store *store, const char *id, rec_id_list *list, rec_error *err)
{
    rec_doc doc;
    rec_status rc = rec_find_paper(store, id, &doc, err);

    if (rc != REC_OK || doc != 0)
        return rc == REC_OK ? rec_id_list_append(list, doc, err) : rc;
    list->unknown++;
    return REC_OK;
}

rec_status rec_id_list_load(rec_store *store, const char *path, rec_id_list *out, rec_error *err)
{
    rec_id_list list = REC_ID_LIST_INIT;
    rec_error reason = REC_ERROR_INIT;
    rec_source *source = NULL;
    rec_line line;
    rec_status rc = rec_source_open(path, &source, err);

    if (rc != REC_OK)
        return rc;
    while ((rc = rec_source_next(source, &line, &reason)) == REC_OK && line.text)
        if (line.length > 0 && line.text[0] != '#' && (rc = rec_id_list_add(store, line.text, &list, &reason)) != REC_OK)
            break;
    if (rc == REC_EFORMAT)
        rc = rec_fail(err, rc, "%s:%llu: %s", path, (unsigned long long)line.number, reason.message);
    else if (rc != REC_OK)
        rc = rec_fail(err, rc, "%s", reason.message);
    rec_source_close(source);
    if (rc == REC_OK)
        *out = list;
    else
        rec_id_list_clear(&list);
    return rc;
}

static int by_number(const void *left, const void *right)
{
    rec_doc a = *(const rec_doc *)left, b = *(const rec_doc *)right;

    return (a > b) - (a < b);
}

void rec_id_list_sort(rec_id_list *list)
{
    if (list->count > 1)
        qsort(list->docs, list->count, sizeof(*list->docs), by_number);
}

bool rec_docs_hold(const rec_doc *rising, size_t count, rec_doc doc)
{
    size_t found;

    rec_rows_of(rising, sizeof(*rising), count, doc, &found);
    return found > 0;
}
