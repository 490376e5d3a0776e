/*
 * A trained table's file: see rec/table.h.
 *
 * Four bits a component cost nothing that can be measured, and a table of 16 bits a component would be 32 MiB (docs/evaluation.md). The
 * payload, little-endian:
 *   head    struct table_head, 64 bytes
 *   scale   uint16 (REC_BLOCK_BUCKETS)  what a step of the row is worth, in head.scale_step
 *   idf     uint16 (REC_BLOCK_BUCKETS)  in head.idf_step
 *   steps   uint8 (REC_BLOCK_BUCKETS, REC_TABLE_DIM / 2)  two components a byte, the even one in the low bits, each -7 to 7 plus 8
 */
#include "rec/table.h"

#include "alloc.h"
#include "settings.h"

#include <math.h>
#include <string.h>

#define KIND "table"
#define DIM REC_TABLE_DIM
#define BITS REC_TABLE_BITS           /* of a component: 2, 4 or 8 */
#define STEPS ((1 << (BITS - 1)) - 1) /* on either side of 0 */
#define RANGE 2.6f                    /* standard deviations that the steps span: what lies beyond is cut */
#define PER_BYTE (8u / BITS)
#define ROW_BYTES (DIM / PER_BYTE)

struct table_head {
    uint32_t ngram_version;
    uint32_t dim;
    uint64_t papers;
    float scale_step;
    float idf_step;
    uint8_t zero[40];
};

_Static_assert(sizeof(struct table_head) == 64, "the head is 64 bytes on disk");

#define PAYLOAD (sizeof(struct table_head) + REC_BLOCK_BUCKETS * (2 * sizeof(uint16_t) + ROW_BYTES))

struct rec_table {
    rec_sealed sealed;
    const struct table_head *head;
    const uint16_t *scale;
    const uint16_t *idf;
    const uint8_t *steps;
};

static void lay_out(struct rec_table *table, const uint8_t *payload)
{
    table->head = (const struct table_head *)payload;
    table->scale = (const uint16_t *)(payload + sizeof(*table->head));
    table->idf = table->scale + REC_BLOCK_BUCKETS;
    table->steps = (const uint8_t *)(table->idf + REC_BLOCK_BUCKETS);
}

/* ---- writing ------------------------------------------------------------------------------------------------------- */

static float row_scale(const float *row)
{
    double squares = 0;

    for (size_t j = 0; j < DIM; j++)
        squares += (double)row[j] * (double)row[j];
    return (float)(RANGE * sqrt(squares / DIM) / STEPS);
}

/* Rounds positive values to 16 bits of their largest; returns the step. */
static float round_values(const float *values, uint16_t *out)
{
    float largest = 0;

    for (size_t i = 0; i < REC_BLOCK_BUCKETS; i++)
        largest = values[i] > largest ? values[i] : largest;
    for (size_t i = 0; i < REC_BLOCK_BUCKETS && largest > 0; i++)
        out[i] = (uint16_t)(values[i] / largest * UINT16_MAX + 0.5f);
    return largest / UINT16_MAX;
}

static uint8_t step_of(float component, float scale)
{
    float step = scale > 0 ? component / scale : 0;
    int rounded = (int)(step < 0 ? step - 0.5f : step + 0.5f);

    return (uint8_t)((rounded < -STEPS ? -STEPS : rounded > STEPS ? STEPS : rounded) + STEPS + 1);
}

static void fill(uint8_t *payload, const float *rows, const float *idf, const float *scales, uint64_t papers)
{
    struct table_head *head = (struct table_head *)payload;
    uint16_t *scale = (uint16_t *)(payload + sizeof(*head)), *rounded_idf = scale + REC_BLOCK_BUCKETS;
    uint8_t *steps = (uint8_t *)(rounded_idf + REC_BLOCK_BUCKETS);

    *head = (struct table_head){ .ngram_version = REC_NGRAM_VERSION, .dim = DIM, .papers = papers };
    head->scale_step = round_values(scales, scale);
    head->idf_step = round_values(idf, rounded_idf);
    for (size_t i = 0; i < REC_BLOCK_BUCKETS; i++) {
        float step = scale[i] * head->scale_step; /* as it will be read */

        for (size_t j = 0; j < DIM; j++)
            steps[i * ROW_BYTES + j / PER_BYTE] |= (uint8_t)(step_of(rows[i * DIM + j], step) << BITS * (j % PER_BYTE));
    }
}

static rec_status write_sealed(const rec_sealed_info *info, const uint8_t *payload, const char *path, rec_error *err)
{
    rec_sealed_writer *writer;
    rec_status rc = rec_sealed_create(path, info, &writer, err);

    if (rc != REC_OK)
        return rc;
    if ((rc = rec_sealed_write(writer, payload, PAYLOAD, err)) != REC_OK) {
        rec_sealed_abort(writer);
        return rc;
    }
    return rec_sealed_commit(writer, err);
}

rec_status rec_table_save(const float *rows, const float *idf, uint64_t papers, const char *path, rec_error *err)
{
    rec_sealed_info info = { .kind = KIND, .version = REC_TABLE_VERSION, .dim = DIM, .count = REC_BLOCK_BUCKETS };
    uint8_t *payload = rec_alloc_aligned(PAYLOAD, 1);
    float *scales = rec_alloc_array(REC_BLOCK_BUCKETS, sizeof(*scales));
    rec_status rc;

    if (payload && scales) {
        for (size_t i = 0; i < REC_BLOCK_BUCKETS; i++)
            scales[i] = row_scale(rows + i * DIM);
        fill(payload, rows, idf, scales, papers);
        rec_fingerprint(payload, PAYLOAD, info.fingerprint);
        rc = write_sealed(&info, payload, path, err);
    } else {
        rc = rec_fail(err, REC_ENOMEM, "out of memory writing '%s'", path);
    }
    rec_free(payload);
    rec_free(scales);
    return rc;
}

rec_status rec_table_copy(const rec_table *table, const char *path, rec_error *err)
{
    return write_sealed(&table->sealed.info, table->sealed.payload, path, err);
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

rec_status rec_table_open(const char *path, rec_table **out, rec_error *err)
{
    rec_table *table = rec_alloc(sizeof(*table));
    rec_status rc;

    if (!table)
        return rec_fail(err, REC_ENOMEM, "out of memory opening '%s'", path);
    if ((rc = rec_sealed_map(path, KIND, REC_TABLE_VERSION, &table->sealed, err)) != REC_OK ||
        (rc = rec_sealed_verify_all(&table->sealed, err)) != REC_OK)
        goto failed;
    if (table->sealed.bytes != PAYLOAD) {
        rc = rec_fail(err, REC_EDAMAGED, "cannot open table '%s': %zu bytes, expected %zu", path, table->sealed.bytes, (size_t)PAYLOAD);
        goto failed;
    }
    lay_out(table, table->sealed.payload);
    if (table->head->dim != DIM || table->head->ngram_version != REC_NGRAM_VERSION) {
        rc = rec_fail(err, REC_ESTALE,
                      "cannot use table '%s': made for n-grams of version %u with %u dimensions, this program has %u and %u", path,
                      table->head->ngram_version, table->head->dim, REC_NGRAM_VERSION, DIM);
        goto failed;
    }
    *out = table;
    return REC_OK;

failed:
    rec_table_close(table);
    return rc;
}

void rec_table_close(rec_table *table)
{
    if (!table)
        return;
    rec_sealed_close(&table->sealed);
    rec_free(table);
}

const char *rec_table_fingerprint(const rec_table *table)
{
    return table->sealed.info.fingerprint;
}

uint64_t rec_table_papers(const rec_table *table)
{
    return table->head->papers;
}

float rec_table_idf(const rec_table *table, uint32_t bucket)
{
    return table->idf[bucket] * table->head->idf_step;
}

void rec_table_row(const rec_table *table, uint32_t bucket, float *out)
{
    const uint8_t *steps = table->steps + (size_t)bucket * ROW_BYTES;
    float scale = table->scale[bucket] * table->head->scale_step;

    for (size_t j = 0; j < DIM; j++)
        out[j] = (float)((steps[j / PER_BYTE] >> BITS * (j % PER_BYTE) & ((1 << BITS) - 1)) - STEPS - 1) * scale;
}
