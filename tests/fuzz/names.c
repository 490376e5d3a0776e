/* Names of authors in one string, and each in reading order. */
#include "fuzz.h"

#include "names.h"

static bool take(const char *name, size_t length, void *context)
{
    rec_buf turned = REC_BUF_INIT(1 << 20);
    size_t *names = context;

    rec_name_in_reading_order(name, length, &turned);
    MUST(!turned.failed && turned.length <= 2 * length + 2);
    rec_buf_clear(&turned);
    (*names)++;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_string(data, size);
    size_t names = 0;

    MUST(rec_names_split(text, false, take, &names));
    MUST(rec_names_split(text, true, take, &names));
    MUST(names <= 2 * size + 2);
    free(text);
    return 0;
}
