/* What an answer takes and leaves out: see choosing.h. */
#include "choosing.h"

#include "alloc.h"
#include "rec/idlist.h"

#include <string.h>

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
    memset(&c->early, 0, sizeof(c->early));
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

static void leave_out(rec_choosing *c, size_t *count, size_t *early)
{
    ++*count;
    *early += c->met <= c->request->offset + c->request->limit;
}

rec_status rec_choose(rec_choosing *c, rec_doc doc, float score, rec_band band, rec_error *err)
{
    rec_answer *answer = c->answer;
    rec_hit hit = { doc, score, band, REC_RECORD_INIT };
    rec_status rc;

    c->met++;
    if (rec_docs_hold(c->request->exclude, c->request->exclude_count, doc)) {
        leave_out(c, &answer->seen, &c->early.seen);
        return REC_OK;
    }
    if (rec_is_below(c->request, score, band)) {
        leave_out(c, &answer->below_threshold, &c->early.below_threshold);
        return REC_OK;
    }
    if ((rc = rec_store_get(c->engine->store, doc, REC_GET_CARD | REC_GET_ALSO, &hit.record, err)) != REC_OK)
        return rc == REC_ENOTFOUND
                   ? rec_fail(err, REC_EDAMAGED,
                              "store '%s' is damaged: a list names paper %lld, which is gone; run 'recommend build --refit'",
                              rec_store_path(c->engine->store), (long long)doc)
                   : rc;
    if (!c->request->keep_versions && is_duplicate(c, &hit.record)) {
        leave_out(c, &answer->duplicate, &c->early.duplicate);
        rec_record_clear(&hit.record);
        return REC_OK;
    }
    c->kept[c->kept_count++] = (struct rec_chosen_keys){ hit.record.title_key, hit.record.abstract_key };
    if (c->passed < c->request->offset) {
        c->passed++;
        rec_record_clear(&hit.record);
        return REC_OK;
    }
    answer->hits[answer->count++] = hit;
    return REC_OK;
}

/* A short list has no last place: it counts what would have stood before the one that was asked for. */
static void count_short_list(rec_choosing *c)
{
    if (rec_choosing_is_full(c))
        return;
    c->answer->seen = c->early.seen;
    c->answer->duplicate = c->early.duplicate;
    c->answer->below_threshold = c->early.below_threshold;
}

rec_status rec_choosing_finish(rec_choosing *c, rec_status rc, rec_answer *out)
{
    rec_free(c->kept);
    if (rc == REC_OK) {
        count_short_list(c);
        *out = *c->answer;
    } else {
        rec_answer_clear(c->answer);
    }
    return rc;
}
