/*
 * Composing an edition: see rec/edition.h. Each headline has a pool, its own list, longer than what is shown. Headlines propose to the
 * papers of their pools, best first; a paper stays with the best headline that proposed. A headline whose pool ran out, although there may
 * be more papers, gets a longer one, and all is done again.
 */
#include "rec/edition.h"

#include "alloc.h"
#include "edition_works.h"

#include <stdlib.h>
#include <string.h>

#define NOBODY SIZE_MAX
#define POOL_SPARE 8 /* papers that a pool holds beyond what is shown, at first */

enum place { PLACE_OPEN, PLACE_HERE, PLACE_ELSEWHERE, PLACE_DUPLICATE };

/* One paper of a pool. */
struct offer {
    const rec_hit *hit;
    size_t work; /* number of its work in this edition, from 0 */
    enum place place;
};

/* One headline while the edition is composed. */
struct pool {
    rec_answer answer;
    size_t asked;         /* limit of that answer */
    struct offer *offers; /* (answer.count) */
    size_t next;          /* the first that it has not proposed to */
    size_t held;          /* papers that are its own now */
};

struct composing {
    rec_engine *engine;
    const rec_request *options;
    rec_edition *edition;
    struct pool *pools; /* (edition->count) */
    rec_doc *exclude;   /* (exclude_count) rising: what the options exclude, and the headlines */
    size_t exclude_count;
    rec_error *err;
};

static rec_status out_of_memory(struct composing *c)
{
    return rec_fail(c->err, REC_ENOMEM, "out of memory for an edition");
}

void rec_edition_clear(rec_edition *edition)
{
    for (size_t i = 0; i < edition->count; i++) {
        rec_record_clear(&edition->items[i].record);
        rec_answer_clear(&edition->items[i].answer);
    }
    rec_free(edition->items);
    *edition = (rec_edition)REC_EDITION_INIT;
}

/* ---- headlines ------------------------------------------------------------------------------------------------------ */

static char *copy_or_null(const char *text)
{
    return text ? rec_strdup(text) : NULL;
}

/* What a headline that is not stored shows. */
static rec_status copy_paper(struct composing *c, const rec_paper *paper, rec_record *out)
{
    *out = (rec_record)REC_RECORD_INIT;
    out->paper.id = paper->id;
    out->paper.date = paper->date;
    out->paper.has_upvotes = paper->has_upvotes;
    out->paper.upvotes = paper->upvotes;
    out->paper.flags = paper->flags;
    out->paper.title = copy_or_null(paper->title);
    out->paper.abstract = copy_or_null(paper->abstract);
    out->paper.authors = copy_or_null(paper->authors);
    out->paper.categories = copy_or_null(paper->categories);
    out->paper.venue = copy_or_null(paper->venue);
    out->paper.url = copy_or_null(paper->url);
    if ((paper->title && !out->paper.title) || (paper->abstract && !out->paper.abstract) || (paper->authors && !out->paper.authors) ||
        (paper->categories && !out->paper.categories) || (paper->venue && !out->paper.venue) || (paper->url && !out->paper.url)) {
        rec_record_clear(out);
        return out_of_memory(c);
    }
    out->title_key = rec_paper_title_key(paper);
    out->abstract_key = rec_paper_abstract_key(paper);
    return REC_OK;
}

/* Leaves out headlines of a work that stands before them. */
static rec_status drop_repeated(struct composing *c)
{
    rec_edition *edition = c->edition;
    const rec_record **records = rec_alloc_array(edition->count, sizeof(*records));
    size_t *works = rec_alloc_array(edition->count, sizeof(*works)), kept = 0;
    rec_status rc = records && works ? REC_OK : out_of_memory(c);

    for (size_t i = 0; i < edition->count && rc == REC_OK; i++)
        records[i] = &edition->items[i].record;
    if (rc == REC_OK)
        rc = rec_works_number(rec_engine_store(c->engine), records, edition->count, c->options->keep_versions, works, c->err);
    /* The root of a work is its first headline. */
    for (size_t i = 0; i < edition->count && rc == REC_OK; i++) {
        if (works[i] != i)
            rec_record_clear(&edition->items[i].record);
        else
            edition->items[kept++] = edition->items[i];
    }
    if (rc == REC_OK)
        edition->count = kept;
    rec_free(works);
    rec_free(records);
    return rc;
}

static rec_status load_headlines(struct composing *c, const rec_headline *headlines, size_t count)
{
    rec_edition *edition = c->edition;
    rec_status rc = REC_OK;

    edition->items = rec_alloc_array(count, sizeof(*edition->items));
    if (!edition->items)
        return out_of_memory(c);
    for (size_t i = 0; i < count && rc == REC_OK; i++) {
        rec_record *record = &edition->items[i].record;

        rc = headlines[i].doc
                 ? rec_store_get(rec_engine_store(c->engine), headlines[i].doc, REC_GET_ABSTRACT | REC_GET_ALSO, record, c->err)
                 : copy_paper(c, headlines[i].paper, record);
        edition->count += rc == REC_OK;
    }
    return rc == REC_OK ? drop_repeated(c) : rc;
}

static int by_number(const void *left, const void *right)
{
    rec_doc a = *(const rec_doc *)left, b = *(const rec_doc *)right;

    return (a > b) - (a < b);
}

/* Headlines are passed over inside the search: where they are the same work as a candidate without being it, rec_works_number() tells. */
static rec_status exclude_headlines(struct composing *c)
{
    size_t count = c->options->exclude_count;

    c->exclude = rec_alloc_array(count + c->edition->count, sizeof(*c->exclude));
    if (!c->exclude)
        return out_of_memory(c);
    if (count > 0)
        memcpy(c->exclude, c->options->exclude, count * sizeof(*c->exclude));
    for (size_t i = 0; i < c->edition->count; i++)
        if (c->edition->items[i].record.doc)
            c->exclude[count++] = c->edition->items[i].record.doc;
    qsort(c->exclude, count, sizeof(*c->exclude), by_number);
    c->exclude_count = count;
    return REC_OK;
}

/* ---- pools ---------------------------------------------------------------------------------------------------------- */

static rec_status ask(struct composing *c, size_t headline, size_t limit, bool explain, rec_answer *out)
{
    const rec_record *record = &c->edition->items[headline].record;
    rec_request request = *c->options;

    request.doc = record->doc;
    request.title = record->doc ? NULL : record->paper.title;
    request.abstract = record->doc ? NULL : record->paper.abstract;
    request.limit = limit;
    request.explain = explain;
    request.exclude = c->exclude;
    request.exclude_count = c->exclude_count;
    return rec_recommend(c->engine, &request, out, c->err);
}

static rec_status fill_pool(struct composing *c, size_t headline, size_t asked)
{
    struct pool *pool = &c->pools[headline];
    rec_status rc;

    rec_answer_clear(&pool->answer);
    rec_free(pool->offers);
    pool->offers = NULL;
    if ((rc = ask(c, headline, asked, false, &pool->answer)) != REC_OK)
        return rc;
    pool->asked = asked;
    pool->offers = rec_alloc_array(pool->answer.count, sizeof(*pool->offers));
    if (!pool->offers)
        return out_of_memory(c);
    for (size_t i = 0; i < pool->answer.count; i++)
        pool->offers[i].hit = &pool->answer.hits[i];
    return REC_OK;
}

/* Numbers the works of all pools, headlines before them, and puts every offer back to open. `*works` is their number. */
static rec_status number_offers(struct composing *c, size_t *works)
{
    size_t headlines = c->edition->count, count = headlines, at = headlines, *numbers;
    const rec_record **records;
    rec_status rc;

    for (size_t i = 0; i < headlines; i++)
        count += c->pools[i].answer.count;
    records = rec_alloc_array(count, sizeof(*records));
    numbers = rec_alloc_array(count, sizeof(*numbers));
    rc = records && numbers ? REC_OK : out_of_memory(c);
    for (size_t i = 0; i < headlines && rc == REC_OK; i++) {
        records[i] = &c->edition->items[i].record;
        for (size_t j = 0; j < c->pools[i].answer.count; j++)
            records[at++] = &c->pools[i].offers[j].hit->record;
    }
    if (rc == REC_OK)
        rc = rec_works_number(rec_engine_store(c->engine), records, count, c->options->keep_versions, numbers, c->err);
    at = headlines;
    for (size_t i = 0; i < headlines && rc == REC_OK; i++) {
        c->pools[i].next = c->pools[i].held = 0;
        for (size_t j = 0; j < c->pools[i].answer.count; j++) {
            c->pools[i].offers[j].work = numbers[at++];
            c->pools[i].offers[j].place = PLACE_OPEN;
        }
    }
    *works = count;
    rec_free(numbers);
    rec_free(records);
    return rc;
}

/* ---- who gets what --------------------------------------------------------------------------------------------------- */

/* Who has a work now. */
struct holder {
    size_t headline; /* NOBODY, or a headline */
    size_t offer;    /* of its pool */
};

/* Headline `headline` proposes to the next paper of its pool. */
static void propose(struct composing *c, size_t headline, struct holder *holders)
{
    struct pool *pool = &c->pools[headline];
    struct offer *offer = &pool->offers[pool->next], *held;
    struct holder *holder = &holders[offer->work];

    if (offer->work < c->edition->count || holder->headline == headline) {
        offer->place = PLACE_DUPLICATE; /* of a headline, or of a better one of its own */
        pool->next++;
        return;
    }
    held = holder->headline == NOBODY ? NULL : &c->pools[holder->headline].offers[holder->offer];
    if (held && (held->hit->score > offer->hit->score || (held->hit->score == offer->hit->score && holder->headline < headline))) {
        offer->place = PLACE_ELSEWHERE;
        pool->next++;
        return;
    }
    if (held) {
        held->place = PLACE_ELSEWHERE;
        c->pools[holder->headline].held--;
    }
    offer->place = PLACE_HERE;
    *holder = (struct holder){ headline, pool->next++ };
    pool->held++;
}

/* The outcome does not depend on the order in which headlines propose. Each proposal is made once, so this ends. */
static rec_status match(struct composing *c)
{
    size_t works;
    struct holder *holders;
    bool proposed;
    rec_status rc = number_offers(c, &works);

    if (rc != REC_OK)
        return rc;
    holders = rec_alloc_array(works, sizeof(*holders));
    if (!holders)
        return out_of_memory(c);
    for (size_t i = 0; i < works; i++)
        holders[i].headline = NOBODY;
    do {
        proposed = false;
        for (size_t i = 0; i < c->edition->count; i++)
            for (struct pool *pool = &c->pools[i]; pool->held < c->options->limit && pool->next < pool->answer.count; proposed = true)
                propose(c, i, holders);
    } while (proposed);
    rec_free(holders);
    return REC_OK;
}

/* The longest pool that may be asked for. */
static size_t longest_pool(const struct composing *c)
{
    size_t most = c->options->diversity > 0 ? REC_MAX_DIVERSE : REC_MAX_LIMIT;

    return c->options->offset < most ? most - c->options->offset : 1;
}

/* Gives longer pools to those that could still fill their lists from one; `*grown` says whether there were any. */
static rec_status grow_pools(struct composing *c, bool *grown)
{
    size_t most = longest_pool(c);
    rec_status rc = REC_OK;

    *grown = false;
    for (size_t i = 0; i < c->edition->count && rc == REC_OK; i++) {
        struct pool *pool = &c->pools[i];
        size_t asked = 2 * pool->asked < most ? 2 * pool->asked : most;

        if (pool->held == c->options->limit || pool->answer.count < pool->asked || pool->asked == most)
            continue;
        *grown = true;
        rc = fill_pool(c, i, asked);
    }
    return rc;
}

/* ---- the edition ----------------------------------------------------------------------------------------------------- */

/* Moves the reasons of an answer to those papers of another that are the same. */
static void move_reasons(rec_answer *from, rec_answer *to)
{
    for (size_t i = 0; i < to->count; i++)
        for (size_t j = 0; j < from->count; j++)
            if (from->hits[j].doc == to->hits[i].doc && !to->hits[i].reason) {
                to->hits[i].reason = from->hits[j].reason;
                from->hits[j].reason = NULL;
            }
}

/*
 * Counts what was left out before the last paper shown, and takes the reasons. The pool's counts reach to its end, and reasons would be
 * made for all of it: so an answer is asked for that ends where the list does.
 */
static rec_status complete(struct composing *c, size_t headline, rec_answer *out)
{
    struct pool *pool = &c->pools[headline];
    rec_edition_item *item = &c->edition->items[headline];
    bool full = pool->held == c->options->limit;
    size_t last = 0, duplicates = 0, asked;
    rec_answer again = REC_ANSWER_INIT;
    rec_status rc;

    for (size_t i = 0; i < pool->answer.count; i++)
        if (pool->offers[i].place == PLACE_HERE)
            last = i + 1;
    if (!full)
        last = pool->answer.count;
    for (size_t i = 0; i < last; i++) {
        item->elsewhere += pool->offers[i].place == PLACE_ELSEWHERE;
        duplicates += pool->offers[i].place == PLACE_DUPLICATE;
    }
    asked = full ? last : c->options->limit + item->elsewhere + duplicates;
    if ((rc = ask(c, headline, asked < longest_pool(c) ? asked : longest_pool(c), c->options->explain, &again)) != REC_OK)
        return rc;
    out->seen = again.seen;
    out->duplicate = again.duplicate + duplicates;
    out->filtered = again.filtered;
    out->below_threshold = again.below_threshold;
    move_reasons(&again, out);
    rec_answer_clear(&again);
    return REC_OK;
}

/* Moves what a headline got from its pool into the edition. */
static rec_status hand_over(struct composing *c, size_t headline)
{
    struct pool *pool = &c->pools[headline];
    rec_answer *answer = &c->edition->items[headline].answer;

    answer->hits = rec_alloc_array(pool->held, sizeof(*answer->hits));
    if (!answer->hits)
        return out_of_memory(c);
    answer->state = pool->answer.state;
    answer->seed_indexed = pool->answer.seed_indexed;
    for (size_t i = 0; i < pool->answer.count; i++)
        if (pool->offers[i].place == PLACE_HERE) {
            answer->hits[answer->count++] = pool->answer.hits[i];
            pool->answer.hits[i] = (rec_hit){ .record = REC_RECORD_INIT };
        }
    return complete(c, headline, answer);
}

static rec_status compose(struct composing *c, const rec_headline *headlines, size_t count)
{
    size_t asked = 2 * c->options->limit + POOL_SPARE;
    bool grown = true;
    rec_status rc;

    if ((rc = rec_store_get_state(rec_engine_store(c->engine), &c->edition->state, c->err)) != REC_OK)
        return rc;
    if ((rc = load_headlines(c, headlines, count)) != REC_OK || (rc = exclude_headlines(c)) != REC_OK)
        return rc;
    if (!(c->pools = rec_alloc_array(c->edition->count, sizeof(*c->pools))))
        return out_of_memory(c);
    for (size_t i = 0; i < c->edition->count && rc == REC_OK; i++)
        rc = fill_pool(c, i, asked < longest_pool(c) ? asked : longest_pool(c));
    while (rc == REC_OK && grown)
        if ((rc = match(c)) == REC_OK)
            rc = grow_pools(c, &grown);
    for (size_t i = 0; i < c->edition->count && rc == REC_OK; i++)
        rc = hand_over(c, i);
    return rc;
}

static void free_pools(struct composing *c)
{
    for (size_t i = 0; c->pools && i < c->edition->count; i++) {
        rec_answer_clear(&c->pools[i].answer);
        rec_free(c->pools[i].offers);
    }
    rec_free(c->pools);
}

rec_status rec_edition_compose(rec_engine *engine, const rec_headline *headlines, size_t count, const rec_request *options,
                               rec_edition *out, rec_error *err)
{
    rec_edition edition = REC_EDITION_INIT;
    struct composing c = { .engine = engine, .options = options, .edition = &edition, .err = err };
    rec_status rc;

    if (count > REC_MAX_HEADLINES)
        return rec_fail(err, REC_EINVAL, "an edition has at most %d headlines, not %zu", REC_MAX_HEADLINES, count);
    if (options->limit == 0 || options->limit > REC_MAX_LIMIT)
        return rec_fail(err, REC_EINVAL, "limit must be 1 to %d, not %zu", REC_MAX_LIMIT, options->limit);
    rc = compose(&c, headlines, count);
    free_pools(&c);
    rec_free(c.exclude);
    if (rc == REC_OK)
        *out = edition;
    else
        rec_edition_clear(&edition);
    return rc;
}
