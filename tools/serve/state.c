/* What the service says of itself: for load balancers, Prometheus, and whoever writes a client. */
#include "routes.h"

#include "rec/one_state.h"
#include "templates.h"

#include <string.h>

/* The process answers. */
rec_status answer_health(struct call *call, rec_error *err)
{
    (void)err;
    call->reply->type = "text/plain; charset=utf-8";
    rec_buf_puts(&call->reply->body, "ok\n");
    return REC_OK;
}

struct checking {
    struct service *service;
    rec_engine *engine;
    rec_store_state state;
};

/*
 * Reading all of the files takes the better part of a second in a large store, and load balancers ask every second: what was found whole is
 * not read again before one of the files is written, replaced or removed. The lock is held meanwhile, so that several who ask wait for one
 * reading.
 */
static rec_status check_files(struct service *service, rec_engine *engine, rec_error *err)
{
    char files[REC_FINGERPRINT_CHARS];
    rec_status rc;

    pthread_mutex_lock(&service->checking);
    rc = rec_engine_files(engine, files, err);
    if (rc == REC_OK && strcmp(files, service->whole) != 0 && (rc = rec_engine_check(engine, err)) == REC_OK)
        strcpy(service->whole, files);
    pthread_mutex_unlock(&service->checking);
    return rc;
}

static rec_status check_once(void *context, rec_error *err)
{
    struct checking *checking = context;
    rec_status rc = rec_store_get_state(rec_engine_store(checking->engine), &checking->state, err);

    return rc == REC_OK ? check_files(checking->service, checking->engine, err) : rc;
}

/*
 * It can answer everything: model and index of the store's present state are there and whole. An engine of its own reads them from the
 * files: one that answered before holds what was there then.
 */
rec_status answer_ready(struct call *call, rec_error *err)
{
    struct checking checking = { .service = call->service };
    rec_status rc = rec_engine_open(call->service->path, &checking.engine, err);

    if (rc == REC_OK)
        rc = rec_engine_in_one_state(checking.engine, check_once, &checking, &checking.state, err);
    rec_engine_close(checking.engine);
    if (rc != REC_OK)
        return rc;
    call->reply->type = "text/plain; charset=utf-8";
    rec_buf_puts(&call->reply->body, "ready\n");
    return REC_OK;
}

/* A store that cannot be read is no reason to keep the counts of requests back: then its own are missing. */
rec_status answer_metrics(struct call *call, rec_error *err)
{
    bool known = engines_take(call->service->engines, &call->engine, &call->lot, err) == REC_OK &&
                 rec_store_get_state(rec_engine_store(call->engine), &call->state, err) == REC_OK;

    call->reply->type = "text/plain; version=0.0.4; charset=utf-8";
    metrics_print(call->service->metrics, known ? &call->state : NULL, &call->reply->body);
    return call->reply->body.failed ? rec_fail(err, REC_ENOMEM, "out of memory for the metrics") : REC_OK;
}

rec_status answer_openapi(struct call *call, rec_error *err)
{
    (void)err;
    call->reply->type = "application/json";
    rec_buf_puts(&call->reply->body, shipped_template("openapi.json"));
    return REC_OK;
}
