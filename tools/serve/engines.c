/* Borrowing engines: see engines.h. */
#include "engines.h"

#include "alloc.h"

#include <pthread.h>
#include <sys/stat.h>

/* A file as the system knows it, whatever its name. */
struct file {
    dev_t device;
    ino_t inode;
    bool there;
};

struct engines {
    char *path;
    pthread_mutex_t lock; /* guards all below */
    struct file opened;   /* what the idle ones have open */
    unsigned lot;         /* how many files were the store so far */
    rec_engine **idle;    /* (most), the first `idle_count` set */
    size_t idle_count, most;
};

static void close_idle(struct engines *engines)
{
    while (engines->idle_count > 0)
        rec_engine_close(engines->idle[--engines->idle_count]);
}

void engines_free(struct engines *engines)
{
    if (!engines)
        return;
    close_idle(engines);
    pthread_mutex_destroy(&engines->lock);
    rec_free(engines->idle);
    rec_free(engines->path);
    rec_free(engines);
}

static struct file file_at(const char *path)
{
    struct stat status;

    if (stat(path, &status) != 0)
        return (struct file){ .there = false };
    return (struct file){ status.st_dev, status.st_ino, true };
}

static bool same_file(const struct file *a, const struct file *b)
{
    return a->there == b->there && a->device == b->device && a->inode == b->inode;
}

static rec_status open_engine(const char *path, rec_engine **out, rec_error *err)
{
    rec_status rc = rec_engine_open(path, out, err);

    if (rc == REC_OK)
        rec_store_map_file(rec_engine_store(*out));
    return rc;
}

/* An engine would go on reading a file that was removed or replaced: those that are idle are closed, and others when they come back. */
rec_status engines_take(struct engines *engines, rec_engine **out, unsigned *lot, rec_error *err)
{
    struct file now = file_at(engines->path);

    *out = NULL;
    pthread_mutex_lock(&engines->lock);
    if (!same_file(&now, &engines->opened)) {
        close_idle(engines);
        engines->opened = now;
        engines->lot++;
    }
    *lot = engines->lot;
    if (engines->idle_count > 0)
        *out = engines->idle[--engines->idle_count]; /* the last one in: its pages are the warmest */
    pthread_mutex_unlock(&engines->lock);
    return *out ? REC_OK : open_engine(engines->path, out, err);
}

void engines_return(struct engines *engines, rec_engine *engine, unsigned lot)
{
    bool kept;

    if (!engine)
        return;
    pthread_mutex_lock(&engines->lock);
    kept = engines->idle_count < engines->most && lot == engines->lot;
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
    unsigned lot;
    rec_status rc = REC_OK;

    if (!engines)
        return rec_fail(err, REC_ENOMEM, "out of memory for the service");
    pthread_mutex_init(&engines->lock, NULL);
    engines->most = most;
    engines->path = rec_strdup(path);
    engines->idle = rec_alloc_array(most, sizeof(*engines->idle));
    if (!engines->path || !engines->idle)
        rc = rec_fail(err, REC_ENOMEM, "out of memory for the service");
    if (rc == REC_OK && (rc = engines_take(engines, &first, &lot, err)) == REC_OK)
        engines_return(engines, first, lot);
    if (rc == REC_OK)
        *out = engines;
    else
        engines_free(engines);
    return rc;
}
