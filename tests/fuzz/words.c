/* The file of which papers have a word: where segments and lists lie, and what a list holds. Its tables are the input's but for empty
 * lists. */
#include "seal.h"

#include "model_file.h"
#include "words.h"

#include <string.h>

#define ROWS 8
#define STARTS 6 /* that the input says; the lists behind them are empty */

struct payload {
    struct rec_words_head head;
    float scales[16]; /* 64 bytes, as sections are */
    uint32_t starts[REC_BLOCK_BUCKETS + 16];
    uint16_t lists[4096];
};

/* Segments end where the input says, or where they should. */
static size_t make_payload(struct fuzz_bytes bytes, struct payload *payload)
{
    size_t lists, end = sizeof(*payload) - sizeof(payload->lists);
    uint64_t segments[8] = { sizeof(payload->head) };
    uint8_t says;

    fuzz_take(&bytes, &says, sizeof(says));
    fuzz_take(&bytes, payload->starts, STARTS * sizeof(*payload->starts));
    lists = bytes.size < sizeof(payload->lists) / 2 ? (bytes.size + 63) / 64 * 64 : sizeof(payload->lists) / 2;
    fuzz_take(&bytes, payload->lists, lists);
    for (size_t i = STARTS; i <= REC_BLOCK_BUCKETS; i++)
        payload->starts[i] = payload->starts[STARTS - 1];
    segments[1] = end + lists + (says & 1 ? 64u * (says >> 1) : 0);
    memcpy((uint8_t *)payload + end + lists, segments, sizeof(segments));
    return end + lists + sizeof(segments);
}

static void read_list(const rec_words *words, uint16_t bucket)
{
    rec_words_segment segment = rec_words_segment_at(words, 0);
    rec_error err = REC_ERROR_INIT;
    static _Alignas(64) uint8_t room[REC_WORDS_ROOM];
    rec_word_list list;
    size_t rows = 0, sum = 0;
    rec_status rc = rec_words_list(words, &segment, bucket, room, &list, &err);

    fuzz_refusal(rc, &err);
    for (size_t class = 0; rc == REC_OK && class < REC_WORD_CLASSES; class ++)
        for (size_t i = 0; i < list.counts[class]; i++, rows++)
            sum += list.rows[class][i];
    MUST(rows <= segment.length && sum <= rows * UINT16_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct payload payload;
    const struct rec_model_head head = { .ngram_version = REC_NGRAM_VERSION };
    const rec_model model = { .fingerprint = "00000000000000000000000000000000", .head = &head };
    const rec_space space = { .count = ROWS };
    rec_sealed_info info = { "words", REC_WORDS_VERSION, 0, ROWS, "" };
    rec_words words = REC_WORDS_INIT;
    rec_error err = REC_ERROR_INIT;
    size_t bytes;
    rec_status rc;

    memset(&payload, 0, sizeof(payload));
    bytes = make_payload((struct fuzz_bytes){ data, size }, &payload);
    rc = rec_words_open(fuzz_sealed(&info, (const uint8_t *)&payload, bytes), &space, &model, &words, &err);
    fuzz_refusal(rc, &err);
    if (rc == REC_OK) {
        MUST(rec_words_verify(&words, &err) == REC_OK); /* its checksums are right */
        for (uint16_t bucket = 0; bucket < STARTS; bucket++)
            read_list(&words, bucket);
        rec_words_close(&words);
    }
    return 0;
}
