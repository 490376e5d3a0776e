/* Files of any format, plain or compressed: which format it is, and all that it holds. */
#include "papers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_records(NULL, data, size);
}
