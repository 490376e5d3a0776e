/* The public library's handles: opening, changing, numbers. See recommend.h. */
#include "library.h"

#include "alloc.h"
#include "rec/build.h"

#include <assert.h>

/* The public numbers are ours: a status goes out as it is. */
static_assert((int)RECOMMEND_OK == (int)REC_OK && (int)RECOMMEND_INVALID == (int)REC_EINVAL &&
                  (int)RECOMMEND_NOT_FOUND == (int)REC_ENOTFOUND && (int)RECOMMEND_NO_MEMORY == (int)REC_ENOMEM &&
                  (int)RECOMMEND_IO == (int)REC_EIO && (int)RECOMMEND_BAD_RECORD == (int)REC_EFORMAT &&
                  (int)RECOMMEND_DAMAGED == (int)REC_EDAMAGED && (int)RECOMMEND_STALE == (int)REC_ESTALE &&
                  (int)RECOMMEND_BUSY == (int)REC_EBUSY && (int)RECOMMEND_NEWER == (int)REC_EVERSION,
              "a public status is the internal one");

const char *recommend_version(void)
{
    return REC_VERSION;
}

/* ---- opening -------------------------------------------------------------------------------------------------------- */

static rec_status open_engine(recommend *handle)
{
    rec_status rc = rec_engine_open(handle->path, &handle->engine, &handle->error);

    if (rc == REC_OK)
        rec_engine_set_threads(handle->engine, handle->threads);
    return rc;
}

recommend_status recommend_open(const char *path, recommend_mode mode, recommend **out)
{
    recommend *handle = rec_alloc(sizeof(*handle));
    rec_status rc;

    *out = handle;
    if (!handle)
        return RECOMMEND_NO_MEMORY;
    if (!path || (mode != RECOMMEND_READ && mode != RECOMMEND_WRITE))
        rc = rec_fail(&handle->error, REC_EINVAL, path ? "there is no mode %d to open a store in" : "no path of a store", (int)mode);
    else if (!(handle->path = rec_strdup(path)))
        rc = rec_fail(&handle->error, REC_ENOMEM, "out of memory opening '%s'", path);
    else if (mode == RECOMMEND_WRITE)
        rc = rec_store_open(path, REC_STORE_CREATE, &handle->writer, &handle->error);
    else
        rc = open_engine(handle);
    return (recommend_status)rc;
}

void recommend_close(recommend *handle)
{
    if (!handle)
        return;
    /* The reader first: the writer can leave a plain journal behind only where nobody reads. */
    rec_engine_close(handle->engine);
    rec_store_close(handle->writer);
    rec_free(handle->path);
    rec_free(handle);
}

const char *recommend_message(const recommend *handle)
{
    return handle ? handle->error.message : "out of memory";
}

void recommend_set_threads(recommend *handle, unsigned threads)
{
    if (!handle)
        return;
    handle->threads = threads;
    if (handle->engine)
        rec_engine_set_threads(handle->engine, threads);
}

/* Whether it was opened: what opening it came to where that failed. */
static rec_status check_open(const recommend *handle)
{
    if (!handle)
        return REC_EINVAL;
    return handle->engine || handle->writer ? REC_OK : handle->error.code;
}

rec_status rec_library_engine(recommend *handle, rec_engine **out)
{
    rec_status rc = check_open(handle);

    if (rc == REC_OK && !handle->engine)
        rc = open_engine(handle);
    if (rc == REC_OK)
        *out = handle->engine;
    return rc;
}

/* ---- numbers -------------------------------------------------------------------------------------------------------- */

static rec_status read_state(recommend *handle, recommend_number which, int64_t *out)
{
    rec_store *store = handle->writer ? handle->writer : rec_engine_store(handle->engine);
    rec_store_state state;
    rec_status rc = rec_store_get_state(store, &state, &handle->error);

    if (rc == REC_OK)
        *out = which == RECOMMEND_PAPERS ? state.papers : state.generation;
    return rc;
}

recommend_status recommend_get_number(recommend *handle, recommend_number which, int64_t *out)
{
    rec_status rc = check_open(handle);

    if (rc != REC_OK)
        return (recommend_status)rc;
    switch (which) {
    case RECOMMEND_PAPERS:
    case RECOMMEND_GENERATION:
        return (recommend_status)read_state(handle, which, out);
    case RECOMMEND_INDEXED:
        return (recommend_status)rec_store_count_indexed(handle->writer ? handle->writer : rec_engine_store(handle->engine), out,
                                                         &handle->error);
    case RECOMMEND_RECORDS:
        *out = (int64_t)handle->imported.records;
        return RECOMMEND_OK;
    case RECOMMEND_ADDED:
        *out = (int64_t)handle->imported.added;
        return RECOMMEND_OK;
    case RECOMMEND_UPDATED:
        *out = (int64_t)handle->imported.updated;
        return RECOMMEND_OK;
    case RECOMMEND_UNCHANGED:
        *out = (int64_t)(handle->imported.unchanged + handle->imported.older);
        return RECOMMEND_OK;
    case RECOMMEND_REFUSED:
        *out = (int64_t)handle->imported.refused;
        return RECOMMEND_OK;
    }
    return (recommend_status)rec_fail(&handle->error, REC_EINVAL, "there is no number %d", (int)which);
}

/* ---- changing ------------------------------------------------------------------------------------------------------- */

static rec_status check_writer(recommend *handle)
{
    rec_status rc = check_open(handle);

    if (rc == REC_OK && !handle->writer)
        rc = rec_fail(&handle->error, REC_EINVAL, "store '%s' is not open for writing", handle->path);
    return rc;
}

recommend_status recommend_import(recommend *handle, const char *path, recommend_refused refused, void *context)
{
    const rec_import_options options = { .refused = refused, .context = context };
    rec_status rc = check_writer(handle);

    if (rc != REC_OK)
        return (recommend_status)rc;
    if (!path)
        return (recommend_status)rec_fail(&handle->error, REC_EINVAL, "no file of papers");
    handle->imported = (rec_import_report){ .records = 0 };
    return (recommend_status)rec_import(handle->writer, path, &options, &handle->imported, &handle->error);
}

recommend_status recommend_build(recommend *handle, unsigned flags)
{
    rec_build_report report;
    rec_status rc = check_writer(handle);

    if (rc != REC_OK)
        return (recommend_status)rc;
    if (flags & ~RECOMMEND_REFIT)
        return (recommend_status)rec_fail(&handle->error, REC_EINVAL, "a build has no flags %#x", flags & ~RECOMMEND_REFIT);
    const rec_build_options options = { .refit = (flags & RECOMMEND_REFIT) != 0, .threads = handle->threads };
    return (recommend_status)rec_build(handle->writer, &options, &report, &handle->error);
}
