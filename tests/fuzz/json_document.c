/* JSON documents: lists of records, and answers of services that hold one. */
#include "papers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_records(&rec_format_json_document, data, size);
}
