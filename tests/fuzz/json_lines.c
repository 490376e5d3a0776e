/* JSON Lines, under our own names and those of every service that we know. */
#include "papers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_records(&rec_format_json_lines, data, size);
}
