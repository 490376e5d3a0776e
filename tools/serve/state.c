/* What the service says of itself: for load balancers, Prometheus, and whoever writes a client. */
#include "routes.h"

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

/* It can answer everything: model and index of the store's present state are there and whole. */
rec_status answer_ready(struct call *call, rec_error *err)
{
    rec_status rc = rec_engine_check(call->engine, err);

    if (rc != REC_OK)
        return rc;
    call->reply->type = "text/plain; charset=utf-8";
    rec_buf_puts(&call->reply->body, "ready\n");
    return REC_OK;
}

rec_status answer_metrics(struct call *call, rec_error *err)
{
    call->reply->type = "text/plain; version=0.0.4; charset=utf-8";
    metrics_print(call->service->metrics, &call->state, &call->reply->body);
    return call->reply->body.failed ? rec_fail(err, REC_ENOMEM, "out of memory for the metrics") : REC_OK;
}

rec_status answer_openapi(struct call *call, rec_error *err)
{
    (void)err;
    call->reply->type = "application/json";
    rec_buf_puts(&call->reply->body, shipped_template("openapi.json"));
    return REC_OK;
}
