/* What an answer takes and leaves out: see choosing.h. */
#include "choosing.h"

#include "alloc.h"
#include "rec/idlist.h"

rec_status rec_choosing_check(const rec_request *request, rec_error *err)
{
    /* All of the candidates may be asked for, however many they are. */
    size_t most = request->only_candidates && request->candidate_count > REC_MAX_LIMIT ? request->candidate_count : REC_MAX_LIMIT;

    if (request->limit == 0 || request->limit > most)
        return rec_fail(err, REC_EINVAL, "limit must be 1 to %zu, not %zu", most, request->limit);
    if (request->offset > most - request->limit)
        return rec_fail(err, REC_EINVAL, "limit and offset together must be at most %zu, not %zu", most, request->limit + request->offset);
    return REC_OK;
}

rec_status rec_choosing_start(rec_choosing *c, rec_error *err)
{
    rec_store_state state = c->answer->state;
    size_t room = c->request->limit + c->request->offset;

    rec_answer_clear(c->answer);
    c->answer->state = state;
    rec_free(c->kept);
    c->kept_count = c->passed = c->met = 0;
    c->left_out = c->early = (rec_left_out){ 0 };
    c->kept = rec_alloc_array(room, sizeof(*c->kept));
    c->answer->hits = rec_alloc_array(c->request->limit, sizeof(*c->answer->hits));
    if (!c->kept || !c->answer->hits)
        return rec_fail(err, REC_ENOMEM, "out of memory for an answer");
    return REC_OK;
}

bool rec_choosing_is_full(const rec_choosing *c)
{
    return c->answer->count == c->request->limit;
}

bool rec_request_excludes(const rec_request *request, rec_doc doc)
{
    return rec_docs_hold(request->exclude, request->exclude_count, doc) ||
           (request->exclude_set && rec_doc_set_holds(request->exclude_set, doc));
}

bool rec_is_below(const rec_request *request, float score, rec_band band)
{
    return score < request->min_score || band < request->min_band;
}

static bool is_duplicate(const rec_choosing *c, const rec_record *record)
{
    for (size_t i = 0; i < c->kept_count; i++)
        if ((record->title_key && record->title_key == c->kept[i].title) ||
            (record->abstract_key && record->abstract_key == c->kept[i].abstract))
            return true;
    return false;
}

/* The place is that among all papers met, those left out included. */
static void count(rec_choosing *c, size_t *left_out, size_t *early)
{
    ++*left_out;
    *early += c->met <= c->request->offset + c->request->limit;
}

#define LEAVE_OUT(c, reason) count((c), &(c)->left_out.reason, &(c)->early.reason)

static rec_status read_card(const rec_choosing *c, rec_doc doc, rec_record *out, rec_error *err)
{
    rec_status rc = rec_store_get(c->engine->store, doc, REC_GET_CARD | REC_GET_ALSO, out, err);

    return rc == REC_ENOTFOUND
               ? rec_fail(err, REC_EDAMAGED, "store '%s' is damaged: a list names paper %lld, which is gone; run 'recommend build --refit'",
                          rec_store_path(c->engine->store), (long long)doc)
               : rc;
}

static void take(rec_choosing *c, const rec_proposal *proposal, rec_record *record)
{
    c->kept[c->kept_count++] = (struct rec_chosen_keys){ record->title_key, record->abstract_key };
    if (c->passed < c->request->offset) {
        c->passed++;
        return;
    }
    c->answer->hits[c->answer->count++] = (rec_hit){ proposal->doc, proposal->score, proposal->band, *record, NULL };
    *record = (rec_record)REC_RECORD_INIT;
}

/* Counts a paper that its record leaves out, or takes it. */
static void judge_record(rec_choosing *c, const rec_proposal *proposal, rec_record *record)
{
    if (proposal->filter == REC_FILTER_UNASKED && !rec_filter_takes(&c->request->filter, &record->paper))
        LEAVE_OUT(c, filtered);
    else if (rec_is_below(c->request, proposal->score, proposal->band))
        LEAVE_OUT(c, below_threshold);
    else if (!c->request->keep_versions && is_duplicate(c, record))
        LEAVE_OUT(c, duplicate);
    else
        take(c, proposal, record);
}

rec_status rec_choose(rec_choosing *c, const rec_proposal *proposal, rec_error *err)
{
    bool may_fail = proposal->filter == REC_FILTER_UNASKED && !rec_filter_is_open(&c->request->filter);
    rec_record record = REC_RECORD_INIT;
    rec_status rc;

    c->met++;
    /* What needs no record is not read. */
    if (rec_request_excludes(c->request, proposal->doc))
        LEAVE_OUT(c, seen);
    else if (proposal->filter == REC_FILTER_FAILED)
        LEAVE_OUT(c, filtered);
    else if (!may_fail && rec_is_below(c->request, proposal->score, proposal->band))
        LEAVE_OUT(c, below_threshold);
    else if ((rc = read_card(c, proposal->doc, &record, err)) != REC_OK)
        return rc;
    else
        judge_record(c, proposal, &record);
    rec_record_clear(&record);
    return REC_OK;
}

rec_status rec_choosing_finish(rec_choosing *c, rec_status rc, rec_answer *out)
{
    /* A short list has no last place: it counts what would have stood before the one that was asked for. */
    const rec_left_out *counts = rec_choosing_is_full(c) ? &c->left_out : &c->early;

    rec_free(c->kept);
    if (rc == REC_OK) {
        c->answer->seen = counts->seen;
        c->answer->filtered = counts->filtered;
        c->answer->below_threshold = counts->below_threshold;
        c->answer->duplicate = counts->duplicate;
        *out = *c->answer;
    } else {
        rec_answer_clear(c->answer);
    }
    return rc;
}
