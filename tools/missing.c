/* A paper that is not there: see missing.h. */
#include "missing.h"

#include "say.h"

#include "alloc.h"

#define NEAR_TITLES 3
#define NEAR_IDS 4

int say_no_such_paper(rec_store *store, const char *asked)
{
    char *ids[NEAR_IDS];
    rec_word_hit matches[NEAR_TITLES];
    size_t count = 0, found = 0;
    rec_error err = REC_ERROR_INIT;

    say("no paper '%s' in store '%s'", asked, rec_store_path(store));
    if (rec_store_search(store, asked, NEAR_TITLES, matches, &found, &err) == REC_OK)
        for (size_t i = 0; i < found; i++) {
            rec_record record = REC_RECORD_INIT;

            if (rec_store_get(store, matches[i].doc, REC_GET_CARD, &record, &err) == REC_OK)
                say("  did you mean '%s' (%s)?", record.paper.id.text, record.paper.title ? record.paper.title : "no title");
            rec_record_clear(&record);
        }
    if (found == 0 && rec_store_nearest_ids(store, asked, NEAR_IDS, ids, &count, &err) == REC_OK)
        for (size_t i = 0; i < count; i++) {
            say("  did you mean '%s'?", ids[i]);
            rec_free(ids[i]);
        }
    return EXIT_NO_PAPER;
}
