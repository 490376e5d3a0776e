/* Papers that come and go over HTTP: for who knows the service's token. */
#define _GNU_SOURCE /* memfd_create */
#include "routes.h"

#include "json_make.h"

#include "rec/build.h"
#include "rec/import.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define TOLD 20 /* refused records that are told; the rest is counted */

/* Opens the store for writing, one write of this process at a time: the store's lock is between processes. */
static rec_status begin_writing(struct service *service, rec_store **out, rec_error *err)
{
    rec_status rc;

    if (pthread_mutex_trylock(&service->writing) != 0)
        return rec_fail(err, REC_EBUSY, "another write is at work; come again");
    if ((rc = rec_store_open(service->path, REC_STORE_WRITE, out, err)) != REC_OK)
        pthread_mutex_unlock(&service->writing);
    return rc;
}

static rec_status end_writing(struct service *service, rec_store *store, rec_status rc, rec_error *err)
{
    const rec_build_options options = { .threads = 1 }; /* the rest of the machine goes on answering */
    rec_build_report report;

    if (rc == REC_OK)
        rc = rec_build(store, &options, &report, err);
    rec_store_close(store);
    pthread_mutex_unlock(&service->writing);
    return rc;
}

/* ---- adding -------------------------------------------------------------------------------------------------------- */

struct refusals {
    size_t name; /* bytes of the file's name before each message: the body has none */
    json_t *told;
};

static void take_refusal(void *context, const char *message)
{
    struct refusals *refusals = context;

    if (strlen(message) > refusals->name && json_array_size(refusals->told) < TOLD)
        add_item(&refusals->told, json_string(message + refusals->name + 1));
}

/* The body as a file that exists in memory alone. */
static rec_status body_as_file(const struct http_request *request, int *out, rec_error *err)
{
    size_t written = 0;
    int fd = memfd_create("body", MFD_CLOEXEC);

    while (fd >= 0 && written < request->body_length) {
        ssize_t n = write(fd, request->body + written, request->body_length - written);

        if (n < 0 && errno != EINTR)
            break;
        written += n > 0 ? (size_t)n : 0;
    }
    if (fd >= 0 && written == request->body_length) {
        *out = fd;
        return REC_OK;
    }
    rec_fail_errno(err, REC_EIO, errno, "cannot keep the papers in memory");
    if (fd >= 0)
        close(fd);
    return REC_EIO;
}

static json_t *report_to_json(const rec_import_report *report, json_t *refused)
{
    json_t *object = json_object();

    set_key(&object, "records", json_integer((json_int_t)report->records));
    set_key(&object, "added", json_integer((json_int_t)report->added));
    set_key(&object, "updated", json_integer((json_int_t)report->updated));
    set_key(&object, "unchanged", json_integer((json_int_t)report->unchanged));
    set_key(&object, "older", json_integer((json_int_t)report->older));
    set_key(&object, "refused", json_integer((json_int_t)report->refused));
    set_key(&object, "errors", refused);
    return object;
}

/* POST /v1/papers: the body is a file as `import` reads it. */
rec_status answer_add(struct call *call, rec_error *err)
{
    rec_import_report report = { 0 };
    struct refusals refusals = { .told = json_array() };
    const rec_import_options options = { .refused = take_refusal, .context = &refusals };
    rec_store *store = NULL;
    char path[32];
    int fd = -1;
    rec_status rc = body_as_file(call->request, &fd, err);

    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    refusals.name = strlen(path);
    if (rc == REC_OK && (rc = begin_writing(call->service, &store, err)) == REC_OK) {
        rc = rec_import(store, path, &options, &report, err);
        rc = end_writing(call->service, store, rc, err);
    }
    if (fd >= 0)
        close(fd);
    if (rc == REC_OK)
        return call_json(call, report_to_json(&report, refusals.told), err);
    json_decref(refusals.told);
    return rc;
}

/* ---- removing ------------------------------------------------------------------------------------------------------ */

static rec_status remove_paper(rec_store *store, rec_doc doc, rec_error *err)
{
    rec_status rc = rec_store_begin(store, err);

    if (rc == REC_OK)
        rc = rec_store_remove(store, &doc, 1, err);
    if (rc == REC_OK)
        return rec_store_commit(store, true, err);
    rec_store_rollback(store);
    return rc;
}

/* DELETE /v1/papers/{id} */
rec_status answer_remove(struct call *call, rec_error *err)
{
    rec_store *store = NULL;
    rec_doc doc;
    rec_status rc = call_find_paper(call, &doc, err);

    if (rc == REC_OK && (rc = begin_writing(call->service, &store, err)) == REC_OK) {
        rc = remove_paper(store, doc, err);
        rc = end_writing(call->service, store, rc, err);
    }
    if (rc == REC_OK)
        call->reply->status = 204;
    return rc;
}
