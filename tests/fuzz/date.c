/* Dates of papers, and days counted from them. */
#include "fuzz.h"

#include "rec/date.h"
#include "rec/filter.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_string(data, size);
    rec_error err = REC_ERROR_INIT;
    rec_filter filter = { .since = 0 };
    rec_date date, again;
    rec_status rc = rec_date_parse(text, &date, &err);

    fuzz_refusal(rc, &err);
    if (rc == REC_OK) {
        MUST(date.first >= 10000101 && date.first <= date.last && date.last <= 29991231);
        MUST(rec_date_parse(date.text, &again, &err) == REC_OK);
        MUST(strcmp(date.text, again.text) == 0 && date.first == again.first && date.last == again.last);
        MUST(rec_date_add(rec_date_add(date.first, 1), -1) == date.first || date.first == 29991231);
        MUST(rec_filter_set_window(&filter, text, text, &err) == REC_OK);
        MUST(rec_filter_takes_date(&filter, date.first, date.last));
    }
    free(text);
    return 0;
}
