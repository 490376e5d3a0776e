/* Judgements of relevance, in both forms. */
#include "stores.h"

#include "rec/judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rec_error err = REC_ERROR_INIT;
    rec_judgements read = REC_JUDGEMENTS_INIT;

    fuzz_refusal(rec_judgements_load(fuzz_store(), fuzz_file(data, size), &read, &err), &err);
    MUST(read.count <= size);
    rec_judgements_clear(&read);
    return 0;
}
