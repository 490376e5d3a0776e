/* The one place that asks the C library for memory: see alloc.h. */
#include "alloc.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A test's fault counter, negative when idle, and whether it is idle again after one failure. */
static atomic_long allowed_requests = -1;
static atomic_bool fails_once;

void rec_alloc_fail_after(long allowed)
{
    atomic_store(&fails_once, false);
    atomic_store(&allowed_requests, allowed);
}

void rec_alloc_fail_once(long allowed)
{
    atomic_store(&fails_once, true);
    atomic_store(&allowed_requests, allowed);
}

static int refused(void)
{
    long left = atomic_load_explicit(&allowed_requests, memory_order_relaxed);

    if (left < 0)
        return 0;
    if (left == 0) {
        if (atomic_load(&fails_once))
            atomic_store(&allowed_requests, -1);
        return 1;
    }
    atomic_store(&allowed_requests, left - 1);
    return 0;
}

void *rec_alloc_array(size_t count, size_t size)
{
    size_t bytes;

    if (refused() || __builtin_mul_overflow(count, size, &bytes))
        return NULL;
    return calloc(1, bytes ? bytes : 1);
}

void *rec_alloc(size_t size)
{
    return rec_alloc_array(1, size);
}

void *rec_resize_array(void *old, size_t count, size_t size)
{
    size_t bytes;

    if (refused() || __builtin_mul_overflow(count, size, &bytes))
        return NULL;
    return realloc(old, bytes ? bytes : 1);
}

void *rec_alloc_aligned(size_t count, size_t size)
{
    size_t bytes;
    void *block;

    if (refused() || __builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - 64)
        return NULL;
    bytes = (bytes + 63) / 64 * 64;
    block = aligned_alloc(64, bytes ? bytes : 64);
    if (block)
        memset(block, 0, bytes);
    return block;
}

char *rec_strndup(const char *text, size_t length)
{
    char *copy = rec_alloc_array(length + 1, 1);

    if (copy)
        memcpy(copy, text, length);
    return copy;
}

char *rec_strdup(const char *text)
{
    return rec_strndup(text, strlen(text));
}

void rec_free(void *block)
{
    free(block);
}
