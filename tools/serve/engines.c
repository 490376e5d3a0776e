/* Borrowing engines: see engines.h. */
#include "engines.h"

#include "alloc.h"

#include <pthread.h>

struct engines {
    char *path;
    pthread_mutex_t lock; /* guards the two below */
    rec_engine **idle;    /* (most), the first `idle_count` set */
    size_t idle_count, most;
};

void engines_drop_idle(struct engines *engines)
{
    pthread_mutex_lock(&engines->lock);
    while (engines->idle_count > 0)
        rec_engine_close(engines->idle[--engines->idle_count]);
    pthread_mutex_unlock(&engines->lock);
}

void engines_free(struct engines *engines)
{
    if (!engines)
        return;
    engines_drop_idle(engines);
    pthread_mutex_destroy(&engines->lock);
    rec_free(engines->idle);
    rec_free(engines->path);
    rec_free(engines);
}

rec_status engines_take(struct engines *engines, rec_engine **out, rec_error *err)
{
    *out = NULL;
    pthread_mutex_lock(&engines->lock);
    if (engines->idle_count > 0)
        *out = engines->idle[--engines->idle_count]; /* the last one in: its pages are the warmest */
    pthread_mutex_unlock(&engines->lock);
    return *out ? REC_OK : rec_engine_open(engines->path, out, err);
}

void engines_return(struct engines *engines, rec_engine *engine)
{
    bool kept;

    if (!engine)
        return;
    pthread_mutex_lock(&engines->lock);
    kept = engines->idle_count < engines->most;
    if (kept)
        engines->idle[engines->idle_count++] = engine;
    pthread_mutex_unlock(&engines->lock);
    if (!kept)
        rec_engine_close(engine);
}

rec_status engines_new(const char *path, size_t most, struct engines **out, rec_error *err)
{
    struct engines *engines = rec_alloc(sizeof(*engines));
    rec_engine *first;
    rec_status rc = REC_OK;

    if (!engines)
        return rec_fail(err, REC_ENOMEM, "out of memory for the service");
    pthread_mutex_init(&engines->lock, NULL);
    engines->most = most;
    engines->path = rec_strdup(path);
    engines->idle = rec_alloc_array(most, sizeof(*engines->idle));
    if (!engines->path || !engines->idle)
        rc = rec_fail(err, REC_ENOMEM, "out of memory for the service");
    if (rc == REC_OK && (rc = engines_take(engines, &first, err)) == REC_OK)
        engines_return(engines, first);
    if (rc == REC_OK)
        *out = engines;
    else
        engines_free(engines);
    return rc;
}
