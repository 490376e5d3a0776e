/*
 * Requests that wait for a worker: a ring of bounded length. What does not fit is refused at once, for a client that waits without end is
 * worse off than one that is told to come again.
 */
#ifndef REC_HTTP_QUEUE_H
#define REC_HTTP_QUEUE_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>

struct http_queue;

/** Start `workers` threads that call `work(item)` for each item in turn. Returns REC_ENOMEM or REC_EIO. */
REC_CHECKED rec_status http_queue_start(size_t length, unsigned workers, void (*work)(void *item), struct http_queue **out, rec_error *err);

/** Hand an item over. False where `length` items wait already. */
bool http_queue_put(struct http_queue *queue, void *item);

/** Let the workers finish what waits, and end them. NULL is allowed. */
void http_queue_stop(struct http_queue *queue);

#endif
