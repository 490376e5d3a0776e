/* Titles and abstracts with LaTeX, HTML's entities and whatever else: cleaning, counting, keys. */
#include "fuzz.h"

#include "rec/clean.h"
#include "rec/ngram.h"

#include <string.h>

static void check_counts(const char *text)
{
    static rec_ngrams *ngrams;
    static rec_counts counts;
    rec_places places = REC_PLACES_INIT;
    rec_error err = REC_ERROR_INIT;

    if (!ngrams)
        MUST(rec_ngrams_new(&ngrams, &err) == REC_OK);
    MUST(rec_ngrams_count(ngrams, text, text, &counts, &err) == REC_OK);
    MUST(rec_ngrams_places(ngrams, text, 1000, &places, &err) == REC_OK);
    for (size_t i = 0; i < places.length; i++)
        MUST(places.items[i].from >= text && places.items[i].from <= places.items[i].to && places.items[i].to <= text + strlen(text));
    rec_places_clear(&places);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rec_buf once = REC_BUF_INIT(1 << 22), twice = REC_BUF_INIT(1 << 22);
    rec_error err = REC_ERROR_INIT;
    rec_status rc = rec_clean_text((const char *)data, size, &once, &err);

    fuzz_refusal(rc, &err);
    if (rc == REC_OK) {
        MUST(once.length <= 4 * size);
        MUST(rec_clean_text(rec_buf_text(&once), once.length, &twice, &err) == REC_OK);
        MUST(strcmp(rec_buf_text(&once), rec_buf_text(&twice)) == 0);
        MUST(rec_text_key(rec_buf_text(&once)) == rec_text_key(rec_buf_text(&twice)));
        check_counts(rec_buf_text(&once));
    } else {
        MUST(once.length == 0);
    }
    rec_buf_clear(&once);
    rec_buf_clear(&twice);
    return 0;
}
