/* Measures of a ranking, and reading judgements: see rec/judge.h. */
#include "rec/judge.h"

#include "alloc.h"
#include "columns.h"

#include <math.h>
#include <stdlib.h>

/* ---- judgements ---------------------------------------------------------------------------------------------------- */

void rec_judgements_clear(rec_judgements *judgements)
{
    rec_free(judgements->items);
    *judgements = (rec_judgements)REC_JUDGEMENTS_INIT;
}

struct loading {
    struct rec_finder queries;
    rec_judgements judgements;
    size_t room;
};

static bool read_grade(const char *text, unsigned *out)
{
    char *end;
    long value = strtol(text, &end, 10);

    if (end == text || *end != '\0' || value > REC_MAX_GRADE)
        return false;
    *out = value < 0 ? 0 : (unsigned)value; /* some collections mark spam with -1 or -2 */
    return true;
}

static rec_status append(struct loading *l, rec_judgement item, rec_error *err)
{
    if (l->judgements.count == l->room) {
        size_t room = l->room ? 2 * l->room : 4096;
        rec_judgement *items = rec_resize_array(l->judgements.items, room, sizeof(*items));

        if (!items)
            return rec_fail(err, REC_ENOMEM, "out of memory for judgements");
        l->judgements.items = items;
        l->room = room;
    }
    l->judgements.items[l->judgements.count++] = item;
    return REC_OK;
}

static rec_status take_row(char *line, const char *path, uint64_t at, void *context, rec_error *err)
{
    struct loading *l = context;
    unsigned long long number = at;
    char *fields[5];
    size_t n = rec_columns(line, fields, 5);
    rec_judgement item;
    rec_status rc;

    if (n != 3 && n != 4)
        return rec_fail(err, REC_EFORMAT, "%s:%llu: expected 'query document grade' or 'query 0 document grade'", path, number);
    if (!read_grade(fields[n - 1], &item.grade))
        return rec_fail(err, REC_EFORMAT, "%s:%llu: field 'grade': '%s' is not a whole number up to %d", path, number, fields[n - 1],
                        REC_MAX_GRADE);
    if ((rc = rec_finder_find(&l->queries, fields[0], &item.query, err)) != REC_OK ||
        (rc = rec_find_paper(l->queries.store, fields[n - 2], &item.doc, err)) != REC_OK)
        return rc;
    if (item.query == 0 || item.query == item.doc)
        return REC_OK;
    return append(l, item, err);
}

static int by_query_and_grade(const void *left, const void *right)
{
    const rec_judgement *a = left, *b = right;

    if (a->query != b->query)
        return a->query < b->query ? -1 : 1;
    if (a->grade != b->grade)
        return a->grade > b->grade ? -1 : 1;
    return (a->doc > b->doc) - (a->doc < b->doc);
}

rec_status rec_judgements_load(rec_store *store, const char *path, rec_judgements *out, rec_error *err)
{
    struct loading l = { .queries = { .store = store } };
    rec_status rc = rec_read_rows(path, take_row, &l, err);

    rec_finder_clear(&l.queries);
    if (rc != REC_OK) {
        rec_judgements_clear(&l.judgements);
        return rc;
    }
    if (l.judgements.count > 1)
        qsort(l.judgements.items, l.judgements.count, sizeof(*l.judgements.items), by_query_and_grade);
    *out = l.judgements;
    return REC_OK;
}

/* ---- measures ------------------------------------------------------------------------------------------------------ */

static unsigned grade_of(const rec_judgement *judged, size_t count, rec_doc doc)
{
    for (size_t i = 0; i < count; i++)
        if (judged[i].doc == doc)
            return judged[i].grade;
    return 0;
}

static double gain(unsigned grade, size_t rank)
{
    return (double)((1u << grade) - 1) / log2((double)rank + 1);
}

rec_measures rec_judge(const rec_judgements *judgements, rec_doc query, const rec_doc *ranking, size_t count)
{
    size_t judged_count, relevant = 0, found = 0;
    const rec_judgement *judged =
        judgements->items + rec_rows_of(judgements->items, sizeof(*judgements->items), judgements->count, query, &judged_count);
    rec_measures m = { 0, 0, 0, 0 };
    double ideal = 0;

    for (size_t i = 0; i < judged_count; i++) {
        relevant += judged[i].grade > 0;
        if (i < REC_NDCG_DEPTH)
            ideal += gain(judged[i].grade, i + 1);
    }
    if (relevant == 0)
        return m;
    for (size_t i = 0; i < count && i < REC_MAP_DEPTH; i++) {
        unsigned grade = grade_of(judged, judged_count, ranking[i]);

        if (grade == 0)
            continue;
        found++;
        if (i < REC_NDCG_DEPTH)
            m.ndcg += gain(grade, i + 1);
        m.precision += i < REC_PRECISION_DEPTH;
        m.recall += i < REC_RECALL_DEPTH;
        m.map += (double)found / (double)(i + 1);
    }
    m.ndcg /= ideal;
    m.precision /= REC_PRECISION_DEPTH;
    m.recall /= (double)relevant;
    m.map /= (double)(relevant < REC_MAP_DEPTH ? relevant : REC_MAP_DEPTH);
    return m;
}
