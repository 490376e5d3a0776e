/* What the pages are made of besides themselves: style, scripts, titles as somebody types, the points of the map. */
#include "routes.h"

#include "alloc.h"
#include "json.h"
#include "json_make.h"
#include "opt.h"
#include "output.h"
#include "templates.h"

#include "rec/map.h"

#include <string.h>

#define TITLES 8
#define TITLES_MAX 50
#define EXTENT 10000 /* places on the map are whole numbers from -EXTENT to EXTENT */
#define GROUPS 9     /* categories with a colour of their own; the rest share one */
#define OTHERS "others"

/* GET /assets/{name} */
rec_status answer_asset(struct call *call, rec_error *err)
{
    static const struct {
        const char *name, *type;
    } assets[] = { { "page.css", "text/css; charset=utf-8" },
                   { "search.js", "text/javascript; charset=utf-8" },
                   { "map.js", "text/javascript; charset=utf-8" } };

    for (size_t i = 0; i < sizeof(assets) / sizeof(assets[0]); i++)
        if (strcmp(assets[i].name, call->id) == 0) {
            call->reply->type = assets[i].type;
            http_reply_header(call->reply, "Cache-Control", "max-age=3600");
            rec_buf_puts(&call->reply->body, shipped_template(assets[i].name));
            return REC_OK;
        }
    return rec_fail(err, REC_ENOTFOUND, "nothing is served under this name");
}

static json_t *title_to_json(rec_store *store, rec_doc doc, rec_error *err, rec_status *rc)
{
    rec_record record = REC_RECORD_INIT;
    const char *title;
    json_t *object;

    if ((*rc = rec_store_get(store, doc, REC_GET_CARD, &record, err)) != REC_OK)
        return NULL;
    title = record.paper.title ? record.paper.title : record.paper.id.text;
    object = json_object();
    set_key(&object, "id", json_string(record.paper.id.text));
    set_key(&object, "title", make_text(title, strlen(title)));
    set_key(&object, "published", record.paper.date.text[0] ? json_string(record.paper.date.text) : json_null());
    rec_record_clear(&record);
    return object;
}

static const struct http_parameter *unknown_parameter(const struct call *call)
{
    for (size_t i = 0; i < call->request->parameter_count; i++)
        if (strcmp(call->request->parameters[i].name, "q") != 0 && strcmp(call->request->parameters[i].name, "limit") != 0)
            return &call->request->parameters[i];
    return NULL;
}

/* GET /v1/titles?q=WORDS: papers whose title has the words, the last perhaps unfinished. */
rec_status answer_titles(struct call *call, rec_error *err)
{
    const char *words = call_parameter(call, "q"), *limit = call_parameter(call, "limit");
    rec_store *store = rec_engine_store(call->engine);
    rec_doc docs[TITLES_MAX];
    size_t most = TITLES, count = 0;
    json_t *object = json_object(), *papers = json_array();
    bool known = false;
    rec_status rc = REC_OK;

    if (unknown_parameter(call))
        rc = rec_fail(err, REC_EINVAL, "unknown member '%s'", unknown_parameter(call)->name);
    else if (!words || !*words)
        rc = rec_fail(err, REC_EINVAL, "member 'q': the words are missing");
    else if ((limit && !opt_read_count(limit, &most)) || most < 1 || most > TITLES_MAX)
        rc = rec_fail(err, REC_EINVAL, "member 'limit': expected a whole number from 1 to %d", TITLES_MAX);
    else if (!(known = call_not_modified(call)))
        rc = rec_store_titles(store, words, most, docs, &count, err);
    for (size_t i = 0; i < count && rc == REC_OK; i++) {
        json_t *paper = title_to_json(store, docs[i], err, &rc);

        if (rc == REC_OK)
            add_item(&papers, paper);
    }
    set_key(&object, "papers", papers);
    if (rc == REC_OK && !known)
        return call_json(call, object, err);
    json_decref(object);
    return rc;
}

/* ---- the map ------------------------------------------------------------------------------------------------------- */

/* Papers of the map that are drawn, a category each. */
struct drawing {
    json_t *ids, *x, *y, *group;
    json_t *counts; /* papers by first category */
    json_t *first;  /* (drawn) first categories, in the order of `ids` */
    const char *groups[GROUPS];
    size_t group_count;
};

static double extent_of(const rec_map *map)
{
    double extent = 1e-6;

    for (size_t i = 0; i < map->count; i++) {
        double x = (double)map->places[i].x, y = (double)map->places[i].y;

        extent = x > extent ? x : -x > extent ? -x : extent;
        extent = y > extent ? y : -y > extent ? -y : extent;
    }
    return extent;
}

/* The first category of a paper, without what stands behind the dot where the store has many. */
static json_t *first_category(const char *categories)
{
    json_t *list = rec_json_stored(categories), *first = json_incref(json_array_get(list, 0));

    json_decref(list);
    return json_is_string(first) ? first : json_string(OTHERS);
}

static rec_status draw(struct drawing *d, rec_store *store, const rec_map *map, size_t i, double extent, rec_error *err)
{
    rec_record record = REC_RECORD_INIT;
    rec_status rc = rec_store_get(store, map->docs[i], REC_GET_CARD, &record, err);
    json_t *category;
    const char *name;

    if (rc != REC_OK)
        return rc == REC_ENOTFOUND ? REC_OK : rc; /* removed since: its place goes with the next build */
    category = first_category(record.paper.categories);
    name = json_string_value(category);
    add_item(&d->ids, json_string(record.paper.id.text));
    add_item(&d->x, json_integer((json_int_t)((double)map->places[i].x / extent * EXTENT)));
    add_item(&d->y, json_integer((json_int_t)((double)map->places[i].y / extent * EXTENT)));
    if (d->counts && name)
        set_key(&d->counts, name, json_integer(1 + json_integer_value(json_object_get(d->counts, name))));
    add_item(&d->first, category);
    rec_record_clear(&record);
    return REC_OK;
}

/* The categories of most papers, ties by name, get a colour. */
static void choose_groups(struct drawing *d)
{
    while (d->group_count < GROUPS) {
        const char *best = NULL, *name;
        json_int_t papers = 0;
        json_t *count;

        json_object_foreach(d->counts, name, count)
        {
            bool taken = strcmp(name, OTHERS) == 0;

            for (size_t g = 0; g < d->group_count; g++)
                taken = taken || strcmp(d->groups[g], name) == 0;
            if (!taken && (json_integer_value(count) > papers || (json_integer_value(count) == papers && best && strcmp(name, best) < 0))) {
                best = name;
                papers = json_integer_value(count);
            }
        }
        if (!best)
            return;
        d->groups[d->group_count++] = best;
    }
}

static json_t *group_names(const struct drawing *d)
{
    json_t *names = json_array();

    for (size_t g = 0; g < d->group_count; g++)
        add_item(&names, json_string(d->groups[g]));
    add_item(&names, json_string(OTHERS));
    return names;
}

static void set_groups(struct drawing *d)
{
    json_t *first;
    size_t i;

    choose_groups(d);
    json_array_foreach(d->first, i, first)
    {
        size_t g = 0;

        while (g < d->group_count && strcmp(d->groups[g], json_string_value(first)) != 0)
            g++;
        add_item(&d->group, json_integer((json_int_t)g));
    }
}

size_t map_step(size_t papers)
{
    return papers / SERVICE_MAP_PAPERS + 1;
}

static rec_status draw_map(struct call *call, const rec_map *map, rec_error *err)
{
    struct drawing d = { json_array(), json_array(), json_array(), json_array(), json_object(), json_array(), { NULL }, 0 };
    double extent = extent_of(map);
    size_t step = map_step(map->count);
    json_t *object = json_object();
    rec_status rc = REC_OK;

    for (size_t i = 0; i < map->count && rc == REC_OK; i += step)
        rc = draw(&d, rec_engine_store(call->engine), map, i, extent, err);
    set_groups(&d);
    set_key(&object, "extent", json_integer(EXTENT));
    set_key(&object, "groups", group_names(&d));
    set_key(&object, "ids", d.ids);
    set_key(&object, "x", d.x);
    set_key(&object, "y", d.y);
    set_key(&object, "group", d.group);
    json_decref(d.counts);
    json_decref(d.first);
    if (rc == REC_OK)
        return call_json(call, object, err);
    json_decref(object);
    return rc;
}

/* GET /v1/map: the places of papers, and what they are coloured by. */
rec_status answer_map(struct call *call, rec_error *err)
{
    rec_map map = REC_MAP_INIT;
    rec_status rc;

    if (call_not_modified(call))
        return REC_OK;
    if (!call->state.fingerprint[0])
        return rec_fail(err, REC_ESTALE, "the store has no map yet; run 'recommend build'");
    if ((rc = rec_map_open(rec_engine_store(call->engine), &call->state, &map, err)) != REC_OK)
        return rc;
    rc = draw_map(call, &map, err);
    rec_map_close(&map);
    return rc;
}
