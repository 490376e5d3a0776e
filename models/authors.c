/* Authors in common: see authors.h. */
#include "authors.h"

#include "alloc.h"
#include "model_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * Papers that one name may stand for. Of two conference papers whose authors' names look alike, the full names were the same for 3 of 4
 * where a name had up to 8 papers, for 1 of 2 at 50, 1 of 5 at 200 and 1 of 50 at 1,000 (docs/evaluation.md). Beyond this many the weight
 * of a name falls by the square root, more slowly than that: where one name has many papers in a small field it may well be one author.
 */
#define PAPERS_OF_ONE 20

#define READ 64 /* authors of a paper that are looked at: of a large collaboration the first */

static int by_key(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

    return (a > b) - (a < b);
}

rec_status rec_authors_count(rec_authors all, rec_common_authors *out, rec_error *err)
{
    uint32_t *sorted = rec_alloc_array(all.count, sizeof(*sorted));
    size_t most = all.count / (PAPERS_OF_ONE + 1);
    rec_common_authors common = { rec_alloc_array(most, sizeof(*common.keys)), rec_alloc_array(most, sizeof(*common.weights)), 0 };

    if (!sorted || !common.keys || !common.weights) {
        rec_free(sorted);
        rec_common_authors_clear(&common);
        return rec_fail(err, REC_ENOMEM, "out of memory for authors");
    }
    if (all.count > 0)
        memcpy(sorted, all.keys, all.count * sizeof(*sorted));
    qsort(sorted, all.count, sizeof(*sorted), by_key);
    for (size_t i = 0, next; i < all.count; i = next) {
        for (next = i + 1; next < all.count && sorted[next] == sorted[i]; next++)
            ;
        if (next - i <= PAPERS_OF_ONE)
            continue;
        common.keys[common.count] = sorted[i];
        common.weights[common.count++] = (float)sqrt((double)PAPERS_OF_ONE / (double)(next - i));
    }
    rec_free(sorted);
    *out = common;
    return REC_OK;
}

void rec_common_authors_clear(rec_common_authors *common)
{
    rec_free(common->keys);
    rec_free(common->weights);
    *common = (rec_common_authors){ NULL, NULL, 0 };
}

static double weight_of(const rec_model *model, uint32_t key)
{
    size_t low = 0, high = model->head->common_authors;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (model->common_keys[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < model->head->common_authors && model->common_keys[low] == key ? (double)model->common_weights[low] : 1;
}

static bool holds(const uint32_t *keys, size_t count, uint32_t key)
{
    for (size_t i = 0; i < count; i++)
        if (keys[i] == key)
            return true;
    return false;
}

float rec_authors_likeness(const rec_model *model, rec_authors a, rec_authors b)
{
    size_t in_a = a.count < READ ? a.count : READ, in_b = b.count < READ ? b.count : READ;
    double shared = 0;

    for (size_t i = 0; i < in_b; i++) {
        uint32_t key = b.keys[i];

        if (key && holds(a.keys, in_a, key) && !holds(b.keys, i, key))
            shared += weight_of(model, key);
    }
    return shared > 0 ? (float)(shared / sqrt((double)in_a * (double)in_b)) : 0;
}
