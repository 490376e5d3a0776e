/* TREC runs. */
#include "stores.h"

#include "rec/run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rec_error err = REC_ERROR_INIT;
    rec_run read = REC_RUN_INIT;

    fuzz_refusal(rec_run_load(fuzz_store(), fuzz_file(data, size), &read, &err), &err);
    MUST(read.count <= size);
    rec_run_clear(&read);
    return 0;
}
