/*
 * Choosing what a reason says: see rec/reason.h.
 *
 * Shared words that stand side by side in both texts make phrases. The phrase that weighs most is said, its stems are struck out
 * everywhere, and the next one is looked for in what is left.
 */
#include "rec/reason.h"

#include "alloc.h"
#include "rec/fold.h"
#include "generic.h"
#include "model_file.h"
#include "phrase.h"
#include "rec/vector.h"
#include "shared.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PHRASE_WORDS 6    /* of a phrase, at most */
#define PHRASE_PAIRS 16   /* likewise in a script without spaces, whose words are overlapping pairs of characters */
#define LEAST_PART 0.15   /* of the first term's weight: what is below is chance */
#define COMMON_SHARE 0.2  /* of the papers: a word that so many have tells nothing in this store */
#define COMMON_PAPERS 100 /* a smaller store may be of one subject, and its word be no less the reason */
#define ELLIPSIS "\xE2\x80\xA6"

static const char SEPARATOR[] = "; ";

/* What a word is worth in a reason. */
struct meaning {
    bool said;         /* a term has its stem */
    bool bare;         /* a stop word that a phrase may hold within, and not at its ends */
    bool filler;       /* generic.h */
    bool telling;      /* of a subject, by itself */
    bool telling_pair; /* together with the word before it */
};

struct rec_reasoner {
    const rec_model *model; /* NULL: all n-grams weigh alike */
    rec_reason_kind kind;
    rec_ngrams *ngrams;
    rec_generic generic;
    rec_reading seed, other;
    rec_holdings held; /* by the seed */
    rec_sharing sharing;
    unsigned char *marks;  /* (room) of the other's places: phrase.h */
    struct meaning *means; /* (room) likewise */
    size_t room;
};

void rec_reasoner_free(rec_reasoner *reasoner)
{
    if (!reasoner)
        return;
    rec_ngrams_free(reasoner->ngrams);
    rec_generic_clear(&reasoner->generic);
    rec_reading_clear(&reasoner->seed);
    rec_reading_clear(&reasoner->other);
    rec_holdings_clear(&reasoner->held);
    rec_sharing_clear(&reasoner->sharing);
    rec_free(reasoner->marks);
    rec_free(reasoner->means);
    rec_free(reasoner);
}

rec_status rec_reasoner_new(const rec_model *model, rec_reasoner **out, rec_error *err)
{
    rec_reasoner *reasoner = rec_alloc(sizeof(*reasoner));
    rec_status rc;

    if (!reasoner)
        return rec_fail(err, REC_ENOMEM, "out of memory for reasons");
    reasoner->model = model;
    if ((rc = rec_ngrams_new(&reasoner->ngrams, err)) == REC_OK)
        rc = rec_generic_load(reasoner->ngrams, model, &reasoner->generic, err);
    if (rc == REC_OK)
        *out = reasoner;
    else
        rec_reasoner_free(reasoner);
    return rc;
}

static const float *idf_of(const rec_reasoner *reasoner)
{
    return reasoner->model ? reasoner->model->idf : NULL;
}

rec_status rec_reasoner_set(rec_reasoner *reasoner, rec_reason_kind kind, const rec_prose *seed, rec_error *err)
{
    rec_status rc = rec_read_prose(reasoner->ngrams, reasoner->model, seed, &reasoner->seed, err);

    reasoner->kind = kind;
    return rc == REC_OK ? rec_hold(&reasoner->seed, &reasoner->held, err) : rc;
}

static rec_status compare(rec_reasoner *reasoner, const rec_prose *other, rec_error *err)
{
    rec_status rc = rec_read_prose(reasoner->ngrams, reasoner->model, other, &reasoner->other, err);

    return rc == REC_OK ? rec_share(&reasoner->seed, &reasoner->held, &reasoner->other, idf_of(reasoner), &reasoner->sharing, err) : rc;
}

/* ---- phrases ------------------------------------------------------------------------------------------------------- */

/* Places of the other text, both ends in. */
struct phrase {
    size_t first, last;
    double weight; /* what its words and pairs add to part S */
    size_t capitals;
    const char *from, *to; /* as it will be shown */
};

static const rec_place *place_at(const rec_reasoner *reasoner, size_t i)
{
    return &reasoner->other.places.items[i];
}

static bool has(const rec_reasoner *reasoner, size_t i, unsigned mark)
{
    return (reasoner->marks[i] & mark) != 0;
}

/* The least idf of an n-gram that is not common. */
static float common_idf(const rec_reasoner *reasoner)
{
    double papers = reasoner->model ? (double)rec_model_papers(reasoner->model) : 0;

    if (papers < COMMON_PAPERS)
        return -1;
    return (float)rec_log((papers + 1) / (COMMON_SHARE * papers + 1));
}

/* Whether a word may stand in a phrase at all. A stop word may be within one, between words that its hyphens or an "of" bind. */
static bool may_stand(const rec_reasoner *reasoner, size_t i)
{
    const rec_place *place = place_at(reasoner, i);

    if (reasoner->means[i].said || has(reasoner, i, REC_MARK_DEBRIS))
        return false;
    return place->stop || !place->counts || reasoner->sharing.word_at[i] != REC_NO_SHARED;
}

static bool is_of(const rec_place *place)
{
    return place->stop && place->to - place->from == 2 && (place->from[0] == 'o' || place->from[0] == 'O') &&
           (place->from[1] == 'f' || place->from[1] == 'F');
}

/* Whether the words at `i - 1` and `i` belong together in both texts. A bare stop word belongs between two others alone. */
static bool is_linked(const rec_reasoner *reasoner, size_t i)
{
    const rec_place *place = place_at(reasoner, i);
    bool bare = reasoner->means[i].bare, bare_before = reasoner->means[i - 1].bare;

    if (!has(reasoner, i, REC_MARK_JOINS) || !rec_holds_pair(&reasoner->held, &reasoner->other.places, i))
        return false;
    if (has(reasoner, i, REC_MARK_TIGHT) || (!bare && !bare_before))
        return true;
    return bare != bare_before && is_of(bare ? place : place - 1);
}

static bool goes_on(const rec_reasoner *reasoner, size_t first, size_t i)
{
    size_t most = place_at(reasoner, i)->from < place_at(reasoner, i - 1)->to ? PHRASE_PAIRS : PHRASE_WORDS;

    if (i - first >= most || !may_stand(reasoner, i) || !is_linked(reasoner, i))
        return false;
    return i - first < 2 || rec_holds_triple(&reasoner->held, &reasoner->other.places, i);
}

/* Whether the word is cut off where it begins or ends a phrase. A query's words are all wanted. */
static bool is_loose(const rec_reasoner *reasoner, size_t i)
{
    if (reasoner->means[i].bare)
        return true;
    if (has(reasoner, i, REC_MARK_LONE) && has(reasoner, i, REC_MARK_POSSESSED))
        return true;
    return reasoner->kind == REC_REASON_FOR_PAPER && reasoner->means[i].filler;
}

/* Numbers and single letters begin a phrase only where a hyphen binds them to it. */
static bool is_loose_at_start(const rec_reasoner *reasoner, size_t i, size_t last)
{
    bool bound = i < last && has(reasoner, i + 1, REC_MARK_TIGHT);

    if (is_loose(reasoner, i))
        return true;
    return i < last && !bound && (has(reasoner, i, REC_MARK_LONE) || !has(reasoner, i, REC_MARK_LETTERS));
}

static void trim(const rec_reasoner *reasoner, struct phrase *phrase)
{
    while (phrase->first < phrase->last && is_loose_at_start(reasoner, phrase->first, phrase->last))
        phrase->first++;
    while (phrase->last > phrase->first && is_loose(reasoner, phrase->last))
        phrase->last--;
}

/* Whether the phrase tells of a subject. */
static bool is_telling(const rec_reasoner *reasoner, const struct phrase *phrase)
{
    for (size_t i = phrase->first; i <= phrase->last; i++)
        if (reasoner->means[i].telling || (i > phrase->first && reasoner->means[i].telling_pair))
            return true;
    return false;
}

/* A query's words are reason enough, but for stop words. */
static bool is_sayable(const rec_reasoner *reasoner, const struct phrase *phrase)
{
    if (reasoner->kind == REC_REASON_FOR_PAPER)
        return is_telling(reasoner, phrase);
    for (size_t i = phrase->first; i <= phrase->last; i++)
        if (reasoner->sharing.word_at[i] != REC_NO_SHARED)
            return true;
    return false;
}

/* An n-gram that stands in the phrase more than once counts once. */
static double weight_of(const rec_reasoner *reasoner, const struct phrase *phrase)
{
    const rec_sharing *sharing = &reasoner->sharing;
    size_t counted[2 * PHRASE_PAIRS], n = 0;
    double weight = 0;

    for (size_t i = phrase->first; i <= phrase->last; i++) {
        size_t items[2] = { sharing->word_at[i], i > phrase->first ? sharing->pair_at[i] : REC_NO_SHARED };

        for (size_t j = 0; j < 2; j++) {
            bool fresh = items[j] != REC_NO_SHARED;

            for (size_t k = 0; k < n && fresh; k++)
                fresh = counted[k] != items[j];
            if (fresh) {
                weight += sharing->items[items[j]].contribution;
                counted[n++] = items[j];
            }
        }
    }
    return weight;
}

/* Heavier first, then the one in running text: titles are written with capitals that the words do not need. */
static bool is_better(const struct phrase *a, const struct phrase *b)
{
    return a->weight != b->weight ? a->weight > b->weight : a->capitals < b->capitals;
}

static void consider(const rec_reasoner *reasoner, struct phrase phrase, struct phrase *best)
{
    trim(reasoner, &phrase);
    if (!is_sayable(reasoner, &phrase))
        return;
    phrase.weight = weight_of(reasoner, &phrase);
    phrase.from = place_at(reasoner, phrase.first)->from;
    phrase.to = place_at(reasoner, phrase.last)->to;
    if (!rec_phrase_whole(&phrase.from, &phrase.to))
        return;
    phrase.capitals = rec_phrase_capitals(phrase.from, phrase.to);
    if (is_better(&phrase, best))
        *best = phrase;
}

/* The weightiest phrase of what is not said yet; its weight is 0 where there is none. */
static struct phrase best_phrase(const rec_reasoner *reasoner)
{
    struct phrase best = { .weight = 0 };
    size_t places = reasoner->other.places.length;

    for (size_t first = 0, next; first < places; first = next) {
        next = first + 1;
        if (!may_stand(reasoner, first) || reasoner->means[first].bare)
            continue;
        while (next < places && goes_on(reasoner, first, next))
            next++;
        consider(reasoner, (struct phrase){ .first = first, .last = next - 1 }, &best);
    }
    return best;
}

/* ---- saying -------------------------------------------------------------------------------------------------------- */

/* Strikes out every word of a stem or a family of the phrase. */
static void strike_out(rec_reasoner *reasoner, const struct phrase *phrase)
{
    for (size_t i = phrase->first; i <= phrase->last; i++)
        for (size_t j = 0; j < reasoner->other.places.length; j++)
            if (place_at(reasoner, j)->stem == place_at(reasoner, i)->stem || rec_phrase_akin(place_at(reasoner, j), place_at(reasoner, i)))
                reasoner->means[j].said = !reasoner->means[j].bare;
}

/* And the pairs of characters that a phrase without spaces shares its ends with. */
static void strike_out_overlaps(rec_reasoner *reasoner, const struct phrase *phrase)
{
    const rec_places *places = &reasoner->other.places;
    size_t next = phrase->last + 1;

    if (rec_follows(places, phrase->first) && place_at(reasoner, phrase->first - 1)->to > phrase->from)
        reasoner->means[phrase->first - 1].said = true;
    if (next < places->length && rec_follows(places, next) && place_at(reasoner, next)->from < phrase->to)
        reasoner->means[next].said = true;
}

/* A reason that is being written. */
struct writing {
    rec_reason reason;
    size_t length, characters; /* of its text */
};

/* Appends a term where it fits. */
static void write_term(struct writing *w, const char *from, const char *to, float share)
{
    char *text = w->reason.text;
    size_t characters = w->characters, start = w->length, end;

    if (w->reason.count == REC_REASON_TERMS)
        return;
    if (start > 0)
        start = rec_phrase_append(SEPARATOR, SEPARATOR + strlen(SEPARATOR), text, start, REC_REASON_BYTES, REC_REASON_CHARS, &characters);
    end = rec_phrase_append(from, to, text, start, REC_REASON_BYTES, REC_REASON_CHARS, &characters);
    if (end == start) {
        text[w->length] = '\0';
        return;
    }
    w->reason.terms[w->reason.count++] = (rec_reason_term){ (uint16_t)start, (uint16_t)(end - start), share };
    w->length = end;
    w->characters = characters;
}

void rec_reason_insert(rec_reason *reason, const char *text, float share)
{
    struct writing w = { .length = 0 };
    bool inserted = false;

    for (size_t i = 0; i <= reason->count; i++) {
        const rec_reason_term *term = &reason->terms[i];

        if (!inserted && (i == reason->count || share > term->share)) {
            write_term(&w, text, text + strlen(text), share);
            inserted = true;
        }
        if (i < reason->count)
            write_term(&w, reason->text + term->from, reason->text + term->from + term->length, term->share);
    }
    if (w.reason.count > 0)
        *reason = w.reason;
}

/* What a reason says that has no terms. */
static const char *nothing_to_say(const rec_reasoner *reasoner)
{
    if (reasoner->kind == REC_REASON_FOR_WORDS)
        return "common words alone";
    return reasoner->sharing.count > 0 ? "related vocabulary; only common words shared" : "related vocabulary; no words shared";
}

/* What a contribution to part S is of the score; for a query, of all that it matches. */
static double share_unit(const rec_reasoner *reasoner, float total)
{
    double sum = 0;

    if (reasoner->kind == REC_REASON_FOR_PAPER && reasoner->model)
        return total > 0 ? (double)reasoner->model->head->weights[0] / (double)total : 0;
    for (size_t i = 0; i < reasoner->sharing.count; i++)
        sum += reasoner->sharing.items[i].contribution;
    return sum > 0 ? 1 / sum : 0;
}

static bool names(const rec_reasoner *reasoner, size_t i)
{
    return reasoner->sharing.word_at[i] != REC_NO_SHARED && has(reasoner, i, REC_MARK_LETTERS) &&
           !rec_phrase_is_scrap(place_at(reasoner, i)) && !rec_is_generic(&reasoner->generic, place_at(reasoner, i)->stem);
}

/* The idf of the words and pairs that a fifth of the papers have; a pair of common words need not be common. */
static void find_meanings(rec_reasoner *reasoner)
{
    const rec_sharing *sharing = &reasoner->sharing;
    float common = common_idf(reasoner);
    bool named_before = false;

    for (size_t i = 0; i < reasoner->other.places.length; i++) {
        const rec_place *place = place_at(reasoner, i);
        struct meaning *means = &reasoner->means[i];
        bool named = names(reasoner, i);

        *means = (struct meaning){ .said = false };
        means->bare = place->stop && !rec_is_thing(&reasoner->generic, place->stem);
        means->filler = !place->stop && rec_is_filler(&reasoner->generic, place->stem);
        means->telling = named && sharing->items[sharing->word_at[i]].idf > common;
        if (sharing->pair_at[i] != REC_NO_SHARED && sharing->items[sharing->pair_at[i]].idf > common)
            means->telling_pair = named || named_before ||
                                  (has(reasoner, i - 1, REC_MARK_LETTERS) && has(reasoner, i, REC_MARK_LETTERS) &&
                                   rec_is_telling_pair(&reasoner->generic, place[-1].stem, place->stem));
        named_before = named;
    }
}

static rec_status look_at_places(rec_reasoner *reasoner, rec_error *err)
{
    const rec_reading *other = &reasoner->other;
    size_t count = other->places.length, in_title = other->in_title;

    if (count > reasoner->room) {
        rec_free(reasoner->marks);
        rec_free(reasoner->means);
        reasoner->marks = rec_alloc_array(count, sizeof(*reasoner->marks));
        reasoner->means = rec_alloc_array(count, sizeof(*reasoner->means));
        reasoner->room = reasoner->marks && reasoner->means ? count : 0;
        if (!reasoner->room)
            return rec_fail(err, REC_ENOMEM, "out of memory for reasons");
    }
    if (in_title > 0)
        rec_phrase_mark(other->prose.title, other->places.items, in_title, reasoner->marks);
    if (count > in_title)
        rec_phrase_mark(other->prose.abstract, other->places.items + in_title, count - in_title, reasoner->marks + in_title);
    find_meanings(reasoner);
    return REC_OK;
}

rec_status rec_reasoner_say(rec_reasoner *reasoner, const rec_prose *other, float total, rec_reason *out, rec_error *err)
{
    struct writing w = { .length = 0 };
    double unit, least = 0;
    rec_status rc;

    if ((rc = compare(reasoner, other, err)) != REC_OK || (rc = look_at_places(reasoner, err)) != REC_OK)
        return rc;
    unit = share_unit(reasoner, total);
    while (w.reason.count < REC_REASON_TERMS) {
        struct phrase phrase = best_phrase(reasoner);

        if (phrase.weight <= least)
            break;
        write_term(&w, phrase.from, phrase.to, (float)fmin(phrase.weight * unit, 1));
        if (least <= 0 && w.reason.count == 1)
            least = LEAST_PART * phrase.weight;
        strike_out(reasoner, &phrase);
        strike_out_overlaps(reasoner, &phrase);
    }
    if (w.reason.count == 0)
        snprintf(w.reason.text, sizeof(w.reason.text), "%s", nothing_to_say(reasoner));
    *out = w.reason;
    return REC_OK;
}

/* ---- all of it ----------------------------------------------------------------------------------------------------- */

void rec_shared_clear(rec_shared_list *list)
{
    rec_free(list->items);
    *list = (rec_shared_list)REC_SHARED_INIT;
}

static size_t append_word(rec_piece word, char *out, size_t length)
{
    const char *to = word.to;
    bool cut = rec_phrase_cut(word.from, &to, REC_WORD_CHARS);
    size_t characters = 0;

    length = rec_phrase_append(word.from, to, out, length, REC_SHARED_BYTES, REC_WORD_CHARS, &characters);
    return cut ? length + (size_t)snprintf(out + length, REC_SHARED_BYTES - length, "%s", ELLIPSIS) : length;
}

void rec_shared_text(const rec_shared *shared, char out[REC_SHARED_BYTES])
{
    const rec_piece *words = shared->words;
    bool overlap = shared->pair && words[1].from >= words[0].from && words[1].from < words[0].to; /* of a script without spaces */
    size_t length = append_word(overlap ? (rec_piece){ words[0].from, words[1].to } : words[0], out, 0);

    if (shared->pair && !overlap) {
        out[length++] = ' ';
        append_word(words[1], out, length);
    }
}

/* Equal contributions: words before pairs, then by stem, so that the order is one. */
static int by_contribution(const void *left, const void *right)
{
    const rec_shared *a = left, *b = right;

    if (a->contribution != b->contribution)
        return a->contribution > b->contribution ? -1 : 1;
    if (a->pair != b->pair)
        return a->pair ? 1 : -1;
    if (a->stems[0] != b->stems[0])
        return a->stems[0] < b->stems[0] ? -1 : 1;
    return (a->stems[1] > b->stems[1]) - (a->stems[1] < b->stems[1]);
}

rec_status rec_reasoner_shared(rec_reasoner *reasoner, const rec_prose *other, rec_shared_list *out, rec_error *err)
{
    rec_shared_list list = REC_SHARED_INIT;
    rec_status rc = compare(reasoner, other, err);

    if (rc != REC_OK)
        return rc;
    list.items = reasoner->sharing.items;
    list.count = reasoner->sharing.count;
    reasoner->sharing.items = NULL;
    reasoner->sharing.count = 0;
    qsort(list.items, list.count, sizeof(*list.items), by_contribution);
    *out = list;
    return REC_OK;
}
