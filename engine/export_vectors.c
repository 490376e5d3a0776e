/* The vectors of papers for other programs, and the ids of their rows: see rec/export.h. */
#include "export.h"

#include "alloc.h"
#include "engine.h"
#include "rec/index.h"

#include <stdio.h>
#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "vectors are written as they are in memory: a big-endian machine needs a conversion here"
#endif

#define BLOCK 256 /* rows that are in memory at once */

struct exporting {
    rec_engine *engine;
    const rec_export_choice *choice;
    rec_vectors_format format;
    const rec_export_sink *vectors, *ids;
    rec_vectors_report *report;
    rec_store_state state;
    const rec_space *space;
    uint32_t *rows; /* (report->rows) of the space, rising */
};

static rec_status take(const rec_export_sink *sink, const void *bytes, size_t length, rec_error *err)
{
    return sink->take(sink->context, bytes, length, err);
}

/* ---- which rows ---------------------------------------------------------------------------------------------------- */

/* A paper that changed since the last build still has the row of its old text: it counts as one without. */
static rec_status take_row(void *context, const rec_text *text, rec_error *err)
{
    struct exporting *ex = context;
    size_t row = REC_NO_PAPER_ROW;
    rec_status rc = text->indexed ? rec_space_row(ex->space, text->doc, &row, err) : REC_OK;

    if (rc == REC_OK && row != REC_NO_PAPER_ROW)
        rc = rec_space_touch(ex->space, row, err);
    if (rc != REC_OK)
        return rc;
    if (row != REC_NO_PAPER_ROW && rec_space_has_vector(ex->space, row))
        ex->rows[ex->report->rows++] = (uint32_t)row;
    else
        ex->report->without++;
    return REC_OK;
}

static rec_status read_rows(void *context, size_t first, size_t n, float *out, rec_error *err)
{
    const struct exporting *ex = context;

    (void)err;
    for (size_t i = 0; i < n; i++)
        rec_codes_restore(rec_space_code(ex->space, ex->rows[first + i]), ex->space->dim, out + i * ex->space->dim);
    return REC_OK;
}

/* ---- formats ------------------------------------------------------------------------------------------------------- */

#define NPY_MAGIC "\x93NUMPY\x01" /* and version 1.0: the last byte is the NUL */
#define NPY_ALIGNED 64            /* bytes: the head's length is a multiple of it */

/* Magic, version, the length of what follows (uint16), a Python literal, blanks up to the next multiple less one, and a line feed. */
static rec_status write_npy_head(const struct exporting *ex, rec_error *err)
{
    char literal[128];
    unsigned char head[3 * NPY_ALIGNED];
    int n = snprintf(literal, sizeof(literal), "{'descr': '<f4', 'fortran_order': False, 'shape': (%lld, %zu), }",
                     (long long)ex->report->rows, ex->report->dim);
    size_t before = sizeof(NPY_MAGIC) + 2, length = (before + (size_t)n + NPY_ALIGNED) / NPY_ALIGNED * NPY_ALIGNED;

    memset(head, ' ', length);
    memcpy(head, NPY_MAGIC, sizeof(NPY_MAGIC));
    head[before - 2] = (unsigned char)(length - before);
    head[before - 1] = 0;
    memcpy(head + before, literal, (size_t)n);
    head[length - 1] = '\n';
    return take(ex->vectors, head, length, err);
}

static rec_status write_block(const struct exporting *ex, const float *rows, size_t n, rec_error *err)
{
    const int32_t dim = (int32_t)ex->report->dim;
    rec_status rc = REC_OK;

    if (ex->format == REC_VECTORS_NPY)
        return take(ex->vectors, rows, n * ex->report->dim * sizeof(*rows), err);
    for (size_t i = 0; i < n && rc == REC_OK; i++)
        if ((rc = take(ex->vectors, &dim, sizeof(dim), err)) == REC_OK)
            rc = take(ex->vectors, rows + i * ex->report->dim, ex->report->dim * sizeof(*rows), err);
    return rc;
}

static rec_status write_rows(struct exporting *ex, rec_error *err)
{
    size_t count = (size_t)ex->report->rows;
    float *rows = rec_alloc_array(BLOCK * ex->report->dim, sizeof(*rows));
    rec_status rc = rows ? REC_OK : rec_fail(err, REC_ENOMEM, "out of memory for vectors");

    if (rc == REC_OK && ex->format == REC_VECTORS_NPY)
        rc = write_npy_head(ex, err);
    for (size_t first = 0; first < count && rc == REC_OK; first += BLOCK) {
        size_t n = count - first < BLOCK ? count - first : BLOCK;

        if ((rc = read_rows(ex, first, n, rows, err)) == REC_OK)
            rc = write_block(ex, rows, n, err);
    }
    rec_free(rows);
    return rc;
}

static rec_status write_vectors(struct exporting *ex, rec_error *err)
{
    const rec_index_rows rows = { (size_t)ex->report->rows, ex->report->dim, read_rows, ex };

    if (ex->format == REC_VECTORS_FAISS)
        return rec_index_write_faiss(&rows, ex->vectors->take, ex->vectors->context, err);
    return write_rows(ex, err);
}

static rec_status write_ids(struct exporting *ex, rec_error *err)
{
    rec_status rc = REC_OK;

    for (int64_t i = 0; i < ex->report->rows && rc == REC_OK; i++) {
        rec_record record = REC_RECORD_INIT;

        if ((rc = rec_store_get(ex->engine->store, ex->space->docs[ex->rows[i]], REC_GET_CARD, &record, err)) == REC_OK &&
            (rc = take(ex->ids, record.paper.id.text, strlen(record.paper.id.text), err)) == REC_OK)
            rc = take(ex->ids, "\n", 1, err);
        rec_record_clear(&record);
    }
    return rc;
}

/* ---- all of it ----------------------------------------------------------------------------------------------------- */

/* The state's files are open before a byte is written: it may have to begin anew until then. */
static rec_status export_once(void *context, rec_error *err)
{
    struct exporting *ex = context;
    rec_live *live = &ex->engine->live;
    rec_status rc = rec_store_get_state(ex->engine->store, &ex->state, err);

    if (rc != REC_OK || (rc = rec_live_open(live, &ex->state, err)) != REC_OK)
        return rc;
    ex->space = &live->space;
    *ex->report = (rec_vectors_report){ .dim = live->space.dim };
    if (!(ex->rows = rec_alloc_array(live->space.count, sizeof(*ex->rows))))
        return rec_fail(err, REC_ENOMEM, "out of memory for the numbers of %zu vectors", live->space.count);
    rc = rec_export_walk(ex->engine->store, ex->choice, take_row, ex, err);
    if (rc == REC_OK)
        rc = write_vectors(ex, err);
    if (rc == REC_OK)
        rc = write_ids(ex, err);
    rec_free(ex->rows);
    return rc;
}

rec_status rec_export_vectors(rec_engine *engine, const rec_export_choice *choice, rec_vectors_format format,
                              const rec_export_sink *vectors, const rec_export_sink *ids, rec_vectors_report *report, rec_error *err)
{
    struct exporting ex = { .engine = engine, .choice = choice, .format = format, .vectors = vectors, .ids = ids, .report = report };

    return rec_engine_in_one_state(engine, export_once, &ex, &ex.state, err);
}
