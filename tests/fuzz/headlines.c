/* Files of headlines: ids and whole papers. */
#include "papers.h"
#include "stores.h"

#include "headlines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct headline_list list = HEADLINE_LIST_INIT;
    rec_error err = REC_ERROR_INIT;
    FILE *words = stderr, *nowhere = fopen("/dev/null", "we");
    rec_status rc;

    MUST(nowhere);
    stderr = nowhere; /* what is told of bad lines; sanitizers write elsewhere */
    rc = headline_list_read(fuzz_engine(), fuzz_file(data, size), &list, &err);
    stderr = words;
    fclose(nowhere);
    fuzz_refusal(rc, &err);
    for (size_t i = 0; i < list.paper_count; i++)
        fuzz_check_paper(list.papers[i]);
    headline_list_clear(&list);
    return 0;
}
