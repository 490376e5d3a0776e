/* Files of candidates, for all or for each request. */
#include "stores.h"

#include "rec/pools.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rec_error err = REC_ERROR_INIT;
    rec_pools read = REC_POOLS_INIT;

    fuzz_refusal(rec_pools_load(fuzz_store(), fuzz_file(data, size), &read, &err), &err);
    MUST(read.count <= size);
    rec_pools_clear(&read);
    return 0;
}
