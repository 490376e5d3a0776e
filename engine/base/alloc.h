/*
 * Allocation: sizes are checked for overflow, memory comes zeroed, and a test can make the
 * n-th request fail. No other file of the project calls malloc.
 */
#ifndef REC_ALLOC_H
#define REC_ALLOC_H

#include <stddef.h>

/** `count` zeroed elements of `size` bytes, or NULL when memory is out or the product overflows. `count` 0 gives a valid pointer. */
void *rec_alloc_array(size_t count, size_t size) __attribute__((warn_unused_result));

/** One zeroed block of `size` bytes, or NULL. */
void *rec_alloc(size_t size) __attribute__((warn_unused_result));

/** Resize `old` (may be NULL) to `count` elements; new bytes are not zeroed. On failure NULL comes back and `old` stays valid. */
void *rec_resize_array(void *old, size_t count, size_t size) __attribute__((warn_unused_result));

/** Like rec_alloc_array, at a 64-byte boundary, for arrays that vector loops walk. Freed with rec_free. */
void *rec_alloc_aligned(size_t count, size_t size) __attribute__((warn_unused_result));

/** A copy of `text`, or NULL when memory is out. */
char *rec_strdup(const char *text) __attribute__((warn_unused_result));

/** A terminated copy of `length` bytes, or NULL when memory is out. */
char *rec_strndup(const char *text, size_t length) __attribute__((warn_unused_result));

/** Free what came from here. NULL is allowed. */
void rec_free(void *block);

/**
 * For tests: let `allowed` more requests succeed and every later one fail; a negative number
 * switches the fault off. Not thread-safe against running allocations.
 */
void rec_alloc_fail_after(long allowed);

/** For tests: let `allowed` more requests succeed, the next one fail, and all others succeed. */
void rec_alloc_fail_once(long allowed);

#endif
