/* Ids in any spelling, ids made from titles, and the addresses of pages. */
#include "fuzz.h"

#include "rec/clean.h"
#include "rec/id.h"

#include <string.h>

static void check_from_title(const char *text)
{
    rec_buf clean = REC_BUF_INIT(1 << 20);
    rec_error err = REC_ERROR_INIT;
    rec_id id;

    if (rec_clean_text(text, strlen(text), &clean, &err) == REC_OK && rec_id_from_title(rec_buf_text(&clean), &id, &err) == REC_OK) {
        MUST(id.text[0] && strlen(id.text) <= 80);
        MUST(strspn(id.text, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(id.text));
    }
    rec_buf_clear(&clean);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_string(data, size), url[REC_ID_URL_ROOM];
    rec_error err = REC_ERROR_INIT;
    rec_id id, again;
    rec_status rc = rec_id_parse(text, &id, &err);

    fuzz_refusal(rc, &err);
    if (rc == REC_OK) {
        MUST(rec_id_parse(id.text, &again, &err) == REC_OK && strcmp(id.text, again.text) == 0 && id.kind == again.kind);
        rec_id_url(&id, url, sizeof(url));
        for (const char *at = url; *at; at++)
            MUST(*at > ' ' && *at < 127 && !strchr("\"<>", *at));
    }
    check_from_title(text);
    free(text);
    return 0;
}
