/*
 * Choosing the headlines of a day: see rec/edition.h. By votes where papers have them, then by place: the greedy choice of facility
 * location over the day's papers, on the vectors that the index compares.
 */
#include "alloc.h"
#include "engine.h"
#include "rec/edition.h"
#include "rec/codes.h"

#include <string.h>

#define NEAR 2.0
#define MAX_PLACED 2000 /* papers of a day that are compared, all with all; later ones by precedence are passed over */

/* A paper of the day. */
struct paper {
    rec_doc doc;
    bool voted;
    bool chosen;
    rec_doc work;
    uint64_t title_key, abstract_key;
};

struct day {
    rec_engine *engine;
    const rec_filter *filter;
    rec_store_state state;
    struct paper *papers; /* (count) by falling votes, then id */
    size_t count, room;
    size_t limit, chosen;
    rec_doc *out;
    rec_error *err;
};

static rec_status take_paper(rec_doc doc, bool voted, void *context, rec_error *err)
{
    struct day *day = context;

    if (day->count == day->room) {
        size_t room = day->room ? 2 * day->room : 256;
        struct paper *grown = rec_resize_array(day->papers, room, sizeof(*grown));

        if (!grown)
            return rec_fail(err, REC_ENOMEM, "out of memory for the papers of a day");
        day->papers = grown;
        day->room = room;
    }
    day->papers[day->count++] = (struct paper){ .doc = doc, .voted = voted };
    return REC_OK;
}

/* A paper without a text is no headline, for nobody could be told anything of it; nor is one that was withdrawn. */
static bool may_be_headline(const struct day *day, const rec_record *record)
{
    return record->paper.flags == 0 && (record->title_key || record->abstract_key) &&
           (!day->filter || rec_filter_takes_categories(day->filter, record->paper.categories));
}

/* Reads what tells copies, and drops what cannot be a headline. */
static rec_status read_keys(struct day *day)
{
    size_t kept = 0;
    rec_status rc = REC_OK;

    for (size_t i = 0; i < day->count && rc == REC_OK; i++) {
        rec_record record = REC_RECORD_INIT;

        if ((rc = rec_store_get(day->engine->store, day->papers[i].doc, REC_GET_CARD, &record, day->err)) != REC_OK)
            break;
        day->papers[i].work = record.work;
        day->papers[i].title_key = record.title_key;
        day->papers[i].abstract_key = record.abstract_key;
        if (may_be_headline(day, &record))
            day->papers[kept++] = day->papers[i];
        rec_record_clear(&record);
    }
    day->count = kept;
    return rc;
}

static bool is_copy(const struct paper *a, const struct paper *b)
{
    return a->work == b->work || (a->title_key && a->title_key == b->title_key) || (a->abstract_key && a->abstract_key == b->abstract_key);
}

static bool repeats_a_headline(const struct day *day, const struct paper *paper)
{
    for (size_t i = 0; i < day->count; i++)
        if (day->papers[i].chosen && is_copy(&day->papers[i], paper))
            return true;
    return false;
}

static void choose_paper(struct day *day, struct paper *paper)
{
    paper->chosen = true;
    day->out[day->chosen++] = paper->doc;
}

static void choose_by_votes(struct day *day)
{
    for (size_t i = 0; i < day->count && day->papers[i].voted && day->chosen < day->limit; i++)
        if (!repeats_a_headline(day, &day->papers[i]))
            choose_paper(day, &day->papers[i]);
}

/* ---- by place ------------------------------------------------------------------------------------------------------ */

/* The papers of the day that have a vector, and how like each is to each. */
struct map {
    size_t *papers; /* (count) numbers in the day's list */
    size_t count, dim;
    int8_t *items;   /* (count, dim) codes of the papers' vectors */
    float *factors;  /* (count) */
    float *likeness; /* (count, count) cosines, less what any two papers have; never negative */
    float *covered;  /* (count) likeness to the nearest headline so far */
};

static void map_clear(struct map *map)
{
    rec_free(map->papers);
    rec_free(map->items);
    rec_free(map->factors);
    rec_free(map->likeness);
    rec_free(map->covered);
}

/* Reads the vector of the day's paper `at`, unless it has none. */
static rec_status read_vector(struct day *day, size_t at, struct map *map)
{
    rec_live_seed seed = { .words = NULL };
    rec_status rc = rec_live_make_seed(&day->engine->live, day->papers[at].doc, NULL, &seed, day->err);

    if (rc == REC_OK && seed.seed.view.dense.factor > 0) {
        memcpy(map->items + map->count * map->dim, seed.seed.view.dense.items, map->dim * sizeof(*map->items));
        map->factors[map->count] = seed.seed.view.dense.factor;
        map->papers[map->count++] = at;
    }
    rec_live_seed_clear(&seed);
    return rc;
}

static rec_code code_of(const struct map *map, size_t at)
{
    return (rec_code){ map->items + at * map->dim, map->factors[at] };
}

/*
 * Any two papers are a little alike, by what all papers say: counted for every pair it would make the blandest paper the most central one.
 * So only what a likeness has above NEAR times the mean of all pairs counts.
 */
static void keep_what_is_near(struct map *map)
{
    size_t pairs = map->count * map->count;
    double sum = 0;
    float far;

    for (size_t i = 0; i < pairs; i++)
        sum += (double)map->likeness[i];
    far = pairs > 0 ? (float)(NEAR * sum / (double)pairs) : 0;
    for (size_t i = 0; i < pairs; i++)
        map->likeness[i] = map->likeness[i] > far ? map->likeness[i] - far : 0;
}

static rec_status draw_map(struct day *day, struct map *map)
{
    size_t most = day->count < MAX_PLACED ? day->count : MAX_PLACED;
    rec_status rc = rec_live_open(&day->engine->live, &day->state, day->err);

    if (rc != REC_OK)
        return rc;
    map->dim = day->engine->live.space.dim;
    map->papers = rec_alloc_array(most, sizeof(*map->papers));
    map->items = rec_alloc_aligned(most * map->dim, sizeof(*map->items));
    map->factors = rec_alloc_array(most, sizeof(*map->factors));
    map->likeness = rec_alloc_array(most * most, sizeof(*map->likeness));
    map->covered = rec_alloc_array(most, sizeof(*map->covered));
    if (!map->papers || !map->items || !map->factors || !map->likeness || !map->covered)
        return rec_fail(day->err, REC_ENOMEM, "out of memory for the papers of a day");
    for (size_t i = 0; i < day->count && map->count < MAX_PLACED && rc == REC_OK; i++)
        rc = read_vector(day, i, map);
    if (rc != REC_OK)
        return rc;
    for (size_t i = 0; i < map->count; i++)
        for (size_t j = 0; j <= i; j++) {
            float cosine = rec_codes_cosine(code_of(map, i), code_of(map, j), map->dim);

            map->likeness[i * map->count + j] = map->likeness[j * map->count + i] = cosine > 0 ? cosine : 0;
        }
    keep_what_is_near(map);
    return REC_OK;
}

/* How much better the day would be covered with paper `at` among the headlines. */
static double gain(const struct map *map, size_t at)
{
    const float *likeness = map->likeness + at * map->count;
    double sum = 0;

    for (size_t j = 0; j < map->count; j++)
        if (likeness[j] > map->covered[j])
            sum += (double)(likeness[j] - map->covered[j]);
    return sum;
}

static void cover(struct map *map, size_t at)
{
    const float *likeness = map->likeness + at * map->count;

    for (size_t j = 0; j < map->count; j++)
        if (likeness[j] > map->covered[j])
            map->covered[j] = likeness[j];
}

/* Takes the paper with the greatest gain; false where there is none left. Equal gains: the first in the day's order. */
static bool choose_next(struct day *day, struct map *map)
{
    size_t best = map->count;
    double most = -1;

    for (size_t i = 0; i < map->count; i++) {
        const struct paper *paper = &day->papers[map->papers[i]];
        double gained;

        if (!paper->chosen && (gained = gain(map, i)) > most && !repeats_a_headline(day, paper)) {
            most = gained;
            best = i;
        }
    }
    if (best == map->count)
        return false;
    choose_paper(day, &day->papers[map->papers[best]]);
    cover(map, best);
    return true;
}

static rec_status choose_by_place(struct day *day)
{
    struct map map = { .papers = NULL };
    rec_status rc = draw_map(day, &map);

    for (size_t i = 0; i < map.count && rc == REC_OK; i++)
        if (day->papers[map.papers[i]].chosen)
            cover(&map, i);
    while (rc == REC_OK && day->chosen < day->limit && choose_next(day, &map))
        continue;
    map_clear(&map);
    return rc;
}

static rec_status choose(struct day *day, const rec_date *date, size_t *by_votes)
{
    rec_status rc;

    if ((rc = rec_store_get_state(day->engine->store, &day->state, day->err)) != REC_OK)
        return rc;
    if ((rc = rec_store_scan_day(day->engine->store, date, take_paper, day, day->err)) != REC_OK)
        return rc;
    if ((rc = read_keys(day)) != REC_OK)
        return rc;
    choose_by_votes(day);
    *by_votes = day->chosen;
    return day->chosen < day->limit && day->chosen < day->count ? choose_by_place(day) : REC_OK;
}

rec_status rec_headlines_of_day(rec_engine *engine, const rec_date *day, const rec_filter *filter, size_t limit, rec_doc *out,
                                size_t *count, size_t *by_votes, rec_error *err)
{
    struct day choosing = { .engine = engine, .filter = filter, .limit = limit, .out = out, .err = err };
    rec_status rc = choose(&choosing, day, by_votes);

    rec_free(choosing.papers);
    *count = rc == REC_OK ? choosing.chosen : 0;
    return rc;
}
