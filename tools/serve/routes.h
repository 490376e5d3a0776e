/* The table of routes, and what answers each. A handler fills the call's reply, or fails, and its error becomes the reply. */
#ifndef REC_SERVE_ROUTES_H
#define REC_SERVE_ROUTES_H

#include "service.h"

typedef rec_status (*route_handler)(struct call *call, rec_error *err);

#define ROUTE_QUICK 1u  /* answered from what is stored, in microseconds, or left by its handler where the call is `at_once` */
#define ROUTE_WRITES 2u /* needs the token */
#define ROUTE_PAGE 4u   /* for people: its errors are pages */
#define ROUTE_MANY 8u   /* many answers, each of a state of its own: all of them at once would keep an import waiting */
#define ROUTE_ALONE 16u /* lends no engine: says nothing of the store, or also where that cannot be read */

struct route {
    const char *name;    /* in metrics and in openapi.json's operationId */
    const char *method;  /* GET serves HEAD as well */
    const char *pattern; /* "/v1/papers/{id}/similar": {id} is everything up to what follows it, slashes too */
    route_handler answer;
    unsigned kind; /* ROUTE_... */
};

extern const struct route ROUTES[];
extern const size_t ROUTE_COUNT;

/* ---- api.c ---- */
rec_status answer_paper(struct call *call, rec_error *err);
rec_status answer_similar(struct call *call, rec_error *err);
rec_status answer_similar_body(struct call *call, rec_error *err);
rec_status answer_batch(struct call *call, rec_error *err);
rec_status answer_search(struct call *call, rec_error *err);

/* ---- editions.c ---- */
rec_status answer_digest(struct call *call, rec_error *err);
rec_status answer_feed(struct call *call, rec_error *err);

/* ---- extras.c ---- */
rec_status answer_asset(struct call *call, rec_error *err);
rec_status answer_titles(struct call *call, rec_error *err);
rec_status answer_map(struct call *call, rec_error *err);
/** Of so many papers every step-th is drawn on the map. */
size_t map_step(size_t papers);

/* ---- pages.c ---- */
rec_status answer_day_page(struct call *call, rec_error *err);
rec_status answer_paper_page(struct call *call, rec_error *err);
rec_status answer_search_page(struct call *call, rec_error *err);
rec_status answer_map_page(struct call *call, rec_error *err);
rec_status answer_mail_page(struct call *call, rec_error *err);

/* ---- writes.c ---- */
rec_status answer_add(struct call *call, rec_error *err);
rec_status answer_remove(struct call *call, rec_error *err);

/* ---- state.c ---- */
rec_status answer_health(struct call *call, rec_error *err);
rec_status answer_ready(struct call *call, rec_error *err);
rec_status answer_metrics(struct call *call, rec_error *err);
rec_status answer_openapi(struct call *call, rec_error *err);

#endif
