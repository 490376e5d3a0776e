/* What an answer takes and leaves out: see choosing.h. */
#include "choosing.h"

#include "alloc.h"
#include "entry.h"
#include "lists.h"

rec_status rec_choosing_check(const rec_request *request, rec_error *err)
{
    /* All of the candidates may be asked for, however many they are. */
    size_t most = request->only_candidates && request->candidate_count > REC_MAX_LIMIT ? request->candidate_count : REC_MAX_LIMIT;

    if (!(request->diversity >= 0 && request->diversity <= 1))
        return rec_fail(err, REC_EINVAL, "diversity must be 0 to 1, not %g", (double)request->diversity);
    if (request->diversity > 0)
        most = REC_MAX_DIVERSE;
    if (request->limit == 0 || request->limit > most)
        return rec_fail(err, REC_EINVAL, "limit must be 1 to %zu, not %zu", most, request->limit);
    if (request->offset > most - request->limit)
        return rec_fail(err, REC_EINVAL, "limit and offset together must be at most %zu, not %zu", most, request->limit + request->offset);
    return REC_OK;
}

/* A diverse answer is chosen among the best 200, or twice as many as are wanted: then it begins alike for any limit up to 100. */
static size_t diverse_places(const rec_request *request)
{
    size_t twice = 2 * (request->offset + request->limit);

    return twice > REC_SCORED ? twice : REC_SCORED;
}

rec_status rec_choosing_start(rec_choosing *c, rec_error *err)
{
    const rec_request *request = c->request;
    rec_store_state state = c->answer->state;
    bool diverse = request->diversity > 0;

    rec_answer_clear(c->answer);
    c->answer->state = state;
    rec_free(c->chosen);
    rec_id_list_clear(&c->copies);
    c->chosen_count = c->met = 0;
    c->left_out = c->early = (rec_left_out){ 0 };
    c->pass_over = diverse ? 0 : request->offset;
    c->places = diverse ? diverse_places(request) : request->limit;
    c->chosen = rec_alloc_array(c->pass_over + c->places, sizeof(*c->chosen));
    c->answer->hits = rec_alloc_array(c->places, sizeof(*c->answer->hits));
    if (!c->chosen || !c->answer->hits)
        return rec_fail(err, REC_ENOMEM, "out of memory for an answer");
    return REC_OK;
}

bool rec_choosing_is_full(const rec_choosing *c)
{
    return c->answer->count == c->places;
}

bool rec_choosing_has_enough(const rec_choosing *c)
{
    return rec_choosing_is_full(c) || (c->request->diversity > 0 && c->answer->count >= c->request->offset + c->request->limit);
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

/* ---- near-copies --------------------------------------------------------------------------------------------------- */

static bool is_duplicate(const rec_choosing *c, const rec_record *record)
{
    for (size_t i = 0; i < c->chosen_count; i++)
        if ((record->title_key && record->title_key == c->chosen[i].title_key) ||
            (record->abstract_key && record->abstract_key == c->chosen[i].abstract_key) || record->work == c->chosen[i].work)
            return true;
    for (size_t i = 0; record->abstract_key && i < c->copies.count; i++)
        if (c->copies.docs[i] == record->doc)
            return true;
    return false;
}

/*
 * A paper's near-copies stand at the head of its own list. Titles alone are too short to be copies: 'treatment of X' and 'X' score as
 * high.
 */
static rec_status note_copies(rec_choosing *c, rec_doc met, const rec_record *record, rec_error *err)
{
    int64_t generation = c->answer->state.generation;
    rec_list list;
    rec_status rc;

    if (c->request->keep_versions || !record->abstract_key || rec_copies_none(&c->engine->copies, generation, met))
        return REC_OK;
    if ((rc = rec_store_get_list(c->engine->store, met, &list, err)) != REC_OK)
        return rc == REC_ENOTFOUND ? REC_OK : rc;
    if (list.count == 0 || list.items[0].score < REC_NEAR_COPY)
        rec_copies_note(&c->engine->copies, generation, met);
    for (size_t i = 0; i < list.count && list.items[i].score >= REC_NEAR_COPY && rc == REC_OK; i++)
        rc = rec_id_list_append(&c->copies, list.items[i].doc, err);
    return rc;
}

/* ---- one paper ----------------------------------------------------------------------------------------------------- */

/* The place is that among all papers met, those left out included. */
static void count(rec_choosing *c, size_t *left_out, size_t *early)
{
    ++*left_out;
    *early += c->met <= c->request->offset + c->request->limit;
}

#define LEAVE_OUT(c, reason) count((c), &(c)->left_out.reason, &(c)->early.reason)

/* REC_ENOTFOUND, without a message, for a paper that was removed since the lists were made. */
static rec_status read_card(const rec_choosing *c, rec_doc doc, rec_record *out, rec_error *err)
{
    rec_store *store = c->engine->store;
    rec_status rc = rec_store_get(store, doc, REC_GET_CARD | REC_GET_ALSO, out, err);
    bool gone;

    if (rc != REC_ENOTFOUND || (rc = rec_store_is_gone(store, doc, &gone, err)) != REC_OK)
        return rc;
    return gone ? REC_ENOTFOUND
                : rec_fail(err, REC_EDAMAGED,
                           "store '%s' is damaged: a list names paper %lld, which is not there; run 'recommend build --refit'",
                           rec_store_path(store), (long long)doc);
}

/* Puts the record that is shown for its work in the place of the one that was met. */
static rec_status show_entry(const rec_choosing *c, const rec_entry *entry, rec_record *record, rec_error *err)
{
    if (entry->shown == record->doc)
        return REC_OK;
    rec_record_clear(record);
    return rec_store_get(c->engine->store, entry->shown, REC_GET_CARD | REC_GET_ALSO, record, err);
}

static rec_status take(rec_choosing *c, const rec_proposal *proposal, rec_record *record, rec_error *err)
{
    bool is_last = c->chosen_count + 1 == c->pass_over + c->places; /* nothing is held against it */
    rec_status rc = is_last ? REC_OK : note_copies(c, proposal->doc, record, err);

    if (rc != REC_OK)
        return rc;
    c->last_shown = c->chosen_count;
    c->chosen[c->chosen_count++] = (struct rec_chosen){ proposal->doc, record->title_key, record->abstract_key, record->work, c->left_out };
    if (c->chosen_count <= c->pass_over)
        return REC_OK;
    c->answer->hits[c->answer->count++] = (rec_hit){ record->doc, proposal->score, proposal->band, *record, NULL };
    *record = (rec_record)REC_RECORD_INIT;
    return REC_OK;
}

/* Counts a paper that its record, or another one of its work, leaves out, or takes it. */
static rec_status judge_record(rec_choosing *c, const rec_proposal *proposal, rec_record *record, rec_error *err)
{
    rec_entry entry;
    rec_status rc = rec_entry_judge(c->engine->store, c->request, record, &entry, err);

    if (rc != REC_OK)
        return rc;
    if (entry.verdict == REC_ENTRY_OF_SEED)
        c->met--; /* it never stood in the list */
    else if (entry.verdict == REC_ENTRY_SEEN)
        LEAVE_OUT(c, seen);
    else if (entry.verdict == REC_ENTRY_MARKED ||
             (proposal->filter == REC_FILTER_UNASKED && !rec_filter_takes(&c->request->filter, &record->paper)))
        LEAVE_OUT(c, filtered);
    else if (rec_is_below(c->request, proposal->score, proposal->band))
        LEAVE_OUT(c, below_threshold);
    else if (!c->request->keep_versions && is_duplicate(c, record))
        LEAVE_OUT(c, duplicate);
    else if ((rc = show_entry(c, &entry, record, err)) == REC_OK)
        rc = take(c, proposal, record, err);
    return rc;
}

rec_status rec_choose(rec_choosing *c, const rec_proposal *proposal, rec_error *err)
{
    bool may_fail = proposal->filter == REC_FILTER_UNASKED && !rec_filter_is_open(&c->request->filter);
    rec_record record = REC_RECORD_INIT;
    rec_status rc = REC_OK;

    c->met++;
    /* What needs no record is not read. */
    if (rec_request_excludes(c->request, proposal->doc))
        LEAVE_OUT(c, seen);
    else if (proposal->filter == REC_FILTER_FAILED)
        LEAVE_OUT(c, filtered);
    else if (!may_fail && rec_is_below(c->request, proposal->score, proposal->band))
        LEAVE_OUT(c, below_threshold);
    else if ((rc = read_card(c, proposal->doc, &record, err)) == REC_OK)
        rc = judge_record(c, proposal, &record, err);
    rec_record_clear(&record);
    if (rc != REC_ENOTFOUND)
        return rc;
    c->met--; /* gone: it stands in the list no more */
    return REC_OK;
}

/* ---- the end ------------------------------------------------------------------------------------------------------- */

rec_status rec_choosing_reorder(rec_choosing *c, const size_t *order, size_t count, rec_error *err)
{
    rec_answer *answer = c->answer;
    rec_hit *hits = rec_alloc_array(count, sizeof(*hits));
    size_t kept = 0;

    if (!hits)
        return rec_fail(err, REC_ENOMEM, "out of memory for an answer");
    c->last_shown = 0;
    for (size_t i = 0; i < count; i++) {
        if (order[i] > c->last_shown)
            c->last_shown = order[i];
        if (i < c->request->offset)
            continue;
        hits[kept++] = answer->hits[order[i]];
        answer->hits[order[i]].record = (rec_record)REC_RECORD_INIT;
    }
    for (size_t i = 0; i < answer->count; i++)
        rec_record_clear(&answer->hits[i].record);
    rec_free(answer->hits);
    answer->hits = hits;
    answer->count = kept;
    return REC_OK;
}

rec_status rec_choosing_finish(rec_choosing *c, rec_status rc, rec_answer *out)
{
    /* A short list has no last place: it counts what would have stood before the one that was asked for. */
    bool is_short = c->answer->count < c->request->limit;

    if (rc == REC_OK) {
        rec_left_out counts = is_short ? c->early : c->chosen[c->last_shown].before;

        c->answer->seen = counts.seen;
        c->answer->filtered = counts.filtered;
        c->answer->below_threshold = counts.below_threshold;
        c->answer->duplicate = counts.duplicate;
        *out = *c->answer;
    } else {
        rec_answer_clear(c->answer);
    }
    rec_free(c->chosen);
    rec_id_list_clear(&c->copies);
    return rc;
}
