/* The file of a trained table: its head and its size. The input is the head, and a pattern for the first rows. */
#include "seal.h"

#include "rec/table.h"

#include <string.h>

#define HEAD 64
#define WHOLE (HEAD + (size_t)REC_BLOCK_BUCKETS * (4 + REC_TABLE_DIM / 2)) /* table.c has the layout */
#define PATTERN 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t payload[WHOLE];
    rec_sealed_info info = { "table", REC_TABLE_VERSION, REC_TABLE_DIM, REC_BLOCK_BUCKETS, "" };
    struct fuzz_bytes bytes = { data, size };
    size_t short_by = 0;
    rec_error err = REC_ERROR_INIT;
    rec_table *table = NULL;
    float row[REC_TABLE_DIM];
    rec_status rc;

    fuzz_take(&bytes, &short_by, 1);
    fuzz_take(&bytes, payload, HEAD);
    fuzz_take(&bytes, payload + HEAD, PATTERN);
    rc = rec_table_open(fuzz_sealed(&info, payload, WHOLE - short_by), &table, &err);
    fuzz_refusal(rc, &err);
    MUST(rc != REC_OK || short_by == 0);
    for (uint32_t bucket = 0; bucket < 100 && rc == REC_OK; bucket++) {
        rec_table_row(table, bucket * (REC_BLOCK_BUCKETS - 1) / 99, row);
        (void)rec_table_idf(table, bucket);
    }
    rec_table_close(table);
    return 0;
}
