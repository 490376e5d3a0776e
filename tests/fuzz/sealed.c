/* The header, the sizes and the checksums of side files. The first byte says whether the checksums are made right. */
#include "seal.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rec_sealed sealed = REC_SEALED_INIT;
    rec_error err = REC_ERROR_INIT;
    uint8_t *file;
    unsigned sum = 0;
    rec_status rc;

    if (size == 0)
        return 0;
    MUST(file = malloc(size));
    memcpy(file, data + 1, size - 1);
    if (data[0] & 1)
        fuzz_sum(file, size - 1);
    rc = rec_sealed_open(fuzz_file(file, size - 1), "index", 2, &sealed, &err);
    fuzz_refusal(rc, &err);
    if (rc == REC_OK) {
        MUST(sealed.bytes <= size && strcmp(sealed.info.kind, "index") == 0 && sealed.info.version == 2);
        rc = rec_sealed_verify_all(&sealed, &err);
        fuzz_refusal(rc, &err);
        for (size_t i = 0; i < sealed.bytes; i++)
            sum += sealed.payload[i];
        MUST(sum <= 255 * sealed.bytes);
        rec_sealed_close(&sealed);
    }
    free(file);
    return 0;
}
