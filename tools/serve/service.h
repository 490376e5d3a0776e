/*
 * The service: which request goes where, and what every reply has. One for a process; the parts that answer are in api.c and beside it.
 */
#ifndef REC_SERVE_SERVICE_H
#define REC_SERVE_SERVICE_H

#include "engines.h"
#include "http.h"
#include "metrics.h"
#include "problem.h"

#include "rec/recommend.h"

#include <jansson.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

#define SERVICE_MAX_LIMIT 1000      /* results of one answer over HTTP: more are paged */
#define SERVICE_MAX_BATCH 1000      /* lines of one batch */
#define SERVICE_MAP_PAPERS 60000    /* that are drawn on the map: of a larger store, every so manyth */
#define SERVICE_MAX_BODY (8u << 20) /* bytes */

struct service {
    const char *path;           /* of the store */
    const char *allowed_origin; /* for CORS; NULL: off */
    const char *token;          /* for writes; NULL: there are none */
    FILE *access_log;           /* NULL: none */
    struct engines *engines;
    struct metrics *metrics;
    pthread_mutex_t checking;          /* guards `whole` */
    char whole[REC_FINGERPRINT_CHARS]; /* files that were found whole (rec_engine_files), "" before any were */
    pthread_mutex_t writing;           /* one write at a time: a store's lock belongs to the process */
};

/* One request on its way. */
struct call {
    struct service *service;
    const struct http_request *request;
    struct http_reply *reply;
    rec_engine *engine;
    unsigned lot;          /* of the engine */
    rec_store_state state; /* of the store, when the call began */
    char *id;              /* what stands for {id} in the route, else NULL */
    bool at_once;          /* only what is stored may be looked at: what wants more is left to a worker */
    bool left;             /* it was: there is no reply */
};

/** Make the metrics of the routes. The rest of `service` is the caller's to fill. */
REC_CHECKED rec_status service_start(struct service *service, rec_error *err);

void service_stop(struct service *service);

/* What the server calls (http.h); the context is the service. */
bool service_answer_at_once(void *context, const struct http_request *request, struct http_reply *reply);
void service_answer(void *context, const struct http_request *request, struct http_reply *reply);
void service_refuse(void *context, unsigned status, struct http_reply *reply);
void service_told(void *context, const struct http_request *request, unsigned status, size_t bytes, double seconds);

/** The paper that {id} in the route names. Returns REC_ENOTFOUND, naming it, REC_EINVAL (no id) or what the store reports. */
REC_CHECKED rec_status call_find_paper(struct call *call, rec_doc *out, rec_error *err);

/** A parameter of the query, NULL where it is missing; the first where there are several. */
const char *call_parameter(const struct call *call, const char *name);

/**
 * Set the reply's ETag from the store's generation, its fingerprint and the request, and say whether the client has just that: then the
 * reply is 304 and finished. Weak (RFC 9110, 8.8.1): the body may be compressed or not.
 */
bool call_not_modified(struct call *call);

/** Finish the reply with a JSON object, which is given up; NULL stands for memory that was out. */
REC_CHECKED rec_status call_json(struct call *call, json_t *object, rec_error *err);

#endif
