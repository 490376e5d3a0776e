/* Finds and loads modules: see module.h. */
#include "rec/module.h"

#include "beside.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define MAX_MODULES 8 /* more than there are */
#define MAX_NAME 16

/*
 * Kept until the process ends: a library that has started threads cannot be unloaded. Remembered by name, so that a
 * program whose files are replaced while it runs goes on with what it has.
 */
static struct module {
    char name[MAX_NAME];
    void *handle;
} loaded[MAX_MODULES];
static size_t loaded_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards both */

/* The file that is there decides: a broken one is reported, not passed over for another. */
static rec_status open_module(const char *name, void **handle, rec_error *err)
{
    char file[MAX_NAME + 4], path[PATH_MAX];
    rec_error why = REC_ERROR_INIT;

    snprintf(file, sizeof(file), "%s.so", name);
    if (rec_find_beside(REC_INSTALLED_MODULE, file, path, &why) != REC_OK)
        return rec_fail(err, why.code, "cannot load module '%s': %s", name, why.message);
    *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!*handle)
        return rec_fail(err, REC_ESTALE, "cannot load module '%s': %s", path, dlerror());
    return REC_OK;
}

static rec_status find_or_open(const char *name, void **handle, rec_error *err)
{
    rec_status rc;

    for (size_t i = 0; i < loaded_count; i++)
        if (strcmp(loaded[i].name, name) == 0) {
            *handle = loaded[i].handle;
            return REC_OK;
        }
    if (loaded_count == MAX_MODULES || strlen(name) >= MAX_NAME)
        return rec_fail(err, REC_EINVAL, "no room for module '%s'", name);
    if ((rc = open_module(name, handle, err)) != REC_OK)
        return rc;
    strcpy(loaded[loaded_count].name, name);
    loaded[loaded_count++].handle = *handle;
    return REC_OK;
}

rec_status rec_module_load(const char *name, const char *symbol, const void **table, rec_error *err)
{
    void *handle = NULL;
    const void *found;
    rec_status rc;

    pthread_mutex_lock(&lock);
    rc = find_or_open(name, &handle, err);
    pthread_mutex_unlock(&lock);
    if (rc != REC_OK)
        return rc;
    found = dlsym(handle, symbol);
    if (!found)
        return rec_fail(err, REC_ESTALE, "cannot use module '%s': it has no '%s'; install it again", name, symbol);
    *table = found;
    return REC_OK;
}
