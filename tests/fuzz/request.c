/* A line of a batch: read, and answered where it can be. */
#include "stores.h"

#include "request.h"

#define LIMIT_MOST 50 /* of a request that is answered */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct asking nothing_asked = ASKING_INIT;
    static const rec_request no_choices = REC_REQUEST_INIT;
    static const struct asking_papers no_papers = ASKING_PAPERS_INIT;
    const struct request_defaults defaults = { &nothing_asked, &no_choices, &no_papers };
    struct request request = REQUEST_INIT;
    rec_answer answer = REC_ANSWER_INIT;
    rec_error err = REC_ERROR_INIT;
    char *line = malloc(size + 1);
    rec_status rc;

    MUST(line);
    for (size_t i = 0; i < size; i++)
        line[i] = (char)data[i];
    line[size] = '\0'; /* as a line of a source has it */
    rc = request_read(fuzz_engine(), &defaults, line, size, &request, &err);
    fuzz_refusal(rc, &err);
    if (rc == REC_OK && request.request.limit <= LIMIT_MOST) {
        rc = rec_recommend(fuzz_engine(), &request.request, &answer, &err);
        fuzz_refusal(rc, &err);
        MUST(answer.count <= request.request.limit);
        rec_answer_clear(&answer);
    }
    request_clear(&request);
    free(line);
    return 0;
}
