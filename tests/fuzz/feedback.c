/* Files of clicks and saves into a store. The store is made anew now and then, so that it stays small. */
#include "stores.h"

#include "rec/feedback.h"

#define IMPORTS 200 /* into one store */

static void told(void *context, const char *message)
{
    (void)context;
    MUST(message[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static rec_store *store;
    static unsigned imports;
    const rec_feedback_options options = { .refused = told };
    rec_feedback_report report = { 0 };
    rec_error err = REC_ERROR_INIT;

    if (imports++ % IMPORTS == 0) {
        rec_store_close(store);
        remove(fuzz_path("feedback.db"));
        char *path = fuzz_make_store("feedback.db", false);

        MUST(rec_store_open(path, REC_STORE_WRITE, &store, &err) == REC_OK);
        free(path);
    }
    fuzz_refusal(rec_feedback_import(store, fuzz_file(data, size), &options, &report, &err), &err);
    MUST(report.added + report.known + report.refused <= report.lines && report.unknown <= report.added + report.known);
    return 0;
}
