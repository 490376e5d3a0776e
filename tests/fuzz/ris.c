/* RIS. */
#include "papers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_records(&rec_format_ris, data, size);
}
