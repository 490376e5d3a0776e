/*
 * The function row_sum(...) of SQL: see store_sums.h. XXH3 of each value's type, length and bytes, numbers in little-endian order, so that
 * a row has the same sum on every machine.
 */
#include "store_sums.h"

#include "store_internal.h"

#include <assert.h>
#include <endian.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define HEAD 9 /* bytes before those of a text: its type, and its length as 64 bits; a number's value stands there in place of a length */

/* Returns where the next byte goes. */
static uint8_t *put_head(uint8_t *at, int type, uint64_t number)
{
    uint64_t little = htole64(number);

    *at = (uint8_t)type;
    memcpy(at + 1, &little, sizeof(little));
    return at + HEAD;
}

static void add_head(XXH3_state_t *sum, int type, uint64_t number)
{
    uint8_t head[HEAD];

    put_head(head, type, number);
    XXH3_64bits_update(sum, head, sizeof(head));
}

/* SQLite may store a whole number for a real one: -0 comes back as 0. */
static uint64_t bits_of_real(double real)
{
    uint64_t bits;

    real += 0.0;
    memcpy(&bits, &real, sizeof(bits));
    return bits;
}

static void add_value(XXH3_state_t *sum, sqlite3_value *value)
{
    int type = sqlite3_value_type(value);

    if (type == SQLITE_TEXT || type == SQLITE_BLOB) {
        const void *bytes = sqlite3_value_blob(value); /* of a text as well, and without the copy that a zero behind it may take */
        size_t length = (size_t)sqlite3_value_bytes(value);

        add_head(sum, type, length);
        if (length > 0)
            XXH3_64bits_update(sum, bytes, length);
    } else if (type == SQLITE_FLOAT) {
        add_head(sum, type, bits_of_real(sqlite3_value_double(value)));
    } else {
        add_head(sum, type, (uint64_t)sqlite3_value_int64(value)); /* 0 of NULL */
    }
}

static void row_sum(sqlite3_context *context, int count, sqlite3_value **values)
{
    XXH3_state_t sum;

    XXH3_64bits_reset(&sum);
    for (int i = 0; i < count; i++)
        add_value(&sum, values[i]);
    sqlite3_result_int64(context, (sqlite3_int64)XXH3_64bits_digest(&sum));
}

rec_status rec_sums_register(sqlite3 *db)
{
    /* Not for triggers and views: those of a hostile file would be none of ours. */
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;

    return sqlite3_create_function_v2(db, "row_sum", -1, flags, NULL, row_sum, NULL, NULL, NULL) == SQLITE_OK ? REC_OK : REC_ENOMEM;
}

int64_t rec_sums_of_list(int64_t doc, double reach, const void *near, size_t bytes)
{
    uint8_t row[3 * HEAD + REC_LIST_LENGTH * sizeof(rec_neighbour)], *at = row;

    assert(bytes <= REC_LIST_LENGTH * sizeof(rec_neighbour));
    at = put_head(at, SQLITE_INTEGER, (uint64_t)doc);
    at = put_head(at, SQLITE_FLOAT, bits_of_real(reach));
    at = put_head(at, SQLITE_BLOB, bytes);
    if (bytes > 0)
        memcpy(at, near, bytes);
    return (int64_t)XXH3_64bits(row, 3 * HEAD + bytes);
}
