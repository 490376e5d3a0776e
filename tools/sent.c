/* Editions and the ledger: see sent.h. */
#include "sent.h"

#include "say.h"

#include "alloc.h"
#include "rec/ledger.h"

#include <string.h>

bool sent_window_parse(const char *text, struct sent_window *out)
{
    int32_t days = 0;
    size_t digits;

    out->asked_for = text != NULL;
    if (!text)
        return true;
    if (strcmp(text, "ever") == 0) {
        out->days = REC_SENT_EVER;
        return true;
    }
    digits = strspn(text, "0123456789");
    if (digits >= 1 && digits <= 5 && strcmp(text + digits, "d") == 0) {
        for (size_t i = 0; i < digits; i++)
            days = days * 10 + (text[i] - '0');
        out->days = days;
        return true;
    }
    say("option '--not-sent-within': '%s' is neither a number of days, such as 30d, nor ever", text);
    return false;
}

rec_status sent_exclude(rec_store *store, const struct sent_window *window, const rec_date *day, const char *edition, rec_id_list *list,
                        rec_error *err)
{
    rec_doc *sent = NULL, *grown;
    size_t count = 0;
    rec_status rc;

    if (!window->asked_for)
        return REC_OK;
    if ((rc = rec_ledger_sent(store, day->first, window->days, edition, &sent, &count, err)) != REC_OK)
        return rc;
    grown = rec_resize_array(list->docs, list->count + count + 1, sizeof(*grown)); /* never of size 0 */
    if (grown) {
        if (count > 0)
            memcpy(grown + list->count, sent, count * sizeof(*grown));
        list->docs = grown;
        list->count += count;
        rec_id_list_sort(list);
    } else {
        rc = rec_fail(err, REC_ENOMEM, "out of memory for what was sent");
    }
    rec_free(sent);
    return rc;
}

rec_status sent_mark(rec_store *store, const char *edition, const rec_date *day, const rec_edition *made, rec_error *err)
{
    size_t count = made->count, at = 0;
    rec_sent *rows;
    rec_status rc;

    for (size_t i = 0; i < made->count; i++)
        count += made->items[i].answer.count;
    if (!(rows = rec_alloc_array(count, sizeof(*rows))))
        return rec_fail(err, REC_ENOMEM, "out of memory for the ledger");
    for (size_t i = 0; i < made->count; i++) {
        const rec_edition_item *item = &made->items[i];
        const char *seed = item->record.paper.id.text;

        rows[at++] = (rec_sent){ seed, seed, 0, 0 };
        for (size_t j = 0; j < item->answer.count; j++)
            rows[at++] =
                (rec_sent){ seed, item->answer.hits[j].record.paper.id.text, (unsigned)(j + 1), (unsigned)item->answer.hits[j].band };
    }
    rc = rec_ledger_mark(store, edition, day->first, rows, count, err);
    rec_free(rows);
    return rc;
}
