/* The records of a work as one entry: see entry.h. */
#include "entry.h"

#include "choosing.h"

#define RECORDS_OF_A_WORK 64 /* that are looked at: five are many */

struct judging {
    rec_store *store;
    const rec_request *request;
    rec_entry *entry;
    bool replaced; /* a record to show was found */
};

static bool is_seed(const rec_request *request, rec_doc doc)
{
    bool found = doc == request->doc;

    for (size_t i = 0; i < request->like_count && !found; i++)
        found = request->like[i] == doc;
    for (size_t i = 0; i < request->unlike_count && !found; i++)
        found = request->unlike[i] == doc;
    return found;
}

/* What one record of the work adds; they come in the order of preference. */
static rec_status judge_one(struct judging *j, rec_doc doc, rec_error *err)
{
    rec_record record = REC_RECORD_INIT;
    rec_status rc = rec_store_get(j->store, doc, REC_GET_CARD, &record, err);

    if (rc != REC_OK)
        return rc;
    if (is_seed(j->request, doc))
        j->entry->verdict = REC_ENTRY_OF_SEED;
    else if (j->entry->verdict == REC_ENTRY_TAKEN && rec_request_excludes(j->request, doc))
        j->entry->verdict = REC_ENTRY_SEEN;
    else if (j->entry->verdict == REC_ENTRY_TAKEN && record.paper.flags & REC_FLAG_RETRACTED)
        j->entry->verdict = REC_ENTRY_MARKED;
    if (!j->replaced && !record.paper.flags && rec_filter_takes(&j->request->filter, &record.paper)) {
        j->entry->shown = doc;
        j->replaced = true;
    }
    rec_record_clear(&record);
    return REC_OK;
}

rec_status rec_entry_judge(rec_store *store, const rec_request *request, const rec_record *record, rec_entry *out, rec_error *err)
{
    struct judging judging = { store, request, out, request->keep_versions || request->only_candidates };
    rec_doc docs[RECORDS_OF_A_WORK];
    size_t count = 0;
    rec_status rc;

    *out = (rec_entry){ record->paper.flags ? REC_ENTRY_MARKED : REC_ENTRY_TAKEN, record->doc };
    if (!record->shares_work)
        return REC_OK;
    rc = rec_store_get_work(store, record->work, docs, RECORDS_OF_A_WORK, &count, err);
    for (size_t i = 0; i < count && rc == REC_OK; i++)
        rc = judge_one(&judging, docs[i], err);
    return rc;
}
