/* Files of ids. */
#include "stores.h"

#include "rec/idlist.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rec_error err = REC_ERROR_INIT;
    rec_id_list read = REC_ID_LIST_INIT;

    fuzz_refusal(rec_id_list_load(fuzz_store(), fuzz_file(data, size), &read, &err), &err);
    MUST(read.count <= size);
    rec_id_list_clear(&read);
    return 0;
}
