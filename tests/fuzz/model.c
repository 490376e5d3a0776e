/*
 * The file of a model: its head, the sizes of its sections, and an embedding and a comparison with what it holds. The input is the head and
 * a pattern that fills the megabyte behind it.
 */
#include "seal.h"

#include "model_file.h"

#include <math.h>
#include <string.h>

#define LARGEST (4u << 20) /* bytes of a payload that is filled; of a larger one the head alone is given */

static const rec_count PAPER[] = { 1u << REC_TF_BITS | 2, 77u << REC_TF_BITS | 1, (REC_BLOCK_BUCKETS + 5) << REC_TF_BITS | 3 };
#define PAPER_LENGTH (sizeof(PAPER) / sizeof(PAPER[0]))

static void embed(const rec_model *model)
{
    rec_error err = REC_ERROR_INIT;
    uint16_t words[REC_BLOCKS + 3 * PAPER_LENGTH];
    int8_t codes[REC_DIM_MAX];
    float vector[REC_DIM_MAX], scales[REC_BLOCKS];
    rec_query *query = NULL;
    rec_view view;

    MUST(rec_model_dim(model) <= REC_DIM_MAX && rec_model_dim(model) % 16 == 0);
    MUST(rec_model_touch(model, PAPER, PAPER_LENGTH, &err) == REC_OK);
    rec_model_embed(model, PAPER, PAPER_LENGTH, vector);
    rec_model_block_scales(model, PAPER, PAPER_LENGTH, scales);
    for (size_t i = 0; i < rec_model_dim(model); i++)
        if (!isfinite(vector[i]))
            return; /* numbers that no fit writes */
    view = (rec_view){ .packed = { words, rec_pack(PAPER, PAPER_LENGTH, words) }, .scales = scales };
    view.dense = (rec_code){ codes, rec_codes_round(vector, rec_model_dim(model), codes) };
    if (rec_model_is_small(model))
        view.smooth = view.dense;
    MUST(rec_query_new(model, &query, &err) == REC_OK);
    rec_query_set(query, &view);
    (void)rec_query_score(query, &view);
    (void)rec_query_detail(query, &view);
    rec_query_free(query);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rec_sealed_info info = { "model", REC_MODEL_VERSION, 0, 0, "" };
    struct fuzz_bytes bytes = { data, size };
    struct rec_model_head head;
    rec_error err = REC_ERROR_INIT;
    rec_model *model = NULL;
    size_t payload_bytes;
    uint8_t *payload;
    rec_status rc;

    fuzz_take(&bytes, &head, sizeof(head));
    payload_bytes = rec_model_payload_bytes(&head);
    if (payload_bytes == 0 || payload_bytes > LARGEST)
        payload_bytes = sizeof(head);
    MUST(payload = calloc(1, payload_bytes));
    memcpy(payload, &head, sizeof(head));
    for (size_t i = sizeof(head); i < payload_bytes && bytes.size > 0; i++)
        payload[i] = bytes.data[i % bytes.size];
    rc = rec_model_load(fuzz_sealed(&info, payload, payload_bytes), NULL, &model, &err);
    free(payload);
    fuzz_refusal(rc, &err);
    if (rc == REC_OK) {
        MUST(rec_model_verify(model, &err) == REC_OK);
        embed(model);
        rec_model_free(model);
    }
    return 0;
}
